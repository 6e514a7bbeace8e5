#!/usr/bin/env python3
"""Writes the goldens of chapter 10: metrics.json, permutations.json, csv.json, files.json and
custom_files.json in tests/golden/glue.

    python tests/golden/generate_glue.py                  metrics.json, permutations.json and
                                                          csv.json
    python tests/golden/generate_glue.py --data FOLDER    also files.json, from FOLDER/glue, and
                                                          custom_files.json, from FOLDER

metrics.json holds what scikit-learn and SciPy say about a few thousand cases. A case is a seed
and a few parameters: the vectors come from a small generator (SplitMix64) that the test has
too, so the file stays small.

permutations.json holds SciPy's permutation tests of small groups, over all ways to deal the
values out.

csv.json holds what Python's csv reader makes of every short text of the characters that CSV
treats as special: how many of each length it refuses, and a hash of all it reads.

files.json holds what Python's csv reader, used as the `datasets` package uses it, finds in the
real GLUE files: number of rows, how often each label occurs, and a hash of all examples.
custom_files.json holds the same of files that aren't GLUE's, CSV among them, each with the
description of a task that fits it.
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import json
import math
import pathlib
import warnings
from collections.abc import Iterator

HERE = pathlib.Path(__file__).resolve().parent / "glue"
MASK = (1 << 64) - 1


def splitmix64(seed: int) -> Iterator[int]:
    """The SplitMix64 sequence of a seed, 64-bit unsigned numbers."""
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def draw_classes(seed: int, n: int, positive: int, agreement: int) -> tuple[list[int], list[int]]:
    """n labels, `positive` per cent of them 1, and predictions that repeat the label in
    `agreement` per cent of the rows and are a coin's toss in the others."""
    random = splitmix64(seed)
    labels, predictions = [], []
    for _ in range(n):
        label = int(next(random) % 100 < positive)
        repeats = next(random) % 100 < agreement
        coin = next(random) % 2
        labels.append(label)
        predictions.append(label if repeats else coin)
    return predictions, labels


def draw_scores(seed: int, n: int, levels: int, agreement: int) -> tuple[list[float], list[float]]:
    """Two vectors of n sevenths, of `levels` different values at most; in `agreement` per cent
    of the rows they are equal, or opposite where the seed is odd."""
    random = splitmix64(seed)
    x, y = [], []
    for _ in range(n):
        value = next(random) % levels
        repeats = next(random) % 100 < agreement
        other = next(random) % levels
        x.append(value / 7)
        y.append((value if repeats else other) / 7 * (-1 if seed % 2 else 1))
    return x, y


def number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def classification_cases() -> list[list]:
    from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef

    cases = []
    for seed in range(1200):
        n = 20000 if seed % 300 == 299 else 1 + seed % 60
        positive = (0, 3, 50, 68, 100)[seed % 5]
        agreement = (0, 50, 90, 100)[seed // 5 % 4]
        predictions, labels = draw_classes(seed, n, positive, agreement)
        cases.append([seed, n, positive, agreement,
                      number(accuracy_score(labels, predictions)),
                      number(f1_score(labels, predictions, zero_division=0)),
                      number(matthews_corrcoef(labels, predictions))])
    return cases


def correlation_cases() -> list[list]:
    import numpy as np
    from scipy.stats import pearsonr, rankdata, spearmanr

    cases = []
    for seed in range(1200):
        n = 5000 if seed % 300 == 299 else 2 + seed % 60
        levels = (1, 2, 3, 10, 1000000)[seed % 5]
        agreement = (0, 50, 90, 100)[seed // 5 % 4]
        # The `evaluate` package casts to float32; its sums are then float32 too, so the
        # golden is the same data summed in double.
        x, y = (np.asarray(v, np.float32) for v in draw_scores(seed, n, levels, agreement))
        wide_x, wide_y = x.astype(np.float64), y.astype(np.float64)
        pearson = pearsonr(wide_x, wide_y)[0]
        spearman = spearmanr(wide_x, wide_y)[0]
        narrow = pearsonr(x, y)[0]
        assert math.isnan(pearson) == math.isnan(narrow) and not abs(pearson - narrow) > 1e-5
        ranks = rankdata(wide_x, method="average")
        checksum = float(np.sum(ranks * np.arange(1, n + 1)))
        cases.append([seed, n, levels, agreement, number(pearson), number(spearman), checksum])
    return cases


def permutation_cases() -> list[dict]:
    """Groups of two to seven values, some of them equal, with SciPy's p over all ways."""
    import numpy as np
    from scipy.stats import permutation_test

    def difference(group, other, axis):
        return np.mean(group, axis=axis) - np.mean(other, axis=axis)

    cases = []
    for seed in range(60):
        random = splitmix64(seed)
        sizes = (2 + seed % 6, 2 + seed // 6 % 6)
        group, other = ([next(random) % (5, 1000)[seed % 2] / 8 + shift for _ in range(size)]
                        for size, shift in zip(sizes, (0, seed % 4)))
        found = permutation_test((group, other), difference, vectorized=True,
                                 n_resamples=np.inf, alternative="greater")
        far = abs(found.statistic) * (1 - 1e-9)
        p = float(np.mean(np.abs(found.null_distribution) >= far))
        cases.append({"group": group, "other": other, "p": p})
    return cases


def write_permutations() -> None:
    import scipy

    write_json(HERE / "permutations.json", {"generator": "tests/golden/generate_glue.py",
                                            "packages": {"scipy": scipy.__version__},
                                            "cases": permutation_cases()})


def write_metrics() -> None:
    import numpy
    import scipy
    import sklearn

    warnings.simplefilter("ignore")
    golden = {
        "generator": "tests/golden/generate_glue.py",
        "packages": {"numpy": numpy.__version__, "scikit-learn": sklearn.__version__,
                     "scipy": scipy.__version__},
        "tolerance": 1e-12,
        "classification_columns": ["seed", "n", "positive", "agreement", "accuracy", "f1",
                                   "matthews_correlation"],
        "classification": classification_cases(),
        "correlation_columns": ["seed", "n", "levels", "agreement", "pearson", "spearmanr",
                                "sum of rank times position"],
        "correlation": correlation_cases(),
    }
    write_json(HERE / "metrics.json", golden)


def write_json(path: pathlib.Path, golden: dict) -> None:
    """One list item a line, so that a change shows in a diff as the rows it touches."""
    path.parent.mkdir(exist_ok=True)
    parts = []
    for key, value in golden.items():
        if isinstance(value, list) and value and not isinstance(value[0], str):
            rows = ",\n".join(json.dumps(row) for row in value)
            parts.append(f"{json.dumps(key)}: [\n{rows}\n]")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value)}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size} bytes")


