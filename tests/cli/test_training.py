"""extract, finetune, distill and evaluate on mini-glue with tiny models."""

import json
import shutil
from pathlib import Path
from typing import Any

from support import MINI_GLUE, ProgramTest, Tensor, read_safetensors, write_safetensors

QUICK = ("--epochs", 1, "--max-train-rows", 96, "--max-length", 32, "--learning-rate", 1e-3)
PREDICTIONS = {"sst2": {"0", "1"}, "mrpc": {"0", "1"}}


class TrainingTest(ProgramTest):
    def finetune(self, task: str, model: Path, output: Path, *options: object) -> dict[str, Any]:
        quick = [part for name, value in zip(QUICK[::2], QUICK[1::2]) if name not in options
                 for part in (name, value)]
        text = self.succeed("finetune", "--task", task, "--data", MINI_GLUE, "--model", model,
                            "--output", output, *quick, "--json", *options)
        return json.loads(text)

    def evaluate(self, task: str, model: Path, *options: object) -> dict[str, Any]:
        return json.loads(self.succeed("evaluate", "--task", task, "--data", MINI_GLUE,
                                       "--model", model, "--max-length", 32, "--json", *options))


class Extracting(ProgramTest):
    def test_layers_are_copied_and_the_folder_is_a_model(self) -> None:
        teacher = self.model("bert_masked_lm")
        student = self.folder / "new" / "student"
        text = self.succeed("extract", "--teacher", teacher, "--layers", "0,2", "--output",
                            student)
        self.assertEqual(text, f"{student}: 2 of the teacher's 3 layers\n")
        old, new = (read_safetensors(folder / "model.safetensors") for folder in
                    (teacher, student))
        self.assertEqual(new[1]["format"], "pt")
        for place, layer in enumerate((0, 2)):
            self.assertEqual(
                new[0][f"distilbert.transformer.layer.{place}.ffn.lin1.weight"].data,
                old[0][f"bert.encoder.layer.{layer}.intermediate.dense.weight"].data)
        self.assertEqual(new[0]["vocab_transform.weight"].data,
                         old[0]["cls.predictions.transform.dense.weight"].data)
        config = json.loads((student / "config.json").read_text())
        self.assertEqual((config["model_type"], config["n_layers"], config["architectures"]),
                         ("distilbert", 2, ["DistilBertForMaskedLM"]))
        self.assertEqual((student / "vocab.txt").read_text(), (teacher / "vocab.txt").read_text())
        self.succeed("fill-mask", "--model", student, lines="the [MASK]\n")

    def test_the_same_command_twice_gives_the_same_bits(self) -> None:
        teacher, student = self.model("bert_sequence_classification"), self.folder / "student"
        command = ("extract", "--teacher", teacher, "--layers", "0,2", "--output", student)
        self.succeed(*command)
        before = (student / "model.safetensors").read_bytes()
        self.succeed(*command)
        self.assertEqual((student / "model.safetensors").read_bytes(), before)

    def test_another_model_is_not_overwritten(self) -> None:
        teacher, student = self.model("bert_sequence_classification"), self.folder / "student"
        self.succeed("extract", "--teacher", teacher, "--layers", "0,2", "--output", student)
        for output in (student, teacher):
            before = (output / "model.safetensors").read_bytes()
            self.refuse(1, [str(output), "another model"], "extract", "--teacher", teacher,
                        "--layers", "0,1", "--output", output)
            self.assertEqual((output / "model.safetensors").read_bytes(), before)

    def test_folding_the_segment_keeps_the_embeddings_of_single_texts(self) -> None:
        teacher = self.model("bert_body")
        outputs = {}
        for option in ((), ("--fold-segment",)):
            student = self.folder / f"student{len(option)}"
            self.succeed("extract", "--teacher", teacher, "--layers", "0", "--output", student,
                         *option)
            outputs[len(option)] = self.embeddings(student)
        wanted = self.embeddings(teacher)
        differences = {key: max(abs(a - b) for a, b in zip(found, wanted))
                       for key, found in outputs.items()}
        self.assertLess(differences[1], 1e-5)
        self.assertGreater(differences[0], 1e-3)

    def embeddings(self, model: Path) -> list[float]:
        output = self.folder / f"{model.name}.safetensors"
        self.succeed("forward", "--model", model, "--output", output, lines="the film is good\n")
        return read_safetensors(output)[0]["hidden_states.0"].values()

    def test_what_cannot_be_extracted_is_refused(self) -> None:
        teacher, output = self.model("bert_body"), self.folder / "out"
        self.refuse(2, ["layer 3", "0 to 2"], "extract", "--teacher", teacher, "--layers", "0,3",
                    "--output", output)
        self.refuse(1, ["DistilBERT"], "extract", "--teacher", self.model("distilbert_body"),
                    "--layers", "0", "--output", output)
        (self.folder / "file").write_text("in the way")
        self.refuse(1, [str(self.folder / "file")], "extract", "--teacher", teacher, "--layers",
                    "0", "--output", self.folder / "file")
        self.assertFalse(output.exists())


