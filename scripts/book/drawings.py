"""The book's drawings: SVG made from data of the project when the book is built.

Colours and fonts come from the page (classes f0 … f5, soft, faint, line, cell of
book/assets/book.css), so that a drawing follows the page into the dark.
"""

from __future__ import annotations

import json
import math
import re
import shlex
import unicodedata
from collections.abc import Callable
from pathlib import Path

import bench_drawings
import glue_blocks
import outputs
from svg import SvgDrawing
from svg import rectangle as _rectangle
from svg import svg as _svg
from svg import text as _text

ROOT = Path(__file__).resolve().parents[2]


def read_output(name: str) -> tuple[str, list[dict]]:
    """The command and the JSON objects of book/outputs/NAME.txt."""
    command, printed = outputs.split(outputs.FOLDER / f"{name}.txt")
    decoder = json.JSONDecoder()
    objects = []
    while printed := printed.lstrip():
        value, end = decoder.raw_decode(printed)
        objects.append(value)
        printed = printed[end:]
    return command, objects


def _visible(character: str) -> str:
    """A character as it can be seen alone."""
    if unicodedata.combining(character):
        return "\u25cc" + character
    if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp"):
        return f"{ord(character):04X}"
    return "\u2423" if character == " " else character


def offsets(name: str) -> SvgDrawing:
    """The text of an output file, a box for each code point, and the tokens' spans under it."""
    command, objects = read_output(name)
    text = shlex.split(command)[1]
    cell, top, row = 30, 46, 44
    parts = []
    for index, character in enumerate(text):
        x = index * cell
        shown = _visible(character)
        parts.append(_rectangle(x + 1, 18, cell - 2, 26, "cell"))
        parts.append(_text(x + cell / 2, 36, shown, size=14 if len(shown) < 3 else 9))
        parts.append(_text(x + cell / 2, 11, str(index), size=9, style="faint"))
    used: list[int] = []  # for each row, the first free column
    colour = 0
    for token, token_id, (begin, end) in zip(objects[0]["tokens"], objects[0]["ids"],
                                             objects[0]["offsets"], strict=True):
        if begin == end:
            continue
        level = next((level for level, free in enumerate(used) if free <= begin), len(used))
        used[level:level + 1] = [end]
        colour = colour % 4 + 1
        x, y, width = begin * cell, top + 8 + level * row, (end - begin) * cell
        parts.append(_rectangle(x + 1, y, width - 2, 24, f"f{colour} soft"))
        parts.append(_text(x + width / 2, y + 16, token,
                           size=min(13, 1.6 * (width - 6) / max(1, len(token)))))
        parts.append(_text(x + width / 2, y + 35, str(token_id), size=9, style="faint"))
    height = top + 8 + max(1, len(used)) * row
    caption = ("The text above, one box for each code point with its number; below it the tokens, "
               "each under the code points its offsets name, with its id.")
    return SvgDrawing(_svg(len(text) * cell, height, parts, f"Tokens of {text}"), caption)


def vocabulary(name: str) -> SvgDrawing:
    """The vocabulary of book/examples/NAME as a grid, each token with its id."""
    path = ROOT / "book" / "examples" / name / "vocab.txt"
    tokens = path.read_text(encoding="utf-8").split("\n")[:-1]
    rows, width, height = 5, 150, 28
    parts = []
    for token_id, token in enumerate(tokens):
        x, y = token_id // rows * width, token_id % rows * height
        colour = "f0" if token.startswith("[") else "f2" if token.startswith("##") else "f1"
        parts.append(_text(x + 26, y + 19, str(token_id), size=10, anchor="end", style="faint"))
        parts.append(_rectangle(x + 34, y + 3, width - 50, height - 6, f"{colour} soft"))
        parts.append(_text(x + 42, y + 19, token, size=13, anchor="start"))
    columns = -(-len(tokens) // rows)
    caption = (f"All {len(tokens)} lines of {path.relative_to(ROOT)}, with their ids: special "
               "tokens, pieces that start a word, and pieces that go on with one.")
    return SvgDrawing(_svg(columns * width, rows * height, parts, f"Vocabulary {name}"), caption)


def _size_of_ranges(path: Path) -> int:
    """How many code points a table of `first TAB last` holds (in hexadecimal)."""
    count = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            first, last = re.split(r"\s+", line.strip())[:2]
            count += int(last, 16) - int(first, 16) + 1
    return count


def _lines(path: Path) -> int:
    return sum(bool(line.strip()) and not line.startswith("#")
               for line in path.read_text(encoding="utf-8").splitlines())


def code_point_classes() -> SvgDrawing:
    """How many code points each rule touches, on a logarithmic scale."""
    folder = ROOT / "data" / "unicode"
    counts = [
        ("removed", _size_of_ranges(folder / "clean_removed.txt"), 1),
        ("set apart: ideographs", _size_of_ranges(folder / "cjk_isolated.txt"), 2),
        ("decomposed: Hangul", 11172, 3),
        ("decomposed: others", _lines(folder / "nfd.txt"), 3),
        ("dropped: accents", _size_of_ranges(folder / "mn_stripped.txt"), 1),
        ("lower-cased", _lines(folder / "lowercase.txt"), 4),
        ("set apart: punctuation", _size_of_ranges(folder / "bert_punct.txt"), 2),
        ("turned into a space", _size_of_ranges(folder / "clean_to_space.txt"), 5),
    ]
    row, left, width = 26, 190, 430
    scale = width / math.log10(1e6)
    parts = []
    for decade in range(7):
        x = left + decade * scale
        parts.append(f'<line x1="{x:g}" y1="4" x2="{x:g}" y2="{len(counts) * row + 4}" '
                     'class="line" stroke-width="0.5"/>')
        parts.append(_text(x, len(counts) * row + 18, f"{10 ** decade:,}", size=9, style="faint"))
    for index, (label, count, colour) in enumerate(counts):
        y = index * row + 8
        length = math.log10(count) * scale
        parts.append(_text(left - 10, y + 13, label, size=12, anchor="end"))
        parts.append(_rectangle(left, y, length, 18, f"f{colour} soft"))
        parts.append(_text(left + length + 6, y + 13, f"{count:,}", size=11, anchor="start"))
    caption = ("Code points that each rule touches, of 1,112,064 (mind the logarithmic scale); "
               "all others pass unchanged. Counted from the tables in data/unicode.")
    return SvgDrawing(_svg(left + width + 70, len(counts) * row + 24, parts,
                           "Code points by rule"), caption)


DRAWINGS: dict[str, Callable[..., SvgDrawing]] = {
    "bench_curve": bench_drawings.bench_curve,
    "bench_ratios": bench_drawings.bench_ratios,
    "learning_curves": glue_blocks.learning_curves,
    "offsets": offsets,
    "roofline": bench_drawings.roofline,
    "code_point_classes": code_point_classes,
    "vocabulary": vocabulary,
}


def draw(name: str, arguments: list[str]) -> SvgDrawing:
    """The drawing of that name; raises ValueError for one that doesn't exist."""
    if name not in DRAWINGS:
        raise ValueError(f"no drawing {name!r} (there is: {', '.join(sorted(DRAWINGS))})")
    return DRAWINGS[name](*arguments)
