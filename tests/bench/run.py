"""./dev bench: the program beside its peers, on real sentences, in one run.

    ./dev bench [--quick] [--rounds N] [--threads N] [--data GLUE] [--only NAME…]
    ./dev bench tokenize   the tokenizers alone, on texts of many kinds
    ./dev bench STUDY …    parity, glue, exchange, ablation (chapters 8 and 10), steps, roofline,
                           loaded, finetunings (chapter 11), with options of their own
                           (--tasks rte,mrpc)
    ./dev bench list       the names of the rows

Ours and the peers take turns, round after round, on the same requests; the table has
medians, and the ratio of each pair of rounds. The whole run takes about 40 minutes, keeps
its models in build/bench (4 GB) and writes book/results/bench.json and bench_curves.json;
--quick takes two minutes and, like --only, writes to build/bench/results.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

import curves
import figures
import record
import table
import tokenizing
import workloads
from glue_data import FOLDERS
from rows import AccuracyRow, Row, answers_int8, available_threads
from sides import HERE, MODELS, ROOT, SideError, Sides, clean_environment

MINILM = ROOT / "downloads" / "minilm-l6-v2"
OTHER_RESULTS = ROOT / "build" / "bench" / "results"
ROUNDS = 7
LEAST_ROUNDS = 3
# Each a script of this folder. The first make do with any of GLUE's tasks.
GLUE_STUDIES = ("parity", "glue", "exchange", "ablation")
STUDIES = (*GLUE_STUDIES, "steps", "roofline", "loaded", "finetunings")
CURVE_ROUNDS = {"minilm": 5, "distilbert-base": 2}


def glue_folder(given: Path | None, tasks: Collection[str] = ("SST-2",)) -> Path:
    """The one that is given, or else the first with one of these tasks."""
    data = Path(os.environ.get("DISTILBERT_DATA", ROOT / ".." / "shared" / "data")) / "glue"
    folders = [data, ROOT / "downloads" / "glue"] if given is None else [given]
    for folder in folders:
        if any((folder / task / "dev.tsv").is_file() for task in tasks):
            return folder.resolve()
    raise SystemExit(f"bench: no GLUE data in {' or '.join(map(str, folders))}; "
                     "./dev fetch glue SST-2 MRPC STS-B, or --data FOLDER")


def is_prepared(model: str) -> bool:
    """Whether a model is there with its forms for the peers; a pair has none."""
    folder = MODELS / model
    return (folder / "teacher").is_dir() or (folder / "ctranslate2").is_dir()


def prepare(models: set[str]) -> None:
    """Makes the models that aren't there yet."""
    missing = sorted(model for model in models if not is_prepared(model))
    if not missing:
        return
    print(f"making the models {', '.join(missing)} in {MODELS.relative_to(ROOT)}", flush=True)
    environment = clean_environment({"HF_HUB_OFFLINE": "1"})
    made = subprocess.run([sys.executable, str(HERE / "prepare_models.py"), str(MODELS),
                           str(MINILM), *missing], env=environment, text=True,
                          capture_output=True, check=False)
    if made.returncode != 0:
        raise SystemExit(f"bench: {', '.join(missing)} can't be made:\n"
                         f"{made.stdout[-1000:]}{made.stderr[-3000:]}")


def finetune(row: AccuracyRow, sides: Sides) -> None:
    """A model that has learned the task, for the accuracy that int8 costs."""
    if (MODELS / row.model / "model.safetensors").is_file():
        return
    size = ["--epochs", "1", "--max-train-rows", "6000"] if row.task == "sst2" else []
    subprocess.run([str(sides.build / "distilbert"), "finetune", "--task", row.task, "--data",
                    str(sides.glue), "--model", str(MINILM), "--output", str(MODELS / row.model),
                    "--quiet", *size], env=clean_environment({}), check=True)


def chosen_rows(options: argparse.Namespace) -> list[Row]:
    rows = [*tokenizing.all_rows(), *workloads.all_rows()]
    if options.quick:
        rows = [quick for row in rows if (quick := row.quick()) is not None]
    if options.only:
        unknown = set(options.only) - {row.name for row in rows} - {"curves"}
        if unknown:
            raise SystemExit(f"bench: no row {', '.join(sorted(unknown))}; ./dev bench list")
        rows = [row for row in rows if row.name in options.only]
    return rows


def without_int8(rows: list[Row], sides: Sides) -> list[Row]:
    """Without the rows of int8 while our side has none."""
    int8 = [row for row in rows
            if isinstance(row, AccuracyRow) or getattr(row, "precision", "") == "int8"]
    if not int8:
        return rows
    prepare({"minilm"})
    if answers_int8(sides, "minilm"):
        return rows
    print("left out: " + ", ".join(row.name for row in int8) + " (no int8 on our side)")
    return [row for row in rows if row not in int8]


def run_row(row: Row, sides: Sides, rounds: int) -> dict[str, Any] | None:
    """Measures a row and prints its line. A row that can't be measured is named and left
    out: the others are still worth having."""
    started = time.perf_counter()
    try:
        if isinstance(row, AccuracyRow):
            finetune(row, sides)
            prepare({row.model})
        values = figures.judge(row.measure(sides, rounds), row.goal)
    except (SideError, subprocess.CalledProcessError) as error:
        sides.close()
        print(f"{row.title}: FAILED: {error}", flush=True)
        return None
    print(table.line(row.title, values), flush=True)
    return {"title": row.title, **values, "took_s": round(time.perf_counter() - started, 1)}


