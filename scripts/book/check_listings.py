"""Checks the listings of the book's pages, as written in Markdown.

    check_listings.py BOOK

A listing in a programming language is a named region of a file of the project, with that file's
name as its title, so that nothing in the book is code that no test runs. Regions begin and end,
are at most 80 columns wide, and most of a page's have ten lines or fewer.
"""

from __future__ import annotations

import re
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

MAX_COLUMNS = 80
MAX_LINES = 30
MOST_LINES = 10  # of most listings of a page: more than half
LANGUAGES = {"cpp", "c++", "c", "python", "py", "cmake"}
FENCE = re.compile(r"^(?P<indent> *)(?P<marks>`{3,})(?P<info>[^`]*)$")
INCLUDE = re.compile(r'^\s*-+8<-+ "(?P<path>[^":]+)(?::(?P<region>[A-Za-z][\w-]*))?"\s*$')
MARKER = re.compile(r"-+8<-+ \[(?P<kind>start|end):(?P<name>[\w-]+)\]")


@dataclass(frozen=True)
class Listing:
    """A fenced block of a page: its language, its title and the lines inside the fence."""

    line: int
    language: str
    title: str
    body: list[str]


def listings_of(text: str) -> list[Listing]:
    """All fenced blocks of a page."""
    found = []
    lines = text.split("\n")
    index = 0
    while index < len(lines):
        match = FENCE.match(lines[index])
        if match is None:
            index += 1
            continue
        end = index + 1
        while end < len(lines) and lines[end].strip() != match["marks"]:
            end += 1
        info = match["info"].strip()
        language = re.match(r"(?:\{\s*\.?)?([\w+]*)", info)
        title = re.search(r'title="([^"]*)"', info)
        found.append(Listing(index + 1, language.group(1) if language else "",
                             title.group(1) if title else "", lines[index + 1:end]))
        index = end + 1
    return found


def region_lines(path: Path, region: str) -> list[str]:
    """The lines of a region without its margin and markers; ValueError if it doesn't end well."""
    lines: list[str] = []
    inside = False
    for line in path.read_text(encoding="utf-8").split("\n"):
        marker = MARKER.search(line)
        if marker and marker["name"] == region:
            if marker["kind"] == "end":
                if not inside:
                    raise ValueError(f"{path.name}: region {region!r} ends before it starts")
                if not any(line.strip() for line in lines):
                    raise ValueError(f"{path.name}: region {region!r} is empty")
                return textwrap.dedent("\n".join(lines)).strip("\n").split("\n")
            if inside:
                raise ValueError(f"{path.name}: region {region!r} starts twice")
            inside = True
        elif inside and not marker:
            lines.append(line)
    raise ValueError(f"{path.name}: region {region!r} {'has no end' if inside else 'is missing'}")


def shown_lines(listing: Listing, root: Path) -> list[str]:
    """What the page shows; ValueError for code that isn't one named region of a titled file."""
    includes = [INCLUDE.match(line) for line in listing.body]
    is_code = listing.language in LANGUAGES
    if is_code and (len(includes) != 1 or includes[0] is None or not includes[0]["region"]):
        raise ValueError("code that is no named region of a source file")
    shown: list[str] = []
    for line, include in zip(listing.body, includes, strict=True):
        if include is None:
            shown.append(line)
            continue
        path = root / include["path"]
        if not path.is_file():
            raise ValueError(f"{include['path']}: no such file")
        if is_code and listing.title != include["path"]:
            raise ValueError(f"title is {listing.title!r}, expected {include['path']!r}")
        if include["region"]:
            shown += region_lines(path, include["region"])
        else:
            shown += path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    return shown


def check_page(page: Path, root: Path) -> list[str]:
    """The problems of one page, one line each."""
    problems = []
    lengths = []
    for listing in listings_of(page.read_text(encoding="utf-8")):
        where = f"{page.relative_to(root)}:{listing.line}"
        try:
            shown = shown_lines(listing, root)
        except ValueError as error:
            problems.append(f"{where}: {error}")
            continue
        widest = max((len(line) for line in shown), default=0)
        if widest > MAX_COLUMNS:
            problems.append(f"{where}: {widest} columns, at most {MAX_COLUMNS} fit the page")
        if listing.language in LANGUAGES:
            lengths.append(len(shown))
            if len(shown) > MAX_LINES:
                problems.append(f"{where}: {len(shown)} lines, at most {MAX_LINES}: cut it up")
    short = sum(length <= MOST_LINES for length in lengths)
    if lengths and short * 2 <= len(lengths):
        problems.append(f"{page.relative_to(root)}: {short} of {len(lengths)} listings have "
                        f"{MOST_LINES} lines or fewer, expected most")
    return problems


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    book = Path(sys.argv[1]).resolve()
    problems = [problem for page in sorted(book.glob("*.md"))
                for problem in check_page(page, book.parent)]
    print("\n".join(problems), end="\n" if problems else "", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
