"""Messages to addresses, each once. Knows no reader and no edition."""