def run_rows(rows: list[Row], sides: Sides, rounds: int) -> dict[str, Any]:
    prepare({row.model for row in rows if row.model and not isinstance(row, AccuracyRow)})
    print(table.header(), flush=True)
    values = {}
    for row in rows:
        result = run_row(row, sides, rounds)
        if result is not None:
            values[row.name] = result
    return values


def run_curves(sides: Sides, rounds: int) -> dict[str, Any]:
    values = {}
    prepare(set(CURVE_ROUNDS))
    for model, most_rounds in CURVE_ROUNDS.items():
        tokens = int(sides.get("ours", model).numbers(f"tokens sst2 {curves.TEXTS}")[0])
        values[model.replace("-", "_")] = points = curves.measure(
            model, sides, min(rounds, most_rounds), tokens)
        print(f"{model}: forward, a token")
        for key, point in points.items():
            print(curves.line(key, point), flush=True)
    return values


def common_fields(options: argparse.Namespace, sides: Sides, seconds: float) -> dict[str, Any]:
    words = ["./dev", "bench", *(["--quick"] if options.quick else []),
             *(["--rounds", str(options.rounds)]
               if not options.quick and options.rounds != ROUNDS else []),
             *(["--only", *options.only] if options.only else [])]
    return {
        "command": " ".join(words),
        "seed": None,
        "threads": options.threads,
        "rounds": options.rounds,
        "seconds": round(seconds),
        "versions": record.versions(),
        "settings": {name: kind.settings for name, kind in sides.kinds.items() if kind.settings},
    }


def results_folder(options: argparse.Namespace) -> Path:
    """Only a whole run is written where the book and the README take their figures."""
    whole = not options.quick and not options.only and options.rounds >= LEAST_ROUNDS
    return record.RESULTS if whole else OTHER_RESULTS


def run_speed(options: argparse.Namespace) -> int:
    began = record.circumstances()
    started = time.perf_counter()
    folder = results_folder(options)
    folder.mkdir(parents=True, exist_ok=True)
    sides = Sides(options.build, glue_folder(options.data), options.threads)
    rows = without_int8(chosen_rows(options), sides)
    written = []
    values = run_rows(rows, sides, options.rounds) if rows else {}
    goals = [row["met"] for row in values.values() if "met" in row]
    fields = common_fields(options, sides, time.perf_counter() - started)
    if rows:
        print(f"{sum(goals)} of {len(goals)} goals met; * marks the best peer, to which the "
              "ratio is")
        written.append(record.write("bench", {
            "what": "The program beside PyTorch, ONNX Runtime and CTranslate2 on GLUE's "
                    "sentences, fp32 where nothing else is said; ratios are to the best peer of "
                    "the row", **fields, "values": values, **began}, folder))
    if "curves" in options.only or not (options.only or options.quick):
        points = run_curves(sides, options.rounds)
        written.append(record.write("bench_curves", {
            "what": f"Seconds for a token in a forward pass: by length at {curves.TOKENS} tokens, "
                    f"by batch on {curves.TEXTS} sentences of SST-2, sorted for the peers",
            **fields, "values": points, **began}, folder))
    sides.close()
    for path in written:
        print(f"written: {path.relative_to(ROOT)}")
    return int(len(values) < len(rows))


def parse_study(arguments: list[str]) -> argparse.Namespace:
    """A study and its data; all other options are the study's own."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("what")
    parser.add_argument("--data", "--glue", type=Path)
    options, options.of_study = parser.parse_known_args(arguments)
    return options


def parse(arguments: list[str]) -> argparse.Namespace:
    if arguments and arguments[0] in STUDIES:
        return parse_study(arguments)
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["tokenize", "list", *STUDIES],
                        help="something else than the table")
    parser.add_argument("--quick", action="store_true", help="few rows, three rounds")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--threads", type=int, default=available_threads())
    parser.add_argument("--data", type=Path, help="a GLUE folder")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME",
                        help="these rows alone (curves: the curves)")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release",
                        help="the folder that the program was built in")
    options = parser.parse_args(arguments)
    if options.what in STUDIES:
        parser.error(f"{options.what} comes first, before its options")
    options.build = options.build.resolve()
    return options


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    if options.what == "tokenize":
        return subprocess.run(
            [sys.executable, str(HERE / "tokenize_run.py"), "--rounds", str(options.rounds),
             "--ours", str(options.build / "tests/bench/tokenize_bench")], check=False).returncode
    if options.what in STUDIES:
        tasks = FOLDERS.values() if options.what in GLUE_STUDIES else ["SST-2"]
        glue = glue_folder(options.data, tasks)
        prepare({"minilm"})
        return subprocess.run([sys.executable, str(HERE / f"{options.what}.py"), "--glue",
                               str(glue), *options.of_study], check=False).returncode
    if options.what == "list":
        for row in chosen_rows(options):
            print(f"{row.name:32}{row.title}")
        return 0
    if options.quick:
        options.rounds = min(options.rounds, LEAST_ROUNDS)
    return run_speed(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
