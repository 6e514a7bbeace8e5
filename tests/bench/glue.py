"""GLUE fine-tuned by the program and by PyTorch + transformers, several seeds a side, from
MiniLM with one recipe. A run is one process on one thread, as many at a time as there are
cores; each finished run is kept in book/results/runs/glue, so that the same command goes on
where it was stopped and repeats nothing. Writes book/results/glue.json from what is there. The
whole takes some seven hours on two cores, most of them PyTorch's; to run a task again, remove
its folder there.

    ./dev bench glue, or this script with [--tasks cola,rte] [--seeds N] [--glue GLUE]

--report runs nothing and writes the file.
"""

import json
import math
import shutil
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import record
from glue_data import glue_with_subsets
from kept_runs import KEPT, do_all, kept
from scipy.stats import ttest_ind
from sides import HERE, ROOT, openblas_environment, processor_flags
from study import MODEL, PROGRAM, TORCH, output_of, study_parser

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
    return {"epochs": [epoch["metrics"] for epoch in log["epochs"]], "losses": log["losses"]}


def finish(run: Run, glue: Path) -> None:
    if not run.result.is_file():
        values = kept(run.result, lambda: condensed(
            run_torch(run, glue) if run.side == "torch" else run_ours(run, glue)))
        print(f"{run.task} {run.side} seed {run.seed}: {values['epochs'][-1]}", flush=True)


def condensed(log: dict[str, Any]) -> dict[str, Any]:
    """The metrics after each epoch, and the mean of the loss in each stretch of the steps."""
    losses = log["losses"]
    ends = [len(losses) * (i + 1) // STRETCHES for i in range(STRETCHES)]
    return {"epochs": log["epochs"], "steps": len(losses),
            "losses": [statistics.fmean(losses[begin:end])
                       for begin, end in zip([0, *ends], ends) if end > begin]}


def compare(ours: list[float], torch: list[float]) -> dict[str, Any]:
    """Means, deviations, and whether they are alike by design section 5 (b)."""
    sides = {"ours": ours, "torch": torch}
    row: dict[str, Any] = {}
    for side, values in sides.items():
        row |= {side: values, f"{side}_mean": statistics.fmean(values),
                f"{side}_sd": statistics.stdev(values) if len(values) > 1 else None}
    points = 100 * abs(row["ours_mean"] - row["torch_mean"])
    # Welch's test is undefined for a seed alone, and for two constants.
    p = float(ttest_ind(ours, torch, equal_var=False).pvalue) if min(
        len(ours), len(torch)) > 1 else math.nan
    return {**row, "difference_points": points, "welch_p": None if math.isnan(p) else p,
            "reproduced": p > LEAST_P or points < CLOSE_POINTS}


def curves(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Means over the seeds, of the losses and of the metrics after each epoch."""
    losses = [statistics.fmean(stretch) for stretch in zip(*(run["losses"] for run in runs))]
    epochs = {name: [statistics.fmean(run["epochs"][epoch][name] for run in runs)
                     for epoch in range(len(runs[0]["epochs"]))]
              for name in runs[0]["epochs"][0]}
    return {"steps": runs[0]["steps"], "losses": losses, "epochs": epochs}


def table(seeds: int | None) -> dict[str, Any]:
    """Every task of which each side has finished a run; its last epoch counts."""
    values = {}
    for task, (most, epochs) in TASKS.items():
        found = {side: [json.loads(run.result.read_text())
                        for seed in range(1, (seeds or most) + 1)
                        if (run := Run(side, task, seed, epochs)).result.is_file()]
                 for side in SIDES}
        if not all(found.values()):
            continue
        last = {side: [one["epochs"][-1] for one in found[side]] for side in SIDES}
        values[task] = {
            "epochs": epochs,
            "command": f"./dev bench glue --tasks {task}",
            "metrics": {name: compare(*([one[name] for one in last[side]] for side in SIDES))
                        for name in last["ours"][0]},
            "curves": {side: curves(found[side]) for side in SIDES}}
    return values


def main() -> None:
    parser = study_parser(__doc__)
    parser.add_argument("--tasks", default=",".join(TASKS))
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--report", action="store_true")
    options = parser.parse_args()
    if not options.report:
        glue = glue_with_subsets(options.glue)
        runs = [Run(side, task, seed, TASKS[task][1])
                for task in options.tasks.split(",")
                for seed in range(1, (options.seeds or TASKS[task][0]) + 1) for side in SIDES]
        do_all(lambda run=run: finish(run, glue) for run in runs)
    print(record.write("glue", {
        "what": "MiniLM fine-tuned on GLUE by this program and by PyTorch + transformers "
                "(tests/bench/glue_torch.py): the last epoch's metrics on dev, a value a seed; "
                "learning rate 5e-5, batches of 32; of QNLI a tenth of train, of QQP the "
                "23,496 rows at hand, a tenth of which is dev",
        "command": "./dev bench glue",
        "seed": "1 to the number of values",
        "threads": 1,
        "versions": record.versions(),
        "values": table(options.seeds),
    }))


if __name__ == "__main__":
    main()
