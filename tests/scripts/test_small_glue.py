"""./dev glue's script with a stand-in for the program, which writes down how it is called."""

import json
import sys
import unittest
from pathlib import Path
from unittest import mock

from stand_in import StandInTest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import readme_results  # noqa: E402
import small_glue  # noqa: E402

STAND_IN = """#!{python}
import json, pathlib, sys
arguments = sys.argv[1:]
with open({log!r}, "a") as log:
    log.write(json.dumps(arguments) + "\\n")
folder = pathlib.Path(arguments[arguments.index("--output") + 1])
folder.mkdir(parents=True, exist_ok=True)
if arguments[0] == {fails!r}:
    sys.exit(1)
if arguments[0] == "extract":
    (folder / "config.json").write_text("")
if arguments[0] == "glue":
    (folder / "runs" / "rte").mkdir(parents=True, exist_ok=True)
    stopped = (folder.parent / "stopped").exists()
    for seed, seconds in (("1", 90.5), ("2", None if stopped else 149)):
        run = folder / "runs" / "rte" / ("model-seed" + seed)
        run.mkdir(exist_ok=True)
        (run / "result.json").write_text(json.dumps({{"seconds": seconds}}))
side = {{"seeds": [0.5, 0.6, 0.7], "mean": 0.6, "deviation": 0.1}}
(folder / "table.json").write_text(json.dumps([
    {{"task": "stsb", "metric": "pearson", "majority": None, "model": side,
      "teacher": {{"seeds": [None, 0.6, 0.7], "mean": None, "deviation": None}}}},
    {{"task": "rte", "metric": "accuracy", "majority": 0.5, "model": side, "teacher": side,
      "retained": 1.0}},
    {{"task": "average", "metric": "mean of the tasks", "majority": None, "model": side,
      "teacher": side}}]))
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

    def test_a_student_that_was_cut_short_is_made_again(self) -> None:
        self.run_script(fails="extract")
        self.assertTrue((self.output / "student").is_dir())
        self.assertEqual(self.run_script()[0], 0)
        self.assertEqual([call[0] for call in self.calls()], ["extract", "extract", "glue"])

    def test_a_folder_without_a_task_is_refused_before_anything_runs(self) -> None:
        (self.folder / "glue" / "RTE").rmdir()
        status, _, err = self.run_script()
        self.assertEqual(status, 2)
        self.assertIn("RTE", err)
        self.assertFalse(self.log.exists())

    def test_keeps_the_figures_and_how_long_the_runs_took(self) -> None:
        with mock.patch.object(small_glue.record.write, "__defaults__", (self.folder,)), \
                mock.patch.object(small_glue.record, "commit", lambda: "0123abc"):
            self.assertEqual(self.run_script("--record")[0], 0)
            result = json.loads((self.folder / "small_glue.json").read_text())
            values = result["values"]
            self.assertEqual(values["rte"]["accuracy"]["model"]["mean"], 0.6)
            self.assertEqual(values["average"]["mean_of_the_tasks"]["teacher"]["mean"], 0.6)
            self.assertEqual(result["commit"], "0123abc")
            lines = readme_results.small_glue_table(result).splitlines()
            self.assertTrue(lines[-1].endswith("The trainings took 4 minutes."), lines[-1])
            (self.output / "stopped").touch()
            self.assertEqual(self.run_script("--record")[0], 0)
            values = json.loads((self.folder / "small_glue.json").read_text())["values"]
            self.assertIsNone(values["seconds"])
        self.assertIn("| STS-B | Pearson | – | – | 60.0 ± 10.0 | – |", lines)
        self.assertIn("| RTE | accuracy | 50.0 | 60.0 ± 10.0 | 60.0 ± 10.0 | 100.0 % |", lines)


if __name__ == "__main__":
    unittest.main()
