"""What a delivery says: one short function for each kind of programme."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain import programme as programmes
from bot.domain.cadence import turn
from bot.domain.programme import Programme, ProgrammeKind
from bot.domain.rotation import pick
from bot.message import Button, Buttons, FinePrint, Heading, Message, Paragraph, Part
from bot.ports import Texts
from bot.store.database import Session
from bot.store.tables import Delivery, Occurrence, Person
from bot.usecases.core import Core
from bot.usecases.resources import resource_items
from bot.usecases.rules_in_words import announcement
from bot.usecases.summary import channel_summary, leader_summary
from bot.usecases.support.wording import letter


def programme_of(core: Core, occurrence: Occurrence) -> Programme | None:
    """The programme of an occurrence, or None if it has been taken out since."""
    if occurrence.rules_id is not None:
        return programmes.announcement(occurrence.rules_id)
    if occurrence.programme_id == programmes.SUPPORT_ID:
        return programmes.support_desk()
    found = (item for item in core.library.programmes if item.id == occurrence.programme_id)
    return next(found, None)


async def compose(
    core: Core,
    session: Session,
    delivery: Delivery,
    occurrence: Occurrence,
    person: Person | None,
    news: Sequence[Part] = (),
) -> Message | None:
    """The message of a delivery, or None if there is nothing to say.

    `news` is what a check-in tells its reader of besides.
    """
    programme = programme_of(core, occurrence)
    if programme is None:
        return None
    if person is None:
        return await channel_summary(core, session, occurrence, delivery.team_id or "")
    if programme.kind is ProgrammeKind.SUPPORT:
        return await letter(core, session, occurrence.id, person)
    if programme.kind is ProgrammeKind.SUMMARY:
        return await leader_summary(core, session, occurrence, person)
    texts = core.library.texts(person.language)
    if occurrence.rules_id is not None:
        return await announcement(session, texts, person, occurrence.rules_id)
    return _prompt(
        texts,
        person,
        programme,
        occurrence,
        delivery.id,
        news,
        with_comments=core.comments.is_on,
    )


def _prompt(
    texts: Texts,
    person: Person,
    programme: Programme,
    occurrence: Occurrence,
    key: str,
    news: Sequence[Part],
    *,
    with_comments: bool,
) -> Message | None:
    match programme.kind:
        case ProgrammeKind.WELCOME:
            return welcome(texts, person)
        case ProgrammeKind.CHECK_IN:
            return check_in(texts, programme, occurrence, key, news)
        case ProgrammeKind.REFLECTION:
            return reflection(texts, programme, occurrence, key)
        case ProgrammeKind.PULSE:
            return pulse(texts, person, occurrence, key, with_comments=with_comments)
        case _:
            return None


def welcome(texts: Texts, person: Person) -> Message:
    return Message(
        summary=texts.say("welcome.summary"),
        parts=(
            Heading(texts.say("welcome.title", name=person.name)),
            Paragraph(texts.say("welcome.what")),
            Paragraph(texts.say("welcome.how_often")),
            Paragraph(texts.say("welcome.what_is_stored")),
            Paragraph(texts.say("welcome.pulse_invitation")),
            Buttons(
                (
                    Button(texts.say("welcome.accept"), "welcome.answer", "yes", "primary"),
                    Button(texts.say("welcome.decline"), "welcome.answer", "no"),
                    Button(texts.say("welcome.settings"), "settings.open", style="quiet"),
                )
            ),
            FinePrint(texts.say("welcome.way_out")),
        ),
    )


def check_in(
    texts: Texts,
    programme: Programme,
    occurrence: Occurrence,
    key: str,
    news: Sequence[Part] = (),
) -> Message:
    """One question, five answers in words, three ways not to answer, and what is new besides."""
    opening = pick(texts.check_ins.openings, _turn(programme, occurrence))
    answers = tuple(
        Button(f"{choice.emoji} {choice.label}", "check_in.answer", f"{key}:{choice.id}")
        for choice in texts.check_ins.choices
    )
    return Message(
        summary=texts.say("check_in.summary"),
        parts=(
            Paragraph(opening.text),
            Buttons(answers),
            Buttons(
                (
                    Button(texts.say("later.not_now"), "delivery.snooze", key, "quiet"),
                    Button(texts.say("check_in.skip"), "check_in.answer", f"{key}:skip", "quiet"),
                    Button(texts.say("resources.button"), "support.open", style="quiet"),
                )
            ),
            FinePrint(texts.say("check_in.who_sees")),
            *news,
        ),
    )


def reflection(texts: Texts, programme: Programme, occurrence: Occurrence, key: str) -> Message:
    prompt = pick(texts.reflections, _turn(programme, occurrence))
    return Message(
        summary=texts.say("reflection.summary"),
        parts=(
            Heading(texts.say("reflection.title", commitment=texts.commitment(prompt.commitment))),
            Paragraph(prompt.text),
            Buttons(
                (
                    Button(texts.say("later.not_now"), "delivery.snooze", key, "quiet"),
                    Button(texts.say("reflection.decline"), "reflection.decline", key, "quiet"),
                    Button(texts.say("resources.button"), "support.open", style="quiet"),
                )
            ),
            FinePrint(texts.say("reflection.who_sees")),
        ),
    )


def pulse(
    texts: Texts, person: Person, occurrence: Occurrence, key: str, *, with_comments: bool = False
) -> Message:
    """An invitation that never changes: it looks the same whether or not somebody answered.

    And whether or not they may comment: where comments are on, everybody's has the buttons.
    """
    round_id = occurrence.round_id or ""
    closes = occurrence.expires_at.astimezone(ZoneInfo(person.zone))
    until = texts.say("home.when", day=texts.day(closes.date()), time=f"{closes:%H:%M}")
    return Message(
        summary=texts.say("pulse.summary"),
        parts=(
            Heading(texts.say("pulse.title")),
            Paragraph(texts.say("pulse.invitation", until=until)),
            Buttons(
                (
                    Button(texts.say("pulse.answer"), "pulse.form", round_id, "primary"),
                    Button(texts.say("pulse.preview"), "pulse.preview", round_id),
                    Button(texts.say("pulse.withdraw"), "pulse.withdraw", round_id, "quiet"),
                )
            ),
            *(_comments(texts, round_id) if with_comments else ()),
            Buttons(
                (
                    Button(texts.say("later.not_now"), "delivery.snooze", key, "quiet"),
                    Button(texts.say("pulse.stop"), "pulse.consent", "no", "quiet"),
                    Button(texts.say("resources.button"), "support.open", style="quiet"),
                )
            ),
            FinePrint(texts.say("pulse.promise")),
            *((FinePrint(texts.say("comments.not_an_answer")),) if with_comments else ()),
        ),
    )


def _comments(texts: Texts, round_id: str) -> tuple[Buttons, ...]:
    write = Button(texts.say("comments.write"), "comments.write", round_id)
    withdraw = Button(texts.say("comments.withdraw"), "comments.withdraw", round_id, "quiet")
    return (Buttons((write, withdraw)),)


def settled(texts: Texts, region: str) -> Message:
    """What stays in the chat after a tap: the same whatever was tapped."""
    return Message(
        summary=texts.say("settled.summary"),
        parts=(
            Paragraph(texts.say("settled.text")),
            resource_items(texts, region),
            FinePrint(texts.say("settled.way_out")),
        ),
    )


def notice(texts: Texts, words: str) -> Message:
    """Words for the person alone, which don't stay."""
    return Message(
        summary=words,
        parts=(Paragraph(words), FinePrint(texts.say("notice.only_you"))),
    )


def _turn(programme: Programme, occurrence: Occurrence) -> int:
    return turn(programme.cadence, datetime.fromisoformat(occurrence.local_at).date())
