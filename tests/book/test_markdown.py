"""The book's own Markdown: figures by key, given figures, margin notes, drawings."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "book"))

try:
    import markdown

    import book_markdown
except ImportError as error:
    raise unittest.SkipTest(f"the book's packages are not installed: {error}") from error

from results import ResultError

RESULT = {
    "name": "demo", "what": "a run", "command": "./dev demo", "commit": "0123abc", "seed": 42,
    "machine": "two cores", "date": "2026-11-23",
    "values": {"teacher": {"accuracy": 0.90251, "parameters": 22713986, "bytes": 90900000},
               "speed": {"ratio": 1.574, "step_s": 0.01234, "whole_s": 754}, "kernel": "Haswell",
               "seeds": [0.9037, 0.8865], "points": -11.08},
}


class BookMarkdown(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.write(RESULT)

    def write(self, result: dict, name: str = "demo") -> None:
        path = Path(self.folder.name) / f"{name}.json"
        path.write_text(json.dumps(result), encoding="utf-8")

    def html(self, text: str) -> str:
        extension = book_markdown.makeExtension(results=self.folder.name)
        return markdown.markdown(text, extensions=["fenced_code", "tables", extension])

    def figure(self, key: str) -> str:
        """What a key prints, without the tags and with plain spaces."""
        page = self.html("x {{" + key + "}} y")
        self.assertIn('class="measured"', page)
        return page.split('">')[1].split("</span>")[0].replace("\u00a0", " ")

    def test_a_key_prints_its_value_in_the_format_asked_for(self) -> None:
        for key, printed in {
            "demo.teacher.accuracy:percent1": "90.3 %",
            "demo.teacher.accuracy : percent": "90 %",
            "demo.teacher.accuracy:fixed3": "0.903",
            "demo.teacher.parameters": "22,713,986",
            "demo.teacher.parameters:millions": "22.7 million",
            "demo.teacher.bytes:MB": "90.9 MB",
            "demo.speed.ratio:ratio": "1.57×",
            "demo.speed.step_s:ms1": "12.3 ms",
            "demo.speed.whole_s:minutes": "13 minutes",
            "demo.kernel": "Haswell",
            "demo.seeds.1:percent1": "88.6 %",
            "demo.points:fixed1": "−11.1",
        }.items():
            with self.subTest(key):
                self.assertEqual(self.figure(key), printed)

    def test_a_figure_says_which_run_it_came_from(self) -> None:
        page = self.html("{{demo.teacher.accuracy:percent1}}")
        self.assertIn("demo.teacher.accuracy: ./dev demo (two cores, 2026-11-23)", page)

    def test_figures_work_in_tables(self) -> None:
        page = self.html("| a | b |\n|---|---|\n"
                         "| {{demo.kernel}} | {{ demo.speed.ratio:ratio1 }} |")
        self.assertIn(">Haswell</span>", page)
        self.assertIn(">1.6×</span>", page)

    def test_unknown_keys_and_formats_stop_the_build(self) -> None:
        for key in ("nothing.at.all", "demo.teacher.f1", "demo.teacher", "demo.kernel.more",
                    "demo.teacher.accuracy:percent9", "demo.kernel:int", "demo.teacher.accuracy",
                    "demo.seeds", "demo.seeds.2:percent1"):
            with self.subTest(key), self.assertRaises(ResultError) as caught:
                self.html("{{" + key + "}}")
            self.assertIn(key.split(":")[0], str(caught.exception))

    def test_braces_that_mean_nothing_stop_the_build(self) -> None:
        for text in ("{{demo}}", "{{demo.teacher.accuracy|percent}}", "{{notes: x}}", "a {{ b"):
            with self.subTest(text), self.assertRaises(ValueError):
                self.html(text)

    def test_braces_in_code_are_code(self) -> None:
        self.assertIn("<code>{{demo.kernel}}</code>", self.html("`{{demo.kernel}}`"))
        self.assertIn("int a[1][1] = {{1}};", self.html("```\nint a[1][1] = {{1}};\n```"))

    def test_a_broken_result_file_stops_the_build(self) -> None:
        for change in ({"name": "other"}, {"values": [1]}):
            with self.subTest(change):
                self.write({**RESULT, **change})
                self.assertRaises(ResultError, self.html, "text")
        self.write({key: RESULT[key] for key in RESULT if key != "command"})
        with self.assertRaises(ResultError) as caught:
            self.html("text")
        self.assertIn("missing command", str(caught.exception))

    def test_given_figures_and_notes_keep_their_markdown(self) -> None:
        self.assertIn('<span class="given">97 %</span>', self.html("It keeps {{given: 97 %}}."))
        note = self.html("Text{{note: of *Unicode 8*, see `x`.}}")
        self.assertIn('<span class="margin-note" role="note">of <em>Unicode 8</em>', note)

    def test_a_drawing_stands_alone_and_must_exist(self) -> None:
        page = self.html("before\n\n{{drawing: code_point_classes}}\n\nafter")
        self.assertIn('<figure class="drawing"><svg', page)
        self.assertIn("1,112,064", page)
        with self.assertRaises(ValueError):
            self.html("{{drawing: no_such_drawing}}")

    def test_planted_bugs_become_a_table_of_all_of_them(self) -> None:
        planted = json.loads((ROOT / "tests" / "mutants" / "ch02_tokenizer.json").read_text())
        page = self.html("{{mutants: ch02_tokenizer}}")
        self.assertEqual(page.count("<tr>"), len(planted) + 1)
        self.assertRaises(OSError, self.html, "{{mutants: no_such_chapter}}")

    def test_peers_are_a_table_with_the_best_in_bold(self) -> None:
        rows = {"a": {"title": "forward <1>", "unit": "s", "ours_s": 0.001, "torch_s": 0.004,
                      "onnx_s": 0.002, "best_peer": "onnx", "ratio": 2.0, "goal": 3.0,
                      "met": False},
                "b": {"title": "alone", "ours_s": 1, "ratio": 1.0}}
        self.write({**RESULT, "name": "rows", "values": rows}, "rows")
        page = self.html("{{peers: rows}}")
        plain = page.replace(' class="measured"', "")
        self.assertIn("<td>forward &lt;1&gt;</td><td>1.00 ms</td><td>4.00 ms</td><td></td>"
                      "<td><strong>2.00 ms</strong></td><td></td><td>2.00</td>"
                      "<td>3, not met</td>", plain)
        self.assertEqual(page.count('<td class="measured">'), 6)
        self.assertNotIn("alone", page)
        self.assertRaises(OSError, self.html, "{{peers: no_such_bench}}")

    def test_chapter_10_s_tables_come_from_their_results(self) -> None:
        for kind in ("glue", "ablation", "small_glue"):
            with self.subTest(kind):
                self.write({**RESULT, "name": "empty", "values": {}}, "empty")
                page = self.html("before\n\n{{" + kind + ": empty}}\n\nafter")
                self.assertIn('<figure class="results"><table class="results">', page)
                self.assertNotIn("<p><figure", page)
                self.assertIn("A run. Measured by <code>./dev demo</code> on two cores, "
                              "2026-11-23.</figcaption>", page)
                self.assertRaises(OSError, self.html, "{{" + kind + ": no_such_file}}")


if __name__ == "__main__":
    unittest.main()
