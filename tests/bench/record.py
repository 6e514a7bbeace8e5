"""book/results/NAME.json, as book/results/README.md describes it."""

import datetime
import importlib.metadata
import json
import os
import subprocess
from pathlib import Path
from typing import Any

from sides import ROOT, processor_flags

RESULTS = ROOT / "book" / "results"
PACKAGES = ("torch", "transformers", "onnx", "onnxruntime", "ctranslate2", "tokenizers",
            "flash-tokenizer", "numpy")
# The flags that decide which loops a library takes.
TELLING_FLAGS = ("avx2", "fma", "avx512f", "avx512bw", "avx512vl", "avx512_vnni", "avx_vnni",
                 "avx512_bf16", "amx_tile", "amx_int8", "amx_bf16")


def versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "absent"
    return found


def processor() -> dict[str, Any]:
    """Name, family, model and the flags that matter."""
    fields = {}
    for text in Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines():
        name, _, value = text.partition(":")
        fields[name.strip()] = value.strip()
    flags = processor_flags()
    return {"name": fields.get("model name", "unknown"), "family": fields.get("cpu family", ""),
            "model": fields.get("model", ""), "cores": os.cpu_count(),
            "flags": [flag for flag in TELLING_FLAGS if flag in flags]}


def git(*arguments: str) -> str:
    """Without locks, so that a commit made meanwhile isn't refused."""
    return subprocess.run(["git", "--no-optional-locks", *arguments], cwd=ROOT, text=True,
                          capture_output=True, check=True).stdout.strip()


def commit() -> str:
    """With a + where the work tree differs from it in what takes part in a run: prose and
    results don't."""
    changes = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!book", ":!*.md")
    return git("rev-parse", "--short", "HEAD") + ("+" if changes else "")


def circumstances() -> dict[str, Any]:
    """What was run, where and when."""
    cpu = processor()
    return {"commit": commit(), "machine": f"{cpu['cores']} cores of an {cpu['name']}",
            "processor": cpu, "date": datetime.date.today().isoformat()}


def write(name: str, record: dict[str, Any], folder: Path = RESULTS) -> Path:
    """The record of a long run brings the circumstances of its start, others get today's."""
    path = folder / f"{name}.json"
    when = {} if "commit" in record else circumstances()
    path.write_text(json.dumps({"name": name, **record, **when}, indent=2) + "\n")
    return path
