"""The book's own Markdown, as one extension of Python-Markdown.

    {{demo.teacher.accuracy:percent1}}   a measured figure, taken from book/results by key
    {{given: 97 %}}                      a figure that is given: a paper's, a pencil example's
    {{note: Any inline *Markdown*.}}     a note in the margin (below the line on a phone)
    {{drawing: offsets cafe}}            alone on its line: an SVG that drawings.py makes from data

An unknown key, format or drawing raises an error, which fails the build. Nothing is replaced
inside code.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as etree
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor

import drawings
from results import find_figure, format_value, load_results

ROOT = Path(__file__).resolve().parents[2]


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


class Drawing(BlockProcessor):
    """{{drawing: name arguments}} alone in its block."""

    PATTERN = re.compile(r"^\{\{drawing:\s*([a-z0-9_]+)\s*(.*?)\s*\}\}$")

    def test(self, parent: etree.Element, block: str) -> bool:
        return self.PATTERN.match(block.strip()) is not None

    def run(self, parent: etree.Element, blocks: list[str]) -> None:
        match = self.PATTERN.match(blocks.pop(0).strip())
        assert match is not None
        drawing = drawings.draw(match.group(1), match.group(2).split())
        figure = (f'<figure class="drawing">{drawing.svg}'
                  f"<figcaption>{html.escape(drawing.caption)}</figcaption></figure>")
        paragraph = etree.SubElement(parent, "p")
        paragraph.text = self.parser.md.htmlStash.store(figure)


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
        md.parser.blockprocessors.register(Drawing(md.parser), "drawing", 175)


def makeExtension(**kwargs: Any) -> BookExtension:
    return BookExtension(**kwargs)
