"""distilbert forward: every tensor with its shape, and the reference's values."""

import json
import math
import os
import unittest
from pathlib import Path

from support import MODELS, ROOT, ProgramTest, Tensor, read_safetensors

LINES = "the film is good\n\nthis story was not funny , but dull !\n"
MINILM = Path(os.environ.get("DISTILBERT_MINILM", ROOT / "downloads" / "minilm-l6-v2"))
GOLDEN_TEXTS = ROOT / "tests" / "golden" / "minilm"


def close(found: list[float], expected: list[float], scale: float) -> bool:
    """The rule of the goldens: |a-b| <= 1e-5 + 1e-5 max|b|."""
    bound = 1e-5 + 1e-5 * scale
    return len(found) == len(expected) and all(
        abs(a - b) <= bound for a, b in zip(found, expected))


def largest(tensor: Tensor) -> float:
    return max(map(abs, tensor.values()))


class ForwardTest(ProgramTest):
    def forward(self, model: Path, lines: str = LINES, *options: object) -> dict[str, Tensor]:
        output = self.folder / "output.safetensors"
        text = self.succeed("forward", "--model", model, "--output", output, *options,
                            lines=lines)
        self.assertEqual(text, "")
        return read_safetensors(output)[0]


class Shapes(ForwardTest):
    def test_every_head_of_both_families_has_its_tensors(self) -> None:
        for family in ("bert", "distilbert"):
            for head in ("body", "masked_lm", "sequence_classification", "regression",
                         "token_classification", "question_answering"):
                with self.subTest(family=family, head=head):
                    self.check_tensors(family, head)

    def check_tensors(self, family: str, head: str) -> None:
        found = self.forward(self.model(f"{family}_{head}"))
        texts, tokens = 3, found["input_ids"].shape[0]
        shapes = {"sequence_offsets": [texts + 1], "input_ids": [tokens]}
        shapes |= {f"hidden_states.{i}": [tokens, 24] for i in range(4)}
        logits = {"masked_lm": [tokens, 61], "sequence_classification": [texts, 3],
                  "regression": [texts, 1], "token_classification": [tokens, 5],
                  "question_answering": [tokens, 2]}
        if head in logits:
            shapes["logits"] = logits[head]
        if family == "bert" and head in ("body", "sequence_classification", "regression"):
            shapes["pooler_output"] = [texts, 24]
        self.assertEqual({name: tensor.shape for name, tensor in found.items()}, shapes)
        for name, tensor in found.items():
            integers = name in ("sequence_offsets", "input_ids")
            self.assertEqual(tensor.dtype, "I64" if integers else "F32")

    def test_ids_and_offsets_are_those_of_tokenize(self) -> None:
        model = self.model("bert_body")
        found = self.forward(model)
        text = self.succeed("tokenize", "--model", model, lines=LINES)
        ids = [json.loads(line)["ids"] for line in text.splitlines()]
        self.assertEqual(found["input_ids"].values(), sum(ids, []))
        offsets = [0, *(sum(map(len, ids[:i + 1])) for i in range(len(ids)))]
        self.assertEqual(found["sequence_offsets"].values(), offsets)


class Values(ForwardTest):
    def test_values_equal_the_reference(self) -> None:
        for golden in ("bert_sequence_classification", "bert_masked_lm", "bert_body",
                       "distilbert_regression", "distilbert_token_classification",
                       "distilbert_question_answering"):
            with self.subTest(golden=golden):
                self.compare_with_golden(golden)

    def compare_with_golden(self, golden: str) -> None:
        expected, _ = read_safetensors(MODELS / golden / "expected.safetensors")
        model = self.model(golden)
        offsets = [int(offset) for offset in expected["sequence_offsets"].values()]
        types = expected["type_ids"].values()
        compared = 0
        for number, (begin, end) in enumerate(zip(offsets, offsets[1:])):
            ids = [int(i) for i in expected["input_ids"].values()[begin:end]]
            if any(types[begin:end]) or len(ids) < 2 or ids[0] == ids[-1]:
                continue
            found = self.forward(model, self.text_that_gives(ids, model))
            self.assertEqual(found["input_ids"].values(), ids)
            for name in set(found) - {"input_ids", "sequence_offsets"}:
                rows = expected[name].rows()
                per_text = len(rows) == len(offsets) - 1
                wanted = [rows[number]] if per_text else rows[begin:end]
                self.assertTrue(close(found[name].values(), sum(wanted, []),
                                      largest(expected[name])), name)
            compared += 1
        self.assertGreaterEqual(compared, 2)

    def text_that_gives(self, ids: list[int], model: Path) -> str:
        """Writes a vocabulary in which the first and last of some random ids are [CLS] and
        [SEP], and returns the text that has the others."""
        tokens = [f"w{i}" for i in range(61)]
        free = [i for i in range(61) if i not in ids]
        for i, token in ((ids[0], "[CLS]"), (ids[-1], "[SEP]"), (free[0], "[PAD]"),
                         (free[1], "[UNK]")):
            tokens[i] = token
        (model / "vocab.txt").write_text("".join(f"{token}\n" for token in tokens))
        return " ".join(tokens[i] for i in ids[1:-1]) + "\n"

    def test_a_text_gives_the_same_alone_and_among_others(self) -> None:
        model = self.model("bert_sequence_classification")
        lines = [" ".join(["the film is not good".split()[i % 5]] * (i % 7)) for i in range(40)]
        together = self.forward(model, "".join(f"{line}\n" for line in lines))
        self.assertEqual(together["logits"].shape, [40, 3])
        for i in (0, 6, 31, 32, 39):
            alone = self.forward(model, lines[i] + "\n")
            self.assertTrue(close(together["logits"].rows()[i], alone["logits"].values(), 1))

    def test_pairs_have_two_segments(self) -> None:
        model = self.model("bert_body")
        one = self.forward(model, "the film [SEP] is good\n")
        two = self.forward(model, "the film\tis good\n", "--pairs")
        self.assertEqual(one["input_ids"].values(), two["input_ids"].values())
        a, b = (t["hidden_states.0"].rows() for t in (one, two))
        self.assertEqual(a[:4], b[:4])
        self.assertTrue(all(not close(x, y, 1) for x, y in zip(a[4:], b[4:])))


