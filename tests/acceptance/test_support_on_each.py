"""The way of a request on Slack and in Teams, by the real SDKs, as the people see it there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from tests.support import two_platforms
from tests.support.clock import StillClock
from tests.support.desk import PEOPLE, VOLUNTEERS, request_of, volunteer
from tests.support.two_platforms import Organisation

TUESDAY_MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
TUESDAY_NIGHT = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
ASKER = "ann"


class Place(Protocol):
    """A chat platform, in the words of those who use it."""

    async def types(self, name: str, words: str) -> None: ...

    async def presses(self, name: str, label: str) -> None: ...

    async def asks(self, name: str) -> str:
        """Open the form, and send it as it is suggested: what it said."""

    def has(self, name: str) -> list[str]:
        """The messages to somebody, as they are now."""


@dataclass(frozen=True)
class OnSlack:
    both: Organisation

    async def types(self, name: str, words: str) -> None:
        await self.both.slack.actor(name).says(words)
        await self.both.settle()

    async def presses(self, name: str, label: str) -> None:
        actor = self.both.slack.actor(name)
        if actor.modals() and label not in str(actor.modal().blocks):
            await actor.closes(every=True)
        await actor.presses(label)
        await self.both.settle()

    async def asks(self, name: str) -> str:
        actor = self.both.slack.actor(name)
        await actor.presses("Ask for somebody")
        await self.both.settle()
        shown = str(actor.modal().blocks)
        await actor.submits({})
        await actor.closes(every=True)
        return shown

    def has(self, name: str) -> list[str]:
        return self.both.in_slack(name)


@dataclass(frozen=True)
class InTeams:
    both: Organisation

    async def types(self, name: str, words: str) -> None:
        await self.both.teams.actor(name).types(words)
        await self.both.settle()

    async def presses(self, name: str, label: str) -> None:
        actor = self.both.teams.actor(name)
        in_dialog = actor.has_dialog and label in str(actor.dialog().card)
        if actor.has_dialog and not in_dialog:
            actor.closes()
        await (actor.submits(action=label) if in_dialog else actor.presses(label))
        await self.both.settle()

    async def asks(self, name: str) -> str:
        actor = self.both.teams.actor(name)
        await actor.opens("Ask for somebody")
        shown = str(actor.dialog().card)
        await actor.submits({})
        actor.closes()
        await self.both.settle()
        return shown

    def has(self, name: str) -> list[str]:
        return self.both.in_teams(name)


@dataclass
class Desk:
    both: Organisation
    place: Place

    async def live_until(self, instant: datetime) -> None:
        """Let time pass; letters go out, and what isn't so any more is replaced."""
        for _ in range(2):
            await self.both.world.live_until(instant)
            await self.both.settle()

    async def ask(self) -> str:
        """Ask by a typed line, and send the form: what it said."""
        await self.place.types(ASKER, "I'd like to talk to somebody please")
        assert "999" in self.place.has(ASKER)[-1]
        shown = await self.place.asks(ASKER)
        await self.live_until(self.both.world.clock.now())
        return shown

    async def presses(self, name: str, label: str) -> None:
        await self.place.presses(name, label)
        await self.live_until(self.both.world.clock.now())

    def told(self, name: str, words: str) -> int:
        return sum(words in each for each in self.place.has(name))

    def asked(self) -> list[str]:
        """The volunteers who can pick something up now."""
        return [name for name in VOLUNTEERS if self.told(name, "Would you have room for it?")]


@pytest.fixture(params=["slack", "teams"])
async def desk(
    request: pytest.FixtureRequest, tmp_path: Path, clock: StillClock, sqlite_url: str
) -> AsyncIterator[Desk]:
    """Everybody of the desk's organisation on one platform, on a Tuesday morning."""
    async with two_platforms.organisation(tmp_path, clock, sqlite_url) as both:
        await both.world.import_lines(PEOPLE)
        people = [ASKER, *VOLUNTEERS, "cora"]
        on_slack = request.param == "slack"
        await both.has(people if on_slack else [], [] if on_slack else people)
        await both.world.launch()
        await volunteer(both.world, *VOLUNTEERS)
        made = Desk(both, OnSlack(both) if on_slack else InTeams(both))
        await made.live_until(TUESDAY_MORNING)
        yield made


