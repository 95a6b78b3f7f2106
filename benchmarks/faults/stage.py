"""One row's stage: database, platform and replicas, and what can be done to them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final, Literal

from pydantic_core import to_json
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from benchmarks.fake_platform import Behaviour, Platform
from benchmarks.faults import world
from benchmarks.faults.counting import (
    WAITING,
    Arrived,
    Due,
    Firing,
    Wrong,
    planned_in,
    what_went_wrong,
)
from benchmarks.faults.members import Member, Pace
from bot.domain.delivery import DeliveryState
from bot.store.tables import Delivery, Workspace
from tests.support.postgres import PostgresServer

Database = Literal["sqlite", "postgresql"]

WELL: Final = Behaviour(latency_s=0.1, jitter_s=0.15)
SETTLES_WITHIN_S: Final = 90.0
READY_WITHIN_S: Final = 60.0
LOOKS_EVERY_S: Final = 0.05
# What has to wait for longer than this, by its own word, doesn't: the clocks are moved on. That is
# when a platform couldn't be asked (30 s), and after a clock was wrong (5 minutes).
LONG_WAIT: Final = timedelta(seconds=5)
# So many starts of one replica beside those that a fault asks for: then something else is wrong.
MOST_STARTS_BY_ITSELF: Final = 20


class NotInTime(Exception):
    """Something didn't happen in the time that it has."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part in a row."""

    database: Database
    replicas: int
    people: int = 240
    workspaces: int = 3
    pace: Pace = Pace()  # noqa: RUF009 - a value
    arguments: tuple[str, ...] = ()


