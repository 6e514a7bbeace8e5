"""Models that transformers fine-tuned and saved (tests/golden/exchange): `evaluate` opens them
and says of every row what transformers says."""

import json
import math
import shutil
from pathlib import Path
from typing import Any

from support import MINI_GLUE, ROOT, ProgramTest

EXCHANGE = ROOT / "tests" / "golden" / "exchange"
# For another processor's rounding in the metrics of scores.
METRIC_TOLERANCE = 1e-6


class FromTransformers(ProgramTest):
    def saved(self, golden: str) -> tuple[Path, dict[str, Any]]:
        """A copy of the folder, without what transformers predicted, and that."""
        folder = self.folder / golden
        shutil.copytree(EXCHANGE / golden, folder)
        expected = json.loads((folder / "expected.json").read_text())
        (folder / "expected.json").unlink()
        return folder, expected

    def evaluate(self, model: Path, golden: dict[str, Any], file: str,
                 *options: object) -> tuple[list[str], str]:
        """The predictions of a dev file, and what is printed."""
        written = self.folder / "predictions.tsv"
        printed = self.succeed(
            "evaluate", "--task", golden["task"], "--data", MINI_GLUE, "--dev-file",
            MINI_GLUE / golden["folder"] / file, "--model", model, "--max-length",
            golden["max_length"], "--predictions", written, *options)
        header, *lines = written.read_text().splitlines()
        self.assertEqual(header, "index\tprediction")
        fields = [line.split("\t") for line in lines]
        self.assertEqual([index for index, _ in fields], [str(i) for i in range(len(fields))])
        return [prediction for _, prediction in fields], printed

    def test_every_class_is_the_one_that_transformers_predicts(self) -> None:
        model, golden = self.saved("bert_mnli")
        for file, wanted in golden["files"].items():
            with self.subTest(file=file):
                predictions, printed = self.evaluate(model, golden, file, "--json")
                self.assertEqual(predictions, wanted["predictions"])
                self.assertEqual(json.loads(printed)["metrics"], wanted["metrics"])

    def test_every_score_is_the_one_that_transformers_predicts(self) -> None:
        model, golden = self.saved("distilbert_stsb")
        wanted = golden["files"]["dev.tsv"]
        predictions, printed = self.evaluate(model, golden, "dev.tsv", "--json")
        allowed = 1e-5 + 1e-5 * max(map(abs, wanted["predictions"]))
        for row, (text, score) in enumerate(zip(predictions, wanted["predictions"],
                                                strict=True)):
            self.assertLessEqual(abs(float(text) - score), allowed, f"row {row}")
        metrics = json.loads(printed)["metrics"]
        self.assertEqual(set(metrics), set(wanted["metrics"]))
        for name, value in wanted["metrics"].items():
            self.assertTrue(math.isclose(metrics[name], value, abs_tol=METRIC_TOLERANCE), name)

    def test_people_read_the_metric_of_transformers_predictions(self) -> None:
        for name, file in (("bert_mnli", "dev_matched.tsv"), ("distilbert_stsb", "dev.tsv")):
            model, golden = self.saved(name)
            predictions, printed = self.evaluate(model, golden, file)
            metrics = " ".join(f"{metric} {value:.4f}" for metric, value in
                               golden["files"][file]["metrics"].items())
            self.assertEqual(printed, f"{golden['task']}: {metrics} on {len(predictions)} rows\n")

    def test_labels_may_be_named_in_capitals(self) -> None:
        model, golden = self.saved("bert_mnli")
        names = json.loads((model / "config.json").read_text())["id2label"]
        self.edit_config(model, id2label={i: name.upper() for i, name in names.items()},
                         label2id={name.upper(): int(i) for i, name in names.items()})
        predictions, _ = self.evaluate(model, golden, "dev_matched.tsv")
        self.assertEqual(predictions, golden["files"]["dev_matched.tsv"]["predictions"])

    def test_labels_taken_in_the_files_order_would_change_every_row(self) -> None:
        """That the models' order matters, and that a mistake in it would be seen."""
        model, golden = self.saved("bert_mnli")
        names = json.loads((model / "config.json").read_text())["id2label"]
        self.assertEqual(list(names.values()), ["contradiction", "entailment", "neutral"])
        self.edit_config(model, id2label={"0": "entailment", "1": "neutral",
                                          "2": "contradiction"}, label2id=None)
        predictions, _ = self.evaluate(model, golden, "dev_matched.tsv")
        for found, wanted in zip(predictions, golden["files"]["dev_matched.tsv"]["predictions"],
                                 strict=True):
            self.assertNotEqual(found, wanted)
