"""What a model's file says without its weights being read."""

import json
import math
import struct
from pathlib import Path


def parameters_of(folder: Path) -> int:
    """How many numbers model.safetensors holds: the parameters, tied ones once."""
    with open(folder / "model.safetensors", "rb") as file:
        size, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
    return sum(math.prod(tensor["shape"]) for name, tensor in header.items()
               if name != "__metadata__")
