"""Fine-tunes the MiniLM checkpoint on a GLUE task with PyTorch and exports what a second
implementation needs to repeat the run step by step: the newly initialised head, the order of
the rows, the loss of every step, and the predictions on dev at the end.

Dropout is off, so that nothing in the run is random but what is exported. The recipe: AdamW
without decay, learning rate 5e-5 falling linearly to zero without warm-up, batches of 32,
gradients clipped to norm 1, texts cut to 128 tokens. As in glue_torch.py a batch goes through
the model in parts of like lengths.

The run is repeated once for each number given to --threads. The first is the reference; how
many predictions the others share with it is the agreement one can ask of anybody.

    train_reference.py --task mrpc --model MINILM --data GLUE --runs DIR --threads 2 1
"""

import argparse
import base64
import hashlib
import json
import os
import statistics
import struct
import sys
import time
from pathlib import Path

import torch
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    get_linear_schedule_with_warmup,
)

from store import write_json, write_tensors

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "bench"))

from glue_torch import METRICS, PART, TASKS, GlueTask, read_rows  # noqa: E402

RECIPE = {
    "learning_rate": 5e-5,
    "batch_size": 32,
    "max_length": 128,
    "warmup_steps": 0,
    "weight_decay": 0.0,
    "betas": [0.9, 0.999],
    "epsilon": 1e-8,
    "max_grad_norm": 1.0,
    "dropout": 0.0,
}
FIRST_STEPS = 50
SCORE_TOLERANCE = 0.05  # one per cent of the scale of STS-B, 0 to 5


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--task", choices=TASKS, required=True)
    parser.add_argument("--model", type=Path, required=True, help="folder of the checkpoint")
    default = Path(os.environ.get("DISTILBERT_DATA", HERE.parents[2] / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=default / "glue", help="folder of GLUE")
    parser.add_argument("--runs", type=Path, required=True, help="where finished runs are kept")
    parser.add_argument("--output", type=Path, default=HERE / "training")
    parser.add_argument("--threads", type=int, nargs="+", default=[2, 1])
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--max-train-rows", type=int)
    return parser.parse_args()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read_split(task: GlueTask, path: Path) -> tuple[list[list[str]], list[float]]:
    """Texts by column, and labels, of one file."""
    rows, labels = read_rows(task, path)
    return ([list(column) for column in zip(*rows)],
            [task.classes.index(label) if task.classes else float(label) for label in labels])


def tokenize(tokenizer, texts: list[list[str]]) -> list[dict]:
    """One dictionary of lists per row; longest-first truncation, no padding yet."""
    encoded = tokenizer(*texts, truncation="longest_first", max_length=RECIPE["max_length"])
    keys = ("input_ids", "token_type_ids", "attention_mask")
    return [dict(zip(keys, row)) for row in zip(*(encoded[key] for key in keys))]


def collate(rows: list[dict]) -> dict[str, torch.Tensor]:
    """Pads to the longest row with zeros, which is also the id of [PAD]."""
    longest = max(len(row["input_ids"]) for row in rows)
    return {
        key: torch.tensor([row[key] + [0] * (longest - len(row[key])) for row in rows])
        for key in rows[0]
    }


def make_order(rows: int, arguments: argparse.Namespace) -> torch.Tensor:
    """[epochs, rows]: the row visited at each place of each epoch."""
    generator = torch.Generator().manual_seed(arguments.seed)
    epochs = [torch.randperm(rows, generator=generator) for _ in range(arguments.epochs)]
    return torch.stack(epochs).to(torch.int32)


def load_model(folder: Path, labels: int, seed: int):
    """The checkpoint under a fresh classifier: weights of deviation 0.02, biases zero."""
    model = AutoModelForSequenceClassification.from_pretrained(
        folder,
        num_labels=labels,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        dtype=torch.float32,
    )
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        model.classifier.weight.normal_(0.0, 0.02, generator=generator)
        model.classifier.bias.zero_()
    return model


def by_length(batch: list[int], rows: list[dict]) -> list[list[int]]:
    """Parts of a batch with rows of like lengths."""
    ordered = sorted(batch, key=lambda row: len(rows[row]["input_ids"]))
    return [ordered[i : i + PART] for i in range(0, len(ordered), PART)]


def train(model, rows: list[dict], labels: list[float], order: torch.Tensor) -> dict:
    size = RECIPE["batch_size"]
    optimizer = torch.optim.AdamW(
        model.parameters(),
        lr=RECIPE["learning_rate"],
        betas=tuple(RECIPE["betas"]),
        eps=RECIPE["epsilon"],
        weight_decay=RECIPE["weight_decay"],
    )
    batches = [batch.tolist() for epoch in order for batch in epoch.split(size)]
    schedule = get_linear_schedule_with_warmup(optimizer, RECIPE["warmup_steps"], len(batches))
    dtype = torch.float32 if model.config.num_labels == 1 else torch.int64
    losses, norms, begin = [], [], time.perf_counter()
    model.train()
    for step, batch in enumerate(batches):
        losses.append(0.0)
        for part in by_length(batch, rows):
            target = torch.tensor([labels[i] for i in part], dtype=dtype)
            loss = model(**collate([rows[i] for i in part]), labels=target).loss
            loss = loss * (len(part) / len(batch))
            loss.backward()
            losses[-1] += loss.item()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), RECIPE["max_grad_norm"])
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        norms.append(norm.item())
        if step % 20 == 0 or step + 1 == len(batches):
            seconds = time.perf_counter() - begin
            print(f"step {step + 1}/{len(batches)} loss {losses[-1]:.6f} {seconds:.0f} s",
                  flush=True)
    return {"losses": losses, "gradient_norms": norms}


