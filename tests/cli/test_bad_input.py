"""Bad input through the program: one line that names the file, no crash, no hang, no huge
allocation, no silent success."""

import json
import struct
from typing import Any

from support import (GIGABYTE, MINI_GLUE, ProgramTest, Tensor, read_safetensors, run,
                     write_safetensors)

WORD_TABLE = "embeddings.word_embeddings.weight"


class ModelFolders(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.path = self.model("bert_body")

    def refuse_model(self, *parts: str) -> None:
        """Every command that opens the model says the same."""
        for command in (("inspect", "--model", self.path),
                        ("embed", "--model", self.path),
                        ("extract", "--teacher", self.path, "--layers", "0", "--output",
                         self.folder / "out")):
            self.refuse(1, [str(self.path), *parts], *command, lines="the\n", seconds=10,
                        memory=GIGABYTE)
        self.assertFalse((self.folder / "out").exists())

    def test_a_model_that_is_nowhere(self) -> None:
        for name in ("nowhere", "no/where", "../nowhere", "/no/where", "no/wh/ere", ""):
            with self.subTest(name=name):
                self.refuse(1, [name], "inspect", "--model", name,
                            HF_HUB_CACHE=str(self.folder))
        self.refuse(1, ["config.json"], "inspect", "--model", self.path / "config.json")

    def test_missing_files(self) -> None:
        for name in ("config.json", "model.safetensors"):
            kept = (self.path / name).read_bytes()
            (self.path / name).unlink()
            self.refuse_model(name)
            (self.path / name).write_bytes(kept)
        (self.path / "vocab.txt").unlink()
        self.refuse(1, [str(self.path), "vocab.txt"], "embed", "--model", self.path)
        self.refuse(1, [str(self.path), "vocab.txt"], "tokenize", "--model", self.path)

    def test_pickle_files_are_never_read(self) -> None:
        (self.path / "model.safetensors").rename(self.path / "pytorch_model.bin")
        self.refuse_model("pickle", "model.safetensors")

    def test_a_folder_or_nothing_where_a_file_should_be(self) -> None:
        for name in ("config.json", "model.safetensors", "vocab.txt"):
            with self.subTest(name=name):
                path = self.path / name
                kept = path.read_bytes()
                path.unlink()
                path.mkdir()
                self.refuse(1, [name], "embed", "--model", self.path)
                path.rmdir()
                path.write_bytes(b"")
                self.refuse(1, [name], "embed", "--model", self.path)
                path.write_bytes(kept)

    def test_models_in_the_cache_are_found(self) -> None:
        snapshot = self.folder / "hub" / "models--org--name" / "snapshots" / "abc"
        snapshot.parent.mkdir(parents=True)
        self.path.rename(snapshot)
        (snapshot.parent.parent / "refs").mkdir()
        (snapshot.parent.parent / "refs" / "main").write_text("abc")
        self.succeed("inspect", "--model", "org/name", HF_HUB_CACHE=str(self.folder / "hub"))

    def test_configurations_that_cannot_be(self) -> None:
        kept = (self.path / "config.json").read_text()
        changes: list[dict[str, Any]] = [
            {"num_attention_heads": 5}, {"num_attention_heads": 0}, {"num_attention_heads": -4},
            {"hidden_size": 0}, {"hidden_size": -24}, {"hidden_size": 2**31},
            {"hidden_size": 1e300}, {"hidden_size": "24"}, {"hidden_size": [24]},
            {"num_hidden_layers": -1}, {"num_hidden_layers": 2**40}, {"vocab_size": 0},
            {"intermediate_size": -1}, {"max_position_embeddings": 0}, {"type_vocab_size": -2},
            {"layer_norm_eps": -1}, {"layer_norm_eps": "x"}, {"model_type": "gpt2"},
            {"model_type": 3}, {"hidden_act": "silu"}, {"architectures": ["GPT2Model"]},
            {"position_embedding_type": "relative_key"}, {"is_decoder": True},
            {"hidden_dropout_prob": 2}, {"id2label": {"0": "a", "7": "b"}}]
        for change in changes:
            with self.subTest(change=change):
                self.edit_config(self.path, **change)
                self.refuse_model("config.json")
                (self.path / "config.json").write_text(kept)
        self.edit_config(self.path, model_type=None)
        self.refuse_model("config.json", "model_type")

    def test_layers_by_the_million_are_no_allocation(self) -> None:
        self.edit_config(self.path, num_hidden_layers=2_000_000)
        result = run("inspect", "--model", self.path, seconds=20, memory=GIGABYTE)
        self.assertEqual(result.code, 1, result.err[:300])
        self.assertEqual(result.err.count("\n"), 1)

    def test_texts_that_are_no_json(self) -> None:
        for text in ("", "{", "[]", "null", "\xff", '{"a":1}x', "[" * 100000, "{" * 5,
                     '{"model_type":"bert","hidden_size":NaN}', "\0"):
            with self.subTest(text=text[:20]):
                (self.path / "config.json").write_text(text, encoding="latin-1")
                self.refuse_model("config.json")


class Weights(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.path = self.model("bert_body")
        self.file = self.path / "model.safetensors"
        self.tensors, _ = read_safetensors(self.file)

    def refuse_file(self, *parts: str) -> None:
        self.refuse(1, [str(self.file), *parts], "embed", "--model", self.path, lines="the\n",
                    seconds=10, memory=GIGABYTE)

    def write_header(self, header: Any, data: bytes = b"", length: int | None = None) -> None:
        text = header if isinstance(header, bytes) else json.dumps(header).encode()
        self.file.write_bytes(struct.pack("<Q", len(text) if length is None else length) +
                              text + data)

    def test_lying_lengths(self) -> None:
        data = self.file.read_bytes()
        for bad in (data[:7], data[:8], data[:100], data[:-1], data + b"x", b"\xff" * 8 + data[8:],
                    struct.pack("<Q", 2**63) + data[8:], struct.pack("<Q", 0) + data[8:],
                    struct.pack("<Q", len(data)) + data[8:]):
            with self.subTest(size=len(bad)):
                self.file.write_bytes(bad)
                self.refuse_file()

    def test_lying_headers(self) -> None:
        good = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
        changes: list[dict[str, Any]] = [
            {"data_offsets": [0, 2**63]}, {"data_offsets": [8, 0]}, {"data_offsets": [4, 12]},
            {"data_offsets": [-8, 0]}, {"data_offsets": [0]}, {"data_offsets": "x"},
            {"data_offsets": [0.5, 8]}, {"shape": [3]}, {"shape": [-2]}, {"shape": [2**40, 2**40]},
            {"shape": [2**62, 4]}, {"shape": "x"}, {"shape": [0]}, {"dtype": "F31"}, {"dtype": 3},
            {"dtype": "I64"}, {"more": {"deep": [1]}}]
        for change in changes:
            with self.subTest(change=change):
                self.write_header({"t": good | change}, b"\0" * 8)
                self.refuse_file()
        for header in (b"", b"{", b"[]", b"[" * 200000, b'{"a":' * 100000, b"\xff{}",
                       b'{"t":{"dtype":"F32"}}', b'{"t":7}', b'{"__metadata__":{"a":1}}',
                       b'{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},'
                       b'"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'):
            with self.subTest(header=header[:20]):
                self.write_header(header, b"\0" * 8)
                self.refuse_file()

    def test_overlaps_and_gaps(self) -> None:
        one = {"dtype": "F32", "shape": [2]}
        for offsets in ([[0, 8], [4, 12]], [[0, 8], [12, 20]], [[0, 8], [0, 8]]):
            with self.subTest(offsets=offsets):
                self.write_header({f"t{i}": one | {"data_offsets": pair}
                                   for i, pair in enumerate(offsets)}, b"\0" * 20)
                self.refuse_file()

    def test_tensors_that_do_not_fit_are_all_named(self) -> None:
        tensors = dict(self.tensors)
        table = tensors.pop(WORD_TABLE)
        bias = tensors["encoder.layer.1.output.dense.bias"]
        tensors["encoder.layer.1.output.dense.bias"] = Tensor("F32", [2, 12], bias.data)
        tensors["encoder.layer.0.surprise"] = Tensor("F32", [1], b"\0" * 4)
        write_safetensors(self.file, tensors)
        self.refuse_file("word_embeddings.weight", "encoder.layer.1.output.dense.bias",
                         "[24]", "[2, 12]", "surprise")
        tensors = self.tensors | {WORD_TABLE: Tensor("I64", [61, 24], table.data * 2)}
        write_safetensors(self.file, tensors)
        self.refuse_file("word_embeddings.weight", "I64")

    def test_names_with_control_characters_stay_one_line(self) -> None:
        write_safetensors(self.file, self.tensors | {"a\nb\x1b[31m": Tensor("F32", [1], b"1234")}
                          | {WORD_TABLE: Tensor("F32", [1], b"1234")})
        self.refuse_file("word_embeddings.weight")
        self.assertNotIn("\x1b", run("embed", "--model", self.path).err)

    def test_a_table_by_the_terabyte_is_no_allocation(self) -> None:
        self.edit_config(self.path, vocab_size=2**30, hidden_size=2**20)
        self.refuse_file("word_embeddings.weight")

    def test_pairs_for_a_model_of_one_segment(self) -> None:
        name = "embeddings.token_type_embeddings.weight"
        table = Tensor("F32", [1, 24], self.tensors[name].data[:96])
        write_safetensors(self.file, self.tensors | {name: table})
        self.edit_config(self.path, type_vocab_size=1)
        self.succeed("embed", "--model", self.path, lines="the\n")
        self.refuse(1, [], "forward", "--model", self.path, "--pairs", "--output",
                    self.folder / "out", lines="the\tfilm\n")

    def test_weights_that_are_no_numbers_are_no_results(self) -> None:
        head = self.model("bert_sequence_classification", labels=["negative", "positive"])
        tensors, _ = read_safetensors(head / "model.safetensors")
        for name, rows in (("classifier.weight", 2), ("classifier.bias", 2)):
            shape = [rows, 24] if name.endswith("weight") else [rows]
            count = rows * (24 if name.endswith("weight") else 1)
            tensors[name] = Tensor("F32", shape, struct.pack("<f", float("nan")) * count)
        write_safetensors(head / "model.safetensors", tensors)
        self.refuse(1, ["SST-2/dev.tsv: ", "finite"], "evaluate", "--task", "sst2", "--data",
                    MINI_GLUE, "--model", head, "--max-length", 32)
        self.refuse(1, ["finite", "step 1"], "finetune", "--task", "sst2", "--data", MINI_GLUE,
                    "--model", head, "--max-length", 32, "--output", self.folder / "out")


class Vocabularies(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.path = self.model("bert_body")
        self.file = self.path / "vocab.txt"
        self.tokens = self.file.read_text().splitlines()

    def refuse_vocabulary(self, *parts: str) -> None:
        for command in ("tokenize", "embed"):
            self.refuse(1, [str(self.file), *parts], command, "--model", self.path,
                        lines="the\n", seconds=10, memory=GIGABYTE)

    def test_special_tokens_must_be_there(self) -> None:
        for token in ("[UNK]", "[CLS]", "[SEP]", "[PAD]"):
            with self.subTest(token=token):
                self.file.write_text("\n".join(t for t in self.tokens if t != token) + "\n")
                self.refuse_vocabulary(token)

    def test_bytes_that_are_no_utf8_and_empty_files(self) -> None:
        self.file.write_bytes(b"[PAD]\n\xff\n")
        self.refuse_vocabulary("line 2")
        self.file.write_bytes(b"")
        self.refuse_vocabulary()

    def test_more_tokens_than_the_model_has(self) -> None:
        self.file.write_text("\n".join([*self.tokens, "one-more"]) + "\n")
        for command in (("embed",), ("forward", "--output", self.folder / "f"),
                        ("similar", "--query", "the")):
            self.refuse(1, [str(self.file), "62", "61"], *command, "--model", self.path,
                        lines="the\n")
        self.refuse(1, [str(self.file), "62", "61"], "finetune", "--task", "sst2", "--data",
                    MINI_GLUE, "--model", self.path, "--output", self.folder / "out",
                    "--max-length", 32)

    def test_a_tokenizer_configuration_that_cannot_be(self) -> None:
        path = self.path / "tokenizer_config.json"
        for text in ("{", "[]", '{"do_lower_case": "yes"}', '{"cls_token": 7}',
                     '{"cls_token": ""}', '{"sep_token": "[NOWHERE]"}', "[" * 100000):
            with self.subTest(text=text[:30]):
                path.write_text(text)
                result = run("tokenize", "--model", self.path, lines="the\n", seconds=10)
                self.assertEqual(result.code, 1, result)
                self.assertEqual(result.err.count("\n"), 1)
                self.assertIn(str(self.path), result.err)


class GlueFiles(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.path = self.model("bert_sequence_classification", labels=["negative", "positive"])
        tensors, _ = read_safetensors(self.path / "model.safetensors")
        for name in ("classifier.weight", "classifier.bias"):
            tensor = tensors[name]
            width = len(tensor.data) // 3
            tensors[name] = Tensor("F32", [2, *tensor.shape[1:]], tensor.data[:2 * width])
        write_safetensors(self.path / "model.safetensors", tensors)
        self.file = self.folder / "dev.tsv"

    def evaluate(self, text: str | bytes, *parts: str, task: str = "sst2") -> None:
        self.file.write_bytes(text.encode() if isinstance(text, str) else text)
        self.refuse(1, [str(self.file), *parts], "evaluate", "--task", task, "--dev-file",
                    self.file, "--model", self.path, "--max-length", 32, seconds=10,
                    memory=GIGABYTE)

    def test_a_good_file_is_fine(self) -> None:
        self.file.write_text("sentence\tlabel\ngood\t1\n")
        self.succeed("evaluate", "--task", "sst2", "--dev-file", self.file, "--model", self.path,
                     "--max-length", 32)

    def test_dev_files_that_cannot_be(self) -> None:
        header = "sentence\tlabel\n"
        self.evaluate("")
        self.evaluate(header, "no rows")
        self.evaluate("text\tlabel\ngood\t1\n", "sentence")
        self.evaluate("sentence\tlabels\ngood\t1\n", "label")
        self.evaluate("sentence\tlabel\tlabel\ngood\t1\t1\n", "label")
        self.evaluate(header + "good\t1\nbad\t2\n", "line 3", '"2"')
        self.evaluate(header + "good\t-1\n", "line 2")
        self.evaluate(header + "good\n", "line 2", "1 field,")
        self.evaluate(header + "good\t1\tx\n", "line 2", "3 fields")
        self.evaluate(header + "go\0od\t1\n", "line 2", "NUL")
        self.evaluate(header.encode() + b"\xff\t1\n", "line 2")

    def test_scores_out_of_range(self) -> None:
        self.path = self.model("bert_regression")
        header = "sentence1\tsentence2\tscore\n"
        for score in ("5.1", "-0.1", "nan", "inf", "", "three", "1e999"):
            with self.subTest(score=score):
                self.evaluate(f"{header}good\tbad\t{score}\n", "line 2", task="stsb")

    def test_missing_files_and_folders(self) -> None:
        command = ("evaluate", "--task", "sst2", "--model", self.path, "--max-length", 32)
        self.refuse(1, ["nowhere", "SST-2"], *command, "--data", self.folder / "nowhere")
        self.refuse(1, ["nowhere.tsv"], *command, "--dev-file", self.folder / "nowhere.tsv")
        self.refuse(1, [str(self.folder)], *command, "--dev-file", self.folder)
        self.refuse(2, ["--data"], *command)

    def test_train_files_without_a_usable_row(self) -> None:
        self.file.write_text("sentence\tlabel\na\tb\tc\n")
        self.refuse(1, [str(self.file), "no rows", "line 2"], "finetune", "--task", "sst2",
                    "--data", MINI_GLUE, "--train-file", self.file, "--model", self.path,
                    "--output", self.folder / "out", "--max-length", 32)

    def test_a_label_count_that_differs(self) -> None:
        three = self.model("bert_sequence_classification", "three")
        score = self.model("bert_regression")
        for model, task in ((three, "sst2"), (three, "stsb"), (score, "mrpc")):
            for command in (("evaluate",), ("finetune", "--output", self.folder / "out")):
                self.refuse(1, [str(model)], *command, "--task", task, "--data", MINI_GLUE,
                            "--model", model, "--max-length", 32)
        self.assertFalse((self.folder / "out").exists())

    def test_a_model_without_a_head_is_not_evaluated(self) -> None:
        self.refuse(1, ["body", "fine-tune"], "evaluate", "--task", "sst2", "--data", MINI_GLUE,
                    "--model", self.model("bert_body", "body"), "--max-length", 32)

    def test_options_out_of_range(self) -> None:
        command = ("finetune", "--task", "sst2", "--data", MINI_GLUE, "--model", self.path,
                   "--output", self.folder / "out")
        self.refuse(2, ["--max-length", "40"], *command)  # 128 by default
        for option, value in (("batch-size", "0"), ("batch-size", "-1"), ("learning-rate", "-1"),
                              ("learning-rate", "nan"), ("warmup-ratio", "1.5"),
                              ("weight-decay", "-0.1"), ("max-grad-norm", "-1"),
                              ("epochs", "-1"), ("epochs", "1.5"), ("max-train-rows", "-1")):
            with self.subTest(option=option, value=value):
                self.refuse(2, [f"--{option}"], *command, "--max-length", 32, f"--{option}",
                            value)
        self.assertFalse((self.folder / "out").exists())

    def test_predictions_that_cannot_be_written(self) -> None:
        for path in (self.folder, self.folder / "no" / "where.tsv"):
            self.refuse(1, [str(path)], "evaluate", "--task", "sst2", "--data", MINI_GLUE,
                        "--model", self.path, "--max-length", 32, "--predictions", path)
