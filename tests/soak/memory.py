"""Resident memory over a million requests of all kinds: flat after the first tenth."""

import time

from . import served, traffic

ROUNDS = 40
WARM_UP = ROUNDS // 10
FLAT = 0.05


def run(folder, total):
    each = total // ROUNDS
    server = served.start(folder).wait_until_serving()
    curve = [(0, served.resident_kb(server))]
    began = time.monotonic()
    try:
        for i in range(1, ROUNDS + 1):
            traffic.check_counts(traffic.send(server.address, folder, each), each)
            traffic.check_answers(server.address)
            curve.append((i * each, served.resident_kb(server)))
            print(f"{curve[-1][0]} requests: {curve[-1][1] / 1024:.1f} MB", flush=True)
    finally:
        server.stop()
    took = time.monotonic() - began
    after = [kb for _, kb in curve[WARM_UP:]]
    spread = (max(after) - min(after)) / min(after)
    return table(curve, took, spread), spread <= FLAT


def table(curve, took, spread):
    most = max(kb for _, kb in curve)
    lines = ["## Resident memory over mixed requests", "",
             f"{curve[-1][0]:,} requests in {took:.0f} s, nine kinds at once ({', '.join(traffic.KINDS)}), each with "
             "the status that it should have; after each step one answer of each protocol is compared.", "",
             f"From {curve[WARM_UP][0]:,} requests on it stays within **{spread:.1%}** (to hold: {FLAT:.0%}).", "",
             "| requests | MB | |", "|---|---|---|"]
    for count, kb in curve[:: 2]:
        lines.append(f"| {count:,} | {kb / 1024:.1f} | {'#' * round(40 * kb / most)} |")
    return lines
