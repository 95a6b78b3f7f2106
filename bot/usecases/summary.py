"""The weekly summary: built from published rows alone, the same for manager and channel."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from bot.domain.bands import Band, change
from bot.domain.library import PulseItem, Scale
from bot.errors import NotAllowed
from bot.message import (
    Button,
    Buttons,
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
from bot.store import people, rounds
from bot.store.database import Session
from bot.store.tables import Occurrence, Person, Publication, Round
from bot.usecases.actions.page import action_buttons
from bot.usecases.actions.shown import action_parts
from bot.usecases.band_words import figure, labels_in_words, people_in_words, range_in_words
from bot.usecases.core import Core
from bot.usecases.history import history_button
from bot.usecases.people import acting_texts, blocks_by_name, led_by_block, today
from bot.usecases.published import band_of
from bot.usecases.questions import questions_of
from bot.usecases.roll_up import roll_up_parts
from bot.usecases.rules import rules_of

# A leader of many blocks finds the rest on their home page.
MOST_BLOCKS_IN_ONE_MESSAGE = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A question's published band, and the one published before it, if any."""

    item: PulseItem
    band: Band
    earlier: Band | None

    @property
    def is_held(self) -> bool:
        """Whether the band is the earlier one: then the mean is in it give or take chance only."""
        return self.earlier is not None and _mean(self.earlier) == _mean(self.band)


async def leader_summary(
    core: Core, session: Session, occurrence: Occurrence, person: Person
) -> Message | None:
    """The summary of the blocks that a person leads, or None if there are none."""
    texts = core.library.texts(person.language)
    asked = await rounds.round_by_id(session, occurrence.round_id or "")
    own = await led_by_block(session, person, asked) if asked else {}
    led = await blocks_by_name(session, own)
    if asked is None or not led:
        return None
    parts = await roll_up_parts(core, session, texts, asked, led)
    for block in led[:MOST_BLOCKS_IN_ONE_MESSAGE]:
        parts += await _leaders_parts(core, session, texts, asked, person, block.id, own[block.id])
    if len(led) > MOST_BLOCKS_IN_ONE_MESSAGE:
        parts.append(Paragraph(texts.say("summary.more_at_home")))
    settings = Button(texts.say("settings.open"), "settings.open", style="quiet")
    return _message(texts, asked, [*parts, Buttons((settings,))])


async def channel_summary(
    core: Core, session: Session, occurrence: Occurrence, team_id: str
) -> Message | None:
    """The summary of the block that a team was in, for its channel; None for a newer team."""
    texts = core.library.texts("en")
    asked = await rounds.round_by_id(session, occurrence.round_id or "")
    block_id = (await rounds.team_blocks(session, asked.id)).get(team_id) if asked else None
    if asked is None or block_id is None:
        return None
    parts = await _block_parts(core, session, texts, asked, block_id)
    said = await action_parts(session, texts, [team_id], core.clock.now().date())
    return _message(texts, asked, [*parts, *said])


