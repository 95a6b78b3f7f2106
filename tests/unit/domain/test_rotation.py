from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cadence import turn
from bot.domain.library import PulseItem, Scale
from bot.domain.programme import Cadence
from bot.domain.rotation import choose_questions, pick

AGREEMENT = Scale(1, 5, ("No", "", "", "", "Yes"))
EIGHT_WEEKS = timedelta(weeks=8)
A_TUESDAY = date(2026, 11, 24)


def pulse_items(count: int) -> list[PulseItem]:
    return [PulseItem(f"q{n}", f"Question {n}?", f"Q{n}", AGREEMENT, "own") for n in range(count)]


def chosen(
    count: int, turn_: int, last_asked: dict[str, date] | None = None, how_many: int = 2
) -> list[str]:
    questions = choose_questions(
        pulse_items(count),
        turn=turn_,
        how_many=how_many,
        last_asked=last_asked or {},
        on=A_TUESDAY,
        spacing=EIGHT_WEEKS,
    )
    return [item.id for item in questions]


@given(length=st.integers(1, 30), start=st.integers(0, 10_000))
def test_nothing_repeats_within_the_length_of_a_list(length: int, start: int) -> None:
    items = list(range(length))
    once_round = [pick(items, start + n) for n in range(length)]
    assert sorted(once_round) == items
    assert pick(items, start + length) == once_round[0]


def test_the_questions_of_a_round_are_the_next_in_turn() -> None:
    assert [chosen(6, n) for n in range(4)] == [
        ["q0", "q1"],
        ["q2", "q3"],
        ["q4", "q5"],
        ["q0", "q1"],
    ]


def test_a_question_that_was_asked_lately_gives_way_to_the_next() -> None:
    lately = {"q0": A_TUESDAY - EIGHT_WEEKS + timedelta(days=1)}
    assert chosen(6, 0, lately) == ["q1", "q2"]


def test_a_question_may_be_asked_again_on_the_day_that_the_spacing_is_over() -> None:
    assert chosen(6, 0, {"q0": A_TUESDAY - EIGHT_WEEKS}) == ["q0", "q1"]


def test_with_too_few_rested_questions_a_round_asks_fewer() -> None:
    lately = {f"q{n}": A_TUESDAY - timedelta(weeks=1) for n in range(5)}
    assert chosen(6, 0, lately) == ["q5"]


def test_with_no_rested_question_a_round_asks_none() -> None:
    assert chosen(3, 0, {f"q{n}": A_TUESDAY for n in range(3)}) == []


@pytest.mark.parametrize(("count", "how_many"), [(16, 2), (20, 2), (17, 2), (8, 1), (24, 3)])
def test_enough_questions_for_the_spacing_never_leave_a_round_short(
    count: int, how_many: int
) -> None:
    weekly = Cadence((1,), time(10))
    last_asked: dict[str, date] = {}
    for week in range(60):
        day = A_TUESDAY + timedelta(weeks=week)
        questions = choose_questions(
            pulse_items(count),
            turn=turn(weekly, day),
            how_many=how_many,
            last_asked=last_asked,
            on=day,
            spacing=EIGHT_WEEKS,
        )
        assert len({item.id for item in questions}) == how_many
        for item in questions:
            assert day - last_asked.get(item.id, date.min) >= EIGHT_WEEKS
            last_asked[item.id] = day
