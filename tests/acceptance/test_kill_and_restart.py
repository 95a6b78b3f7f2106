"""The process is killed again and again: nobody is missed, and nobody is written to twice."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from tests.acceptance.bot_process import BotProcess, Home
from tests.acceptance.records import Records, has_caught_up, records, rows
from tests.acceptance.townsfolk import answer_the_pulse, asks_daily, everybody_opts_in

pytestmark = pytest.mark.slow

KILLS_BY_SEED = {20: 8, 21: 7}
LONGEST_MS = 400
STOPS, STOPS_AFTER_S = 4, 0.2
TICK_SECONDS = 0.1
CATCHES_UP_WITHIN_S = 20.0

MONDAY_MORNING = datetime(2027, 6, 21, 8, tzinfo=UTC)
TUESDAY_AT_TEN = datetime(2027, 6, 22, 9, tzinfo=UTC)
THURSDAY_AT_HALF_PAST_NINE = datetime(2027, 6, 24, 8, 30, tzinfo=UTC)
FRIDAY_MIDDAY = datetime(2027, 6, 25, 11, tzinfo=UTC)

Moment = Callable[[Home], bool]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sunday(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The day before: everybody has said yes to pulses, and many to daily check-ins."""
    home = Home(tmp_path_factory.mktemp("sunday") / "home")
    await home.begin_at()
    async with home.running() as bot:
        await everybody_opts_in(bot)
        people = await bot.people()
        abroad = [person for person in people if person["zone"] != "Europe/London"]
        await asks_daily(bot, [*people[::4], *abroad])
        await bot.stop()
    return home


async def test_fifteen_kills_lose_no_message_and_repeat_none(sunday: Home, tmp_path: Path) -> None:
    undisturbed, *killed = await asyncio.gather(
        _a_week(sunday.copy(tmp_path / "undisturbed")),
        *(
            _a_week_with_kills(sunday.copy(tmp_path / f"seed {seed}"), seed, kills)
            for seed, kills in KILLS_BY_SEED.items()
        ),
    )

    # What was in hand at a kill is noticed at the next start: the kills weren't all in vain.
    assert _starts_with_something_in_hand(tmp_path) > 0
    for lived in killed:
        assert [found for found, times in lived.arrived.items() if times > 1] == []
        assert lived.strays == []
        assert {firing for firing, _, _ in lived.arrived} == lived.sent
        assert lived.outcomes == undisturbed.outcomes
        assert lived.arrived == undisturbed.arrived


def _starts_with_something_in_hand(directory: Path) -> int:
    logs = (path.read_text(encoding="utf-8") for path in directory.glob("seed */log.txt"))
    return sum(log.count("deliveries were in hand") for log in logs)


async def _a_week(home: Home) -> Records:
    """What was sent until Friday. Only the journey ticks, in this life of the bot."""
    async with home.running() as bot:
        await bot.move_until(FRIDAY_MIDDAY, "friday")
        await bot.stop()
    return records(home)


async def _a_week_with_kills(home: Home, seed: int, kills: int) -> Records:
    """Killed on its way or while it catches up, at seeded moments; then the week goes on."""
    random = Random(seed)  # noqa: S311 - moments, not secrets
    ticking = replace(home, tick_seconds=TICK_SECONDS)
    for _ in range(kills):
        moment_s = random.randint(0, LONGEST_MS) / 1000
        async with ticking.running() as bot:
            if random.random() < 0.75:
                await _catch_up(home, bot)
                await _killed_on_a_journey(home, bot, moment_s, sending=random.random() < 0.5)
            else:
                await asyncio.sleep(moment_s)
                await bot.kill()
    async with ticking.running() as bot:
        await _catch_up(home, bot)
        await bot.kill()
    return await _a_week(home)


async def _killed_on_a_journey(
    home: Home, bot: BotProcess, after_s: float, *, sending: bool
) -> None:
    """Killed after a while; half of the time only once it has messages in hand."""
    assert await bot.now() < FRIDAY_MIDDAY, "it has arrived too soon for all the kills"
    journey = asyncio.create_task(bot.set_off("friday"))
    await asyncio.sleep(after_s)
    if sending:
        await _until(lambda: journey.done() or _has_in_hand(home), "it has messages in hand")
    await bot.kill()
    await journey


def _has_in_hand(home: Home) -> bool:
    query = "SELECT 1 FROM delivery WHERE state = 'claimed' LIMIT 1"
    return bool(rows(home.data / "wellbeing.db", query))


async def _catch_up(home: Home, bot: BotProcess) -> None:
    """Wait until its own ticks have done all that was due: a journey leaves from there."""
    now = await bot.now()
    await _until(lambda: has_caught_up(home, now), "the bot has caught up")


async def _until(holds: Callable[[], bool], what: str) -> None:
    last = time.monotonic() + CATCHES_UP_WITHIN_S
    while not await asyncio.to_thread(holds):
        assert time.monotonic() < last, f"not in {CATCHES_UP_WITHIN_S:g} s: {what}"
        await asyncio.sleep(0.02)


