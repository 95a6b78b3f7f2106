"""What was found, as a table: for a terminal, and for a page of the documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from rich import box
from rich.table import Table

from bot.errors import FindingsError
from bot.simulation.findings import Finding

BEGIN: Final = "<!-- simulation:begin -->"
END: Final = "<!-- simulation:end -->"
NOT_LOOKED_FOR: Final = "-"
LONGEST_WORD: Final = 10
LEAST_SAID: Final = 0.001


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    cell: Callable[[Finding], str]
    is_number: bool = True


def percent(share: float) -> str:
    """A share as people read it, to a tenth of a percent: 84.5%, 18%; all and nothing are exact."""
    if 0 < share < LEAST_SAID:
        return f"under {LEAST_SAID:.1%}"
    if 1 - LEAST_SAID < share < 1:
        return f"over {1 - LEAST_SAID:.1%}"
    return f"{100 * share:.1f}".removesuffix(".0") + "%"


def right(finding: Finding) -> str:
    """How often the attacker was right, and between what that lies in 95 of 100 simulations."""
    interval = finding.right_interval
    if finding.right is None or interval is None:
        return NOT_LOOKED_FOR
    return f"{percent(finding.right)} ±{100 * (interval.high - finding.right):.1f}"


def gain(finding: Finding) -> str:
    """What the attacker has over somebody who only reads, in hundredths, and between what."""
    interval = finding.gain_interval
    if finding.gain is None or interval is None:
        return NOT_LOOKED_FOR
    return f"{100 * finding.gain:+.1f} ±{100 * (interval.high - finding.gain):.1f}"


def _by_reading(finding: Finding) -> str:
    return NOT_LOOKED_FOR if finding.by_reading is None else percent(finding.by_reading)


def _determined(finding: Finding) -> str:
    return NOT_LOOKED_FOR if finding.determined is None else f"{finding.determined:,}"


def _ruled_out(finding: Finding) -> str:
    if finding.ruled_out is None:
        return NOT_LOOKED_FOR
    undecided = f" (+{percent(finding.undecided)}?)" if finding.undecided else ""
    return percent(finding.ruled_out) + undecided


_OF_THE_ORGANISATION: Final = (
    _Column("People", lambda one: f"{one.people:,}"),
    _Column("Leave in a year", lambda one: percent(one.turnover)),
    _Column("Re-organised", lambda one: "yes" if one.reorganises else "no", is_number=False),
    _Column("Answer", lambda one: percent(one.answering)),
)
_OF_THE_ATTACK: Final = (
    _Column("Design", lambda one: one.design, is_number=False),
    _Column("Attacker knows", lambda one: one.knows.value, is_number=False),
    _Column("Published", lambda one: percent(one.published)),
    _Column("Determined", _determined),
    _Column("Ruled out", _ruled_out),
    _Column("Right of two", right),
    _Column("By reading", _by_reading),
    _Column("Gain", gain),
)
# A terminal has room for 80 characters: what is the difference of two others is left out there.
_IN_A_TERMINAL: Final = tuple(each for each in _OF_THE_ATTACK if each.cell is not _by_reading)
_NARROW: Final = {"Published": "Pub-\nlished", "Determined": "Deter-\nmined"}
_BLOCKS: Final = _Column("Blocks", lambda one: f"{one.blocks:,}")
COLUMNS: Final = (*_OF_THE_ORGANISATION, *_OF_THE_ATTACK, _BLOCKS)


def for_terminal(findings: Iterable[Finding]) -> Iterator[Table]:
    """A table for each organisation, narrow enough for a terminal."""
    for organisation, found in groupby(findings, key=_organisation):
        table = Table(
            title=organisation,
            title_justify="left",
            title_style="bold",
            box=box.SIMPLE,
            pad_edge=False,
            collapse_padding=True,
        )
        for column in _IN_A_TERMINAL:
            table.add_column(
                _NARROW.get(column.name, column.name.replace(" ", "\n")),
                justify="right" if column.is_number else "left",
                no_wrap=column.is_number,
                min_width=None if column.is_number else LONGEST_WORD,
            )
        for finding in found:
            table.add_row(*(column.cell(finding) for column in _IN_A_TERMINAL))
        yield table


def _organisation(finding: Finding) -> str:
    reorganised = "re-organised" if finding.reorganises else "never re-organised"
    return (
        f"{finding.people:,} people, {percent(finding.turnover)} leave in a year, {reorganised}, "
        f"{percent(finding.answering)} answer"
    )


def as_markdown(findings: Sequence[Finding]) -> str:
    """A table for a Markdown page."""
    lines = [
        _line([column.name for column in COLUMNS]),
        _line(["--:" if column.is_number else "---" for column in COLUMNS]),
        *(_line([column.cell(finding) for column in COLUMNS]) for finding in findings),
    ]
    return "\n".join(lines)


def write_into(page: Path, findings: Sequence[Finding]) -> None:
    """Put the table between the markers of a page; all else stays. Raises FindingsError."""
    text = _with_place(page)
    try:
        page.write_text(with_table(text, findings), encoding="utf-8")
    except OSError as error:
        raise FindingsError([f"{page} can't be written: {error.strerror}."]) from None


def check_page(page: Path) -> None:
    """Raises FindingsError if a page has no place for the table."""
    _with_place(page)


def _with_place(page: Path) -> str:
    try:
        text = page.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise FindingsError([f"{page} can't be read."]) from None
    if END not in text.partition(BEGIN)[2]:
        raise FindingsError(
            [f"{page} has no place for the table: a line {BEGIN}, and below it a line {END}."]
        )
    return text


def with_table(text: str, findings: Sequence[Finding]) -> str:
    """The text of a page that has a place for the table, with this table in it."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n{as_markdown(findings)}\n{END}{after}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
