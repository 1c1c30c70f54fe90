"""A port for a server whose port must be known before it listens, which nobody else takes meanwhile."""

import os
import random
import socket

WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))

# Below those that the kernel gives to connections and to port 0 (from 32768 on), and of pytest's processes each has its own.
_ports = iter(random.Random().sample(range(10000 + WORKER, 32000, WORKERS), 22000 // WORKERS))


def free_port():
    """Each is given once."""
    for port in _ports:
        with socket.socket() as probe:
            try:
                probe.bind(("", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port from 10000 to 31999 is free, or all have been given")
