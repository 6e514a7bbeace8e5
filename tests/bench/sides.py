"""The programs that are timed, each a long-lived process: "ready", then a line of
numbers for each request (bench_distilbert.cpp lists them)."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
MODELS = ROOT / "build" / "bench" / "models"


class SideError(Exception):
    """A side that doesn't start, or an answer that is an error."""


@dataclass(frozen=True)
class Kind:
    """How a side is started, and what a reader has to know about it."""

    title: str
    program: list[str]
    settings: str
    environment: dict[str, str]
    # Seconds until its threads sleep after an answer: OpenMP's may spin for a while, and
    # the next side must not pay for it.
    pause: float = 0.0
    variant: str = ""


def openblas_environment(flags: list[str]) -> dict[str, str]:
    """The kernel that the program would choose for a processor with these flags."""
    known = set(flags)
    if {"avx512bw", "avx512dq", "avx512vl", "avx512_bf16"} <= known:
        return {"OPENBLAS_CORETYPE": "Cooperlake"}
    if {"avx512bw", "avx512dq", "avx512vl"} <= known:
        return {"OPENBLAS_CORETYPE": "SkylakeX"}
    return {"OPENBLAS_CORETYPE": "Haswell"} if {"avx2", "fma"} <= known else {}


def processor_flags() -> list[str]:
    text = Path("/proc/cpuinfo").read_text()
    return text.split("flags", 1)[1].split(":", 1)[1].split("\n", 1)[0].split()


def python_peer(name: str) -> list[str]:
    return [sys.executable, str(HERE / f"peer_{name}.py")]


def kinds(build: Path) -> dict[str, Kind]:
    """All sides by name. NumPy's own threads, idle in the peers, get one only."""
    numpy = {"OPENBLAS_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    return {
        "ours": Kind("ours", [str(build / "tests/bench/bench_distilbert")],
                     "weights packed when the model is opened; no padding; the last layer ends "
                     "in the tokens that the classifier reads, which no peer does by itself",
                     openblas_environment(processor_flags())),
        "torch": Kind("PyTorch", python_peer("torch"),
                      "inference mode, scaled_dot_product_attention, linear layers packed by "
                      "torch.utils.mkldnn; fused AdamW; int8: quantize_dynamic", numpy, pause=0.05),
        "torch_plain": Kind("PyTorch", python_peer("torch"),
                            "for memory: without packed weights, which would be held twice",
                            numpy, pause=0.05, variant="plain"),
        "torch_compiled": Kind("PyTorch, compiled", python_peer("torch"),
                               "torch.compile for any shape, with freezing (weights packed, "
                               "GELU fused)", numpy, pause=0.05, variant="compiled"),
        "onnx": Kind("ONNX Runtime", python_peer("onnx"),
                     "onnxruntime.transformers.optimizer on a traced export, all graph "
                     "optimisations, packed weights; int8: quantize_dynamic, per channel",
                     numpy, pause=0.05),
        "ctranslate2": Kind("CTranslate2", python_peer("ctranslate2"),
                            "its converter's model, encoder and pooler, classifier in NumPy; "
                            "AVX-512 where there is any; int8: compute_type=int8",
                            {**numpy, **ctranslate2_environment(processor_flags())}, pause=0.25),
    }


def ctranslate2_environment(flags: list[str]) -> dict[str, str]:
    """CTranslate2 takes its AVX-512 loops on Intel's processors only unless told to."""
    return {"CT2_FORCE_CPU_ISA": "AVX512"} if "avx512bw" in flags else {}


def clean_environment(extra: dict[str, str]) -> dict[str, str]:
    """The user's environment without what would slow a side down or help another."""
    prefixes = ("OPENBLAS_", "OMP_", "MKL_", "KMP_", "GOMP_", "CT2_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}
    return {**kept, **extra}


class Side:
    """A running side."""

    def __init__(self, command: list[str], environment: dict[str, str], pause: float = 0) -> None:
        self.command = command
        self.pause = pause
        self.notes = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, env=environment, stderr=self.notes)
        if self._answer() != "ready":
            raise SideError(f"{' '.join(command)} did not start")

    def _answer(self) -> str:
        line = self.process.stdout.readline().strip()
        if not line:
            self.process.wait()
            self.notes.seek(0)
            raise SideError(f"{' '.join(self.command)} ended:\n{self.notes.read()[-2000:]}")
        return line

    def numbers(self, request: str) -> list[float]:
        """The answer to a request; raises SideError."""
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        answer = self._answer()
        if answer.startswith("error:"):
            raise SideError(f"{Path(self.command[-1]).name}: {request}: {answer}")
        time.sleep(self.pause)
        return [float(number) for number in answer.split()]

    def close(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
        self.notes.close()


class Sides:
    """Starts sides when they are first asked for and keeps them for one model."""

    def __init__(self, build: Path, glue: Path, threads: int) -> None:
        self.build = build
        self.glue = glue
        self.threads = threads
        self.kinds = kinds(build)
        self.running: dict[tuple, Side] = {}
        self.model = ""
        # What was compared with ours already: side, model and request.
        self.checked: set[tuple[str, str, str]] = set()
        self.failed: set[tuple[str, str]] = set()

    def start(self, name: str, model: str, precision: str = "fp32", threads: int = 0) -> Side:
        """A new process, which is the caller's to close."""
        kind = self.kinds[name]
        command = [*kind.program, str(MODELS / model), str(self.glue),
                   str(threads or self.threads), precision, kind.variant]
        return Side(command, clean_environment(kind.environment), kind.pause)

    def get(self, name: str, model: str, precision: str = "fp32", threads: int = 0) -> Side:
        """The running process of that side; those of another model end."""
        if model != self.model:
            self.close()
            self.model = model
        key = (name, precision, threads or self.threads)
        if key not in self.running:
            self.running[key] = self.start(name, model, precision, threads)
        return self.running[key]

    def close(self) -> None:
        for side in self.running.values():
            side.close()
        self.running.clear()
