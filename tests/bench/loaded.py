"""What a busy machine does to the sides: each alone on all cores, and then with another
process that never sleeps. Two threads and such a process on two cores leave each thread
three quarters of a core on average; threads that wait for each other get less. Writes
book/results/loaded.json.

    ./dev bench loaded, or this script with [--rounds N] [--glue GLUE]
"""

import os
import statistics
import subprocess
import sys
from typing import Any

import record
from rows import FORWARD_PEERS, available_threads
from sides import ROOT, Sides
from study import study_parser

MODEL = "minilm"
REQUESTS = {"alone": "latency sst2 100", "batches": "forward sst2 32 320 sorted"}
BUSY = [sys.executable, "-c", "while True: pass"]


def seconds(sides: Sides, name: str, request: str, rounds: int) -> float:
    """The median round's, of one answer or of the mean of many."""
    side = sides.get(name, MODEL)
    return statistics.median(statistics.mean(side.numbers(request))
                             for _ in range(rounds + 1))


def measure(sides: Sides, name: str, rounds: int) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, request in REQUESTS.items():
        idle = seconds(sides, name, request, rounds)
        busy = subprocess.Popen(BUSY)
        try:
            loaded = seconds(sides, name, request, rounds)
        finally:
            busy.kill()
            busy.wait()
        values[key] = {"idle_s": idle, "loaded_s": loaded, "slowdown": loaded / idle}
        print(f"{name:12} {key:8} {1e3 * idle:9.2f} ms {1e3 * loaded:9.2f} ms"
              f"{loaded / idle:6.2f}", flush=True)
    return values


def main() -> None:
    options = study_parser(__doc__, rounds=7).parse_args()
    sides = Sides(ROOT / "build" / "release", options.glue.resolve(), available_threads())
    values = {name: measure(sides, name, options.rounds) for name in ("ours", *FORWARD_PEERS)}
    sides.close()
    print(record.write("loaded", {
        "what": "MiniLM with a classifier, one sentence of SST-2 at a time and batches of 32, on "
                "an idle machine and beside a process that never sleeps",
        "command": "./dev bench loaded",
        "seed": None,
        "threads": os.cpu_count(),
        "rounds": options.rounds,
        "versions": record.versions(),
        "values": values,
    }))


if __name__ == "__main__":
    main()
