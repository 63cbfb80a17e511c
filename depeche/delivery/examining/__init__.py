"""The domain doctor: what mailbox providers look up about a sender domain, looked up by ourselves. No database, no settings."""