class Finetuning(TrainingTest):
    def test_every_task_trains_saves_and_evaluates_alike(self) -> None:
        for task, metrics in (("sst2", {"accuracy"}), ("mrpc", {"accuracy", "f1"}),
                              ("stsb", {"pearson", "spearmanr"})):
            with self.subTest(task=task):
                output = self.folder / f"trained-{task}"
                trained = self.finetune(task, self.model("bert_body", f"model-{task}"), output)
                self.assertEqual(set(trained["metrics"]), metrics)
                predictions = self.folder / f"{task}.tsv"
                found = self.evaluate(task, output, "--predictions", predictions)
                self.assertEqual((found["task"], found["rows"], found["metrics"]),
                                 (task, trained["rows"], trained["metrics"]))
                self.check_predictions(task, predictions, found["rows"])
                _, metadata = read_safetensors(output / "model.safetensors")
                self.assertEqual(metadata["format"], "pt")

    def check_predictions(self, task: str, path: Path, rows: int) -> None:
        header, *lines = path.read_text().splitlines()
        self.assertEqual((header, len(lines)), ("index\tprediction", rows))
        self.assertEqual([line.split("\t")[0] for line in lines], [str(i) for i in range(rows)])
        found = {line.split("\t")[1] for line in lines}
        if task in PREDICTIONS:
            self.assertLessEqual(found, PREDICTIONS[task])
        else:
            self.assertGreater(len({float(score) for score in found}), 1)

    def test_training_lowers_the_loss_of_its_own_data(self) -> None:
        output = self.folder / "trained"
        self.finetune("sst2", self.model("distilbert_body"), output, "--epochs", 30,
                      "--no-dropout", "--learning-rate", 3e-3)
        losses = json.loads((output / "training_log.json").read_text())["losses"]
        self.assertEqual(len(losses), 90)
        self.assertLess(sum(losses[-9:]), 0.8 * sum(losses[:9]))

    def test_the_same_command_again_has_nothing_to_do(self) -> None:
        model, output = self.model("bert_body"), self.folder / "trained"
        first = self.finetune("sst2", model, output)
        names = ("model.safetensors", "config.json", "training_log.json", "training.safetensors")
        before = {name: (output / name).read_bytes() for name in names}
        stamp = (output / "training.safetensors").stat().st_mtime_ns
        self.assertEqual(self.finetune("sst2", model, output), first)
        self.assertEqual({name: (output / name).read_bytes() for name in names}, before)
        self.assertEqual((output / "training.safetensors").stat().st_mtime_ns, stamp)

    def test_the_same_command_elsewhere_gives_the_same_bits(self) -> None:
        model = self.model("bert_body")
        weights = []
        for name, options in (("a", ()), ("b", ()), ("c", ("--seed", 43))):
            self.finetune("sst2", model, self.folder / name, *options)
            weights.append((self.folder / name / "model.safetensors").read_bytes())
        self.assertEqual(weights[0], weights[1])
        self.assertNotEqual(weights[0], weights[2])

    def test_another_command_on_the_same_output_is_refused(self) -> None:
        model, output = self.model("bert_body"), self.folder / "trained"
        self.finetune("sst2", model, output)
        before = (output / "model.safetensors").read_bytes()
        command = ("finetune", "--data", MINI_GLUE, "--output", output, *QUICK)
        other = self.model("bert_body", "other")
        for difference, options in (("seed", ("--task", "sst2", "--model", model, "--seed", 1)),
                                    ("task", ("--task", "mrpc", "--model", model)),
                                    ("model", ("--task", "sst2", "--model", other))):
            with self.subTest(difference=difference):
                self.refuse(1, [str(output), difference], *command, *options)
        self.assertEqual((output / "model.safetensors").read_bytes(), before)

    def test_a_model_is_never_its_own_output(self) -> None:
        model = self.model("bert_body")
        before = {path.name: path.read_bytes() for path in model.iterdir()}
        self.refuse(1, [str(model), "another model"], "finetune", "--task", "sst2", "--data",
                    MINI_GLUE, "--model", model, "--output", model, *QUICK)
        self.assertEqual({path.name: path.read_bytes() for path in model.iterdir()}, before)

    def test_files_can_be_named(self) -> None:
        files = {}
        for split in ("train", "dev"):
            files[split] = self.folder / f"{split}.tsv"
            files[split].write_text("label\tsentence\n1\tgood film\n0\tbad film\n")
        text = self.succeed("finetune", "--task", "sst2", "--train-file", files["train"],
                            "--dev-file", files["dev"], "--model", self.model("bert_body"),
                            "--output", self.folder / "out", "--max-length", 32, "--json")
        self.assertEqual(json.loads(text)["rows"], 2)

    def test_a_batch_in_pieces_trains_alike(self) -> None:
        model = self.model("bert_body")
        logs = []
        for size in (0, 5):
            output = self.folder / f"trained{size}"
            self.finetune("sst2", model, output, "--micro-batch-size", size, "--no-dropout")
            logs.append(json.loads((output / "training_log.json").read_text())["losses"])
        for whole, pieces in zip(*logs, strict=True):
            self.assertAlmostEqual(whole, pieces, delta=1e-3)


    def test_both_of_mnli_s_dev_files_are_one_result(self) -> None:
        output = self.folder / "trained"
        trained = self.finetune("mnli", self.model("bert_body"), output)
        self.assertEqual(list(trained["metrics"]), ["accuracy", "accuracy_mm"])
        found = self.evaluate("mnli", output)
        self.assertEqual((found["metrics"], found["rows"]), (trained["metrics"], trained["rows"]))

    def test_another_dev_file_is_another_run(self) -> None:
        model, output = self.model("bert_body"), self.folder / "trained"
        self.finetune("sst2", model, output)
        self.refuse(1, [str(output), "content of dev-file"], "finetune", "--task", "sst2",
                    "--data", MINI_GLUE, "--model", model, "--output", output, *QUICK,
                    "--dev-file", MINI_GLUE / "SST-2" / "train.tsv")
        self.finetune("SST-2", model, output)


