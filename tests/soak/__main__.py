"""Long runs of the real server on loopback: its memory over a million requests, ten thousand connections, kill -9.

Takes some minutes and h2load (scripts/setup.sh --clients). The exit code is 0 if everything held.
"""

import argparse
import pathlib
import resource
import sys
import tempfile

from bench import machine

from . import connections, memory, restarts

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--run", nargs="+", choices=["memory", "connections", "restarts"],
                        default=["memory", "connections", "restarts"])
    parser.add_argument("--requests", type=int, default=1_000_000, help="of memory")
    parser.add_argument("--connections", type=int, default=10_000, help="open at once")
    parser.add_argument("--kills", type=int, default=10, help="of restarts")
    parser.add_argument("--write", action="store_true", help="write the tables to docs/benchmarks, too")
    arguments = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if "connections" in arguments.run and most < arguments.connections + 1000:
        parser.error(f"{arguments.connections} connections need as many open files, and ulimit -Hn is {most}")

    cpu = machine.cpu()
    lines = [f"# Long runs: {cpu.name}, {cpu.detail}, {cpu.cores} cores shared by clients and server", "",
             f"`{' '.join(['python -m tests.soak', *sys.argv[1:]])}`"]
    held = True
    runs = {"memory": lambda folder: memory.run(folder, arguments.requests),
            "connections": lambda folder: connections.run(folder, arguments.connections),
            "restarts": lambda folder: restarts.run(folder, arguments.kills)}
    for name in arguments.run:
        with tempfile.TemporaryDirectory(prefix="lamina-soak-") as folder:
            told, fine = runs[name](pathlib.Path(folder))
        print("\n".join(told), flush=True)
        lines += ["", *told]
        held = held and fine
    if arguments.write:
        path = ROOT / f"docs/benchmarks/soak-{cpu.slug}.md"
        path.write_text("\n".join(lines) + "\n")
        print(f"written to {path.relative_to(ROOT)}", file=sys.stderr)
    return 0 if held else 1


sys.exit(main())
