"""A messenger for each Slack workspace: made when it is first asked for, and kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adapters.slack.client import SlackClient
from adapters.slack.ids import is_slack
from adapters.slack.messenger import SlackMessenger
from bot.domain.pace import SendingLimits
from bot.ports import Clock, Messenger


class SlackMessengers(Mapping[str, Messenger]):
    """Any Slack workspace has one: whether the app is installed there shows when it sends."""

    def __init__(self, client: SlackClient, limits: SendingLimits, clock: Clock) -> None:
        self._client, self._limits, self._clock = client, limits, clock
        self._made: dict[str, Messenger] = {}

    def __getitem__(self, workspace_id: str) -> Messenger:
        if not is_slack(workspace_id):
            raise KeyError(workspace_id)
        if workspace_id not in self._made:
            messenger = SlackMessenger(self._client, workspace_id, self._limits, self._clock)
            self._made[workspace_id] = messenger
        return self._made[workspace_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)
