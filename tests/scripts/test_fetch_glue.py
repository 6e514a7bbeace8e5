"""./dev fetch glue against a server on loopback that behaves, and misbehaves."""

import contextlib
import hashlib
import io
import json
import os
import random
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import fetch_glue  # noqa: E402
from glue_server import GlueServer  # noqa: E402

ARCHIVE = "/glue/data/SST-2.zip"
DATA = Path(os.environ.get("DISTILBERT_DATA", ROOT.parent / "shared" / "data"))


def table(rows: int, seed: int) -> bytes:
    """A tab-separated table that doesn't compress to nothing."""
    words = random.Random(seed)
    lines = [f"{words.getrandbits(256):x}\t{index % 2}" for index in range(rows)]
    return ("sentence\tlabel\n" + "\n".join(lines) + "\n").encode()


def make_zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return buffer.getvalue()


MEMBERS = {"SST-2/train.tsv": table(2000, 1), "SST-2/dev.tsv": table(50, 2),
           "SST-2/test.tsv": table(30, 3), "SST-2/original/big.txt": b"x" * 1000}
GOOD = make_zip(MEMBERS)


class FetchGlue(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.output = self.folder / "glue"
        self.server = GlueServer({ARCHIVE: GOOD})
        self.addCleanup(self.server.stop)
        self.archive: dict[str, Any] = {
            "path": ARCHIVE, "bytes": len(GOOD), "sha256": hashlib.sha256(GOOD).hexdigest()}
        self.rows = {"train.tsv": 2000, "dev.tsv": 50, "test.tsv": 30}

    def serve(self, body: bytes) -> None:
        """Offers another archive, with a manifest that knows it."""
        self.server.files[ARCHIVE] = body
        self.archive.update(bytes=len(body), sha256=hashlib.sha256(body).hexdigest())

    def fetch(self, *tasks: str) -> tuple[int, str, str]:
        """(exit status, stdout, stderr)"""
        manifest = self.folder / "manifest.json"
        plan = {"SST-2": {"archives": [self.archive], "files": self.rows}}
        manifest.write_text(json.dumps({"source": "the test", "tasks": plan}))
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = fetch_glue.main(
                [*tasks, "--output", str(self.output), "--base-url", self.server.url,
                 "--manifest", str(manifest), "--pause", "0"])
        return status, out.getvalue(), err.getvalue()

    def assert_complete(self) -> None:
        for name in self.rows:
            self.assertEqual((self.output / "SST-2" / name).read_bytes(),
                             MEMBERS[f"SST-2/{name}"])
        self.assertEqual([path.name for path in self.output.iterdir()], ["SST-2"])

    def assert_nothing_final(self) -> None:
        self.assertFalse((self.output / "SST-2").exists())
        self.assertEqual([path.name for path in self.output.iterdir()
                          if path.name != ".parts"], [])

    def test_says_the_size_first_and_leaves_whole_files_only(self) -> None:
        status, out, err = self.fetch()
        self.assertEqual((status, err), (0, ""))
        self.assertLess(out.index("to download: 0.1 MB"), out.index("sha256 right"))
        self.assert_complete()
        self.assertFalse((self.output / "SST-2" / "big.txt").exists())

    def test_second_run_downloads_nothing(self) -> None:
        self.fetch()
        status, out, _ = self.fetch()
        self.assertEqual(status, 0)
        self.assertIn("already there", out)
        self.assertEqual(len(self.server.requests), 1)

    def test_a_changed_file_is_fetched_again(self) -> None:
        self.fetch()
        (self.output / "SST-2" / "dev.tsv").write_text("sentence\tlabel\n")
        self.assertEqual(self.fetch()[0], 0)
        self.assert_complete()

    def test_resumes_where_an_interrupted_run_stopped(self) -> None:
        parts = self.output / ".parts"
        parts.mkdir(parents=True)
        (parts / "SST-2.zip.part").write_bytes(GOOD[:1234])
        self.assertEqual(self.fetch()[0], 0)
        self.assertEqual(self.server.requests, [(ARCHIVE, "bytes=1234-")])
        self.assert_complete()

    def test_goes_on_after_the_server_cuts_the_connection(self) -> None:
        self.server.cut_after, self.server.cuts = 10000, 3
        self.assertEqual(self.fetch()[0], 0)
        self.assertEqual([wanted for _, wanted in self.server.requests],
                         ["", "bytes=10000-", "bytes=20000-", "bytes=30000-"])
        self.assert_complete()

    def test_starts_again_where_the_server_knows_no_ranges(self) -> None:
        self.server.ranges = False
        self.server.cut_after, self.server.cuts = 10000, 1
        self.assertEqual(self.fetch()[0], 0)
        self.assert_complete()

    def test_gives_up_on_a_server_that_sends_nothing_and_keeps_the_part(self) -> None:
        part = self.output / ".parts" / "SST-2.zip.part"
        part.parent.mkdir(parents=True)
        part.write_bytes(GOOD[:5000])
        self.server.cut_after, self.server.cuts = 0, 1000
        status, _, err = self.fetch()
        self.assertEqual(status, 1)
        self.assertIn("run the command again to go on", err)
        self.assert_nothing_final()
        self.assertEqual(part.stat().st_size, 5000)
        self.server.cuts = 0
        self.assertEqual(self.fetch()[0], 0)
        self.assertEqual(self.server.requests[-1][1], "bytes=5000-")
        self.assert_complete()

    def test_refuses_a_wrong_checksum_and_discards_the_bytes(self) -> None:
        self.archive["sha256"] = "0" * 64
        status, _, err = self.fetch()
        self.assertEqual(status, 1)
        self.assertIn("sha256 " + "0" * 64 + " expected, found "
                      + hashlib.sha256(GOOD).hexdigest(), err)
        self.assert_nothing_final()
        self.assertEqual(list((self.output / ".parts").iterdir()), [])

    def test_a_damaged_part_is_noticed(self) -> None:
        parts = self.output / ".parts"
        parts.mkdir(parents=True)
        (parts / "SST-2.zip.part").write_bytes(b"?" * 1234)
        self.assertEqual(self.fetch()[0], 1)
        self.assert_nothing_final()
        self.assertEqual(self.fetch()[0], 0)
        self.assert_complete()

    def test_refuses_more_bytes_than_expected(self) -> None:
        self.archive["bytes"] -= 1
        status, _, err = self.fetch()
        self.assertEqual(status, 1)
        self.assertIn("the server sends more", err)
        self.assert_nothing_final()

    def test_refuses_paths_that_leave_the_folder(self) -> None:
        for name in ("../outside.tsv", "SST-2/../../outside.tsv", "/outside.tsv",
                     "..\\outside.tsv", "C:\\outside.tsv"):
            with self.subTest(name):
                self.serve(make_zip(MEMBERS | {name: b"bad"}))
                status, _, err = self.fetch()
                self.assertEqual(status, 1)
                self.assertIn("leaves its folder", err)
                self.assert_nothing_final()
                self.assertEqual(list(self.folder.rglob("outside*")), [])

    def test_refuses_an_archive_without_the_files_expected(self) -> None:
        self.serve(make_zip({"SST-2/train.tsv": MEMBERS["SST-2/train.tsv"]}))
        status, _, err = self.fetch()
        self.assertEqual((status, "dev.tsv is missing" in err), (1, True), err)
        self.assert_nothing_final()

    def test_refuses_a_file_with_missing_rows(self) -> None:
        self.serve(make_zip(MEMBERS | {"SST-2/dev.tsv": table(49, 2)}))
        status, _, err = self.fetch()
        self.assertEqual(status, 1)
        self.assertIn("dev.tsv: 50 rows expected, found 49", err)
        self.assert_nothing_final()

    def test_refuses_what_is_no_archive(self) -> None:
        self.serve(b"<html>moved</html>")
        self.assertEqual(self.fetch()[0], 1)
        self.assert_nothing_final()

    def test_says_so_where_no_checksum_is_known(self) -> None:
        self.archive["sha256"] = None
        status, out, _ = self.fetch()
        self.assertEqual(status, 0)
        self.assertIn("size right, no checksum known", out)
        self.assertIn("rows counted in train.tsv, dev.tsv, test.tsv", out)

    def test_a_missing_address_and_an_unknown_task_are_errors(self) -> None:
        self.server.files.clear()
        status, _, err = self.fetch()
        self.assertEqual((status, "answers 404" in err), (1, True), err)
        status, _, err = self.fetch("SST2")
        self.assertEqual((status, "unknown task SST2" in err), (1, True), err)


class Manifest(unittest.TestCase):
    def test_names_nine_tasks_and_the_diagnostic_set(self) -> None:
        tasks = json.loads((ROOT / "scripts" / "glue_archives.json").read_text())["tasks"]
        self.assertEqual(list(tasks), ["CoLA", "SST-2", "MRPC", "STS-B", "QQP", "MNLI", "QNLI",
                                       "RTE", "WNLI", "diagnostic"])
        for plan in tasks.values():
            for archive in plan["archives"]:
                self.assertRegex(archive["sha256"], "^[0-9a-f]{64}$")
                self.assertGreater(archive["bytes"], 0)


@unittest.skipUnless((DATA / "glue" / "MRPC").is_dir(), "no GLUE data at hand")
class Mrpc(unittest.TestCase):
    """The split of the original MRPC files against the GLUE files themselves."""

    def test_split_equals_the_official_files_byte_by_byte(self) -> None:
        official = DATA / "glue" / "MRPC"
        with tempfile.TemporaryDirectory() as temporary:
            source, folder = Path(temporary) / "source", Path(temporary) / "MRPC"
            source.mkdir()
            folder.mkdir()
            for name in ("msr_paraphrase_train.txt", "msr_paraphrase_test.txt"):
                (source / name).write_bytes((official / name).read_bytes())
            (source / "mrpc_dev_ids.tsv").write_bytes((official / "dev_ids.tsv").read_bytes())
            fetch_glue.split_mrpc(source, folder)
            for name in ("train.tsv", "dev.tsv", "test.tsv"):
                self.assertEqual(fetch_glue.sha256(folder / name),
                                 fetch_glue.sha256(official / name), name)


if __name__ == "__main__":
    unittest.main()