BINARY = ["0", "1"]
INFERENCE = ["entailment", "not_entailment"]
THREE_WAY = ["entailment", "neutral", "contradiction"]

# task, file, split, sentence columns, label column (None: no labels), classes (None: score)
FILES = [
    ("cola", "CoLA/train.tsv", "train", [3], 1, BINARY),
    ("cola", "CoLA/dev.tsv", "dev", [3], 1, BINARY),
    ("cola", "CoLA/test.tsv", "test", ["sentence"], None, None),
    ("sst2", "SST-2/train.tsv", "train", ["sentence"], "label", BINARY),
    ("sst2", "SST-2/dev.tsv", "dev", ["sentence"], "label", BINARY),
    ("sst2", "SST-2/test.tsv", "test", ["sentence"], None, None),
    ("mrpc", "MRPC/train.tsv", "train", ["#1 String", "#2 String"], "Quality", BINARY),
    ("mrpc", "MRPC/dev.tsv", "dev", ["#1 String", "#2 String"], "Quality", BINARY),
    ("mrpc", "MRPC/test.tsv", "test", ["#1 String", "#2 String"], None, None),
    ("mrpc", "MRPC/msr_paraphrase_test.txt", "dev", ["#1 String", "#2 String"], "Quality", BINARY),
    ("stsb", "STS-B/train.tsv", "train", ["sentence1", "sentence2"], "score", None),
    ("stsb", "STS-B/dev.tsv", "dev", ["sentence1", "sentence2"], "score", None),
    ("stsb", "STS-B/test.tsv", "test", ["sentence1", "sentence2"], None, None),
    ("qqp", "QQP/train.subset-23496.tsv", "train", ["question1", "question2"], "is_duplicate",
     BINARY),
    ("mnli", "MNLI/dev_matched.tsv", "dev", ["sentence1", "sentence2"], "gold_label", THREE_WAY),
    ("mnli", "MNLI/dev_mismatched.gold-1000.tsv", "dev", ["sentence1", "sentence2"], "gold_label",
     THREE_WAY),
    ("qnli", "QNLI/train.subset-10475.tsv", "train", ["question", "sentence"], "label", INFERENCE),
    ("qnli", "QNLI/dev.tsv", "dev", ["question", "sentence"], "label", INFERENCE),
    ("qnli", "QNLI/test.tsv", "test", ["question", "sentence"], None, None),
    ("rte", "RTE/train.tsv", "train", ["sentence1", "sentence2"], "label", INFERENCE),
    ("rte", "RTE/dev.tsv", "dev", ["sentence1", "sentence2"], "label", INFERENCE),
    ("rte", "RTE/test.tsv", "test", ["sentence1", "sentence2"], None, None),
    ("wnli", "WNLI/train.tsv", "train", ["sentence1", "sentence2"], "label", BINARY),
    ("wnli", "WNLI/dev.tsv", "dev", ["sentence1", "sentence2"], "label", BINARY),
    ("wnli", "WNLI/test.tsv", "test", ["sentence1", "sentence2"], None, None),
]


