"""The commands for people: inspect, classify, embed, similar, fill-mask."""

import json
import math
import re

from support import ProgramTest, vocabulary

TEXT = "the film is good\n"


class Inspecting(ProgramTest):
    def test_the_table_has_every_tensor_and_the_totals(self) -> None:
        model = self.model("distilbert_sequence_classification")
        text = self.succeed("inspect", "--model", model)
        self.assertIn("DistilBertForSequenceClassification", text)
        for name, value in (("layers", "3"), ("hidden size", "24 in 4 heads"),
                            ("positions", "40"), ("labels", "LABEL_0, LABEL_1, LABEL_2")):
            self.assertRegex(text, rf"(?m)^{name} +{re.escape(value)}$")
        listed = json.loads(self.succeed("inspect", "--model", model, "--json"))
        for tensor in listed["tensors"]:
            shape = ", ".join(map(str, tensor["shape"]))
            self.assertRegex(text, rf"(?m)^{re.escape(tensor['name'])} +\[{shape}\] +"
                                   rf"{math.prod(tensor['shape']):,}$")
        self.assertRegex(text, rf"(?m)^total .* {listed['parameters']:,}$")
        widths = {len(line) for line in text.splitlines() if line.startswith("distilbert.")}
        self.assertEqual(len(widths), 1, "columns aren't aligned")

    def test_json_lists_every_tensor_once(self) -> None:
        found = json.loads(self.succeed("inspect", "--model", self.model("bert_masked_lm"),
                                        "--json"))
        self.assertEqual(found["architecture"], "BertForMaskedLM")
        self.assertEqual((found["layers"], found["hidden_size"], found["heads"]), (3, 24, 4))
        names = [tensor["name"] for tensor in found["tensors"]]
        self.assertEqual(len(names), len(set(names)))
        self.assertIn("cls.predictions.bias", names)
        self.assertNotIn("cls.predictions.decoder.weight", names)  # tied
        self.assertEqual(found["parameters"],
                         sum(math.prod(tensor["shape"]) for tensor in found["tensors"]))

    def test_it_needs_no_vocabulary_and_says_what_is_left_over(self) -> None:
        model = self.model("bert_sequence_classification")
        (model / "vocab.txt").unlink()
        self.edit_config(model, architectures=["BertModel"])
        text = self.succeed("inspect", "--model", model)
        self.assertRegex(text, r"2 of other heads unused \(classifier.bias, classifier.weight\)")


class Classifying(ProgramTest):
    def test_a_line_gets_its_labels_the_likeliest_first(self) -> None:
        model = self.model("bert_sequence_classification", labels=["bad", "fair", "good"])
        text = self.succeed("classify", "--model", model, lines=TEXT + "\n")
        lines = text.splitlines()
        self.assertEqual([line.split("\t", 1)[1] for line in lines], ["the film is good", ""])
        for line in lines:
            pairs = [part.split() for part in line.split("\t")[0].split(", ")]
            self.assertEqual(sorted(name for name, _ in pairs), ["bad", "fair", "good"])
            shares = [float(share) for _, share in pairs]
            self.assertEqual(shares, sorted(shares, reverse=True))
            self.assertAlmostEqual(sum(shares), 1, delta=0.002)

    def test_pairs_and_scores(self) -> None:
        text = self.succeed("classify", "--model", self.model("bert_regression"), "--pairs",
                            lines="the film\tis good\n")
        self.assertRegex(text, r"^-?\d+\.\d{3}\tthe film\tis good\n$")

    def test_another_kind_of_model_is_refused(self) -> None:
        self.refuse(1, ["BertForMaskedLM"], "classify", "--model", self.model("bert_masked_lm"),
                    lines=TEXT)

    def test_a_text_over_the_positions_is_refused(self) -> None:
        self.refuse(1, ["line 1", "40"], "classify", "--model",
                    self.model("distilbert_sequence_classification"), lines="the " * 60 + "\n")


