"""An attacker who compares all that an answer leaves: in the chat, on the screen, in the log.

Insiders show it what each value leaves; then it reads the traces of victims, as they come.
"""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from sqlalchemy import Engine, event

from bot.ports import Reply
from tests.attacks.place import Place
from tests.attacks.published_stage import (
    VALUES,
    a_world,
    agreement,
    open_next,
    verdict_of,
)
from tests.attacks.verdict import EITHER, OURS, Verdict
from tests.support.organisation import World, team_of
from tests.support.printing import printing

STAFF: Final = [f"boss-{number}" for number in range(1, 4 * len(VALUES) + 1)]
INSIDERS: Final = dict(zip(STAFF, VALUES, strict=False))
VICTIMS: Final = dict(zip(STAFF[len(VALUES) :], 3 * [*VALUES], strict=True))

WHO_READS: Final[Mapping[str, str]] = {
    "stays": "every message that stays in chat",
    "shown": "what the person sees who answers",
    "logged": "the log at debug",
    "worked": "how long the database works for it",
}


@dataclass(frozen=True, slots=True)
class Trace:
    """What one tap leaves, with whatever names its person taken out.

    `worked` are the statements that a database ran: the same ones take the same time.
    """

    stays: str
    shown: str
    logged: str
    worked: str


Sample = tuple[int, Trace]  # what a trace is of: a value, or whether it is so


class Design(Protocol):
    """A round that is open, and what answers to it leave."""

    name: str
    database: str

    async def answer(self, person: str, value: int) -> Trace: ...

    async def withdraw(self, person: str) -> Trace: ...


async def compare_traces(design: Design) -> list[Verdict]:
    """By each kind of trace: which value it is, if it's a change, if anything was taken back."""
    known = [(value, await design.answer(name, value)) for name, value in INSIDERS.items()]
    known_changes = [await design.answer(name, value) for name, value in INSIDERS.items()]
    taken = [(was, await design.withdraw(name)) for was in (True, False) for name in INSIDERS]
    first = [(value, await design.answer(name, value)) for name, value in VICTIMS.items()]
    changes = [await design.answer(name, value) for name, value in VICTIMS.items()]
    took = [(was, await design.withdraw(name)) for was in (True, False) for name in VICTIMS]
    return [
        verdict
        for where in WHO_READS
        for verdict in (
            _verdict(design, where, "the value", known, first),
            _verdict(
                design, where, "a change", _which(known, known_changes), _which(first, changes)
            ),
            _verdict(design, where, "if there was one", taken, took),
        )
    ]


def _which(first: Sequence[tuple[int, Trace]], changes: Sequence[Trace]) -> list[Sample]:
    """Traces, and whether each is of a change."""
    return [*((False, trace) for _, trace in first), *((True, trace) for trace in changes)]


def _verdict(
    design: Design, where: str, what: str, known: Sequence[Sample], seen: Sequence[Sample]
) -> Verdict:
    """Says of each trace what those that look the same are of, unless that may be anything."""
    all_there_are = dict.fromkeys(of for of, _ in known)
    no_idea = list(all_there_are)[len(all_there_are) // 2]
    guesses: list[tuple[object, object]] = []
    for truth, trace in seen:
        alike = (of for of, other in known if getattr(other, where) == getattr(trace, where))
        maybe = list(dict.fromkeys(alike))
        guesses.append((maybe[0] if 0 < len(maybe) < len(all_there_are) else no_idea, truth))
    return verdict_of(
        f"Compares what answers leave: {what}",
        WHO_READS[where],
        design.name,
        design.database,
        guesses,
        1 / len(all_there_are),
    )


# --- ours ------------------------------------------------------------------------------------


@dataclass(slots=True)
class OurReplies:
    """A round of the real bot."""

    world: World
    database: str
    round_id: str
    questions: list[str]
    log: io.StringIO
    statements: list[str]
    name: str = OURS

    async def answer(self, person: str, value: int) -> Trace:
        self._forget()
        fields = dict.fromkeys(self.questions, str(value))
        reply = await self.world.submit(person, "pulse.submit", self.round_id, **fields)
        return self._trace(person, reply)

    async def withdraw(self, person: str) -> Trace:
        self._forget()
        return self._trace(person, await self.world.tap(person, "pulse.withdraw", self.round_id))

    def _forget(self) -> None:
        self.statements.clear()
        self.log.seek(0)
        self.log.truncate()

    def _trace(self, person: str, reply: Reply) -> Trace:
        chat = [reply.replace, *self.world.platform.posted]
        return Trace(
            stays=_of_anybody(person, repr(chat)),
            shown=_of_anybody(person, repr(reply)),
            logged=_of_anybody(person, self.log.getvalue()),
            worked="\n".join(self.statements),
        )


def _of_anybody(person: str, text: str) -> str:
    """A text without what it says of its person, and without the time of a line."""
    text = re.sub(rf"(?i)\b{person}\b", "somebody", text)
    return re.sub(r'"timestamp": "[^"]*"|[0-9a-f]{32}', "", text)


@asynccontextmanager
async def our_replies(place: Place) -> AsyncIterator[OurReplies]:
    async with a_world(place, team_of(len(STAFF)), STAFF) as world:
        opened = await open_next(world)
        questions = await agreement(world, STAFF[0], opened.id)
        with printing() as log, _statements() as statements:
            yield OurReplies(world, place.database, opened.id, questions, log, statements)


@contextmanager
def _statements() -> Iterator[list[str]]:
    """Every statement that is run meanwhile, without its values."""
    run: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        run.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield run
    finally:
        event.remove(Engine, "before_cursor_execute", note)


# --- a weaker one ----------------------------------------------------------------------------


@dataclass(slots=True)
class ThankYou:
    """Thanks in words that depend on the answer, and has more to do for some of them."""

    name: str = "a reply that differs by answer"
    database: str = EITHER
    answers: dict[str, int] = field(default_factory=dict)

    async def answer(self, person: str, value: int) -> Trace:
        words = f"Thank you for your {value}"
        done = "changed" if person in self.answers else "new"
        self.answers[person] = value
        return Trace(
            stays=f"{words} ({done})",
            shown=f"{words}: it is {done}.",
            logged=f"{done} answer: {value}",
            worked=f"{done}: looks up advice number {value}",
        )

    async def withdraw(self, person: str) -> Trace:
        had = "taken back" if self.answers.pop(person, None) else "there was none"
        return Trace(stays=had, shown=had, logged=had, worked=had)
