"""`wellbeing deliveries`, as somebody at a terminal meets it, on rows of every state."""

from __future__ import annotations

import asyncio
import io
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from adapters.content import PromptLibrary
from adapters.playground import PlaygroundClock, PlaygroundStore
from bot.cli_deliveries import expire_some, retry_some, show, watch_until_done
from bot.domain.delivery import DeliveryState
from bot.domain.outcomes import Choice, Overview
from bot.errors import NotFound
from bot.settings import Settings
from bot.usecases.core import Core
from bot.usecases.outcomes import expire, overview
from tests.cli.test_command_line import ROOT, Shell
from tests.support.clock import StillClock
from tests.support.core import open_core
from tests.support.platform import MemoryPlatform
from tests.support.sendings import deliveries, occurrence
from tests.support.tables import rows_of

WITHIN_S = 30
WEEKLY, PULSE = "check-in-weekly", "pulse"
TEN = "2026-11-23T10:00"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture
async def there(tmp_path: Path, library: PromptLibrary) -> AsyncIterator[Core]:
    """The database that the command finds; its clock is the machine's, as the command's is."""
    (tmp_path / "var").mkdir()
    now = StillClock(datetime.now(UTC))
    async with open_core(tmp_path / "var", library, now, MemoryPlatform()) as core:
        yield core


@pytest.fixture
async def busy(there: Core) -> Core:
    """A check-in under way, of which some failed, and a small pulse that is done."""
    firing = await occurrence(there, WEEKLY, local_at=TEN)
    await deliveries(there, firing, 12, DeliveryState.SENT)
    await deliveries(there, firing, 5, DeliveryState.PLANNED, due_in=-timedelta(minutes=90))
    await deliveries(there, firing, 3, DeliveryState.FAILED, "undeliverable")
    await deliveries(there, firing, 2, DeliveryState.CLAIMED)
    await deliveries(there, await occurrence(there, PULSE, local_at=TEN), 6, DeliveryState.SENT)
    return there


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """As the command would read them."""
    return Settings(
        database_url=f"sqlite:///{tmp_path / 'var' / 'wellbeing.db'}",
        wellbeing_data=tmp_path / "var",
        wellbeing_prompts=ROOT / "prompts",
    )


@pytest.fixture
def out() -> Console:
    return Console(file=io.StringIO(), width=160, highlight=False)


def printed(out: Console) -> str:
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


async def states(core: Core) -> list[str]:
    return sorted(row["state"] for row in await rows_of(core, "delivery"))


# --- seeing ----------------------------------------------------------------------------------


async def test_help_says_what_there_is(shell: Shell) -> None:
    ran = shell.run("deliveries", "--help")
    assert ran.status == 0
    for word in ("--watch", "retry", "expire", "Nobody's names"):
        assert word in ran.out


async def test_a_new_bot_has_sent_nothing(shell: Shell) -> None:
    ran = shell.run("deliveries")
    assert ran.status == 0
    assert "Nothing has been due since" in ran.out
    assert "Nothing is waiting that is due." in ran.out


async def test_counts_reasons_and_the_lag_are_shown(shell: Shell, busy: Core) -> None:
    ran = shell.run("deliveries")
    assert ran.status == 0
    assert "12 sent, 5 waiting, 2 in hand" in ran.out
    assert "3 failed: no such account or channel (undeliverable)" in ran.out
    assert "68%" in ran.out  # 15 of 22
    assert "What is due the longest has been waiting for 1 h 30 min." in ran.out
    assert "Workspace playground (playground): at full pace, 1 h 30 min behind." in ran.out
    assert "wellbeing deliveries retry" in ran.out


async def test_of_a_pulse_only_a_band_is_shown(shell: Shell, busy: Core) -> None:
    (line,) = (line for line in shell.run("deliveries").out.splitlines() if PULSE in line)
    assert "5 to 7 sent" in line
    assert " 6 " not in line


async def test_the_bots_own_clock_is_followed_where_it_can_be_moved(
    settings: Settings, there: Core, out: Console
) -> None:
    firing = await occurrence(there, WEEKLY)
    await deliveries(there, firing, 5, DeliveryState.PLANNED, due_in=timedelta(hours=20))
    await show(settings, 7, out)
    assert "5 planned for later" in printed(out)
    store = await PlaygroundStore.open(settings.wellbeing_data / "playground.db")
    try:
        clock = await PlaygroundClock.open(store)
        await clock.move_to(clock.now() + timedelta(hours=21))
    finally:
        await store.close()
    await show(settings, 7, out)
    assert "5 waiting" in printed(out)


# --- watching --------------------------------------------------------------------------------


def emptying(core: Core, looks: int) -> Callable[[], Awaitable[Overview]]:
    """Looks at the core; after so many looks, nothing is waiting any more."""
    left = looks

    async def look() -> Overview:
        nonlocal left
        left -= 1
        if left == 0:
            await expire(core, Choice())
        return await overview(core)

    return look


