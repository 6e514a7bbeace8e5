"""The plots of the bench, drawn from a small run."""

import json
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts" / "book"))

import bench_drawings


class Drawings(unittest.TestCase):
    ROWS = {"a": {"title": "forward <1>", "ratio": 3.0, "goal": 1.5, "met": True},
            "b": {"title": "start", "ratio": 0.5, "goal": 1.0, "met": False},
            "c": {"title": "no goal", "ratio": 1.0}}
    POINTS = {f"length_{length}": {"ours_s": 1e-5, "torch_s": 1e-5 * length / 4, "ratio": 1.0}
              for length in (8, 64, 512)}

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name, values in (("bench", self.ROWS), ("bench_curves", {"minilm": self.POINTS})):
            (self.folder / f"{name}.json").write_text(json.dumps({"values": values}))

    def test_ratios_have_a_bar_for_each_row_with_a_goal(self) -> None:
        drawn = xml.fromstring(bench_drawings.bench_ratios(self.folder).svg)
        bars = drawn.findall("rect")
        self.assertEqual([bar.get("class") for bar in bars], ["f1 soft", "f2 soft"])
        met, missed = (float(bar.get("x")) for bar in bars)
        line = float(drawn.find("line").get("x1"))
        self.assertAlmostEqual(met, line, places=2)  # it grows to the right of the goal
        self.assertLess(missed, line)
        self.assertIn("forward <1>", [text.text for text in drawn.findall("text")])

    def test_a_curve_rises_where_the_time_does(self) -> None:
        drawn = xml.fromstring(bench_drawings.bench_curve("minilm", "length", self.folder).svg)
        flat, rising = ([float(point.split(",")[1]) for point in line.get("points").split()]
                        for line in drawn.findall("polyline"))
        self.assertEqual(len(set(flat)), 1)
        self.assertEqual(rising, sorted(rising, reverse=True))  # up is a smaller y
        box = [float(number) for number in drawn.get("viewBox").split()]
        self.assertTrue(all(0 < y < box[3] for y in flat + rising))

    def test_a_curve_that_wasn_t_measured_is_an_error(self) -> None:
        with self.assertRaises(ValueError):
            bench_drawings.bench_curve("minilm", "batch", self.folder)

    def test_the_roof_rises_with_the_tokens_and_then_is_flat(self) -> None:
        values = {"peak_flops": 400e9, "read_bytes_per_second": 100e9,
                  **{f"tokens_{tokens}": {"packed_flops": 30e9 * tokens,
                                          "openblas_flops": 20e9 * tokens}
                     for tokens in (1, 2, 4, 8, 16)}}
        (self.folder / "roofline.json").write_text(json.dumps({"values": values}))
        drawn = xml.fromstring(bench_drawings.roofline(self.folder).svg)
        (x1, y1), (x2, y2), (x3, y3) = [
            [float(number) for number in point.split(",")]
            for point in drawn.find("polyline").get("points").split()]
        self.assertGreater(y1, y2)  # up is a smaller y
        self.assertEqual(y2, y3)
        # The corner is at 2 · 400 / 100 = 8 tokens, three quarters of the axis.
        self.assertAlmostEqual((x2 - x1) / (x3 - x1), 0.75, places=2)
        self.assertEqual(len(drawn.findall("circle")), 2 * 5 + 2)

    def test_ticks_are_one_two_and_five_times_powers_of_ten(self) -> None:
        self.assertEqual([round(1e6 * tick, 6) for tick in bench_drawings.ticks(1.5e-6, 3e-5)],
                         [2, 5, 10, 20])


if __name__ == "__main__":
    unittest.main()
