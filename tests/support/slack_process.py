"""The bot on a fake Slack as an admin runs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapters.slack.ids import key_of
from adapters.slack.manifest import scopes
from tests.fakes.slack import FakeSlack, Posted
from tests.support.installation import (
    MORNING,
    NIGHT,
    Installation,
    free_address,
    reached_at,
    settings_of,
    zone_where_it_is,
)

SECRET = "0123456789abcdef" * 2


@dataclass(slots=True)
class OnSlack(Installation):
    """`slack` is the workspace that it is in."""

    slack: FakeSlack = field(kw_only=True)

    async def has(self, working: int, asleep: int = 0) -> tuple[list[str], list[str]]:
        """Have so many people at work and asleep, in Slack and by a roster; and launch."""
        at_work, at_rest = (
            self._people("anna", working, MORNING),
            self._people("olaf", asleep, NIGHT),
        )
        await self.import_lines([*at_work.values(), *at_rest.values()])
        await self.launch()
        return list(at_work), list(at_rest)

    def _people(self, name: str, count: int, hour: int) -> dict[str, str]:
        lines = self.lines_of(name, count, hour)
        for each in lines:
            self.slack.add_user(each, tz=zone_where_it_is(hour, self.now))
        return lines

    def deliveries(self) -> list[Posted]:
        """All messages with a delivery key, in every conversation."""
        workspace = self.slack.workspace
        every = (posted for posts in workspace.messages.values() for posted in posts)
        return [posted for posted in every if key_of(posted.metadata)]

    def keys(self) -> Counter[str | None]:
        return Counter(key_of(posted.metadata) for posted in self.deliveries())

    def welcomed(self, names: Sequence[str]) -> bool:
        return all(self.slack.messages(name) for name in names)


@contextmanager
def installation(
    slack: FakeSlack, url: str, directory: Path, *, socket_mode: bool = False
) -> Iterator[OnSlack]:
    """A bot with one workspace's token; its processes are ended with the block."""
    slack.app.signing_secret = SECRET
    slack.set_scopes(scopes("roster"))
    settings = settings_of(url, directory) | {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token(),
        "WELLBEING_SLACK_PER_MINUTE": "60000",
    }
    settings |= {"SLACK_APP_TOKEN": slack.app.app_token} if socket_mode else _by_http(slack)
    installed = OnSlack(url, directory, settings, slack=slack)
    try:
        yield installed
    finally:
        installed.end_all()


def _by_http(slack: FakeSlack) -> dict[str, str]:
    address = free_address()
    slack.app.request_url = f"{address}/slack/events"
    return {**reached_at(address), "SLACK_SIGNING_SECRET": SECRET}
