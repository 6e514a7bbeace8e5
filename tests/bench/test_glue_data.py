"""GLUE's folder with parts of QNLI and QQP, and what there is of each task."""

import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import glue_data


def rows(*labels: str, header: str = "sentence\tlabel") -> str:
    return "".join(f"{line}\n" for line in [header, *(f"a text\t{label}" for label in labels)])


class GlueData(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name).resolve()
        self.glue = self.folder / "glue"
        patch = mock.patch.object(glue_data, "FOLDER", self.folder / "linked")
        patch.start()
        self.addCleanup(patch.stop)

    def write(self, name: str, text: str, glue: str = "glue") -> None:
        path = self.folder / glue / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def test_a_folder_without_subsets_is_used_itself(self) -> None:
        self.write("RTE/train.tsv", rows("entailment"))
        self.assertEqual(glue_data.glue_with_subsets(self.glue), self.glue)
        self.write("QQP/train.tsv", rows("0"))
        self.write("QQP/train.subset-23496.tsv", rows("1"))
        self.assertEqual(glue_data.glue_with_subsets(self.glue), self.glue)

    def test_every_tenth_row_of_qqp_is_dev(self) -> None:
        self.write("QQP/train.subset-23496.tsv", rows(*map(str, range(25))))
        linked = glue_data.glue_with_subsets(self.glue)
        train, dev = ((linked / "QQP" / f"{split}.tsv").read_text() for split in ("train", "dev"))
        self.assertEqual(dev, rows("9", "19"))
        self.assertEqual(train, rows(*(str(i) for i in range(25) if i not in (9, 19))))

    def test_qnli_has_a_dev_file_and_may_come_whole_later(self) -> None:
        self.write("QNLI/train.subset-10475.tsv", rows("entailment"))
        self.write("QNLI/dev.tsv", rows("not_entailment"))
        self.write("QQP/train.subset-23496.tsv", rows("0"))
        linked = glue_data.glue_with_subsets(self.glue)
        self.assertEqual((linked / "QNLI" / "train.tsv").read_text(), rows("entailment"))
        self.assertEqual((linked / "QNLI" / "dev.tsv").read_text(), rows("not_entailment"))
        self.write("QNLI/train.tsv", rows("entailment", "entailment"))
        linked = glue_data.glue_with_subsets(self.glue)
        self.assertEqual((linked / "QNLI").readlink(), self.glue / "QNLI")

    def test_links_are_those_of_the_folder_that_is_given(self) -> None:
        for glue in ("glue", "other"):
            self.write("QQP/train.subset-23496.tsv", rows("0"), glue)
            self.write("RTE/train.tsv", rows("entailment"), glue)
        self.write("WNLI/train.tsv", rows("0"))
        glue_data.glue_with_subsets(self.glue)
        linked = glue_data.glue_with_subsets(self.folder / "other")
        self.assertEqual({path.name for path in linked.iterdir()}, {"QQP", "RTE"})
        self.assertEqual((linked / "RTE").readlink(), self.folder / "other" / "RTE")

    def test_the_majority_is_train_s_and_is_counted_on_dev(self) -> None:
        header = "\ufeffQuality\t#1 ID"
        self.write("MRPC/train.tsv", header + "\n1\tb\n1\tb\n0\tb\n")
        self.write("MRPC/dev.tsv", header + "\n0\tb\n1\tb\n0\tb\n0\tb\n")
        self.assertEqual(glue_data.facts("mrpc", self.glue), {
            "train_rows": 3, "dev_rows": 4,
            "majority": {"accuracy": 0.25, "f1": 0.4, "matthews_correlation": 0.0}})

    def test_cola_has_no_header_and_stsb_no_majority(self) -> None:
        for split in ("train", "dev"):
            self.write(f"CoLA/{split}.tsv", "gj04\t1\t\t\"A text.\n" * 3)
            self.write(f"STS-B/{split}.tsv", rows("5.000", "0.000"))
        self.assertEqual(glue_data.facts("cola", self.glue)["train_rows"], 3)
        self.assertEqual(glue_data.facts("cola", self.glue)["majority"]["accuracy"], 1.0)
        self.assertEqual(glue_data.facts("stsb", self.glue), {
            "train_rows": 2, "dev_rows": 2, "majority": {}})

    def test_a_task_that_can_t_be_run_is_skipped_with_a_line(self) -> None:
        for name in ("SST-2", "RTE"):
            for split in ("train", "dev"):
                self.write(f"{name}/{split}.tsv", rows("0", "1"))
        self.write("kept/sst2.json", json.dumps({"train_rows": 67349}))
        with contextlib.redirect_stdout(io.StringIO()) as said:
            found = glue_data.usable(["wnli", "sst2", "rte"], self.glue,
                                     lambda task: self.glue.glob(f"kept/{task}.json"))
        self.assertEqual(found, ["rte"])
        missing, other = said.getvalue().splitlines()
        self.assertIn("wnli: skipped, no train.tsv", missing)
        self.assertIn("sst2: skipped, its kept runs didn't learn from the 2 rows", other)


if __name__ == "__main__":
    unittest.main()
