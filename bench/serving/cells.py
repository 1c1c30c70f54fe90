"""What is measured, against what, and what is to be reached."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    model: str
    load: str  # of loads.Loads
    callers: int
    peer: str  # of PEERS
    aim: float = 0  # least ratio of requests per second, ours to the peer's; 0: only shown
    most_cpu: float = 0  # greatest ratio of the CPU that a request costs; 0: only shown
    longer: int = 1  # times the seconds that others take: for models that answer a few dozen requests a second


PEERS = {
    "grpc": "gRPC C++ callback echo",
    "grpc_raw": "gRPC C++ echo of raw bytes",
    "beast": "Boost.Beast echo",
    "in_process": "OpenVINO in process",
    "triton": "Triton, Python backend",
    "mlserver": "MLServer",
}
LOADS = {
    "perf_analyzer_grpc": "perf_analyzer, gRPC",
    "grpc_cpp": "gRPC C++ client",
    "h2load_grpc": "h2load, gRPC",
    "h2load_rest": "h2load, REST binary",
    "h2load_json": "h2load, REST JSON",
}
REST = ("h2load_rest", "h2load_json")
QUICK = ("tiny", "gbdt")
SLOW = ("resnet50", "minilm")

CELLS = (
    *(
        Cell(m, "perf_analyzer_grpc", c, "grpc", aim, cpu)
        for m in QUICK
        for c, aim, cpu in ((1, 1.1, 0), (8, 1.4, 0.5 if m == "tiny" else 0), (64, 1.0, 0))
    ),
    *(Cell(m, "grpc_cpp", c, "grpc") for m in QUICK for c in (1, 8, 64)),
    *(Cell(m, "h2load_grpc", 8, "grpc", 1.5) for m in QUICK),
    *(Cell(m, "h2load_rest", c, "beast", 0.85) for m in QUICK for c in (8, 64)),
    Cell("large", "perf_analyzer_grpc", 8, "grpc_raw", 0.95),
    *(Cell(m, load, 8, "in_process", 0.97, longer=4) for m in SLOW for load in ("h2load_grpc", "h2load_rest")),
    *(Cell(m, load, 8, "triton", 5) for m in QUICK for load in ("h2load_grpc", "h2load_rest")),
    *(Cell(m, load, 8, "mlserver", 20) for m in QUICK for load in ("h2load_grpc", "h2load_json")),
)
