"""Ports for what tests start."""

import random
import socket
from contextlib import suppress


def free_port() -> int:
    """One that nobody is given who asks for any: until our server listens, another test could be."""
    for port in random.sample(range(20_000, 32_000), 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("no port is free")
