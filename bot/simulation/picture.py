"""How well the attacker guesses under each design, drawn by hand as SVG.

For one size of organisation. A mark is how often the attacker is right about two people of one
group, with its 95% interval; a tick is how often somebody is who only reads the results. The mark
is a disc if what lies between them may be chance, else an open diamond; words say it too. Beside it
stands how much was published, since a design that publishes nothing would win.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Final, NamedTuple, Self

from bot.errors import FindingsError
from bot.simulation.findings import Finding, Knows
from bot.simulation.table import gain, percent, right

WIDTH: Final = 960
LEFT, RIGHT = 280, 610  # where the scale begins and ends
LEAST, MOST, GUESSING = 0.4, 1.0, 0.5
TICKS: Final = {
    0.4: "40%",
    0.5: "guessing",
    0.6: "60%",
    0.7: "70%",
    0.8: "80%",
    0.9: "90%",
    1: "100%",
}
BESIDE: Final = 634  # where words of what was learned begin
BAR, BAR_END = 800, 900  # where the bar of what was published begins, and where all would be
NO_MORE, MORE = "learns no more", "learns more"
TOP, HEADING, LINE, FOOT = 100, 30, 24, 56
STYLE: Final = """
  .page { fill: #ffffff; }
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .small { font-size: 12px; fill: #59636e; }
  .title { font-size: 15px; font-weight: 600; }
  .design { font-weight: 600; }
  .grid { stroke: #d1d9e0; }
  .guessing { stroke: #1f2328; stroke-width: 1.5; }
  .range { stroke: #0969da; stroke-width: 4; stroke-linecap: round; opacity: .4; }
  .learns { stroke: #bc4c00; }
  .no-more { fill: #0969da; }
  .read { stroke: #1f2328; stroke-width: 2; }
  .more { fill: none; stroke: #bc4c00; stroke-width: 2; }
  .all { fill: none; stroke: #d1d9e0; }
  .published { fill: #818b98; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; }
    text { fill: #f0f6fc; }
    .small { fill: #9198a1; }
    .grid { stroke: #3d444d; }
    .guessing { stroke: #f0f6fc; }
    .range { stroke: #58a6ff; }
    .learns { stroke: #ffa657; }
    .no-more { fill: #58a6ff; }
    .read { stroke: #f0f6fc; }
    .more { stroke: #ffa657; }
    .all { stroke: #3d444d; }
    .published { fill: #9198a1; }
  }
"""

_HEAD: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" \
height="{height}" role="img" aria-labelledby="title desc">
<title id="title">How well an attacker guesses under each design</title>
<desc id="desc">{words}</desc>
<style>{style}</style>
<rect class="page" width="100%" height="100%" rx="6"/>
<text class="title" x="12" y="26">Can an attacker tell who is more content, of two people of one \
group?</text>
<text class="small" x="12" y="46">{setting}</text>
<text class="small" x="{left}" y="72">How often right, if one came, left or moved</text>
<text class="small" x="{beside}" y="72">More than by reading</text>
<text class="small" x="{bar}" y="72">Published</text>"""


def write(findings: Sequence[Finding], file: Path) -> None:
    """Draw the picture into a file. Raises FindingsError."""
    drawn = draw(findings)
    try:
        file.write_text(drawn, encoding="utf-8")
    except OSError as error:
        raise FindingsError([f"{file} can't be written: {error.strerror}."]) from None


def draw(findings: Sequence[Finding]) -> str:
    """The picture as an SVG file. Raises FindingsError if nothing was found that can be drawn."""
    shown = chosen(findings)
    if not shown:
        raise FindingsError(["There is nothing to draw: too few people came, left or moved."])
    groups = _by_design(shown)
    height = TOP + sum(HEADING + LINE * len(group) for group in groups) + FOOT
    parts = [
        _HEAD.format(
            width=WIDTH,
            height=height,
            words=escape(_in_words(groups)),
            style=STYLE,
            setting=escape(_setting(shown[0])),
            left=LEFT,
            beside=BESIDE,
            bar=BAR,
        ),
        *_scale(height),
        *_drawn(groups),
        *_legend(height),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


# --- what is shown -------------------------------------------------------------------------


def chosen(findings: Sequence[Finding]) -> list[Finding]:
    """The findings of one setting, by design and rising turnover.

    It is the setting with the most designs and turnovers; of several, the one of the most people,
    with re-organisations, and with the attacker who knows most. Designs that were simulated for
    only some of its turnovers are left out.
    """
    by_setting: defaultdict[_Setting, list[Finding]] = defaultdict(list)
    for one in findings:
        if one.right is not None:
            by_setting[_Setting.of(one)].append(one)
    if not by_setting:
        return []
    found = by_setting[max(by_setting, key=lambda setting: (len(by_setting[setting]), setting))]
    turnovers = Counter(one.design for one in found)
    whole = [design for design, count in turnovers.items() if count == max(turnovers.values())]
    return sorted(
        (one for one in found if one.design in whole),
        key=lambda one: (whole.index(one.design), one.turnover),
    )


class _Setting(NamedTuple):
    """What is the same in the whole picture; a greater one is preferred."""

    people: int
    reorganises: bool
    attacker: int
    answering: float

    @classmethod
    def of(cls, finding: Finding) -> Self:
        attacker = list(Knows).index(finding.knows)
        return cls(finding.people, finding.reorganises, attacker, finding.answering)


def _by_design(shown: Sequence[Finding]) -> list[list[Finding]]:
    designs = dict.fromkeys(one.design for one in shown)
    return [[one for one in shown if one.design == design] for design in designs]


# --- words ---------------------------------------------------------------------------------


def _setting(finding: Finding) -> str:
    reorganised = "re-organised" if finding.reorganises else "never re-organised"
    return (
        f"A year of {finding.people:,} made-up people, {reorganised}; "
        f"{percent(finding.answering)} answer; the attacker knows {_known(finding.knows)}."
    )


def _known(knows: Knows) -> str:
    if knows is Knows.WHO_ANSWERED:
        return "all rosters, everything published, and who answered"
    return "all rosters and everything published"


def _verdict(finding: Finding) -> str:
    return NO_MORE if _learns_no_more(finding) else MORE


def _learns_no_more(finding: Finding) -> bool:
    """Whether nothing was learned beyond what was published, but for what chance may do."""
    interval = finding.gain_interval
    return interval is not None and interval.low <= 0


def _in_words(groups: Sequence[Sequence[Finding]]) -> str:
    lines = (
        f"{one.design}, {percent(one.turnover)} leave in a year: right {right(one)}, by reading "
        f"{percent(one.by_reading or 0)}, {_verdict(one)}; {percent(one.published)} published."
        for group in groups
        for one in group
    )
    return f"{_setting(groups[0][0])} {' '.join(lines)}"


# --- shapes --------------------------------------------------------------------------------


def _scale(height: int) -> Iterator[str]:
    for value, name in TICKS.items():
        x, kind = _x(value), "guessing" if value == GUESSING else "grid"
        yield f'<line class="{kind}" x1="{x}" y1="{TOP}" x2="{x}" y2="{height - FOOT + 8}"/>'
        yield f'<text class="small" x="{x}" y="{TOP - 6}" text-anchor="middle">{name}</text>'


def _drawn(groups: Sequence[Sequence[Finding]]) -> Iterator[str]:
    y = TOP
    for group in groups:
        y += HEADING
        yield f'<text class="design" x="12" y="{y - 6}">{escape(group[0].design)}</text>'
        for finding in group:
            yield from _line(finding, y + LINE // 2)
            y += LINE


def _line(finding: Finding, y: int) -> Iterator[str]:
    yield f'<text x="24" y="{y + 4}">{percent(finding.turnover)} leave in a year</text>'
    yield from _learned(finding, y)
    yield f'<text class="small" x="{BESIDE}" y="{y + 4}">{gain(finding)}</text>'
    length = round((BAR_END - BAR) * finding.published, 1)
    yield f'<rect class="all" x="{BAR}" y="{y - 6}" width="{BAR_END - BAR}" height="12"/>'
    yield f'<rect class="published" x="{BAR}" y="{y - 6}" width="{length}" height="12"/>'
    yield f'<text class="small" x="{BAR_END + 8}" y="{y + 4}">{percent(finding.published)}</text>'


def _learned(finding: Finding, y: int) -> Iterator[str]:
    interval = finding.right_interval
    if finding.right is None or finding.by_reading is None or interval is None:
        return
    kind = "range" if _learns_no_more(finding) else "range learns"
    low, high = _x(interval.low), _x(interval.high)
    yield f'<line class="{kind}" x1="{low}" y1="{y}" x2="{high}" y2="{y}"/>'
    yield _tick(_x(finding.by_reading), y)
    mark = _disc if _learns_no_more(finding) else _diamond
    yield mark(_x(finding.right), y)


def _tick(x: float, y: int) -> str:
    return f'<line class="read" x1="{x}" y1="{y - 8}" x2="{x}" y2="{y + 8}"/>'


def _disc(x: float, y: int) -> str:
    return f'<circle class="no-more" cx="{x}" cy="{y}" r="5"/>'


def _diamond(x: float, y: int) -> str:
    return f'<path class="more" d="M{x} {y - 6}l6 6l-6 6l-6 -6z"/>'


def _legend(height: int) -> Iterator[str]:
    y = height - 22
    kinds = (
        (_tick, 18, "by reading what was published"),
        (_disc, 230, f"the attacker {NO_MORE} than that"),
        (_diamond, 480, MORE),
    )
    for mark, x, words in kinds:
        yield mark(x, y)
        yield f'<text class="small" x="{x + 12}" y="{y + 4}">{escape(words)}</text>'
    yield f'<text class="small" x="652" y="{y + 4}">Line: where 95 of 100 simulations lie</text>'


def _x(value: float) -> float:
    """Where on the scale; at its ends whatever lies beyond."""
    share = (min(MOST, max(LEAST, value)) - LEAST) / (MOST - LEAST)
    return round(LEFT + (RIGHT - LEFT) * share, 1)
