"""SMTP as a client speaks it: blocking sockets, one connection per `session.Session`, nothing of who is written to."""
