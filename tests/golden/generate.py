"""Makes the goldens in this folder with the reference packages. See README.md."""

import argparse
import importlib
import os
from importlib.metadata import version
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import torch
from transformers.utils import logging

from check_saved import check_saved
from store import HERE, Manifest

PINNED = {"torch": "2.13.0", "transformers": "5.23.0", "tokenizers": "0.23.3"}
PARTS = ["models", "variants", "operations", "distillation", "optimizer", "tiny_training",
         "exchange", "minilm"]
# Written by train_reference.py, which takes an hour, and only entered in the manifest here.
RUNS = "train_reference.py"


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS)
    parser.add_argument("--check-saved", type=Path, nargs="+", metavar=("MODEL", "OUTPUT"),
                        help="folders saved by our program, each followed by the file that "
                        "`distilbert forward` wrote from it; nothing is generated")
    return parser.parse_args()


def check_versions() -> None:
    for package, wanted in PINNED.items():
        found = version(package).split("+")[0]
        assert found == wanted, f"{package} {wanted} needed, found {found}"


def check_folders(paths: list[Path]) -> None:
    assert len(paths) % 2 == 0, "--check-saved takes pairs of a folder and a file"
    for folder, written in zip(paths[::2], paths[1::2]):
        check_saved(folder, written)


def add_runs(manifest: Manifest) -> None:
    for report in sorted((HERE / "training").glob("*_head.safetensors")):
        stem = report.name.removesuffix("_head.safetensors")
        for suffix in ("_head.safetensors", "_order.safetensors", ".json"):
            manifest.add(report.parent / f"{stem}{suffix}", RUNS)


def generate(parts: list[str]) -> None:
    manifest = Manifest()
    if parts != PARTS:
        manifest.keep("")
    for part in parts:
        importlib.import_module(f"make_{part}").make(manifest)
    add_runs(manifest)
    manifest.write(PINNED)


def main() -> None:
    arguments = parse_arguments()
    check_versions()
    torch.set_num_threads(1)
    logging.disable_progress_bar()
    if arguments.check_saved:
        check_folders(arguments.check_saved)
    else:
        generate(arguments.only)


if __name__ == "__main__":
    main()
