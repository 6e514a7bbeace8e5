"""Plants each bug of tests/mutants/*.json in a copy of the project, and expects
the test named beside it to fail.

The copy and its build folder are kept in build/mutants, so that a mutant costs
one compiled file and one link. First every named test runs on the project as it
is: a test that fails there, or that matches no test case, proves nothing. While
one mutant's test runs, the next mutant is being built.

With --minutes no more are planted after so long. Which mutant comes first then depends
on the commit, so that all have their turn.
"""

import argparse
import concurrent.futures
import json
import math
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "mutants"
TREE, BUILD = WORK / "tree", WORK / "build"
COPIED = ("CMakeLists.txt", "LICENSE", "NOTICE", "LICENSES", "cmake", "data", "src", "tests")
LINKED = ("downloads",)
TEST_SECONDS = 300
# A bug that leaves something unused behind is a warning, and must be built all the same.
FLAGS = ["-DCMAKE_BUILD_TYPE=None", "-DCMAKE_CXX_FLAGS=-O1",
         "-DCMAKE_COMPILE_WARNING_AS_ERROR=OFF"]


@dataclass(frozen=True)
class Mutant:
    name: str
    file: str
    find: str
    replace: str
    target: str
    filter: str


@dataclass(frozen=True)
class Run:
    """What a test program did."""

    passed: bool
    cases: int
    skipped: bool
    seconds: float
    end: str


def read_mutants(paths: list[Path]) -> list[Mutant]:
    mutants = []
    for path in paths:
        for entry in json.loads(path.read_text()):
            by: dict[str, Any] = entry["killed_by"]
            mutants.append(Mutant(entry["name"], entry["file"], entry["find"], entry["replace"],
                                  by["target"], by.get("filter", "")))
    return mutants


def mirror(source: Path, target: Path) -> None:
    """Makes target equal to source, touching only what differs."""
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        names = {path.name for path in source.iterdir()} - {"__pycache__"}
        for stale in [path for path in target.iterdir() if path.name not in names]:
            shutil.rmtree(stale) if stale.is_dir() else stale.unlink()
        for name in names:
            mirror(source / name, target / name)
    elif not target.exists() or target.read_bytes() != source.read_bytes():
        shutil.copyfile(source, target)


def prepare_tree() -> None:
    TREE.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        if (ROOT / name).exists():
            mirror(ROOT / name, TREE / name)
    for name in LINKED:
        if not (TREE / name).is_symlink():
            (TREE / name).symlink_to(ROOT / name)


def run_quietly(command: list[str], cwd: Path) -> str | None:
    """None when the command succeeds, otherwise the end of what it printed."""
    result = subprocess.run(command, cwd=cwd, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False)
    return None if result.returncode == 0 else "\n".join(result.stdout.splitlines()[-30:])


def configure() -> str | None:
    launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    return run_quietly(["cmake", "-S", str(TREE), "-B", str(BUILD), "-G", "Ninja", *FLAGS,
                        *launcher], ROOT)


def build(targets: list[str]) -> str | None:
    return run_quietly(["cmake", "--build", str(BUILD), "-j", str(os.cpu_count() or 1),
                        *(part for target in targets for part in ("--target", target))], ROOT)


def program(target: str) -> Path:
    found = [path for path in BUILD.rglob(target) if path.is_file() and os.access(path, os.X_OK)]
    if len(found) != 1:
        raise SystemExit(f"one program {target} expected below {BUILD}, found {len(found)}")
    return found[0]


def count_cases(output: str) -> int:
    match = re.search(r"in (\d+) test cases?\)|^test cases:\s*(\d+)", output, re.MULTILINE)
    return int(match.group(1) or match.group(2)) if match else 0


def run_test(test: Path, pattern: str) -> Run:
    environment = dict(os.environ)
    for variable, folder in (("DISTILBERT_DATA", ROOT.parent / "shared" / "data"),
                             ("DISTILBERT_MINILM", ROOT / "downloads" / "minilm-l6-v2")):
        if folder.is_dir():
            environment.setdefault(variable, str(folder))
    command = [str(test), *([pattern] if pattern else [])]
    started = time.monotonic()
    try:
        result = subprocess.run(command, cwd=TREE, env=environment, text=True, errors="replace",
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                                stdin=subprocess.DEVNULL, timeout=TEST_SECONDS)
        output, passed = result.stdout, result.returncode == 0
    except subprocess.TimeoutExpired:
        output, passed = f"no end after {TEST_SECONDS} s", False
    return Run(passed, count_cases(output), "skipped:" in output, time.monotonic() - started,
               "\n".join(output.splitlines()[-15:]))


