"""From a summary to the next check-in, on Slack and in Teams by the real SDKs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from tests.support import two_platforms
from tests.support.clock import StillClock
from tests.support.organisation import team_of
from tests.support.two_platforms import Organisation

pytestmark = pytest.mark.slow

SATURDAY: Final = datetime(2026, 11, 28, 12, tzinfo=UTC)
MONDAY: Final = datetime(2026, 11, 30, 12, tzinfo=UTC)
SAY, LOOK, CANNOT = "Say what will happen", "What was said will happen", "It can't be done"
SAID: Final = "We end meetings ten minutes earlier"
FORM: Final = {"words": SAID, "commitment": "systemic", "due": "2026-12-12"}
OPEN: Final = f"{SAID} (by Saturday 12 December)"
WHY: Final = "the rooms are booked by the hour"


@dataclass(frozen=True)
class OnSlack:
    both: Organisation

    async def fills_in(self, name: str, *labels: str, fields: Mapping[str, str]) -> None:
        """Press these one after the other, and send the form that opens."""
        actor = self.both.slack.actor(name)
        for label in labels:
            await actor.presses(label)
            await self.both.settle()
        await actor.submits(fields)
        await actor.closes(every=True)
        await self.both.settle()

    def has(self, name: str) -> list[str]:
        return self.both.in_slack(name)


@dataclass(frozen=True)
class InTeams:
    both: Organisation

    async def fills_in(self, name: str, *labels: str, fields: Mapping[str, str]) -> None:
        actor = self.both.teams.actor(name)
        await actor.opens(labels[0])
        for label in labels[1:]:
            await actor.submits(action=label)
        await actor.submits(fields)
        if actor.has_dialog:
            actor.closes()
        await self.both.settle()

    def has(self, name: str) -> list[str]:
        return self.both.in_teams(name)


@pytest.fixture(params=[OnSlack, InTeams])
async def place(
    request: pytest.FixtureRequest, tmp_path: Path, clock: StillClock, sqlite_url: str
) -> AsyncIterator[OnSlack | InTeams]:
    """A team of ten and their manager on one platform, after their first week."""
    async with two_platforms.organisation(tmp_path, clock, sqlite_url) as both:
        await both.world.import_lines(team_of(10))
        people = ["boss", "boss-1"]
        is_slack = request.param is OnSlack
        await both.has(people if is_slack else [], [] if is_slack else people)
        await both.world.launch()
        await _live_until(both, SATURDAY)
        yield request.param(both)


async def _live_until(both: Organisation, instant: datetime) -> None:
    await both.world.live_until(instant)
    await both.settle()


async def test_it_is_in_the_next_check_in_and_summary_until_it_cannot_be(
    place: OnSlack | InTeams,
) -> None:
    await place.fills_in("boss", SAY, fields=FORM)
    await _live_until(place.both, MONDAY)
    told = place.has("boss-1")[-1]
    assert "Not now" in told
    assert OPEN in told

    await place.fills_in("boss", LOOK, CANNOT, fields={"reason": WHY})
    await _live_until(place.both, SATURDAY + timedelta(weeks=1))
    assert f"{SAID} (we can't, because {WHY})" in place.has("boss")[-1]
    await _live_until(place.both, MONDAY + timedelta(weeks=1))
    assert f"{SAID} (we can't, because {WHY})" in place.has("boss-1")[-1]
    await _live_until(place.both, MONDAY + timedelta(weeks=2))
    assert SAID not in place.has("boss-1")[-1]
