"""What two sides say of the same rows with one model, row by row."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

# Design section 5: |a-b| <= 1e-5 + 1e-5 * max|b|.
ABSOLUTE = RELATIVE = 1e-5
# A model whose labels nobody named, and the names that differ from what the files say.
FILE_LABELS = {
    "cola": {"unacceptable": "0", "acceptable": "1"},
    "mrpc": {"not_equivalent": "0", "equivalent": "1"},
}
PLACEHOLDERS = {"label_0": "0", "label_1": "1"}


@dataclass(frozen=True)
class Answers:
    """Of every row the class as the task's file writes it, or the score; and the logits in the
    order of the model's own labels."""

    predictions: list[str] | list[float]
    logits: list[list[float]]


def file_label(task: str, name: str) -> str:
    """How the task's file writes the class that a model calls `name`."""
    return (FILE_LABELS.get(task, {}) | PLACEHOLDERS).get(name.lower(), name.lower())


def margin(logits: list[float]) -> float:
    """How far the largest logit is from the next: float noise decides where this is noise."""
    *_, second, first = sorted(logits)
    return first - second


def largest(values: Iterable[float]) -> float:
    """Of the absolute values; NaN where one is."""
    found = list(map(abs, values))
    return math.nan if any(map(math.isnan, found)) else max(found)


def tolerance(values: list[float]) -> float:
    return ABSOLUTE + RELATIVE * max(map(abs, values))


def differing_rows(ours: list[Any], theirs: list[Any]) -> list[int]:
    """Rows with another class, or with scores that are further apart than float noise."""
    pairs = list(zip(ours, theirs, strict=True))
    if isinstance(theirs[0], str):
        return [row for row, (own, their) in enumerate(pairs) if own != their]
    allowed = tolerance(theirs)
    # Written so that a NaN differs.
    return [row for row, (own, their) in enumerate(pairs) if not abs(own - their) <= allowed]


def differing_margins(ours: Answers, theirs: Answers) -> list[tuple[int, float, float]]:
    """The rows with another class, each with the margins of both sides."""
    return [(row, margin(ours.logits[row]), margin(theirs.logits[row]))
            for row in differing_rows(ours.predictions, theirs.predictions)]


def compare(ours: Answers, theirs: Answers) -> dict[str, float]:
    """Counts of rows, the largest difference of an output beside the largest output; for
    classes how close to a tie a row comes, and the share of the rarest class predicted, which
    is 1 where all rows are alike."""
    pairs = [(own, their) for rows in zip(ours.logits, theirs.logits, strict=True)
             for own, their in zip(*rows, strict=True)]
    values = {"rows": len(theirs.predictions),
              "differing": len(differing_rows(ours.predictions, theirs.predictions)),
              "largest_difference": largest(own - their for own, their in pairs),
              "largest_output": largest(their for _, their in pairs)}
    if isinstance(theirs.predictions[0], str):
        values["least_margin"] = min(map(margin, theirs.logits))
        counts = Counter(theirs.predictions)
        values["rarest_class_share"] = min(counts.values()) / counts.total()
        margins = [max(both) for _, *both in differing_margins(ours, theirs)]
        values |= {"largest_margin_of_differing": max(margins)} if margins else {}
    return values
