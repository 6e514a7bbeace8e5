"""The book's own Markdown, as one extension of Python-Markdown.

    {{demo.teacher.accuracy:percent1}}   a measured figure, taken from book/results by key
    {{given: 97 %}}                      a figure that is given: a paper's, a pencil example's
    {{note: Any inline *Markdown*.}}     a note in the margin (below the line on a phone)
    {{drawing: offsets cafe}}            alone on its line: an SVG that drawings.py makes from data
    {{mutants: ch02_tokenizer}}          alone on its line: the planted bugs of tests/mutants, as a
                                         table with the test that finds each
    {{peers: bench}}                     alone on its line: what ./dev bench measured, as a table
    {{glue: glue}}, {{ablation: ablation}}, {{small_glue: small_glue}}   alone on their lines:
                                         chapter 10's tables

An unknown key, format, drawing or list raises an error, which fails the build. Nothing is replaced
inside code.
"""

from __future__ import annotations

import html
import json
import re
import sys
import xml.etree.ElementTree as etree
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor

import drawings
import glue_blocks
from results import find_figure, format_value, load_results

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "bench"))

import table  # noqa: E402  (the one that ./dev bench prints)


class MeasuredFigure(InlineProcessor):
    """{{key.path:format}}"""

    PATTERN = r"\{\{\s*([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+)\s*(?::\s*([A-Za-z0-9]+)\s*)?\}\}"

    def __init__(self, md: Markdown, folder: Path) -> None:
        super().__init__(self.PATTERN, md)
        self.results = load_results(folder)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[etree.Element, int, int]:
        figure = find_figure(self.results, m.group(1))
        element = etree.Element("span", {"class": "measured", "title": figure.origin()})
        element.text = format_value(figure, m.group(2))
        return element, m.start(0), m.end(0)


class GivenFigure(InlineProcessor):
    """{{given: text}}"""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[etree.Element, int, int]:
        element = etree.Element("span", {"class": "given"})
        element.text = m.group(1)
        return element, m.start(0), m.end(0)


class MarginNote(InlineProcessor):
    """{{note: text}}"""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[etree.Element, int, int]:
        element = etree.Element("span", {"class": "margin-note", "role": "note"})
        element.text = m.group(1)
        return element, m.start(0), m.end(0)


class Leftover(InlineProcessor):
    """Braces that none of the above took: a typing error that must not reach the page."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[None, None, None]:
        raise ValueError(f"not understood: {data[m.start(0):m.start(0) + 60]!r}")


class MadeBlock(BlockProcessor):
    """A block that stands alone, `{{kind: arguments}}`, and is replaced by HTML."""

    KINDS = ("drawing", "mutants", "peers", "glue", "ablation", "small_glue")
    PATTERN = re.compile(r"^\{\{(" + "|".join(KINDS) + r"):\s*([a-z0-9_]+)\s*(.*?)\s*\}\}$")

    def __init__(self, parser: Any, folder: Path) -> None:
        super().__init__(parser)
        self.folder = folder

    def test(self, parent: etree.Element, block: str) -> bool:
        return self.PATTERN.match(block.strip()) is not None

    def run(self, parent: etree.Element, blocks: list[str]) -> None:
        match = self.PATTERN.match(blocks.pop(0).strip())
        assert match is not None
        kind, name, arguments = match.groups()
        if kind == "drawing":
            made = drawing(name, arguments.split())
        elif kind in FROM_RESULTS:
            made = FROM_RESULTS[kind](self.folder / f"{name}.json")
        else:
            made = mutants(name)
        paragraph = etree.SubElement(parent, "p")
        paragraph.text = self.parser.md.htmlStash.store(made)


def drawing(name: str, arguments: list[str]) -> str:
    """The drawing of that name as a figure with its caption."""
    drawn = drawings.draw(name, arguments)
    return (f'<figure class="drawing">{drawn.svg}'
            f"<figcaption>{html.escape(drawn.caption)}</figcaption></figure>")


def mutants(name: str) -> str:
    """The planted bugs of tests/mutants/NAME.json, and the tests that find them."""
    path = ROOT / "tests" / "mutants" / f"{name}.json"
    rows = "".join(
        f"<tr><td>{html.escape(mutant['name'])}</td>"
        f"<td>{html.escape(mutant['killed_by']['filter'].replace('*', ' …').strip())}</td></tr>"
        for mutant in json.loads(path.read_text(encoding="utf-8")))
    return ("<table><thead><tr><th>planted bug</th><th>found by the test</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>")


def peers(path: Path) -> str:
    """The rows of a bench that have peers, the best of each in bold."""
    rows = json.loads(path.read_text(encoding="utf-8"))["values"].values()
    head = "".join(f"<th>{html.escape(table.TITLES[side])}</th>" for side in table.SIDES)
    body = ""
    for row in rows:
        if row.get("best_peer") not in table.SIDES:
            continue
        cells = "".join(
            f"<td class=\"measured\">{'<strong>' * best}{table.cell(row, side)}"
            f"{'</strong>' * best}</td>"
            for side in table.SIDES for best in [side == row["best_peer"]])
        goal = f"{row['goal']:g}{'' if row['met'] else ', not met'}" if "goal" in row else ""
        body += (f"<tr><td>{html.escape(row['title'])}</td>{cells}"
                 f'<td class="measured">{row["ratio"]:.2f}</td><td>{goal}</td></tr>')
    return (f'<table class="peers"><thead><tr><th>workload</th>{head}<th>ratio</th><th>goal</th>'
            f"</tr></thead><tbody>{body}</tbody></table>")


# Blocks made of a file of results.
FROM_RESULTS = {"peers": peers, "glue": glue_blocks.glue, "ablation": glue_blocks.ablation,
                "small_glue": glue_blocks.small_glue}


class BookExtension(Extension):
    """Registers the book's syntax; `results` is the folder of the result files."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {"results": [str(ROOT / "book" / "results"), "folder of the result files"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:
        folder = Path(self.getConfig("results"))
        # Below `backtick` (190) and `escape` (180), so that code keeps its braces.
        md.inlinePatterns.register(GivenFigure(r"\{\{given:\s*(.+?)\s*\}\}", md), "given", 176)
        md.inlinePatterns.register(MeasuredFigure(md, folder), "measured", 175)
        md.inlinePatterns.register(MarginNote(r"\{\{note:\s*(.+?)\s*\}\}", md), "note", 174)
        md.inlinePatterns.register(Leftover(r"\{\{", md), "leftover", 173)
        md.parser.blockprocessors.register(MadeBlock(md.parser, folder), "made", 175)


def makeExtension(**kwargs: Any) -> BookExtension:
    return BookExtension(**kwargs)
