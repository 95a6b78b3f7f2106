"""How often an attacker is right about two people of one group."""

from __future__ import annotations

import random

import pytest

from bot.simulation.ranking import Guess, right


def guesses(known: float, mood: float = 0, blocks: int = 100) -> list[Guess]:
    """Groups of ten; guesses hold so much of the truth, and something that is the group's."""
    chance = random.Random(1)  # noqa: S311 - a simulation
    found = []
    for block in range(blocks):
        of_the_group = mood * chance.gauss(0, 1)
        for place in range(10):
            trait = of_the_group + chance.gauss(0, 1)
            guess = of_the_group + known * trait + chance.gauss(0, 1)
            found.append(Guess(guess, of_the_group, trait, block, changing=place < 4))
    return found


def test_guesses_that_say_nothing_are_right_half_of_the_time() -> None:
    found = right(guesses(known=0), seed=1)
    assert found is not None
    assert found.share == pytest.approx(0.5, abs=2.5 * found.error)
    assert 0 < found.error < 0.02


def test_what_is_known_of_the_group_alone_tells_nobody_apart() -> None:
    found = right(guesses(known=0, mood=5), seed=1)
    assert found is not None
    assert found.share == pytest.approx(0.5, abs=2.5 * found.error)


def test_what_is_known_of_single_people_is_found_also_when_it_is_little() -> None:
    little, much = (right(guesses(known), seed=1) for known in (0.2, 2))
    assert little is not None
    assert much is not None
    assert 0.5 + 3 * little.error < little.share < 0.6 < 0.8 < much.share  # noqa: PLR0133


def test_right_every_time_is_one_and_equal_guesses_are_half_right() -> None:
    sure = [Guess(float(n), 0.0, float(n), 0, changing=True) for n in range(5)]
    unsure = [Guess(0.0, 0.0, float(n), 0, changing=True) for n in range(5)]
    for group, share in ((sure, 1.0), (unsure, 0.5)):
        found = right(group, seed=1)
        assert found is not None
        assert (found.share, found.pairs) == (share, 10)


def test_pairs_in_which_nobody_changed_and_pairs_of_two_groups_do_not_count() -> None:
    staying = [Guess(float(n), 0.0, float(n), 0, changing=False) for n in range(5)]
    assert right(staying, seed=1) is None
    apart = [Guess(0.0, 0.0, 0.0, 0, changing=True), Guess(1.0, 0.0, 1.0, 1, changing=True)]
    assert right(apart, seed=1) is None


def test_what_is_read_is_no_gain() -> None:
    """An attacker who says what a reader thinks has nothing over the reader."""
    chance = random.Random(1)  # noqa: S311 - a simulation
    group = []
    for place in range(30):
        trait = chance.gauss(0, 1)
        thought = trait + chance.gauss(0, 1)
        group.append(Guess(thought, thought, trait, place // 10, changing=True))
    found = right(group, seed=1)
    assert found is not None
    assert found.share == found.by_reading > 0.6
    assert found.gain_error == 0
