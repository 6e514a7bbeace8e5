"""Checkpoints exchanged with transformers, by their predictions on GLUE's dev sets. MiniLM is
fine-tuned on a task by PyTorch + transformers and by this program; each folder is opened by
both, and what they say is compared row by row. MNLI, of which there may be no train file,
learns from its other dev set, on transformers' side in the order of labels of Google's BERT
code. One process at a time, on one thread; each finished direction is kept in
book/results/runs/exchange, so that the same command goes on where it was stopped. Tasks whose
data isn't there are skipped. Writes book/results/exchange.json from what is there.

    ./dev bench exchange, or this script with [--tasks cola,rte] [--glue GLUE]
"""

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import record
from kept_runs import KEPT, kept, origins
from predictions import Answers, compare, differing_margins, differing_rows, file_label
from safetensors.numpy import load_file
from sides import HERE, ROOT
from study import MODEL, PROGRAM, TORCH, commit_of_program, output_of, study_parser

RUNS = KEPT / "exchange"
MODELS = ROOT / "build" / "bench" / "exchange"
FOLDERS = {"stsb": "STS-B", "rte": "RTE", "mnli": "MNLI", "mrpc": "MRPC", "cola": "CoLA"}
MNLI_TRAIN = ("dev_mismatched.gold-1000.tsv", "dev_mismatched.tsv")
# After one epoch CoLA's model says the same of every row, which would prove nothing.
EPOCHS = {"stsb": 1, "rte": 1, "mnli": 3, "mrpc": 3, "cola": 3}
# The hidden states of a whole dev set would fill the disk.
FORWARD_ROWS = 250


@dataclass(frozen=True)
class Exchange:
    """A task whose models go both ways."""

    task: str
    glue: Path

    @property
    def name(self) -> str:
        return f"{self.task}.epochs{EPOCHS[self.task]}"

    @property
    def folder(self) -> Path:
        """Of its models."""
        return MODELS / self.name

    def result(self, direction: str) -> Path:
        return RUNS / self.name / f"{direction}.json"

    @property
    def train_file(self) -> Path:
        """The first that is there."""
        folder = self.glue / FOLDERS[self.task]
        files = [folder / name
                 for name in (MNLI_TRAIN if self.task == "mnli" else ("train.tsv",))]
        return next((file for file in files if file.is_file()), files[-1])

    @property
    def dev_file(self) -> Path:
        name = "dev_matched.tsv" if self.task == "mnli" else "dev.tsv"
        return self.glue / FOLDERS[self.task] / name

    def training(self) -> list[str]:
        return ["--task", self.task, "--data", str(self.glue), "--model", str(MODEL),
                "--train-file", str(self.train_file), "--dev-file", str(self.dev_file),
                "--epochs", str(EPOCHS[self.task]), "--seed", "1"]


def torch_script(name: str, *options: str) -> dict[str, Any]:
    return json.loads(output_of([sys.executable, str(HERE / name), *options, "--threads", "1"],
                                TORCH))


def program(command: str, *options: str, lines: str = "") -> str:
    return output_of([str(PROGRAM), command, *options, "--threads", "1", "--quiet"], {}, lines)


def their_answers(exchange: Exchange, model: Path) -> tuple[Answers, list[list[str]]]:
    """What transformers says, and the texts that it was asked about."""
    found = torch_script("predict_torch.py", "--task", exchange.task, "--model", str(model),
                         "--file", str(exchange.dev_file))
    predictions = ([file_label(exchange.task, name) for name in found["labels"]]
                   or [row[0] for row in found["logits"]])
    return Answers(predictions, found["logits"]), found["texts"]


def our_logits(model: Path, texts: list[list[str]]) -> list[list[float]]:
    logits = []
    pairs = ["--pairs"] if len(texts[0]) == 2 else []
    with tempfile.NamedTemporaryFile(suffix=".safetensors") as file:
        for first in range(0, len(texts), FORWARD_ROWS):
            lines = "".join("\t".join(row) + "\n" for row in texts[first:first + FORWARD_ROWS])
            program("forward", "--model", str(model), "--output", file.name, "--max-length",
                    "128", *pairs, lines=lines)
            logits += load_file(file.name)["logits"].tolist()
    return logits


