"""Words that two people say to each other are nowhere but in their two chats, whatever fails."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.acceptance.test_support_across import ask
from tests.fakes.slack import Posted
from tests.fakes.slack.reading import text_of
from tests.support import two_platforms
from tests.support.clock import StillClock
from tests.support.desk import PEOPLE, files_with, let_go_out, request_of, volunteer
from tests.support.printing import printing
from tests.support.tables import dump
from tests.support.two_platforms import Organisation

TUESDAY_MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
CANARY = "xylograph"
ASKER, VOLUNTEER = "ann", "wes"


@pytest.fixture
async def both(tmp_path: Path, clock: StillClock, sqlite_url: str) -> AsyncIterator[Organisation]:
    """Whoever asked is on Slack, and talks with a volunteer in Teams."""
    async with two_platforms.organisation(tmp_path, clock, sqlite_url) as found:
        await found.world.import_lines(PEOPLE)
        await found.has([ASKER], [VOLUNTEER])
        await found.world.launch()
        await volunteer(found.world, VOLUNTEER)
        await found.world.live_until(TUESDAY_MORNING)
        await found.settle()
        await ask(found)
        await found.teams.actor(VOLUNTEER).presses("I can take this")
        await let_go_out(found)
        yield found


def teams_refuses(both: Organisation) -> None:
    both.teams.faults.answer("Throttled", "send", times=9, retry_after=30)


def teams_fails(both: Organisation) -> None:
    both.teams.faults.answer("ServiceError", "send", times=9)


def teams_was_blocked(both: Organisation) -> None:
    both.teams.faults.answer("MessageWritesBlocked", "send", times=9)


def nothing(both: Organisation) -> None:
    """All is well."""


@pytest.mark.parametrize(
    ("fault", "said", "state"),
    [
        (nothing, "Passed on", "talking"),
        (teams_refuses, "could not be passed on", "claimed"),
        (teams_fails, "can't tell whether that arrived", "claimed"),
        # Whoever can't be written to any more is replaced.
        (teams_was_blocked, "I can't reach your volunteer here any more", "handed_back"),
    ],
)
async def test_they_are_in_no_log_table_or_file_and_their_writer_hears_what_became_of_them(
    both: Organisation,
    fault: Callable[[Organisation], None],
    said: str,
    state: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    root = both.slack.messages(ASKER)[-1]
    fault(both)
    with printing() as printed:
        await both.slack.actor(ASKER).says(f"It's about a {CANARY}", in_thread=root)
        await both.settle()
        await let_go_out(both)
    assert said in _thread(both, root)[-1]
    records = "\n".join(str(vars(record)) for record in caplog.records)
    assert CANARY not in f"{printed.getvalue()}{caplog.text}{records}"
    assert CANARY not in str(await dump(both.world.core))
    assert files_with(tmp_path, CANARY) == []
    assert (await request_of(both.world, ASKER)).state == state


async def test_so_are_those_of_the_volunteer(
    both: Organisation, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with printing() as printed:
        await both.teams.actor(VOLUNTEER).types(f"Tell me of the {CANARY}")
        await both.settle()
    assert CANARY in str(_thread(both, both.slack.messages(ASKER)[-1])) + str(both.in_slack(ASKER))
    records = "\n".join(str(vars(record)) for record in caplog.records)
    assert CANARY not in f"{printed.getvalue()}{caplog.text}{records}"
    assert files_with(tmp_path, CANARY) == []


def _thread(both: Organisation, root: Posted) -> list[str]:
    return [text_of(posted.blocks) for posted in both.slack.actor(ASKER).thread(root)]
