"""PyTorch and transformers as run.py's peer: the same requests as
bench_distilbert.cpp, the same model, data and training recipe. Batches are in file
order and padded to their longest text, as Trainer and pipelines do."""

import csv
import sys
import time
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

MAX_LENGTH = 128
COLUMNS = {"sst2": ("SST-2", [0], 1), "mrpc": ("MRPC", [3, 4], 0)}


def read(task: str, glue: Path, split: str) -> tuple[list[list[str]], list[int]]:
    folder, texts, label = COLUMNS[task]
    with open(glue / folder / f"{split}.tsv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [[row[i] for i in texts] for row in rows], [int(row[label]) for row in rows]


class Bench:
    def __init__(self, task: str, model: str, glue: Path) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(model)
        self.model = AutoModelForSequenceClassification.from_pretrained(model, num_labels=2)
        texts, _ = read(task, glue, "dev")
        self.dev = [self.encode(text) for text in texts]
        texts, self.labels = read(task, glue, "train")
        self.train = [self.encode(text) for text in texts[:2000]]

    def encode(self, texts: list[str]) -> dict:
        return self.tokenizer(*texts, truncation=True, max_length=MAX_LENGTH)

    def batches(self, rows: list[dict], size: int) -> list[dict]:
        return [self.tokenizer.pad(rows[i:i + size], padding="longest", return_tensors="pt")
                for i in range(0, len(rows), size)]

    def forward(self, size: int, count: int) -> float:
        batches = self.batches(self.dev[:count], size)
        self.model.eval()
        started = time.perf_counter()
        with torch.inference_mode():
            for batch in batches:
                self.model(**batch)
        return time.perf_counter() - started

    def train_steps(self, size: int, steps: int) -> float:
        batches = self.batches(self.train[:size * steps], size)
        labels = torch.tensor(self.labels[:size * steps]).split(size)
        optimizer = torch.optim.AdamW(self.model.parameters(), lr=5e-5, weight_decay=0.0)
        self.model.train()
        started = time.perf_counter()
        for batch, expected in zip(batches, labels):
            self.model(**batch, labels=expected).loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
        return time.perf_counter() - started


def main() -> None:
    task, model, glue, threads = sys.argv[1:5]
    torch.set_num_threads(int(threads))
    bench = Bench(task, model, Path(glue))
    print("ready", flush=True)
    for line in sys.stdin:
        what, size, count = line.split()
        work = bench.forward if what == "forward" else bench.train_steps
        print(work(int(size), int(count)), flush=True)


if __name__ == "__main__":
    main()
