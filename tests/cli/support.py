"""What the program's tests share: running it within limits, reading what it writes, and
folders with tiny models."""

import json
import os
import resource
import shutil
import struct
import subprocess
import tempfile
import unittest
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
BINARY = Path(os.environ.get("DISTILBERT_PROGRAM",
                             ROOT / "build" / "release" / "distilbert")).resolve()
MODELS = ROOT / "tests" / "golden" / "models"
MINI_GLUE = ROOT / "data" / "mini-glue"
SECONDS = 120
GIGABYTE = 1 << 30

SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = ("the a film is not good bad and of to it in that was for with on as this funny dull "
         "story ##s ##ing ##ed ##ly , . ! ? ' - 0 1 2 man woman plays guitar").split()
LETTERS = ["e", "i", "o", "##a", "##e", "##i", "##n", "##o", "##r", "##t", "##l", "##d", "##c"]


def vocabulary(size: int = 61) -> list[str]:
    tokens = SPECIALS + WORDS + LETTERS
    return (tokens + [f"[unused{i}]" for i in range(size - len(tokens))])[:size]


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


def limit(memory: int) -> None:
    """Called in the child: an address space that no honest run here fills."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def command_line(*arguments: object) -> list[str]:
    """One thread, which changes no result, so that tests can run beside each other."""
    given = [str(argument) for argument in arguments]
    return [str(BINARY), *([] if "--threads" in given else ["--threads", "1"]), *given]


def run(*arguments: object, lines: str | bytes = "", seconds: float = SECONDS,
        memory: int = 2 * GIGABYTE, **environment: str) -> Result:
    """Runs the program with `lines` on standard input."""
    given = lines.encode() if isinstance(lines, str) else lines
    result = subprocess.run(command_line(*arguments), input=given, capture_output=True,
                            timeout=seconds, check=False, cwd=ROOT,
                            env=os.environ | environment, preexec_fn=lambda: limit(memory))
    return Result(result.returncode, result.stdout.decode(), result.stderr.decode())


@dataclass(frozen=True)
class Tensor:
    dtype: str
    shape: list[int]
    data: bytes

    def values(self) -> list[float]:
        code = {"F32": "f", "I64": "q", "F64": "d"}[self.dtype]
        return list(array(code, self.data))

    def rows(self) -> list[list[float]]:
        values, width = self.values(), self.shape[-1]
        return [values[i:i + width] for i in range(0, len(values), width)]


def read_safetensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """(tensors, metadata)"""
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, info in header.items():
        begin, end = (8 + length + offset for offset in info["data_offsets"])
        tensors[name] = Tensor(info["dtype"], info["shape"], data[begin:end])
    return tensors, metadata


def write_safetensors(path: Path, tensors: dict[str, Tensor]) -> None:
    header: dict[str, Any] = {}
    data = b""
    for name, tensor in tensors.items():
        header[name] = {"dtype": tensor.dtype, "shape": tensor.shape,
                        "data_offsets": [len(data), len(data) + len(tensor.data)]}
        data += tensor.data
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


class ProgramTest(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self) -> None:
        self.assertTrue(BINARY.is_file(), f"{BINARY}: not built; DISTILBERT_PROGRAM names another")
        folder = tempfile.TemporaryDirectory(prefix="distilbert-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def model(self, golden: str, name: str = "", labels: list[str] | None = None) -> Path:
        """A copy of a golden model that has a vocabulary of its size."""
        folder = self.folder / (name or golden)
        folder.mkdir()
        for file in ("config.json", "model.safetensors"):
            shutil.copyfile(MODELS / golden / file, folder / file)
        config = json.loads((folder / "config.json").read_text())
        tokens = vocabulary(config["vocab_size"])
        (folder / "vocab.txt").write_text("".join(f"{token}\n" for token in tokens))
        if labels is not None:
            self.edit_config(folder, id2label={str(i): label for i, label in enumerate(labels)},
                             label2id={label: i for i, label in enumerate(labels)})
        return folder

    def edit_config(self, folder: Path, **changes: Any) -> None:
        """Changes keys of config.json; None removes one."""
        path = folder / "config.json"
        config = json.loads(path.read_text()) | changes
        path.write_text(json.dumps({k: v for k, v in config.items() if v is not None}))

    def succeed(self, *arguments: object, **options: Any) -> str:
        """Runs the program, which must be silent on stderr; its stdout."""
        result = run(*arguments, **options)
        self.assertEqual((result.code, result.err), (0, ""))
        return result.out

    def refuse(self, code: int, parts: list[str], *arguments: object, **options: Any) -> str:
        """Runs the program, which must end with `code` and one line that holds `parts`."""
        result = run(*arguments, **options)
        self.assertEqual(result.code, code, result)
        self.assertEqual(result.err.count("\n"), 1, result)
        self.assertTrue(result.err.startswith("distilbert: "), result)
        self.assertTrue(result.err.endswith("\n"), result)
        for part in parts:
            self.assertIn(part, result.err)
        return result.err
