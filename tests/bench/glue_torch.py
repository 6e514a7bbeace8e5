"""One fine-tuning on a GLUE task with PyTorch and transformers, by the recipe of the command
`finetune`: shuffled batches padded to their longest text, dropout, AdamW without decay, a rate
that falls linearly to zero, gradients clipped to norm 1, the dev set after every epoch. A batch
goes through the model in parts of like lengths, which are padded less, and whose gradients are
added up: the same step in half the time.
The metrics are those that the `glue` metric of the evaluate package calls: scikit-learn's and
SciPy's. Prints one line of JSON: the metrics after each epoch, the losses, the seconds, and
what the model says of the dev set in the end.

    glue_torch.py --task cola --data GLUE --model DIR --seed 1 [--save DIR]
"""

import argparse
import csv
import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from peer_texts import Text
from peer_torch import tensors
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef
from tokenizers import BertWordPieceTokenizer
from transformers import (AutoModelForSequenceClassification, AutoTokenizer, PreTrainedModel,
                          get_linear_schedule_with_warmup)

METRICS = {
    "accuracy": accuracy_score,
    "f1": f1_score,
    "matthews_correlation": matthews_corrcoef,
    "pearson": lambda labels, given: pearsonr(given, labels).statistic,
    "spearmanr": lambda labels, given: spearmanr(given, labels).statistic,
}


@dataclass(frozen=True)
class GlueTask:
    """A task's folder, the names of its columns, how its file writes class i, its metrics."""

    folder: str
    texts: tuple[str, ...]
    label: str
    classes: tuple[str, ...]
    metrics: tuple[str, ...]


PART = 8  # rows
ZERO_ONE, ENTAILED = ("0", "1"), ("entailment", "not_entailment")
PAIR = ("sentence1", "sentence2")
TASKS = {
    "cola": GlueTask("CoLA", ("3",), "1", ZERO_ONE, ("matthews_correlation",)),
    "sst2": GlueTask("SST-2", ("sentence",), "label", ZERO_ONE, ("accuracy",)),
    "mrpc": GlueTask("MRPC", ("#1 String", "#2 String"), "Quality", ZERO_ONE, ("accuracy", "f1")),
    "stsb": GlueTask("STS-B", PAIR, "score", (), ("pearson", "spearmanr")),
    "qqp": GlueTask("QQP", ("question1", "question2"), "is_duplicate", ZERO_ONE,
                    ("accuracy", "f1")),
    "qnli": GlueTask("QNLI", ("question", "sentence"), "label", ENTAILED, ("accuracy",)),
    "rte": GlueTask("RTE", PAIR, "label", ENTAILED, ("accuracy",)),
    "wnli": GlueTask("WNLI", PAIR, "label", ZERO_ONE, ("accuracy",)),
    # In the order of Google's BERT code, which isn't the one of the `datasets` package.
    "mnli": GlueTask("MNLI", PAIR, "gold_label", ("contradiction", "entailment", "neutral"),
                     ("accuracy",)),
}


@dataclass(frozen=True)
class Split:
    texts: list[Text]
    labels: torch.Tensor