async def test_at_night_they_are_told_before_sending_and_found_somebody_in_the_morning(
    desk: Desk,
) -> None:
    await desk.live_until(TUESDAY_NIGHT)
    assert "Nobody is there just now" in await desk.ask()
    assert desk.told(ASKER, "I'm asking volunteers now") == 1
    assert desk.asked() == []
    await desk.live_until(TUESDAY_NIGHT + timedelta(hours=11))
    assert len(desk.asked()) == 3


async def test_two_race_and_one_has_it(desk: Desk) -> None:
    assert "Somebody is there now" in await desk.ask()
    first, second, third = desk.asked()
    await desk.place.presses(first, "I can take this")
    await desk.place.presses(second, "I can take this")
    await desk.live_until(desk.both.world.clock.now())
    assert desk.told(first, "They know you by a made-up name, too") == 1
    assert not desk.told(second, "They know you by a made-up name, too")
    for name in (second, third):
        assert desk.told(name, "Somebody else has picked this up") == 1
    assert desk.asked() == []
    assert (await request_of(desk.both.world, ASKER)).warrior_id == desk.both.world.ids[first]


async def test_a_hand_over_is_asked_about_and_somebody_else_goes_on(desk: Desk) -> None:
    await desk.ask()
    first = desk.asked()[0]
    await desk.presses(first, "I can take this")
    await desk.presses(first, "Hand over")
    await desk.presses(ASKER, "That's fine")
    assert desk.told(first, "agrees that somebody else goes on") == 1
    second = desk.asked()[0]
    assert second != first
    await desk.presses(second, "I can take this")
    assert (await request_of(desk.both.world, ASKER)).warrior_id == desk.both.world.ids[second]


async def test_nobody_is_free_is_said_and_the_coordinator_can_take_it(desk: Desk) -> None:
    await desk.ask()
    await desk.live_until(TUESDAY_MORNING + timedelta(days=2, hours=1))
    for said in ("I haven't forgotten you", "It's taking longer", "I'm sorry: nobody is free"):
        assert desk.told(ASKER, said) == 1
    assert desk.told(ASKER, "Keep looking") == 1
    assert desk.told("cora", "Nobody has picked up a request yet") == 1
    await desk.presses("cora", "I'll take it")
    assert (await request_of(desk.both.world, ASKER)).warrior_id == desk.both.world.ids["cora"]
    assert desk.told(ASKER, "They've picked up your request") == 1


async def test_after_a_tough_one_they_are_asked_how_it_is_on_the_next_working_day(
    desk: Desk,
) -> None:
    await desk.ask()
    name = desk.asked()[0]
    await desk.presses(name, "I can take this")
    await desk.presses(ASKER, "End it here")
    await desk.presses(name, "That was a tough one")
    assert not desk.told(name, "You had a tough one lately")
    await desk.live_until(TUESDAY_MORNING + timedelta(days=1))
    assert desk.told(name, "You had a tough one lately") == 1
    await desk.presses(name, "I'm all right")
    assert not desk.told(name, "You had a tough one lately")


async def test_the_volunteer_calls_for_help_and_hears_who_comes(desk: Desk) -> None:
    await desk.ask()
    name = desk.asked()[0]
    await desk.presses(name, "I can take this")
    request = await request_of(desk.both.world, ASKER)
    await desk.place.presses(name, "A life may be at risk")
    await desk.presses(name, "Call the coordinator now")
    assert desk.told("cora", "thinks that a life may be at risk") == 1
    assert not desk.told("cora", request.alias)
    await desk.presses("cora", "I'm on it")
    assert desk.told(name, "Cora, a coordinator, is on it") == 1
    assert desk.told(ASKER, "has asked a coordinator to help them") == 1


async def test_no_message_to_a_coordinator_or_volunteer_names_whoever_asked(desk: Desk) -> None:
    await desk.ask()
    name = desk.asked()[0]
    await desk.presses(name, "I can take this")
    await desk.place.presses(name, "Something isn't right")
    await desk.presses(name, "The same, and tell them")
    assert desk.told("cora", "wasn't right") == 1
    for reader in (*VOLUNTEERS, "cora"):
        assert not [each for each in desk.place.has(reader) if "Ann" in each.split()]
