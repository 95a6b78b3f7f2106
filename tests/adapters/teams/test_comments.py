"""A comment written in Teams: one dialog after the other, and nothing of it in what stays."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.sealed_comment import inbox_of_comments
from tests.fakes.teams import FakeTeams, text_of
from tests.support.clock import StillClock
from tests.support.tables import dump
from tests.support.teams_bot import TeamsBot, running, settings_of

TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CANARY = "canary-41d7 needs quieter rooms"


@pytest.fixture
async def empty_bot(
    tmp_path: Path, clock: StillClock, fake_teams: FakeTeams, sqlite_url: str
) -> AsyncIterator[TeamsBot]:
    settings = settings_of(tmp_path, sqlite_url, fake_teams, wellbeing_pulse_comments="on")
    async with running(settings, clock, fake_teams) as bot:
        yield bot


@pytest.fixture
async def tuesday(welcomed: TeamsBot) -> TeamsBot:
    await welcomed.actor("boss-1").presses("Yes, ask me")
    await welcomed.settle()
    await welcomed.world.tap("boss-1", "comments.consent", "yes")
    await welcomed.world.live_until(TUESDAY)
    return welcomed


async def test_a_comment_is_written_looked_at_and_sealed(tuesday: TeamsBot) -> None:
    actor = tuesday.actor("boss-1")
    before = tuesday.teams.everything_said()
    await actor.opens("Say something, anonymously")
    await actor.submits({"comment": f"{CANARY}, says boss@example.org"})
    assert f"{CANARY}, says [" in text_of(actor.dialog().card)
    assert "boss@" not in text_of(actor.dialog().card)
    await actor.submits({"comment": f"{CANARY}, says […]"})
    assert "sealed" in text_of(actor.dialog().card)
    actor.closes()
    await tuesday.settle()
    assert tuesday.teams.everything_said() == before
    assert len(await tuesday.core.inbox.boxes(inbox_of_comments("pulse-2026-11-24"))) == 1
    assert "canary-41d7" not in str(await dump(tuesday.core))


async def test_words_of_a_crisis_bring_the_card_into_the_next_dialog(tuesday: TeamsBot) -> None:
    actor = tuesday.actor("boss-1")
    await actor.opens("Say something, anonymously")
    await actor.submits({"comment": "I want to die"})
    card = text_of(actor.dialog().card)
    assert "999" in card
    assert "This is automatic" in card
    await actor.submits({"comment": "I want to die"}, action="Seal it")
    assert "sealed" in text_of(actor.dialog().card)
    assert "999" in text_of(actor.dialog().card)
