"""A training that is killed or interrupted and started again ends with the same bits."""

import json
import os
import pty
import random
import select
import signal
import subprocess
import time
from pathlib import Path

from support import MINI_GLUE, ProgramTest, command_line, run

PATIENCE = 240  # seconds, for a busy machine
OPTIONS = ("--max-length", 32, "--learning-rate", 1e-3, "--batch-size", 8, "--max-train-rows", 64)
FINAL = {"model.safetensors", "config.json", "training_log.json", "training.safetensors",
         "vocab.txt"}


class ResumeTest(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.input = self.model("bert_body")
        self.dev = self.folder / "dev.tsv"
        self.dev.write_text("sentence\tlabel\ngood film\t1\nbad film\t0\n")

    def command(self, output: Path, epochs: int) -> list[str]:
        return command_line("finetune", "--task", "sst2", "--data", MINI_GLUE, "--model",
                            self.input, "--output", output, "--dev-file", self.dev, *OPTIONS,
                            "--epochs", epochs)

    def finish(self, output: Path, epochs: int) -> dict[str, bytes]:
        """Runs the command to its end; the files of the output."""
        result = subprocess.run(self.command(output, epochs), capture_output=True, check=False,
                                timeout=PATIENCE)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        return {path.name: path.read_bytes() for path in output.iterdir()}


class Changing(ResumeTest):
    def test_a_model_whose_vocabulary_changed_is_another_run(self) -> None:
        output = self.folder / "out"
        self.finish(output, 1)
        tokens = (self.input / "vocab.txt").read_text().splitlines()
        (self.input / "vocab.txt").write_text(
            "".join(f"{token}\n" for token in [*tokens[:5], *reversed(tokens[5:])]))
        result = subprocess.run(self.command(output, 1), capture_output=True, text=True,
                                check=False, timeout=PATIENCE)
        self.assertEqual(result.returncode, 1)
        self.assertIn("vocabulary of model is", result.stderr)


class Killing(ResumeTest):
    def test_kill_9_at_any_moment_and_again_gives_the_same_bits(self) -> None:
        epochs = 12
        started = time.monotonic()
        wanted = self.finish(self.folder / "whole", epochs)
        whole = time.monotonic() - started
        self.assertEqual(set(wanted), FINAL)
        source = random.Random(7)
        kills = 0
        for attempt in range(3):
            output = self.folder / f"killed{attempt}"
            for _ in range(3):
                kills += self.kill_after(output, epochs, source.uniform(0.05, 0.6) * whole)
                self.check_no_half_file(output, wanted)
            with self.subTest(attempt=attempt):
                self.assertEqual(self.finish(output, epochs), wanted)
        self.assertGreater(kills, 2)

    def kill_after(self, output: Path, epochs: int, seconds: float) -> int:
        """1 if the run was killed, 0 if it had ended by then."""
        with subprocess.Popen(self.command(output, epochs), stdout=subprocess.DEVNULL) as process:
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
        return int(process.returncode == -signal.SIGKILL)

    def check_no_half_file(self, output: Path, wanted: dict[str, bytes]) -> None:
        """Whatever has its final name is whole."""
        for name in ("model.safetensors", "config.json", "vocab.txt"):
            if (output / name).exists():
                self.assertEqual((output / name).read_bytes(), wanted[name])
        if (output / "training.safetensors").exists():
            data = (output / "training.safetensors").read_bytes()
            length = int.from_bytes(data[:8], "little")
            header = json.loads(data[8:8 + length])
            ends = [info["data_offsets"][1] for key, info in header.items()
                    if key != "__metadata__"]
            self.assertEqual(len(data), 8 + length + max(ends))


class KillingDistillation(Killing):
    """The same with a teacher, which a run that goes on asks anew."""

    def setUp(self) -> None:
        super().setUp()
        self.teacher = self.folder / "teacher"
        self.succeed("finetune", "--task", "sst2", "--data", MINI_GLUE, "--model", self.input,
                     "--output", self.teacher, "--epochs", 1, *OPTIONS)
        self.student = self.model("distilbert_body")

    def command(self, output: Path, epochs: int) -> list[str]:
        return command_line("distill", "--task", "sst2", "--data", MINI_GLUE, "--teacher",
                            self.teacher, "--student", self.student, "--output", output,
                            "--dev-file", self.dev, *OPTIONS, "--epochs", epochs)


class Interrupting(ResumeTest):
    def interrupt(self, output: Path, epochs: int, number: int) -> tuple[int, str, str]:
        """Interrupts a run when it has begun its steps; its exit code and what it wrote."""
        with subprocess.Popen(self.command(output, epochs), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as process:
            self.wait_for_checkpoint(output)
            process.send_signal(number)
            out, err = process.communicate(timeout=PATIENCE)
        return process.returncode, out, err

    def wait_for_checkpoint(self, output: Path) -> None:
        """The end of the first epoch writes one."""
        deadline = time.monotonic() + PATIENCE
        while not (output / "training.safetensors").exists():
            self.assertLess(time.monotonic(), deadline, "no checkpoint appeared")
            time.sleep(0.005)

    def test_ctrl_c_saves_and_says_how_to_go_on(self) -> None:
        epochs = 30
        wanted = self.finish(self.folder / "whole", epochs)
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number):
                output = self.folder / f"stopped{number}"
                code, out, err = self.interrupt(output, epochs, number)
                self.assertEqual((code, out), (1, ""), err)
                self.assertRegex(err, r"^distilbert: stopped after step \d+ of \d+; "
                                      r"the same command goes on from there\n$")
                self.assertFalse((output / "model.safetensors").exists())
                self.assertEqual(self.finish(output, epochs), wanted)

    def test_two_runs_at_once_in_one_folder_are_refused(self) -> None:
        output = self.folder / "out"
        with subprocess.Popen(self.command(output, 10000), stdout=subprocess.DEVNULL) as process:
            try:
                self.wait_for_checkpoint(output)
                result = subprocess.run(self.command(output, 10000), capture_output=True,
                                        check=False, text=True, timeout=PATIENCE)
                self.assertEqual(result.returncode, 1)
                self.assertIn(str(output), result.stderr)
                self.assertIn("at work", result.stderr)
                self.assertIsNone(process.poll())
            finally:
                process.kill()

    def test_a_damaged_checkpoint_is_named(self) -> None:
        output = self.folder / "out"
        self.finish(output, 1)
        path = output / "training.safetensors"
        path.write_bytes(path.read_bytes()[:-5])
        self.refuse(1, [str(path)], *self.command(output, 1)[3:])


class OnATerminal(ResumeTest):
    """Progress and notes are for people: only a terminal sees them."""

    def on_terminal(self, command: list[str]) -> tuple[int, str]:
        leader, follower = pty.openpty()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=follower) as process:
            os.close(follower)
            text = b""
            while select.select([leader], [], [], PATIENCE)[0]:
                try:
                    text += os.read(leader, 65536)
                except OSError:  # the other end is closed
                    break
        os.close(leader)
        return process.returncode, text.decode()

    def test_notes_name_what_is_new_and_what_was_skipped(self) -> None:
        train = self.folder / "train.tsv"
        rows = "sentence\tlabel\ngood film\t1\nbad\tfilm\t0\nbad\t0\n"
        train.write_text(rows)
        command = [*self.command(self.folder / "out", 2), "--train-file", str(train)]
        code, text = self.on_terminal(command)
        self.assertEqual(code, 0, text)
        self.assertIn("newly initialised: ", text)
        self.assertIn("classifier.weight", text)
        self.assertIn(f"skipped 1 row of {train} (line 3: 3 fields, expected 2)", text)
        self.assertIn("epoch 2: ", text)

    def test_quiet_says_nothing(self) -> None:
        command = [*self.command(self.folder / "out", 1), "--quiet"]
        self.assertEqual(self.on_terminal(command), (0, ""))

    def test_a_resumed_run_says_where_it_goes_on(self) -> None:
        output = self.folder / "out"
        Killing.kill_after(self, output, 10000, 1.5)
        deadline = time.monotonic() + PATIENCE
        while not (output / "training.safetensors").exists():
            self.assertLess(time.monotonic(), deadline)
            Killing.kill_after(self, output, 10000, 3)
        leader, follower = pty.openpty()
        with subprocess.Popen(self.command(output, 10000), stdout=subprocess.DEVNULL,
                              stderr=follower) as process:
            os.close(follower)
            text = b""
            while b"going on after step" not in text:
                self.assertTrue(select.select([leader], [], [], PATIENCE)[0], text)
                text += os.read(leader, 65536)
            process.kill()
        os.close(leader)


