"""Small organisations for tests, and a way to let time pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.roster import read_roster
from bot.ports import Reply, Submission, Tap
from bot.usecases.core import Core
from bot.usecases.directory import everyone
from bot.usecases.dispatch import submit, tap
from bot.usecases.import_roster import import_roster
from bot.usecases.launch import start_welcomes
from bot.usecases.upcoming import next_event
from tests.support.clock import StillClock
from tests.support.platform import MemoryPlatform, Posted
from tests.support.ticking import tick

HEADER = "name,email,team,manager,zone,region,working days,language,roles"


def line(
    name: str,
    team: str = "Services / Housing",
    manager: str = "boss",
    zone: str = "Europe/London",
    region: str = "England",
    days: str = "mon-fri",
    roles: str = "",
    language: str = "en",
) -> str:
    boss = f"{manager}@example.org" if manager else ""
    return (
        f"{name.title()},{name}@example.org,{team},{boss},{zone},{region},{days},{language},{roles}"
    )


def team_of(size: int, team: str = "Services / Housing", boss: str = "boss") -> list[str]:
    """A manager and `size` people: `boss`, `boss-1`, `boss-2`, ..."""
    people = [line(f"{boss}-{number}", team, boss) for number in range(1, size + 1)]
    return [line(boss, team, ""), *people]


@dataclass
class World:
    """A core, its clock and its platform, and the people by name."""

    core: Core
    clock: StillClock
    platform: MemoryPlatform
    ids: dict[str, str]

    async def import_lines(self, lines: Sequence[str], *, channel: bool = False) -> None:
        header = f"{HEADER},channel" if channel else HEADER
        rows = read_roster("\n".join([header, *lines]), sorted(self.core.library.languages))
        await import_roster(self.core, rows, "Test Council")
        self.ids = {card.name.lower(): card.id for card in await everyone(self.core)}

    async def launch(self) -> None:
        await start_welcomes(self.core)

    async def live_until(self, target: datetime) -> None:
        """Let time pass, ticking at every event on the way, as a running bot would."""
        while (event := await next_event(self.core, self.clock.now())) and event <= target:
            self.clock.move_to(event)
            await tick(self.core)
        self.clock.move_to(target)
        await tick(self.core)

    def inbox(self, name: str) -> list[Posted]:
        """The direct messages of somebody."""
        return self.platform.to(self.ids[name])

    async def tap(self, name: str, action: str, value: str = "") -> Reply:
        return await tap(self.core, Tap(self.ids[name], action, value))

    async def submit(self, name: str, action: str, value: str = "", **fields: str) -> Reply:
        return await submit(self.core, Submission(self.ids[name], action, value, fields))