class Limits(ForwardTest):
    def test_a_text_over_the_positions_is_refused_unless_cut(self) -> None:
        model = self.model("distilbert_body")  # 40 positions
        output = self.folder / "output.safetensors"
        self.refuse(1, ["line 2", "41", "40"], "forward", "--model", model, "--output", output,
                    lines="the\n" + "the " * 39 + "\n")
        self.assertFalse(output.exists())
        self.forward(model, "the " * 38 + "\n")
        found = self.forward(model, "the " * 5000 + "\n", "--max-length", 40)
        self.assertEqual(found["input_ids"].shape, [40])
        self.refuse(1, ["line 1"], "forward", "--model", model, "--output", output,
                    "--max-length", 41, lines="the " * 50 + "\n")

    def test_bad_lines_leave_no_output(self) -> None:
        model = self.model("bert_body")
        output = self.folder / "output.safetensors"
        self.refuse(1, ["line 2"], "forward", "--model", model, "--output", output,
                    lines=b"the\n\xff\n")
        self.refuse(1, ["line 1", "TAB"], "forward", "--model", model, "--output", output,
                    "--pairs", lines="the\n")
        self.refuse(1, ["no lines"], "forward", "--model", model, "--output", output)
        self.assertFalse(output.exists())

    def test_an_output_that_cannot_be_written_is_named(self) -> None:
        model = self.model("bert_body")
        (self.folder / "file").write_text("in the way")
        for output in (self.folder, self.folder / "missing" / "f", self.folder / "file" / "f",
                       "/proc/f.safetensors"):
            with self.subTest(output=output):
                self.refuse(1, [str(output)], "forward", "--model", model, "--output", output,
                            lines=LINES)
        self.assertEqual((self.folder / "file").read_text(), "in the way")

    def test_a_device_is_not_replaced_by_a_file(self) -> None:
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        link = self.folder / "link"
        link.symlink_to(pipe)
        for output in (pipe, link):
            self.refuse(1, [str(output), "device"], "forward", "--model", "nowhere",
                        "--output", output, lines=LINES)
        self.assertTrue(pipe.is_fifo() and link.is_symlink())


@unittest.skipUnless((MINILM / "model.safetensors").is_file(),
                     f"the MiniLM checkpoint isn't there: {MINILM}")
class MiniLm(ForwardTest):
    def test_real_weights_give_the_references_values(self) -> None:
        for part, options in (("texts", []), ("pairs", ["--pairs"])):
            with self.subTest(part=part):
                self.compare(part, options)

    def compare(self, part: str, options: list[str]) -> None:
        expected, _ = read_safetensors(GOLDEN_TEXTS / f"{part}.safetensors")
        lines = (GOLDEN_TEXTS / f"{part}.txt").read_text()
        found = self.forward(MINILM, lines, *options)
        for name in ("input_ids", "sequence_offsets"):
            self.assertEqual(found[name].values(), expected[name].values())
        self.assertTrue(close(found["pooler_output"].values(),
                              expected["pooler_output"].values(), 1))
        for i in range(7):
            self.compare_layer(found[f"hidden_states.{i}"], expected, f"hidden_states.{i}",
                               [int(o) for o in found["sequence_offsets"].values()])

    def compare_layer(self, found: Tensor, expected: dict[str, Tensor], name: str,
                      offsets: list[int]) -> None:
        rows, scale = found.rows(), largest(found)
        ends = [row for b, e in zip(offsets, offsets[1:]) for row in (rows[b], rows[e - 1])]
        self.assertTrue(close([x for row in ends for x in row[::16]],
                              expected[f"{name}.rows"].values(), scale), name)
        norms = [math.sqrt(sum(x * x for x in row)) for row in rows]
        self.assertTrue(close(norms, expected[f"{name}.norms"].values(), 19 * scale), name)
        rules = [[math.sin(c + j + j * j / 7) for j in range(384)] for c in range(3)]
        projections = [sum(x * r for x, r in zip(row, rule)) for row in rows for rule in rules]
        self.assertTrue(close(projections, expected[f"{name}.projections"].values(),
                              19 * scale), name)
