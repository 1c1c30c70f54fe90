"""gRPC in other languages: each client is a program that checks the real server and says how each check went."""

import os
import subprocess

import pytest

from . import programs

CHECKS = ["infer", "error", "deadline", "cancellation", "metadata", "streaming", "large_tensor", "hundred_calls",
          "compression", "predict", "keep_alive"]
CLIENTS = {"grpc-go": programs.grpc_go, "grpc-java": programs.grpc_java, "grpc-js": programs.grpc_js,
           "grpc-cpp": programs.grpc_cpp}


@pytest.fixture(scope="module", params=CLIENTS)
def outcome(request, server):
    """What a client says of each check: "ok", or what is wrong."""
    command = CLIENTS[request.param]()
    done = subprocess.run([*map(str, command), "--address", server.address], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=300,
                          env={**os.environ, "LAMINA_ROOT": str(programs.ROOT)})
    said = dict(line.split(" ", 1)[::-1] for line in done.stdout.splitlines() if line.startswith("ok "))
    said.update(line.removeprefix("FAILED ").split(": ", 1) for line in done.stdout.splitlines()
                if line.startswith("FAILED "))
    assert done.returncode == (0 if set(said.values()) == {"ok"} else 1), done.stdout
    return said


@pytest.mark.parametrize("check", CHECKS)
def test_client(outcome, check):
    assert outcome.get(check, "the client did not do this check") == "ok"
