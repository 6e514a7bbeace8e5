"""Drawings of what ./dev bench measured, from book/results/bench.json and
bench_curves.json."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from svg import SvgDrawing, dot, path, rectangle, segment, svg, text

RESULTS = Path(__file__).resolve().parents[2] / "book" / "results"
# A colour for each side, always the same.
SIDES = {"ours": ("ours", "f1"), "torch": ("PyTorch", "f2"), "onnx": ("ONNX Runtime", "f3"),
         "ctranslate2": ("CTranslate2", "f4"), "tokenizers": ("tokenizers", "f5"),
         "one_thread": ("one thread", "f2"), "gemm": ("the BLAS alone", "f2")}

MODELS = {"minilm": "MiniLM", "distilbert_base": "DistilBERT-base"}


def read(name: str, folder: Path = RESULTS) -> dict[str, Any]:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def bench_ratios(folder: Path = RESULTS) -> SvgDrawing:
    """A bar for each row that has a goal: the ratio to the best peer as a share of the
    goal, on a logarithmic scale, and a line where the goal is."""
    rows = [row for row in read("bench", folder)["values"].values() if "goal" in row]
    left, width, height = 330, 330, 22
    # A ratio without a limit, as of an accuracy that nothing is lost of, ends at four.
    shares = [min(row["ratio"] / row["goal"], 4.0) for row in rows]
    low, high = min(0.5, *shares), max(2.0, *shares)

    def place(share: float) -> float:
        return left + width * math.log(share / low) / math.log(high / low)

    parts = [segment(place(1), 2, place(1), len(rows) * height + 6, 1.5)]
    for number, (row, share) in enumerate(zip(rows, shares)):
        y = number * height + 6
        begin, end = sorted((place(1), place(share)))
        parts.append(text(left - 8, y + 13, row["title"], size=11, anchor="end"))
        parts.append(rectangle(begin, y + 2, max(end - begin, 1), height - 6,
                               f"{'f1' if row['met'] else 'f2'} soft"))
        parts.append(text(left + width + 8, y + 13, f"{row['ratio']:.2f} of {row['goal']:g}",
                          size=11, anchor="start"))
    parts.append(text(place(1), len(rows) * height + 20, "the goal", size=10, style="faint"))
    caption = ("Each workload's ratio to its best peer beside the goal (logarithmic scale): to "
               "the right of the line the goal is met.")
    return SvgDrawing(svg(left + width + 90, len(rows) * height + 26, parts,
                          "Ratios and their goals"), caption)


def points_of(values: dict[str, Any], what: str) -> dict[int, dict[str, Any]]:
    """The points of a curve by their place on the axis."""
    return {int(key.removeprefix(f"{what}_")): point for key, point in values.items()
            if key.startswith(f"{what}_")}


class Axes:
    """Both logarithmic: x in powers of two, y in a unit of so many base units."""

    left, top, width, height = 52, 26, 420, 240

    def __init__(self, places: list[int], values: list[float], title: str, unit: float) -> None:
        self.x_range = (min(places), max(places))
        self.y_range = (min(values) / 1.15, max(values) * 1.15)
        self.title = title
        self.unit = unit

    def x(self, place: float) -> float:
        low, high = self.x_range
        return self.left + self.width * math.log(place / low) / math.log(high / low)

    def y(self, value: float) -> float:
        low, high = self.y_range
        return self.top + self.height * (1 - math.log(value / low) / math.log(high / low))

    def drawn(self, places: list[int], axis: str) -> list[str]:
        bottom = self.top + self.height
        parts = [segment(self.left, bottom, self.left + self.width, bottom, 1),
                 text(self.left + self.width / 2, bottom + 34, axis, size=11, style="faint"),
                 text(4, 10, self.title, size=10, anchor="start", style="faint")]
        parts += [text(self.x(place), bottom + 16, str(place), size=10) for place in places]
        for step in ticks(*self.y_range):
            parts.append(segment(self.left, self.y(step), self.left + self.width, self.y(step)))
            parts.append(text(self.left - 6, self.y(step) + 4, f"{step / self.unit:g}", size=10,
                              anchor="end"))
        return parts


def ticks(low: float, high: float) -> list[float]:
    """Round numbers between two positive ones: 1, 2 and 5 times powers of ten."""
    first = math.floor(math.log10(low))
    last = math.ceil(math.log10(high))
    steps = [factor * 10.0**power for power in range(first, last + 1) for factor in (1, 2, 5)]
    return [step for step in steps if low <= step <= high]


def bench_curve(model: str, what: str, folder: Path = RESULTS) -> SvgDrawing:
    """Seconds for a token of a model by "length" or "batch", a line for each side."""
    points = points_of(read("bench_curves", folder)["values"][model], what)
    if not points:
        raise ValueError(f"no curve of {model} by {what!r} (there is: length, batch)")
    places = sorted(points)
    sides = [side for side in SIDES if f"{side}_s" in points[places[0]]]
    axes = Axes(places, [points[place][f"{side}_s"] for place in places for side in sides],
                "µs a token", 1e-6)
    parts = axes.drawn(places, "tokens in a text" if what == "length" else "texts in a batch")
    ends = []
    for side in sides:
        title, colour = SIDES[side]
        line = [(axes.x(place), axes.y(points[place][f"{side}_s"])) for place in places]
        parts.append(path(line, 2.5 if side == "ours" else 1))
        parts += [dot(x, y, colour, 4 if side == "ours" else 3) for x, y in line]
        ends.append((line[-1][1], title, colour))
    label_y = 0.0
    for y, title, colour in sorted(ends):
        label_y = max(y + 4, label_y + 15)
        parts.append(dot(axes.left + axes.width + 14, label_y - 4, colour, 3))
        parts.append(text(axes.left + axes.width + 22, label_y, title, size=11, anchor="start"))
    words = ("2,048 tokens at a time, by the length of their texts" if what == "length"
             else "sentences of SST-2, shortest first, by the size of the batch")
    return SvgDrawing(svg(axes.left + axes.width + 120, axes.top + axes.height + 44, parts,
                          f"Time of a token by {what}"),
                      f"Time of a token in a forward pass of {MODELS[model]}: {words}. "
                      "Lower is faster; both scales are logarithmic.")


def roofline(folder: Path = RESULTS) -> SvgDrawing:
    """The two ceilings over the products of MiniLM's encoder, by the number of tokens, and
    what packed_linear and OpenBLAS reach under them."""
    values = read("roofline", folder)["values"]
    points = points_of(values, "tokens")
    places = sorted(points)

    def roof(tokens: float) -> float:
        # A weight of four bytes takes part in two operations for each token.
        return min(values["peak_flops"], values["read_bytes_per_second"] * tokens / 2)

    axes = Axes(places, [roof(places[0]), values["peak_flops"],
                         *(point["openblas_flops"] for point in points.values())],
                "GFLOP/s", 1e9)
    parts = axes.drawn(places, "tokens")
    # Where the slope meets the flat, and the ends.
    corner = 2 * values["peak_flops"] / values["read_bytes_per_second"]
    parts.append(path([(axes.x(tokens), axes.y(roof(tokens)))
                       for tokens in (places[0], corner, places[-1])], 1.5))
    for key, colour in (("packed_flops", "f1"), ("openblas_flops", "f2")):
        parts += [dot(axes.x(tokens), axes.y(points[tokens][key]), colour) for tokens in places]
    for row, (title, colour) in enumerate((("packed once", "f1"), ("OpenBLAS", "f2"))):
        parts.append(dot(axes.left + axes.width - 90, axes.top + 170 + 18 * row, colour))
        parts.append(text(axes.left + axes.width - 80, axes.top + 174 + 18 * row, title, size=11,
                          anchor="start"))
    return SvgDrawing(svg(axes.left + axes.width + 20, axes.top + axes.height + 44, parts,
                          "Roofline of this machine"),
                      "The products of MiniLM's encoder on two threads, each weight read once. The "
                      "slope is what memory delivers, the roof what the processor multiplies.")
