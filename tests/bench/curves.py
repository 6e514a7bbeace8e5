"""Curves, not points: the time of a token by the length of the texts (at a fixed number
of tokens) and by the size of the batch, ours and the peers'."""

import statistics
from typing import Any

import rows
from sides import Sides

TOKENS = 2048
LENGTHS = (8, 16, 32, 64, 128, 256, 512)
BATCHES = (1, 2, 4, 8, 16, 32, 64)
TEXTS = 128  # of SST-2's dev set, for the curve over batches


def requests() -> dict[str, str]:
    """A request for each point, by the point's key."""
    by_length = {f"length_{length}": f"length {length} {TOKENS // length}" for length in LENGTHS}
    by_batch = {f"batch_{size}": f"forward sst2 {size} {TEXTS} sorted" for size in BATCHES}
    return {**by_length, **by_batch}


def point(times: dict[str, list[float]], tokens: int) -> dict[str, Any]:
    """Seconds for a token of each side, and the fastest peer's name."""
    values: dict[str, Any] = {f"{name}_s": statistics.median(seconds) / tokens
                              for name, seconds in times.items()}
    peers = [name for name in times if name != "ours"]
    best = min(peers, key=lambda name: values[f"{name}_s"])
    return {**values, "best_peer": best, "best_peer_s": values[f"{best}_s"],
            "ratio": values[f"{best}_s"] / values["ours_s"]}


def measure(model: str, sides: Sides, rounds: int, tokens_of_texts: int) -> dict[str, Any]:
    """All points of a model. `tokens_of_texts` is how many the SST-2 texts have together."""
    running = {name: sides.get(name, model) for name in ("ours", *rows.FORWARD_PEERS)}
    values = {}
    for key, request in requests().items():
        asked = {name: lambda side=side: side.numbers(request)[0]
                 for name, side in running.items()}
        tokens = TOKENS if request.startswith("length") else tokens_of_texts
        values[key] = point(rows.alternate(asked, rounds), tokens)
    return values


def line(key: str, values: dict[str, Any]) -> str:
    what, size = key.split("_")
    return (f"  {what} {size:>4}{1e6 * values['ours_s']:10.1f} µs a token"
            f"{1e6 * values['best_peer_s']:10.1f} {values['best_peer']:12}"
            f"{values['ratio']:6.2f}")
