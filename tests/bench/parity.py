"""Whole fine-tunings beside PyTorch's (design section 5 (a)): MiniLM, dropout off, from
PyTorch's classifier, in its order of batches. The losses of the first fifty steps must be
PyTorch's within a thousandth, and in the end 99 of 100 predictions, or as many as PyTorch
shares with itself on another number of threads.

PyTorch's side is tests/golden/training where a task is there, otherwise train_reference.py
makes it in build/bench/parity, on --threads threads. One process at a time; each finished
task is kept in book/results/runs/parity, so that the same command goes on where it was
stopped. Writes book/results/parity.json from what is there.

    ./dev bench parity, or this script with [--tasks rte,mrpc] [--glue GLUE] [--threads N]
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import record
from glue import TASKS
from glue_data import glue_with_subsets
from kept_runs import KEPT, kept
from sides import ROOT, openblas_environment, processor_flags
from study import MODEL, TORCH, output_of, study_parser

RUNS = KEPT / "parity"
GOLDENS = ROOT / "tests" / "golden"
REFERENCES = ROOT / "build" / "bench" / "parity"
PROGRAM = ROOT / "build" / "release" / "tests" / "test_ch10_glue"


def reference(task: str, glue: Path, threads: int) -> Path:
    """PyTorch's files of a task, without their endings."""
    golden = GOLDENS / "training" / task
    if golden.with_suffix(".json").is_file():
        return golden
    if not (REFERENCES / f"{task}.json").is_file():
        output_of([sys.executable, str(GOLDENS / "train_reference.py"), "--task", task, "--model",
                   str(MODEL), "--data", str(glue), "--runs", str(REFERENCES / "runs"),
                   "--output", str(REFERENCES), "--threads", str(threads), "--epochs",
                   str(TASKS[task][1])], TORCH)
    return REFERENCES / task


def finish(task: str, glue: Path, threads: int) -> dict[str, Any]:
    """What the hidden test case of training_parity.cpp finds; it must pass."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        output_of([str(PROGRAM), "[whole-parity]"], {
            "DISTILBERT_GLUE": str(glue), "DISTILBERT_MINILM": str(MODEL),
            "DISTILBERT_PARITY_REFERENCE": str(reference(task, glue, threads)),
            "DISTILBERT_PARITY_RESULTS": str(results), **openblas_environment(processor_flags())})
        return json.loads(results.read_text())


def main() -> None:
    parser = study_parser(__doc__)
    parser.add_argument("--tasks", default=",".join(TASKS))
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    glue = glue_with_subsets(options.glue)
    for task in options.tasks.split(","):
        found = kept(RUNS / f"{task}.json", lambda: finish(task, glue, options.threads))
        print(f"{task}: {100 * found['equal_predictions']:.1f} % of the predictions are equal",
              flush=True)
    runs = {task: path for task in TASKS if (path := RUNS / f"{task}.json").is_file()}
    print(record.write("parity", {
        "what": "MiniLM fine-tuned whole, dropout off, from PyTorch's classifier in its order of "
                "batches (tests/golden/train_reference.py)",
        "command": "./dev bench parity",
        "seed": 42,
        "versions": record.versions(),
        "values": {task: json.loads(path.read_text()) for task, path in runs.items()},
    }))


if __name__ == "__main__":
    main()
