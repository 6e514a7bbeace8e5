"""What each part of distillation brings: the three-layer student of MiniLM trained on GLUE
tasks with the labels alone, with the teacher's soft labels alone, with both, with the cosine
loss besides, and with both from random weights. The teachers are MiniLM fine-tuned on the same
task with the same seed. Three seeds; a run is one process on one thread, as many at a time as
there are cores; finished runs are kept in book/results/runs/ablation. Writes
book/results/ablation.json from what is there; takes some three hours on two cores.

    ./dev bench ablation, or this script with [--tasks mrpc,rte] [--seeds N] [--glue GLUE]
"""

import json
import shutil
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import record
from kept_runs import KEPT, do_all, kept
from scipy.stats import ttest_ind
from sides import HERE, ROOT, openblas_environment, processor_flags
from study import MODEL, PROGRAM, TORCH, output_of, study_parser

RUNS = KEPT / "ablation"
MODELS = ROOT / "build" / "bench" / "ablation"
LAYERS = "0,2,4"
SEEDS = 3
EPOCHS = {"rte": 3, "mrpc": 3, "cola": 3, "stsb": 3, "sst2": 1}
# All of SST-2 would take longer than the other tasks together.
MOST_ROWS = {"sst2": 20_000}
# Weights of soft labels, hard labels and cosine, and the student that is trained.
VARIANTS = {
    "hard": (0, 1, 0, "student"),
    "soft": (1, 0, 0, "student"),
    "soft_hard": (0.5, 0.5, 0, "student"),
    "soft_hard_cosine": (0.5, 0.5, 1, "student"),
    "soft_hard_random": (0.5, 0.5, 0, "random"),
}


@dataclass(frozen=True)
class Pair:
    """A task and a seed: one teacher, and a student by each variant."""

    task: str
    seed: int
    glue: Path

    @property
    def name(self) -> str:
        return f"{self.task}.epochs{EPOCHS[self.task]}.seed{self.seed}"

    def result(self, name: str) -> Path:
        return RUNS / self.name / f"{name}.json"

    def model(self, name: str) -> Path:
        return MODELS / self.name / name

    def train(self, command: str, name: str, *models: str) -> dict[str, Any]:
        """The metrics after each epoch. The model stays in a folder of that name."""
        model = self.model(name)
        output_of([str(PROGRAM), command, *models, "--task", self.task, "--data", str(self.glue),
                   "--output", str(model), "--seed", str(self.seed), "--epochs",
                   str(EPOCHS[self.task]), "--max-train-rows", str(MOST_ROWS.get(self.task, 0)),
                   "--threads", "1", "--quiet"],
                  openblas_environment(processor_flags()))
        log = json.loads((model / "training_log.json").read_text())
        return {"epochs": [epoch["metrics"] for epoch in log["epochs"]]}

    def run(self) -> None:
        teacher = self.model("teacher")
        students = [name for name in VARIANTS if not self.result(name).is_file()]
        if students and not (teacher / "config.json").is_file():
            self.result("teacher").unlink(missing_ok=True)
        kept(self.result("teacher"),
             lambda: self.train("finetune", "teacher", "--model", str(MODEL)))
        for name in students:
            soft, hard, cosine, student = VARIANTS[name]
            values = kept(self.result(name), lambda: self.train(
                "distill", name, "--teacher", str(teacher), "--student", str(MODELS / student),
                "--alpha-soft", str(soft), "--alpha-hard", str(hard), "--alpha-cos",
                str(cosine)))
            shutil.rmtree(self.model(name), ignore_errors=True)
            print(f"{self.task} {name} seed {self.seed}: {values['epochs'][-1]}", flush=True)
        shutil.rmtree(teacher, ignore_errors=True)


def make_students() -> None:
    """The teacher's layers, and the same student with weights that have learned nothing."""
    student, untrained = MODELS / "student", MODELS / "random"
    if not (student / "config.json").is_file():
        output_of([str(PROGRAM), "extract", "--teacher", str(MODEL), "--layers", LAYERS,
                   "--output", str(student)], {})
    if not (untrained / "config.json").is_file():
        output_of([sys.executable, str(HERE / "random_student.py"), str(student),
                   str(untrained)], TORCH)


def table(tasks: list[str], seeds: int) -> dict[str, Any]:
    """By task, metric and variant: the value of each seed, their mean, and how much of the
    teacher's mean that is."""
    values: dict[str, Any] = {}
    for task in tasks:
        found = {name: [json.loads(path.read_text())["epochs"][-1]
                        for seed in range(1, seeds + 1)
                        if (path := Pair(task, seed, Path()).result(name)).is_file()]
                 for name in ("teacher", *VARIANTS)}
        if not all(len(runs) == seeds for runs in found.values()):
            continue
        values[task] = {metric: {} for metric in found["teacher"][0]}
        for metric, row in values[task].items():
            numbers = {name: [run[metric] for run in runs] for name, runs in found.items()}
            for name, seeds_values in numbers.items():
                p = float(ttest_ind(seeds_values, numbers["hard"], equal_var=False).pvalue)
                mean = statistics.fmean(seeds_values)
                row[name] = {"seeds": seeds_values, "mean": mean,
                             "sd": statistics.stdev(seeds_values) if seeds > 1 else None,
                             "retained": mean / statistics.fmean(numbers["teacher"]),
                             "over_hard_points": 100 * (mean - statistics.fmean(numbers["hard"])),
                             "over_hard_welch_p": p if p == p else None}
    return values


def main() -> None:
    parser = study_parser(__doc__)
    parser.add_argument("--tasks", default=",".join(EPOCHS))
    parser.add_argument("--seeds", type=int, default=SEEDS)
    options = parser.parse_args()
    make_students()
    do_all(Pair(task, seed, options.glue).run for task in options.tasks.split(",")
           for seed in range(1, options.seeds + 1))
    print(record.write("ablation", {
        "what": "a student of MiniLM's layers 0, 2 and 4, trained on a task with parts of "
                "distillation (weights of soft labels, hard labels and cosine as in "
                "tests/bench/ablation.py), the last epoch's metrics on dev; learning rate 5e-5, "
                "batches of 32, temperature 2; of SST-2 the first 20,000 rows, once",
        "command": "./dev bench ablation",
        "seed": f"1 to {options.seeds}",
        "threads": 1,
        "versions": record.versions(),
        "values": table(list(EPOCHS), options.seeds),
    }))


if __name__ == "__main__":
    main()
