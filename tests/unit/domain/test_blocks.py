from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.blocks import (
    TeamNode,
    countable,
    counted_before,
    leaders,
    managers_above,
    partition,
)


def blocks(tree: dict[str, tuple[str | None, int]], smallest: int = 9) -> set[frozenset[str]]:
    """The partition of {team: (parent, people directly in it)}; a team's name is its id."""
    found = parts(
        [TeamNode(team, team, parent) for team, (parent, _) in tree.items()], tree, smallest
    )
    assert len(found) == len(set(found))
    return set(found)


def parts(
    teams: Sequence[TeamNode], tree: dict[str, tuple[str | None, int]], smallest: int = 9
) -> tuple[frozenset[str], ...]:
    peopled = [team for team, (_, heads) in tree.items() if heads]
    return partition(teams, peopled, lambda some: sum(tree[team][1] for team in some), smallest)


def together(*teams: str) -> set[frozenset[str]]:
    """Teams written together ("ab") are one block."""
    return {frozenset(team) for team in teams}


# --- the partition -------------------------------------------------------------------------


def test_large_teams_are_blocks_of_their_own() -> None:
    assert blocks({"o": (None, 0), "a": ("o", 9), "b": ("o", 20)}) == together("a", "b")


def test_small_siblings_merge_in_order_of_their_names() -> None:
    tree = {"o": (None, 0), "a": ("o", 5), "b": ("o", 5), "c": ("o", 6), "d": ("o", 6)}
    assert blocks(tree) == together("ab", "cd")


def test_siblings_of_one_name_merge_in_order_of_their_ids() -> None:
    teams = [TeamNode(team, "Team", None) for team in "dbca"]
    assert set(parts(teams, dict.fromkeys("abcd", (None, 5)))) == together("ab", "cd")


def test_a_leftover_joins_the_smallest_block_that_merging_made() -> None:
    tree = {"o": (None, 0), "a": ("o", 8), "b": ("o", 8), "c": ("o", 5), "d": ("o", 5)}
    tree |= {"e": ("o", 2), "f": ("o", 9)}
    assert blocks(tree) == together("ab", "cde", "f")


def test_a_leftover_without_merged_blocks_joins_the_smallest_sibling_block() -> None:
    assert blocks({"o": (None, 0), "a": ("o", 12), "b": ("o", 9), "c": ("o", 3)}) == together(
        "a", "bc"
    )


def test_people_directly_in_an_inner_team_count_as_one_more_child_of_it() -> None:
    assert blocks({"o": (None, 3), "a": ("o", 6), "b": ("o", 12)}) == together("oa", "b")
    assert blocks({"o": (None, 9), "a": ("o", 9)}) == together("o", "a")


def test_people_directly_in_an_inner_team_take_their_place_by_its_name() -> None:
    tree = {"m": (None, 5), "a": ("m", 5), "y": ("m", 5), "z": ("m", 5)}
    assert blocks(tree) == together("am", "yz")


def test_teams_of_different_departments_stay_apart_if_each_department_is_large_enough() -> None:
    tree = {"o": (None, 0), "x": ("o", 0), "y": ("o", 0)}
    tree |= {"a": ("x", 5), "b": ("x", 5), "c": ("y", 5), "d": ("y", 5)}
    assert blocks(tree) == together("ab", "cd")


def test_a_department_that_is_small_as_a_whole_stays_apart_from_others() -> None:
    tree = {"o": (None, 0), "x": ("o", 0), "y": ("o", 0)}
    tree |= {"a": ("x", 3), "b": ("x", 3), "c": ("y", 4)}
    assert blocks(tree) == together("ab", "c")


def test_leaders_of_a_merged_block_are_left_out_of_its_size() -> None:
    """Each of two teams is led from the other: together they have two people fewer to count."""
    teams = [TeamNode(team, team, None) for team in ("a", "b", "c")]
    sizes = {("a",): 5, ("b",): 4, ("a", "b"): 7, ("c",): 5, ("a", "b", "c"): 12}
    found = partition(teams, ["a", "b", "c"], lambda some: sizes[tuple(some)], 9)
    assert found == (frozenset("abc"),)


def test_with_no_sibling_a_small_team_stays_alone() -> None:
    assert blocks({"o": (None, 0), "a": ("o", 4)}) == together("a")


def test_teams_without_people_are_in_no_block() -> None:
    assert blocks({"o": (None, 0), "a": ("o", 0), "b": ("o", 10)}) == together("b")
    assert blocks({}) == set()


@st.composite
def forests(draw: st.DrawFn) -> dict[str, tuple[str | None, int]]:
    size = draw(st.integers(1, 20))
    parents = [draw(st.none() | st.integers(0, i - 1)) if i else None for i in range(size)]
    heads = draw(st.lists(st.integers(0, 14), min_size=size, max_size=size))
    return {
        f"t{i}": (None if parent is None else f"t{parent}", heads[i])
        for i, parent in enumerate(parents)
    }