async def read_summary(core: Core, tap: Tap) -> Reply:
    """Show the latest summary of a block to somebody who leads it: `value` is the block."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
        asked = await rounds.latest_counted(session)
        own = await led_by_block(session, person, asked)
        if tap.value not in own:
            raise NotAllowed(texts.say("error.not_yours"))
        if asked is None:
            return Reply(notice=_nothing_yet(texts))
        parts = await _leaders_parts(core, session, texts, asked, person, tap.value, own[tap.value])
    return Reply(notice=_message(texts, asked, parts))


def _nothing_yet(texts: Texts) -> Message:
    words = texts.say("summary.nothing_yet")
    return Message(summary=words, parts=(Paragraph(words),))


def _message(texts: Texts, asked: Round, parts: list[Part]) -> Message:
    day = texts.day(asked.local_date)
    return Message(
        summary=texts.say("summary.summary", day=day),
        parts=(
            Paragraph(texts.say("summary.intro", day=day)),
            *parts,
            FinePrint(texts.say("summary.cannot_see")),
        ),
    )


async def _leaders_parts(
    core: Core,
    session: Session,
    texts: Texts,
    asked: Round,
    person: Person,
    block_id: str,
    own: Collection[str],
) -> list[Part]:
    """A block as its channels read it, and the ways to how it went before and what comes of it.

    `own` are those of its teams that the person leads.
    """
    parts = await _block_parts(core, session, texts, asked, block_id)
    said = await action_parts(session, texts, own, today(core, person))
    buttons = (history_button(texts, block_id, asked), *action_buttons(texts, block_id))
    return [*parts, *said, Buttons(buttons)]


async def _block_parts(
    core: Core, session: Session, texts: Texts, asked: Round, block_id: str
) -> list[Part]:
    block = await people.find_block(session, block_id)
    if block is None:
        return []
    own_words = {item.id: item for item in texts.pulse_items}
    found = {row.question_id: row for row in await rounds.publications(session, asked.id, block_id)}
    heading = Heading(texts.say("summary.block", block=block.name))
    rows = [
        (own_words[item.id], found[item.id])
        for item in questions_of(core, asked)
        if item.id in found
    ]
    if not any(row.outcome in {"published", "too_few"} for _, row in rows):
        return [heading, Paragraph(texts.say(_silence(rows)))]
    shown = {
        item.id: await _shown(session, asked, item, row)
        for item, row in rows
        if row.outcome == "published"
    }
    entries = [
        await _entry(session, texts, asked, shown[item.id])
        if item.id in shown
        else Item(item.text, texts.say(f"summary.{row.outcome}_question"))
        for item, row in rows
    ]
    return [heading, Items(tuple(entries)), *_charts(texts, [*shown.values()])]


def _silence(rows: list[tuple[PulseItem, Publication]]) -> str:
    """What to say of a block with nothing to show: kindly, and never why it rests."""
    lost = any(row.outcome == "unpublished" for _, row in rows)
    return "summary.unpublished" if lost else "summary.rests"


async def _shown(session: Session, asked: Round, item: PulseItem, row: Publication) -> Shown:
    last = await rounds.last_published(session, [item.id], asked.closes_at, row.block_id)
    return Shown(item, band_of(row), next(map(band_of, last), None))


async def _entry(session: Session, texts: Texts, asked: Round, shown: Shown) -> Item:
    ends = shown.band.mean_low, shown.band.mean_high
    said = texts.say(
        "summary.band_as_before" if shown.is_held else "summary.band",
        band=range_in_words(texts, shown.item, *ends),
        labels=labels_in_words(texts, shown.item.scale, *ends),
        people=people_in_words(texts, shown.band),
    )
    if shown.is_held:  # which is all that can be said of a change
        return Item(shown.item.text, said)
    return Item(shown.item.text, f"{said} {await _trend(session, texts, asked, shown)}")


def _mean(band: Band) -> tuple[Fraction, Fraction]:
    return band.mean_low, band.mean_high


async def _trend(session: Session, texts: Texts, asked: Round, shown: Shown) -> str:
    if shown.earlier is None:
        return texts.say("summary.first_time")
    rules = await rules_of(session, asked)
    scale = shown.item.scale
    since = change(shown.earlier, shown.band, rules, scale.low, scale.high)
    return texts.say(f"summary.{since}")


def _charts(texts: Texts, shown: list[Shown]) -> list[Chart]:
    """One chart for each scale: questions on different scales don't share an axis."""
    scales = {each.item.scale: None for each in shown}
    return [_chart(texts, scale, [x for x in shown if x.item.scale == scale]) for scale in scales]


def _chart(texts: Texts, scale: Scale, shown: list[Shown]) -> Chart:
    """The ends of each band: the picture can't say which are held, so its words claim no more."""
    lows = tuple(float(each.band.mean_low) for each in shown)
    highs = tuple(float(each.band.mean_high) for each in shown)
    return Chart(
        title=texts.say("summary.chart_title", bottom=scale.low, top=scale.high),
        kind="range",
        categories=tuple(each.item.short for each in shown),
        series=(
            Series(texts.say("summary.chart_from"), lows),
            Series(texts.say("summary.chart_to"), highs),
        ),
        low=float(scale.low),
        high=float(scale.high),
        text=" ".join(_chart_line(texts, each) for each in shown),
    )


def _chart_line(texts: Texts, shown: Shown) -> str:
    return texts.say(
        "summary.chart_line_as_before" if shown.is_held else "summary.chart_line",
        question=shown.item.short,
        low=figure(shown.band.mean_low),
        high=figure(shown.band.mean_high),
    )
