"""Notebooks are committed as they are written, without what a run left in them."""

import json
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Notebooks(unittest.TestCase):
    def test_no_outputs_are_committed(self) -> None:
        paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
        self.assertGreater(len(paths), 0)
        for path in paths:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            for cell in cells:
                if cell["cell_type"] == "code":
                    with self.subTest(f"{path.name}: {cell['id']}"):
                        self.assertEqual(cell["outputs"], [])
                        self.assertIsNone(cell["execution_count"])

    def test_a_notebook_belongs_to_a_chapter(self) -> None:
        for path in (ROOT / "notebooks").glob("*.ipynb"):
            self.assertTrue((ROOT / "book" / f"{path.stem}.md").exists(), path.name)


if __name__ == "__main__":
    unittest.main()
