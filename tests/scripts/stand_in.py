"""What the tests of scripts share that run the program: a stand-in for it, which writes down
how it is called."""

import contextlib
import io
import json
import os
import sys
import tempfile
import unittest
from collections.abc import Callable
from pathlib import Path
from unittest import mock


class StandInTest(unittest.TestCase):
    """A folder of its own for each test, and in it the stand-in."""

    # The stand-in's text: {python} runs it, it adds its arguments as a line of JSON to the file
    # {log}, and the command {fails} fails.
    STAND_IN: str

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name).resolve()
        self.output = self.folder / "output"
        self.log = self.folder / "log"

    def run_main(self, main: Callable[[list[str]], int], *arguments: str,
                 fails: str = "") -> tuple[int, str, str]:
        """The script's status, what it prints, and what it prints of errors."""
        program = self.folder / "program"
        program.write_text(
            self.STAND_IN.format(python=sys.executable, log=str(self.log), fails=fails))
        program.chmod(0o755)
        out, err = io.StringIO(), io.StringIO()
        with mock.patch.dict(os.environ, {"DISTILBERT_PROGRAM": str(program)}), \
                contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = main([*arguments, "--output", str(self.output)])
            except SystemExit as ended:
                status = int(ended.code or 0)
        return status, out.getvalue(), err.getvalue()

    def calls(self) -> list[list[str]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]
