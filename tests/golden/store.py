"""Where goldens are written: safetensors and JSON files, and the manifest that lists them."""

import hashlib
import json
import zlib
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

HERE = Path(__file__).resolve().parent
MANIFEST = HERE / "manifest.json"

# What a test may allow, per kind of tensor. `float` and `double` say in which type the tested
# program computed; b is the golden.
TOLERANCES = {
    "exact": "equal",
    "forward": {
        "rule": "|a-b| <= absolute + relative * max|b|, the maximum taken over the tensor",
        "float": {"absolute": 1e-5, "relative": 1e-5},
        "double": {"absolute": 1e-12, "relative": 1e-12},
    },
    "gradient": {
        "rule": "norm(a-b) <= relative * norm(b) + overall * norm(all gradients of the model)",
        "float": {"relative": 1e-4, "overall": 1e-6},
        "double": {"relative": 1e-9, "overall": 1e-12},
    },
    "training": {
        "rule": "losses, gradient norms and rates: |a-b| <= relative * max(|b|, 0.1); "
        "final parameters, in double only: norm(a-b) <= relative * norm(b)",
        "float": {"relative": 1e-3},
        "double": {"relative": 1e-9},
    },
}




def seed_of(name: str) -> int:
    return zlib.crc32(name.encode())


def randn(name: str, *shape: int) -> torch.Tensor:
    """Standard normal float64 values that depend on the name only."""
    generator = torch.Generator().manual_seed(seed_of(name))
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def randint(name: str, low: int, high: int, *shape: int) -> torch.Tensor:
    """Integers from low to high - 1 that depend on the name only."""
    generator = torch.Generator().manual_seed(seed_of(name))
    return torch.randint(low, high, shape, generator=generator)


def float32_values(tensor: torch.Tensor) -> torch.Tensor:
    """The same tensor with values that float32 holds exactly, still in float64."""
    return tensor.float().double()


def kind_of(name: str, dtype: str) -> str:
    if name.startswith("gradient."):
        return "gradient"
    if name.startswith(("losses", "gradient_norms", "learning_rates", "final.")):
        return "training"
    outputs = ("hidden_states.", "logits", "pooler_output", "loss", "output", "probabilities.")
    if name.startswith(outputs):
        return "forward" if dtype.startswith("F") else "exact"
    return "exact"


def write_tensors(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({k: v.detach().contiguous() for k, v in tensors.items()}, path, {"format": "pt"})
    path.chmod(0o644)


def plain_json(value, indent: int = 0) -> str:
    """JSON with one entry per line, but lists of plain values on one line."""
    pad = " " * (indent + 1)
    if isinstance(value, dict) and value:
        body = ",\n".join(f"{pad}{json.dumps(k)}: {plain_json(v, indent + 1)}"
                          for k, v in value.items())
        return "{\n" + body + "\n" + " " * indent + "}"
    if isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        body = ",\n".join(pad + plain_json(item, indent + 1) for item in value)
        return "[\n" + body + "\n" + " " * indent + "]"
    return json.dumps(value)


def write_json(path: Path, value) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(plain_json(value) + "\n")


class Manifest:
    """What was written: file, generator, sha256, and for tensors their names and shapes."""

    def __init__(self) -> None:
        self.files: dict[str, dict] = {}
        text = MANIFEST.read_text() if MANIFEST.exists() else '{"files": {}}'
        self.before: dict[str, dict] = json.loads(text)["files"]

    def keep(self, prefix: str) -> None:
        """Carries over the entries of files that are not made anew."""
        kept = {k: v for k, v in self.before.items() if k.startswith(prefix)}
        self.files |= {k: v for k, v in kept.items() if (HERE / k).exists()}

    def add(self, path: Path, generator: str, **notes) -> None:
        entry = {"generator": generator, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        entry.update(notes)
        if path.suffix == ".safetensors":
            entry["tensors"] = self._tensors(path)
        self.files[path.relative_to(HERE).as_posix()] = entry

    @staticmethod
    def _tensors(path: Path) -> dict[str, list]:
        result = {}
        with safe_open(path, "pt") as file:
            for name in sorted(file.keys()):
                view = file.get_slice(name)
                dtype = view.get_dtype()
                result[name] = [dtype, view.get_shape(), kind_of(name, dtype)]
        return result

    def write(self, packages: dict[str, str]) -> None:
        lines = [f" {json.dumps(p)}: {json.dumps(e)}" for p, e in sorted(self.files.items())]
        head = plain_json({"packages": packages, "tolerances": TOLERANCES})
        text = head.removesuffix("\n}") + ',\n "files": {\n' + ",\n".join(lines) + "\n }\n}\n"
        json.loads(text)
        MANIFEST.write_text(text)
