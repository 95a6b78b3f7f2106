"""Somebody who reads all summaries, and works nothing out."""

from __future__ import annotations

from fractions import Fraction

from bot.simulation.reading import read
from bot.simulation.releases import Release

MEANS = (3.0, 2.0)


def release(week: int, question: int, low: int, high: int, counted: str, answered: str) -> Release:
    return Release(
        week, question, "b", frozenset(counted), frozenset(answered), Fraction(low), Fraction(high)
    )


def test_whoever_was_there_while_results_were_high_seems_the_more_content() -> None:
    year = [release(0, 0, 3, 5, "ab", "a"), release(1, 1, 1, 3, "ac", "c")]
    found = read(year, MEANS, knows_who_answered=False)
    assert found == {"a": 0.5, "b": 1.0, "c": 0.0}


def test_a_reader_who_knows_who_answered_goes_by_that() -> None:
    year = [release(0, 0, 3, 5, "ab", "a"), release(1, 0, 1, 1, "ab", "b")]
    assert read(year, MEANS, knows_who_answered=True) == {"a": 1.0, "b": -2.0}


def test_two_who_were_always_there_together_seem_alike() -> None:
    year = [release(week, week % 2, 1, 3 + week % 3, "ab", "") for week in range(20)]
    found = read(year, MEANS, knows_who_answered=False)
    assert found["a"] == found["b"]