async def test_a_journey_right_after_a_restart_loses_no_message(
    sunday: Home, tmp_path: Path
) -> None:
    # As if killed when the clock had moved to the welcomes, and before any of them had gone out.
    home = sunday.copy(tmp_path / "home")
    await home.begin_at(MONDAY_MORNING)

    async with home.running() as bot:
        await bot.move("day")
        await bot.stop()

    asked = {firing for firing in records(home).sent if firing.programme == "check-in-daily"}
    in_london = {firing.local_at for firing in asked if firing.zone == "Europe/London"}
    assert in_london == {"2027-06-21T09:30"}


async def test_it_stops_whatever_its_tick_is_doing_and_carries_on_at_the_next_start(
    sunday: Home, tmp_path: Path
) -> None:
    home = replace(sunday.copy(tmp_path / "home"), tick_seconds=TICK_SECONDS / 5)
    await home.begin_at(MONDAY_MORNING)

    # The first ticks send the welcomes; later ones look whether there is anything to do.
    for _ in range(STOPS):
        async with home.running() as bot:
            await asyncio.sleep(STOPS_AFTER_S)
            await bot.stop()
    async with home.running() as bot:
        await _catch_up(home, bot)
        await bot.kill()

    lived = records(home)
    assert set(lived.arrived.values()) == {1}
    assert {firing for firing, _, _ in lived.arrived} == lived.sent
    assert set(lived.outcomes.values()) == {("sent", ""), ("skipped", "day_off")}


# --- the closing of a round ------------------------------------------------------------------


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def thursday(village: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A round that everybody has answered; the next thing to happen is that it closes."""
    home = village.copy(tmp_path_factory.mktemp("thursday") / "home")
    async with home.running() as bot:
        await bot.move_until(TUESDAY_AT_TEN)
        people = await bot.people()
        await answer_the_pulse(bot, people, lambda number, values: values[number % len(values)])
        await bot.move_until(THURSDAY_AT_HALF_PAST_NINE)
        await bot.stop()
    return home


def _names(directory: Path) -> list[str]:
    return os.listdir(directory)  # noqa: PTH208 - the quickest way, for moments that soon pass


def _keys(home: Home) -> list[str]:
    return [name for name in _names(home.data / "keys") if name != "keys.lock"]


def _inboxes(home: Home) -> list[str]:
    return _names(home.data / "inbox")


def _state(home: Home) -> str:
    return str(rows(home.data / "wellbeing.db", "SELECT state FROM round")[0][0])


def _published(home: Home) -> list[tuple[object, ...]]:
    return rows(home.data / "wellbeing.db", "SELECT * FROM publication ORDER BY 1, 2, 3")


MOMENTS: dict[str, Moment] = {
    "as it begins": lambda _home: True,
    "once nobody can answer any more": lambda home: _state(home) != "open",
    "once it is published": lambda home: _published(home) != [],
    "once a key is gone": lambda home: len(_keys(home)) < 2,
    "once the inbox is gone": lambda home: not _inboxes(home),
}


async def test_a_kill_while_a_round_closes_leaves_one_result_and_no_secret(
    thursday: Home, tmp_path: Path
) -> None:
    two_at_a_time = asyncio.Semaphore(2)

    async def closes(name: str, moment: Moment | None) -> Closed:
        async with two_at_a_time:
            return await _closed(thursday.copy(tmp_path / name), moment)

    undisturbed, *killed = await asyncio.gather(
        closes("undisturbed", None),
        *(closes(name, moment) for name, moment in MOMENTS.items()),
    )

    assert {row[3] for row in undisturbed.published} == {"published", "rests"}
    assert [closed.published for closed in killed] == [undisturbed.published] * len(killed)
    assert [closed.secrets for closed in (undisturbed, *killed)] == [[]] * (len(killed) + 1)
    # Some of the kills did come in the middle.
    assert {closed.left for closed in killed} - {"open", "finished"}


@dataclass(frozen=True, slots=True)
class Closed:
    """What is there after a round has closed, and in which state a kill had left it."""

    left: str
    published: list[tuple[object, ...]]
    secrets: list[str]


async def _closed(home: Home, moment: Moment | None) -> Closed:
    left = "" if moment is None else await _left_by_a_kill(home, moment)
    async with home.running() as bot:
        await bot.move("next")
        await _until(lambda: _state(home) == "finished", "the round is finished")
        await bot.stop()
    return Closed(left, _published(home), _keys(home) + _inboxes(home))


async def _left_by_a_kill(home: Home, moment: Moment) -> str:
    async with home.running() as bot:
        journey = asyncio.create_task(bot.set_off("next"))
        await asyncio.to_thread(_kill_at, bot, home, moment)
        await journey
    return _state(home)


def _kill_at(bot: BotProcess, home: Home, moment: Moment) -> None:
    """Look all the time, and kill it when the moment comes; or at last when it has passed."""
    last = time.monotonic() + CATCHES_UP_WITHIN_S
    while not moment(home) and _inboxes(home):
        assert time.monotonic() < last, "the round doesn't close"
    bot.end(signal.SIGKILL)
