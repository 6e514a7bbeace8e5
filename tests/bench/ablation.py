"""What each part of distillation brings: the three-layer student of MiniLM trained on GLUE
tasks with the labels alone, with the teacher's soft labels alone, with both, with the cosine
loss besides, and with both from random weights. The teachers are MiniLM fine-tuned on the same
task with the same seed, and so are the random weights. Three seeds; a run is one process on one
thread, as many at a time as there are cores; finished runs are kept in
book/results/runs/ablation. Tasks whose data isn't there are skipped. Writes
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
from glue_data import facts, usable
from kept_runs import KEPT, do_all, kept, origins
from sides import HERE, ROOT, openblas_environment, processor_flags
from study import MODEL, PROGRAM, TORCH, commit_of_program, output_of, study_parser

RUNS = KEPT / "ablation"
MODELS = ROOT / "build" / "bench" / "ablation"
LAYERS = "0,2,4"
SEEDS = 3
EPOCHS = {"rte": 3, "mrpc": 3, "cola": 3, "stsb": 3, "sst2": 1}
# All of SST-2 would take longer than the other tasks together.
MOST_ROWS = {"sst2": 20_000}
# Points that are rounding's.
NO_POINTS = 1e-9
# Weights of soft labels, hard labels and cosine, and the student that is trained.
VARIANTS = {
    "hard": (0, 1, 0, "student"),
    "soft": (1, 0, 0, "student"),
    "soft_hard": (0.5, 0.5, 0, "student"),
    "soft_hard_cosine": (0.5, 0.5, 1, "student"),
    "soft_hard_random": (0.5, 0.5, 0, "random.seed{seed}"),
}
# What a part brings: the first variant less the second, which lacks it. Both have the teacher,
# the new head and the order of the rows of their seed.
CONTRASTS = {
    "soft_labels": ("soft_hard", "hard"),
    "soft_labels_alone": ("soft", "hard"),
    "hard_labels": ("soft_hard", "soft"),
    "cosine": ("soft_hard_cosine", "soft_hard"),
    "initialisation": ("soft_hard", "soft_hard_random"),
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
        return {"epochs": [epoch["metrics"] for epoch in log["epochs"]],
                "train_rows": facts(self.task, self.glue)["train_rows"], **commit_of_program()}

    def make_teacher(self) -> None:
        """Students of an earlier teacher stay where this one has learned the same."""
        made, found = self.model("teacher.json"), self.result("teacher")
        if not (self.model("teacher") / "config.json").is_file():
            made.unlink(missing_ok=True)
        values = kept(made, lambda: self.train("finetune", "teacher", "--model", str(MODEL)))
        if not found.is_file() or json.loads(found.read_text())["epochs"] != values["epochs"]:
            shutil.rmtree(found.parent, ignore_errors=True)
            found.parent.mkdir(parents=True)
            shutil.copyfile(made, found)

    def make_student(self, name: str) -> None:
        soft, hard, cosine, student = VARIANTS[name]
        values = kept(self.result(name), lambda: self.train(
            "distill", name, "--teacher", str(self.model("teacher")),
            "--student", str(MODELS / student.format(seed=self.seed)),
            "--alpha-soft", str(soft), "--alpha-hard", str(hard), "--alpha-cos", str(cosine)))
        shutil.rmtree(self.model(name), ignore_errors=True)
        print(f"{self.task} {name} seed {self.seed}: {values['epochs'][-1]}", flush=True)

    def run(self) -> None:
        if not all(self.result(name).is_file() for name in ("teacher", *VARIANTS)):
            self.make_teacher()
            for name in VARIANTS:
                if not self.result(name).is_file():
                    self.make_student(name)
        shutil.rmtree(MODELS / self.name, ignore_errors=True)


def make_students(seeds: int) -> None:
    """The teacher's layers, and for each seed the same student with weights that have learned
    nothing."""
    student = MODELS / "student"
    if not (student / "config.json").is_file():
        output_of([str(PROGRAM), "extract", "--teacher", str(MODEL), "--layers", LAYERS,
                   "--output", str(student)], {})
    for seed in range(1, seeds + 1):
        untrained = MODELS / f"random.seed{seed}"
        if not untrained.is_dir():
            output_of([sys.executable, str(HERE / "random_student.py"), str(student),
                       str(untrained), str(seed)], TORCH)


def paired_p(differences: list[float]) -> float | None:
    """Of the paired t-test. It is undefined for a difference alone, and where all are the
    same."""
    if max(differences) - min(differences) <= NO_POINTS:
        return None
    # Only here: the tests of the rest do without it.
    from scipy.stats import ttest_1samp

    return float(ttest_1samp(differences, 0).pvalue)


def contrast(first: list[float], second: list[float]) -> dict[str, Any]:
    """Differences seed by seed, in points."""
    points = [100 * (one - other) for one, other in zip(first, second, strict=True)]
    return {"seeds": points, "mean": statistics.fmean(points),
            "sd": statistics.stdev(points) if len(points) > 1 else None, "p": paired_p(points)}


def metric_row(numbers: dict[str, list[float]]) -> dict[str, Any]:
    """Of the teacher and every variant the value of each seed, their mean, and how much of the
    teacher's mean that is; then what the parts bring."""
    row: dict[str, Any] = {}
    for name, values in numbers.items():
        mean = statistics.fmean(values)
        row[name] = {"seeds": values, "mean": mean,
                     "sd": statistics.stdev(values) if len(values) > 1 else None,
                     "retained": mean / statistics.fmean(numbers["teacher"])}
    return {**row, "contrasts": {name: contrast(numbers[first], numbers[second])
                                 for name, (first, second) in CONTRASTS.items()}}


