"""What is done with Slack's requests where a test is about something else."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.payloads import Json
from adapters.slack.bolt import Body, Handler


class Nothing:
    """Does nothing with what comes in. Implements `adapters.slack.bolt.Handlers`."""

    async def pressed(self, body: Json) -> Body | None: ...
    async def submitted(self, body: Json) -> Body | None: ...
    async def command(self, body: Json) -> Body | None: ...
    async def shortcut(self, body: Json) -> Body | None: ...

    @property
    def events(self) -> Mapping[str, Handler]:
        return {}