def read_rows(task: GlueTask, path: Path) -> tuple[list[tuple[str, ...]], list[str]]:
    """The texts and the label of every row, as the file writes them."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    # CoLA's files have no header; its columns are named by their places.
    header = [str(i) for i in range(4)] if task.folder == "CoLA" else rows.pop(0)
    ragged = [number for number, row in enumerate(rows, 1) if len(row) != len(header)]
    if ragged:
        raise SystemExit(f"{path}: row {ragged[0]} hasn't {len(header)} fields")
    columns = [header.index(name) for name in task.texts]
    label = header.index(task.label)
    return [tuple(row[i] for i in columns) for row in rows], [row[label] for row in rows]


def read_split(task: GlueTask, path: Path, tokenizer: BertWordPieceTokenizer) -> Split:
    texts, given = read_rows(task, path)
    encoded = [tokenizer.encode(*row) for row in texts]
    labels = (torch.tensor([task.classes.index(one) for one in given]) if task.classes
              else torch.tensor([float(one) for one in given]))
    return Split([Text(one.ids, one.type_ids) for one in encoded], labels)


def open_model(folder: Path, task: GlueTask) -> PreTrainedModel:
    """A checkpoint under a new head. Classes that are mere numbers keep the names LABEL_0 and
    so on that a model has whose labels nobody named."""
    names = {} if task.classes in ((), ZERO_ONE) else {
        "id2label": dict(enumerate(task.classes)),
        "label2id": {name: i for i, name in enumerate(task.classes)}}
    return AutoModelForSequenceClassification.from_pretrained(
        folder, num_labels=len(task.classes) or 1, **names)


def save(model: PreTrainedModel, source: Path, folder: Path) -> None:
    """The model as transformers saves one; it writes no vocab.txt beside its tokenizer.json."""
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(source).save_pretrained(folder)
    shutil.copyfile(source / "vocab.txt", folder / "vocab.txt")


def by_length(texts: list[Text], rows: torch.Tensor) -> torch.Tensor:
    return torch.tensor(sorted(rows.tolist(), key=lambda row: len(texts[row])))


@torch.inference_mode()
def predict(model: PreTrainedModel, task: GlueTask, dev: Split, size: int) -> torch.Tensor:
    """The class of every row, or its score."""
    model.eval()
    order = by_length(dev.texts, torch.arange(len(dev.texts)))
    logits = torch.cat([model(**tensors([dev.texts[row] for row in rows], model)).logits
                        for rows in order.split(size)])[order.argsort()]
    return logits.argmax(-1) if task.classes else logits.squeeze(-1)


def evaluate(task: GlueTask, dev: Split, given: torch.Tensor) -> dict[str, float]:
    return {name: float(METRICS[name](dev.labels.numpy(), given.numpy()))
            for name in task.metrics}


def add_gradients(model: PreTrainedModel, train: Split, chosen: torch.Tensor) -> float:
    """The loss of a batch, whose gradients are added to those that are there."""
    whole = 0.0
    for rows in by_length(train.texts, chosen).split(PART):
        batch = tensors([train.texts[row] for row in rows], model)
        loss = model(**batch, labels=train.labels[rows]).loss * (len(rows) / len(chosen))
        loss.backward()
        whole += loss.item()
    return whole


def finetune(model: PreTrainedModel, task: GlueTask, train: Split, dev: Split,
             options: argparse.Namespace) -> dict[str, list]:
    """The losses, the metrics after each epoch, the last predictions as the file writes them."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.learning_rate, weight_decay=0.0,
                                  fused=True)
    steps = options.epochs * -(-len(train.texts) // options.batch_size)
    schedule = get_linear_schedule_with_warmup(optimizer, 0, steps)
    losses, epochs = [], []
    for _ in range(options.epochs):
        model.train()
        for chosen in torch.randperm(len(train.texts)).split(options.batch_size):
            losses.append(add_gradients(model, train, chosen))
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            schedule.step()
        given = predict(model, task, dev, options.batch_size)
        epochs.append(evaluate(task, dev, given))
    return {"epochs": epochs, "losses": losses,
            "predictions": [task.classes[one] if task.classes else one
                            for one in given.tolist()]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--task", choices=TASKS, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--train-file", type=Path)
    parser.add_argument("--dev-file", type=Path)
    parser.add_argument("--save", type=Path, help="keep the model in this folder")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=5e-5)
    parser.add_argument("--max-length", type=int, default=128)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    task = TASKS[options.task]
    tokenizer = BertWordPieceTokenizer(str(options.model / "vocab.txt"), lowercase=True)
    tokenizer.enable_truncation(options.max_length, strategy="longest_first")
    folder = options.data / task.folder
    train, dev = (read_split(task, path, tokenizer)
                  for path in (options.train_file or folder / "train.tsv",
                               options.dev_file or folder / "dev.tsv"))
    started = time.perf_counter()
    model = open_model(options.model, task)
    results = finetune(model, task, train, dev, options)
    results["seconds"] = time.perf_counter() - started
    if options.save:
        save(model, options.model, options.save)
    print(json.dumps(results))


if __name__ == "__main__":
    main()
