"""glue goes on where it was stopped, and loses nothing that was finished."""

import json
import resource
import shutil
import signal
import subprocess
import time

from glue_support import RECIPE, GlueTest
from support import command_line


class GoingOn(GlueTest):
    OPTIONS: tuple[object, ...] = ("--tasks", "mrpc,rte,wnli", "--seeds", 2)

    def test_kill_9_and_again_gives_the_same_files(self) -> None:
        self.recipe.write_text(json.dumps({"all": RECIPE["all"] | {"epochs": 20}}))
        whole, killed = self.folder / "whole", self.folder / "killed"
        started = time.monotonic()
        wanted = self.table(whole, *self.OPTIONS)
        seconds = time.monotonic() - started
        kills = 0
        for part in (0.2, 0.4, 0.3):
            child = subprocess.Popen(command_line(*self.command(killed, *self.OPTIONS)),
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                child.wait(part * seconds)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                child.wait()
                kills += 1
        self.assertGreater(kills, 0)
        self.assertEqual(self.table(killed, *self.OPTIONS), wanted)
        for name in ("table.md", "curves.tsv"):
            self.assertEqual((killed / name).read_bytes(), (whole / name).read_bytes())


class GoingOnWithATeacher(GoingOn):
    def setUp(self) -> None:
        super().setUp()
        self.OPTIONS = ("--tasks", "rte,wnli", "--seeds", 2, "--teacher",
                        self.model("bert_body", "teacher"), "--distil")

    def test_a_teacher_that_is_gone_is_trained_again_for_its_student(self) -> None:
        output = self.folder / "out"
        wanted = self.table(output, *self.OPTIONS)
        student = output / "runs" / "wnli" / "model-seed2"
        losses = json.loads((student / "result.json").read_text())["losses"]
        shutil.rmtree(student)
        self.assertEqual(self.table(output, *self.OPTIONS), wanted)
        self.assertEqual(json.loads((student / "result.json").read_text())["losses"], losses)


class DiskFull(GlueTest):
    def test_a_full_disk_loses_nothing_that_was_finished(self) -> None:
        output = self.folder / "out"
        self.table(output, "--tasks", "wnli", "--seeds", 1)
        wanted = (output / "table.md").read_bytes()
        result = subprocess.run(
            command_line(*self.command(output, "--tasks", "wnli", "--seeds", 2)),
            capture_output=True, check=False,
            preexec_fn=lambda: (resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
                                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)))
        self.assertEqual((result.returncode, result.stderr.count(b"\n")), (1, 1), result)
        self.assertIn(b"training.safetensors", result.stderr)
        self.assertEqual((output / "table.md").read_bytes(), wanted)
        rows = self.table(output, "--tasks", "wnli", "--seeds", 2)
        self.assertEqual(len(rows["wnli accuracy"]["model"]["seeds"]), 2)
