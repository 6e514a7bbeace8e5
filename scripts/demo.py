"""The whole road once, with the program itself: a teacher is fine-tuned on SST-2,
half its layers become a student, the student is distilled, both are evaluated.

Prints the table, and writes it as table.json beside the two models.
"""

import argparse
import datetime
import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MINI_GLUE = ROOT / "data" / "mini-glue"
LAYERS = "0,2,4"
MOST_TRAIN_ROWS = 6000
EVALUATIONS = 3


class Failed(Exception):
    """A step of the demo failed; the program has said why."""


@dataclass(frozen=True)
class Demo:
    """What to run, on which data, and where the models go."""

    program: Path
    pretrained: Path
    data: Path
    output: Path
    record: bool = False

    @property
    def is_small(self) -> bool:
        return self.data == MINI_GLUE

    def training_options(self) -> list[str]:
        """A few hundred rows take more epochs than six thousand."""
        if self.is_small:
            return ["--epochs", "10"]
        return ["--max-train-rows", str(MOST_TRAIN_ROWS)]

    def steps(self) -> dict[str, list[str]]:
        """The commands, in order, under the title each is announced with."""
        teacher, start, student = (str(self.output / name)
                                   for name in ("teacher", "student-start", "student"))
        task = ["--task", "sst2", "--data", str(self.data)]
        return {
            "fine-tuning the teacher (6 layers) on SST-2":
                ["finetune", *task, "--model", str(self.pretrained), "--output", teacher,
                 *self.training_options()],
            f"taking the teacher's layers {LAYERS} into a student":
                ["extract", "--teacher", teacher, "--layers", LAYERS, "--output", start],
            "distilling the student (3 layers)":
                ["distill", *task, "--teacher", teacher, "--student", start, "--output", student,
                 *self.training_options()],
        }


def say(text: str) -> None:
    print(f"==> {text}", flush=True)


def run(demo: Demo, arguments: list[str], capture: bool = False) -> str:
    result = subprocess.run([str(demo.program), *arguments], text=True, check=False,
                            stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE if capture else None)
    if result.returncode != 0:
        raise Failed(f"distilbert {arguments[0]} ended with exit {result.returncode}")
    return result.stdout or ""


def run_step(demo: Demo, command: list[str]) -> float | None:
    """Seconds, or None where the step only went on from an earlier run."""
    is_new = not Path(command[command.index("--output") + 1]).exists()
    started = time.monotonic()
    run(demo, command)
    return round(time.monotonic() - started, 1) if is_new else None


def measure(demo: Demo, folder: Path) -> dict[str, Any]:
    """Everything the table says of one model. The speed is the median of a few
    evaluations, since the first one reads the file."""
    evaluate = ["evaluate", "--task", "sst2", "--data", str(demo.data), "--model", str(folder),
                "--json"]
    reports = [json.loads(run(demo, evaluate, capture=True)) for _ in range(EVALUATIONS)]
    inspected = json.loads(run(demo, ["inspect", "--model", str(folder), "--json"], capture=True))
    return {
        "parameters": inspected["parameters"],
        "file_bytes": (folder / "model.safetensors").stat().st_size,
        "sentences_per_second": statistics.median(
            report["sentences_per_second"] for report in reports),
        "dev_rows": reports[0]["rows"],
        "dev_accuracy": reports[0]["metrics"]["accuracy"],
    }


def processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def commit() -> str | None:
    try:
        result = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, text=True,
                                capture_output=True, check=False)
    except OSError:
        return None
    return result.stdout.strip() or None


def make_result(demo: Demo, seconds: dict[str, float | None]) -> dict[str, Any]:
    teacher = measure(demo, demo.output / "teacher")
    student = measure(demo, demo.output / "student")
    return {
        "task": "sst2",
        "data": "mini-glue" if demo.is_small else "GLUE",
        "most_train_rows": None if demo.is_small else MOST_TRAIN_ROWS,
        "teacher": teacher,
        "student": student,
        "student_share": {
            "parameters": student["parameters"] / teacher["parameters"],
            "file_bytes": student["file_bytes"] / teacher["file_bytes"],
            "sentences_per_second":
                student["sentences_per_second"] / teacher["sentences_per_second"],
            "dev_accuracy": student["dev_accuracy"] / teacher["dev_accuracy"],
        },
        "seconds": seconds,
        "commands": ["distilbert " + " ".join(command) for command in
                     (anonymous(demo, command) for command in demo.steps().values())],
        "machine": {"processor": processor(), "cores": os.cpu_count()},
        "commit": commit(),
        "date": datetime.date.today().isoformat(),
    }