class Embedding(ProgramTest):
    def test_vectors_have_length_one(self) -> None:
        text = self.succeed("embed", "--model", self.model("bert_body"), lines=TEXT + "\na\n")
        vectors = [json.loads(line) for line in text.splitlines()]
        self.assertEqual([len(vector) for vector in vectors], [24, 24, 24])
        for vector in vectors:
            self.assertAlmostEqual(sum(x * x for x in vector), 1, delta=1e-5)

    def test_the_most_similar_line_comes_first(self) -> None:
        model = self.model("bert_body")
        lines = "is not bad\nthe film is good\nwoman plays guitar\n\n"
        text = self.succeed("similar", "--model", model, "--query", "The film is good",
                            "--top", 3, lines=lines)
        found = [line.split("\t") for line in text.splitlines()]
        self.assertEqual(len(found), 3)
        self.assertEqual(found[0], ["1.000", "the film is good"])
        cosines = [float(cosine) for cosine, _ in found]
        self.assertEqual(cosines, sorted(cosines, reverse=True))

    def test_cosines_are_those_of_the_vectors(self) -> None:
        model = self.model("distilbert_body")
        text = self.succeed("embed", "--model", model, lines="a film\nis good\n")
        a, b = (json.loads(line) for line in text.splitlines())
        expected = sum(x * y for x, y in zip(a, b))
        found = self.succeed("similar", "--model", model, "--query", "a film", lines="is good\n")
        self.assertAlmostEqual(float(found.split("\t")[0]), expected, delta=6e-4)

    def test_similar_needs_lines_and_a_query_that_fits(self) -> None:
        model = self.model("bert_body")
        self.refuse(1, ["no lines"], "similar", "--model", model, "--query", "a")
        self.refuse(1, ["--query", "40"], "similar", "--model", model, "--query", "a " * 50,
                    lines=TEXT)
        self.refuse(2, ["--query"], "similar", "--model", model, lines=TEXT)


class FillingMasks(ProgramTest):
    def test_every_mask_gets_its_likeliest_tokens(self) -> None:
        text = self.succeed("fill-mask", "--model", self.model("distilbert_masked_lm"),
                            "--top", 3, lines="the [MASK] is [MASK]\n")
        lines = text.splitlines()
        self.assertEqual(lines[0], "the [MASK] is [MASK]")
        self.assertEqual(len(lines), 3)
        for line in lines[1:]:
            pairs = [part.split() for part in line.strip().split(", ")]
            self.assertEqual(len(pairs), 3)
            shares = [float(pair[-1]) for pair in pairs]
            self.assertEqual(shares, sorted(shares, reverse=True))

    def test_all_shares_together_are_one(self) -> None:
        text = self.succeed("fill-mask", "--model", self.model("bert_masked_lm"), "--top", 1000,
                            lines="[MASK]\n")
        shares = [float(share) for share in re.findall(r" (\d\.\d{3})(?:, |\n)", text)]
        self.assertEqual(len(shares), len(vocabulary()))
        self.assertAlmostEqual(sum(shares), 1, delta=0.001 * len(shares))

    def test_a_line_without_a_mask_is_an_error(self) -> None:
        model = self.model("bert_masked_lm")
        self.refuse(1, ["line 1", "[MASK]"], "fill-mask", "--model", model, lines=TEXT)

    def test_it_needs_the_head_and_the_token(self) -> None:
        self.refuse(1, ["bert_body"], "fill-mask", "--model", self.model("bert_body"),
                    lines="[MASK]\n")
        model = self.model("bert_masked_lm")
        tokens = (model / "vocab.txt").read_text().replace("[MASK]", "unmasked")
        (model / "vocab.txt").write_text(tokens)
        self.refuse(1, ["vocab.txt", "[MASK]"], "fill-mask", "--model", model, lines="[MASK]\n")
