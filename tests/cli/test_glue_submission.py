"""glue's answers to test sets, and the validator of submissions."""

import json
import shutil
import zipfile
from pathlib import Path

from glue_support import GlueTest
from support import MINI_GLUE


class Submission(GlueTest):
    def official_folder(self) -> Path:
        """mini-glue's SST-2 and STS-B with a test set each."""
        data = self.folder / "glue"
        for name, header, row in (("SST-2", "index\tsentence", "{}\ta good film"),
                                  ("STS-B", "index\tsentence1\tsentence2", "{}\ta man\ta dog")):
            (data / name).mkdir(parents=True)
            for split in ("train.tsv", "dev.tsv"):
                (data / name / split).write_bytes((MINI_GLUE / name / split).read_bytes())
            rows = [row.format(i) for i in range(5)]
            (data / name / "test.tsv").write_text("\n".join([header, *rows]) + "\n")
        return data

    def test_test_sets_are_answered_and_packed(self) -> None:
        data, output = self.official_folder(), self.folder / "out"
        text = self.succeed(*self.command(output, "--tasks", "sst2,stsb", "--seeds", 2,
                                          data=data))
        with zipfile.ZipFile(output / "submission.zip") as archive:
            self.assertEqual(archive.namelist(), ["SST-2.tsv", "STS-B.tsv"])
            lines = {name: archive.read(name).decode().split("\n") for name in archive.namelist()}
        self.assertEqual(len(lines["SST-2.tsv"]), 7)
        self.assertEqual(lines["SST-2.tsv"][0], "index\tprediction")
        self.assertIn(lines["SST-2.tsv"][1], ("0\t0", "0\t1"))
        self.assertRegex(lines["STS-B.tsv"][5], r"^4\t-?\d\.\d{3}$")
        self.assertIn("SST-2.tsv: 5 rows, expected 1821", text)
        self.assertIn("CoLA.tsv: missing", text)

    def test_the_answers_are_those_of_the_best_seed_on_dev(self) -> None:
        data, output = self.official_folder(), self.folder / "out"
        rows = self.table(output, "--tasks", "sst2", "--seeds", 3, data=data)
        seeds = rows["sst2 accuracy"]["model"]["seeds"]
        best = output / "runs" / "sst2" / f"model-seed{seeds.index(max(seeds)) + 1}"
        with zipfile.ZipFile(output / "submission.zip") as archive:
            self.assertEqual(archive.read("SST-2.tsv"), (best / "SST-2.tsv").read_bytes())

    def test_a_seed_without_a_score_answers_nothing(self) -> None:
        data, output = self.official_folder(), self.folder / "out"
        self.table(output, "--tasks", "stsb", "--seeds", 2, data=data)
        runs = output / "runs" / "stsb"
        for seed in (1, 2):
            path = runs / f"model-seed{seed}" / "result.json"
            result = json.loads(path.read_text())
            for metric in result["epochs"][-1]["metrics"]:
                result["epochs"][-1]["metrics"][metric] = None if seed == 1 else -0.5
            path.write_text(json.dumps(result))
        self.table(output, "--tasks", "stsb", "--seeds", 2, data=data)
        with zipfile.ZipFile(output / "submission.zip") as archive:
            self.assertEqual(archive.read("STS-B.tsv"),
                             (runs / "model-seed2" / "STS-B.tsv").read_bytes())

    def test_a_test_set_that_changed_has_no_answers(self) -> None:
        data, output = self.official_folder(), self.folder / "out"
        command = self.command(output, "--tasks", "sst2", "--seeds", 1, data=data)
        self.succeed(*command)
        test, run_folder = data / "SST-2" / "test.tsv", output / "runs" / "sst2" / "model-seed1"
        test.write_text("index\tsentence\n0\ta film\n")
        text = self.succeed(*command)
        self.assertIn(f"{test}: {run_folder} was finished without this test set; remove it", text)
        self.assertFalse((output / "submission.zip").exists())
        # A run that was stopped after its answers gives them again.
        (run_folder / "result.json").unlink()
        self.assertIn("SST-2.tsv: 1 rows, expected 1821", self.succeed(*command))

    def test_half_of_mnli_s_test_set_is_found_before_training(self) -> None:
        data, output = self.folder / "glue", self.folder / "out"
        shutil.copytree(MINI_GLUE / "MNLI", data / "MNLI")
        (data / "MNLI" / "test_matched.tsv").write_text("index\tsentence1\tsentence2\n0\ta\tb\n")
        self.refuse(1, ["MNLI/test_mismatched.tsv: no such file"],
                    *self.command(output, "--tasks", "mnli", data=data))
        self.assertFalse((output / "runs").exists())

    def test_the_validator_takes_a_zip_made_by_others(self) -> None:
        rows = {"CoLA": (1063, "1"), "SST-2": (1821, "0"), "MRPC": (1725, "1"),
                "STS-B": (1379, "2.5"), "QQP": (390965, "0"), "MNLI-m": (9796, "neutral"),
                "MNLI-mm": (9847, "entailment"), "QNLI": (5463, "not_entailment"),
                "RTE": (3000, "entailment"), "WNLI": (146, "0"), "AX": (1104, "contradiction")}
        path = self.folder / "by hand.zip"
        for wrong in ("", "RTE"):
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, (count, value) in rows.items():
                    value = "0" if name == wrong else value
                    archive.writestr(f"{name}.tsv", "index\tprediction\n" + "".join(
                        f"{i}\t{value}\n" for i in range(count)))
            if wrong:
                self.refuse(1, ["RTE.tsv: line 2: prediction \"0\""], "check-submission", path)
            else:
                self.assertEqual(self.succeed("check-submission", path),
                                 f"{path}: a complete submission\n")

    def test_what_is_no_zip_is_an_error(self) -> None:
        path = self.folder / "submission.zip"
        self.refuse(1, [str(path)], "check-submission", path)
        path.write_text("index\tprediction\n")
        self.refuse(1, [str(path), "can't be read as a zip"], "check-submission", path)