def our_answers(exchange: Exchange, model: Path,
                texts: list[list[str]]) -> tuple[Answers, dict[str, float]]:
    """What the program says, and the metrics that it prints."""
    with tempfile.NamedTemporaryFile(suffix=".tsv") as file:
        printed = program("evaluate", "--task", exchange.task, "--data", str(exchange.glue),
                          "--dev-file", str(exchange.dev_file), "--model", str(model),
                          "--predictions", file.name, "--json")
        _, *lines = Path(file.name).read_text().splitlines()
    written = [line.split("\t")[1] for line in lines]
    predictions = [float(score) for score in written] if exchange.task == "stsb" else written
    return Answers(predictions, our_logits(model, texts)), json.loads(printed)["metrics"]


def compare_sides(exchange: Exchange, model: Path, trained: list[Any]) -> dict[str, Any]:
    """Both sides' answers with the model of a folder. `trained` is what the process that
    trained it said, where that is known."""
    theirs, texts = their_answers(exchange, model)
    ours, metrics = our_answers(exchange, model, texts)
    if exchange.task != "stsb":
        for row, own, their in differing_margins(ours, theirs):
            print(f"{exchange.task} row {row}: our margin {own:.3g}, transformers' {their:.3g}")
    reopened = ({"differing_after_saving": len(differing_rows(theirs.predictions, trained))}
                if trained else {})
    return {"values": {**compare(ours, theirs), **reopened, **metrics},
            "train_file": exchange.train_file.name, **commit_of_program()}


def from_transformers(exchange: Exchange) -> dict[str, Any]:
    """transformers trains and saves, the program opens."""
    model = exchange.folder / "transformers"
    trained = kept(exchange.folder / "transformers.json", lambda: torch_script(
        "glue_torch.py", *exchange.training(), "--save", str(model)))
    return compare_sides(exchange, model, trained["predictions"])


def to_transformers(exchange: Exchange) -> dict[str, Any]:
    """The program trains and saves, transformers opens. A model that was trained before has
    nothing left to learn."""
    model = exchange.folder / "distilbert"
    program("finetune", *exchange.training(), "--output", str(model))
    return compare_sides(exchange, model, [])


DIRECTIONS = {"from_transformers": from_transformers, "to_transformers": to_transformers}


def finish(exchange: Exchange) -> None:
    for file in (exchange.train_file, exchange.dev_file):
        if not file.is_file():
            print(f"{exchange.task}: skipped, no {file}", flush=True)
            return
    for name, direction in DIRECTIONS.items():
        found = kept(exchange.result(name), lambda: direction(exchange))
        print(f"{exchange.task} {name}: {found['values']}", flush=True)


def table() -> dict[str, Any]:
    """Every task that went both ways."""
    values = {}
    for task in FOLDERS:
        files = {name: Exchange(task, Path()).result(name) for name in DIRECTIONS}
        if all(path.is_file() for path in files.values()):
            found = {name: json.loads(path.read_text()) for name, path in files.items()}
            values[task] = {"epochs": EPOCHS[task],
                            **{name: run["values"] for name, run in found.items()},
                            **origins(list(found.values()))}
    return values


def main() -> None:
    options = study_parser(__doc__, tasks=FOLDERS).parse_args()
    for task in options.tasks:
        finish(Exchange(task, options.glue))
    print(record.write("exchange", {
        "what": "MiniLM fine-tuned by PyTorch + transformers and opened by this program "
                "(from_transformers), and the other way round (to_transformers): predictions "
                "on GLUE's dev sets compared row by row; a difference is of logits or scores; "
                "MNLI learned from a thousand rows of its other dev set, or, where these "
                "aren't there, from all of it",
        "command": "./dev bench exchange",
        "seed": 1,
        "threads": 1,
        "versions": record.versions(),
        "values": table(),
    }))


if __name__ == "__main__":
    main()
