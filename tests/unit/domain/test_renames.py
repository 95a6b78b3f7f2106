from __future__ import annotations

from bot.domain.renames import renamed

NORTH, SOUTH, EAST = ("Care", "North"), ("Care", "South"), ("Homes", "East")


def test_a_team_goes_on_where_most_of_its_people_are() -> None:
    assert renamed({NORTH: "abcd"}, {EAST: "abcx"}) == {NORTH: EAST}


def test_half_of_its_people_are_not_enough() -> None:
    assert renamed({NORTH: "abcd"}, {EAST: "ab"}) == {}


def test_nor_is_half_of_the_new_team() -> None:
    assert renamed({NORTH: "ab"}, {EAST: "abcd"}) == {}


def test_two_equal_teams_that_become_one_are_a_new_team() -> None:
    assert renamed({NORTH: "ab", SOUTH: "cd"}, {EAST: "abcd"}) == {}


def test_the_larger_of_two_teams_that_become_one_goes_on() -> None:
    assert renamed({NORTH: "abc", SOUTH: "de"}, {EAST: "abcde"}) == {NORTH: EAST}


def test_the_larger_part_of_a_team_that_is_split_goes_on() -> None:
    assert renamed({NORTH: "abcde"}, {EAST: "abc", SOUTH: "de"}) == {NORTH: EAST}


def test_a_team_that_everybody_has_left_goes_on_nowhere() -> None:
    assert renamed({NORTH: "ab"}, {EAST: "cd"}) == {}
