"""How each kind of row of the table is measured."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import agreement
import figures
from sides import MODELS, Side, SideError, Sides, clean_environment
from weights import parameters_of

FORWARD_PEERS = ("torch", "onnx", "ctranslate2")
# It needs a compiler and Python's headers, and a minute; where it fails it is left out.
SLOW_TO_START = "torch_compiled"


@dataclass(frozen=True)
class Row:
    """One row: its key in bench.json, its title, the model, the goal for its ratio."""

    name: str
    title: str
    model: str
    goal: float | None

    def measure(self, sides: Sides, rounds: int) -> dict[str, Any]:
        """The row's values; raises SideError."""
        raise NotImplementedError

    def quick(self) -> "Row | None":
        """The row as --quick runs it; None where it leaves it out."""
        return None


def alternate(asked: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """The sides take turns, round after round, after one that doesn't count."""
    times: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(rounds + 1):
        for name, ask in asked.items():
            seconds = ask()
            if number:
                times[name].append(seconds)
    return times


@dataclass(frozen=True)
class SpeedRow(Row):
    """Ours and peers on the same request."""

    request: str
    items: int
    peers: tuple[str, ...] = FORWARD_PEERS
    precision: str = "fp32"
    quick_request: str = ""
    quick_items: int = 0
    # Long rows take fewer rounds.
    most_rounds: int = 99

    def quick(self) -> "Row | None":
        if not self.quick_request:
            return None
        peers = tuple(name for name in self.peers if name != SLOW_TO_START)
        return replace(self, request=self.quick_request, items=self.quick_items, peers=peers)

    def running(self, sides: Sides) -> dict[str, Side]:
        """Ours and the peers, each compared with ours once."""
        running = {"ours": sides.get("ours", self.model, self.precision)}
        for name in self.peers:
            if (name, self.model) in sides.failed:
                continue
            try:
                peer = sides.get(name, self.model, self.precision)
                self.check(sides, name, running["ours"], peer)
                running[name] = peer
            except SideError as error:
                if name != SLOW_TO_START:
                    raise
                sides.failed.add((name, self.model))
                print(f"left out: {name}: {error}", flush=True)
        return running

    def check(self, sides: Sides, name: str, ours: Side, peer: Side) -> None:
        """That a peer computes what ours does, before it is timed."""
        what = self.request.split()[0]
        # Before the first step of training: afterwards the models differ by dropout.
        check = f"{what}-loss mrpc 8" if what in ("train", "distill") else "logits"
        key = (name, self.model, check)
        if self.precision != "fp32" or key in sides.checked:
            return
        if check == "logits":
            agreement.check_logits(name, ours, peer)
        else:
            agreement.check_loss(name, check, ours, peer)
        sides.checked.add(key)

    def measure(self, sides: Sides, rounds: int) -> dict[str, Any]:
        running = self.running(sides)
        asked = {name: lambda side=side: side.numbers(self.request)[0]
                 for name, side in running.items()}
        times = alternate(asked, min(rounds, self.most_rounds))
        return {"model": self.model, "request": self.request,
                **figures.compare(times, self.items)}


@dataclass(frozen=True)
class LatencyRow(SpeedRow):
    """One text at a time: the ratio is of a round's medians."""

    def measure(self, sides: Sides, rounds: int) -> dict[str, Any]:
        running = self.running(sides)
        rounds = min(rounds, self.most_rounds)
        alone: dict[str, list[float]] = {name: [] for name in running}

        def ask(name: str) -> float:
            seconds = running[name].numbers(self.request)
            alone[name] += seconds
            return statistics.median(seconds)

        times = alternate({name: lambda name=name: ask(name) for name in running}, rounds)
        tails = {f"{name}_p90_s": figures.percentile(seconds[len(seconds) // (rounds + 1):], 0.9)
                 for name, seconds in alone.items()}
        return {"model": self.model, "request": self.request, "unit": "s",
                **figures.compare(times, 1), **tails}


@dataclass(frozen=True)
class MemoryRow(Row):
    """The largest resident set of a process that does one request. In training, above the
    16 bytes a parameter (value, gradient, two moments) that any of them must hold."""

    request: str
    peers: tuple[str, ...]
    above_parameters: bool = False

    def measure(self, sides: Sides, rounds: int) -> dict[str, Any]:
        sides.close()
        fixed = 16 * parameters_of(MODELS / self.model) if self.above_parameters else 0
        values: dict[str, Any] = {"model": self.model, "request": self.request, "unit": "bytes"}
        for name in ("ours", *self.peers):
            side = sides.start("torch_plain" if name == "torch" else name, self.model)
            side.numbers(self.request)
            peak = side.numbers("peak")[0]
            side.close()
            values[f"{name}_peak_bytes"] = peak
            values[f"{name}_bytes"] = peak - fixed
        ratio = values["torch_bytes"] / values["ours_bytes"]
        return {**values, "best_peer": "torch", "ratio": ratio}


@dataclass(frozen=True)
class ThreadsRow(Row):
    """Ours on all threads over ours on one."""

    request: str
    items: int

    def measure(self, sides: Sides, rounds: int) -> dict[str, Any]:
        one = sides.get("ours", self.model, threads=1)
        all_threads = sides.get("ours", self.model)
        times = alternate({"ours": lambda: all_threads.numbers(self.request)[0],
                           "one_thread": lambda: one.numbers(self.request)[0]}, rounds)
        return {"model": self.model, "request": self.request,
                **figures.compare(times, self.items)}

    def quick(self) -> "Row | None":
        if self.model != "minilm":
            return None
        return replace(self, request="forward sst2 32 320 file", items=320)


@dataclass(frozen=True)
class GemmShareRow(Row):
    """The time of the bare products of the linear layers over the time of the forward
    pass: the rate of the one as a share of the rate of the other, with the products
    inside attention counted as overhead."""

    task: str
    texts: int

    def measure(self, sides: Sides, rounds: int) -> dict[str, Any]:
        ours = sides.get("ours", self.model)
        operations = ours.numbers(f"gemm {self.task} 32 {self.texts}")[1]
        times = alternate(
            {"ours": lambda: ours.numbers(f"forward {self.task} 32 {self.texts} file")[0],
             "gemm": lambda: ours.numbers(f"gemm {self.task} 32 {self.texts}")[0]}, rounds)
        medians = {name: statistics.median(seconds) for name, seconds in times.items()}
        return {"model": self.model, "unit": "flops",
                **{f"{name}_flops": operations / seconds for name, seconds in medians.items()},
                **figures.ratios(times["ours"], times["gemm"])}


@dataclass(frozen=True)
class StartRow(Row):
    """The whole program on one line, from its start to its end. The ratio is of the
    allowed time to the time it took."""

    allowed_s: float
    runs: int

    def measure(self, sides: Sides, rounds: int) -> dict[str, Any]:
        command = [str(sides.build / "distilbert"), "classify", "--model",
                   str(MODELS / self.model)]
        seconds = []
        for _ in range(self.runs + 1):
            started = time.perf_counter()
            subprocess.run(command, input="A quiet, patient film.\n", text=True, check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           env=clean_environment({}))
            seconds.append(time.perf_counter() - started)
        took = statistics.median(seconds[1:])
        return {"model": self.model, "unit": "s", "ours_s": took,
                "ours_min_s": min(seconds[1:]), "ours_max_s": max(seconds[1:]),
                "ratio": self.allowed_s / took}

    def quick(self) -> "Row | None":
        return replace(self, runs=5)


@dataclass(frozen=True)
class AccuracyRow(Row):
    """What int8 loses on a whole dev set, of accuracy or of STS-B's Pearson correlation;
    the ratio is of the allowed loss to the loss (at most 99)."""

    task: str
    allowed: float
    peers: tuple[str, ...] = FORWARD_PEERS

    def measure(self, sides: Sides, rounds: int) -> dict[str, Any]:
        wanted = labels_of(sides, self.task)
        score = agreement.pearson if self.task == "stsb" else agreement.accuracy
        values: dict[str, Any] = {"model": self.model, "unit": "lost"}
        for name in ("ours", *self.peers):
            right = {}
            for precision in ("fp32", "int8"):
                side = sides.get(name, self.model, precision)
                given = agreement.logits(side, self.task, len(wanted))
                right[precision] = score(given, wanted)
                values[f"{name}_{precision}_score"] = right[precision]
            values[f"{name}_lost"] = right["fp32"] - right["int8"]
        return {**values, "ratio": min(99.0, self.allowed / max(values["ours_lost"], 1e-9))}


def labels_of(sides: Sides, task: str) -> list[float]:
    """The dev set's labels in the file's order."""
    folder, column = {"sst2": ("SST-2", "label"), "mrpc": ("MRPC", "Quality"),
                      "stsb": ("STS-B", "score")}[task]
    lines = (sides.glue / folder / "dev.tsv").read_text(encoding="utf-8-sig").split("\n")
    at = lines[0].rstrip("\r").split("\t").index(column)
    return [float(line.split("\t")[at]) for line in lines[1:] if line]


def answers_int8(sides: Sides, model: str) -> bool:
    """Whether our side can compute on 8-bit integers."""
    try:
        sides.get("ours", model, "int8").numbers("forward sst2 1 1 file")
    except SideError:
        return False
    return True


def available_threads() -> int:
    return len(os.sched_getaffinity(0))
