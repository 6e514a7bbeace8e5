"""Nobody times a wrong model: before the first time of a peer its logits, or its loss in
training, are compared with ours."""

import array
import math
import statistics
import tempfile
from pathlib import Path

from sides import Side, SideError

TOLERANCE = 1e-4  # of the largest logit, or of the loss
TEXTS = 8


def logits(side: Side, task: str, count: int) -> list[float]:
    """Of the first `count` dev texts, label by label."""
    with tempfile.NamedTemporaryFile() as file:
        side.numbers(f"logits {task} {count} {file.name}")
        return array.array("f", Path(file.name).read_bytes()).tolist()


def largest_difference(ours: list[float], theirs: list[float]) -> float:
    """The largest difference, as a share of our largest value; infinite for lists of two
    lengths, zeros of ours and a NaN of either."""
    scale = max(map(abs, ours), default=0.0)
    if len(ours) != len(theirs) or scale == 0 or any(map(math.isnan, [*ours, *theirs])):
        return float("inf")
    return max(abs(own - their) for own, their in zip(ours, theirs)) / scale


def require_equal(what: str, difference: float) -> None:
    if not difference <= TOLERANCE:
        raise SideError(f"{what} differs from ours by {difference:.1e}, more than {TOLERANCE:.0e}")


def check_logits(name: str, ours: Side, peer: Side) -> None:
    """A single text, a padded batch, and pairs."""
    for task, count in (("sst2", 1), ("sst2", TEXTS), ("mrpc", TEXTS)):
        require_equal(f"{name}: logits of {count} texts of {task}",
                      largest_difference(logits(ours, task, count), logits(peer, task, count)))


def check_loss(name: str, request: str, ours: Side, peer: Side) -> None:
    """The loss of a first batch, without dropout."""
    require_equal(f"{name}: {request}",
                  largest_difference(ours.numbers(request), peer.numbers(request)))


def classes(values: list[float], labels: int = 2) -> list[int]:
    """The label with the largest logit, text by text."""
    rows = [values[i:i + labels] for i in range(0, len(values), labels)]
    return [row.index(max(row)) for row in rows]


def accuracy(values: list[float], wanted: list[float]) -> float:
    """The share of texts whose largest of two logits is the label's."""
    return sum(a == b for a, b in zip(classes(values), wanted, strict=True)) / len(wanted)


def pearson(values: list[float], wanted: list[float]) -> float:
    """The correlation of a regression's outputs with the scores."""
    return statistics.correlation(values, wanted)
