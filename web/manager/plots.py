"""Small plots as SVG: bars over months, and outcomes as parts of a whole. Every plot stands beside a table that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 560, 180, 34, 22, 10
STARTED, ENDED = "#154273", "#e17000"
OUTCOME_COLOURS = {"behaald": "#1b7a3d", "deels": "#8fb996", "niet": "#b3141e", "niet_van_toepassing": "#b8c2cc"}


@dataclass(frozen=True, slots=True)
class Column:
    """A month: its name, and the heights of its two bars."""

    name: str
    started: int
    ended: int


def columns(title: str, months: Sequence[Column]) -> Markup:
    """Two bars for each month: started and ended. Empty when there is nothing to draw."""
    most = max((max(month.started, month.ended) for month in months), default=0)
    if not most:
        return Markup("")
    ceiling = _ceiling(most)
    step = (WIDTH - LEFT) / len(months)
    parts = [_grid(ceiling)]
    for at, month in enumerate(months):
        x = LEFT + at * step
        bar = min(step * 0.32, 26)
        middle = x + step / 2
        for value, colour, shift in ((month.started, STARTED, -bar - 1), (month.ended, ENDED, 1.0)):
            parts.append(_bar(middle + shift, value / ceiling, bar, colour, f"{month.name}: {value}"))
        parts.append(_text(middle, HEIGHT - 6, month.name, "middle"))
    return _svg(title, HEIGHT, "".join(parts))


def _ceiling(most: int) -> int:
    """A round number not below *most* that four lines divide."""
    size = 4
    while size < most:
        size = size * 2 if str(size).startswith(("1", "2", "4")) else size * 5 // 4
    return -(-size // 4) * 4


def _grid(ceiling: int) -> str:
    lines = []
    for part in range(5):
        y = _y(part / 4)
        lines.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH}" y2="{y:.1f}" stroke="#dde3e9"/>')
        lines.append(_text(LEFT - 6, y + 4, str(ceiling * part // 4), "end"))
    return "".join(lines)


def _y(part: float) -> float:
    return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP)


def _bar(x: float, part: float, width: float, colour: str, title: str) -> str:
    top = _y(part)
    height = HEIGHT - BOTTOM - top
    return (
        f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2" fill="{colour}">'
        f"<title>{escape(title)}</title></rect>"
    )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="12" fill="#4a5763">{escape(text)}</text>'


def parts(title: str, counts: Sequence[tuple[str, str, int]]) -> Markup:
    """One bar that is divided: (code, label, count). Empty of nothing."""
    total = sum(count for _, _, count in counts)
    if not total:
        return Markup("")
    drawn, x = [], 0.0
    for code, label, count in counts:
        width = WIDTH * count / total
        if count:
            colour = OUTCOME_COLOURS.get(code, "#154273")
            drawn.append(
                f'<rect x="{x:.1f}" y="0" width="{max(width - 1.5, 0.5):.1f}" height="18" fill="{colour}">'
                f"<title>{escape(label)}: {count}</title></rect>"
            )
        x += width
    return _svg(title, 18, "".join(drawn))


def _svg(title: str, height: int, inside: str) -> Markup:
    return Markup(
        f'<svg class="plot" role="img" aria-label="{escape(title)}" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" preserveAspectRatio="xMinYMid meet">{inside}</svg>'
    )
