"""Free loopback ports."""

from __future__ import annotations

import random
import socket

#: below the range from which Linux takes the ports of outgoing connections, so that none of those comes in between
PORTS = range(20_000, 32_000)


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    for port in random.sample(PORTS, k=100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("No free port was found.")
