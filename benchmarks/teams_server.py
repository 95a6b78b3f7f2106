"""`python -m benchmarks.teams_server people`: a fake Teams in which so many people have the app.

It prints its address once it answers. Beside Microsoft's own, it has these routes:

GET  /benchmark/access  what a bot needs to send there
POST /benchmark/forget  forget all that has arrived, and take so long for each request from now on
GET  /benchmark/counts  what has arrived
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from aiohttp import web

from adapters.teams.tokens import Credentials
from benchmarks.asking import ask
from benchmarks.child import Child, end_with_parent
from benchmarks.serving import stop_sign
from tests.fakes.teams import FakeTeams


@dataclass(frozen=True, slots=True)
class Access:
    """`token` is one of the bot's, good for an hour."""

    service_url: str
    login_url: str
    tenant_id: str
    app_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)

    @property
    def credentials(self) -> Credentials:
        return Credentials(self.app_id, self.tenant_id, self.secret)


@dataclass(frozen=True, slots=True)
class Counts:
    """Messages that arrived, and the people who got them."""

    messages: int
    people: int


class Server:
    """A fake Teams that runs. Asking it takes milliseconds, in which the caller waits."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.access = Access(**json.loads(ask(address, "GET", "/benchmark/access")))

    def forget(self, latency_s: float = 0.0) -> None:
        """Have it forget all that has arrived, and take so long for each request from now on."""
        ask(self._address, "POST", "/benchmark/forget", json.dumps({"latency_s": latency_s}))

    def counts(self) -> Counts:
        return Counts(**json.loads(ask(self._address, "GET", "/benchmark/counts")))


@contextmanager
def teams_process(log: Path, people: int) -> Iterator[Server]:
    """A fake Teams on a free port, until the end of the block. What it prints goes to `log`."""
    process = Child(log, "benchmarks.teams_server", str(people))
    try:
        yield Server(process.wait_for("http://"))
    finally:
        process.end()


def account_of(number: int) -> str:
    """As `benchmarks.world` has accounts."""
    return f"{number:032x}"


def chat_of(account: str) -> str:
    """The id of somebody's chat with the bot."""
    return f"a:1{account}"


# --- in the process ------------------------------------------------------------------------


class BenchmarkTeams(FakeTeams):
    """A fake Teams with routes for the benchmarks."""

    def application(self) -> web.Application:
        application = super().application()
        application.router.add_get("/benchmark/access", self._access)
        application.router.add_post("/benchmark/forget", self._forget)
        application.router.add_get("/benchmark/counts", self._counts)
        return application

    def fill(self, people: int) -> None:
        for number in range(people):
            account = account_of(number)
            self.add_person(
                f"person-{number}", aad_id=account, chat_id=chat_of(account), installed=True
            )

    async def _access(self, _request: web.Request) -> web.Response:
        access = Access(
            service_url=self.service_url,
            login_url=f"{self.login_url}/",
            tenant_id=self.tenant.id,
            app_id=self.app.id,
            secret=self.app.password,
            token=self.site.access_tokens.issue(),
        )
        return web.json_response(asdict(access))

    async def _forget(self, request: web.Request) -> web.Response:
        self.faults.latency_s = (await request.json())["latency_s"]
        self.log.clear()
        self.tenant.sent.clear()
        self.tenant.kept.clear()
        return web.json_response({})

    async def _counts(self, _request: web.Request) -> web.Response:
        messages = [len(each) for each in self.tenant.sent.values() if each]
        return web.json_response(asdict(Counts(sum(messages), len(messages))))


async def serve(people: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    stop = stop_sign()
    async with BenchmarkTeams.running() as teams:
        teams.fill(people)
        print(teams.url, flush=True)
        await stop.wait()


if __name__ == "__main__":
    end_with_parent()
    asyncio.run(serve(int(sys.argv[1])))
