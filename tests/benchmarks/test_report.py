"""What is made of figures: goals, rows, and which of them are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import results
from benchmarks.goals import goal_of
from benchmarks.measure import Runs, Spread
from benchmarks.report import Machine, Row, number, row_of
from benchmarks.results import Results

HERE = Machine(cores=2, load=0.1, python="3.11.7", system="Linux x86_64", date="2026-11-23T10:00")
ELSEWHERE = Machine(cores=8, load=0, python="3.11.7", system="Linux x86_64", date=HERE.date)
ORDER = ("tap", "sending", "start")


def exactly(value: float) -> Spread:
    return Spread(value, value, value)


def a_row(group: str = "tap", ours: float = 2, peer: float = 1, goal: str = "none") -> Row:
    ratio = exactly(ours / peer)
    return Row(group, "s", exactly(ours), exactly(peer), ratio, 1, "bare", goal, group=group)


# --- goals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goal", "ours", "ratio", "is_met"),
    [
        ("≥ 0.8", 5, 0.8, True),
        ("≥ 0.8", 5, 0.79, False),
        ("< 3", 5, 3, False),
        ("≤ 1.05", 5, 1.05, True),
        ("ours < 300 (on Slack)", 299, 9, True),
        ("ours < 300 (on Slack)", 301, 0.1, False),
        ("ours = 0", 0, 0, True),
        ("ours = 0", 1, 0.01, False),
    ],
)
def test_a_goal_is_for_the_ratio_unless_it_says_ours(
    goal: str, ours: float, ratio: float, is_met: bool
) -> None:
    found = goal_of(goal)
    assert found is not None
    assert found.is_met(exactly(ours), exactly(ratio)) is is_met


def test_how_many_times_better_than_a_goal_counts_in_its_own_direction() -> None:
    least, most = goal_of("≥ 0.4"), goal_of("< 1.5")
    assert least is not None
    assert most is not None
    assert least.times_better(0.8) == pytest.approx(2)
    assert most.times_better(0.75) == pytest.approx(2)
    assert most.times_better(3) == pytest.approx(0.5)


@pytest.mark.parametrize("goal", ["fast", "< fast", "theirs < 3", "< 3 or so", ""])
def test_a_goal_that_cannot_be_read_is_refused_where_it_is_written(goal: str) -> None:
    with pytest.raises(ValueError, match="not a goal"):
        row_of("work", "s", Runs([1], [1]), against="bare", goal=goal)


# --- rows ----------------------------------------------------------------------------------


def test_a_row_is_of_medians_and_its_ratio_of_each_turn() -> None:
    row = row_of("work", "s", Runs([2, 9, 4], [1, 3, 1]), against="bare")
    assert (row.ours.median, row.peer.median) == (4, 1)
    assert (row.ratio.low, row.ratio.median, row.ratio.high) == (2, 3, 4)


def test_nothing_over_nothing_is_even() -> None:
    assert row_of("work", "s", Runs([0, 0], [0, 5]), against="bare").ratio.high == 1


def test_a_row_with_something_to_mind_is_not_good_however_fast() -> None:
    runs = Runs([1], [1])
    assert row_of("work", "s", runs, against="bare", goal="< 3").is_good
    assert not row_of("work", "s", runs, against="bare", goal="< 3", mind="one was missed").is_good


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0"), (0.123, "0.12"), (12.34, "12.3"), (1234.5, "1,234")]
)
def test_numbers_have_three_digits_that_matter(value: float, shown: str) -> None:
    assert number(value) == shown


# --- keeping -------------------------------------------------------------------------------


def test_a_row_that_is_measured_again_takes_its_place_and_the_others_stay(tmp_path: Path) -> None:
    results.keep(Results(HERE, [a_row("start"), a_row("tap", ours=2)]), ORDER, tmp_path)
    kept = results.keep(Results(HERE, [a_row("sending"), a_row("tap", ours=3)]), ORDER, tmp_path)

    assert [(row.group, row.ours.median) for row in kept.rows] == [
        ("tap", 3), ("sending", 2), ("start", 2),
    ]  # fmt: skip


def test_figures_of_different_machines_are_never_mixed(tmp_path: Path) -> None:
    results.keep(Results(HERE, [a_row("start")]), ORDER, tmp_path)
    kept = results.keep(Results(ELSEWHERE, [a_row("tap")]), ORDER, tmp_path)

    assert [row.group for row in kept.rows] == ["tap"]
    assert kept.machine == ELSEWHERE


def test_rows_of_a_measure_that_is_no_more_are_dropped(tmp_path: Path) -> None:
    results.keep(Results(HERE, [a_row("start"), a_row("tap")]), ORDER, tmp_path)
    kept = results.keep(Results(HERE, [a_row("tap")]), ("tap", "sending"), tmp_path)

    assert [row.group for row in kept.rows] == ["tap"]


def test_each_day_is_kept_in_a_file_of_its_own(tmp_path: Path) -> None:
    results.keep(Results(HERE, [a_row()]), ORDER, tmp_path)

    assert results.read(tmp_path / "2026-11-23.json") == results.read(tmp_path / "latest.json")
    assert results.read(tmp_path / "latest.json") == Results(HERE, [a_row()])
