"""GLUE in the official layout where only a part of QNLI and QQP is at hand, and what there is
of each task."""

import csv
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from kept_runs import learned_from
from sides import ROOT

FOLDER = ROOT / "build" / "bench" / "glue-data"
FOLDERS = {"cola": "CoLA", "sst2": "SST-2", "mrpc": "MRPC", "stsb": "STS-B", "qqp": "QQP",
           "qnli": "QNLI", "rte": "RTE", "wnli": "WNLI"}
# The column of the label, where it isn't the last.
LABELS = {"cola": 1, "mrpc": 0}
SUBSETS = {"QNLI": "train.subset-10475.tsv", "QQP": "train.subset-23496.tsv"}
HELD_OUT = 10  # every tenth row of QQP is dev


def split(source: bytes) -> tuple[bytes, bytes]:
    """Train and dev: every tenth row goes to dev, the others to train; both get the header."""
    header, *rows = source.rstrip(b"\n").split(b"\n")
    held_out = rows[HELD_OUT - 1::HELD_OUT]
    del rows[HELD_OUT - 1::HELD_OUT]
    train, dev = (b"\n".join([header, *part]) + b"\n" for part in (rows, held_out))
    return train, dev


def remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def link(place: Path, target: Path) -> None:
    """A link that is right stays: another study may be reading through it."""
    if not place.is_symlink() or place.readlink() != target:
        remove(place)
        place.symlink_to(target)


def place_subset(place: Path, subset: Path) -> None:
    """Train and dev in a folder of their own. The whole files replace others at once, as
    another study may be reading them."""
    if place.is_symlink():
        place.unlink()
    place.mkdir(exist_ok=True)
    train, dev = subset.read_bytes(), subset.parent / "dev.tsv"
    parts = (train, dev.read_bytes()) if dev.is_file() else split(train)
    for name, part in zip(("train.tsv", "dev.tsv"), parts):
        partial = place / f"{name}.partial"
        partial.write_bytes(part)
        os.replace(partial, place / name)


def glue_with_subsets(glue: Path) -> Path:
    """A folder that links to `glue`, and where QNLI and QQP have train and dev files of what
    is there. A folder without subsets is left as it is."""
    subsets = {name: glue / name / file for name, file in SUBSETS.items()
               if (glue / name / file).is_file() and not (glue / name / "train.tsv").is_file()}
    if not subsets:
        return glue
    FOLDER.mkdir(parents=True, exist_ok=True)
    names = {task.name for task in glue.iterdir()}
    for place in FOLDER.iterdir():
        if place.name not in names:
            remove(place)
    for name in names:
        if name in subsets:
            place_subset(FOLDER / name, subsets[name])
        else:
            link(FOLDER / name, (glue / name).resolve())
    return FOLDER


def files(task: str, glue: Path) -> list[Path]:
    return [glue / FOLDERS[task] / f"{split}.tsv" for split in ("train", "dev")]


def has_data(task: str, glue: Path) -> bool:
    return all(path.is_file() for path in files(task, glue))


def read_labels(task: str, path: Path) -> list[str]:
    """As the file writes them. CoLA's has no header."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row]
    return [row[LABELS.get(task, -1)] for row in rows[task != "cola":]]


def majority(train: list[str], dev: list[str]) -> dict[str, float]:
    """What the most frequent class of train scores on dev, by the name of the metric: as
    scikit-learn has it, where the second class is F1's and a constant has no correlation."""
    counts = Counter(train)
    answer = max(sorted(counts), key=counts.__getitem__)
    share = dev.count(answer) / len(dev)
    return {"accuracy": share, "f1": 2 * share / (1 + share) if answer == "1" else 0.0,
            "matthews_correlation": 0.0}


def facts(task: str, glue: Path) -> dict[str, Any]:
    """How many rows there are, and what an answer scores that ignores the texts. Of scores
    there is no majority."""
    train, dev = (read_labels(task, path) for path in files(task, glue))
    return {"train_rows": len(train), "dev_rows": len(dev),
            "majority": {} if task == "stsb" else majority(train, dev)}


def usable(tasks: list[str], glue: Path,
           runs_of: Callable[[str], Iterable[Path]]) -> list[str]:
    """The tasks whose data is there, and is what their kept runs learned from. Says of the
    others why they are left out."""
    found = []
    for task in tasks:
        if not has_data(task, glue):
            print(f"{task}: skipped, no train.tsv and dev.tsv in {glue / FOLDERS[task]}",
                  flush=True)
            continue
        rows = facts(task, glue)["train_rows"]
        if learned_from(runs_of(task), rows):
            found.append(task)
        else:
            print(f"{task}: skipped, its kept runs didn't learn from the {rows} rows at hand",
                  flush=True)
    return found
