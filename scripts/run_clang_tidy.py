"""Runs clang-tidy over the project's own sources, several at once.

A file that passed is not looked at again until something that clang-tidy reads
changes: the file, a header of ours that it includes, its compile command, the
configuration or the tool. What passed is kept in build/clang-tidy.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PASSED = ROOT / "build" / "clang-tidy"
INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"', re.MULTILINE)
INCLUDE_ROOTS = (ROOT / "src", ROOT / "tests")


def find_tool() -> str:
    beside = Path(sys.executable).parent / "clang-tidy"
    tool = str(beside) if beside.exists() else shutil.which("clang-tidy")
    if tool is None:
        raise SystemExit("clang-tidy is not installed")
    return tool


@cache
def own_headers(path: Path) -> frozenset[Path]:
    """The project's headers that a file includes, through others too."""
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        current = waiting.pop()
        for match in INCLUDE.finditer(current.read_bytes()):
            name = match.group(1).decode()
            for folder in (current.parent, *INCLUDE_ROOTS):
                header = (folder / name).resolve()
                if header.is_file() and header not in found:
                    found.add(header)
                    waiting.append(header)
    return frozenset(found)


def fingerprint(path: Path, command: str, common: bytes) -> str:
    digest = hashlib.sha256(common + command.encode())
    for part in [path, *sorted(own_headers(path))]:
        digest.update(str(part.relative_to(ROOT)).encode() + b"\0" + part.read_bytes())
    return digest.hexdigest()


def common_part(tool: str) -> bytes:
    version = subprocess.run([tool, "--version"], capture_output=True, check=True).stdout
    return version + (ROOT / ".clang-tidy").read_bytes()


def our_commands(build: Path) -> dict[Path, str]:
    """Compile commands of the sources below src/."""
    entries = json.loads((build / "compile_commands.json").read_text())
    commands = {Path(entry["file"]).resolve(): entry["command"] for entry in entries}
    return {path: command for path, command in sorted(commands.items())
            if path.is_relative_to(ROOT / "src")}


def check(tool: str, build: Path, path: Path) -> str | None:
    """None when there is nothing to say, otherwise what clang-tidy says."""
    # The compile commands are g++'s, and it has warnings that clang hasn't.
    result = subprocess.run([tool, "-p", str(build), "--quiet",
                             "--extra-arg=-Wno-unknown-warning-option", str(path)],
                            cwd=ROOT, text=True, capture_output=True, stdin=subprocess.DEVNULL,
                            check=False)
    if result.returncode == 0:
        return None
    return result.stdout.replace(f"{ROOT}/", "") or result.stderr


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=Path, help="a build folder with compile_commands.json")
    parser.add_argument("files", nargs="*", type=Path, help="default: all sources below src/")
    options = parser.parse_args(arguments)
    tool = find_tool()
    common = common_part(tool)
    commands = our_commands(options.build)
    chosen = [path.resolve() for path in options.files] or list(commands)
    PASSED.mkdir(parents=True, exist_ok=True)
    prints = {path: fingerprint(path, commands[path], common) for path in chosen}
    todo = [path for path in chosen if not (PASSED / prints[path]).exists()]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for path, problem in zip(todo, pool.map(lambda p: check(tool, options.build, p), todo)):
            if problem is None:
                (PASSED / prints[path]).touch()
            else:
                failed += 1
                print(f"{path.relative_to(ROOT)}:\n{problem}", flush=True)
    print(f"{len(chosen)} files, {len(chosen) - len(todo)} of them unchanged since they passed")
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
