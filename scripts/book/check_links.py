"""Checks the built site's links: every internal one leads somewhere, nothing loads from elsewhere.

    check_links.py SITE

A link that a reader clicks may lead to the web (a paper, an issue). What the browser fetches by
itself (scripts, styles, fonts, images, frames) may not.
"""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What the browser loads without being asked, as tag and attribute.
LOADED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"),
          ("video", "src"), ("audio", "src"), ("object", "data"), ("embed", "src"),
          ("use", "href"), ("image", "href")}
# Relations of <link> that name a page and load nothing.
NAMING_RELATIONS = {"canonical", "prev", "next", "alternate", "edit"}
CSS_URL = re.compile(r"""url\(\s*['"]?([^'")]+)|@import\s+['"]([^'"]+)""")


class Page(HTMLParser):
    """The links, the loaded addresses and the anchors of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self._in_style = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._in_style = tag == "style"
        self.anchors.update(values[name] for name in ("id", "name") if values.get(name))
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "link" and values.get("rel", "") not in NAMING_RELATIONS:
            self.loads.append(values.get("href", ""))
        self.loads += [values[name] for name in values if (tag, name) in LOADED]
        self.loads += [part.split()[0] for part in values.get("srcset", "").split(",")
                       if part.strip()]
        self.loads += css_addresses(values.get("style", ""))

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.loads += css_addresses(data)


def css_addresses(text: str) -> list[str]:
    """What a style sheet loads."""
    return [first or second for first, second in CSS_URL.findall(text)]


def problem_of(address: str, page: Path, site: Path, pages: dict[Path, Page],
               loaded: bool) -> str | None:
    """What is wrong with `address` as found in `page`, or None."""
    parts = urlsplit(address)
    if parts.scheme in ("data", "mailto", "javascript"):
        return None
    if parts.scheme or parts.netloc:
        return "loaded from elsewhere" if loaded else None
    target = page if not parts.path else (page.parent / unquote(parts.path)).resolve()
    if parts.path.startswith("/"):
        return "absolute path: does not work from file://"
    if site not in target.parents and target != site:
        return "leads out of the site"
    if not target.is_file():
        return "no such file"
    if parts.fragment and target in pages and not loaded:
        if unquote(parts.fragment) not in pages[target].anchors:
            return "no such anchor"
    return None


def check(site: Path) -> list[str]:
    """All problems of the site, one line each."""
    site = site.resolve()
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    if not pages:
        return [f"{site}: no pages"]
    found = [(path, address, False) for path, page in pages.items() for address in page.links]
    found += [(path, address, True) for path, page in pages.items() for address in page.loads]
    found += [(path, address, True) for path in site.rglob("*.css")
              for address in css_addresses(path.read_text(encoding="utf-8"))]
    problems = []
    for path, address, loaded in found:
        # 404.html is served at any depth, so MkDocs gives it addresses from the root.
        if path.name == "404.html":
            continue
        problem = problem_of(address, path, site, pages, loaded)
        if problem:
            problems.append(f"{path.relative_to(site)}: {address}: {problem}")
    return sorted(set(problems))


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    problems = check(Path(sys.argv[1]))
    print("\n".join(problems), end="\n" if problems else "", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
