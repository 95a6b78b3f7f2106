"""`python -m benchmarks.slack_server people`: the fake Slack, with so many people a workspace.

It prints its address once it answers. Beside Slack's own, it has these routes:

GET  /benchmark/tokens        the bot's token in each workspace
POST /benchmark/behaviour     behave like this from now on, and forget all that has arrived
GET  /benchmark/counts/{team} what it came to in one workspace
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from benchmarks.asking import ask
from benchmarks.child import Child, end_with_parent
from benchmarks.serving import stop_sign
from tests.fakes.slack import FakeSlack

# One for each database, and one for the peer.
TEAMS: Final = ("T0001", "T0002", "T0003")
POST: Final = "chat.postMessage"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How long a request takes, and so many posts a second and at once; 0: as many as you like."""

    latency_s: float = 0.0
    per_second: float = 0.0
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Counts:
    """Messages that arrived, the people who got them, and requests to post that got 429."""

    messages: int
    people: int
    refused: int


class Server:
    """A fake Slack that runs. Asking it takes milliseconds, in which the caller waits."""

    def __init__(self, address: str) -> None:
        self.api_url = f"{address}/api/"
        self._address = address
        self.tokens: dict[str, str] = self._ask("GET", "tokens")

    def behave(self, behaviour: Behaviour) -> None:
        """Have it behave like this from now on, with a full quota, and forget what has arrived."""
        self._ask("POST", "behaviour", json.dumps(asdict(behaviour)))

    def counts(self, team_id: str) -> Counts:
        return Counts(**self._ask("GET", f"counts/{team_id}"))

    def _ask(self, method: str, path: str, body: str | None = None) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(ask(self._address, method, f"/benchmark/{path}", body))
        return answer


@contextmanager
def slack_process(log: Path, people: int) -> Iterator[Server]:
    """A fake Slack on a free port, until the end of the block. What it prints goes to `log`."""
    process = Child(log, "benchmarks.slack_server", str(people))
    try:
        yield Server(process.wait_for("http://"))
    finally:
        process.end()


# --- in the process ------------------------------------------------------------------------


class BenchmarkSlack(FakeSlack):
    """A fake Slack with routes for the benchmarks."""

    def application(self) -> web.Application:
        application = super().application()
        application.router.add_get("/benchmark/tokens", self._tokens)
        application.router.add_post("/benchmark/behaviour", self._behave)
        application.router.add_get("/benchmark/counts/{team}", self._counts)
        return application

    def fill(self, people: int) -> None:
        """So many people in each workspace."""
        for team_id in TEAMS:
            if team_id not in self.site.workspaces:
                self.add_workspace(team_id, team_id=team_id)
            for number in range(people):
                # Accounts as `benchmarks.world` has them.
                self.add_user(f"person-{number}", team_id, id=f"{number:032x}")

    async def _tokens(self, _request: web.Request) -> web.Response:
        return web.json_response({team_id: self.bot_token(team_id) for team_id in TEAMS})

    async def _behave(self, request: web.Request) -> web.Response:
        behaviour = Behaviour(**await request.json())
        self.faults.clear()
        self.faults.latency_s = behaviour.latency_s
        if behaviour.per_second:
            self.faults.limit(behaviour.per_second, behaviour.burst, method=POST)
        self.log.clear()
        for workspace in self.site.workspaces.values():
            workspace.messages.clear()
            workspace.kept.clear()
        return web.json_response({})

    async def _counts(self, request: web.Request) -> web.Response:
        team_id = request.match_info["team"]
        conversations = self.workspace_of(team_id).messages.values()
        messages = [len(each) for each in conversations if each]
        posts = (call for call in self.calls(POST) if call.team_id == team_id)
        refused = sum(call.outcome == "ratelimited" for call in posts)
        return web.json_response(asdict(Counts(sum(messages), len(messages), refused)))


async def serve(people: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    stop = stop_sign()
    async with BenchmarkSlack.running() as slack:
        slack.fill(people)
        print(slack.url, flush=True)
        await stop.wait()


if __name__ == "__main__":
    end_with_parent()
    asyncio.run(serve(int(sys.argv[1])))