def complete_seeds(task: str) -> list[dict[str, Any]]:
    """The runs by their names, of every seed of which all are there."""
    seeds = []
    for folder in sorted(RUNS.glob(f"{task}.epochs{EPOCHS[task]}.seed*"),
                         key=lambda folder: int(folder.name.rpartition("seed")[2])):
        files = {name: folder / f"{name}.json" for name in ("teacher", *VARIANTS)}
        if all(path.is_file() for path in files.values()):
            seeds.append({name: json.loads(path.read_text()) for name, path in files.items()})
    return seeds


def table(least: int) -> dict[str, Any]:
    """By task and metric, of the tasks of which so many seeds are there."""
    values: dict[str, Any] = {}
    for task in EPOCHS:
        seeds = complete_seeds(task)
        if len(seeds) < least:
            continue
        last = {name: [runs[name]["epochs"][-1] for runs in seeds]
                for name in ("teacher", *VARIANTS)}
        values[task] = {
            **{metric: metric_row({name: [epoch[metric] for epoch in epochs]
                                   for name, epochs in last.items()})
               for metric in last["teacher"][0]},
            **origins([run for runs in seeds for run in runs.values()])}
    return values


def main() -> None:
    parser = study_parser(__doc__, tasks=EPOCHS)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    options = parser.parse_args()
    tasks = usable(options.tasks, options.glue, lambda task: RUNS.glob(f"{task}.*/*.json"))
    make_students(options.seeds)
    do_all(Pair(task, seed, options.glue).run for task in tasks
           for seed in range(1, options.seeds + 1))
    print(record.write("ablation", {
        "what": "a student of MiniLM's layers 0, 2 and 4, trained on a task with parts of "
                "distillation (weights of soft labels, hard labels and cosine as in "
                "tests/bench/ablation.py), the last epoch's metrics on dev; learning rate 5e-5, "
                "batches of 32, temperature 2; of SST-2 the first 20,000 rows, once; contrasts "
                "are differences of two variants seed by seed, in points",
        "command": "./dev bench ablation",
        "seed": "1 to the number of values",
        "threads": 1,
        "versions": record.versions(),
        "values": table(min(SEEDS, options.seeds)),
    }))


if __name__ == "__main__":
    main()
