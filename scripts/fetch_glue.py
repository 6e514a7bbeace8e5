"""Fetches the GLUE data from its official address, in the official layout.

Says first how much there is to download. Goes on where an interrupted run
stopped, verifies every archive, and gives a task's folder its name only when
all its files are there. Needs nothing but Python.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

from download import DownloadError, Wanted, download, sha256

ROOT = Path(__file__).resolve().parent.parent
BASE_URL = "https://dl.fbaipublicfiles.com"
RECORD = "fetched.json"
MRPC_TEST_HEADER = "index\t#1 ID\t#2 ID\t#1 String\t#2 String\n"


class WrongData(Exception):
    """An archive holds something else than the task's files."""


def megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB"


def require_inside(name: str) -> None:
    """A path in an archive must stay below the folder it is unpacked to."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]):
        raise WrongData(f"the archive holds a path that leaves its folder: {name}")


def unpack(archive: Path, task: str, folder: Path) -> None:
    """Takes the tables and notes of a task; its `original/` sources stay behind."""
    with zipfile.ZipFile(archive) as bundle:
        for member in bundle.infolist():
            require_inside(member.filename)
        for member in bundle.infolist():
            path = PurePosixPath(member.filename)
            if path.parts[:-1] == (task,) and path.suffix in (".tsv", ".txt"):
                with bundle.open(member) as source, (folder / path.name).open("wb") as target:
                    shutil.copyfileobj(source, target)


def read_table(path: Path) -> list[str]:
    """Lines with their line feed, the last one included."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [line.rstrip("\r") + "\n" for line in lines if line.rstrip("\r")]


def split_mrpc(source: Path, folder: Path) -> None:
    """MRPC comes as the original two files: dev is those pairs of train whose ids
    the GLUE authors list, and the test labels are left out."""
    dev_ids = {tuple(line.split()) for line in read_table(source / "mrpc_dev_ids.tsv")}
    header, *rows = read_table(source / "msr_paraphrase_train.txt")
    dev = [row for row in rows if tuple(row.split("\t")[1:3]) in dev_ids]
    train = [row for row in rows if tuple(row.split("\t")[1:3]) not in dev_ids]
    _, *test = read_table(source / "msr_paraphrase_test.txt")
    unlabelled = [f"{index}\t" + row.split("\t", 1)[1] for index, row in enumerate(test)]
    for name, lines in (("train.tsv", [header, *train]), ("dev.tsv", [header, *dev]),
                        ("test.tsv", [MRPC_TEST_HEADER, *unlabelled])):
        (folder / name).write_text("".join(lines), encoding="utf-8", newline="\n")


def count_rows(path: Path) -> int:
    """Rows below the header line."""
    return len(read_table(path)) - 1


def check_files(folder: Path, expected: dict[str, int | None]) -> None:
    """Every file expected is there, and has the rows it should where we know."""
    for name, rows in expected.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size == 0:
            raise WrongData(f"{name} is missing or empty")
        if rows is not None and (found := count_rows(path)) != rows:
            raise WrongData(f"{name}: {rows} rows expected, found {found}")


def is_fetched(folder: Path) -> bool:
    """Whether a task's folder is there with the very files that were put there."""
    try:
        record = json.loads((folder / RECORD).read_text())["files"]
        return all(sha256(folder / name) == digest for name, digest in record.items())
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return False


def assemble(task: str, archives: list[Path], expected: dict[str, int | None],
             folder: Path) -> None:
    """Makes the task's files in `folder` out of its verified archives."""
    if task == "MRPC":
        split_mrpc(archives[0].parent, folder)
    elif archives[0].suffix == ".zip":
        unpack(archives[0], task, folder)
    else:
        shutil.copyfile(archives[0], folder / "diagnostic.tsv")
    check_files(folder, expected)


