"""AUCs, and what they say was gained."""

from __future__ import annotations

import random

import pytest

from bot.simulation.ranking import Guess, gain


def guesses(team: float, own: float, people: int = 2000) -> list[Guess]:
    """People whose traits show in the team's part and in their own, as much as is said."""
    chance = random.Random(1)  # noqa: S311 - a simulation
    found = []
    for block in range(people // 10):
        mood = chance.gauss(0, 1)
        for _ in range(10):
            trait = chance.gauss(0, 1)
            noise = chance.gauss(0, 0.3)
            found.append(Guess(team * mood, own * trait + noise, mood + trait, block))
    return found


def test_guesses_that_say_nothing_are_a_coin() -> None:
    found = gain(guesses(team=0, own=0), seed=1)
    assert found is not None
    assert found.band_auc == pytest.approx(0.5)
    assert found.auc == pytest.approx(0.5, abs=0.04)


def test_what_the_bands_say_is_no_gain() -> None:
    found = gain(guesses(team=1, own=0), seed=1)
    assert found is not None
    assert found.band_auc > 0.7
    assert abs(found.auc - found.band_auc) < 2 * found.error + 0.01


def test_what_is_known_of_single_people_is_a_gain() -> None:
    found = gain(guesses(team=1, own=1), seed=1)
    assert found is not None
    assert found.auc - found.band_auc > 5 * found.error > 0


def test_right_every_time_is_one() -> None:
    sure = [Guess(float(trait), 0.0, float(trait), trait) for trait in range(50)]
    found = gain(sure, seed=1)
    assert found is not None
    assert found.band_auc == found.auc == 1


def test_equal_guesses_share_their_rank() -> None:
    """Of four, the two higher ones in truth: one guessed low, one guessed as high as another."""
    four = [Guess(0, 0, 1, 0), Guess(1, 0, 2, 1), Guess(0, 0, 3, 2), Guess(1, 0, 4, 3)]
    found = gain(four * 10, seed=1)
    assert found is not None
    assert found.band_auc == pytest.approx(0.5)


def test_too_few_people_say_nothing() -> None:
    assert gain(guesses(team=1, own=1)[:19], seed=1) is None
