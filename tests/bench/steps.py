"""What each step of chapter 11 brings, from plain operations to bytes.

bench_steps runs them in turns in one process; a process of its own shows the kernel that
OpenBLAS 0.3.21 would take on a processor it doesn't know. Writes
book/results/speed_steps.json.

    ./dev bench steps, or this script with [--rounds N] [--glue GLUE]
"""

import argparse
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import record
from sides import ROOT, clean_environment, openblas_environment, processor_flags
from study import study_parser

PROGRAM = ROOT / "build/release/tests/bench/bench_steps"
MODEL = ROOT / "downloads" / "minilm-l6-v2"


def run(options: argparse.Namespace, rounds: int, openblas: dict[str, str],
        *steps: str) -> dict[str, Any]:
    answer = subprocess.run([options.program, MODEL, options.glue, str(rounds), *steps],
                            env=clean_environment(openblas), text=True, capture_output=True,
                            check=True)
    return json.loads(answer.stdout)


def main() -> None:
    parser = study_parser(__doc__, rounds=9)
    parser.add_argument("--program", type=Path, default=PROGRAM)
    options = parser.parse_args()
    values = {"old_kernel": run(options, 1, {"OPENBLAS_CORETYPE": "Prescott"}, "fused")["fused"],
              **run(options, options.rounds, openblas_environment(processor_flags()))}
    before = None
    for step in ("padded", "plain", "fused", "parts", "packed", "blocked", "read", "int8"):
        if before:
            values[step]["over_the_step_before"] = (
                values[before]["dev_set_s"] / values[step]["dev_set_s"])
        before = step
    for step in values.values():
        step["over_padded"] = values["padded"]["dev_set_s"] / step["dev_set_s"]
    print(record.write("speed_steps", {
        "what": "MiniLM with a classifier on SST-2's dev set in batches of 32, and one text alone",
        "command": "./dev bench steps",
        "seed": None,
        "threads": os.cpu_count(),
        "rounds": options.rounds,
        "values": values,
    }))


if __name__ == "__main__":
    main()
