"""One organisation, half of it on Slack and half on Teams: one check-in, one pulse, one summary."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.slack.reading import text_of
from tests.support import two_platforms
from tests.support.clock import StillClock
from tests.support.organisation import team_of
from tests.support.tables import rows_of
from tests.support.two_platforms import Organisation

SLACKS = ("boss", "boss-1", "boss-2", "boss-3", "boss-4")
TEAMS = ("boss-6", "boss-7", "boss-8", "boss-9")
BOTH = "boss-5"  # who chooses Teams
MONDAY_MORNING = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


class Halves(Organisation):
    """Whoever is where, what they read and do."""

    def said(self, name: str) -> list[str]:
        """What somebody reads of the bot, wherever they read it."""
        found = []
        if name not in TEAMS:
            found += self.in_slack(name)
        if name not in SLACKS:
            found += self.in_teams(name)
        return found

    async def presses(self, name: str, label: str) -> None:
        if name in SLACKS:
            await self.slack.actor(name).presses(label)
        else:
            await self.teams.actor(name).presses(label)

    async def answers_the_pulse(self, name: str) -> None:
        if name in SLACKS:
            actor = self.slack.actor(name)
            await actor.presses("pulse.form")
            await self.settle()
            inputs = [block for block in actor.modal().blocks if block["type"] == "input"]
            await actor.submits({block["block_id"]: "4" for block in inputs})
            await actor.closes(every=True)
        else:
            there = self.teams.actor(name)
            await there.opens("Answer")
            body = there.dialog().card["body"]
            fields = [each["id"] for each in body if each["type"].startswith("Input")]
            await there.submits(dict.fromkeys(fields, "4"))
            there.closes()


@pytest.fixture
async def organisation(tmp_path: Path, clock: StillClock, sqlite_url: str) -> AsyncIterator[Halves]:
    async with two_platforms.organisation(tmp_path, clock, sqlite_url) as found:
        yield Halves(found.world, found.slack, found.teams, found.on_slack, found.on_teams)


async def test_one_check_in_one_pulse_and_one_summary_to_both(organisation: Halves) -> None:
    world = organisation.world
    await world.import_lines(team_of(9))
    for name in (*SLACKS, BOTH):
        organisation.slack.add_user(name)
    await organisation.on_slack.sync_all()
    for name in (*TEAMS, BOTH):
        await organisation.teams.actor(organisation.teams.add_person(name)).installs()
    await organisation.settle()

    # Whoever is on both says that it's them, says so in Slack too, and chooses where they are
    # written to.
    both = organisation.teams.actor(BOTH)
    assert "Is that you?" in organisation.said(BOTH)[-1]
    await both.presses("Yes, that's me")
    await organisation.settle()
    assert len(await rows_of(world.core, "account")) == 10
    in_slack = organisation.slack.actor(BOTH)
    assert "Microsoft Teams has your work address" in organisation.in_slack(BOTH)[-1]
    await in_slack.presses("Yes, that's me")
    await organisation.settle()
    assert "I know you on Microsoft Teams too" in organisation.in_slack(BOTH)[-1]
    await both.types("settings")
    await organisation.settle()
    await both.opens("Change settings")
    await both.submits({"platform": "teams"})
    both.closes()
    assert len(await rows_of(world.core, "account")) == 11

    await world.launch()
    await world.live_until(MONDAY_MORNING)
    for name in world.ids:
        hello = [text for text in organisation.said(name) if "Hello Boss" in text]
        assert len(hello) == 1, name
    staff = [name for name in world.ids if name != "boss"]
    for name in staff:
        await organisation.presses(name, "Yes, ask me")
    await organisation.settle()

    await world.live_until(MONDAY_NOON)
    for name in staff:
        await organisation.presses(name, "check_in.answer")
    await organisation.settle()
    assert len({organisation.said(name)[-1] for name in staff if name in SLACKS}) == 1
    assert len({organisation.said(name)[-1] for name in staff if name not in SLACKS}) == 1

    await world.live_until(WEDNESDAY)
    for name in staff:
        await organisation.answers_the_pulse(name)
    await world.live_until(SATURDAY)
    summary = organisation.said("boss")[-1]
    assert "5 people or more answered" in summary
    assert "between 3 and 5" in summary.lower()


async def test_whoever_has_somebodys_address_in_slack_gets_nothing_after_a_no_in_teams(
    organisation: Halves,
) -> None:
    world, slack, teams = organisation.world, organisation.slack, organisation.teams
    await world.import_lines(team_of(1))
    known = teams.actor(teams.add_person("boss-1"))
    await known.installs()
    await organisation.settle()
    slack.add_user("boss-1")
    await organisation.on_slack.sync_all()
    impostor = slack.actor("boss-1")
    await impostor.says("hello")
    await organisation.settle()
    await impostor.presses("Yes, that's me")
    await organisation.settle()
    assert "An account on Slack has your work address" in organisation.in_teams("boss-1")[-1]
    await known.presses("No, it isn't")
    await organisation.settle()
    assert "gets nothing of yours" in organisation.in_teams("boss-1")[-1]
    await impostor.says("hello")
    await organisation.settle()
    assert "I don't know you here" in organisation.in_slack("boss-1")[-1]
    assert "Boss-1" not in organisation.in_slack("boss-1")[-1]
    assert len(await rows_of(world.core, "account")) == 1


async def test_whoever_cant_be_asked_in_teams_any_more_is_told_so_in_slack(
    organisation: Halves,
) -> None:
    world, slack, teams = organisation.world, organisation.slack, organisation.teams
    await world.import_lines(team_of(1))
    person = teams.add_person("boss-1")
    await teams.actor(person).installs()
    await organisation.settle()
    slack.add_user("boss-1")
    await organisation.on_slack.sync_all()
    person.installed = False  # and nobody told the bot
    newcomer = slack.actor("boss-1")
    await newcomer.says("hello")
    await organisation.settle()
    await newcomer.presses("Yes, that's me")
    await organisation.settle()
    assert "I can't reach you there now" in text_of(newcomer.ephemeral()[-1].blocks)
    assert len(await rows_of(world.core, "claim")) == 1
