"""The core's delivery over the real SDK, where replies are lost and connections cut."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.slack.messenger import SlackMessenger
from benchmarks.bench import Place
from benchmarks.sending import planned
from benchmarks.world import MONDAY_TEN, core_at
from bot.app import SystemClock
from bot.domain.pace import SendingLimits
from bot.usecases.core import Core
from bot.usecases.deliver import deliver
from tests.fakes.slack import FakeSlack
from tests.support.slack import WORKSPACE, slack_client

POST = "chat.postMessage"
PEOPLE = 40
FASTEST = SendingLimits(in_flight=8, lands_within_s=0)


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.running() as running:
        for number in range(PEOPLE):
            running.add_user(f"person-{number}", id=f"{number:032x}")
        yield running


@pytest.fixture
async def core(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Core]:
    """A check-in is due for everybody."""
    place = Place.of_files(tmp_path)
    await planned(place, PEOPLE, WORKSPACE)
    async with slack_client(slack) as client:
        messenger = SlackMessenger(client, WORKSPACE, FASTEST, SystemClock())
        async with core_at(place, MONDAY_TEN, messenger, WORKSPACE, runs_on=True) as opened:
            yield opened


def received(slack: FakeSlack) -> list[int]:
    return [len(slack.messages(f"person-{number}")) for number in range(PEOPLE)]


async def test_everybody_gets_one_message_whatever_becomes_of_connections(
    slack: FakeSlack, core: Core
) -> None:
    slack.faults.lose_replies(POST, times=10)
    slack.faults.cut(POST, times=10)
    slack.faults.html_page(POST, times=5)

    await deliver(core, WORKSPACE)
    assert sum(received(slack)) == PEOPLE - 15  # so it did go wrong
    for _ in range(3):
        await deliver(core, WORKSPACE)

    assert received(slack) == [1] * PEOPLE


async def test_after_a_restart_nobody_is_written_to_twice(slack: FakeSlack, core: Core) -> None:
    slack.faults.lose_replies(POST, times=None)
    await deliver(core, WORKSPACE)
    slack.faults.clear()

    for _ in range(2):
        await deliver(core, WORKSPACE)

    assert received(slack) == [1] * PEOPLE