def fnv1a(data: bytes, state: int) -> int:
    for byte in data:
        state = ((state ^ byte) * 0x100000001B3) & MASK
    return state


def read_rows(path: pathlib.Path, by_position: bool) -> list:
    with path.open(encoding="utf-8-sig") as file:
        if by_position:
            return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def file_golden(glue: pathlib.Path, entry: tuple) -> dict:
    task, name, split, sentences, label_column, classes = entry
    rows = read_rows(glue / name, isinstance(sentences[0], int))
    counts = [0] * len(classes) if classes else []
    state = 0xCBF29CE484222325
    for row in rows:
        label = ""
        if label_column is not None and classes:
            index = classes.index(row[label_column])
            counts[index] += 1
            label = str(index)
        elif label_column is not None:
            label = f"{float(row[label_column]):.3f}"
        fields = [row[column] for column in sentences] + [label]
        state = fnv1a(("\x1f".join(fields) + "\n").encode(), state)
    return {"task": task, "file": name, "split": split, "rows": len(rows), "labels": counts,
            "fnv1a": f"{state:016x}"}


def csv_golden(texts: list[str]) -> tuple[int, str]:
    """(refused, hash of all fields, rows and texts)"""
    refused = 0
    state = 0xCBF29CE484222325
    for text in texts:
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error:
            refused += 1
            rows = []
        for row in filter(None, rows):
            state = fnv1a("".join(f"{field}\x1f" for field in row).encode() + b"\x1e", state)
        state = fnv1a(b"\x1d", state)
    return refused, f"{state:016x}"


def write_csv() -> None:
    pieces, longest = ['"', ",", "\n", "\r\n", "a"], 6
    goldens = [csv_golden(["".join(text) for text in itertools.product(pieces, repeat=length)])
               for length in range(1, longest + 1)]
    refused, hashes = zip(*goldens)
    write_json(HERE / "csv.json", {"generator": "tests/golden/generate_glue.py",
                                   "pieces": pieces, "longest": longest,
                                   "refused": list(refused), "fnv1a": list(hashes)})


def custom_tasks(data: pathlib.Path) -> list[tuple[dict, dict[str, str]]]:
    """(description, {file: split})"""
    categories = json.loads((data / "banking77" / "categories.json").read_text())
    classes = (data / "ag_news" / "classes.txt").read_text().split()
    return [
        ({"name": "banking77", "text": "text", "label": "category", "labels": categories},
         {"banking77/train.csv": "train", "banking77/test.csv": "dev"}),
        ({"name": "ag_news", "text": "sentence ", "label": " label",
          "labels": {f" {i}": name for i, name in enumerate(classes)}},
         {"ag_news/train.subset.tsv": "train", "ag_news/dev.subset.tsv": "dev"}),
        ({"name": "ag_news pairs", "header": False, "text": [1, 2], "label": 0,
          "labels": {str(i): name for i, name in enumerate(classes, 1)}},
         {"ag_news/test.csv": "dev"}),
    ]


def custom_file_golden(path: pathlib.Path, description: dict) -> dict:
    quoting = csv.QUOTE_NONE if path.suffix == ".tsv" else csv.QUOTE_MINIMAL
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ",",
                               quoting=quoting, strict=True))
    header = rows.pop(0) if description.get("header", True) else list(range(len(rows[0])))
    texts = description["text"] if isinstance(description["text"], list) else [description["text"]]
    columns = [header.index(name) for name in texts]
    labels = list(description["labels"])
    counts = [0] * len(labels)
    state = 0xCBF29CE484222325
    for row in rows:
        label = labels.index(row[header.index(description["label"])])
        counts[label] += 1
        fields = [row[column] for column in columns] + [str(label)]
        state = fnv1a(("\x1f".join(fields) + "\n").encode(), state)
    return {"rows": len(rows), "labels": counts, "fnv1a": f"{state:016x}"}


def write_custom_files(data: pathlib.Path) -> None:
    write_json(HERE / "custom_files.json", {
        "generator": "tests/golden/generate_glue.py --data",
        "tasks": [{"description": description,
                   "files": [{"file": name, "split": split}
                             | custom_file_golden(data / name, description)
                             for name, split in files.items()]}
                  for description, files in custom_tasks(data)],
    })


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, help="folder that holds glue/")
    arguments = parser.parse_args()
    write_metrics()
    write_permutations()
    write_csv()
    if arguments.data:
        write_json(HERE / "files.json", {
            "generator": "tests/golden/generate_glue.py --data",
            "files": [file_golden(arguments.data / "glue", entry) for entry in FILES],
        })
        write_custom_files(arguments.data)


if __name__ == "__main__":
    main()
