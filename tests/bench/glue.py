"""GLUE fine-tuned by the program and by PyTorch + transformers, several seeds a side, from
MiniLM with one recipe. A run is one process on one thread, as many at a time as there are
cores; each finished run is kept in book/results/runs/glue, so that the same command goes on
where it was stopped and repeats nothing. Writes book/results/glue.json from what is there. The
whole takes some seven hours on two cores, most of them PyTorch's. Tasks whose data isn't there
are skipped.

    ./dev bench glue, or this script with [--tasks cola,rte] [--seeds N] [--glue GLUE] [--again]

--again removes the kept runs of these tasks first; --report runs nothing and writes the file.
"""

import json
import shutil
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import record
from glue_data import facts, glue_with_subsets, has_data, usable
from kept_runs import KEPT, do_all, kept, origins
from sides import HERE, ROOT, openblas_environment, processor_flags
from study import MODEL, PROGRAM, TORCH, commit_of_program, output_of, study_parser

RUNS = KEPT / "glue"
# Where the program's models are while they are trained.
MODELS = ROOT / "build" / "bench" / "glue"
# Seeds and epochs. The small tasks come first: their results are there soon.
TASKS = {"wnli": (5, 3), "rte": (5, 3), "mrpc": (5, 3), "cola": (5, 3), "stsb": (5, 3),
         "sst2": (3, 1), "qnli": (3, 1), "qqp": (3, 1)}
# A curve's losses are means of so many stretches of the steps.
STRETCHES = 40
SIDES = ("ours", "torch")
# Design section 5 (b).
LEAST_P, CLOSE_POINTS = 0.01, 0.5


@dataclass(frozen=True)
class Run:
    side: str
    task: str
    seed: int
    epochs: int

    @property
    def result(self) -> Path:
        return RUNS / self.task / f"{self.side}.epochs{self.epochs}.seed{self.seed}.json"

    @property
    def model(self) -> Path:
        return MODELS / self.task / f"epochs{self.epochs}.seed{self.seed}"

    def options(self, glue: Path) -> list[str]:
        return ["--task", self.task, "--data", str(glue), "--model", str(MODEL), "--seed",
                str(self.seed), "--epochs", str(self.epochs), "--threads", "1"]


def run_torch(run: Run, glue: Path) -> dict[str, Any]:
    return json.loads(output_of([sys.executable, str(HERE / "glue_torch.py"), *run.options(glue)],
                                TORCH))


def run_ours(run: Run, glue: Path) -> dict[str, Any]:
    """The model's folder outlives a kill, and the program goes on in it."""
    output_of([str(PROGRAM), "finetune", *run.options(glue), "--output", str(run.model),
               "--quiet"], openblas_environment(processor_flags()))
    log = json.loads((run.model / "training_log.json").read_text())
    shutil.rmtree(run.model)
    return {"epochs": [epoch["metrics"] for epoch in log["epochs"]], "losses": log["losses"],
            **commit_of_program()}


def finish(run: Run, glue: Path) -> None:
    if not run.result.is_file():
        values = kept(run.result, lambda: {**condensed(
            run_torch(run, glue) if run.side == "torch" else run_ours(run, glue)),
            **facts(run.task, glue)})
        print(f"{run.task} {run.side} seed {run.seed}: {values['epochs'][-1]}", flush=True)


