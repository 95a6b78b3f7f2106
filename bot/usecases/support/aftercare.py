"""Care for volunteers after a tough conversation, and what helps during one.

Nothing here says which conversation it was, nor what it was about: not to the coordinator either.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.domain.availability import next_working_morning
from bot.domain.volunteering import RESTS_FOR, WarriorState
from bot.errors import NotFound
from bot.message import Button, Buttons, FinePrint, Item, Items, Message, Paragraph
from bot.ports import Reply, Tap, Texts
from bot.store import people, support, support_notices, warriors
from bot.store.database import Session
from bot.store.support_tables import Warrior
from bot.store.tables import Person
from bot.usecases.compose import notice
from bot.usecases.core import Core
from bot.usecases.people import acting_texts, today
from bot.usecases.resources import resource_items
from bot.usecases.support.desk import changing
from bot.usecases.support.letter import to_volunteer
from bot.usecases.support.letters import LASTS, Kind, send, send_when_free
from bot.usecases.support.stepping_back import let_offers_go
from bot.usecases.support.volunteering import begin_break

# Asking for a debrief again within this is the same request.
SAME_DEBRIEF: Final = timedelta(days=2)


async def tough(core: Core, tap: Tap) -> Reply:
    """After a tough one: no offers for a day, and a letter on the next working day."""
    async with changing(core) as session:
        person, texts, warrior = await _volunteer(core, session, tap)
        now = core.clock.now()
        if warrior is not None and (warrior.rests_until is None or warrior.rests_until <= now):
            warrior.rests_until = now + RESTS_FOR
            await session.flush()
            await let_offers_go(core, session, person.id)
            morning = next_working_morning(people.availability(person), now)
            if morning is not None:
                await send(core, session, Kind.HOW_ARE_YOU, person.id, at=morning, lasts=LASTS)
    words = texts.say("support.tough.done")
    return Reply(
        notice=Message(
            summary=words,
            parts=(
                Paragraph(words),
                Paragraph(texts.say("support.tough.now")),
                resource_items(texts, person.region),
                Buttons((Button(texts.say("support.tough.debrief"), "support.debrief"),)),
                FinePrint(texts.say("support.tough.who_sees")),
            ),
        )
    )


async def fine(core: Core, tap: Tap) -> Reply:
    """It's all right today."""
    async with core.database.reading() as session:
        _, texts, _ = await _volunteer(core, session, tap)
    return _answered(texts, "support.tough.glad")


async def debrief(core: Core, tap: Tap) -> Reply:
    """A talk with the coordinator, who hears who would like one and nothing else."""
    async with changing(core) as session:
        person, texts, _ = await _volunteer(core, session, tap)
        key = await _ask_for_debrief(core, session, person)
    return _answered(texts, key)


async def _ask_for_debrief(core: Core, session: Session, person: Person) -> str:
    """The key of what to say. Pressed twice, it has one effect."""
    since = today(core, person) - SAME_DEBRIEF
    if await support_notices.is_written_about(session, person.id, Kind.DEBRIEF, since):
        return "support.tough.debrief_asked"
    told = [
        await send_when_free(core, session, Kind.DEBRIEF, each, about_id=person.id)
        for each in await warriors.coordinators(session)
        if each.id != person.id
    ]
    return "support.tough.debrief_asked" if any(told) else "support.tough.no_coordinator"


async def longer_break(core: Core, tap: Tap) -> Reply:
    """No offers until they say so."""
    async with changing(core) as session:
        person, texts, warrior = await _volunteer(core, session, tap)
        if warrior is not None and warrior.state == WarriorState.ACTIVE:
            await begin_break(core, session, person, warrior)
    return _answered(texts, "support.volunteer.paused")


def _answered(texts: Texts, key: str) -> Reply:
    """What stays in the chat is the same whatever was pressed."""
    stays = to_volunteer(texts, texts.say("support.tough.answered"))
    return Reply(replace=stays, notice=notice(texts, texts.say(key)))


async def show_script(core: Core, tap: Tap) -> Reply:
    """What helps in a conversation; `value` is the one that they're in, or nothing."""
    async with core.database.reading() as session:
        person, texts, _ = await _volunteer(core, session, tap)
        request = await support.request(session, tap.value)
    entries = (
        Item(texts.say(f"support.script.{name}.label"), texts.say(f"support.script.{name}.text"))
        for name in ("listen", "say", "avoid", "limits", "turn", "risk")
    )
    harm = (
        (Buttons((Button(texts.say("support.harm.button"), "support.harm", request.id),)),)
        if request is not None and request.warrior_id == person.id
        else ()
    )
    return Reply(
        notice=Message(
            summary=texts.say("support.script.title"),
            parts=(
                Items(tuple(entries)),
                *harm,
                resource_items(texts, person.region),
                FinePrint(texts.say("support.volunteer.way_out")),
            ),
        )
    )


async def _volunteer(
    core: Core, session: Session, tap: Tap
) -> tuple[Person, Texts, Warrior | None]:
    """Somebody who volunteers or has, or a coordinator, who may have taken a request over.

    Raises NotFound for anybody else.
    """
    person, texts = await acting_texts(core, session, tap.who)
    warrior = await warriors.warrior(session, person.id)
    if not person.is_coordinator and (
        warrior is None or warrior.state in {WarriorState.APPLIED, WarriorState.APPROVED}
    ):
        raise NotFound(texts.say("error.unknown_button"))
    return person, texts, warrior
