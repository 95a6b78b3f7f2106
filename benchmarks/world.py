"""A real core on a real database, with as many people as a row needs.

The roster is written in bulk, since importing one isn't what is measured. Everything after that
goes through the use cases.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from benchmarks.bench import FILE, Place
from bot.app import open_core
from bot.domain.pace import SendingLimits
from bot.keyrings import Sides
from bot.message import Message
from bot.ports import Address, Messenger
from bot.settings import Settings
from bot.store import planning
from bot.store.tables import Account, Block, Organisation, Person, Team, Workspace
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.core import Core

ROOT = Path(__file__).parent.parent
DATABASE = FILE
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


class RunningClock:
    """Runs on from an instant, as time passes."""

    def __init__(self, start: datetime) -> None:
        self._ahead = start - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead


class MemoryMessenger:
    """A platform that costs nothing, and keeps what it is given."""

    def __init__(self, limits: SendingLimits | None = None) -> None:
        self.limits = limits or SendingLimits()
        self.posted: list[tuple[Address, Message, str]] = []

    async def post(self, address: Address, message: Message, key: str) -> str:
        self.posted.append((address, message, key))
        return str(len(self.posted))

    async def find(self, address: Address, key: str) -> str | None:
        return None

    async def update(self, address: Address, message_id: str, message: Message) -> None:
        return None

    async def undisturbed(self, _addresses: Collection[Address]) -> Mapping[Address, datetime]:
        return {}


def settings_of(place: Place) -> Settings:
    """The product's settings, with everything that isn't in the database in one directory."""
    return Settings(
        database_url=place.url,
        wellbeing_prompts=ROOT / "prompts",
        wellbeing_data=place.directory,
        wellbeing_keys=place.directory / "keys",
    )


@asynccontextmanager
async def core_at(
    where: Place | Path,
    now: datetime,
    messenger: Messenger | None = None,
    workspace_id: str = PLAYGROUND,
    url: str | None = None,
    *,
    runs_on: bool = False,
) -> AsyncIterator[Core]:
    """The core at a place, at an instant that doesn't pass unless its clock is to run on."""
    place = Place.of_files(where) if isinstance(where, Path) else where
    if url is not None:
        place = Place(place.directory, "PostgreSQL", url)
    messengers = {workspace_id: messenger or MemoryMessenger()}
    clock = RunningClock(now) if runs_on else StillClock(now)
    opening = open_core(settings_of(place), clock, messengers, sides=Sides.BOTH)
    async with opening as core:
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


async def settle_people(
    core: Core, count: int, planned_until: datetime, workspace_id: str = PLAYGROUND
) -> None:
    """An organisation of so many people who have all been welcomed and opted in to pulses.

    Everybody lives in one zone and has an account in one workspace, so that one firing of a
    programme is for all of them. Nothing that was due before `planned_until` is left to plan.
    """
    people = [_person(number) for number in range(count)]
    accounts = [_account(person["id"], workspace_id) for person in people]
    teams = range((count + TEAM_SIZE - 1) // TEAM_SIZE)
    async with core.database.writing() as session:
        session.add(Organisation(name="Larkfield Council", launched_at=planned_until))
        session.add(Workspace(id=workspace_id, platform=PLAYGROUND))
        session.add_all([Block(id=f"block-{team}", name=f"Team {team}") for team in teams])
        await session.flush()
        session.add_all([_team(team) for team in teams])
        await session.flush()
        await session.execute(insert(Person), people)
        await session.execute(insert(Account), accounts)
        await planning.move_watermark(session, planned_until)
        if not core.database.is_sqlite:
            # As in a database that has been there for a day: the server does it by itself.
            await session.execute(text("ANALYZE"))


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
        "working_days": "01234",
        "founding": True,
        "welcomed_on": date(2026, 1, 5),
        "pulses": True,
    }


def _account(person_id: str, workspace_id: str) -> dict[str, str]:
    return {"person_id": person_id, "workspace_id": workspace_id, "external_id": person_id}
