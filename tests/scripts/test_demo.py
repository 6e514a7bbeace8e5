"""The demo's script with a stand-in for the program, which writes down how it is
called and answers with figures known beforehand."""

import json
import sys
import unittest
from pathlib import Path

from stand_in import StandInTest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import demo  # noqa: E402

STAND_IN = """#!{python}
import json, os, pathlib, sys
arguments = sys.argv[1:]
with open({log!r}, "a") as log:
    log.write(json.dumps(arguments) + "\\n")
if arguments[0] == {fails!r}:
    sys.exit(1)
def option(name):
    return arguments[arguments.index(name) + 1]
teacher = arguments[-1].endswith("teacher") or option("--model").endswith("teacher") \\
    if "--model" in arguments else False
if "--output" in arguments:
    folder = pathlib.Path(option("--output"))
    folder.mkdir(exist_ok=True)
    (folder / "model.safetensors").write_bytes(b"x" * (800 if folder.name == "teacher" else 600))
if arguments[0] == "evaluate":
    print(json.dumps({{"task": "sst2", "rows": 100, "seconds": 0.5,
                       "sentences_per_second": 200.0 if teacher else 400.0,
                       "metrics": {{"accuracy": 0.8 if teacher else 0.76}}}}))
if arguments[0] == "inspect":
    print(json.dumps({{"parameters": 200 if teacher else 150}}))
"""


class DemoScript(StandInTest):
    STAND_IN = STAND_IN

    def run_demo(self, *arguments: str, fails: str = "") -> tuple[int, str, str]:
        return self.run_main(demo.main, *arguments, fails=fails)

    def test_fine_tunes_extracts_distils_and_evaluates(self) -> None:
        self.assertEqual(self.run_demo()[0], 0)
        calls = self.calls()
        self.assertEqual([call[0] for call in calls],
                         ["finetune", "extract", "distill", *["evaluate"] * 3, "inspect",
                          *["evaluate"] * 3, "inspect"])
        teacher, start = str(self.output / "teacher"), str(self.output / "student-start")
        self.assertEqual(calls[1], ["extract", "--teacher", teacher, "--layers", "0,2,4",
                                    "--output", start])
        distill = calls[2]
        self.assertEqual(distill[distill.index("--teacher") + 1], teacher)
        self.assertEqual(distill[distill.index("--student") + 1], start)

    def test_prints_and_writes_the_table(self) -> None:
        _, out, _ = self.run_demo()
        for line in (r"parameters +200 +150 +0\.75", r"sentences per second +200 +400 +2\.00",
                     r"dev accuracy \(100 rows\) +80\.0% +76\.0% +95\.0% retained",
                     r"it is no benchmark"):
            self.assertRegex(out, line)
        written = json.loads((self.output / "table.json").read_text())
        self.assertEqual(written["student"], {
            "parameters": 150, "file_bytes": 600, "sentences_per_second": 400.0,
            "dev_rows": 100, "dev_accuracy": 0.76})
        self.assertEqual(written["data"], "mini-glue")
        self.assertNotIn(str(self.folder), json.dumps(written))

    def test_takes_the_first_6000_rows_of_given_data_and_says_so(self) -> None:
        data = self.folder / "glue"
        (data / "SST-2").mkdir(parents=True)
        for name in ("train.tsv", "dev.tsv"):
            (data / "SST-2" / name).write_text("sentence\tlabel\n")
        status, out, _ = self.run_demo("--data", str(data))
        self.assertEqual(status, 0)
        self.assertIn("the first 6,000 rows of SST-2's train", out)
        for call in (self.calls()[0], self.calls()[2]):
            self.assertEqual(call[call.index("--max-train-rows") + 1], "6000")
            self.assertEqual(call[call.index("--data") + 1], str(data))
        self.assertNotIn(str(data), (self.output / "table.json").read_text())

    def test_stops_at_the_first_step_that_fails(self) -> None:
        status, _, err = self.run_demo(fails="extract")
        self.assertEqual((status, err), (1, "demo: distilbert extract ended with exit 1\n"))
        self.assertEqual(len(self.calls()), 2)
        self.assertFalse((self.output / "table.json").exists())

    def test_figures_of_a_run_in_parts_are_not_kept(self) -> None:
        (self.output / "teacher").mkdir(parents=True)
        (self.output / "teacher" / "model.safetensors").write_bytes(b"x" * 800)
        status, out, err = self.run_demo("--record")
        self.assertEqual(status, 1)
        self.assertIn("student / teacher", out)
        self.assertIn("part of the training is from an earlier run", err)
        seconds = json.loads((self.output / "table.json").read_text())["seconds"]
        self.assertIsNone(next(iter(seconds.values())))

    def test_a_folder_without_sst2_is_wrong_usage(self) -> None:
        self.assertEqual(self.run_demo("--data", str(self.folder))[0], 2)


if __name__ == "__main__":
    unittest.main()
