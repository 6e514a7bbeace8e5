"""Exit codes, --help, --version, options for everyone, and what happens to the output."""

import os
import re
import resource
import subprocess

from support import SECONDS, ProgramTest, command_line

COMMANDS = ("tokenize", "forward", "inspect", "extract", "finetune", "distill", "evaluate",
            "classify", "embed", "similar", "fill-mask")


class Usage(ProgramTest):
    def test_help_and_version_work_everywhere(self) -> None:
        text = self.succeed("--help")
        for command in COMMANDS:
            self.assertRegex(text, rf"(?m)^ +{command} ")
            with self.subTest(command=command):
                help_text = self.succeed(command, "--help")
                self.assertIn("--threads", help_text + text)
                self.assertGreater(help_text.count("--"), 1)
                self.assertEqual(self.succeed(command, "--version"), self.succeed("--version"))
        self.assertRegex(self.succeed("--version"), r"^distilbert \d+\.\d+\.\d+\n$")

    def test_the_fixed_options_are_there(self) -> None:
        finetune = ("task data model output epochs batch-size learning-rate max-length "
                    "warmup-ratio weight-decay max-grad-norm seed train-file dev-file "
                    "max-train-rows")
        expected = {"tokenize": "model pairs max-length",
                    "forward": "model output pairs max-length", "inspect": "model json",
                    "extract": "teacher layers output", "finetune": finetune,
                    "distill": finetune.replace("model", "teacher student") +
                    " temperature alpha-soft alpha-hard alpha-cos",
                    "evaluate": "task data model max-length predictions json"}
        for command, options in expected.items():
            text = self.succeed(command, "--help")
            for option in options.split():
                self.assertRegex(text, rf"--{option}\b", command)

    def test_the_recipe_is_the_default(self) -> None:
        text = self.succeed("finetune", "--help")
        for option, value in (("epochs", "3"), ("batch-size", "32"), ("learning-rate", "5e-05"),
                              ("max-length", "128"), ("warmup-ratio", "0"),
                              ("weight-decay", "0"), ("max-grad-norm", "1"), ("seed", "42")):
            self.assertRegex(text, rf"--{option} [A-Z:]+(=| \[){re.escape(value)}\b")

    def test_wrong_usage_ends_with_2(self) -> None:
        model = self.model("bert_body")
        output = self.folder / "out"
        extract = ("extract", "--teacher", model, "--output", output)
        for arguments in ((), ("dance",), ("--dance",), ("tokenize",),
                          ("tokenize", "--model"), ("tokenize", "--model", model, "--dance"),
                          ("tokenize", "--model", model, "more"),
                          ("tokenize", "--model", model, "--max-length", "0"),
                          ("tokenize", "--model", model, "--max-length", "-3"),
                          ("tokenize", "--model", model, "--max-length", "many"),
                          ("tokenize", "--model", model, "--max-length", "9" * 30),
                          ("tokenize", "--model", model, "--threads", "-1"),
                          ("tokenize", "--model", model, "--threads", "two"),
                          ("forward", "--model", model), (*extract, "--layers", "0,x"),
                          (*extract, "--layers", "0,-1"), (*extract, "--layers", "3"),
                          (*extract, "--layers", "0", "--seed", "-1"), extract,
                          (*extract, "--layers", "0", "--seed", str(2**64)),
                          ("evaluate", "--model", model, "--task", "sst3", "--data", "d"),
                          ("evaluate", "--model", model, "--data", "d"),
                          ("tokenize", "--model", model, "forward"),
                          ("tokenize", "--model", model, "two\nlines")):
            with self.subTest(arguments=arguments):
                self.refuse(2, [], *arguments)
        self.assertFalse(output.exists())

    def test_options_for_everyone_stand_before_or_after_the_command(self) -> None:
        model = self.model("bert_body")
        for arguments in (("--quiet", "tokenize", "--model", model),
                          ("tokenize", "--model", model, "--quiet"),
                          ("tokenize", "--threads", 2, "--model", model)):
            self.assertIn('"ids":[2,5,3]', self.succeed(*arguments, lines="the\n"))

    def test_threads_change_no_bit_of_the_output(self) -> None:
        model = self.model("bert_sequence_classification")
        outputs = []
        for threads in (1, 2, 3):
            output = self.folder / f"{threads}.safetensors"
            self.succeed("forward", "--threads", threads, "--model", model, "--output", output,
                         lines="the film is good\n" * 20)
            outputs.append(output.read_bytes())
        self.assertEqual(outputs[0], outputs[1])
        self.assertEqual(outputs[0], outputs[2])

    def test_a_silly_number_of_threads_is_refused(self) -> None:
        self.refuse(2, ["--threads"], "forward", "--model", self.model("bert_body"),
                    "--threads", 100000, "--output", self.folder / "output", lines="the\n")


