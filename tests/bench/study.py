"""What the studies of chapters 10 and 11 share: the options of their command lines, and for
those that train, MiniLM and processes that run to their end."""

import argparse
import os
import subprocess
from collections.abc import Callable, Collection
from pathlib import Path

from sides import ROOT, clean_environment

MODEL = ROOT / "downloads" / "minilm-l6-v2"
# A study of hours wants a copy that no build replaces, and beside it a file `commit` that says
# what it was built from.
PROGRAM = Path(os.environ.get("DISTILBERT_PROGRAM", ROOT / "build" / "release" / "distilbert"))
# NumPy's own threads, idle beside PyTorch's, get one only. Memory that was given back is kept
# by the process: the gradient of the embeddings, 47 MB of it, is made anew for each part of a
# batch, and fresh pages for it are a tenth of a step.
TORCH = {"OPENBLAS_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1",
         "MALLOC_MMAP_THRESHOLD_": str(1 << 32), "MALLOC_TRIM_THRESHOLD_": str(1 << 35)}


def output_of(command: list[str], environment: dict[str, str], lines: str = "") -> str:
    """What a process prints that is given these lines; it must succeed."""
    done = subprocess.run(command, env=clean_environment(environment), input=lines, text=True,
                          capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n"
                         f"{done.stderr[-2000:]}")
    return done.stdout


def commit_of_program(program: Path = PROGRAM) -> dict[str, str]:
    """Nothing where it isn't noted: the program is the work tree's then."""
    note = program.with_name("commit")
    return {"commit": note.read_text().strip()} if note.is_file() else {}


def some_of(known: Collection[str]) -> Callable[[str], list[str]]:
    """Reads names with commas between them."""
    def read(text: str) -> list[str]:
        names = text.split(",")
        if unknown := [name for name in names if name not in known]:
            raise argparse.ArgumentTypeError(
                f"no {unknown[0]!r} (there is: {', '.join(known)})")
        return names
    return read


def study_parser(description: str, rounds: int | None = None,
                 tasks: Collection[str] = ()) -> argparse.ArgumentParser:
    """--glue, --rounds where a study repeats itself, and --tasks where it has several."""
    parser = argparse.ArgumentParser(description=description,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    if rounds is not None:
        parser.add_argument("--rounds", type=int, default=rounds)
    if tasks:
        parser.add_argument("--tasks", type=some_of(tasks), default=list(tasks))
    parser.add_argument("--glue", type=Path, default=ROOT / "../shared/data/glue")
    return parser
