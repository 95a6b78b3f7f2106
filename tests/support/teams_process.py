"""The bot on a fake Teams as an admin runs it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.teams import FakeTeams
from tests.support.installation import (
    MORNING,
    Installation,
    free_address,
    reached_at,
    settings_of,
    until,
    zone_where_it_is,
)

WELCOME = "Hello from the Wellbeing Warrior"


@dataclass(slots=True)
class OnTeams(Installation):
    """`teams` is the Microsoft that it is registered with."""

    teams: FakeTeams = field(kw_only=True)

    async def has(self, count: int) -> list[str]:
        """Have so many people at work on the roster, and in Teams, where all are greeted.

        The bot has to run.
        """
        lines, zone = self.lines_of("anna", count, MORNING), zone_where_it_is(MORNING, self.now)
        await self.import_lines(list(lines.values()))
        people = [self.teams.add_person(name, zone=zone) for name in lines]
        answers = await asyncio.gather(*(self.teams.actor(each).installs() for each in people))
        assert {answered.status for some in answers for answered in some} == {200}
        await until(lambda: len(self.teams.calls("send")) >= count, "everybody is greeted")
        return list(lines)

    def welcomes(self, names: Sequence[str]) -> Counter[str]:
        """How often each of these people was welcomed."""
        return Counter(
            {
                name: [sent.summary for sent in self.teams.messages(name)].count(WELCOME)
                for name in names
            }
        )


@contextmanager
def installation(teams: FakeTeams, url: str, directory: Path, **settings: str) -> Iterator[OnTeams]:
    """A bot with a client secret, in one tenant; its processes are ended with the block."""
    address = free_address()
    teams.app.request_url = f"{address}/api/messages"
    given = {
        **settings_of(url, directory),
        **reached_at(address),
        "MICROSOFT_APP_ID": teams.app.id,
        "MICROSOFT_APP_PASSWORD": teams.app.password,
        "MICROSOFT_APP_TENANT_ID": teams.tenant.id,
        "WELLBEING_TEAMS_LOGIN_URL": teams.login_url,
        "WELLBEING_TEAMS_OPENID_URL": teams.openid_url,
        **settings,
    }
    installed = OnTeams(url, directory, given, teams=teams)
    try:
        yield installed
    finally:
        installed.end_all()
