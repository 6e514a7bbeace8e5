"""The outputs printed in the book are what the program prints today."""

import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "book"))

import outputs


class Layout(unittest.TestCase):
    def test_json_is_broken_between_fields_and_loses_nothing(self) -> None:
        line = '{"ids": [' + ", ".join(["101"] * 40) + '], "tokens": ["a, b", "é"]}'
        parts = outputs.layout(line + "\n").rstrip("\n").split("\n")
        self.assertGreater(len(parts), 2)
        self.assertTrue(all(len(part) <= outputs.COLUMNS for part in parts))
        self.assertEqual("".join(part.strip() for part in parts),
                         line.replace(": ", ":").replace(", ", ",").replace("a,b", "a, b"))

    def test_other_lines_are_broken_between_words(self) -> None:
        line = "distilbert: " + "a message  with two spaces " * 5
        parts = outputs.layout(line + "\n  short   lines stay\n").rstrip("\n").split("\n")
        self.assertEqual(parts.pop(), "  short   lines stay")
        self.assertTrue(all(len(part) <= outputs.COLUMNS for part in parts))
        self.assertEqual(" ".join(part.strip() for part in parts).split(), line.split())

    def test_short_json_stays_on_its_line(self) -> None:
        self.assertEqual(outputs.layout('{"ids": [1]}\n'), '{"ids":[1]}\n')


class Outputs(unittest.TestCase):
    def test_every_output_is_what_the_program_prints(self) -> None:
        if not outputs.program().exists():
            self.skipTest(f"no program at {outputs.program()}")
        files = sorted(outputs.FOLDER.glob("*.txt"))
        self.assertGreater(len(files), 0)
        for path in files:
            with self.subTest(path.name):
                self.assertEqual(outputs.difference(path), "")

    def test_every_output_is_shown_in_the_book(self) -> None:
        pages = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "book").glob("*.md"))
        for path in sorted(outputs.FOLDER.glob("*.txt")):
            self.assertIn(f"book/outputs/{path.name}", pages)


if __name__ == "__main__":
    unittest.main()
