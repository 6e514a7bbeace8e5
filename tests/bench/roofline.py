"""The roof over this machine and what stands under it (bench_roofline.cpp), and what asking
for panels early is worth: the bench of the program takes turns with one that is built without
that line. Writes book/results/roofline.json.

    ./dev bench roofline, or this script with [--rounds N] [--glue GLUE]
"""

import json
import os
import statistics
import subprocess
from pathlib import Path
from typing import Any

import figures
import record
from other_build import OtherBuild
from rows import alternate, available_threads
from sides import ROOT, Side, clean_environment, openblas_environment, processor_flags
from study import study_parser

BUILD = ROOT / "build" / "release"
MODEL = ROOT / "build" / "bench" / "models" / "minilm"
LINE = ("src/ch11_speed/tile_product.cpp", "fetch_ahead(panel);")
REQUESTS = {"alone": "latency sst2 200", "batches": "forward sst2 32 872 file"}


def environment() -> dict[str, str]:
    return clean_environment(openblas_environment(processor_flags()))


def roofline(rounds: int) -> dict[str, Any]:
    answer = subprocess.run([BUILD / "tests/bench/bench_roofline", str(rounds)],
                            env=environment(), text=True, capture_output=True, check=True)
    return json.loads(answer.stdout)


def side(build: Path, glue: Path) -> Side:
    return Side([str(build / "tests/bench/bench_distilbert"), str(MODEL), str(glue),
                 str(available_threads()), "fp32", ""], environment())


def asking_early(rounds: int, glue: Path) -> dict[str, Any]:
    """How many times faster the program is with the line than without it."""
    with OtherBuild("without", "HEAD") as other:
        other.drop(*LINE)
        running = {"ours": side(BUILD, glue), "without": side(other.build("bench_distilbert"),
                                                              glue)}
        values = {}
        for name, request in REQUESTS.items():
            times = alternate({who: lambda one=one, asked=request:
                               statistics.median(one.numbers(asked))
                               for who, one in running.items()}, rounds)
            values[name] = {"with_s": statistics.median(times["ours"]),
                            "without_s": statistics.median(times["without"]),
                            **figures.ratios(times["ours"], times["without"])}
        for one in running.values():
            one.close()
    return values


def main() -> None:
    options = study_parser(__doc__, rounds=7).parse_args()
    values = {**roofline(options.rounds),
              "asking_early": asking_early(options.rounds, options.glue)}
    print(record.write("roofline", {
        "what": "What all threads compute in registers and read from memory, the products of "
                "MiniLM's encoder by the number of tokens, and what asking for panels early is "
                "worth",
        "command": "./dev bench roofline",
        "seed": None,
        "threads": os.cpu_count(),
        "rounds": options.rounds,
        "values": values,
    }))


if __name__ == "__main__":
    main()
