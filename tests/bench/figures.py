"""What is made of the times: medians, ratios of pairs, goals met or not."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all don't exceed."""
    ordered = sorted(values)
    needed = share * len(ordered)
    index = next(i for i in range(len(ordered)) if i + 1 >= needed - 1e-9)
    return ordered[index]


def ratios(ours: Sequence[float], peer: Sequence[float]) -> dict[str, float]:
    """How many times ours is faster, round by round: each pair of rounds was measured side
    by side, so that what slows the machine down slows both."""
    pairs = sorted(theirs / own for own, theirs in zip(ours, peer, strict=True))
    return {"ratio": median(pairs), "ratio_min": pairs[0], "ratio_max": pairs[-1]}


def compare(times: Mapping[str, Sequence[float]], items: int) -> dict[str, Any]:
    """A row's values from the seconds of each side and round, "ours" among them: the
    medians, items a second, and the ratios to each peer and to the best of them."""
    values: dict[str, Any] = {}
    for name, seconds in times.items():
        values[f"{name}_s"] = median(seconds)
        values[f"{name}_per_second"] = items / median(seconds)
    peers = [name for name in times if name != "ours"]
    values["peers"] = {name: ratios(times["ours"], times[name]) for name in peers}
    best = min(peers, key=lambda name: values["peers"][name]["ratio"])
    return {**values, "best_peer": best, **values["peers"][best]}


def judge(values: dict[str, Any], goal: float | None) -> dict[str, Any]:
    """The values with their goal, and whether it is met."""
    if goal is None:
        return values
    return {**values, "goal": goal, "met": values["ratio"] >= goal}
