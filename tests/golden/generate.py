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

from store import Manifest, MANIFEST

PINNED = {"torch": "2.13.0", "transformers": "5.23.0", "tokenizers": "0.23.3"}
PARTS = ["models"]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS)
    return parser.parse_args()


def check_versions() -> None:
    for package, wanted in PINNED.items():
        found = version(package).split("+")[0]
        assert found == wanted, f"{package} {wanted} needed, found {found}"


def main() -> None:
    arguments = parse_arguments()
    check_versions()
    torch.set_num_threads(1)
    logging.disable_progress_bar()
    manifest = Manifest()
    for part in arguments.only:
        importlib.import_module(f"make_{part}").make(manifest)
    manifest.write(PINNED)


if __name__ == "__main__":
    main()
