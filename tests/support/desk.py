"""An organisation with volunteers and a coordinator, and short ways to what they do."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Protocol

from sqlalchemy import select

from bot.domain.shifts import Shift
from bot.domain.support import RequestState
from bot.domain.volunteering import WarriorState
from bot.ports import Line, Reply
from bot.store.support_tables import SupportRequest, Warrior
from bot.usecases.core import Core
from bot.usecases.dispatch import typed
from tests.support.organisation import World, line
from tests.support.platform import Posted
from tests.support.reading import words
from tests.support.ticking import tick

# Three departments, so that nobody is in the line of anybody whom they may talk to.
PEOPLE = [
    line("top", "Council", ""),
    line("mia", "Council / Parks", "top"),
    *(line(name, "Council / Parks / Trees", "mia") for name in ("ann", "amir", "asha")),
    line("ned", "Council / Roads", "top"),
    *(line(name, "Council / Roads / Signs", "ned") for name in ("wes", "walt", "wu")),
    line("oda", "Council / Libraries", "top"),
    *(line(name, "Council / Libraries / Books", "oda") for name in ("val", "vic")),
    line("cora", "Council / People", "top", roles="coordinator"),
    line("hal", "Council / People", "top", roles="case-handler"),
    line("sam", "Council / People", "top", roles="safeguarding"),
]
VOLUNTEERS = ("wes", "walt", "wu", "val", "vic")


async def volunteer(
    world: World, *names: str, shifts: tuple[Shift, ...] = (Shift.WORKING_HOURS,)
) -> None:
    """Have these as volunteers who may be asked."""
    for name in names:
        await add_volunteer(world.core, world.ids[name], world.clock.now().date(), shifts)


async def add_volunteer(
    core: Core, person_id: str, trained_on: date, shifts: tuple[Shift, ...], cap: int = 2
) -> None:
    async with core.database.writing() as session:
        session.add(
            Warrior(
                person_id=person_id,
                state=WarriorState.ACTIVE,
                languages=["en"],
                shifts=list(shifts),
                cap=cap,
                trained_on=trained_on,
            )
        )


async def ask(world: World, name: str, **fields: str) -> Reply:
    """Ask for a volunteer with the form as it is suggested, but for these fields."""
    reply = await world.submit(name, "support.send", **fields)
    await tick(world.core)
    return reply


async def request_of(world: World, name: str) -> SupportRequest:
    """Somebody's last request."""
    async with world.core.database.reading() as session:
        query = select(SupportRequest).where(SupportRequest.requester_id == world.ids[name])  # type: ignore[arg-type]
        found = (await session.execute(query)).scalars().all()
    alive = [each for each in found if each.state not in {RequestState.CLOSED, "withdrawn"}]
    return (alive or list(found))[-1]


def last(world: World, name: str, action: str) -> Posted:
    """The last message to somebody that has a button with this action."""
    has = (
        posted
        for posted in reversed(world.inbox(name))
        if any(button.action == action for button in posted.buttons())
    )
    return next(has)


def letters(world: World, name: str, said: str) -> list[Posted]:
    """The messages to somebody that have these words."""
    return [posted for posted in world.inbox(name) if said in words(posted.message)]


class Bot(Protocol):
    """A bot on a chat platform or on two, as tests run it."""

    world: World

    async def settle(self) -> None: ...


async def let_go_out(bot: Bot) -> None:
    """Let time pass by a moment: letters go out, and what isn't so any more is replaced."""
    for _ in range(2):
        await bot.world.live_until(bot.world.clock.now())
        await bot.settle()


def with_roles(name: str, team: str, roles: str) -> list[str]:
    """The same people, one of them with other roles."""
    changed = line(name, team, "top", roles=roles)
    return [changed if each.startswith(f"{name.title()},") else each for each in PEOPLE]


def files_with(directory: Path, words: str) -> list[Path]:
    """The files in which these words are."""
    files = (path for path in directory.rglob("*") if path.is_file())
    return [path for path in files if words.encode() in path.read_bytes()]


async def press(world: World, name: str, action: str, value_ends: str = "") -> Reply:
    """Press the last button of this kind that somebody has."""
    posted = last(world, name, action)
    reply = await world.tap(name, action, posted.button(action, value_ends).value)
    posted.message = reply.replace or posted.message
    await tick(world.core)
    return reply


def asked(world: World) -> list[str]:
    """The volunteers who have been asked, and to whom nothing has been said since."""
    return [
        name
        for name in VOLUNTEERS
        if any(b.action == "support.claim" for post in world.inbox(name) for b in post.buttons())
    ]


async def pick_up(world: World) -> str:
    """Have the first of those who were asked pick it up. Their name."""
    name = asked(world)[0]
    await press(world, name, "support.claim")
    return name


async def say(world: World, name: str, text: str, thread: str = "") -> str:
    """Type a line. The bot's answer in words, "" if there is none."""
    answer = await typed(world.core, Line(world.ids[name], text, thread))
    return "" if answer is None else answer.summary
