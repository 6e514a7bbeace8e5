"""Whole fine-tunings beside PyTorch's (design section 5 (a)): MiniLM, dropout off, from
PyTorch's classifier, in its order of batches. The losses of the first fifty steps must be
PyTorch's within a thousandth, and in the end 99 of 100 predictions, or as many as PyTorch
shares with itself on another number of threads.

PyTorch's side is tests/golden/training where a task is there, otherwise train_reference.py
makes it in build/bench/parity, on --threads threads. Where that is too few predictions,
PyTorch trains once more, on another number of threads. One process at a time; each finished
task is kept in book/results/runs/parity, passed or not, so that the same command goes on where
it was stopped; to run a task again, remove its file. Writes book/results/parity.json from what
is there. Tasks whose data isn't there are skipped; one that doesn't pass fails the command in
the end.

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
from glue_data import facts, glue_with_subsets, usable
from kept_runs import KEPT, kept
from sides import ROOT, openblas_environment, processor_flags
from study import MODEL, TORCH, output_of, study_parser

RUNS = KEPT / "parity"
GOLDENS = ROOT / "tests" / "golden"
REFERENCES = ROOT / "build" / "bench" / "parity"
PROGRAM = ROOT / "build" / "release" / "tests" / "test_ch10_glue"


def reruns_of(reference: Path) -> int:
    """How often PyTorch trained besides; -1 where it didn't at all."""
    path = reference.with_suffix(".json")
    return len(json.loads(path.read_text())["self_agreement"]) if path.is_file() else -1


def reference(task: str, glue: Path, threads: list[int]) -> Path:
    """PyTorch's files of a task, without their endings: of its run on the first number of
    threads, and how far those on the others agree with it."""
    for there in (GOLDENS / "training" / task, REFERENCES / task):
        if reruns_of(there) >= len(threads) - 1:
            return there
    output_of([sys.executable, str(GOLDENS / "train_reference.py"), "--task", task, "--model",
               str(MODEL), "--data", str(glue), "--runs", str(REFERENCES / "runs"),
               "--output", str(REFERENCES), "--threads", *map(str, threads), "--epochs",
               str(TASKS[task][1])], TORCH)
    return REFERENCES / task


def compare(torch: Path, glue: Path) -> dict[str, Any]:
    """What the hidden test case of training_parity.cpp finds, whether it passes or not."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        try:
            output_of([str(PROGRAM), "[whole-parity]"], {
                "DISTILBERT_GLUE": str(glue), "DISTILBERT_MINILM": str(MODEL),
                "DISTILBERT_PARITY_REFERENCE": str(torch),
                "DISTILBERT_PARITY_RESULTS": str(results),
                **openblas_environment(processor_flags())})
        except SystemExit:
            if not results.is_file():
                raise
        return json.loads(results.read_text())


def finish(task: str, glue: Path, threads: int) -> dict[str, Any]:
    found = compare(reference(task, glue, [threads]), glue)
    if found["equal_predictions"] < found["required_share"]:
        found = compare(reference(task, glue, [threads, 2 if threads == 1 else 1]), glue)
    return {**found, "train_rows": facts(task, glue)["train_rows"]}


def line(task: str, found: dict[str, Any]) -> str:
    said = f"{task}: {100 * found['equal_predictions']:.1f} % of the predictions are equal"
    if found.get("passed", True):
        return said
    return (f"{said}, {100 * found['required_share']:.1f} % wanted; the first losses differ by "
            f"{found['first_losses_relative_error']:.1e}: MISSED")


def main() -> int:
    parser = study_parser(__doc__, tasks=TASKS)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    glue = glue_with_subsets(options.glue)
    missed = 0
    for task in usable(options.tasks, glue, lambda task: RUNS.glob(f"{task}.json")):
        found = kept(RUNS / f"{task}.json", lambda: finish(task, glue, options.threads))
        print(line(task, found), flush=True)
        missed += not found.get("passed", True)
    runs = {task: path for task in TASKS if (path := RUNS / f"{task}.json").is_file()}
    print(record.write("parity", {
        "what": "MiniLM fine-tuned whole, dropout off, from PyTorch's classifier in its order of "
                "batches (tests/golden/train_reference.py)",
        "command": "./dev bench parity",
        "seed": 42,
        "versions": record.versions(),
        "values": {task: {"passed": True, **json.loads(path.read_text())}
                   for task, path in runs.items()},
    }))
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