def problem_of(key: tuple[str, str], run: Run) -> str | None:
    """Why a test that ran on the project as it is proves nothing."""
    if not run.passed:
        return f"{key[0]} '{key[1]}' fails without any mutant:\n{run.end}"
    return f"{key[0]} '{key[1]}' matches no test case" if run.cases == 0 else None


def plant(mutant: Mutant, copy: Path) -> str | None:
    """Builds the mutant's test program to `copy`; the tree is clean afterwards."""
    path = TREE / mutant.file
    if not path.is_file():
        return f"{mutant.file} doesn't exist"
    original = path.read_text()
    occurrences = original.count(mutant.find)
    if occurrences != 1:
        return f"the text to find occurs {occurrences} times in {mutant.file}, 1 expected"
    path.write_text(original.replace(mutant.find, mutant.replace))
    try:
        problem = build([mutant.target])
        if problem is not None:
            return f"doesn't build:\n{problem}"
        shutil.copy2(program(mutant.target), copy)
    finally:
        path.write_text(original)
    return None


def judge(mutant: Mutant, original: Run, copy: Path) -> tuple[str, str]:
    """(verdict, detail) of a mutant that was built; removes its program."""
    run = run_test(copy, mutant.filter)
    copy.unlink()
    if not run.passed:
        return "killed", f"{run.seconds:.1f} s"
    if original.skipped:
        return "skipped", "its test skips here for want of data"
    return "SURVIVED", f"{mutant.target} '{mutant.filter}' passes with the bug in {mutant.file}"


def try_all(mutants: list[Mutant], deadline: float) -> dict[str, int]:
    counts = {"killed": 0, "SURVIVED": 0, "ERROR": 0, "skipped": 0}
    # Before the first mutant, whose program stays in the build folder.
    originals = {key: run_test(program(key[0]), key[1])
                 for key in sorted({(mutant.target, mutant.filter) for mutant in mutants})}

    def report(mutant: Mutant, verdict: str, detail: str) -> None:
        counts[verdict] += 1
        print(f"{verdict:8}  {mutant.name}: {detail}", flush=True)

    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as pool:
        waiting: tuple[Mutant, concurrent.futures.Future[tuple[str, str]]] | None = None
        for index, mutant in enumerate(mutants):
            if time.monotonic() > deadline:
                counts["skipped"] += len(mutants) - index
                print(f"skipped: {len(mutants) - index} mutants, for want of time")
                break
            key = mutant.target, mutant.filter
            copy = WORK / f"mutant-{index}"
            problem = problem_of(key, originals[key]) or plant(mutant, copy)
            if waiting:
                report(waiting[0], *waiting[1].result())
                waiting = None
            if problem is not None:
                report(mutant, "ERROR", problem)
            else:
                waiting = mutant, pool.submit(judge, mutant, originals[key], copy)
        if waiting:
            report(waiting[0], *waiting[1].result())
    return counts


def rotated(mutants: list[Any], commit_hash: str) -> list[Any]:
    """All of them, from a beginning that another commit has elsewhere."""
    first = int(commit_hash or "0", 16) % len(mutants)
    return mutants[first:] + mutants[:first]


def commit() -> str:
    """Nothing where there is no repository."""
    try:
        return subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, text=True, check=False,
                              capture_output=True).stdout.strip()
    except OSError:
        return ""


def close(passed: int, failed: int, skipped: int = 0) -> int:
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="default: tests/mutants/*.json")
    parser.add_argument("--minutes", type=float, default=math.inf)
    options = parser.parse_args(arguments)
    deadline = time.monotonic() + 60 * options.minutes
    mutants = read_mutants(options.files or sorted((ROOT / "tests" / "mutants").glob("*.json")))
    if options.minutes < math.inf:
        mutants = rotated(mutants, commit())
    prepare_tree()
    problem = configure() or build(sorted({mutant.target for mutant in mutants}))
    if problem is not None:
        print(f"the project itself doesn't build:\n{problem}")
        return close(0, max(1, len(mutants)))
    counts = try_all(mutants, deadline)
    return close(counts["killed"], counts["SURVIVED"] + counts["ERROR"], counts["skipped"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
