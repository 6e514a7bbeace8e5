"""glue on mini-glue with tiny models: the table, teacher and student, bad input."""

import json
import shutil
import signal
import subprocess
import time
from pathlib import Path

from glue_support import RECIPE, GlueTest
from support import MINI_GLUE, command_line, vocabulary

TASKS = ["cola", "sst2", "mrpc", "stsb", "qqp", "mnli", "qnli", "rte", "wnli"]


class Table(GlueTest):
    def test_all_nine_tasks_have_their_rows_and_files(self) -> None:
        output = self.folder / "out"
        rows = self.table(output, "--seeds", 2)
        self.assertEqual(list(dict.fromkeys(key.split()[0] for key in rows)),
                         [*TASKS, "average"])
        for row in rows.values():
            self.assertEqual(len(row["model"]["seeds"]), 2, row)
        self.assertIn("mnli accuracy_mm", rows)
        self.assertEqual({path.name for path in output.iterdir()},
                         {"curves.tsv", "glue.json", "runs", "table.json", "table.md"})
        self.assertEqual(json.loads((output / "table.json").read_text()), list(rows.values()))
        self.assertIn("| SST-2 | accuracy | 2 |", (output / "table.md").read_text())

    def test_a_row_is_what_finetune_gives_with_that_seed(self) -> None:
        rows = self.table(self.folder / "out", "--tasks", "sst2", "--seeds", 2)
        found = json.loads(self.succeed(
            "finetune", "--task", "sst2", "--data", MINI_GLUE, "--model", self.input, "--output",
            self.folder / "alone", "--seed", 2, "--epochs", 2, "--max-length", 32,
            "--learning-rate", 1e-3, "--max-train-rows", 48, "--json"))
        self.assertEqual(rows["sst2 accuracy"]["model"]["seeds"][1],
                         found["metrics"]["accuracy"])

    def test_more_seeds_and_tasks_add_to_what_is_there(self) -> None:
        output = self.folder / "out"
        before = self.table(output, "--tasks", "rte", "--seeds", 1)
        kept = output / "runs" / "rte" / "model-seed1" / "result.json"
        written = kept.stat().st_mtime_ns
        after = self.table(output, "--tasks", "wnli,rte", "--seeds", 2)
        self.assertEqual(kept.stat().st_mtime_ns, written)
        self.assertEqual(after["rte accuracy"]["model"]["seeds"][0],
                         before["rte accuracy"]["model"]["seeds"][0])
        self.assertEqual(list(after), ["rte accuracy", "wnli accuracy",
                                       "average mean of the tasks"])

    def test_tasks_of_an_earlier_call_stay_in_the_table(self) -> None:
        output = self.folder / "out"
        before = self.table(output, "--tasks", "wnli", "--seeds", 1)
        after = self.table(output, "--tasks", "rte", "--seeds", 1)
        self.assertEqual(after["wnli accuracy"], before["wnli accuracy"])
        self.assertIn("average mean of the tasks", after)

    def test_a_result_by_another_recipe_is_not_counted(self) -> None:
        output = self.folder / "out"
        result = output / "runs" / "wnli" / "model-seed1" / "result.json"
        self.table(output, "--tasks", "wnli", "--seeds", 1)
        self.recipe.write_text(json.dumps({"all": RECIPE["all"], "rte": {"epochs": 1}}))
        self.table(output, "--tasks", "wnli,rte", "--seeds", 1)
        self.recipe.write_text(json.dumps({"all": RECIPE["all"], "wnli": {"epochs": 1}}))
        self.refuse(1, [str(result), "epochs is 2 there and 1 here"],
                    *self.command(output, "--tasks", "wnli", "--seeds", 1))

    def test_a_result_from_other_data_is_not_counted(self) -> None:
        data, output = self.folder / "glue", self.folder / "out"
        shutil.copytree(MINI_GLUE / "WNLI", data / "WNLI")
        options = ("--tasks", "wnli", "--seeds", 1)
        self.table(output, *options, data=data)
        for name in ("train", "dev"):
            path = data / "WNLI" / f"{name}.tsv"
            before = path.read_bytes()
            path.write_bytes(before + b"900\ta\tb\t1\n")
            self.refuse(1, ["result.json", f"content of {name}-file"],
                        *self.command(output, *options, data=data))
            path.write_bytes(before)

    def test_a_seed_of_another_recipe_is_not_counted_though_not_asked_for(self) -> None:
        output = self.folder / "out"
        self.table(output, "--tasks", "wnli", "--seeds", 2)
        shutil.rmtree(output / "runs" / "wnli" / "model-seed1")
        self.recipe.write_text(json.dumps({"all": RECIPE["all"] | {"epochs": 1}}))
        self.refuse(1, ["model-seed2", "epochs is 2 there and 1 here"],
                    *self.command(output, "--tasks", "wnli", "--seeds", 1))

    def test_a_run_that_is_removed_takes_no_other_with_it(self) -> None:
        output = self.folder / "out"
        before = self.table(output, "--tasks", "wnli", "--seeds", 3)
        shutil.rmtree(output / "runs" / "wnli" / "model-seed2")
        after = self.table(output, "--tasks", "rte", "--seeds", 1)
        values = before["wnli accuracy"]["model"]["seeds"]
        self.assertEqual(after["wnli accuracy"]["model"]["seeds"], [values[0], values[2]])

    def test_pairs_of_mrpc_that_moved_to_train_are_other_data(self) -> None:
        data, output = self.folder / "glue", self.folder / "out"
        (data / "MRPC").mkdir(parents=True)
        rows = [f"{i % 2}\t{i}\t{i + 50}\ta film\tthe film {i}" for i in range(12)]
        (data / "MRPC" / "msr_paraphrase_train.txt").write_text(
            "\n".join(["Quality\t#1 ID\t#2 ID\t#1 String\t#2 String", *rows]) + "\n")
        pairs = data / "MRPC" / "dev_ids.tsv"
        pairs.write_text("0\t50\n1\t51\n")
        options = ("--tasks", "mrpc", "--seeds", 1)
        self.table(output, *options, data=data)
        pairs.write_text("2\t52\n3\t53\n")
        self.refuse(1, ["result.json", "content of train-file"],
                    *self.command(output, *options, data=data))

    def test_a_model_with_another_file_is_another_output(self) -> None:
        output = self.folder / "out"
        self.table(output, "--tasks", "wnli", "--seeds", 1)
        for name, what, end in (("model.safetensors", "weights", b"\1"),
                                ("config.json", "configuration", b"\n\n"),
                                ("vocab.txt", "vocabulary", b""),
                                ("tokenizer_config.json", "tokenizer configuration", b"{}")):
            path = self.input / name
            before = path.read_bytes() if path.exists() else None
            path.write_bytes((before or b"")[:-1] + end)
            self.refuse(1, [str(output), f"{what} of model"],
                        *self.command(output, "--tasks", "wnli", "--seeds", 2))
            path.unlink() if before is None else path.write_bytes(before)

    def test_data_that_is_not_glue_s_is_said_below_the_table(self) -> None:
        data, output = self.folder / "glue", self.folder / "out"
        shutil.copytree(MINI_GLUE / "WNLI", data / "WNLI")
        with (data / "WNLI" / "train.tsv").open("ab") as file:
            file.write(b"900\tno label\n")
        text = self.succeed(*self.command(output, "--tasks", "wnli", "--seeds", 1, data=data))
        self.assertIn("\n- WNLI: 48 of the 635 rows of train, 100 rows of dev, where GLUE has 71, "
                      "malformed rows of train skipped: 1\n", text)

    def test_models_are_kept_when_asked_for(self) -> None:
        output = self.folder / "out"
        rows = self.table(output, "--tasks", "wnli", "--seeds", 1, "--keep-models")
        found = json.loads(self.succeed(
            "evaluate", "--task", "wnli", "--data", MINI_GLUE, "--model",
            output / "runs" / "wnli" / "model-seed1" / "model", "--max-length", 32, "--json"))
        self.assertEqual(found["metrics"]["accuracy"],
                         rows["wnli accuracy"]["model"]["mean"])


