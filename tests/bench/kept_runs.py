"""Runs of processes that take hours: each finished one is kept as a JSON file, so that the
same command goes on where it was stopped and repeats nothing."""

import concurrent.futures
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import record

# Of the studies whose runs go into the repository, so that a fresh clone goes on as well.
KEPT = record.RESULTS / "runs"


def kept(path: Path, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `make` gives, made once, with the circumstances in which that began, unless it gives
    others."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        began = record.circumstances()
        values = {**began, **make()}
        text = json.dumps(values) + "\n"
        partial = path.with_suffix(".partial")
        partial.write_text(text)
        os.replace(partial, path)
    return json.loads(path.read_text())


def origins(runs: list[dict[str, Any]]) -> dict[str, list[str]]:
    """By which commits, on which machines and when they were made."""
    return {f"{name}s": sorted({run[name] for run in runs})
            for name in ("commit", "machine", "date")}


def learned_from(paths: Iterable[Path], train_rows: int) -> bool:
    """Whether kept runs learned from a train file of so many rows; those that don't say are
    taken to have."""
    return all(json.loads(path.read_text()).get("train_rows", train_rows) == train_rows
               for path in paths)


def do_all(jobs: Iterable[Callable[[], Any]]) -> None:
    """Each is a process of one thread: as many at a time as there are cores, in order. The
    first that fails ends the others that haven't begun."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        running = [pool.submit(job) for job in jobs]
        try:
            for one in concurrent.futures.as_completed(running):
                one.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
