"""The table of GLUE's small tasks (CoLA, MRPC, STS-B, RTE, WNLI) over three seeds: MiniLM is
the teacher, fine-tuned on each task, and the student of its layers 0, 2 and 4 is distilled
from it on the same task. Goes on where it was stopped."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "bench"))

import record  # noqa: E402  (from the bench)

PRETRAINED = ROOT / "downloads" / "minilm-l6-v2"
LAYERS = "0,2,4"
TASKS = {"cola": "CoLA", "mrpc": "MRPC", "stsb": "STS-B", "rte": "RTE", "wnli": "WNLI"}
SEEDS = 3


class Failed(Exception):
    """A command failed; the program has said why."""


def run(*arguments: str | Path) -> None:
    program = os.environ.get("DISTILBERT_PROGRAM", ROOT / "build" / "release" / "distilbert")
    if subprocess.run([program, *arguments], stdin=subprocess.DEVNULL, check=False).returncode != 0:
        raise Failed(f"distilbert {arguments[0]} didn't end well; "
                     "the same command goes on where it was stopped")


def seconds_of_runs(output: Path) -> int | None:
    """How long all runs took, one after another; nothing where one was stopped and went on,
    which doesn't say."""
    each = [json.loads(path.read_text())["seconds"]
            for path in output.glob("runs/*/*/result.json")]
    return None if None in each else round(sum(each))


def keep(output: Path, began: dict[str, Any]) -> None:
    """The table's figures, where the README and the book take them from."""
    rows = json.loads((output / "table.json").read_text())
    values: dict[str, Any] = {"seconds": seconds_of_runs(output)}
    for row in rows:
        metric = row["metric"].replace(" ", "_")  # the average's is a phrase
        values.setdefault(row["task"], {})[metric] = {
            key: value for key, value in row.items() if key not in ("task", "metric")}
    path = record.write("small_glue", {
        "what": "Small tasks of GLUE, three seeds: MiniLM, and the student of its layers 0, 2 "
                "and 4, distilled on each task; metrics on dev after the last of three epochs",
        "command": "./dev glue --data GLUE",
        "seed": f"1 to {SEEDS}",
        "values": values,
        **began,
    })
    print(f"written: {path}")


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev glue", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "downloads" / "glue",
                        help="a GLUE folder (with CoLA/train.tsv); default: downloads/glue, "
                             "where ./dev fetch glue puts it")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "small-glue",
                        help="where the student and the results go; default: build/small-glue")
    parser.add_argument("--keep-models", action="store_true",
                        help="keep every trained model, 3 GB in all")
    parser.add_argument("--record", action="store_true",
                        help="keep the figures in book/results/small_glue.json")
    options = parser.parse_args(arguments)
    missing = [folder for folder in TASKS.values() if not (options.data / folder).is_dir()]
    if missing:
        parser.error(f"{options.data}: a GLUE folder expected, {missing[0]} is not in it; "
                     f"./dev fetch glue {' '.join(TASKS.values())} fetches these tasks")
    return options


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    student, results = options.output / "student", options.output / "results"
    began = record.circumstances() if options.record else {}
    try:
        # What extract writes last.
        if not (student / "config.json").is_file():
            run("extract", "--teacher", PRETRAINED, "--layers", LAYERS, "--output", student)
        run("glue", "--data", options.data, "--model", student, "--teacher", PRETRAINED,
            "--distil", "--tasks", ",".join(TASKS), "--seeds", str(SEEDS), "--output", results,
            *(["--keep-models"] if options.keep_models else []))
    except Failed as error:
        print(f"glue: {error}", file=sys.stderr)
        return 1
    print(f"\ntables, curves and results of each run: {results}")
    if options.record:
        keep(results, began)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
