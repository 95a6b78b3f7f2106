"""Many people of all sorts, written in bulk: importing a roster isn't what is tested."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from bot.store import planning
from bot.store.database import Session
from bot.store.tables import METADATA, Organisation
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.core import Core

OTHER = "zz-other"  # a second workspace
PLACES = {
    "Europe/London": ("GB-ENG", "GB-SCT", "GB"),
    "Europe/Berlin": ("DE", "DE-BY"),
    "Asia/Tokyo": ("JP",),
    "America/New_York": ("US-NY", "US"),
}
DAYS = ("01234", "01234", "01234", "12", "56", "0246", "")
QUIET = ((18, 8), (18, 8), (0, 0), (12, 9), (9, 17), (22, 11))


def somebody(number: int, **known: Any) -> dict[str, Any]:
    """A row of `person`: welcomed, in London, working on weekdays."""
    return {
        "id": f"{number:032x}",
        "ledger_id": f"{number:032x}",
        "email": f"p{number}@example.org",
        "name": f"P{number}",
        "team_id": "team",
        "manager_id": None,
        "zone": "Europe/London",
        "region": "GB-ENG",
        "language": "en",
        "working_days": "01234",
        "is_admin": False,
        "is_volunteer": False,
        "is_active": True,
        "founding": True,
        "welcomed_on": date(2026, 1, 5),
        "check_ins": "weekly",
        "reflections": True,
        "pulses": False,
        "summaries": True,
        "quiet_from": time(18, 30),
        "quiet_until": time(8, 30),
        "paused_from": None,
        "paused_until": None,
        **known,
    }


def all_sorts(count: int, around: date, seed: int) -> list[dict[str, Any]]:
    """People who differ in everything that planning looks at; pauses lie around a day."""
    random = Random(seed)  # noqa: S311 - a test that can be repeated
    return [_any_sort(number, around, random) for number in range(count)]


def _any_sort(number: int, around: date, random: Random) -> dict[str, Any]:
    zone = random.choice(list(PLACES))
    quiet_from, quiet_until = random.choice(QUIET)
    starts = random.choice([None, None, around + timedelta(days=random.randint(-9, 3))])
    lasts = random.choice([None, timedelta(days=random.randint(0, 12))])
    return somebody(
        number,
        zone=zone,
        region=random.choice(PLACES[zone]),
        working_days=random.choice(DAYS),
        manager_id=f"{random.randrange(number):032x}" if number else None,
        is_active=random.random() < 0.9,
        welcomed_on=date(2026, 1, 5) if random.random() < 0.8 else None,
        check_ins=random.choice(["daily", "weekly", "off"]),
        reflections=random.random() < 0.5,
        quiet_from=time(quiet_from, 30),
        quiet_until=time(quiet_until, 30),
        paused_from=starts,
        paused_until=starts + lasts if starts is not None and lasts is not None else None,
    )


async def settle(core: Core, people: Sequence[dict[str, Any]], launched_at: datetime) -> None:
    """An organisation that has launched, with these people in one team: an account for each."""
    async with core.database.writing() as session:
        session.add(Organisation(name="Test Council", launched_at=launched_at))
        await session.flush()
        await insert_rows(session, "workspace", [{"id": OTHER, "platform": OTHER, "pace": 1.0}])
        team = {"id": "team", "path": "Team", "name": "Team", "zone": "UTC", "region": "GB"}
        await insert_rows(session, "team", [team])
        await join(session, people)
        await planning.move_watermark(session, launched_at)


async def join(session: Session, people: Sequence[dict[str, Any]]) -> None:
    """More people, each with an account in the playground."""
    await insert_rows(session, "person", people)
    await give_accounts(session, people, PLAYGROUND)


async def give_accounts(
    session: Session, people: Sequence[dict[str, Any]], workspace_id: str
) -> None:
    accounts = [
        {"person_id": one["id"], "workspace_id": workspace_id, "external_id": one["id"]}
        for one in people
    ]
    await insert_rows(session, "account", accounts)


async def insert_rows(session: Session, table: str, rows: Sequence[dict[str, Any]]) -> None:
    await session.execute(METADATA.tables[table].insert(), list(rows))