class Teacher(GlueTest):
    def test_teacher_and_student_stand_side_by_side(self) -> None:
        student = self.model("distilbert_body")
        rows = self.table(self.folder / "out", "--tasks", "sst2,stsb", "--seeds", 3, "--teacher",
                          self.input, model=student)
        row = rows["sst2 accuracy"]
        self.assertEqual(len(row["teacher"]["seeds"]), 3)
        self.assertAlmostEqual(row["retained"], row["model"]["mean"] / row["teacher"]["mean"])
        self.assertIn("p", row)

    def test_a_distilled_student_is_the_one_that_distill_trains(self) -> None:
        student, output = self.model("distilbert_body"), self.folder / "out"
        rows = self.table(output, "--tasks", "sst2", "--seeds", 1, "--teacher", self.input,
                          "--distil", "--alpha-soft", 0.75, model=student)
        quick = ("--epochs", 2, "--max-length", 32, "--learning-rate", 1e-3, "--max-train-rows",
                 48, "--seed", 1, "--json")
        teacher = self.folder / "teacher"
        self.succeed("finetune", "--task", "sst2", "--data", MINI_GLUE, "--model", self.input,
                     "--output", teacher, *quick)
        found = json.loads(self.succeed(
            "distill", "--task", "sst2", "--data", MINI_GLUE, "--teacher", teacher, "--student",
            student, "--output", self.folder / "alone", "--alpha-soft", 0.75, *quick))
        self.assertEqual(rows["sst2 accuracy"]["model"]["mean"], found["metrics"]["accuracy"])
        log = json.loads((self.folder / "alone" / "training_log.json").read_text())
        run_folder = output / "runs" / "sst2" / "model-seed1"
        self.assertEqual(json.loads((run_folder / "result.json").read_text())["losses"],
                         log["losses"])
        self.assertFalse((output / "runs" / "sst2" / "teacher-seed1" / "model").exists())

    def test_distilling_needs_a_teacher(self) -> None:
        self.refuse(2, ["--alpha-soft", "--distil"],
                    *self.command(self.folder / "out", "--alpha-soft", 1))
        self.refuse(2, ["--distil", "--teacher"],
                    *self.command(self.folder / "out", "--distil"))


