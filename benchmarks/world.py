"""A real core on a real SQLite file, with as many people as a row needs.

The roster is written in bulk, since importing one isn't what is measured. Everything after that
goes through the use cases.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bot.app import open_core
from bot.message import Message
from bot.ports import Address
from bot.settings import Settings
from bot.store import deliveries
from bot.store.tables import Account, Block, Organisation, Person, Team, Workspace
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.core import Core

ROOT = Path(__file__).parent.parent
DATABASE = "wellbeing.db"
TEAM_SIZE = 50

# A Monday without holidays, when the weekly check-in goes out; the pulse's round is the next days'.
MONDAY_TEN = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TUESDAY_TEN = MONDAY_TEN + timedelta(days=1)
FRIDAY_TEN = MONDAY_TEN + timedelta(days=4)


class StillClock:
    """Stands still where it is put."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now


class MemoryMessenger:
    """A platform that costs nothing: it counts what it is given, and says when that is enough."""

    def __init__(self, enough: int = 0) -> None:
        self._posted, self._enough = 0, enough
        self.has_enough = asyncio.Event()

    async def post(self, address: Address, message: Message, key: str) -> str:
        self._posted += 1
        if self._posted == self._enough:
            self.has_enough.set()
        return str(self._posted)

    async def find(self, address: Address, key: str) -> str | None:
        return None

    async def update(self, address: Address, message_id: str, message: Message) -> None:
        return None


def settings_in(directory: Path) -> Settings:
    """The product's settings, with everything it writes in one directory."""
    return Settings(
        database_url=f"sqlite:///{directory / DATABASE}",
        wellbeing_prompts=ROOT / "prompts",
        wellbeing_data=directory,
        wellbeing_keys=directory / "keys",
    )


@asynccontextmanager
async def core_at(
    directory: Path, now: datetime, messenger: MemoryMessenger | None = None
) -> AsyncIterator[Core]:
    """The core in a directory, at an instant that doesn't pass."""
    messengers = {PLAYGROUND: messenger or MemoryMessenger()}
    async with open_core(settings_in(directory), StillClock(now), messengers) as core:
        yield core


@contextmanager
def copy_of(template: Path) -> Iterator[Path]:
    """The same start for every run: a copy that is thrown away."""
    copy = template.with_name(f"{template.name}-copy")
    shutil.copytree(template, copy)
    try:
        yield copy
    finally:
        shutil.rmtree(copy)


async def settle_people(core: Core, count: int, planned_until: datetime) -> None:
    """An organisation of so many people who have all been welcomed and opted in to pulses.

    Everybody lives in one zone, so that one firing of a programme is for all of them. Nothing that
    was due before `planned_until` is left to plan.
    """
    people = [_person(number) for number in range(count)]
    accounts = [_account(person["id"]) for person in people]
    teams = range((count + TEAM_SIZE - 1) // TEAM_SIZE)
    async with core.database.writing() as session:
        session.add(Organisation(name="Larkfield Council", launched_at=planned_until))
        session.add(Workspace(id=PLAYGROUND, platform=PLAYGROUND))
        session.add_all([Block(id=f"block-{team}", name=f"Team {team}") for team in teams])
        await session.flush()
        session.add_all([_team(team) for team in teams])
        await session.flush()
        await session.execute(insert(Person), people)
        await session.execute(insert(Account), accounts)
        await deliveries.move_watermark(session, planned_until)


def _team(number: int) -> Team:
    name = f"Team {number}"
    return Team(
        id=f"team-{number}",
        path=name,
        name=name,
        block_id=f"block-{number}",
        zone="Europe/London",
        region="GB-ENG",
    )


def _person(number: int) -> dict[str, Any]:
    return {
        "id": f"{number:032x}",
        "ledger_id": f"{number:032x}",
        "email": f"person-{number}@example.org",
        "name": f"Person {number}",
        "team_id": f"team-{number // TEAM_SIZE}",
        "zone": "Europe/London",
        "region": "GB-ENG",
        "language": "en",
        "working_days": [0, 1, 2, 3, 4],
        "founding": True,
        "welcomed_on": date(2026, 1, 5),
        "pulses": True,
    }


def _account(person_id: str) -> dict[str, str]:
    return {"person_id": person_id, "workspace_id": PLAYGROUND, "external_id": person_id}
