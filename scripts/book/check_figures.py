"""Checks that figures with a measured unit in the built site's prose come from a result file.

    check_figures.py SITE

Prose means everything but listings and code, formulas, drawings and what is marked as given
({{given: …}}, or a block with the class `given`). Figures that come by key are spans of the class
`measured`.
"""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

SKIPPED_TAGS = {"pre", "code", "svg", "script", "style", "head", "nav", "header", "footer"}
SKIPPED_CLASSES = {"measured", "given", "arithmatex", "footnote-ref"}
VOID_TAGS = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
             "track", "wbr"}
# Where one block ends and the next begins, figure and unit don't belong together.
BLOCK_TAGS = {"p", "li", "td", "th", "tr", "h1", "h2", "h3", "h4", "dt", "dd", "div", "figcaption"}

NUMBER = r"(?:\d[\d,.\u202f ]*\d|\d)"
UNIT = (r"(?:%|×|per ?cent\b|percent\b|percentage points?\b|points?\b"
        r"|ns\b|[µu]s\b|ms\b|s\b|seconds?\b|milliseconds?\b|minutes?\b|min\b|hours?\b|h\b"
        r"|[kKMG]i?B\b|megabytes?\b|gigabytes?\b|[GT]FLOP(?:/s|s)?\b|/s\b"
        r"|(?:\w+ )?(?:per|a) second\b|x\b|times (?:faster|slower|smaller|larger|the)\b)")
MEASURED = re.compile(rf"(?<![\w.,\-]){NUMBER}[\s\u00a0-]?{UNIT}")


class Prose(HTMLParser):
    """The text of a page's article that the rule is about, line by line."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = ""
        self._stack: list[tuple[str, bool]] = []
        self.feed(text)

    def _reading(self) -> bool:
        inside = any(tag == "article" for tag, _ in self._stack)
        return inside and not any(skipped for _, skipped in self._stack)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCK_TAGS:
            self.text += "\n"
        if tag in VOID_TAGS:
            return
        classes = set((dict(attrs).get("class") or "").split())
        skipped = tag in SKIPPED_TAGS or bool(classes & SKIPPED_CLASSES)
        if skipped and self._reading():
            self.text += "\ufffc"  # stands for what is skipped, so that no unit meets a number
        self._stack.append((tag, skipped))

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self._stack) - 1, -1, -1):
            if self._stack[index][0] == tag:
                del self._stack[index:]
                break
        if tag in BLOCK_TAGS:
            self.text += "\n"

    def handle_data(self, data: str) -> None:
        if self._reading():
            self.text += re.sub(r"[\r\n]+", " ", data)


def unsourced_figures(page: str) -> list[str]:
    """The figures of a page (HTML) that come from nowhere, each with the words around it."""
    problems = []
    for line in Prose(page).text.split("\n"):
        for match in MEASURED.finditer(line):
            around = line[max(0, match.start() - 30):match.end() + 20].strip()
            problems.append(f"{match.group(0)!r} in “…{around}…”")
    return problems


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    site = Path(sys.argv[1])
    problems = [f"{path.relative_to(site)}: figure without a key: {problem}"
                for path in sorted(site.rglob("*.html"))
                for problem in unsourced_figures(path.read_text(encoding="utf-8"))]
    print("\n".join(problems), end="\n" if problems else "", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