class BadInput(GlueTest):
    def copy(self, name: str) -> Path:
        data = self.folder / "glue"
        (data / name).mkdir(parents=True)
        for path in (MINI_GLUE / name).iterdir():
            (data / name / path.name).write_bytes(path.read_bytes())
        return data

    def check(self, data: Path, code: int, parts: list[str], tasks: str = "wnli,rte") -> None:
        """Nothing may have been trained before the mistake was found."""
        output = self.folder / "out"
        self.refuse(code, parts, *self.command(output, "--tasks", tasks, data=data))
        self.assertFalse((output / "runs").exists())

    def test_a_missing_split_is_found_before_training(self) -> None:
        data = self.copy("WNLI")
        self.check(data, 1, [f"{data}/RTE/train.tsv: no such file; RTE's train split"])

    def test_a_truncated_file_is_found_before_training(self) -> None:
        self.copy("RTE")
        data = self.folder / "glue"
        (data / "WNLI").mkdir()
        for path in (MINI_GLUE / "WNLI").iterdir():
            text = path.read_bytes()
            (data / "WNLI" / path.name).write_bytes(
                text[:-30] if path.name == "dev.tsv" else text)
        self.check(data, 1, ["WNLI/dev.tsv, line 101: 3 fields, expected 4"])

    def test_mixed_encodings_and_unknown_labels_are_found_before_training(self) -> None:
        data = self.copy("WNLI")
        dev = data / "WNLI" / "dev.tsv"
        good = dev.read_bytes()
        dev.write_bytes(good.replace(b"\n", b"\n9\tcaf\xe9\tcaf\xc3\xa9\t1\n", 1))
        self.check(data, 1, ["WNLI/dev.tsv, line 2: ", "UTF-8"], "wnli")
        dev.write_bytes(good.replace(b"\n", b"\n9\ta\tb\t2\n", 1))
        self.check(data, 1, ["dev.tsv, line 2: label \"2\", expected one of"], "wnli")

    def test_windows_line_ends_empty_and_endless_sentences_are_read(self) -> None:
        data = self.copy("WNLI")
        plain = self.table(self.folder / "plain", "--tasks", "wnli", "--seeds", 1, data=data)
        for path in (data / "WNLI").iterdir():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        windows = self.table(self.folder / "windows", "--tasks", "wnli", "--seeds", 1, data=data)
        self.assertEqual(windows, plain)
        with (data / "WNLI" / "dev.tsv").open("ab") as file:
            file.write(b"9\t\t\t1\r\n9\t" + b"word " * 10_000 + b"\ta film\t0\r\n")
        self.table(self.folder / "long", "--tasks", "wnli", "--seeds", 1, data=data)

    def test_a_name_that_is_no_task_is_wrong_usage(self) -> None:
        output = self.folder / "out"
        self.refuse(2, ["unknown task \"snli\""], *self.command(output, "--tasks", "rte,snli"))
        self.refuse(2, ["AX has no training data"], *self.command(output, "--tasks", "ax"))
        self.refuse(2, ["--seeds"], *self.command(output, "--seeds", 0))
        self.refuse(2, ["--recipe"], *self.command(output, "--recipe", "google"))

    def test_another_command_s_folder_is_no_output(self) -> None:
        self.refuse(1, [str(self.input), "found a model"], *self.command(self.input))
        output = self.folder / "out"
        self.table(output, "--tasks", "wnli", "--seeds", 1)
        self.refuse(1, [str(output), "found results of the command glue"], "finetune", "--task",
                    "wnli", "--data", MINI_GLUE, "--model", self.input, "--output", output,
                    "--max-length", 32)

    def test_an_interrupted_run_says_how_to_go_on(self) -> None:
        self.recipe.write_text(json.dumps({"all": RECIPE["all"] | {"epochs": 2000}}))
        child = subprocess.Popen(
            command_line(*self.command(self.folder / "out", "--tasks", "wnli")),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while not (self.folder / "out" / "runs" / "wnli").exists():
            time.sleep(0.01)
        time.sleep(0.2)
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 1)
        self.assertRegex(errors, r"^distilbert: WNLI model seed 1: stopped after step \d+ of "
                                 r"\d+; the same command")

    def test_a_training_that_fails_is_named(self) -> None:
        self.recipe.write_text(json.dumps({"all": RECIPE["all"] | {"learning-rate": 1e30}}))
        self.refuse(1, ["RTE model seed 1: ", "step"],
                    *self.command(self.folder / "out", "--tasks", "wnli,rte"))

    def test_a_broken_diagnostic_set_is_found_before_training(self) -> None:
        data = self.copy("MNLI")
        (data / "diagnostic").mkdir()
        (data / "diagnostic" / "diagnostic.tsv").write_text("index\tsentence1\n0\ta\n")
        self.check(data, 1, ["diagnostic.tsv", "sentence2"], "mnli")

    def test_models_that_cannot_be_trained_are_found_before_training(self) -> None:
        command = self.command(self.folder / "out", "--tasks", "mnli,wnli")
        three_labels = self.model("bert_sequence_classification")
        self.refuse(1, [str(three_labels), "3 labels, WNLI needs 2"],
                    *self.command(self.folder / "out", "--tasks", "mnli,wnli",
                                  model=three_labels))
        self.recipe.write_text(json.dumps(RECIPE | {"wnli": {"max-length": 100_000}}))
        self.refuse(1, ["WNLI: ", "100000 tokens", "--overrides"], *command[:-1], "sst2,wnli")
        self.recipe.write_text(json.dumps(RECIPE | {"wnli": {"max-length": 2}}))
        self.refuse(1, ["WNLI: ", "3 special tokens", "--overrides"], *command[:-1], "sst2,wnli")
        self.recipe.write_text(json.dumps(RECIPE))
        student = self.model("distilbert_body")
        teacher = (*command[:-1], "sst2,wnli", "--teacher", student)
        (student / "vocab.txt").write_text("".join(f"{token}\n" for token in vocabulary(99)))
        self.refuse(1, [f"{student}/vocab.txt: 99 tokens"], *teacher)
        (student / "vocab.txt").unlink()
        self.refuse(1, [f"{student}", "vocab.txt"], *teacher)
        self.assertFalse((self.folder / "out").exists())
