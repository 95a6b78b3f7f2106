"""Controls: of a defect in the bot, and of a platform that takes nothing, the suite must tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.fake_platform import Behaviour
from benchmarks.faults.counting import Wrong
from benchmarks.faults.members import Pace
from benchmarks.faults.rows import BOTH, KINDS, Row, rows
from benchmarks.faults.stage import WELL, Cast
from benchmarks.faults.staging import staged

PEOPLE = 60
QUICK = Pace(rate=0, in_flight=16)
ENOUGH_S = 3.0


def _a_day(
    directory: Path,
    behaviour: Behaviour,
    arguments: Sequence[str] = (),
    settles_within_s: float = 30,
) -> Wrong:
    """One day's messages of one replica, on a platform that behaves like this."""
    cast = Cast("sqlite", 1, PEOPLE, workspaces=2, pace=QUICK, arguments=tuple(arguments))
    with staged(cast, 1, directory / "row", server=None) as stage:
        stage.platform.behave(behaviour)
        stage.members[0].start()
        stage.wait_until_all_are_ready()
        stage.next_day()
        stage.settle(settles_within_s)
        return stage.what_went_wrong()


@pytest.mark.slow
def test_a_bot_that_sends_again_without_asking_is_caught(tmp_path: Path) -> None:
    wrong = _a_day(tmp_path, replace(WELL, lost=0.2), ["--unasking"])

    assert wrong.twice
    assert not wrong.missed


@pytest.mark.slow
def test_a_bot_that_asks_is_not_caught_on_the_same_platform(tmp_path: Path) -> None:
    assert not _a_day(tmp_path, replace(WELL, lost=0.2))


@pytest.mark.slow
def test_people_whom_the_platform_refuses_are_counted_as_missed(tmp_path: Path) -> None:
    wrong = _a_day(tmp_path, replace(WELL, refused=1.0))

    assert len(wrong.missed) == PEOPLE


@pytest.mark.slow
def test_messages_that_never_have_an_outcome_are_counted_as_unfinished(tmp_path: Path) -> None:
    wrong = _a_day(tmp_path, replace(WELL, storm=1.0), settles_within_s=ENOUGH_S)

    assert wrong.unfinished


def test_there_are_as_many_kills_as_asked_for() -> None:
    def kills(row: Row) -> int:
        each_time = row.replicas if row.kind.all_at_once else 1
        return row.times * each_time if row.kind.kills_share else 0

    for asked in (1, 50, 200, 201):
        assert sum(kills(row) for row in rows(asked, BOTH)) >= asked


def test_every_fault_meets_one_two_and_four_replicas_where_it_can() -> None:
    found = {(row.kind.name, row.database, row.replicas) for row in rows(200, BOTH)}

    for kind in KINDS:
        for replicas in (1, 2, 4):
            met = (kind.name, "postgresql", replicas) in found
            assert met == (replicas >= kind.least_replicas)
