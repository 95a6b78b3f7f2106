"""Whoever asks on the platform not to be disturbed is left alone."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.pace import SendingLimits
from bot.errors import PlatformError
from bot.message import Message
from bot.ports import Address
from bot.store.deliveries import Claim
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.core import Core
from bot.usecases.deliver import deliver
from bot.usecases.plan import plan
from bot.usecases.prepare import Letter
from bot.usecases.undisturbed import put_off
from tests.support.organisation import World, line
from tests.support.platform import ONE_BY_ONE, MemoryPlatform
from tests.support.printing import printing
from tests.support.tables import dump, rows_of
from tests.support.ticking import tick

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HALF_PAST_TEN = NINE + timedelta(hours=1, minutes=30)


@pytest.fixture
async def due(world: World) -> World:
    """Two people whose welcomes have just come due."""
    await world.import_lines([line("ada", manager=""), line("ben", manager="ada")])
    await world.launch()
    world.clock.move_to(NINE)
    return world


def address(world: World, name: str) -> Address:
    return Address(PLAYGROUND, "person", world.ids[name])


async def test_a_letter_waits_until_its_person_may_be_disturbed(due: World) -> None:
    due.platform.quiet[address(due, "ada")] = HALF_PAST_TEN
    await tick(due.core)
    assert (len(due.inbox("ada")), len(due.inbox("ben"))) == (0, 1)
    due.clock.move_to(HALF_PAST_TEN - timedelta(seconds=1))
    await tick(due.core)
    assert due.inbox("ada") == []
    due.clock.move_to(HALF_PAST_TEN)
    await tick(due.core)
    assert len(due.inbox("ada")) == 1


async def test_nothing_says_why_it_waits(due: World) -> None:
    due.platform.quiet[address(due, "ada")] = HALF_PAST_TEN
    with printing() as printed:
        await tick(due.core)
    assert await waits_until(due) == NINE + timedelta(hours=1)
    assert due.ids["ada"] not in printed.getvalue()
    assert "disturb" not in f"{printed.getvalue()}{await dump(due.core)}"


async def waits_until(world: World) -> datetime:
    (row,) = [row for row in await rows_of(world.core, "delivery") if row["state"] == "planned"]
    assert row["reason"] == ""
    due_at: datetime = row["due_at"]
    return due_at


@pytest.mark.parametrize(
    ("now", "until", "expected"),
    [((9, 0), (9, 20), (9, 30)), ((9, 7), (9, 8), (9, 15)), ((9, 7), (17, 43), (10, 0))],
)
async def test_its_time_does_not_say_until_when(
    due: World, now: tuple[int, int], until: tuple[int, int], expected: tuple[int, int]
) -> None:
    due.clock.move_to(at(*now))
    due.platform.quiet[address(due, "ada")] = at(*until)
    await tick(due.core)
    assert await waits_until(due) == at(*expected)


def at(hour: int, minute: int) -> datetime:
    return NINE.replace(hour=hour, minute=minute)


async def test_whoever_is_not_to_be_disturbed_for_longer_is_asked_for_again(due: World) -> None:
    """They may change their mind, and a status without an end may have been forgotten."""
    due.platform.quiet[address(due, "ada")] = NINE + timedelta(days=365)
    await due.live_until(at(11, 0))
    assert due.inbox("ada") == []
    del due.platform.quiet[address(due, "ada")]
    await due.live_until(at(12, 0))
    assert due.inbox("ada")[0].message.summary == "Hello from the Wellbeing Warrior"


async def test_what_is_too_late_then_ends_as_everything_that_is_too_late(due: World) -> None:
    due.platform.quiet[address(due, "ada")] = NINE + timedelta(days=365)
    await due.live_until(at(15, 0))
    found = {row["person_id"]: row for row in await rows_of(due.core, "delivery")}
    row = found[due.ids["ada"]]
    assert (row["state"], row["reason"]) == ("expired", "")
    assert due.inbox("ada") == []


async def test_what_has_ended_is_no_reason_to_wait(due: World) -> None:
    due.platform.quiet[address(due, "ada")] = NINE
    await tick(due.core)
    assert len(due.inbox("ada")) == 1


async def test_what_was_put_off_is_looked_at_again_when_it_is_due(due: World) -> None:
    """In the evening their own quiet hours hold."""
    due.platform.quiet[address(due, "ada")] = NINE.replace(hour=20)
    await tick(due.core)
    due.clock.move_to(NINE.replace(hour=20))
    await tick(due.core)
    assert due.inbox("ada") == []


class Questioned(MemoryPlatform):
    """Notes who was asked for; on demand it fails, or never answers."""

    def __init__(self, limits: SendingLimits = ONE_BY_ONE) -> None:
        super().__init__(limits)
        self.asked: list[Collection[Address]] = []
        self.failure: Exception | None = None
        self.answers = True

    async def undisturbed(self, addresses: Collection[Address]) -> Mapping[Address, datetime]:
        self.asked.append(addresses)
        if self.failure is not None:
            raise self.failure
        if not self.answers:
            await asyncio.Event().wait()
        return await super().undisturbed(addresses)


def letter(kind: str = "person", name: str = "ada") -> Letter:
    return Letter(
        Claim(f"{kind}-{name}", 1),
        Address(PLAYGROUND, "channel" if kind == "channel" else "person", name),
        Message("Hello", ()),
        expires_at=NINE + timedelta(hours=4),
        welcomed=("p1", date(2026, 11, 23)),
    )


@pytest.mark.parametrize("failure", [PlatformError(), RuntimeError("a defect")])
async def test_a_platform_that_cannot_say_holds_nothing_up(due: World, failure: Exception) -> None:
    platform = Questioned()
    platform.failure = failure
    letters = [letter(), letter(name="ben")]
    assert await put_off(due.core, platform, letters) == letters


async def test_a_platform_that_does_not_answer_holds_nothing_up(core: Core) -> None:
    platform = Questioned()
    platform.answers = False
    async with asyncio.timeout(10):
        assert await put_off(core, platform, [letter()], within_s=0.01) == [letter()]


async def test_channels_are_not_asked_for(core: Core) -> None:
    platform = Questioned()
    channel = letter("channel", "north")
    platform.quiet[channel.address] = HALF_PAST_TEN
    assert await put_off(core, platform, [channel]) == [channel]
    assert platform.asked == []
    await put_off(core, platform, [channel, letter()])
    assert platform.asked == [{letter().address}]


async def test_a_batch_is_asked_for_at_once_and_outside_any_transaction(due: World) -> None:
    class Writing(Questioned):
        async def undisturbed(self, addresses: Collection[Address]) -> Mapping[Address, datetime]:
            async with asyncio.timeout(5), due.core.database.writing():
                return await super().undisturbed(addresses)

    platform = Writing()
    core = replace(due.core, messengers={PLAYGROUND: platform})
    await plan(core, NINE)
    await deliver(core, PLAYGROUND)
    assert platform.asked == [{address(due, "ada"), address(due, "ben")}]
    assert len(platform.posted) == 2
