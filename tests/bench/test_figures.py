"""The arithmetic of the bench: medians, ratios of pairs, goals."""

import unittest

import figures


class Ratios(unittest.TestCase):
    def test_each_round_of_ours_is_paired_with_the_peers_same_round(self) -> None:
        found = figures.ratios([1.0, 2.0, 4.0], [3.0, 4.0, 4.0])
        self.assertEqual(found, {"ratio": 2.0, "ratio_min": 1.0, "ratio_max": 3.0})

    def test_sides_with_different_numbers_of_rounds_are_refused(self) -> None:
        with self.assertRaises(ValueError):
            figures.ratios([1.0, 2.0], [1.0])


class Percentile(unittest.TestCase):
    def test_ninety_per_cent_of_ten_values_don_t_exceed_the_ninth(self) -> None:
        self.assertEqual(figures.percentile([10, 3, 1, 2, 9, 8, 7, 4, 5, 6], 0.9), 9)

    def test_of_a_single_value_it_is_that_value(self) -> None:
        self.assertEqual(figures.percentile([5.0], 0.9), 5.0)


class Comparison(unittest.TestCase):
    TIMES = {"ours": [1.0, 1.0, 2.0], "slow": [9.0, 9.0, 9.0], "fast": [1.5, 2.0, 2.0]}

    def test_the_best_peer_is_the_one_with_the_smallest_ratio(self) -> None:
        row = figures.compare(self.TIMES, items=32)
        self.assertEqual(row["best_peer"], "fast")
        self.assertEqual((row["ratio_min"], row["ratio"], row["ratio_max"]), (1.0, 1.5, 2.0))
        self.assertEqual(row["peers"]["slow"]["ratio"], 9.0)

    def test_speeds_come_from_the_medians(self) -> None:
        row = figures.compare(self.TIMES, items=32)
        self.assertEqual((row["ours_s"], row["ours_per_second"]), (1.0, 32.0))
        self.assertEqual((row["fast_s"], row["fast_per_second"]), (2.0, 16.0))

    def test_a_goal_is_met_when_the_ratio_reaches_it(self) -> None:
        self.assertIs(figures.judge({"ratio": 1.5}, 1.5)["met"], True)
        self.assertIs(figures.judge({"ratio": 1.4999}, 1.5)["met"], False)

    def test_a_row_without_a_goal_is_neither_met_nor_missed(self) -> None:
        self.assertEqual(figures.judge({"ratio": 1.0}, None), {"ratio": 1.0})


if __name__ == "__main__":
    unittest.main()
