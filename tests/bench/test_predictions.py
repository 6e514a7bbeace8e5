"""What counts as the same prediction when checkpoints are exchanged."""

import math
import unittest

from predictions import Answers, compare, differing_margins, differing_rows, file_label

NAN = float("nan")


class SamePredictions(unittest.TestCase):
    def test_classes_are_compared_row_by_row(self) -> None:
        self.assertEqual(differing_rows(["0", "1", "1"], ["0", "1", "1"]), [])
        self.assertEqual(differing_rows(["0", "1", "1"], ["1", "1", "0"]), [0, 2])

    def test_scores_may_differ_by_float_noise_of_the_largest(self) -> None:
        # 1e-5 + 1e-5 * 4 is allowed.
        self.assertEqual(differing_rows([4.0, 1.00004, -1.0], [4.0, 1.0, -1.0]), [])
        self.assertEqual(differing_rows([4.0, 1.00006, -1.0], [4.0, 1.0, -1.0]), [1])
        self.assertEqual(differing_rows([4.0, 1.0, -1.00006], [4.0, 1.0, -1.0]), [2])

    def test_no_score_is_no_prediction(self) -> None:
        self.assertEqual(differing_rows([NAN, 1.0], [2.0, 1.0]), [0])
        self.assertEqual(differing_rows([2.0, 1.0], [2.0, NAN]), [1])

    def test_a_missing_row_is_an_error(self) -> None:
        with self.assertRaises(ValueError):
            differing_rows(["0", "1"], ["0"])

    def test_names_of_classes_are_those_of_the_file(self) -> None:
        self.assertEqual(file_label("cola", "unacceptable"), "0")
        self.assertEqual(file_label("mrpc", "EQUIVALENT"), "1")
        self.assertEqual(file_label("cola", "LABEL_1"), "1")
        self.assertEqual(file_label("mnli", "ENTAILMENT"), "entailment")


class Comparison(unittest.TestCase):
    def test_the_table_has_the_largest_difference_and_the_closest_tie(self) -> None:
        ours = Answers(["b", "a"], [[1.0, 3.0, 0.0], [2.0, 1.5, -8.5]])
        theirs = Answers(["b", "a"], [[1.0, 3.0, 0.0], [2.0, 1.75, -8.0]])
        self.assertEqual(compare(ours, theirs), {
            "rows": 2, "differing": 0, "largest_difference": 0.5, "largest_output": 8.0,
            "least_margin": 0.25, "rarest_class_share": 0.5})

    def test_a_row_that_differs_shows_both_margins(self) -> None:
        ours = Answers(["a", "a"], [[1.0, 0.5], [2.0, 1.0]])
        theirs = Answers(["b", "a"], [[1.0, 1.25], [2.0, 1.0]])
        self.assertEqual(differing_margins(ours, theirs), [(0, 0.5, 0.25)])
        values = compare(ours, theirs)
        self.assertEqual(values["differing"], 1)
        self.assertEqual(values["largest_margin_of_differing"], 0.5)

    def test_an_output_that_is_no_number_shows(self) -> None:
        good, bad = ([[1.0, 0.5], [2.0, 1.0]], [[1.0, 0.5], [2.0, float("nan")]])
        for ours, theirs in ((good, bad), (bad, good)):
            found = compare(Answers(["a", "a"], ours), Answers(["a", "a"], theirs))
            self.assertTrue(math.isnan(found["largest_difference"]))

    def test_a_constant_prediction_shows(self) -> None:
        same = Answers(["a", "a"], [[1.0, 0.5], [2.0, 1.0]])
        self.assertEqual(compare(same, same)["rarest_class_share"], 1.0)

    def test_scores_have_no_margins(self) -> None:
        values = compare(Answers([1.0, 2.0], [[1.0], [2.0]]), Answers([1.0, 2.5], [[1.0], [2.5]]))
        self.assertEqual(values, {"rows": 2, "differing": 1, "largest_difference": 0.5,
                                  "largest_output": 2.5})


if __name__ == "__main__":
    unittest.main()