@torch.no_grad()
def predict(model, rows: list[dict]) -> list[list[float]]:
    model.eval()
    size = RECIPE["batch_size"]
    batches = [rows[i : i + size] for i in range(0, len(rows), size)]
    return torch.cat([model(**collate(batch)).logits for batch in batches]).tolist()


def predictions(logits: list[list[float]]) -> list[float]:
    """The class with the largest logit, or the score itself where there is one logit."""
    if len(logits[0]) == 1:
        return [row[0] for row in logits]
    return [row.index(max(row)) for row in logits]


def evaluate(task: GlueTask, predicted: list[float], labels: list[float]) -> dict[str, float]:
    return {name: float(METRICS[name](labels, predicted)) for name in task.metrics}


def run(arguments: argparse.Namespace, threads: int) -> dict:
    """One whole fine-tuning on so many threads; taken from --runs where it is there already."""
    stem = (f"{arguments.task}.rows{arguments.max_train_rows}.epochs{arguments.epochs}."
            f"seed{arguments.seed}")
    path = arguments.runs / f"{stem}.threads{threads}.json"
    if path.exists():
        return json.loads(path.read_text())
    torch.set_num_threads(threads)
    task = TASKS[arguments.task]
    folder = arguments.data / task.folder
    texts, labels = read_split(task, folder / "train.tsv")
    texts = [column[: arguments.max_train_rows] for column in texts]
    dev_texts, dev_labels = read_split(task, folder / "dev.tsv")
    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    rows = tokenize(tokenizer, texts)
    model = load_model(arguments.model, len(task.classes) or 1, arguments.seed)
    begin = time.perf_counter()
    result = train(model, rows, labels, make_order(len(rows), arguments))
    result["train_seconds"] = time.perf_counter() - begin
    result["train_rows"] = len(rows)
    result["dev_logits"] = predict(model, tokenize(tokenizer, dev_texts))
    result["metrics"] = evaluate(task, predictions(result["dev_logits"]), dev_labels)
    print(f"threads {threads}: {result['train_seconds']:.0f} s, {result['metrics']}", flush=True)
    arguments.runs.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result))
    return result


def agreement(reference: dict, other: dict, threads: int) -> dict:
    """How far a run on another number of threads is from the reference run."""
    pairs = list(zip(reference["losses"], other["losses"]))
    ratios = [abs(a - b) / max(abs(a), 0.1) for a, b in pairs]
    logits = list(zip(reference["dev_logits"], other["dev_logits"]))
    deviations = [abs(a - b) for x, y in logits for a, b in zip(x, y)]
    tolerance = SCORE_TOLERANCE if len(reference["dev_logits"][0]) == 1 else 0.0
    answers = zip(predictions(reference["dev_logits"]), predictions(other["dev_logits"]))
    return {
        "threads": threads,
        "share": statistics.fmean(abs(a - b) <= tolerance for a, b in answers),
        "largest_loss_ratio_first_steps": max(ratios[:FIRST_STEPS]),
        "largest_loss_ratio": max(ratios),
        "largest_logit_difference": max(deviations),
        "mean_logit_difference": sum(deviations) / len(deviations),
        "metrics": other["metrics"],
    }


def float32_text(values: list[float]) -> str:
    """Base64 of the values as little-endian float32: all digits, a third of the text."""
    return base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()


def export(arguments: argparse.Namespace, runs: list[dict]) -> None:
    task, reference = TASKS[arguments.task], runs[0]
    folder = arguments.data / task.folder
    model = load_model(arguments.model, len(task.classes) or 1, arguments.seed)
    head = {f"classifier.{name}": value for name, value in model.classifier.state_dict().items()}
    stem = arguments.output / arguments.task
    write_tensors(Path(f"{stem}_head.safetensors"), head)
    order = make_order(reference["train_rows"], arguments)
    write_tensors(Path(f"{stem}_order.safetensors"), {"order": order})
    answers = predictions(reference["dev_logits"])
    report = {
        "task": arguments.task,
        "generator": "train_reference.py",
        "seed": arguments.seed,
        "threads": arguments.threads[0],
        "recipe": {**RECIPE, "epochs": arguments.epochs},
        "checkpoint_sha256": sha256((arguments.model / "model.safetensors").read_bytes()),
        "data_sha256": {f: sha256((folder / f).read_bytes()) for f in ("train.tsv", "dev.tsv")},
        "train_rows": reference["train_rows"],
        "dev_rows": len(answers),
        "steps": len(reference["losses"]),
        "first_losses": reference["losses"][:FIRST_STEPS],
        "first_gradient_norms": reference["gradient_norms"][:FIRST_STEPS],
        "losses_float32_base64": float32_text(reference["losses"]),
        "metrics": reference["metrics"],
        "prediction_tolerance": 0 if task.classes else SCORE_TOLERANCE,
        "dev_predictions": [round(answer, 6) for answer in answers],
        "dev_logits": [[round(v, 6) for v in row] for row in reference["dev_logits"]],
        "self_agreement": [
            agreement(reference, other, threads)
            for threads, other in zip(arguments.threads[1:], runs[1:])
        ],
    }
    if not task.classes:
        del report["dev_logits"]  # the predictions are the logits
    write_json(Path(f"{stem}.json"), report)


def main() -> None:
    arguments = parse_arguments()
    export(arguments, [run(arguments, threads) for threads in arguments.threads])


if __name__ == "__main__":
    main()
