"""What waits, for coordinators: without names, pseudonyms or topics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.support import HELD
from bot.domain.support_clock import age
from bot.domain.volunteering import WarriorState
from bot.message import Button, Buttons, FinePrint, Heading, Item, Items, Message, Paragraph, Part
from bot.ports import Reply, Tap, Texts, Who
from bot.store import support, warriors
from bot.store.support_tables import AskingPause, SupportRequest
from bot.store.tables import Person
from bot.usecases.core import Core
from bot.usecases.support.desk import acting_coordinator
from bot.usecases.support.letter import queue_button

# Of requests, of those who would like to volunteer, and of pauses.
AT_A_TIME: Final = 5


async def open_queue(core: Core, tap: Tap) -> Reply:
    """What waits; `value` is how many requests to leave out, from the longest waiting on."""
    return Reply(notice=await queue_page(core, tap.who, _number(tap.value)))


async def queue_page(core: Core, who: Who, skipped: int = 0) -> Message:
    """The same for a typed line. Raises NotAllowed for whoever is no coordinator."""
    async with core.database.reading() as session:
        person, texts = await acting_coordinator(core, session, who)
        requests = await support.alive(session)
        applied = await warriors.warriors(session, [WarriorState.APPLIED])
        pauses = await support.pauses(session)
    applicants = sorted((each for _, each in applied if each.id != person.id), key=_by_name)
    now = core.clock.now()
    shown = requests[skipped : skipped + AT_A_TIME]
    parts: list[Part] = [Heading(texts.say("support.queue.title"))]
    for number, request in enumerate(shown, skipped + 1):
        parts += _request_parts(texts, request, number, now, ZoneInfo(person.zone))
    if not shown:
        parts.append(Paragraph(texts.say("support.queue.none")))
    if len(requests) > skipped + AT_A_TIME:
        more = queue_button(texts, "support.queue.more", str(skipped + AT_A_TIME))
        parts.append(Buttons((more,)))
    parts += _applicant_parts(texts, applicants)
    parts += _pause_parts(texts, pauses)
    parts.append(FinePrint(texts.say("support.queue.who_sees")))
    return Message(summary=texts.say("support.queue.title"), parts=tuple(parts))


def _request_parts(
    texts: Texts, request: SupportRequest, number: int, now: datetime, zone: ZoneInfo
) -> list[Part]:
    key, days = age(request.since, now, zone)
    said = texts.say(
        "support.queue.request",
        urgency=texts.say(f"support.ask.urgency.{request.urgency}"),
        age=(
            texts.say("support.queue.days_ago", days=days)
            if key == "days"
            else texts.say(f"support.queue.age.{key}")
        ),
        state=texts.say(f"support.queue.state.{request.state}"),
    )
    act = (
        Button(texts.say("support.queue.reassign"), "support.reassign", request.id)
        if request.state in HELD
        else Button(texts.say("support.take_over"), "support.take_over", request.id, "primary")
    )
    end = Button(texts.say("support.queue.close"), "support.coordinator_close", request.id, "quiet")
    return [
        Items((Item(texts.say("support.queue.number", number=number), said),)),
        Buttons((act, end)),
    ]


def _applicant_parts(texts: Texts, applicants: list[Person]) -> list[Part]:
    """Those who would like to volunteer: they have said so by name."""
    if not applicants:
        return []
    parts: list[Part] = [Heading(texts.say("support.queue.applicants"))]
    for each in applicants[:AT_A_TIME]:
        approve = Button(texts.say("support.apply.approve"), "support.approve", each.id, "primary")
        decline = Button(texts.say("support.apply.not_now"), "support.not_now", each.id)
        parts += [Items((Item(each.name),)), Buttons((approve, decline))]
    others = len(applicants) - AT_A_TIME
    if others > 0:
        parts.append(Paragraph(texts.say("support.queue.more_applicants", number=others)))
    return parts


def _pause_parts(texts: Texts, pauses: Sequence[AskingPause]) -> list[Part]:
    """Those whose requests aren't passed on, by the pseudonym of the conversation it was for."""
    if not pauses:
        return []
    parts: list[Part] = [Heading(texts.say("support.queue.pauses"))]
    for each in pauses[:AT_A_TIME]:
        lift = Button(texts.say("support.pause.lift"), "support.pause.lift", each.id)
        until = texts.say("support.pause.until", day=texts.day(each.until))
        parts += [Items((Item(each.alias, until),)), Buttons((lift,))]
    others = len(pauses) - AT_A_TIME
    if others > 0:
        parts.append(Paragraph(texts.say("support.queue.more_pauses", number=others)))
    return parts


def _by_name(person: Person) -> tuple[str, str]:
    return person.name, person.id


def _number(written: str) -> int:
    """How many to leave out, from a button's value; a forged one leaves out none."""
    return int(written) if re.fullmatch(r"[0-9]{1,5}", written) else 0
