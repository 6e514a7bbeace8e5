"""Pieces of SVG for the book's drawings. Colours and fonts come from the page (classes
f0 … f5, soft, faint, line, cell of book/assets/book.css)."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SvgDrawing:
    """A drawing and the line of text under it."""

    svg: str
    caption: str


def text(x: float, y: float, content: str, *, size: float = 14, anchor: str = "middle",
         style: str = "") -> str:
    css = f' class="{style}"' if style else ""
    return (f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" text-anchor="{anchor}"{css}>'
            f"{html.escape(content)}</text>")


def rectangle(x: float, y: float, width: float, height: float, style: str) -> str:
    return (f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="3" '
            f'class="{style}"/>')


def segment(x1: float, y1: float, x2: float, y2: float, width: float = 0.5) -> str:
    return (f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" class="line" '
            f'stroke-width="{width:g}"/>')


def path(points: Sequence[tuple[float, float]], width: float = 2) -> str:
    """Straight lines from point to point."""
    places = " ".join(f"{x:g},{y:g}" for x, y in points)
    return f'<polyline points="{places}" class="line" stroke-width="{width:g}"/>'


def dot(x: float, y: float, style: str, radius: float = 4) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" class="{style}"/>'


def svg(width: float, height: float, parts: list[str], label: str) -> str:
    return (f'<svg viewBox="0 0 {width:g} {height:g}" role="img" '
            f'aria-label="{html.escape(label)}" style="max-width:{width:g}px">'
            f'{"".join(parts)}</svg>')
