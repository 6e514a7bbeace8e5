"""The book's checkers refuse what they are there to refuse, and nothing else."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "book"))

import check_figures
import check_links
import check_listings


def article(text: str) -> str:
    return f"<html><body><nav>12 ms</nav><article>{text}</article></body></html>"


class Figures(unittest.TestCase):
    def test_a_measured_unit_without_a_key_is_refused(self) -> None:
        for text in ("takes 12 ms a line", "97 % of it", "97% of it", "1.5× faster", "3.2 MB",
                     "250 GFLOP/s", "0.5 points", "12,000 sentences/s is 9 /s", "it takes 4 s.",
                     "2 seconds", "1,000 sentences per second", "twice, or 2x, as fast",
                     "<b>12</b> ms", "12&nbsp;ms", "12\nms"):
            with self.subTest(text):
                self.assertEqual(len(check_figures.unsourced_figures(article(text))), 1)

    def test_counts_and_names_are_no_measurements(self) -> None:
        for text in ("1,112,064 code points", "80 columns", "layers 0, 2 and 4 of 6", "chapter 2",
                     "U+00E9 s", "30,522 lines", "in 2019 some", "C++20 size", "x86 machines"):
            with self.subTest(text):
                self.assertEqual(check_figures.unsourced_figures(article(text)), [])

    def test_what_is_given_or_comes_by_key_or_is_code_passes(self) -> None:
        for text in ('<span class="measured" title="k">12 ms</span>', "<code>12 ms</code>",
                     '<span class="given">97 %</span> of BERT', "<pre>12 ms</pre>",
                     '<div class="admonition given"><p>97 %</p></div>',
                     '<span class="measured">12</span> ms', '<span class="arithmatex">5 s</span>'):
            with self.subTest(text):
                self.assertEqual(check_figures.unsourced_figures(article(text)), [])

    def test_reading_goes_on_after_what_is_skipped(self) -> None:
        page = article('<p><span class="given">97 %</span></p><p>and <img src="x"> 3 ms</p>')
        self.assertEqual(len(check_figures.unsourced_figures(page)), 1)


class Links(unittest.TestCase):
    def problems(self, files: dict[str, str]) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return check_links.check(Path(folder))

    def test_a_whole_site_passes(self) -> None:
        self.assertEqual(self.problems({
            "index.html": '<link rel="stylesheet" href="a/b.css"><a href="two.html#here">x</a>'
                          '<a href="https://example.org/paper">y</a><a href="#top" id="top">z</a>',
            "two.html": '<h2 id="here">x</h2><script src="a/c.js?v=1"></script>',
            "a/b.css": "@font-face{src:url(f.woff2)}", "a/f.woff2": "", "a/c.js": "",
        }), [])

    def test_broken_links_are_refused(self) -> None:
        for link in ('<a href="none.html">x</a>', '<a href="index.html#none">x</a>',
                     '<a href="#none">x</a>', '<img src="none.png">', '<a href="/index.html">x</a>',
                     '<a href="../outside.html">x</a>', '<script src="none.js"></script>'):
            with self.subTest(link):
                self.assertEqual(len(self.problems({"index.html": link})), 1)

    def test_what_loads_from_elsewhere_is_refused(self) -> None:
        for text in ('<script src="https://example.org/x.js"></script>',
                     '<link rel="stylesheet" href="//example.org/x.css">',
                     '<img src="http://example.org/x.png">',
                     '<link rel="preconnect" href="https://example.org">',
                     "<style>@import 'https://example.org/x.css';</style>",
                     '<p style="background: url(https://example.org/x.png)">x</p>'):
            with self.subTest(text):
                self.assertEqual(len(self.problems({"index.html": text})), 1)
        css = {"index.html": "", "x.css": "a{background:url('https://example.org/x.png')}"}
        self.assertEqual(len(self.problems(css)), 1)

    def test_an_empty_site_is_refused(self) -> None:
        self.assertEqual(len(self.problems({})), 1)


SOURCE = """int before();
// --8<-- [start:outer]
int one();
  // --8<-- [start:inner]
  int two();
  // --8<-- [end:inner]
// --8<-- [end:outer]
// --8<-- [start:open]
int three();
// --8<-- [start:empty]
// --8<-- [end:empty]
"""


class Listings(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "book").mkdir()
        (self.root / "src").mkdir()
        (self.root / "src" / "a.cpp").write_text(SOURCE, encoding="utf-8")

    def problems(self, text: str) -> list[str]:
        page = self.root / "book" / "page.md"
        page.write_text(text, encoding="utf-8")
        return check_listings.check_page(page, self.root)

    def listing(self, target: str, title: str = "src/a.cpp", language: str = "cpp") -> str:
        return f'```{language} title="{title}"\n--8<-- "{target}"\n```\n'

    def test_a_region_of_the_file_in_its_title_passes(self) -> None:
        self.assertEqual(self.problems(self.listing("src/a.cpp:outer")), [])

    def test_markers_of_inner_regions_are_not_shown(self) -> None:
        lines = check_listings.region_lines(self.root / "src" / "a.cpp", "outer")
        self.assertEqual(lines, ["int one();", "  int two();"])

    def test_regions_that_are_missing_open_or_empty_are_refused(self) -> None:
        for target in ("src/a.cpp:none", "src/a.cpp:open", "src/a.cpp:empty", "src/none.cpp:x",
                       "src/a.cpp"):
            with self.subTest(target):
                self.assertEqual(len(self.problems(self.listing(target))), 1)

    def test_code_from_nowhere_and_wrong_titles_are_refused(self) -> None:
        self.assertEqual(len(self.problems("```cpp\nint x = 0;\n```\n")), 1)
        self.assertEqual(len(self.problems(self.listing("src/a.cpp:outer", "src/b.cpp"))), 1)

    def test_listings_fit_the_page(self) -> None:
        self.assertEqual(self.problems(f"```text\n{'x' * 80}\n```\n"), [])
        self.assertEqual(len(self.problems(f"```text\n{'x' * 81}\n```\n")), 1)

    def test_most_listings_are_short(self) -> None:
        long = "// --8<-- [start:long]\n" + "int x;\n" * 11 + "// --8<-- [end:long]\n"
        (self.root / "src" / "b.cpp").write_text(long, encoding="utf-8")
        self.assertEqual(len(self.problems(self.listing("src/b.cpp:long", "src/b.cpp"))), 1)
        both = self.listing("src/b.cpp:long", "src/b.cpp") + self.listing("src/a.cpp:outer") * 2
        self.assertEqual(self.problems(both), [])


if __name__ == "__main__":
    unittest.main()
