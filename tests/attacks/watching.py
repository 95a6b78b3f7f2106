"""Playing a round while somebody watches who taps what, and copies everything as it goes on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from tests.attacks.haul import Haul, Knowledge
from tests.attacks.plot import TICK_EVERY, Deed, Plot, Step


class Design(Protocol):
    """Something that collects answers: ours, or a weak one. People are numbers."""

    @property
    def name(self) -> str: ...

    @property
    def database(self) -> str: ...

    @property
    def people(self) -> Sequence[str]:
        """What each person is called in files; everybody on the roster can be looked up there."""
        ...

    @property
    def knowledge(self) -> Knowledge: ...

    async def answer(self, person: int, value: int) -> None: ...

    async def withdraw(self, person: int) -> None: ...

    async def tick(self) -> None: ...

    async def close(self) -> None: ...

    async def copy(self) -> Haul:
        """What can be taken after every tap."""
        ...

    async def copy_all(self) -> Haul:
        """The database server's own files as well, and where rows tell their transactions."""
        ...

    async def back_up(self) -> Mapping[str, bytes]:
        """What commands make: name → a dump, or a file of a backup."""
        ...

    async def places(self) -> Mapping[int, bytes]:
        """Person → the key of their row. Only the test knows it, to count who was linked."""
        ...

    async def keys_of_the_round(self) -> Collection[bytes]:
        """The secrets of the round. Only the test knows them, to search for them."""
        ...


@dataclass(frozen=True, slots=True)
class Watched:
    """A round, and all that an attacker has of it.

    opened          before the first answer
    after           each step, and what there was right after it
    answered        when everybody has answered, some of them since the last tick; with backups
    ticked          right after the next tick
    thought_better  when some have changed or withdrawn theirs since
    closed          after the close, which was at another tick
    """

    design: str
    database: str
    knowledge: Knowledge
    people: Sequence[str]
    plot: Plot
    opened: Haul
    after: Sequence[tuple[Step, Haul]]
    answered: Haul
    ticked: Haul
    thought_better: Haul
    closed: Haul
    places: Mapping[int, bytes]
    keys: Collection[bytes]

    @property
    def answers(self) -> Sequence[tuple[Step, Haul]]:
        """The first answers, in the order of taps."""
        return [(step, haul) for step, haul in self.after if step.deed is Deed.ANSWER]

    @property
    def moments(self) -> Sequence[Haul]:
        """The moments at which everything was copied."""
        return (self.opened, self.answered, self.ticked, self.thought_better, self.closed)


async def watch(design: Design, plot: Plot) -> Watched:
    """Play a plot from a round's opening to its close."""
    opened = await design.copy_all()
    after = []
    for number, step in enumerate(plot.answers):
        if number and number % TICK_EVERY == 0:
            await design.tick()
        after.append((step, await _taken(design, step)))
    answered = replace(await design.copy_all(), copies=await design.back_up())
    await design.tick()
    ticked = await design.copy_all()
    after += [(step, await _taken(design, step)) for step in plot.second_thoughts]
    thought_better = await design.copy_all()
    places, keys = await design.places(), await design.keys_of_the_round()
    await design.close()
    return Watched(
        design.name, design.database, design.knowledge, design.people, plot, opened, after,
        answered, ticked, thought_better, await design.copy_all(), places, keys,
    )  # fmt: skip


async def _taken(design: Design, step: Step) -> Haul:
    if step.deed is Deed.WITHDRAW:
        await design.withdraw(step.person)
    else:
        await design.answer(step.person, step.value)
    return await design.copy()
