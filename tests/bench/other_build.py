"""The program as it was at another commit, or without some lines, built to be timed beside
the one that is there."""

import shutil
import subprocess
from pathlib import Path

from sides import ROOT


class OtherBuild:
    """A worktree in build/bench/NAME while it is used."""

    def __init__(self, name: str, commit: str) -> None:
        self.tree = ROOT / "build" / "bench" / name
        self.commit = commit

    def __enter__(self) -> "OtherBuild":
        self.remove()
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", self.tree, self.commit],
                       cwd=ROOT, check=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        shutil.rmtree(self.tree, ignore_errors=True)
        subprocess.run(["git", "worktree", "prune"], cwd=ROOT, check=True)

    def drop(self, file: str, line: str) -> None:
        """Takes a line out of a file; it must be there once."""
        path = self.tree / file
        lines = path.read_text().splitlines(keepends=True)
        found = [number for number, text in enumerate(lines) if text.strip() == line]
        if len(found) != 1:
            raise SystemExit(f"{file}: expected {line!r} once, found {len(found)} times")
        del lines[found[0]]
        path.write_text("".join(lines))

    def build(self, target: str) -> Path:
        """The release build folder, once the target is built."""
        for step in (["--preset", "release"],
                     ["--build", "build/release", "--target", target, "-j2"]):
            subprocess.run(["cmake", *step], cwd=self.tree, check=True,
                           stdout=subprocess.DEVNULL)
        return self.tree / "build" / "release"
