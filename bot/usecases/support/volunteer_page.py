"""What `volunteer` shows: an introduction, or somebody's own page as a volunteer."""

from __future__ import annotations

from bot.domain.volunteering import ON_DUTY, TRAINING_LASTS, WarriorState, is_trained
from bot.message import Button, Buttons, FinePrint, Heading, Item, Items, Message, Paragraph, Part
from bot.ports import Reply, Tap, Texts, Who
from bot.store import support, warriors
from bot.store.database import Session
from bot.store.support_tables import Warrior
from bot.store.tables import Person
from bot.usecases.core import Core
from bot.usecases.people import acting_texts, today
from bot.usecases.support.desk import asker_name
from bot.usecases.support.letter import to_volunteer


async def open_page(core: Core, tap: Tap) -> Reply:
    """Somebody's own page as a volunteer, or the introduction."""
    return Reply(notice=await volunteer_page(core, tap.who))


async def volunteer_page(core: Core, who: Who) -> Message:
    """The same for a typed line. Raises Stranger for somebody who isn't on the roster."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, who)
        warrior = await warriors.warrior(session, person.id)
        if warrior is None or warrior.state == WarriorState.LEFT:
            return await _introduction(session, texts, person)
        if warrior.state in ON_DUTY:
            return await _own_page(core, session, texts, person, warrior)
        words = texts.say(f"support.volunteer.is.{warrior.state}")
        return to_volunteer(texts, words, *_next(texts, WarriorState(warrior.state)))


def _next(texts: Texts, state: WarriorState) -> list[Button]:
    """What somebody can do who isn't a volunteer yet, or isn't now."""
    match state:
        case WarriorState.APPLIED:
            return [_leave(texts.say("support.volunteer.take_back"))]
        case WarriorState.APPROVED:
            return [_begin(texts), _leave(texts.say("support.volunteer.decline"))]
        case WarriorState.MAY_RETURN:
            return [_back(texts), _leave(texts.say("support.volunteer.leave"))]
        case _:
            return [_leave(texts.say("support.volunteer.leave"))]


async def is_barred(session: Session, person: Person) -> bool:
    """Whether somebody can't be a volunteer: they manage somebody, or handle cases."""
    return person.is_case_handler or bool(await warriors.managing_ids(session, {person.id}))


async def _introduction(session: Session, texts: Texts, person: Person) -> Message:
    """What volunteering is, and a way to begin for those who can."""
    if await is_barred(session, person):
        return to_volunteer(texts, texts.say("support.volunteer.barred"))
    begin = (
        _begin(texts)
        if person.is_volunteer
        else Button(texts.say("support.apply.button"), "support.apply", style="primary")
    )
    entries = (
        Item(
            texts.say(f"support.volunteer.about.{name}.label"),
            texts.say(f"support.volunteer.about.{name}.text"),
        )
        for name in ("what", "how_much", "for_you", "who_cannot")
    )
    return Message(
        summary=texts.say("support.volunteer.about.title"),
        parts=(
            Heading(texts.say("support.volunteer.about.title")),
            Items(tuple(entries)),
            Buttons((begin,)),
            FinePrint(texts.say("support.volunteer.way_out")),
        ),
    )


async def _own_page(
    core: Core, session: Session, texts: Texts, person: Person, warrior: Warrior
) -> Message:
    words = texts.say(f"support.volunteer.is.{warrior.state}")
    pause = (
        Button(texts.say("support.volunteer.pause"), "support.volunteering.pause")
        if warrior.state == WarriorState.ACTIVE
        else _back(texts)
    )
    return Message(
        summary=words,
        parts=(
            Heading(texts.say("support.volunteer.title")),
            Paragraph(words),
            *_rest(core, texts, warrior),
            *await _open_now(session, texts, person),
            Items(_facts(core, texts, person, warrior)),
            Buttons(
                (
                    Button(texts.say("support.volunteer.change"), "support.volunteering"),
                    pause,
                    Button(texts.say("support.tough.button"), "support.tough"),
                    Button(texts.say("support.script.button"), "support.script"),
                    _leave(texts.say("support.volunteer.leave")),
                )
            ),
            FinePrint(texts.say("support.volunteer.way_out")),
        ),
    )


def _rest(core: Core, texts: Texts, warrior: Warrior) -> list[Part]:
    now = core.clock.now()
    if warrior.rests_until is None or warrior.rests_until <= now:
        return []
    return [Paragraph(texts.say("support.volunteer.rests"))]


async def _open_now(session: Session, texts: Texts, person: Person) -> list[Part]:
    """Their conversations, by the names that they know, each with a place to write in."""
    held = await support.of_warrior(session, person.id)
    if not held:
        return [Paragraph(texts.say("support.volunteer.none_open"))]
    names = [await asker_name(session, texts, request) for request in held]
    buttons = [
        Button(texts.say("support.write_to", name=name), "support.write", request.id)
        for name, request in zip(names, held, strict=True)
    ]
    words = texts.say("support.volunteer.open", names=", ".join(names))
    return [Paragraph(words), Buttons(tuple(buttons))]


def _facts(core: Core, texts: Texts, person: Person, warrior: Warrior) -> tuple[Item, ...]:
    trained = is_trained(warrior.trained_on, today(core, person))
    until = (
        texts.short_day(warrior.trained_on + TRAINING_LASTS)
        if warrior.trained_on and trained
        else texts.say("support.volunteer.training_over")
    )
    return (Item(texts.say("support.volunteer.trained_until"), until), *channel(core, texts))


def channel(core: Core, texts: Texts) -> tuple[Item, ...]:
    """Where volunteers talk among themselves, if there is such a place."""
    link = core.support.channel
    return (Item(texts.say("support.volunteer.channel"), url=link),) if link else ()


def _begin(texts: Texts) -> Button:
    return Button(texts.say("support.volunteer.begin"), "support.volunteering", style="primary")


def _back(texts: Texts) -> Button:
    return Button(texts.say("support.volunteer.back"), "support.back", style="primary")


def _leave(label: str) -> Button:
    return Button(label, "support.leave", style="quiet")