class Distilling(TrainingTest):
    def test_a_student_learns_from_its_teacher(self) -> None:
        teacher, student = self.folder / "teacher", self.folder / "student"
        self.finetune("sst2", self.model("bert_body"), teacher)
        self.succeed("extract", "--teacher", teacher, "--layers", "0,2", "--output", student)
        output = self.folder / "distilled"
        command = ("distill", "--task", "sst2", "--data", MINI_GLUE, "--teacher", teacher,
                   "--student", student, "--output", output, *QUICK, "--json", "--temperature",
                   3, "--alpha-soft", 0.7, "--alpha-hard", 0.2, "--alpha-cos", 0.1)
        first = json.loads(self.succeed(*command))
        self.assertEqual(self.evaluate("sst2", output)["metrics"], first["metrics"])
        self.assertEqual(json.loads(self.succeed(*command)), first)
        config = json.loads((output / "config.json").read_text())
        self.assertEqual(config["architectures"], ["DistilBertForSequenceClassification"])
        self.refuse(1, [str(output), "temperature"], *command[:-7], 4, *command[-6:])

    def test_a_teacher_may_have_its_labels_in_another_order(self) -> None:
        teacher, student = self.folder / "teacher", self.model("distilbert_body")
        self.finetune("sst2", self.model("bert_body"), teacher)
        unnamed, swapped = (self.folder / name for name in ("unnamed", "swapped"))
        for copy in (unnamed, swapped):
            shutil.copytree(teacher, copy)
        self.edit_config(unnamed, id2label={"0": "LABEL_0", "1": "LABEL_1"}, label2id=None)
        self.edit_config(swapped, id2label={"0": "POSITIVE", "1": "NEGATIVE"}, label2id=None)
        tensors, _ = read_safetensors(swapped / "model.safetensors")
        for name in ("classifier.weight", "classifier.bias"):
            tensor = tensors[name]
            half = len(tensor.data) // 2
            tensors[name] = Tensor(tensor.dtype, tensor.shape,
                                   tensor.data[half:] + tensor.data[:half])
        write_safetensors(swapped / "model.safetensors", tensors)
        logs = []
        for one in (teacher, unnamed, swapped):
            output = self.folder / f"from-{one.name}"
            self.succeed("distill", "--task", "sst2", "--data", MINI_GLUE, "--teacher", one,
                         "--student", student, "--output", output, *QUICK)
            logs.append((output / "training_log.json").read_text())
        self.assertEqual(logs[1:], [logs[0]] * 2)

    def test_regression_distils_too(self) -> None:
        teacher, output = self.folder / "teacher", self.folder / "distilled"
        self.finetune("stsb", self.model("bert_body"), teacher)
        text = self.succeed("distill", "--task", "stsb", "--data", MINI_GLUE, "--teacher",
                            teacher, "--student", self.model("distilbert_body"), "--output",
                            output, *QUICK)
        self.assertRegex(text, r"^stsb: pearson -?\d\.\d{4} spearmanr -?\d\.\d{4} on \d+ rows\n$")

    def test_pairs_that_do_not_fit_are_refused(self) -> None:
        teacher = self.folder / "teacher"
        self.finetune("sst2", self.model("bert_body"), teacher)
        command = ("distill", "--task", "sst2", "--data", MINI_GLUE, "--output",
                   self.folder / "out", *QUICK)
        student = self.model("distilbert_body")
        self.refuse(1, ["bert_body", "fine-tune"], *command, "--teacher",
                    self.model("bert_body", "bert_body-new"), "--student", student)
        narrow = self.model("variant_distilbert_no_prefix", "narrow")
        self.refuse(1, ["narrow"], *command, "--teacher", teacher, "--student", narrow)
        (student / "vocab.txt").write_text(
            (student / "vocab.txt").read_text().replace("film", "movie"))
        self.refuse(1, [str(student / "vocab.txt"), "vocabulary"], *command, "--teacher",
                    teacher, "--student", student)
        for options in (("--temperature", 0), ("--temperature", "nan"), ("--alpha-soft", -1),
                        ("--alpha-soft", 0, "--alpha-hard", 0)):
            self.refuse(2, [options[0][:7]], *command, "--teacher", teacher, "--student",
                        student, *options)