def anonymous(demo: Demo, command: list[str]) -> list[str]:
    """A command as anybody could give it, without the folders of this machine."""
    known = {str(demo.data): "data/mini-glue" if demo.is_small else "GLUE"}
    return [known.get(word, word).replace(f"{demo.output}/", "").replace(f"{ROOT}/", "")
            for word in command]


def table(result: dict[str, Any]) -> str:
    teacher, student, share = result["teacher"], result["student"], result["student_share"]
    rows = [
        ("", "teacher", "student", "student / teacher"),
        ("layers", "6", "3", ""),
        ("parameters", f"{teacher['parameters']:,}", f"{student['parameters']:,}",
         f"{share['parameters']:.2f}"),
        ("file size", f"{teacher['file_bytes'] / 1e6:.1f} MB",
         f"{student['file_bytes'] / 1e6:.1f} MB", f"{share['file_bytes']:.2f}"),
        ("sentences per second", f"{teacher['sentences_per_second']:.0f}",
         f"{student['sentences_per_second']:.0f}", f"{share['sentences_per_second']:.2f}"),
        (f"dev accuracy ({teacher['dev_rows']} rows)", f"{teacher['dev_accuracy']:.1%}",
         f"{student['dev_accuracy']:.1%}", f"{share['dev_accuracy']:.1%} retained"),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [row[0].ljust(widths[0]) + "".join("  " + cell.rjust(width) for cell, width
                                               in zip(row[1:], widths[1:])) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def record(demo: Demo, result: dict[str, Any]) -> None:
    """Keeps the figures where the README and the book take them from."""
    if None in result["seconds"].values():
        raise Failed("the figures are not kept: part of the training is from an earlier run; "
                     "give --output a new folder")
    path = ROOT / "book" / "results" / "demo.json"
    path.write_text(json.dumps({
        "name": "demo",
        "what": "A teacher of 6 layers and its student of 3, on SST-2: "
                + remark(demo).removeprefix("data: ").split(".")[0],
        "command": "./dev demo" if demo.is_small else "./dev demo --data GLUE",
        "commit": result["commit"],
        "seed": 42,
        "machine": f"{result['machine']['cores']} cores of an {result['machine']['processor']}",
        "date": result["date"],
        "values": {key: result[key] for key in ("teacher", "student", "student_share")}
                  | {"training_s": sum(result["seconds"].values())},
    }, indent=2) + "\n")
    print(f"written: {path.relative_to(ROOT)}")


def remark(demo: Demo) -> str:
    if demo.is_small:
        return ("data: data/mini-glue, some hundred rows written for this project. It shows that "
                "everything works;\nit is no benchmark. For real figures: ./dev fetch glue, then "
                "./dev demo --data downloads/glue")
    return f"data: the first {MOST_TRAIN_ROWS:,} rows of SST-2's train, the whole dev set"


def default_output(data: Path) -> Path:
    """Each data folder has its own: the program refuses to go on with another."""
    if data == MINI_GLUE:
        return ROOT / "build" / "demo" / "mini-glue"
    return ROOT / "build" / "demo" / f"glue-{hashlib.sha256(str(data).encode()).hexdigest()[:8]}"


def parse(arguments: list[str]) -> Demo:
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__)
    parser.add_argument("--data", type=Path, default=MINI_GLUE,
                        help="a GLUE folder (with SST-2/train.tsv); default: data/mini-glue")
    parser.add_argument("--output", type=Path, help="where the models and the table go")
    parser.add_argument("--record", action="store_true",
                        help="keep the figures in book/results/demo.json")
    options = parser.parse_args(arguments)
    data = options.data.resolve()
    for name in ("train.tsv", "dev.tsv"):
        if not (data / "SST-2" / name).is_file():
            parser.error(f"{data}: a GLUE folder expected, SST-2/{name} is not there")
    program = os.environ.get("DISTILBERT_PROGRAM", ROOT / "build" / "release" / "distilbert")
    return Demo(Path(program), ROOT / "downloads" / "minilm-l6-v2", data,
                (options.output or default_output(data)).resolve(), options.record)


def go(demo: Demo) -> None:
    seconds: dict[str, float | None] = {}
    for title, command in demo.steps().items():
        say(title)
        seconds[title] = run_step(demo, command)
    say("evaluating both")
    result = make_result(demo, seconds)
    (demo.output / "table.json").write_text(json.dumps(result, indent=2) + "\n")
    print(f"\n{table(result)}\n\n{remark(demo)}\nmodels and table.json: {demo.output}")
    if demo.record:
        record(demo, result)


def main(arguments: list[str]) -> int:
    demo = parse(arguments)
    print(remark(demo), flush=True)
    demo.output.mkdir(parents=True, exist_ok=True)
    try:
        go(demo)
    except Failed as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
