"""Measured figures: the files book/results/*.json and how their values are printed.

A key names a file and the path to a value in it: `demo.teacher.accuracy` is
`values["teacher"]["accuracy"]` of book/results/demo.json; places in a list count from 0.
book/results/README.md gives the form.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIELDS = ("name", "what", "command", "commit", "seed", "machine", "date", "values")


class ResultError(Exception):
    """A result file or a key that can't be used; the message names it."""


@dataclass(frozen=True)
class Figure:
    """One measured value and the run it came from."""

    key: str
    value: Any
    source: dict[str, Any]

    def origin(self) -> str:
        """One line for a reader who asks where the figure came from."""
        return f"{self.key}: {self.source['command']} ({self.source['machine']}, " \
               f"{self.source['date']})"


def load_results(folder: Path) -> dict[str, dict[str, Any]]:
    """All result files of `folder` by name; raises ResultError for one that breaks the form."""
    results: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            result = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ResultError(f"{path}: not JSON: {error}") from error
        if not isinstance(result, dict):
            raise ResultError(f"{path}: expected an object, found {type(result).__name__}")
        missing = [field for field in FIELDS if field not in result]
        if missing:
            raise ResultError(f"{path}: missing {', '.join(missing)}")
        if result["name"] != path.stem:
            raise ResultError(f"{path}: name is {result['name']!r}, expected {path.stem!r}")
        if not isinstance(result["values"], dict):
            raise ResultError(f"{path}: values must be an object")
        results[path.stem] = result
    return results


def _children(value: Any) -> dict[str, Any]:
    """What a key can go on to."""
    if isinstance(value, list):
        return {str(place): item for place, item in enumerate(value)}
    return value if isinstance(value, dict) else {}


def find_figure(results: dict[str, dict[str, Any]], key: str) -> Figure:
    """The figure of `key`; raises ResultError with the names that exist where it stops."""
    name, *path = key.split(".")
    if name not in results:
        raise ResultError(f"figure {key!r}: no result file {name}.json "
                          f"(there is: {', '.join(sorted(results)) or 'none'})")
    value: Any = results[name]["values"]
    for depth, part in enumerate(path):
        children = _children(value)
        if part not in children:
            known = ", ".join(sorted(children)) or "a value"
            raise ResultError(f"figure {key!r}: no {part!r} in {'.'.join([name, *path[:depth]])} "
                              f"(there is: {known})")
        value = children[part]
    if isinstance(value, (dict, list)) or value is None or not path:
        raise ResultError(f"figure {key!r} is no single value")
    return Figure(key, value, results[name])


def _grouped(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}".replace("-", "−")


def _scaled(factor: float, decimals: int, suffix: str) -> Callable[[float], str]:
    return lambda value: _grouped(value * factor, decimals) + suffix


FORMATS: dict[str, Callable[[float], str]] = {
    "int": _scaled(1, 0, ""),
    "percent": _scaled(100, 0, " %"),
    "ratio": _scaled(1, 2, "×"),
    "millions": _scaled(1e-6, 1, " million"),
    "MB": _scaled(1e-6, 1, " MB"),
    "ms": _scaled(1e3, 1, " ms"),
    "minutes": _scaled(1 / 60, 0, " minutes"),
    "gflops": _scaled(1e-9, 0, " GFLOP/s"),
    **{f"fixed{n}": _scaled(1, n, "") for n in range(7)},
    **{f"percent{n}": _scaled(100, n, " %") for n in range(4)},
    **{f"ratio{n}": _scaled(1, n, "×") for n in range(4)},
    **{f"ms{n}": _scaled(1e3, n, " ms") for n in range(4)},
    **{f"MB{n}": _scaled(1e-6, n, " MB") for n in range(4)},
}


def format_value(figure: Figure, style: str | None) -> str:
    """The figure as printed; without a style, text and whole numbers only."""
    value = figure.value
    if style is None:
        if isinstance(value, float):
            raise ResultError(f"figure {figure.key!r} is {value}: say how to print it, "
                              f"like {{{{{figure.key}:fixed1}}}}")
        return f"{value:,}" if isinstance(value, int) else str(value)
    if style not in FORMATS:
        raise ResultError(f"figure {figure.key!r}: no format {style!r} "
                          f"(there is: {', '.join(sorted(FORMATS))})")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ResultError(f"figure {figure.key!r} is {value!r}, not a number to print as {style}")
    return FORMATS[style](float(value)).replace(" ", "\u00a0")
