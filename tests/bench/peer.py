"""What all peers have in common: the requests of bench_distilbert.cpp, answered alike.

    peer_NAME.py MODEL GLUE THREADS PRECISION VARIANT

VARIANT may be empty; only peer_torch.py has some.
"""

import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import numpy as np
from peer_texts import Text, Texts, batches, made_up


class Peer(ABC):
    """A model behind another library. Batches are made before the clock starts."""

    def __init__(self, model: Path, glue: Path, threads: int, precision: str,
                 variant: str) -> None:
        self.folder = model
        self.threads = threads
        self.precision = precision
        self.variant = variant
        self.texts = Texts(model, glue)

    @abstractmethod
    def batch(self, texts: list[Text]) -> Any:
        """Texts as run() takes them, padded to the longest."""

    @abstractmethod
    def run(self, batch: Any) -> np.ndarray:
        """The logits [texts, labels]."""

    def time(self, lots: list[list[Text]]) -> float:
        made = [self.batch(texts) for texts in lots]
        started = time.perf_counter()
        for batch in made:
            self.run(batch)
        return time.perf_counter() - started

    def dev(self, task: str, count: str) -> list[Text]:
        return self.texts.get(task, "dev")[0][:int(count)]

    def forward(self, task: str, batch: str, count: str, order: str) -> list[float]:
        return [self.time(batches(self.dev(task, count), int(batch), order))]

    def latency(self, task: str, count: str) -> list[float]:
        return [self.time([[text]]) for text in self.dev(task, count)]

    def length(self, length: str, batch: str) -> list[float]:
        return [self.time([made_up(int(length), int(batch))])]

    def logits(self, task: str, count: str, file: str) -> list[float]:
        values = np.concatenate([self.run(self.batch(texts)) for texts in
                                 batches(self.dev(task, count), 32, "file")])
        Path(file).write_bytes(values.astype("<f4").tobytes())
        return [values.size]

    def peak(self) -> list[float]:
        status = Path("/proc/self/status").read_text()
        return [1024 * float(status.split("VmHWM:")[1].split()[0])]


def serve(kind: type[Peer]) -> None:
    """Answers "ready", then each request with a line of numbers or an error."""
    model, glue, threads, precision, variant = sys.argv[1:]
    peer = kind(Path(model), Path(glue), int(threads), precision, variant)
    answers = sys.stdout
    sys.stdout = sys.stderr
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        what, *words = line.split()
        try:
            numbers = getattr(peer, what.replace("-", "_"))(*words)
            print(*numbers, file=answers, flush=True)
        except Exception as error:  # whatever it is, the runner has to hear of it
            print("error:", " ".join(repr(error).split()), file=answers, flush=True)
