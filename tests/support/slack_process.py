"""The bot on a fake Slack as an admin runs it: `wellbeing` in processes of their own.

Time is the real one, so the people of its roster live where it is late morning just now, and the
launch is put back to the night before: their welcomes are due whenever a test runs. Nothing else
goes out, whatever day it is.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import update

from adapters.slack.ids import key_of
from adapters.slack.manifest import scopes
from bot.domain.availability import public_holidays
from bot.store.database import Database
from bot.store.tables import Organisation
from tests.fakes.slack import FakeSlack, Posted
from tests.support.organisation import HEADER, line
from tests.support.processes import COMMAND, ROOT, Process

SECRET = "0123456789abcdef" * 2
AT_WORK = re.compile(r"^(This worker|Slack: (requests|connected))", re.MULTILINE)
WITHIN_S = 120.0
LOOKS_EVERY_S = 0.02

MORNING, NIGHT = 11, 1  # hours of the day
REGIONS = ("GB-ENG", "JP", "IE", "IN", "BR")
TEAM = "Services / Housing"
ONLY_WELCOMES = """
programmes:
  - id: welcome
    kind: welcome
    audience: not_welcomed
    days: [mon, tue, wed, thu, fri, sat, sun]
    at: "09:00"
    late: 6h
"""


def zone_where_it_is(hour: int, now: datetime) -> str:
    """A zone in which it is this hour now. Its sign is the other way round (POSIX)."""
    ahead = (hour - now.hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}"


def region_at_work(zone: str, now: datetime) -> str:
    """A region without a public holiday today."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return next(region for region in REGIONS if today not in public_holidays(region))


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended."""

    status: int
    out: str
    err: str


@dataclass(slots=True)
class Installation:
    """Settings, a database, and the processes of a bot on this Slack."""

    slack: FakeSlack
    url: str
    directory: Path
    settings: dict[str, str]
    started: list[Process] = field(default_factory=list)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    # --- who is there ----------------------------------------------------------------------

    async def has(self, working: int, asleep: int = 0) -> tuple[list[str], list[str]]:
        """Have so many people at work and asleep, in Slack and by a roster; and launch."""
        morning, night = zone_where_it_is(MORNING, self.now), zone_where_it_is(NIGHT, self.now)
        at_work = self._people("anna", working, morning)
        at_rest = self._people("olaf", asleep, night)
        roster = self.directory / "roster.csv"
        roster.write_text(
            "\n".join([HEADER, *at_work.values(), *at_rest.values()]), encoding="utf-8"
        )
        assert (await self.command("roster", "import", str(roster))).status == 0
        assert (await self.command("launch")).status == 0
        await self._put_launch_back(timedelta(hours=6))
        return list(at_work), list(at_rest)

    def _people(self, name: str, count: int, zone: str) -> dict[str, str]:
        """Names, and their lines of the roster. The first manages the others."""
        region, lines = region_at_work(zone, self.now), {}
        for number in range(count):
            each = f"{name}-{number}"
            self.slack.add_user(each, tz=zone)
            manager = f"{name}-0" if number else ""
            lines[each] = line(each, TEAM, manager, zone, region, "mon-sun")
        return lines

    async def _put_launch_back(self, by: timedelta) -> None:
        database = Database(self.url)
        async with database.writing() as session:
            await session.execute(update(Organisation).values(launched_at=self.now - by))
        await database.close()

    # --- processes -------------------------------------------------------------------------

    async def command(self, *arguments: str, **settings: str) -> Done:
        """Run `wellbeing` with these arguments to its end."""
        return await asyncio.to_thread(self._command, arguments, settings)

    def _command(self, arguments: Sequence[str], settings: dict[str, str]) -> Done:
        done = subprocess.run(
            [COMMAND, *arguments],
            cwd=self.directory,
            env={**self.settings, **settings},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=WITHIN_S,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    async def runs(self, *arguments: str, **settings: str) -> Process:
        """Start `wellbeing run`, and wait until it is at work."""
        process = self._start(arguments, settings)
        child = process.child
        await until(
            lambda: bool(AT_WORK.search(process.printed)) or child.poll() is not None,
            "the bot is at work",
        )
        assert child.poll() is None, f"the bot didn't start:\n{process.printed}"
        return process

    def _start(self, arguments: Sequence[str], settings: dict[str, str]) -> Process:
        log = self.directory / f"log {len(self.started)}.txt"
        with log.open("wb") as output:
            child = subprocess.Popen(
                [COMMAND, "run", *arguments],
                cwd=self.directory,
                env={**self.settings, **settings},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.started.append(Process(child, log))
        return self.started[-1]

    def end_all(self) -> None:
        for process in self.started:
            process.child.kill()
            process.child.wait(WITHIN_S)

    # --- what arrived ----------------------------------------------------------------------

    def deliveries(self) -> list[Posted]:
        """All messages with a delivery key, in every conversation."""
        workspace = self.slack.workspace
        every = (posted for posts in workspace.messages.values() for posted in posts)
        return [posted for posted in every if key_of(posted.metadata)]

    def keys(self) -> Counter[str | None]:
        return Counter(key_of(posted.metadata) for posted in self.deliveries())

    def welcomed(self, names: Sequence[str]) -> bool:
        return all(self.slack.messages(name) for name in names)


async def until(holds: Callable[[], bool], what: str) -> None:
    last = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < last, f"not in {WITHIN_S:g} s: {what}"
        await asyncio.sleep(LOOKS_EVERY_S)


@contextmanager
def installation(
    slack: FakeSlack, url: str, directory: Path, *, socket_mode: bool = False
) -> Iterator[Installation]:
    """A bot with one workspace's token; its processes are ended with the block."""
    slack.app.signing_secret = SECRET
    slack.set_scopes(scopes("roster"))
    settings = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": url,
        "PORT": "0",
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token(),
        "WELLBEING_DATA": str(directory / "data"),
        "WELLBEING_PROMPTS": str(_prompts(directory)),
        "WELLBEING_SLACK_PER_MINUTE": "60000",
        "WELLBEING_TICK_SECONDS": "0.3",
    }
    settings |= {"SLACK_APP_TOKEN": slack.app.app_token} if socket_mode else _by_http(slack)
    installed = Installation(slack, url, directory, settings)
    try:
        yield installed
    finally:
        installed.end_all()


def _prompts(directory: Path) -> Path:
    prompts = Path(shutil.copytree(ROOT / "prompts", directory / "prompts"))
    (prompts / "programmes.yaml").write_text(ONLY_WELCOMES, encoding="utf-8")
    return prompts


def _by_http(slack: FakeSlack) -> dict[str, str]:
    """Slack has to know the address before the bot is there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    slack.app.request_url = f"{address}/slack/events"
    return {"PORT": str(port), "PUBLIC_URL": address, "SLACK_SIGNING_SECRET": SECRET}
