"""All goals in one picture: how each row keeps to its own, drawn by hand as SVG.

The scale is how many times better than its goal a row is, so that one line is everybody's goal. A
bar goes from the worst to the best turn, and a mark is the median: a disc if the goal is met, else
an open diamond; words say it too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from benchmarks.goals import Goal, goal_of
from benchmarks.report import Row, number
from benchmarks.results import Results

WIDTH: Final = 960
LEFT, RIGHT = 430, 730  # where the scale begins and ends
TOP, LINE = 64, 24
LEAST, MOST = 1 / 4, 8.0
TICKS: Final = {1 / 4: "¼", 1 / 2: "½", 1.0: "goal", 2.0: "2", 4.0: "4", 8.0: "8"}
STYLE: Final = """
  .page { fill: #ffffff; }
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .small { font-size: 12px; fill: #59636e; }
  .title { font-size: 15px; font-weight: 600; }
  .grid { stroke: #d1d9e0; }
  .goal { stroke: #1f2328; stroke-width: 1.5; }
  .range { stroke: #0969da; stroke-width: 4; stroke-linecap: round; opacity: .4; }
  .met { fill: #0969da; }
  .missed { fill: none; stroke: #bc4c00; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; }
    text { fill: #f0f6fc; }
    .small { fill: #9198a1; }
    .grid { stroke: #3d444d; }
    .goal { stroke: #f0f6fc; }
    .range { stroke: #58a6ff; }
    .met { fill: #58a6ff; }
    .missed { stroke: #ffa657; }
  }
"""


_HEAD: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" \
height="{height}" role="img" aria-labelledby="title desc">
<title id="title">How each measured row keeps to its goal</title>
<desc id="desc">{words}</desc>
<style>{style}</style>
<rect class="page" width="100%" height="100%" rx="6"/>
<text class="title" x="12" y="24">How many times better than its goal each row is</text>"""


@dataclass(frozen=True, slots=True)
class _Line:
    """One row that has a goal which can be drawn."""

    row: Row
    goal: Goal

    @property
    def is_met(self) -> bool:
        return self.goal.is_met(self.row.ours, self.row.ratio)

    @property
    def verdict(self) -> str:
        value = number(self.goal.of(self.row.ours, self.row.ratio).median)
        bound = self.row.goal.removeprefix("ours ").partition(" (")[0]
        unit = f" {self.row.unit}" if self.goal.of_ours else ""
        return f"{value}{unit}, {'meets' if self.is_met else 'misses'} {bound}"


def draw(results: Results) -> str:
    """The picture as an SVG file."""
    lines = _lines(results.rows)
    height = TOP + LINE * len(lines) + 20
    parts = [
        _HEAD.format(width=WIDTH, height=height, words=escape(_in_words(lines)), style=STYLE),
        *_scale(height),
        *(part for place, line in enumerate(lines) for part in _drawn(line, place)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _lines(rows: Sequence[Row]) -> list[_Line]:
    goals = [(row, goal_of(row.goal)) for row in rows]
    return [_Line(row, goal) for row, goal in goals if goal is not None and goal.bound > 0]


def _in_words(lines: Sequence[_Line]) -> str:
    met = sum(line.is_met for line in lines)
    each = ". ".join(f"{line.row.work}: {line.verdict}" for line in lines)
    return f"{met} of {len(lines)} goals are met. {each}."


def _scale(height: int) -> Iterator[str]:
    for value, name in TICKS.items():
        x, kind = _x(value), "goal" if value == 1 else "grid"
        yield f'<line class="{kind}" x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{height - 14}"/>'
        yield f'<text class="small" x="{x}" y="{TOP - 14}" text-anchor="middle">{name}</text>'


def _drawn(line: _Line, place: int) -> Iterator[str]:
    y = TOP + LINE * place + LINE // 2
    spread = line.goal.of(line.row.ours, line.row.ratio)
    low, high = sorted(_x(line.goal.times_better(each)) for each in (spread.low, spread.high))
    middle = _x(line.goal.times_better(spread.median))
    yield f'<text x="12" y="{y + 4}">{escape(line.row.work)}</text>'
    yield f'<line class="range" x1="{low}" y1="{y}" x2="{high}" y2="{y}"/>'
    if line.is_met:
        yield f'<circle class="met" cx="{middle}" cy="{y}" r="5"/>'
    else:
        yield f'<path class="missed" d="M{middle} {y - 6}l6 6l-6 6l-6 -6z"/>'
    yield f'<text class="small" x="{RIGHT + 16}" y="{y + 4}">{escape(line.verdict)}</text>'


def _x(times_better: float) -> float:
    """Where on the scale; at its ends whatever lies beyond."""
    share = math.log(min(MOST, max(LEAST, times_better)) / LEAST) / math.log(MOST / LEAST)
    return round(LEFT + (RIGHT - LEFT) * share, 1)