@given(forests())
def test_everybody_is_in_exactly_one_block(tree: dict[str, tuple[str | None, int]]) -> None:
    placed = [team for block in blocks(tree) for team in block]
    assert sorted(placed) == sorted(team for team, (_, heads) in tree.items() if heads)


@given(forests())
def test_a_block_is_small_only_if_it_holds_all_that_are_beside_it(
    tree: dict[str, tuple[str | None, int]],
) -> None:
    inner = {parent for parent, _ in tree.values()}
    families: dict[str | None, set[str]] = {}
    for team, (parent, heads) in tree.items():
        if heads:
            families.setdefault(team if team in inner else parent, set()).add(team)
    small = [block for block in blocks(tree) if sum(tree[team][1] for team in block) < 9]
    assert all(block in families.values() for block in small)


@given(forests(), st.randoms(use_true_random=False))
def test_the_order_in_which_teams_are_listed_changes_nothing(
    tree: dict[str, tuple[str | None, int]], chance: random.Random
) -> None:
    teams = [TeamNode(team, team, parent) for team, (parent, _) in tree.items()]
    shuffled = list(teams)
    chance.shuffle(shuffled)
    assert parts(shuffled, tree) == parts(teams, tree)


# --- lines of management -------------------------------------------------------------------

LINE = {"ann": "bea", "bob": "bea", "bea": "cy", "cy": None, "dot": "cy"}


def test_managers_are_listed_from_the_direct_one_upwards() -> None:
    assert managers_above("ann", LINE) == ("bea", "cy")
    assert managers_above("cy", LINE) == ()
    assert managers_above("stranger", LINE) == ()


@pytest.mark.parametrize(
    ("manager_of", "above"),
    [
        ({"a": "a"}, ()),
        ({"a": "b", "b": "a"}, ("b",)),
        ({"a": "b", "b": "c", "c": "b"}, ("b", "c")),
    ],
)
def test_a_circle_of_managers_ends_the_walk(
    manager_of: dict[str, str | None], above: tuple[str, ...]
) -> None:
    assert managers_above("a", manager_of) == above


def test_whoever_manages_a_member_leads_directly_or_from_above() -> None:
    assert leaders(["ann", "bob"], LINE) == {"bea", "cy"}
    assert leaders(["dot"], LINE) == {"cy"}
    assert leaders([], LINE) == frozenset()


def test_a_manager_is_not_counted_beside_those_they_manage() -> None:
    assert countable(["ann", "bob", "bea"], LINE) == {"ann", "bob"}


def test_a_manager_of_a_manager_is_not_counted_either() -> None:
    assert countable(["ann", "cy", "dot"], LINE) == {"ann", "dot"}


def test_a_manager_is_counted_among_others_than_those_they_manage() -> None:
    assert countable(["bea", "dot"], LINE) == {"bea", "dot"}


def test_members_may_come_from_an_iterator() -> None:
    assert countable(iter(["ann", "bea"]), LINE) == {"ann"}


# --- who was counted before ------------------------------------------------------------------


def group(people: str) -> frozenset[str]:
    return frozenset(people)


def test_a_block_was_counted_before_under_any_name() -> None:
    assert counted_before({"new": group("abcd")}, [group("abc")]) == {"new": group("abc")}


def test_two_blocks_that_are_one_now_were_both_counted() -> None:
    before = counted_before({"both": group("abcdx")}, [group("ab"), group("cd")])
    assert before == {"both": group("abcd")}


def test_a_set_that_somebody_has_left_is_no_part_of_it() -> None:
    assert counted_before({"block": group("abc")}, [group("abx"), group("c")]) == {
        "block": group("c")
    }


def test_of_a_block_that_is_in_no_set_there_is_nothing() -> None:
    assert counted_before({"block": group("abc")}, [group("xy")]) == {}


@given(
    st.lists(st.frozensets(st.sampled_from("abcdefgh")), max_size=4),
    st.frozensets(st.sampled_from("abcdefgh"), min_size=1),
)
def test_who_was_counted_before_never_splits_those_whom_the_ledger_cannot_tell_apart(
    released: list[frozenset[str]], roster: frozenset[str]
) -> None:
    chosen = counted_before({"block": roster}, released).get("block", frozenset())
    atom_of = {one: tuple(one in earlier for earlier in released) for one in "abcdefgh"}
    inside = {atom_of[one] for one in chosen}
    assert chosen <= roster
    assert not [one for one in "abcdefgh" if one not in chosen and atom_of[one] in inside]