@dataclass
class Stage:
    """What faults are done to."""

    cast: Cast
    directory: Path
    random: Random
    platform: Platform
    server: PostgresServer | None
    engine: Engine
    time: world.WorldTime
    members: Sequence[Member]
    firings: list[Firing] = field(default_factory=list)
    may_expire: list[Firing] = field(default_factory=list)
    kills: int = 0
    kills_with_something_in_hand: int = 0
    ended_by_themselves: int = 0
    badly_stopped: int = 0
    _days: int = 0

    # --- days --------------------------------------------------------------------------------

    def next_day(self, after_due: timedelta = timedelta(0), *, may_expire: bool = False) -> None:
        """Set all clocks to when the next day's check-in is due, or to later that day."""
        due_at = world.WORKING_DAYS[self._days]
        self._days += 1
        local_at = world.local_time(due_at)
        people = [world.PERSON_ID.format(number) for number in range(self.cast.people)]
        due = [(local_at, f"person:{person}") for person in people]
        self.firings += due
        if may_expire:
            self.may_expire += due
        self.time.move_to(due_at + after_due)

    def has_settled(self) -> bool:
        """Whether everything that is due so far has been planned and has had its outcome."""
        try:
            # In this order: between two looks a day may have been planned.
            return self._planned() >= len(self.firings) and self._waiting() == 0
        except DBAPIError:
            return False

    def has_something_in_hand(self) -> bool:
        try:
            return self._in_state(DeliveryState.CLAIMED) > 0
        except DBAPIError:
            return False

    def settle(self, within_s: float = SETTLES_WITHIN_S) -> None:
        """Wait until all has settled. Replicas that have ended by themselves are started again."""
        last = time.monotonic() + within_s
        while not self.has_settled():
            if time.monotonic() > last:
                return  # what is unfinished is counted
            self._tend()
            self._hurry()
            time.sleep(4 * LOOKS_EVERY_S)

    def _hurry(self) -> None:
        """Move the clocks on when everything that is left waits for a time that is far away."""
        waits_until = self._next_due()
        if waits_until is not None and waits_until > self.time.now() + LONG_WAIT:
            self.time.move_to(waits_until - LONG_WAIT / 2)

    def _tend(self) -> None:
        for member in self.members:
            if not member.is_running:
                self.ended_by_themselves += 1
                if self.ended_by_themselves > MOST_STARTS_BY_ITSELF:
                    raise NotInTime(f"{member.name} ends again and again")
                member.start()

    # --- the bot's table -----------------------------------------------------------------------

    def _planned(self) -> int:
        with self.engine.connect() as connection:
            query = select(func.count()).select_from(Delivery)
            return int(connection.execute(query).scalar_one())

    def _waiting(self) -> int:
        return self._in_state(*WAITING)

    def _in_state(self, *states: DeliveryState) -> int:
        query = select(func.count()).where(col(Delivery.state).in_(states))
        with self.engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def _next_due(self) -> datetime | None:
        """When the first of all that waits may go out; None if nothing waits, or nobody knows.

        It waits until it is due, and until its workspace has rested.
        """
        query = (
            select(func.min(Delivery.due_at), col(Workspace.rested_at))
            .join(Workspace, col(Workspace.id) == col(Delivery.workspace_id))
            .where(col(Delivery.state).in_(WAITING))
            .group_by(col(Workspace.id), col(Workspace.rested_at))
        )
        try:
            with self.engine.connect() as connection:
                found = connection.execute(query).all()
        except DBAPIError:
            return None
        return min((max(due_at, rested_at or due_at) for due_at, rested_at in found), default=None)

    # --- replicas ------------------------------------------------------------------------------

    @property
    def ready(self) -> list[Member]:
        return [member for member in self.members if member.is_ready and not member.is_paused]

    def any_ready(self) -> Member:
        """One of those that work, at random. Raises NotInTime if there is none for long."""
        self.wait(lambda: bool(self.ready), "a replica is ready", READY_WITHIN_S)
        return self.random.choice(self.ready)

    def wait_until_all_are_ready(self) -> None:
        def all_are() -> bool:
            self._tend()
            return len(self.ready) == len(self.members)

        self.wait(all_are, "all replicas are ready", READY_WITHIN_S)

    def wait_until_ready(self, member: Member) -> None:
        self.wait(lambda: member.is_ready, f"{member.name} is ready", READY_WITHIN_S)

    def kill(self, member: Member) -> None:
        self.kills += 1
        self.kills_with_something_in_hand += self.has_something_in_hand()
        member.kill()

    def wait_for_something_in_hand(self, at_most_s: float) -> None:
        last = time.monotonic() + at_most_s
        while not self.has_something_in_hand() and time.monotonic() < last:
            time.sleep(LOOKS_EVERY_S)

    def wait(self, holds: Callable[[], bool], what: str, within_s: float) -> None:
        """Raises NotInTime."""
        last = time.monotonic() + within_s
        while not holds():
            if time.monotonic() > last:
                raise NotInTime(f"not in {within_s:g} s: {what}")
            time.sleep(LOOKS_EVERY_S)

    def pass_up_to(self, seconds: float) -> None:
        """Let a random time pass."""
        time.sleep(self.random.uniform(0, seconds))

    # --- afterwards ----------------------------------------------------------------------------

    def make_good(self) -> None:
        """End every fault: the platform is well, clocks are right, and all replicas run."""
        self.platform.behave(WELL)
        for member in self.members:
            if member.is_paused:
                member.go_on()
            self.time.lead_astray(member.clock, timedelta(0))
            member.start()

    def what_went_wrong(self) -> Wrong:
        """Count, and keep in a file all that is known of what is wrong."""
        for member in self.members:
            member.end()
        planned = planned_in(self.engine)
        arrived = [
            Arrived(each.key, each.conversation, self.time.at(each.at))
            for each in self.platform.arrivals()
        ]
        wrong = what_went_wrong(Due(self.firings, self.may_expire), planned, arrived)
        if wrong:
            evidence = {"wrong": asdict(wrong), "planned": planned, "arrived": arrived}
            (self.directory / "wrong.json").write_bytes(to_json(evidence, indent=1))
        return wrong
