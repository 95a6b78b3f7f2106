"""The bot on a chat platform as an admin runs it: `wellbeing` in processes of their own.

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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import update

from bot.domain.availability import public_holidays
from bot.store.database import Database
from bot.store.tables import Organisation, Watermark
from tests.support.organisation import HEADER, line
from tests.support.processes import COMMAND, ROOT, Process

AT_WORK = re.compile(r"^(This worker|Slack: (requests|connected)|Teams: requests)", re.MULTILINE)
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
    """Settings, a database, and the processes of a bot."""

    url: str
    directory: Path
    settings: dict[str, str]
    started: list[Process] = field(default_factory=list)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    # --- who is there ----------------------------------------------------------------------

    def lines_of(self, name: str, count: int, hour: int) -> dict[str, str]:
        """So many people for whom it is this hour: names, and their lines of the roster.

        The first manages the others.
        """
        zone = zone_where_it_is(hour, self.now)
        region, lines = region_at_work(zone, self.now), {}
        for number in range(count):
            each = f"{name}-{number}"
            manager = f"{name}-0" if number else ""
            lines[each] = line(each, TEAM, manager, zone, region, "mon-sun")
        return lines

    async def import_lines(self, lines: Sequence[str]) -> None:
        roster = self.directory / "roster.csv"
        roster.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
        assert (await self.command("roster", "import", str(roster))).status == 0

    async def launch(self) -> None:
        """Have the bot launched some hours ago."""
        assert (await self.command("launch")).status == 0
        await put_launch_back(self.url)

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


async def until(holds: Callable[[], bool], what: str) -> None:
    last = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < last, f"not in {WITHIN_S:g} s: {what}"
        await asyncio.sleep(LOOKS_EVERY_S)


async def put_launch_back(url: str) -> None:
    """Have a bot that was launched plan now what was due this morning, and what follows it."""
    before = datetime.now(UTC) - timedelta(hours=6)
    database = Database(url)
    async with database.writing() as session:
        await session.execute(update(Organisation).values(launched_at=before))
        await session.execute(update(Watermark).values(planned_until=before))
    await database.close()


def settings_of(url: str, directory: Path) -> dict[str, str]:
    """What every platform's bot is set to."""
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": url,
        "PORT": "0",
        "WELLBEING_DATA": str(directory / "data"),
        "WELLBEING_PROMPTS": str(_prompts(directory)),
        "WELLBEING_TICK_SECONDS": "0.3",
    }


def reached_at(address: str) -> Mapping[str, str]:
    """A platform has to know the address before the bot is there."""
    return {"PORT": address.rpartition(":")[2], "PUBLIC_URL": address}


def free_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def _prompts(directory: Path) -> Path:
    prompts = Path(shutil.copytree(ROOT / "prompts", directory / "prompts"))
    (prompts / "programmes.yaml").write_text(ONLY_WELCOMES, encoding="utf-8")
    return prompts