def fetch_task(task: str, plan: dict[str, Any], base_url: str, output: Path,
               pause: float) -> None:
    parts = output / ".parts"
    parts.mkdir(parents=True, exist_ok=True)
    for left_by_a_kill in output.glob(f".{task}-*"):
        shutil.rmtree(left_by_a_kill)
    archives = []
    for archive in plan["archives"]:
        path = parts / PurePosixPath(archive["path"]).name
        wanted = Wanted(base_url + archive["path"], archive["bytes"], archive["sha256"])
        if not (path.exists() and sha256(path) == wanted.sha256):
            download(wanted, path, pause=pause)
        check = "sha256 right" if wanted.sha256 else "size right, no checksum known"
        print(f"  {path.name}: {megabytes(wanted.size)}, {check}", flush=True)
        archives.append(path)
    with tempfile.TemporaryDirectory(prefix=f".{task}-", dir=output) as temporary:
        folder = Path(temporary) / task
        folder.mkdir()
        assemble(task, archives, plan["files"], folder)
        record = {"archives": plan["archives"],
                  "files": {path.name: sha256(path) for path in sorted(folder.iterdir())}}
        (folder / RECORD).write_text(json.dumps(record, indent=1) + "\n")
        if (output / task).exists():
            shutil.rmtree(output / task)
        folder.rename(output / task)
    for path in archives:
        path.unlink()
    counted = [name for name, rows in plan["files"].items() if rows is not None]
    how = f"rows counted in {', '.join(counted)}" if counted else "files present"
    print(f"  {output / task}: {how}", flush=True)


def announce(tasks: dict[str, Any], todo: list[str], output: Path, source: str) -> None:
    """Says how much there is to download, and whether it fits."""
    total = sum(archive["bytes"] for task in todo for archive in tasks[task]["archives"])
    for task in tasks:
        size = sum(archive["bytes"] for archive in tasks[task]["archives"])
        note = megabytes(size) if task in todo else "already there, files unchanged"
        print(f"{task:12} {note}")
    print(f"to download: {megabytes(total)} into {output}")
    if todo:
        print(f"checked against: {source}", flush=True)
    free = shutil.disk_usage(output).free
    if free < 3 * total:
        raise WrongData(f"{megabytes(3 * total)} of disk expected free, found {megabytes(free)}")


def fetch(options: argparse.Namespace) -> None:
    manifest = json.loads(options.manifest.read_text())
    unknown = set(options.tasks) - set(manifest["tasks"])
    if unknown:
        raise WrongData(f"unknown task {', '.join(sorted(unknown))}; expected "
                        f"{', '.join(manifest['tasks'])}")
    tasks = {task: plan for task, plan in manifest["tasks"].items()
             if not options.tasks or task in options.tasks}
    options.output.mkdir(parents=True, exist_ok=True)
    todo = [task for task in tasks if not is_fetched(options.output / task)]
    announce(tasks, todo, options.output, manifest["source"])
    for task in todo:
        print(task, flush=True)
        fetch_task(task, tasks[task], options.base_url, options.output, options.pause)
    parts = options.output / ".parts"
    if parts.exists() and not any(parts.iterdir()):
        parts.rmdir()


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev fetch glue", description=__doc__)
    parser.add_argument("tasks", nargs="*", help="CoLA, SST-2, MRPC, …; all when none is named")
    parser.add_argument("--output", type=Path, default=ROOT / "downloads" / "glue")
    parser.add_argument("--base-url", default=os.environ.get("DISTILBERT_GLUE_URL", BASE_URL))
    parser.add_argument("--manifest", type=Path,
                        default=Path(__file__).with_name("glue_archives.json"))
    parser.add_argument("--pause", type=float, default=1.0,
                        help="seconds before the first new attempt; doubles from one to the next")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    try:
        fetch(parse(arguments))
    except KeyboardInterrupt:
        print("fetch glue: stopped; run the command again to go on", file=sys.stderr)
        return 1
    except (DownloadError, WrongData, OSError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        print(f"fetch glue: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
