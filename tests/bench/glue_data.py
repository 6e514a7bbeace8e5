"""GLUE in the official layout where only a part of QNLI and QQP is at hand."""

import shutil
from pathlib import Path

from sides import ROOT

FOLDER = ROOT / "build" / "bench" / "glue-data"
SUBSETS = {"QNLI": "train.subset-10475.tsv", "QQP": "train.subset-23496.tsv"}
HELD_OUT = 10  # every tenth row of QQP is dev


def split(source: Path, train: Path, dev: Path) -> None:
    """Every tenth row goes to dev, the others to train; both get the header."""
    header, *rows = source.read_bytes().rstrip(b"\n").split(b"\n")
    held_out = rows[HELD_OUT - 1::HELD_OUT]
    del rows[HELD_OUT - 1::HELD_OUT]
    for path, part in ((train, rows), (dev, held_out)):
        path.write_bytes(b"\n".join([header, *part]) + b"\n")


def glue_with_subsets(glue: Path) -> Path:
    """A folder that links to `glue`, and where QNLI and QQP have train and dev files of what
    is there. A whole GLUE is left as it is."""
    if all((glue / name / "train.tsv").is_file() for name in SUBSETS):
        return glue
    FOLDER.mkdir(parents=True, exist_ok=True)
    for task in glue.iterdir():
        place = FOLDER / task.name
        if task.name not in SUBSETS and not place.exists():
            place.symlink_to(task.resolve())
    for name, file in SUBSETS.items():
        subset, place = glue / name / file, FOLDER / name
        if not subset.is_file():
            continue
        place.mkdir(exist_ok=True)
        if (glue / name / "dev.tsv").is_file():
            shutil.copyfile(subset, place / "train.tsv")
            shutil.copyfile(glue / name / "dev.tsv", place / "dev.tsv")
        else:
            split(subset, place / "train.tsv", place / "dev.tsv")
    return FOLDER
