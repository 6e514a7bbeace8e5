"""./dev glue's script with a stand-in for the program, which writes down how it is called."""

import json
import sys
import unittest
from pathlib import Path
from unittest import mock

from stand_in import StandInTest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import small_glue  # noqa: E402

STAND_IN = """#!{python}
import json, pathlib, sys
arguments = sys.argv[1:]
with open({log!r}, "a") as log:
    log.write(json.dumps(arguments) + "\\n")
folder = pathlib.Path(arguments[arguments.index("--output") + 1])
folder.mkdir(parents=True, exist_ok=True)
(folder / "table.json").write_text(json.dumps([
    {{"task": "rte", "metric": "accuracy", "majority": 0.5,
      "model": {{"seeds": [0.5, 0.6, 0.7], "mean": 0.6, "deviation": 0.1}}}}]))
sys.exit(arguments[0] == {fails!r})
"""


class SmallGlue(StandInTest):
    STAND_IN = STAND_IN

    def setUp(self) -> None:
        super().setUp()
        for name in small_glue.TASKS.values():
            (self.folder / "glue" / name).mkdir(parents=True)

    def run_script(self, *arguments: str, fails: str = "") -> tuple[int, str, str]:
        return self.run_main(small_glue.main, "--data", str(self.folder / "glue"), *arguments,
                             fails=fails)

    def test_makes_a_student_once_and_distils_it_on_the_five_tasks(self) -> None:
        self.assertEqual(self.run_script()[0], 0)
        self.assertEqual(self.run_script()[0], 0)
        extract, glue, again = self.calls()
        self.assertEqual((extract[0], glue[0]), ("extract", "glue"))
        self.assertIn("--distil", glue)
        self.assertIn("cola,mrpc,stsb,rte,wnli", glue)
        self.assertEqual(extract[-1], glue[glue.index("--model") + 1])
        self.assertEqual(again, glue)

    def test_a_command_that_fails_ends_it(self) -> None:
        status, out, err = self.run_script(fails="extract")
        self.assertEqual((status, out, len(self.calls())), (1, "", 1))
        self.assertIn("extract", err)

    def test_a_folder_without_a_task_is_refused_before_anything_runs(self) -> None:
        (self.folder / "glue" / "RTE").rmdir()
        status, _, err = self.run_script()
        self.assertEqual(status, 2)
        self.assertIn("RTE", err)
        self.assertFalse(self.log.exists())

    def test_keeps_figures_of_a_whole_run_only(self) -> None:
        with mock.patch.object(small_glue.record.write, "__defaults__", (self.folder,)), \
                mock.patch.object(small_glue.record, "commit", lambda: "0123abc"):
            self.assertEqual(self.run_script("--record")[0], 0)
            values = json.loads((self.folder / "small_glue.json").read_text())["values"]
            self.assertEqual(values["rte"]["accuracy"]["model"]["mean"], 0.6)
            self.assertEqual(self.run_script("--record")[0], 2)


if __name__ == "__main__":
    unittest.main()
