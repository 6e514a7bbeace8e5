"""A user's own task, described by a JSON file, in finetune, distill and evaluate."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from support import ROOT, SECONDS, ProgramTest, command_line

MINI_TASKS = ROOT / "data" / "mini-tasks"
QUICK = ("--epochs", 1, "--max-length", 32, "--learning-rate", 1e-3, "--json")


class CustomTaskTest(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.tasks = self.folder / "tasks"
        shutil.copytree(MINI_TASKS, self.tasks)

    def change(self, **changes: Any) -> Path:
        """Sets keys of reviews.json; None removes one."""
        path = self.tasks / "reviews.json"
        keys = json.loads(path.read_text()) | changes
        path.write_text(json.dumps({k: v for k, v in keys.items() if v is not None}))
        return path

    def finetune(self, task: Path, output: Path, *options: object) -> dict[str, Any]:
        return json.loads(self.succeed("finetune", "--task", task, "--output", output, *QUICK,
                                       *options))

    def evaluate(self, task: Path, model: Path, *options: object) -> dict[str, Any]:
        found = json.loads(self.succeed("evaluate", "--task", task, "--model", model,
                                        "--max-length", 32, "--json", *options))
        return {key: found[key] for key in ("task", "rows", "metrics")}


class Described(CustomTaskTest):
    def test_a_task_of_ones_own_trains_saves_and_evaluates_alike(self) -> None:
        task, output = self.tasks / "reviews.json", self.folder / "trained"
        trained = self.finetune(task, output, "--model", self.model("bert_body"))
        self.assertEqual((trained["task"], trained["rows"], list(trained["metrics"])),
                         ("reviews", 20, ["accuracy", "f1"]))
        config = json.loads((output / "config.json").read_text())
        self.assertEqual(config["id2label"], {"0": "negative", "1": "positive"})
        predictions = self.folder / "predictions.tsv"
        self.assertEqual(self.evaluate(task, output, "--predictions", predictions), trained)
        header, *lines = predictions.read_text().splitlines()
        self.assertEqual((header, len(lines)), ("index\tprediction", 20))
        self.assertLessEqual({line.split("\t")[1] for line in lines}, {"-", "+"})

    def test_a_model_meets_another_task_with_the_same_labels(self) -> None:
        output = self.folder / "trained"
        self.finetune(self.tasks / "reviews.json", output, "--model", self.model("bert_body"))
        found = self.evaluate(self.tasks / "adversarial_reviews.json", output)
        self.assertEqual((found["task"], found["rows"]), ("adversarial-reviews", 6))
        self.refuse(1, [str(output), "2 labels", "adversarial-inference needs 3"], "evaluate",
                    "--task", self.tasks / "adversarial_inference.json", "--model", output,
                    "--max-length", 32)

    def test_scores_train_and_distil(self) -> None:
        rows = [{"a": word, "b": "the film is " + word, "score": 10.0 * (i % 7) - 20}
                for i, word in enumerate(["good", "bad", "dull", "funny"] * 5)]
        (self.tasks / "s.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        task = self.change(name="scores", train="s.jsonl", dev="s.jsonl", text=["a", "b"],
                           label="score", labels=None, metrics=None, regression=True)
        teacher, student = self.folder / "teacher", self.folder / "student"
        trained = self.finetune(task, teacher, "--model", self.model("bert_body"))
        self.assertEqual(list(trained["metrics"]), ["pearson", "spearmanr"])
        distilled = json.loads(self.succeed(
            "distill", "--task", task, "--teacher", teacher, "--student",
            self.model("bert_body", "small"), "--output", student, "--alpha-cos", 0, *QUICK))
        self.assertEqual(self.evaluate(task, student), distilled)

    def test_files_start_from_the_description_and_not_from_here(self) -> None:
        output = self.folder / "trained"
        self.finetune(self.tasks / "reviews.json", output, "--model", self.model("bert_body"))
        result = subprocess.run(command_line("evaluate", "--task", "reviews.json", "--model",
                                             output, "--max-length", 32), cwd=self.tasks,
                                capture_output=True, timeout=SECONDS, check=False)
        self.assertEqual((result.returncode, result.stderr), (0, b""))

    def test_data_names_the_folder_of_files_that_are_elsewhere(self) -> None:
        output = self.folder / "trained"
        alone = self.folder / "alone.json"
        shutil.copyfile(self.tasks / "reviews.json", alone)
        self.refuse(1, [str(self.folder / "reviews_train.csv"), "no such file"], "finetune",
                    "--task", alone, "--output", output, "--model", self.model("bert_body"),
                    *QUICK)
        trained = self.finetune(alone, output, "--data", self.tasks, "--model",
                                self.folder / "bert_body")
        self.assertEqual(trained["rows"], 20)
        self.assertEqual(self.evaluate(alone, output, "--dev-file",
                                       self.tasks / "reviews_train.csv")["rows"], 40)

    def test_the_same_description_goes_on_and_a_changed_one_is_another_run(self) -> None:
        task, output = self.tasks / "reviews.json", self.folder / "trained"
        model = self.model("bert_body")
        first = self.finetune(task, output, "--model", model)
        self.change()  # the same keys in other spacing
        self.assertEqual(self.finetune(task, output, "--model", model), first)
        for changes in ({"labels": {"+": "positive", "-": "negative"}}, {"text": "product"},
                        {"metrics": ["accuracy"]}):
            with self.subTest(changes=changes):
                before = task.read_text()
                self.change(**changes)
                self.refuse(1, ["belongs to another run", "task-description is "], "finetune",
                            "--task", task, "--output", output, "--model", model, *QUICK)
                task.write_text(before)


class Refused(CustomTaskTest):
    def refuse_task(self, code: int, parts: list[str], task: Path, *options: object) -> None:
        self.refuse(code, parts, "evaluate", "--task", task, "--model",
                    self.folder / "bert_body", "--max-length", 32, *options)

    def setUp(self) -> None:
        super().setUp()
        self.model("bert_body")

    def test_descriptions_that_cannot_be(self) -> None:
        self.refuse_task(1, ["none.json"], self.tasks / "none.json")
        self.refuse_task(1, ["adversarial.json", 'unknown key "mnli"'],
                         self.tasks / "adversarial.json")
        self.refuse_task(1, ["reviews.json: metrics", "pearson"],
                         self.change(metrics=["pearson"]))
        self.refuse_task(1, ["reviews.json: label", "nothing"],
                         self.change(label=None))
        self.refuse_task(2, ['unknown task "reviews"'], Path("reviews"))

    def test_splits_that_a_description_does_not_name(self) -> None:
        self.refuse(1, ["adversarial-reviews has no train split", '"train"',
                        "adversarial_reviews.json"],
                    "finetune", "--task", self.tasks / "adversarial_reviews.json", "--model",
                    self.folder / "bert_body", "--output", self.folder / "out", *QUICK)
        self.assertFalse((self.folder / "out").exists())

    def test_train_rows_that_are_malformed_are_named_and_others_are_used(self) -> None:
        path = self.tasks / "reviews_train.csv"
        path.write_text(path.read_text() + "kettle,and,+,+\n\"lamp\n\",+\n")
        trained = self.finetune(self.tasks / "reviews.json", self.folder / "out", "--model",
                                self.folder / "bert_body")
        self.assertEqual(trained["rows"], 20)
        shutil.copyfile(path, self.tasks / "reviews_dev.csv")
        self.refuse(1, ["reviews_dev.csv, line 43: 4 fields, expected 3"], "evaluate", "--task",
                    self.tasks / "reviews.json", "--model", self.folder / "out",
                    "--max-length", 32)
