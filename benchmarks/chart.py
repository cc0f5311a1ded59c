"""A chart of horizontal bars as SVG, which reads on a light and on a dark page."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil

NAMES, WIDTH, VALUES = 270, 440, 70
BAR, BETWEEN_BARS, BETWEEN_GROUPS, HEAD = 11, 3, 12, 62

STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600; font-size: 14px }
.small { font-size: 11px }
.grid { stroke: #d0d7de }
.s0 { fill: #2f6f9f } .s1 { fill: #b4692d }
.must { stroke: #1f2328; stroke-width: 2 }
.aim { stroke: #1f2328; stroke-width: 2; stroke-dasharray: 2 2 }
.rejected { opacity: 0.35 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .grid { stroke: #3d444d }
  .s0 { fill: #6cb0e0 } .s1 { fill: #e2a06a }
  .must, .aim { stroke: #e6edf3 }
}
"""


@dataclass(frozen=True)
class Bar:
    """`series` says its colour; the marks are drawn where there are any."""

    series: int
    value: float
    must: float | None = None
    aim: float | None = None
    rejected: bool = False


@dataclass(frozen=True)
class Group:
    name: str
    bars: Sequence[Bar]


def draw(title: str, series: Sequence[str], groups: Sequence[Group]) -> str:
    """Bars are as long as their values; the scale begins at 0 and ends at a whole tenth."""
    bars = [bar for group in groups for bar in group.bars]
    longest = max((max(bar.value, bar.aim or 0) for bar in bars), default=0)
    tenths = max(1, ceil(longest * 10))
    scale = WIDTH / tenths * 10
    drawn, y = [], HEAD
    for group in groups:
        height = len(group.bars) * (BAR + BETWEEN_BARS)
        middle = y + (height - BETWEEN_BARS) / 2
        drawn.append(label(NAMES - 10, middle + 4, group.name, anchor="end"))
        for bar in group.bars:
            drawn += draw_bar(bar, y, scale)
            y += BAR + BETWEEN_BARS
        y += BETWEEN_GROUPS
    width = NAMES + WIDTH + VALUES
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" '
            f'width="{width}" height="{y}" role="img" aria-label="{escape(title)}">',
            f"<style>{STYLE}</style>",
            label(10, 20, title, kind="title"),
            *legend(series),
            *grid(tenths, scale, y - BETWEEN_GROUPS),
            *drawn,
            "</svg>\n",
        ]
    )


def draw_bar(bar: Bar, y: float, scale: float) -> list[str]:
    kind = f"s{bar.series} rejected" if bar.rejected else f"s{bar.series}"
    said = f"{bar.value:.3f}" + (" rejected" if bar.rejected else "")
    reached = max(bar.value, bar.must or 0, bar.aim or 0)
    drawn = [
        f'<rect class="{kind}" x="{NAMES}" y="{y}" width="{bar.value * scale:.2f}" height="{BAR}"/>'
    ]
    for name, value in (("must", bar.must), ("aim", bar.aim)):
        if value is not None:
            drawn.append(mark(name, NAMES + value * scale, y))
    # Behind the bar and its marks, where nothing is in the way.
    drawn.append(label(NAMES + reached * scale + 6, y + BAR - 1.5, said, kind="small"))
    return drawn


def legend(series: Sequence[str]) -> list[str]:
    drawn, x = [], float(NAMES)
    for number, name in enumerate(series):
        drawn.append(f'<rect class="s{number}" x="{x}" y="31" width="{BAR}" height="{BAR}"/>')
        drawn.append(label(x + BAR + 5, 41, name, kind="small"))
        x += BAR + 20 + 7 * len(name)
    for name in ("must", "aim"):
        drawn += [mark(name, x, 31), label(x + 7, 41, name, kind="small")]
        x += 60
    return drawn


def grid(tenths: int, scale: float, bottom: float) -> list[str]:
    drawn = []
    step = 1 if tenths <= 10 else ceil(tenths / 10)
    for tenth in range(0, tenths + 1, step):
        x = NAMES + tenth / 10 * scale
        drawn.append(f'<line class="grid" x1="{x}" y1="{HEAD - 4}" x2="{x}" y2="{bottom}"/>')
        drawn.append(label(x, HEAD - 7, f"{tenth / 10:g}", kind="small", anchor="middle"))
    return drawn


def mark(kind: str, x: float, y: float) -> str:
    return f'<line class="{kind}" x1="{x:.2f}" y1="{y - 1}" x2="{x:.2f}" y2="{y + BAR + 1}"/>'


def label(x: float, y: float, text: str, *, kind: str = "name", anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.2f}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'
