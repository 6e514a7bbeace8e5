"""The book's build stops at what it must stop at, and the real book builds."""

import importlib.util
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "src/ch02_tokenizer/wordpiece.cpp"
NEEDED = ("mkdocs", "material", "pymdownx")
MISSING = [name for name in NEEDED if importlib.util.find_spec(name) is None]


@unittest.skipIf(MISSING, f"the book's packages are not installed: {', '.join(MISSING)}")
class Build(unittest.TestCase):
    def build(self, page: str) -> subprocess.CompletedProcess[str]:
        """Builds a site of one page with the book's settings."""
        with tempfile.TemporaryDirectory() as folder:
            docs = Path(folder) / "docs"
            docs.mkdir()
            (docs / "index.md").write_text(page, encoding="utf-8")
            config = Path(folder) / "mkdocs.yml"
            config.write_text(f"INHERIT: {ROOT}/mkdocs.yml\ndocs_dir: docs\nsite_dir: site\n"
                              "nav:\n  - index.md\n", encoding="utf-8")
            command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file",
                       str(config)]
            environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts" / "book")}
            return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True,
                                  text=True, check=False)

    def test_a_page_with_a_region_builds(self) -> None:
        result = self.build(f'# A page\n\n```cpp\n--8<-- "{SOURCE}:wordpiece"\n```\n')
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_what_is_missing_stops_the_build(self) -> None:
        for text, complaint in (
            (f'```cpp\n--8<-- "{SOURCE}:no_such_region"\n```', "no_such_region"),
            ('```cpp\n--8<-- "src/no_such_file.cpp:region"\n```', "no_such_file"),
            ("It takes {{no_such_run.time:ms}}.", "no_such_run"),
            ("{{drawing: no_such_drawing}}", "no_such_drawing"),
            ("[a link](no_such_page.md)", "no_such_page"),
            ("[a link](#no-such-heading)", "no-such-heading"),
        ):
            with self.subTest(text):
                result = self.build(f"# A page\n\n{text}\n")
                self.assertNotEqual(result.returncode, 0)
                self.assertIn(complaint, result.stderr + result.stdout)

    def test_the_book_builds_and_passes_its_checkers(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            result = subprocess.run(["bash", "scripts/build_book.sh", f"{folder}/site"], cwd=ROOT,
                                    env={**os.environ, "BOOK_PYTHON": sys.executable},
                                    capture_output=True, text=True, check=False)
            self.assertEqual(result.returncode, 0, result.stderr)
            pages = {path.name for path in Path(folder, "site").glob("*.html")}
            sources = {path.stem + ".html" for path in (ROOT / "book").glob("*.md")}
            self.assertLessEqual(sources, pages)
            text = "".join(path.read_text(encoding="utf-8")
                           for path in Path(folder, "site").glob("*.html"))
            self.assertNotIn("--8&lt;--", text, "a region's marker shows in a listing")


if __name__ == "__main__":
    unittest.main()
