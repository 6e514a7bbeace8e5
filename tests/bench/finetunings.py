"""Whole fine-tunings of MiniLM from the command line, start to end: the program as it is, as
it was before chapter 11, and PyTorch. Writes book/results/finetunings.json; takes about 40
minutes on two cores. The earlier program is built in build/bench/before.

    ./dev bench finetunings, or this script with [--before COMMIT] [--glue GLUE]
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import record
from other_build import OtherBuild
from sides import HERE, ROOT, clean_environment, openblas_environment, processor_flags
from study import study_parser

MODEL = ROOT / "downloads" / "minilm-l6-v2"
# The last commit whose program knows nothing of chapter 11.
LAST_WITHOUT = "447e76c"
EPOCHS = {"mrpc": 3, "sst2": 1}
SEED = 42


def seconds_of(command: list[Any], environment: dict[str, str]) -> tuple[float, str]:
    started = time.perf_counter()
    done = subprocess.run([str(word) for word in command], env=clean_environment(environment),
                          text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}:\n{done.stderr[-2000:]}")
    return time.perf_counter() - started, done.stdout


def ours(program: Path, task: str, glue: Path) -> tuple[float, float]:
    """Seconds, and the accuracy on dev."""
    environment = openblas_environment(processor_flags())
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "model"
        seconds, _ = seconds_of(
            [program, "finetune", "--task", task, "--data", glue, "--model", MODEL, "--output",
             output, "--epochs", EPOCHS[task], "--seed", SEED, "--quiet"], environment)
        _, answer = seconds_of([program, "evaluate", "--task", task, "--data", glue, "--model",
                                output, "--json"], environment)
    return seconds, json.loads(answer)["metrics"]["accuracy"]


def pytorch(task: str, glue: Path) -> tuple[float, float]:
    seconds, answer = seconds_of(
        [sys.executable, HERE / "finetune_torch.py", MODEL, glue, task, EPOCHS[task],
         os.cpu_count()], {"OPENBLAS_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"})
    return seconds, float(answer)


def measure(task: str, programs: dict[str, Path], glue: Path) -> dict[str, Any]:
    row: dict[str, Any] = {"epochs": EPOCHS[task]}
    for name in ("after", "before", "torch"):
        seconds, reached = (pytorch(task, glue) if name == "torch"
                            else ours(programs[name], task, glue))
        row |= {f"{name}_s": seconds, f"{name}_accuracy": reached}
        print(f"{task} {name}: {seconds:.1f} s, accuracy {reached:.4f}", flush=True)
    return {**row, "over_before": row["before_s"] / row["after_s"],
            "over_torch": row["torch_s"] / row["after_s"]}


def main() -> None:
    parser = study_parser(__doc__)
    parser.add_argument("--before", default=LAST_WITHOUT)
    options = parser.parse_args()
    with OtherBuild("before", options.before) as before:
        programs = {"before": before.build("distilbert") / "distilbert",
                    "after": ROOT / "build" / "release" / "distilbert"}
        values = {task: measure(task, programs, options.glue) for task in EPOCHS}
    print(record.write("finetunings", {
        "what": "MiniLM fine-tuned by the whole program, batches of 32, dev set after each epoch: "
                f"as it is, at commit {options.before}, and PyTorch "
                "(tests/bench/finetune_torch.py)",
        "command": "./dev bench finetunings",
        "seed": SEED,
        "threads": os.cpu_count(),
        "rounds": 1,
        "versions": record.versions(),
        "values": values,
    }))


if __name__ == "__main__":
    main()
