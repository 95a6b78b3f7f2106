"""A comment written in Slack: three modals in one place, and nothing of it in what stays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.sealed_comment import inbox_of_comments
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.reading import text_of
from tests.support.clock import StillClock
from tests.support.organisation import team_of
from tests.support.slack_bot import SlackBot, running, settings_of
from tests.support.tables import dump

TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CANARY = "canary-41d7 needs quieter rooms"


@pytest.fixture
async def bot(
    tmp_path: Path, clock: StillClock, fake_slack: FakeSlack, sqlite_url: str
) -> AsyncIterator[SlackBot]:
    settings = settings_of(tmp_path, sqlite_url, fake_slack, wellbeing_pulse_comments="on")
    async with running(settings, clock, fake_slack) as bot:
        await bot.has(team_of(9))
        yield bot


def files_with(directory: Path, words: bytes) -> list[Path]:
    files = [path for path in directory.rglob("*") if path.is_file()]
    return [path for path in files if words in path.read_bytes()]


async def test_a_comment_is_written_looked_at_and_sealed(
    welcomed: SlackBot, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    actor = welcomed.actor("boss-1")
    await actor.presses("Yes, ask me")
    await welcomed.settle()
    await welcomed.world.tap("boss-1", "comments.consent", "yes")
    await welcomed.world.live_until(TUESDAY)
    before = welcomed.slack.everything_said()
    await actor.presses("comments.write")
    await welcomed.settle()
    await actor.submits({"comment": f"{CANARY}, says boss@example.org"})
    await welcomed.settle()
    shown = actor.modal()
    assert f"{CANARY}, says […]" in text_of(shown.blocks)
    await actor.submits({"comment": f"{CANARY}, says […]"})
    await welcomed.settle()
    assert "sealed" in text_of(actor.modal().blocks)
    assert welcomed.slack.everything_said() == before
    assert len(await welcomed.core.inbox.boxes(inbox_of_comments("pulse-2026-11-24"))) == 1
    assert "canary-41d7" not in str(await dump(welcomed.core))
    assert "canary-41d7" not in "".join(capfd.readouterr())
    assert files_with(tmp_path, b"SQLite format 3")
    assert not files_with(tmp_path, b"canary-41d7")


async def test_what_is_too_long_after_all_is_mended_in_the_modal(welcomed: SlackBot) -> None:
    actor = welcomed.actor("boss-1")
    await actor.presses("Yes, ask me")
    await welcomed.settle()
    await welcomed.world.tap("boss-1", "comments.consent", "yes")
    await welcomed.world.live_until(TUESDAY)
    await actor.presses("comments.write")
    await welcomed.settle()
    answered = await actor.submits({"comment": " "})
    assert "nothing in it yet" in str(answered.body)
