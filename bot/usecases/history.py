"""How a block's results went over time: the bands that its summaries have shown, once more.

A question comes back after eight weeks at the earliest, so its days are those of rounds. Rounds
that rested or had too few answers are gaps alike, and no cause is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from bot.domain.bands import Band, Change, change
from bot.domain.library import PulseItem
from bot.errors import NotAllowed
from bot.message import (
    Button,
    Chart,
    FinePrint,
    Heading,
    Item,
    Items,
    Message,
    Paragraph,
    Part,
    Series,
)
from bot.ports import Reply, Tap, Texts
from bot.store import publications, rounds
from bot.store.database import Session
from bot.store.tables import Block, Round
from bot.usecases.band_words import figure
from bot.usecases.core import Core
from bot.usecases.people import acting_texts, blocks_led
from bot.usecases.published import band_of
from bot.usecases.questions import questions_of
from bot.usecases.rules import rules_of

# The round that is looked at, and up to eight before it: at least a year and a quarter.
MOST_ROUNDS = 9
# A line has two ends.
FEWEST_DRAWN = 2


@dataclass(frozen=True, slots=True)
class Point:
    """What a round has shown of a question: its band, or None for whatever else.

    `since` says how it compares with the one that was published before it, if any.
    """

    asked: Round
    band: Band | None
    since: Change | None = None


def history_button(texts: Texts, block_id: str, asked: Round) -> Button:
    """What leads from a summary to how it went before."""
    return Button(texts.say("history.open"), "history.read", f"{block_id} {asked.id}")


async def read_history(core: Core, tap: Tap) -> Reply:
    """Show somebody who leads a block how the questions of a round went over time.

    `value` is the block, and the round; without one, it is the last that was counted.
    """
    block_id, _, round_id = tap.value.partition(" ")
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
        asked = await (
            rounds.round_by_id(session, round_id) if round_id else rounds.latest_counted(session)
        )
        is_counted = asked is not None and asked.state in rounds.COUNTED
        led = await blocks_led(session, person, asked) if is_counted else []
        block = next((each for each in led if each.id == block_id), None)
        if asked is None or block is None:
            raise NotAllowed(texts.say("error.not_yours"))
        parts = await _question_parts(core, session, texts, asked, block)
    return Reply(notice=_message(texts, asked, block, parts))


def _message(texts: Texts, asked: Round, block: Block, parts: list[Part]) -> Message:
    title = texts.say("history.title", block=block.name)
    return Message(
        summary=title,
        parts=(
            Heading(title),
            Paragraph(texts.say("history.intro", day=texts.day(asked.local_date))),
            *parts,
            FinePrint(texts.say("history.cannot_see")),
        ),
    )


async def _question_parts(
    core: Core, session: Session, texts: Texts, asked: Round, block: Block
) -> list[Part]:
    own_words = {item.id: item for item in texts.pulse_items}
    items = [own_words[item.id] for item in questions_of(core, asked)]
    found = await publications.over_time(
        session, block.id, [item.id for item in items], asked.closes_at, MOST_ROUNDS
    )
    parts: list[Part] = []
    for item in items:
        rows = [(row, when) for row, when in found if row.question_id == item.id]
        points = [
            Point(when, band_of(row) if row.outcome == "published" else None) for row, when in rows
        ]
        parts += _parts(texts, item, await _compared(session, item, points))
    return parts


async def _compared(session: Session, item: PulseItem, points: list[Point]) -> list[Point]:
    """The points, each with how it compares: as the summary of its round has said it."""
    shown = [(point, point.band) for point in points if point.band is not None]
    since: dict[str, Change] = {}
    for (_, earlier), (point, band) in pairwise(shown):
        rules = await rules_of(session, point.asked)
        since[point.asked.id] = change(earlier, band, rules, item.scale.low, item.scale.high)
    return [Point(point.asked, point.band, since.get(point.asked.id)) for point in points]


def _parts(texts: Texts, item: PulseItem, points: list[Point]) -> list[Part]:
    """A question and what was shown of it: drawn, if there are two bands or more."""
    lines = " ".join(_line(texts, point) for point in points)
    shown = [point for point in points if point.band is not None]
    if not shown:
        return [Items((Item(item.text, texts.say("history.nothing_yet")),))]
    scale = _scale(texts, item)
    if len(shown) < FEWEST_DRAWN:
        return [Items((Item(item.text, f"{scale} {lines}"),))]
    if not any(point.since in {Change.HIGHER, Change.LOWER} for point in shown):
        scale = f"{scale} {texts.say('history.no_clear_change')}"
    return [Items((Item(item.text, scale),)), _chart(texts, item, points, lines)]


def _scale(texts: Texts, item: PulseItem) -> str:
    return texts.say(
        "history.scale",
        bottom=item.scale.low,
        bottom_label=item.scale.labels[0].lower(),
        top=item.scale.high,
        top_label=item.scale.labels[-1].lower(),
    )


def _line(texts: Texts, point: Point) -> str:
    day = texts.short_day(point.asked.local_date)
    if point.band is None:
        return texts.say("history.gap", day=day)
    ends = {"low": figure(point.band.mean_low), "high": figure(point.band.mean_high)}
    match point.since:
        case Change.HIGHER:
            key = "history.point_higher"
        case Change.LOWER:
            key = "history.point_lower"
        case _:
            key = "history.point"
    return texts.say(key, day=day, **ends)


def _chart(texts: Texts, item: PulseItem, points: list[Point], lines: str) -> Chart:
    """Two lines, between which the mean lies; None leaves a gap in both."""
    lows = tuple(None if each.band is None else float(each.band.mean_low) for each in points)
    highs = tuple(None if each.band is None else float(each.band.mean_high) for each in points)
    return Chart(
        title=item.short,
        kind="line",
        categories=tuple(texts.short_day(point.asked.local_date) for point in points),
        series=(
            Series(texts.say("summary.chart_from"), lows),
            Series(texts.say("summary.chart_to"), highs),
        ),
        low=float(item.scale.low),
        high=float(item.scale.high),
        text=lines,
    )