@pytest.mark.parametrize("is_terminal", [True, False])
async def test_watching_ends_when_nothing_is_running_any_more(
    there: Core, *, is_terminal: bool
) -> None:
    firing = await occurrence(there, WEEKLY, local_at=TEN)
    await deliveries(there, firing, 6, DeliveryState.SENT)
    await deliveries(there, firing, 2, DeliveryState.PLANNED)
    out = Console(file=io.StringIO(), force_terminal=is_terminal, width=160)
    async with asyncio.timeout(WITHIN_S):
        last = await watch_until_done(emptying(there, 4), out, every_s=0.01)
    assert last.running == ()
    assert "100%" in printed(out)
    if not is_terminal:
        assert printed(out).splitlines() == [
            "check-in-weekly, Mon 23 Nov 10:00: 75%  6 sent, 2 waiting",
            "check-in-weekly, Mon 23 Nov 10:00: 100%  6 sent",
        ]


async def test_watching_when_all_is_quiet_says_so_and_ends(shell: Shell, there: Core) -> None:
    ran = shell.run("deliveries", "--watch")
    assert ran.status == 0
    assert "Nothing is waiting that is due." in ran.out


async def test_watching_can_be_ended_by_hand(shell: Shell, busy: Core, tmp_path: Path) -> None:
    await asyncio.to_thread(_watch_and_interrupt, shell, tmp_path / "watched")
    assert "Traceback" not in (tmp_path / "watched").read_text()


def _watch_and_interrupt(shell: Shell, log: Path) -> None:
    with log.open("wb") as out:
        watching = subprocess.Popen(
            [sys.executable, "-m", "bot", "deliveries", "--watch"],
            cwd=shell.folder,
            env=shell._environment() | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            # Whoever runs the tests in the background ignores SIGINT, and so would all their heirs.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )
    try:
        until = time.monotonic() + WITHIN_S
        while b"12 sent" not in log.read_bytes():
            assert time.monotonic() < until, log.read_text()
            assert watching.poll() is None, log.read_text()
            time.sleep(0.05)
        watching.send_signal(signal.SIGINT)
        assert watching.wait(WITHIN_S) == 0
    finally:
        if watching.poll() is None:
            watching.kill()
            watching.wait(WITHIN_S)


# --- by hand ---------------------------------------------------------------------------------


async def test_what_failed_is_left_to_the_bot_to_send_again(
    shell: Shell, settings: Settings, busy: Core, out: Console
) -> None:
    ran = shell.run("deliveries", "retry", "--reason", "undeliverable")
    assert ran.status == 0
    assert ran.out.startswith("To be sent again: check-in-weekly (3).")
    assert await states(busy) == ["claimed"] * 2 + ["planned"] * 8 + ["sent"] * 18
    await retry_some(settings, 7, Choice(), out)
    assert printed(out).startswith("Nothing that failed can be sent again")


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        (Choice(programme_id="yoga"), "No programme yoga has run lately. There are: check-in-"),
        (Choice(local_at="2020-01-01T10:00"), f"at 2020-01-01T10:00 lately. There are: {TEN}"),
        (Choice(reason="bad-luck"), "with the reason bad-luck. There are: undeliverable"),
    ],
)
async def test_a_choice_of_what_is_not_there_is_a_mistake(
    settings: Settings, busy: Core, out: Console, choice: Choice, sentence: str
) -> None:
    before = await rows_of(busy, "delivery")
    with pytest.raises(NotFound, match=re.escape(sentence)):
        await retry_some(settings, 7, choice, out)
    with pytest.raises(NotFound, match=re.escape(sentence)):
        await expire_some(settings, 7, choice, out, lambda _: True)
    assert await rows_of(busy, "delivery") == before


async def test_a_mistake_is_one_sentence_and_an_exit_status(shell: Shell, busy: Core) -> None:
    ran = shell.run("deliveries", "retry", "--programme", "yoga")
    assert ran.status == 1
    (sentence,) = ran.sentences
    assert sentence == "No programme yoga has run lately. There are: check-in-weekly, pulse"


async def test_nothing_is_called_off_where_nobody_can_say_yes(shell: Shell, busy: Core) -> None:
    before = await rows_of(busy, "delivery")
    ran = shell.run("deliveries", "expire")  # its input is empty
    assert ran.status == 1
    assert "5 waiting, 3 failed (no such account or channel)" in ran.out
    assert "Call all of this off? Nobody will get it." in ran.out
    assert await rows_of(busy, "delivery") == before


async def test_nothing_is_called_off_after_a_no(
    settings: Settings, busy: Core, out: Console
) -> None:
    before = await rows_of(busy, "delivery")
    await expire_some(settings, 7, Choice(), out, lambda _: False)
    assert printed(out).splitlines()[-1] == "Nothing was changed."
    assert await rows_of(busy, "delivery") == before


async def test_what_waits_is_called_off_and_what_is_in_hand_is_not(
    shell: Shell, settings: Settings, busy: Core, out: Console
) -> None:
    ran = shell.run("deliveries", "expire", "--yes", "--programme", WEEKLY, "--at", TEN)
    assert ran.status == 0
    assert "Called off: check-in-weekly (8)." in ran.out
    assert await states(busy) == ["claimed"] * 2 + ["expired"] * 8 + ["sent"] * 18
    await expire_some(settings, 7, Choice(), out, lambda _: True)
    assert "there is nothing to call off" in printed(out)