class Output(ProgramTest):
    """What reads standard output may go away."""

    def run_with_stdout(self, stdout: int, ignore_pipe: bool) -> tuple[int, str]:
        model = self.model("bert_body")
        result = subprocess.run(command_line("tokenize", "--model", model), check=False,
                                input=b"the film\n" * 20000, stdout=stdout,
                                stderr=subprocess.PIPE, timeout=SECONDS,
                                restore_signals=not ignore_pipe)
        return result.returncode, result.stderr.decode()

    def test_a_full_disk_is_an_error(self) -> None:
        with open("/dev/full", "wb") as full:
            code, errors = self.run_with_stdout(full.fileno(), ignore_pipe=False)
        self.assertEqual(code, 1)
        self.assertEqual(errors, "distilbert: the output can't be written\n")

    def test_a_reader_that_left_is_an_error_where_the_signal_is_ignored(self) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        try:
            code, errors = self.run_with_stdout(writer, ignore_pipe=True)
        finally:
            os.close(writer)
        self.assertEqual((code, errors), (1, "distilbert: the output can't be written\n"))

    def test_head_ends_an_endless_stream(self) -> None:
        model = self.model("bert_body")
        for trap in ("", "trap '' PIPE; "):
            with self.subTest(trap=trap):
                program = " ".join(command_line("tokenize", "--model", model))
                script = (f"{trap}( yes 'the film' || true ) 2>/dev/null | {program} 2>errors"
                          " | head -n 2")
                result = subprocess.run(["bash", "-c", script], capture_output=True, check=False,
                                        cwd=self.folder, timeout=SECONDS, text=True)
                self.assertEqual(result.stdout.count('{"ids":[2,5,7,3]'), 2)
                self.assertLessEqual((self.folder / "errors").read_text().count("\n"), 1)

    def test_an_input_that_cannot_be_read_is_an_error(self) -> None:
        handle = os.open(self.folder, os.O_RDONLY)
        result = subprocess.run(command_line("tokenize", "--model", self.model("bert_body")),
                                stdin=handle, capture_output=True, check=False, timeout=SECONDS)
        os.close(handle)
        self.assertEqual((result.returncode, result.stderr),
                         (1, b"distilbert: standard input can't be read\n"))

    def test_a_closed_standard_output_is_an_error(self) -> None:
        program = " ".join(command_line("tokenize", "--model", self.model("bert_body")))
        result = subprocess.run(["bash", "-c", f"echo the | {program} >&-"], check=False,
                                capture_output=True, timeout=SECONDS, text=True)
        self.assertEqual((result.returncode, result.stderr),
                         (1, "distilbert: the output can't be written\n"))

    def test_a_file_size_limit_is_an_error_that_names_the_file(self) -> None:
        output = self.folder / "output.safetensors"
        result = subprocess.run(
            command_line("forward", "--model", self.model("bert_body"), "--output", output),
            input=b"the film\n" * 500, capture_output=True, check=False, timeout=SECONDS,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
            restore_signals=False)
        self.assertEqual(result.returncode, 1, result)
        self.assertIn(str(output), result.stderr.decode())
        self.assertEqual([path.name for path in self.folder.iterdir()], ["bert_body"])
