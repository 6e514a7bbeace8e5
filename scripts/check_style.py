"""The style checks that are cheap enough for every test run.

Format (clang-format), includes (a chapter may use earlier chapters only), file
length, and no path of somebody's machine in what is committed.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE_FOLDERS = ("src", "tests")
LONGEST_FILE = 400
NOT_OURS = {".git", ".venv", ".venv-reference", "build", "site", "downloads", "learn",
            "__pycache__", "vendor", ".ipynb_checkpoints"}
TEXT = {".cpp", ".hpp", ".py", ".sh", ".md", ".txt", ".cmake", ".json", ".yml", ".in", ".ipynb",
        ".css", ".js", ".tsv", ""}
# Written in two pieces, so that this file passes its own check.
MACHINE_PATH = re.compile(r"(?<![\w./~}-])/" + r"(?:work|home|root|Users|mnt)/[\w.-]+")
CHAPTER = re.compile(r"^ch(\d\d)_")
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def files(folder: Path) -> Iterator[Path]:
    """All files below a folder that belong to the project."""
    for path in sorted(folder.iterdir()):
        if path.name in NOT_OURS or path.is_symlink():
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield path


def sources() -> list[Path]:
    return [path for folder in SOURCE_FOLDERS if (ROOT / folder).is_dir()
            for path in files(ROOT / folder) if path.suffix in (".cpp", ".hpp")]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def check_format() -> list[str]:
    beside = Path(sys.executable).parent / "clang-format"
    tool = str(beside) if beside.exists() else shutil.which("clang-format")
    if tool is None:
        return ["clang-format is not installed"]
    command = [tool, "--dry-run", "--Werror", *map(str, sources())]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return []
    return sorted({line.split(":")[0].removeprefix(f"{ROOT}/") for line in
                   result.stderr.splitlines() if "error:" in line}) or [result.stderr]


def may_include(owner: str, included: str) -> bool:
    """Whether a file of folder `owner` may include "included"."""
    if included.startswith("."):
        return False
    mine, other = CHAPTER.match(owner), CHAPTER.match(included)
    if mine and other:
        return int(other.group(1)) <= int(mine.group(1))
    return not (owner == "common" and other)


def check_includes() -> list[str]:
    """src/chNN_… and tests/chNN_… include chapters up to NN; common includes none."""
    problems = []
    for path in sources():
        owner = path.relative_to(ROOT).parts[1]
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if match and not may_include(owner, match.group(1)):
                problems.append(f"{name(path)}:{number}: {owner} may not include "
                                f"{match.group(1)}")
    return problems


def check_lengths() -> list[str]:
    lengths = ((path, len(path.read_text().splitlines())) for path in files(ROOT)
               if path.suffix in (".cpp", ".hpp", ".py", ".sh", ".cmake"))
    return [f"{name(path)}: {length} lines, at most {LONGEST_FILE} expected"
            for path, length in lengths if length > LONGEST_FILE]


def check_paths() -> list[str]:
    problems = []
    for path in files(ROOT):
        if path.suffix not in TEXT:
            continue
        for number, line in enumerate(path.read_text(errors="replace").split("\n"), 1):
            match = MACHINE_PATH.search(line)
            if match:
                problems.append(f"{name(path)}:{number}: {match.group(0)}")
    return problems


CHECKS: dict[str, Callable[[], list[str]]] = {
    "format as clang-format does": check_format,
    "includes of earlier chapters only": check_includes,
    f"no file over {LONGEST_FILE} lines": check_lengths,
    "no path of a machine": check_paths,
}


def main() -> int:
    failed = 0
    for title, check in CHECKS.items():
        problems = check()
        print(f"{title}: {'FAILED' if problems else 'passed'}")
        for problem in problems[:30]:
            print(f"  {problem}")
        failed += bool(problems)
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
