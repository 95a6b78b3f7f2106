from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quarters import BANDS, Quarter, band

QUARTERS = st.builds(Quarter, st.integers(1, 9998), st.integers(1, 4))


@pytest.mark.parametrize("written", ["2026Q4", "2026-Q4", " 2026q4 "])
def test_a_quarter_is_written_as_people_write_it(written: str) -> None:
    assert Quarter.parse(written) == Quarter(2026, 4)


@pytest.mark.parametrize("written", ["", "2026", "2026Q5", "2026Q0", "Q4", "26Q4", "0000Q1"])
def test_anything_else_is_none(written: str) -> None:
    with pytest.raises(ValueError, match="isn't a quarter"):
        Quarter.parse(written)


@given(QUARTERS)
def test_one_follows_the_other_without_a_gap(quarter: Quarter) -> None:
    year, last = divmod(quarter.number, 4)
    following = Quarter(quarter.year + year, last + 1)
    assert quarter.last_day + timedelta(days=1) == following.first_day
    assert Quarter.parse(str(quarter)) == quarter


def test_it_is_over_on_the_day_after_its_last() -> None:
    assert not Quarter(2026, 4).is_over(date(2026, 12, 31))
    assert Quarter(2026, 4).is_over(date(2027, 1, 1))


@given(st.integers(0, 10_000))
def test_each_count_is_in_one_band(count: int) -> None:
    low, high = band(count)
    assert low <= count
    assert high is None or count <= high
    assert (low, high) in BANDS


def test_nothing_happens_less_often_than_never() -> None:
    with pytest.raises(ValueError, match="never"):
        band(-1)
