"""Speaking to one mail server."""
