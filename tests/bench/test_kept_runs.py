"""Runs that are kept: made once, and with what is needed to make them again."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import kept_runs
import record


class KeptRuns(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.commits = iter(["first", "second", "third"])
        patch = mock.patch.object(record, "commit", lambda: next(self.commits))
        patch.start()
        self.addCleanup(patch.stop)

    def test_a_run_is_made_once_and_has_the_commit_of_its_start(self) -> None:
        def make() -> dict[str, str]:
            return {"while": record.commit()}

        path = self.folder / "a" / "run.json"
        found = kept_runs.kept(path, make)
        self.assertEqual((found["commit"], found["while"]), ("first", "second"))
        self.assertEqual(kept_runs.kept(path, make), found)

    def test_a_run_that_fails_leaves_nothing(self) -> None:
        path = self.folder / "run.json"
        with self.assertRaises(ZeroDivisionError):
            kept_runs.kept(path, lambda: {"value": 1 / 0})
        self.assertFalse(path.exists())

    def test_origins_name_each_commit_machine_and_date_once(self) -> None:
        runs = [{"commit": commit, "machine": "m", "date": "2026-01-02"} for commit in "bab"]
        self.assertEqual(kept_runs.origins(runs), {
            "commits": ["a", "b"], "machines": ["m"], "dates": ["2026-01-02"]})

    def test_runs_that_learned_from_other_rows_are_told_apart(self) -> None:
        paths = [self.folder / "old.json", self.folder / "new.json"]
        paths[0].write_text("{}")
        paths[1].write_text(json.dumps({"train_rows": 90}))
        self.assertTrue(kept_runs.learned_from(paths, 90))
        self.assertFalse(kept_runs.learned_from(paths, 100))
        self.assertTrue(kept_runs.learned_from(paths[:1], 100))

    def test_a_record_keeps_the_commit_that_it_brings(self) -> None:
        for given, wanted in (({}, "first"), ({"commit": "of its start"}, "of its start")):
            path = record.write("some", {"values": {}, **given}, self.folder)
            self.assertEqual(json.loads(path.read_text())["commit"], wanted)


class Commit(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        patch = mock.patch.object(record, "ROOT", self.folder)
        patch.start()
        self.addCleanup(patch.stop)
        for name in ("program.py", "book/page.txt", "README.md"):
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text("")
        for words in (["init", "--quiet"], ["add", "."],
                      ["-c", "user.name=a", "-c", "user.email=a@b.invalid", "commit", "--quiet",
                       "--message", "a"]):
            subprocess.run(["git", *words], cwd=self.folder, check=True)

    def test_a_plus_says_that_the_work_tree_is_another(self) -> None:
        clean = record.commit()
        self.assertRegex(clean, "^[0-9a-f]+$")
        for name in ("book/page.txt", "README.md", "untracked.py"):
            (self.folder / name).write_text("changed")
        self.assertEqual(record.commit(), clean)
        (self.folder / "program.py").write_text("changed")
        self.assertEqual(record.commit(), f"{clean}+")


if __name__ == "__main__":
    unittest.main()
