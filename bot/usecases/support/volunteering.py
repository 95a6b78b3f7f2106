"""Being a volunteer: saying when one is there, taking a break, coming back, and leaving."""

from __future__ import annotations

from typing import Final

from bot.domain.volunteering import ON_DUTY, CameBy, WarriorState
from bot.message import FinePrint, Items, Message, Paragraph
from bot.ports import Reply, Submission, Tap, Texts
from bot.store import support_notices, warriors
from bot.store.database import Session
from bot.store.support_tables import Warrior
from bot.store.tables import Person
from bot.usecases.compose import notice
from bot.usecases.core import Core
from bot.usecases.people import acting_texts
from bot.usecases.support.desk import changing
from bot.usecases.support.letter import to_volunteer
from bot.usecases.support.letters import Kind
from bot.usecases.support.stepping_back import give_everything_back, let_offers_go
from bot.usecases.support.volunteer_page import channel, is_barred
from bot.usecases.support.volunteering_form import Chosen, read_form, volunteering_form

# They may say when they are there.
FILLS_IN: Final = (WarriorState.APPROVED, *ON_DUTY)


async def open_form(core: Core, tap: Tap) -> Reply:
    """The form of a volunteer who was approved."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
        warrior = await warriors.warrior(session, person.id)
        refused = await _refused(session, person, warrior)
        if refused:
            return Reply(notice=notice(texts, texts.say(refused)))
        form = volunteering_form(core, texts, person, warrior)
    return Reply(form=form)


async def save_form(core: Core, submission: Submission) -> Reply:
    """Take the form. Whoever was approved may be asked from now on."""
    async with changing(core) as session:
        person, texts = await acting_texts(core, session, submission.who)
        warrior = await warriors.warrior(session, person.id, to_change=True)
        refused = await _refused(session, person, warrior)
        if refused:
            return Reply(notice=notice(texts, texts.say(refused)))
        read = read_form(core, texts, person, submission.fields)
        if not isinstance(read, Chosen):
            form = volunteering_form(core, texts, person, warrior)
            return Reply(form=form, errors=read)
        warrior = warrior or Warrior(person_id=person.id, state=WarriorState.LEFT)
        _note(warrior, read)
        session.add(warrior)
    key = "support.volunteer.saved" if read.trained_on else "support.volunteer.train_first"
    return Reply(notice=_saved(core, texts, texts.say(key)), home=True)


async def _refused(session: Session, person: Person, warrior: Warrior | None) -> str:
    """The key of why somebody can't fill the form in; "" if they can."""
    if await is_barred(session, person):
        return "support.volunteer.barred"
    state = warrior.state if warrior else WarriorState.LEFT
    if state in FILLS_IN or (state == WarriorState.LEFT and person.is_volunteer):
        return ""
    return "support.volunteer.not_approved"


def _note(warrior: Warrior, chosen: Chosen) -> None:
    """Have what they chose. Whoever is trained begins, or goes on as they are."""
    if warrior.state == WarriorState.LEFT:  # the roster has approved them
        warrior.state, warrior.came_by = WarriorState.APPROVED, CameBy.ROSTER
    if warrior.state == WarriorState.APPROVED and chosen.trained_on is not None:
        warrior.state = WarriorState.ACTIVE
    if warrior.trained_on != chosen.trained_on:
        warrior.trained_on, warrior.told_on = chosen.trained_on, None
    warrior.languages, warrior.shifts = list(chosen.languages), list(chosen.shifts)
    warrior.cap, warrior.is_listed = chosen.cap, chosen.is_listed


def _saved(core: Core, texts: Texts, words: str) -> Message:
    """Also where volunteers talk among themselves, if there is such a place."""
    place = channel(core, texts)
    return Message(
        summary=words,
        parts=(
            Paragraph(words),
            *((Items(place),) if place else ()),
            FinePrint(texts.say("support.volunteer.way_out")),
        ),
    )


async def pause(core: Core, tap: Tap) -> Reply:
    """No offers until they say so. What they have goes on."""
    async with changing(core) as session:
        person, texts, warrior = await _acting(core, session, tap)
        if warrior is None or warrior.state != WarriorState.ACTIVE:
            return Reply(notice=notice(texts, texts.say("support.over")))
        await begin_break(core, session, person, warrior)
    return Reply(notice=to_volunteer(texts, texts.say("support.volunteer.paused")), home=True)


async def begin_break(core: Core, session: Session, person: Person, warrior: Warrior) -> None:
    """Have an active volunteer asked for nothing until they say so."""
    warrior.state = WarriorState.PAUSED
    await session.flush()
    await let_offers_go(core, session, person.id)


async def come_back(core: Core, tap: Tap) -> Reply:
    """End a break, or begin again once one manages nobody any more."""
    async with changing(core) as session:
        person, texts, warrior = await _acting(core, session, tap)
        if await is_barred(session, person):
            return Reply(notice=notice(texts, texts.say("support.volunteer.barred")))
        if warrior is None or warrior.state not in {WarriorState.PAUSED, WarriorState.MAY_RETURN}:
            return Reply(notice=notice(texts, texts.say("support.over")))
        if not warrior.shifts:  # they were approved, and hadn't said when they are there
            warrior.state = WarriorState.APPROVED
            return Reply(form=volunteering_form(core, texts, person, warrior), home=True)
        warrior.state = WarriorState.ACTIVE
    return Reply(notice=to_volunteer(texts, texts.say("support.volunteer.is_back")), home=True)


async def leave(core: Core, tap: Tap) -> Reply:
    """Stop, or take an offer to volunteer back. Their conversations go to others."""
    async with changing(core) as session:
        person, texts, warrior = await _acting(core, session, tap)
        if warrior is None or warrior.state == WarriorState.LEFT:
            return Reply(notice=notice(texts, texts.say("support.over")))
        warrior.state = WarriorState.LEFT
        await session.flush()
        await give_everything_back(core, session, person.id)
        await support_notices.outdate_about(session, person.id, [Kind.APPLICATION])
    return Reply(notice=notice(texts, texts.say("support.volunteer.left")), home=True)


async def _acting(core: Core, session: Session, tap: Tap) -> tuple[Person, Texts, Warrior | None]:
    person, texts = await acting_texts(core, session, tap.who)
    return person, texts, await warriors.warrior(session, person.id, to_change=True)