class Outputs(ResumeTest):
    def test_an_output_that_cannot_be_written_is_named(self) -> None:
        (self.folder / "file").write_text("in the way")
        outputs = [self.folder / "file", self.folder / "file" / "below"]
        # File systems that nobody can write to, where they are mounted.
        outputs += [Path(system) / "nowhere" for system in ("/proc", "/sys")
                    if os.path.ismount(system)]
        for output in outputs:
            with self.subTest(output=output):
                self.refuse(1, [str(output)], *self.command(output, 1)[3:])
        self.assertEqual((self.folder / "file").read_text(), "in the way")

    def test_a_read_only_folder_is_named(self) -> None:
        output = self.folder / "sealed"
        output.mkdir(mode=0o555)
        if os.geteuid() == 0:
            # The superuser may write everywhere: do it as somebody else.
            os.chmod(self.folder, 0o755)
            command = ["setpriv", "--reuid=65534", "--clear-groups",
                       *self.command(output, 1)]
        else:
            command = self.command(output, 1)
        result = subprocess.run(command, capture_output=True, check=False, text=True,
                                timeout=PATIENCE)
        if "setpriv" in result.stderr:
            self.skipTest(result.stderr.strip())
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn(str(output), result.stderr)
        self.assertEqual(list(output.iterdir()), [])

    def test_nothing_is_left_in_an_output_that_training_never_reached(self) -> None:
        output = self.folder / "out"
        result = run("finetune", "--task", "sst2", "--data", self.folder, "--model", self.input,
                     "--output", output, "--max-length", 32)
        self.assertEqual(result.code, 1)
        self.assertFalse(output.exists())
