"""GLUE's sentences for the peers: read, encoded and cut into batches outside the time."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import BertWordPieceTokenizer

MAX_LENGTH = 128
TRAIN_ROWS = 2048
# Task: folder, columns of the texts, column of the label.
COLUMNS = {"sst2": ("SST-2", [0], 1), "mrpc": ("MRPC", [3, 4], 0), "stsb": ("STS-B", [7, 8], 9)}


@dataclass(frozen=True)
class Text:
    """An encoded text or pair, without padding."""

    ids: list[int]
    type_ids: list[int]

    def __len__(self) -> int:
        return len(self.ids)


class Texts:
    """The dev sets whole, the first rows of the train sets."""

    def __init__(self, model: Path, glue: Path, train_rows: int = TRAIN_ROWS) -> None:
        self.glue = glue
        self.most_rows = {"train": train_rows, "dev": 1 << 30}
        self.tokenizer = BertWordPieceTokenizer(str(model / "vocab.txt"), lowercase=True)
        self.tokenizer.enable_truncation(MAX_LENGTH, strategy="longest_first")
        self.read: dict[tuple[str, str], tuple[list[Text], list[float]]] = {}

    def get(self, task: str, split: str) -> tuple[list[Text], list[float]]:
        """Texts and labels in the file's order."""
        if (task, split) not in self.read:
            folder, columns, label = COLUMNS[task]
            path = self.glue / folder / f"{split}.tsv"
            with open(path, encoding="utf-8-sig", newline="") as file:
                reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
                next(reader)
                rows = [row for row, _ in zip(reader, range(self.most_rows[split]))]
            encoded = [self.tokenizer.encode(*(row[i] for i in columns)) for row in rows]
            self.read[task, split] = ([Text(one.ids, one.type_ids) for one in encoded],
                                      [float(row[label]) for row in rows])
        return self.read[task, split]


def made_up(length: int, count: int) -> list[Text]:
    """Texts of one length, the same as bench_distilbert's."""
    return [Text([1000 + (number * 7919 + i * 104729) % 20000 for i in range(length)],
                 [0] * length) for number in range(count)]


def batches(texts: list[Text], size: int, order: str) -> list[list[Text]]:
    """In the file's order, or with the shortest texts first."""
    if order == "sorted":
        texts = sorted(texts, key=len)
    return [texts[i:i + size] for i in range(0, len(texts), size)]


def padded(batch: list[Text], length: int = 0) -> dict[str, np.ndarray]:
    """Ids, mask and segments as [texts, longest], or as [texts, length]."""
    shape = (len(batch), length or max(map(len, batch)))
    arrays = {name: np.zeros(shape, np.int64)
              for name in ("input_ids", "attention_mask", "token_type_ids")}
    for row, text in enumerate(batch):
        arrays["input_ids"][row, :len(text)] = text.ids
        arrays["attention_mask"][row, :len(text)] = 1
        arrays["token_type_ids"][row, :len(text)] = text.type_ids
    return arrays
