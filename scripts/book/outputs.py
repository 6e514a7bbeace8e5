"""The printed outputs of the book: files that hold a command and what it printed.

    outputs.py check  [FILE...]     reruns the commands, exits 1 where one prints something else
    outputs.py update [FILE...]     reruns them and writes down what they print now

A file of book/outputs begins with `$ COMMAND`, a line of bash (a backslash at its end continues
it) that runs in the project's root with the program's folder first on the path
(DISTILBERT_PROGRAM, default build/release/distilbert). What follows is what it printed. Lines
too wide for a page are broken: JSON between its fields, others between words.
"""

from __future__ import annotations

import difflib
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "book" / "outputs"
COLUMNS = 78


def program() -> Path:
    """The program that the commands run."""
    return ROOT / os.environ.get("DISTILBERT_PROGRAM", "build/release/distilbert")


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _field_lines(name: str, value: Any) -> list[str]:
    """`"name":value` in lines that fit, broken after the commas of a list."""
    whole = f'"{name}":{_compact(value)}'
    if len(whole) < COLUMNS or not isinstance(value, list):
        return [whole]
    lines = [f'"{name}":[']
    for index, item in enumerate(value):
        text = _compact(item) + ("," if index + 1 < len(value) else "]")
        if len(lines[-1]) + len(text) >= COLUMNS:
            lines.append("   ")
        lines[-1] += text
    return lines


def layout(printed: str) -> str:
    """What a command printed, in lines that fit a page."""
    laid_out = []
    for line in printed.splitlines():
        if not line.startswith("{"):
            laid_out += textwrap.wrap(line, COLUMNS, subsequent_indent="    ",
                                      break_on_hyphens=False) if len(line) > COLUMNS else [line]
            continue
        value = json.loads(line)
        if len(_compact(value)) <= COLUMNS:
            laid_out.append(_compact(value))
            continue
        fields = [_field_lines(name, item) for name, item in value.items()]
        for index, lines in enumerate(fields):
            lines[0] = ("{" if index == 0 else " ") + lines[0]
            lines[-1] += "}" if index + 1 == len(fields) else ","
            laid_out += lines
    return "\n".join(laid_out) + "\n"


def split(path: Path) -> tuple[str, str]:
    """The command of an output file, and what it is said to print."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if not lines or not lines[0].startswith("$ "):
        raise ValueError(f"{path}: expected '$ COMMAND' in the first line")
    last = next(index for index, line in enumerate(lines) if not line.endswith("\\\n"))
    return "".join(lines[:last + 1])[2:].rstrip("\n"), "".join(lines[last + 1:])


def rerun(command: str) -> str:
    """What the command prints today, laid out."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8",
                   "PATH": f"{program().resolve().parent}:{os.environ.get('PATH', '')}"}
    result = subprocess.run(["bash", "-c", command], cwd=ROOT, env=environment, check=False,
                            stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    errors = result.stderr.decode("utf-8").strip()
    if errors:
        raise ValueError(f"{command}: {errors}")
    return layout(result.stdout.decode("utf-8"))


def difference(path: Path) -> str:
    """How what is printed today differs from the file; empty where it doesn't."""
    command, expected = split(path)
    return "".join(difflib.unified_diff(expected.splitlines(True), rerun(command).splitlines(True),
                                        f"{path.name}, in the book", f"{path.name}, today"))


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in ("check", "update"):
        print(__doc__, file=sys.stderr)
        return 2
    differs = False
    for path in [Path(name) for name in arguments[1:]] or sorted(FOLDER.glob("*.txt")):
        if arguments[0] == "update":
            command, _ = split(path)
            path.write_text(f"$ {command}\n{rerun(command)}", encoding="utf-8")
        else:
            found = difference(path)
            differs = differs or bool(found)
            print(found, end="")
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