def condensed(log: dict[str, Any]) -> dict[str, Any]:
    """The metrics after each epoch, and the mean of the loss in each stretch of the steps."""
    losses = log["losses"]
    ends = [len(losses) * (i + 1) // STRETCHES for i in range(STRETCHES)]
    return {**{name: log[name] for name in ("epochs", "commit") if name in log},
            "steps": len(losses),
            "losses": [statistics.fmean(losses[begin:end])
                       for begin, end in zip([0, *ends], ends) if end > begin]}


def welch(ours: list[float], torch: list[float]) -> tuple[float | None, list[float] | None]:
    """Welch's p, and the interval of our mean less PyTorch's that goes with LEAST_P. They are
    undefined for a seed alone, and for two constants."""
    if min(len(ours), len(torch)) < 2 or len({*ours}) == len({*torch}) == 1:
        return None, None
    # Only here: the tests of the rest do without it.
    from scipy.stats import ttest_ind

    test = ttest_ind(ours, torch, equal_var=False)
    return float(test.pvalue), [float(end) for end in test.confidence_interval(1 - LEAST_P)]


def compare(ours: list[float], torch: list[float], complete: bool) -> dict[str, Any]:
    """Means, deviations, and whether they are alike by design section 5 (b), which asks for
    all seeds."""
    sides = {"ours": ours, "torch": torch}
    row: dict[str, Any] = {}
    for side, values in sides.items():
        row |= {side: values, f"{side}_mean": statistics.fmean(values),
                f"{side}_sd": statistics.stdev(values) if len(values) > 1 else None}
    points = 100 * abs(row["ours_mean"] - row["torch_mean"])
    p, interval = welch(ours, torch)
    alike = points < CLOSE_POINTS or (p is not None and p > LEAST_P)
    return {**row, "difference_points": points, "welch_p": p,
            "difference_interval_points": interval and [100 * end for end in interval],
            "reproduced": alike if complete else None}


def curves(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The losses, means over the seeds; the metrics after each epoch, of every seed and their
    means."""
    losses = [statistics.fmean(stretch) for stretch in zip(*(run["losses"] for run in runs))]
    seeds = {name: [[epoch[name] for epoch in run["epochs"]] for run in runs]
             for name in runs[0]["epochs"][0]}
    epochs = {name: [statistics.fmean(scores) for scores in zip(*of_seeds)]
              for name, of_seeds in seeds.items()}
    return {"steps": runs[0]["steps"], "losses": losses, "epochs": epochs, "epoch_seeds": seeds}


def facts_of(task: str, runs: list[dict[str, Any]], glue: Path) -> dict[str, Any]:
    """What is known of the data that the runs learned from. Where none says, it is taken to be
    the data at hand."""
    for run in runs:
        if "train_rows" in run:
            return {name: run[name] for name in ("train_rows", "dev_rows", "majority")}
    if has_data(task, glue):
        return facts(task, glue)
    return {"train_rows": None, "dev_rows": None, "majority": {}}


def task_row(task: str, found: dict[str, list[dict[str, Any]]], glue: Path) -> dict[str, Any]:
    """Both sides' runs of a task; the last epoch counts."""
    most, epochs = TASKS[task]
    everything = [run for runs in found.values() for run in runs]
    data = facts_of(task, everything, glue)
    complete = all(len(runs) >= most for runs in found.values())
    last = {side: [run["epochs"][-1] for run in found[side]] for side in SIDES}
    metrics = {name: compare(*([run[name] for run in last[side]] for side in SIDES), complete)
               for name in last["ours"][0]}
    return {"epochs": epochs,
            "command": f"./dev bench glue --tasks {task} --again",
            "seeds": {"wanted": most, **{side: len(runs) for side, runs in found.items()}},
            "train_rows": data["train_rows"], "dev_rows": data["dev_rows"],
            "majority": {name: data["majority"].get(name) for name in metrics},
            "metrics": metrics,
            "curves": {side: curves(found[side]) for side in SIDES},
            **origins(everything)}


def table(seeds: int | None, glue: Path) -> dict[str, Any]:
    """Every task of which each side has finished a run: with all the runs that are there, also
    where `seeds` asked for fewer."""
    values = {}
    for task, (most, epochs) in TASKS.items():
        found = {side: [json.loads(run.result.read_text())
                        for seed in range(1, max(seeds or 0, most) + 1)
                        if (run := Run(side, task, seed, epochs)).result.is_file()]
                 for side in SIDES}
        if all(found.values()):
            values[task] = task_row(task, found, glue)
    return values


def forget(tasks: list[str], glue: Path) -> None:
    """Removes the runs of tasks that can be run again."""
    for task in tasks:
        if has_data(task, glue):
            for folder in (RUNS / task, MODELS / task):
                shutil.rmtree(folder, ignore_errors=True)


def run_all(tasks: list[str], seeds: int | None, glue: Path) -> None:
    runs = [Run(side, task, seed, TASKS[task][1])
            for task in usable(tasks, glue, lambda task: (RUNS / task).glob("*.json"))
            for seed in range(1, (seeds or TASKS[task][0]) + 1) for side in SIDES]
    do_all(lambda run=run: finish(run, glue) for run in runs)


def main() -> None:
    parser = study_parser(__doc__, tasks=TASKS)
    parser.add_argument("--seeds", type=int)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--again", action="store_true")
    what.add_argument("--report", action="store_true")
    options = parser.parse_args()
    glue = glue_with_subsets(options.glue)
    if options.again:
        forget(options.tasks, glue)
    if not options.report:
        run_all(options.tasks, options.seeds, glue)
    print(record.write("glue", {
        "what": "MiniLM fine-tuned on GLUE by this program and by PyTorch + transformers "
                "(tests/bench/glue_torch.py): the last epoch's metrics on dev, a value a seed; "
                "learning rate 5e-5, batches of 32; of QNLI train.subset-10475.tsv, a tenth of "
                "train, and of QQP train.subset-23496.tsv, every tenth row of which is dev, "
                "unless train_rows says that it was more",
        "command": "./dev bench glue",
        "seed": "1 to the number of values",
        "threads": 1,
        "versions": record.versions(),
        "values": table(options.seeds, glue),
    }))


if __name__ == "__main__":
    main()
