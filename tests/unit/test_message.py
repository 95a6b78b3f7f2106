from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from bot.message import (
    MAX_BUTTONS,
    MAX_CHART_POINTS,
    MAX_CHART_SERIES,
    Button,
    Buttons,
    Chart,
    Paragraph,
    Series,
)


def row_of(count: int) -> Buttons:
    return Buttons(tuple(Button(f"Button {n}", "do.something", str(n)) for n in range(count)))


def chart(points: int = 3, series: int = 1, text: str = "In words.") -> Chart:
    return Chart(
        title="Listening",
        kind="bar",
        categories=tuple(f"Week {n}" for n in range(points)),
        series=tuple(Series(f"Series {n}", (1.5,) * points) for n in range(series)),
        low=1,
        high=5,
        text=text,
    )


@pytest.mark.parametrize("count", [1, MAX_BUTTONS])
def test_a_row_has_one_to_six_buttons(count: int) -> None:
    assert len(row_of(count).buttons) == count


@pytest.mark.parametrize("count", [0, MAX_BUTTONS + 1])
def test_a_row_without_buttons_or_with_more_than_six_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"1 to 6 buttons fit in one row, not {count}"):
        row_of(count)


@pytest.mark.parametrize("count", [1, MAX_CHART_SERIES])
def test_a_chart_has_one_to_six_series(count: int) -> None:
    assert len(chart(series=count).series) == count


@pytest.mark.parametrize("count", [0, MAX_CHART_SERIES + 1])
def test_a_chart_without_series_or_with_more_than_six_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 6 series"):
        chart(series=count)


@pytest.mark.parametrize("count", [1, MAX_CHART_POINTS])
def test_a_chart_has_one_to_twenty_categories(count: int) -> None:
    assert len(chart(points=count).categories) == count


@pytest.mark.parametrize("count", [0, MAX_CHART_POINTS + 1])
def test_a_chart_without_categories_or_with_more_than_twenty_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 20 categories"):
        chart(points=count)


@pytest.mark.parametrize("values", [(), (1.0,), (1.0, 2.0, 3.0)])
def test_a_series_has_one_value_for_each_category(values: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="one value a category"):
        Chart("T", "line", ("a", "b"), (Series("s", values),), 1, 5, text="In words.")


def test_a_gap_in_a_series_takes_the_place_of_a_value() -> None:
    gappy = Series("s", (1.0, None))
    assert Chart("T", "line", ("a", "b"), (gappy,), 1, 5, text="In words.").series == (gappy,)


def test_a_range_has_two_ends() -> None:
    with pytest.raises(ValueError, match="two ends"):
        Chart("T", "range", ("a",), (Series("s", (1.0,)),), 1, 5, text="In words.")


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_chart_without_its_text_equivalent_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="text equivalent"):
        chart(text=text)


def test_what_was_said_can_not_be_changed_afterwards() -> None:
    said = Paragraph("Hello")
    with pytest.raises(FrozenInstanceError):
        said.text = "Goodbye"  # type: ignore[misc]
