from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.simulation.constraints import Constraints, TooHard, Total

SUM_IS_5 = Total((0, 1), (), 5, 5)
ALIKE = Total((0,), (1,), 0, 0)


def test_numbers_that_fit_are_found() -> None:
    constraints = Constraints([1, 1], [4, 4], [SUM_IS_5])
    found = constraints.solve(0, 3, 3, hint=[1, 4])
    assert found == (3, 2)
    assert constraints.fit(found)


def test_what_no_numbers_fit_has_no_answer() -> None:
    assert Constraints([1, 1], [3, 3], [SUM_IS_5]).solve(0, 1, 1, hint=[2, 3]) is None


def test_bounds_beyond_those_of_a_number_have_no_answer() -> None:
    assert Constraints([1], [4], []).solve(0, 5, 6, hint=[1]) is None


def test_two_alike_never_make_an_odd_sum() -> None:
    """No single total tells: it takes trying."""
    assert Constraints([1, 1], [4, 4], [SUM_IS_5, ALIKE]).solve(0, 1, 4, hint=[1, 4]) is None


def test_what_takes_too_many_tries_is_said_to_be_too_hard() -> None:
    with pytest.raises(TooHard):
        Constraints([1, 1], [4, 4], [SUM_IS_5, ALIKE], tries=1).solve(0, 1, 4, hint=[1, 4])


@st.composite
def totals(draw: st.DrawFn) -> Total:
    places = draw(st.permutations(range(4)))
    plus, minus = draw(st.integers(1, 2)), draw(st.integers(0, 2))
    low = draw(st.integers(-6, 12))
    return Total(
        tuple(places[:plus]),
        tuple(places[plus : plus + minus]),
        low,
        low + draw(st.integers(0, 4)),
    )


@settings(max_examples=200)
@given(st.lists(totals(), max_size=5), st.integers(1, 5))
def test_an_answer_is_found_just_if_there_is_one(wanted: list[Total], value: int) -> None:
    there_is_one = any(
        all(total.low <= total.of(numbers) <= total.high for total in wanted)
        for numbers in product([value], *[range(1, 6)] * 3)
    )
    found = Constraints([1] * 4, [5] * 4, wanted).solve(0, value, value, hint=[1, 5, 1, 5])
    assert (found is not None) == there_is_one
    if found is not None:
        assert found[0] == value
        assert all(total.low <= total.of(found) <= total.high for total in wanted)
