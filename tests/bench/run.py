"""./dev bench: the program beside its peers, on real sentences, in one run.

Ours and a peer take turns, round after round, on the same requests (see
bench_distilbert.cpp); the table has medians and the ratio of each pair of rounds. Writes
book/results/bench.json.

    ./dev bench [--quick] [--rounds N] [--threads N] [--data GLUE]
    ./dev bench parity     whole fine-tunings beside PyTorch's (see tests/golden)
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
MODEL = ROOT / "downloads" / "minilm-l6-v2"
RESULT = ROOT / "book" / "results" / "bench.json"


@dataclass(frozen=True)
class Workload:
    """One row of the table."""

    name: str
    title: str
    task: str
    request: str
    items: int


WORKLOADS = [
    Workload("sst2_forward_1", "SST-2, forward, batch 1", "sst2", "forward 1 200", 200),
    Workload("sst2_forward_32", "SST-2, forward, batch 32", "sst2", "forward 32 872", 872),
    Workload("sst2_train_32", "SST-2, training, batch 32", "sst2", "train 32 10", 320),
    Workload("mrpc_forward_1", "MRPC, forward, batch 1", "mrpc", "forward 1 100", 100),
    Workload("mrpc_forward_32", "MRPC, forward, batch 32", "mrpc", "forward 32 408", 408),
    Workload("mrpc_train_32", "MRPC, training, batch 32", "mrpc", "train 32 6", 192),
]


class Side:
    """A running bench process."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, env=environment, stderr=subprocess.DEVNULL)
        if self.answer() != "ready":
            raise SystemExit(f"bench: {command[0]} did not start")

    def answer(self) -> str:
        return self.process.stdout.readline().strip()

    def seconds(self, request: str) -> float:
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        return float(self.answer())

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def environment_of_ours() -> dict[str, str]:
    """Everybody runs at their best: ours with the kernel it would choose for this
    processor, whatever the shell says."""
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("OPENBLAS_")}
    flags = Path("/proc/cpuinfo").read_text().split("flags", 1)[-1].split("\n", 1)[0].split()
    if {"avx512bw", "avx512dq", "avx512vl", "avx512_bf16"} <= set(flags):
        environment["OPENBLAS_CORETYPE"] = "Cooperlake"
    elif {"avx512bw", "avx512dq", "avx512vl"} <= set(flags):
        environment["OPENBLAS_CORETYPE"] = "SkylakeX"
    elif {"avx2", "fma"} <= set(flags):
        environment["OPENBLAS_CORETYPE"] = "Haswell"
    return environment


def measure(workload: Workload, ours: Side, torch: Side, rounds: int) -> dict[str, float]:
    ours.seconds(workload.request)
    torch.seconds(workload.request)
    pairs = [(ours.seconds(workload.request), torch.seconds(workload.request))
             for _ in range(rounds)]
    ratios = sorted(peer / own for own, peer in pairs)
    return {
        "ours_s": statistics.median(own for own, _ in pairs),
        "torch_s": statistics.median(peer for _, peer in pairs),
        "ours_per_second": workload.items / statistics.median(own for own, _ in pairs),
        "torch_per_second": workload.items / statistics.median(peer for _, peer in pairs),
        "ratio": statistics.median(ratios),
        "ratio_min": ratios[0],
        "ratio_max": ratios[-1],
    }


def machine() -> str:
    name = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            name = line.split(":", 1)[1].strip()
            break
    return f"{os.cpu_count()} cores of an {name}"


def commit() -> str:
    return subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, text=True,
                          capture_output=True, check=True).stdout.strip()


def glue_folder(given: Path | None) -> Path:
    data = Path(os.environ.get("DISTILBERT_DATA", ROOT / ".." / "shared" / "data")) / "glue"
    for folder in [given, data, ROOT / "downloads" / "glue"]:
        if folder is not None and (folder / "SST-2" / "dev.tsv").is_file():
            return folder.resolve()
    raise SystemExit("bench: no GLUE data; ./dev fetch glue SST-2 MRPC, or --data FOLDER")


def run_bench(options: argparse.Namespace) -> dict[str, Any]:
    glue = glue_folder(options.data)
    values = {}
    print(f"{'':28}{'ours':>12}{'PyTorch':>12}{'ratio':>8}   (sentences or pairs a second)")
    for task in ("sst2", "mrpc"):
        arguments = [task, str(MODEL), str(glue), str(options.threads)]
        ours = Side([str(ROOT / "build/release/tests/bench/bench_distilbert"), *arguments],
                    environment_of_ours())
        torch = Side([sys.executable, str(HERE / "peer_torch.py"), *arguments], dict(os.environ))
        for workload in WORKLOADS:
            if workload.task != task:
                continue
            result = measure(workload, ours, torch, options.rounds)
            values[workload.name] = result
            print(f"{workload.title:28}{result['ours_per_second']:12.1f}"
                  f"{result['torch_per_second']:12.1f}{result['ratio']:8.2f}"
                  f"   {result['ratio_min']:.2f} … {result['ratio_max']:.2f}", flush=True)
        ours.close()
        torch.close()
    return values


def write(values: dict[str, Any], options: argparse.Namespace) -> None:
    RESULT.write_text(json.dumps({
        "name": "bench",
        "what": "MiniLM with a classifier beside PyTorch 2.13.0 and transformers 5.23.0, fp32, on "
                "GLUE's sentences in file order; PyTorch pads to the longest text of a batch",
        "command": "./dev bench" + (" --quick" if options.quick else ""),
        "commit": commit(),
        "seed": None,
        "machine": machine(),
        "threads": options.threads,
        "rounds": options.rounds,
        "date": datetime.date.today().isoformat(),
        "values": values,
    }, indent=2) + "\n")
    print(f"written: {RESULT.relative_to(ROOT)}")


def run_parity() -> int:
    environment = {"DISTILBERT_MINILM": str(MODEL), **environment_of_ours()}
    return subprocess.run([str(ROOT / "build/release/tests/test_ch10_glue"), "[whole-parity]"],
                          cwd=ROOT, env=environment, check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["parity"], help="another study")
    parser.add_argument("--quick", action="store_true", help="three rounds")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--data", type=Path, help="a GLUE folder")
    options = parser.parse_args()
    if options.what == "parity":
        return run_parity()
    if options.quick:
        options.rounds = 3
    write(run_bench(options), options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
