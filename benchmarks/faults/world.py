"""What a row happens in: an organisation, days on which something is due, and clocks."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import bindparam, update
from sqlmodel import col

from benchmarks.replica import workspace_id
from benchmarks.world import ROOT, settle_people
from bot.app import open_core
from bot.ports import Clock
from bot.settings import Settings
from bot.store.tables import METADATA, Person, Workspace

# One programme, for everybody, on every working day; nobody in the organisation is away on one.
PROGRAMME: Final = """
programmes:
  - id: check-in-daily
    kind: check_in
    audience: daily_check_ins
    days: [mon, tue, wed, thu, fri]
    at: "09:30"
    late: 4h
"""
LATE: Final = timedelta(hours=4)
# London has winter time, and no public holiday, from the first day for four weeks.
FIRST_DAY: Final = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
WORKING_DAYS: Final = tuple(
    FIRST_DAY + timedelta(weeks=week, days=day) for week in range(4) for day in range(5)
)
PERSON_ID: Final = "{:032x}"


class StillClock:
    """Stands still."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


def local_time(due_at: datetime) -> str:
    """How the bot's table names a firing; in winter London has UTC."""
    return f"{due_at:%Y-%m-%dT%H:%M}"


def write_prompts(directory: Path) -> Path:
    """The product's prompts, with the one programme."""
    prompts = directory / "prompts"
    shutil.copytree(ROOT / "prompts", prompts)
    (prompts / "programmes.yaml").write_text(PROGRAMME, encoding="utf-8")
    return prompts


async def settle(settings: Settings, people: int, workspaces: int) -> None:
    """An organisation in an empty database, just before its first check-in is due."""
    clock: Clock = StillClock(FIRST_DAY - timedelta(minutes=1))
    accounts = METADATA.tables["account"]
    moved = (
        update(accounts)
        .where(accounts.c.person_id == bindparam("of"))
        .values(workspace_id=bindparam("to"))
    )
    places = [
        {"of": PERSON_ID.format(number), "to": workspace_id(number % workspaces)}
        for number in range(people)
    ]
    async with open_core(settings, clock) as core:
        await settle_people(core, people, clock.now())
        async with core.database.writing() as session:
            session.add_all(
                Workspace(id=workspace_id(number), platform="fake") for number in range(workspaces)
            )
            await session.flush()
            await (await session.connection()).execute(moved, places)
            await session.execute(update(Person).values({col(Person.check_ins): "daily"}))


class WorldTime:
    """The one time that replicas live in, unless one of their clocks goes astray."""

    def __init__(self, clocks: Sequence[Path]) -> None:
        self._clocks = clocks
        self._offsets: list[tuple[float, timedelta]] = []  # from when on, by CLOCK_MONOTONIC
        self.move_to(FIRST_DAY - timedelta(minutes=1))

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offsets[-1][1]

    def move_to(self, instant: datetime) -> None:
        """Set all clocks."""
        offset = instant - datetime.now(UTC)
        self._offsets.append((time.monotonic(), offset))
        for clock in self._clocks:
            _set(clock, offset)

    def lead_astray(self, clock: Path, by: timedelta) -> None:
        """Set one clock wrong by so much; 0 to set it right."""
        _set(clock, self._offsets[-1][1] + by)

    def at(self, monotonic: float) -> datetime:
        """The world's time at an instant of CLOCK_MONOTONIC."""
        offset = next(offset for since, offset in reversed(self._offsets) if since <= monotonic)
        ago = timedelta(seconds=time.monotonic() - monotonic)
        return datetime.now(UTC) - ago + offset


def _set(clock: Path, offset: timedelta) -> None:
    # Replaced as a whole: a replica never reads half a number.
    draft = clock.with_suffix(".new")
    draft.write_text(str(offset.total_seconds()), encoding="ascii")
    draft.replace(clock)
