"""Chapter 10's tables and curves, from results that are complete and from some that aren't."""

import json
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "book"))

import glue_blocks


class Results(unittest.TestCase):
    """A file of results, and what a table made of it says."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "glue.json"

    def write(self, values: dict) -> Path:
        self.file.write_text(json.dumps({
            "name": "glue", "what": "a <run>", "command": "./dev run", "machine": "two cores",
            "date": "2026-11-27", "values": values}), encoding="utf-8")
        return self.file

    def rows(self, table: str, number: int = 0) -> list[list[str]]:
        """The cells of a table's rows, the head's first."""
        found = xml.fromstring(table).findall("table")[number]
        return [["".join(cell.itertext()) for cell in row] for row in found.iter("tr")]


class Common(Results):
    def caption(self, table: str) -> str:
        return "".join(xml.fromstring(table).find("figcaption").itertext())

    def test_captions_say_what_was_measured_how_where_and_when(self) -> None:
        for block in (glue_blocks.glue, glue_blocks.ablation, glue_blocks.small_glue):
            self.assertEqual(self.caption(block(self.write({}))),
                             "A <run>. Measured by ./dev run on two cores, 2026-11-27.")

    def test_where_runs_say_when_and_where_they_were_made_captions_do(self) -> None:
        row = {"metrics": {}, "machines": ["four cores"], "dates": ["2026-11-28"]}
        other = {"metrics": {}, "machines": ["four cores"], "dates": ["2026-11-29", "2026-12-01"]}
        self.assertIn("on four cores, 2026-11-28 to 2026-12-01.", self.caption(
            glue_blocks.glue(self.write({"rte": row, "cola": other}))))

    def test_p_tells_on_which_side_of_a_hundredth_it_is(self) -> None:
        for p, printed in ((None, "–"), (0.2189, "0.219"), (0.0102, "0.0102"),
                           (0.0098, "0.0098"), (0.00005, "< 0.0001")):
            with self.subTest(p=p):
                self.assertEqual(glue_blocks.p_value(p), printed)


class Glue(Results):
    ROW = {"ours": [0.5, 0.6], "ours_mean": 0.55, "ours_sd": 0.07, "torch": [0.6, 0.6],
           "torch_mean": 0.6, "torch_sd": 0.0, "welch_p": 0.0098, "reproduced": False}

    def test_both_sides_stand_beside_what_they_were_made_under(self) -> None:
        row = {**self.ROW, "difference_interval_points": [-7.3, 2.0]}
        values = {"wnli": {"train_rows": 23496, "epochs": 3, "majority": {"accuracy": 0.5634},
                           "metrics": {"accuracy": row}}}
        self.assertEqual(self.rows(glue_blocks.glue(self.write(values))), [
            ["task", "metric", "rows", "epochs", "seeds", "majority", "ours", "PyTorch",
             "points", "p", "alike"],
            ["WNLI", "accuracy", "23,496", "3", "2", "56.3", "55.0 ± 7.0", "60.0 ± 0.0",
             "−5.0 (−7.3 … +2.0)", "0.0098", "no"]])

    def test_what_isn_t_known_yet_is_a_dash(self) -> None:
        row = {**self.ROW, "torch": [0.6], "torch_sd": None, "welch_p": None, "reproduced": None}
        values = {"stsb": {"majority": {"pearson": None}, "metrics": {"pearson": row}},
                  "cola": {"train_rows": None, "epochs": 3,
                           "metrics": {"matthews_correlation": row}}}
        self.assertEqual(self.rows(glue_blocks.glue(self.write(values)))[1:], [
            ["CoLA", "Matthews", "–", "3", "2, 1", "–", "55.0 ± 7.0", "60.0", "−5.0", "–", "–"],
            ["STS-B", "Pearson", "–", "–", "2, 1", "–", "55.0 ± 7.0", "60.0", "−5.0", "–", "–"]])


class Ablation(Results):
    NAMES = ("teacher", "hard", "soft", "soft_hard", "soft_hard_cosine", "soft_hard_random")
    ROW = {**{name: {"mean": 0.5 + i / 100, "sd": 0.01} for i, name in enumerate(NAMES)},
           "contrasts": dict.fromkeys(glue_blocks.CONTRASTS,
                                      {"mean": -1.24, "sd": 0.5, "p": 0.0312})}

    def test_the_variants_stand_beside_the_teacher(self) -> None:
        table = glue_blocks.ablation(self.write({
            "stsb": {"pearson": self.ROW, "machines": ["the machine"], "dates": ["2026-01-02"]}}))
        self.assertIn("on the machine, 2026-01-02", table)
        head, row = self.rows(table)
        self.assertEqual(head[-1], "both, random weights")
        self.assertEqual(row[:3], ["STS-B", "Pearson", "50.0 ± 1.0"])
        self.assertEqual(len(row), len(head))

    def test_what_each_part_brings_is_a_table_of_its_own(self) -> None:
        parts = {**self.ROW["contrasts"], "cosine": {"mean": 2.0, "sd": None, "p": None}}
        table = glue_blocks.ablation(self.write({
            "rte": {"accuracy": self.ROW}, "mrpc": {"f1": {**self.ROW, "contrasts": parts}}}))
        head, mrpc, rte = self.rows(table, 1)
        self.assertEqual((head[2], head[5]), ("soft labels alone less labels alone",
                                              "both and cosine less both"))
        self.assertEqual((mrpc[:3], mrpc[5]), (["MRPC", "F1", "−1.2 ± 0.5, p 0.031"], "+2.0"))
        self.assertEqual((len(mrpc), rte[:2]), (len(head), ["RTE", "accuracy"]))


class SmallGlue(Results):
    def test_the_student_stands_beside_its_teacher_and_the_majority(self) -> None:
        row = {"majority": 0.684, "model": {"mean": 0.8, "deviation": 0.01, "seeds": [0.79, 0.81]},
               "teacher": {"mean": 0.85, "deviation": 0.02, "seeds": [0.83, 0.87]},
               "retained": 0.941, "p": 0.1}
        blind = {**row, "majority": None}
        constant = {"majority": None, "model": {"mean": None, "deviation": None},
                    "teacher": {"mean": 0.85, "deviation": None}}
        values = {"seconds": 5000, "stsb": {"pearson": blind, "spearmanr": constant},
                  "mrpc": {"accuracy": row}, "average": {"mean_of_the_tasks": blind}}
        cells = ["85.0 ± 2.0", "80.0 ± 1.0", "94.1", "0.100"]
        self.assertEqual(self.rows(glue_blocks.small_glue(self.write(values))), [
            ["task", "metric", "majority", "teacher", "student", "retained", "p"],
            ["MRPC", "accuracy", "68.4", *cells],
            ["STS-B", "Pearson", "–", *cells],
            ["STS-B", "Spearman", "–", "85.0", "–", "–", "–"],
            ["average", "mean of the tasks", "–", *cells]])


class LearningCurves(Results):
    CURVE = {"steps": 60, "losses": [0.7, 0.65, 0.6], "epochs": {"accuracy": [0.55, 0.58]}}

    def drawn(self, ours: dict) -> xml.Element:
        self.write({"rte": {"curves": {"ours": ours, "torch": self.CURVE}}})
        return xml.fromstring(glue_blocks.learning_curves("rte", self.file.parent).svg)

    def test_the_axis_is_tight_around_the_scores(self) -> None:
        labels = [text.text for text in self.drawn(self.CURVE).findall("text")]
        for label in ("accuracy on dev, per cent", "55", "58", "epoch 1", "epoch 2", "60 steps"):
            self.assertIn(label, labels)
        self.assertNotIn("100", labels)

    def test_ticks_are_round_and_around_all_values(self) -> None:
        for low, high, ticks in ((55, 60.1, [54, 56, 58, 60, 62]), (0, 0.69, [0, .2, .4, .6, .8]),
                                 (-2, 51, [-20, 0, 20, 40, 60]), (50, 50, [50, 50.5])):
            with self.subTest(low=low, high=high):
                self.assertEqual([round(tick, 9) for tick in glue_blocks.axis(low, high)], ticks)

    def test_the_mean_lies_over_the_seeds(self) -> None:
        ours = {**self.CURVE, "epoch_seeds": {"accuracy": [[0.50, 0.57], [0.60, 0.59]]}}
        plain, drawn = self.drawn(self.CURVE), self.drawn(ours)
        faint = [i for i, one in enumerate(drawn) if one.get("class") == "f1 soft"]
        self.assertEqual(len(faint), 4)
        self.assertEqual(len(drawn.findall("circle")), len(plain.findall("circle")) + 4)
        means = [i for i, one in enumerate(drawn)
                 if one.get("class") == "f1" and one.get("r") == "4"]
        self.assertLess(max(faint), min(means))
        # The first epoch's mean is halfway between its seeds.
        ys = [float(drawn[i].get("cy")) for i in (faint[0], faint[2], means[0])]
        self.assertAlmostEqual((ys[0] + ys[1]) / 2, ys[2], places=2)

    def test_everything_is_inside_the_drawing(self) -> None:
        ours = {**self.CURVE, "epoch_seeds": {"accuracy": [[0.1, 0.2], [1.0, 0.96]]}}
        drawn = self.drawn(ours)
        _, _, width, height = [float(number) for number in drawn.get("viewBox").split()]
        for circle in drawn.findall("circle"):
            self.assertTrue(0 < float(circle.get("cx")) < width)
            self.assertTrue(0 < float(circle.get("cy")) < height)


if __name__ == "__main__":
    unittest.main()
