"""The attacker learns nothing from the gate, and something from everything weaker than it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.gate import BlockRoster, GateRules, admissible, choose, plan_question
from bot.simulation.sums import Sums
from tests.unit.domain.attackers import (
    ATTACKS,
    RULES,
    Attack,
    Chooser,
    Group,
    Planner,
    a_year,
    block_by_block,
    four_leave_and_three_tell,
    in_two_steps,
    one_joins,
    one_leaves,
    people,
    play,
    published,
    singled_out,
    subtracting_for_a_year,
    three_groups,
    two_blocks_at_once,
    who_answered,
)

# --- the attacker itself -------------------------------------------------------------------


def test_the_attacker_subtracts_two_groups_that_differ_by_one() -> None:
    rest = people("rest", 9)
    assert Sums([rest, rest | {"v"}]).determined() == {"v"}


def test_the_attacker_solves_three_groups_that_differ_by_many() -> None:
    b, c = people("b", 7), people("c", 7)
    assert Sums([b | {"v"}, c | {"v"}, b | c]).determined() == {"v"}


def test_the_attacker_learns_nothing_from_one_group() -> None:
    assert singled_out([people("one", 9)], insiders=1) == set()


def test_an_insider_tells_the_attacker_the_answer_of_the_other_of_two() -> None:
    rest, pair = people("rest", 9), frozenset({"v", "w"})
    assert singled_out([rest, rest | pair], insiders=0) == set()
    assert singled_out([rest, rest | pair], insiders=1) == pair


# --- the gate, and a year of it ------------------------------------------------------------


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("planner", [plan_question, block_by_block(choose)])
def test_the_gate_gives_the_attacker_nothing(planner: Planner, attack: Attack) -> None:
    assert attack(planner) == set()


@pytest.mark.parametrize("seed", range(2, 6))
def test_no_answer_is_singled_out_in_other_years_either(seed: int) -> None:
    assert singled_out(published(plan_question, a_year(seed)), RULES.insiders) == set()


@pytest.mark.parametrize("seed", range(1, 4))
def test_no_answer_is_singled_out_within_a_horizon(seed: int) -> None:
    releases = play(plan_question, a_year(seed), horizon=RULES.horizon_weeks)
    for first in range(52 - RULES.horizon_weeks):
        window = range(first, first + RULES.horizon_weeks + 1)
        groups = {release.answered for release in releases if release.week in window}
        assert singled_out(groups, RULES.insiders) == set()


def test_a_known_limit_what_a_horizon_has_forgotten_can_be_subtracted() -> None:
    """Weekly exact sums, which are never published: bands and spacing are there for this."""
    releases = published(plan_question, a_year(seed=1), horizon=RULES.horizon_weeks)
    assert singled_out(set(releases), insiders=0) != set()


def test_the_gate_does_not_win_by_silence() -> None:
    releases = play(plan_question, a_year(seed=1), horizon=RULES.horizon_weeks)
    assert len(releases) > 0.25 * 16 * 52
    assert len({release.counted for release in releases}) > 16


def test_nobody_is_counted_who_is_not_there() -> None:
    releases = play(plan_question, a_year(seed=1), horizon=RULES.horizon_weeks)
    assert all(release.answered == release.counted for release in releases)


def test_more_insiders_than_the_rules_allow_for_still_learn_nothing_in_an_atom_of_five() -> None:
    stay, leave = people("stay", 9), people("leave", 5)
    sums = Sums(published(plan_question, [{"block": stay | leave}, {"block": stay}]))
    for telling in combinations(sorted(leave), RULES.answers - 2):
        assert sums.told_by(telling).determined() == set(telling)


@st.composite
def weeks_of_change(draw: st.DrawFn) -> list[dict[str, Group]]:
    """A few weeks of two blocks between which groups of one to six people come and go."""
    sizes = draw(st.lists(st.sampled_from([1, 1, 2, 4, 5, 5, 6, 9]), min_size=2, max_size=7))
    crowds = [people(f"{i}.", size) for i, size in enumerate(sizes)]
    places = st.lists(st.sampled_from("abx"), min_size=len(crowds), max_size=len(crowds))
    return [
        {
            block: frozenset().union(
                *(c for c, at in zip(crowds, week, strict=True) if at == block)
            )
            for block in "ab"
        }
        for week in draw(st.lists(places, min_size=2, max_size=6))
    ]


@settings(max_examples=150)
@given(weeks_of_change())
def test_no_history_of_comings_and_goings_singles_anybody_out(
    weeks: list[dict[str, Group]],
) -> None:
    assert singled_out(published(plan_question, weeks), RULES.insiders) == set()


# --- weaker gates --------------------------------------------------------------------------


def plain_threshold(
    roster: Group, last: Group | None, released: Iterable[Group], rules: GateRules
) -> Group | None:
    return roster if len(roster) >= rules.answers else None


def pairwise_ledger(
    roster: Group, last: Group | None, released: Iterable[Group], rules: GateRules
) -> Group | None:
    if len(roster) < rules.counted:
        return None
    differences = [len(roster ^ earlier) for earlier in released if roster != earlier]
    return roster if min(differences, default=rules.answers) >= rules.answers else None


def smallest_atom(groups: list[Group]) -> int:
    everybody = frozenset().union(*groups)
    return min(Counter(tuple(one in group for group in groups) for one in everybody).values())


def atoms_of_one_less(
    roster: Group, last: Group | None, released: Iterable[Group], rules: GateRules
) -> Group | None:
    for chosen in (roster, last):
        if chosen is None or not chosen <= roster or len(chosen) < rules.counted:
            continue
        if smallest_atom([chosen, *released]) >= rules.answers - 1:
            return chosen
    return None


def history_ignored(
    roster: Group, last: Group | None, released: Iterable[Group], rules: GateRules
) -> Group | None:
    return choose(roster, last, (), rules)


def only_the_last_set_remembered(
    roster: Group, last: Group | None, released: Iterable[Group], rules: GateRules
) -> Group | None:
    return choose(roster, last, [last] if last else [], rules)


def last_set_though_somebody_left(
    roster: Group, last: Group | None, released: Iterable[Group], rules: GateRules
) -> Group | None:
    ledger = list(released)
    for chosen in (roster, last):
        if chosen is not None and admissible(chosen, ledger, rules):
            return chosen
    return None


def what_remains_of_the_last_set(
    roster: Group, last: Group | None, released: Iterable[Group], rules: GateRules
) -> Group | None:
    chosen = choose(roster, last, list(released), rules)
    if chosen is None and last is not None and len(last & roster) >= rules.counted:
        return last & roster
    return chosen


def counted_ignored(
    roster: Group, last: Group | None, released: Iterable[Group], rules: GateRules
) -> Group | None:
    return roster if smallest_atom([roster, *released]) >= rules.answers else None


WEAKER: tuple[tuple[Chooser, Attack], ...] = (
    (plain_threshold, subtracting_for_a_year),
    (plain_threshold, three_groups),
    (plain_threshold, who_answered),
    (pairwise_ledger, three_groups),
    (atoms_of_one_less, four_leave_and_three_tell),
    (history_ignored, subtracting_for_a_year),
    (history_ignored, one_joins),
    (only_the_last_set_remembered, in_two_steps),
    (last_set_though_somebody_left, one_leaves),
    (what_remains_of_the_last_set, one_leaves),
    (counted_ignored, who_answered),
)


@pytest.mark.parametrize(("chooser", "attack"), WEAKER)
def test_a_weaker_gate_loses_to_the_attacker(chooser: Chooser, attack: Attack) -> None:
    assert attack(block_by_block(chooser)) != set()


def own_round_ignored(
    blocks: Sequence[BlockRoster], released: Iterable[Group], rules: GateRules
) -> dict[str, Group | None]:
    ledger = list(released)
    return {block.block_id: choose(block.roster, block.last, ledger, rules) for block in blocks}


def test_a_planner_that_forgets_its_own_round_loses_to_the_attacker() -> None:
    assert two_blocks_at_once(own_round_ignored) == {"one0"}


def test_a_plain_threshold_gives_away_many_answers_in_a_year() -> None:
    lost = subtracting_for_a_year(block_by_block(plain_threshold))
    assert len(lost) > 0.2 * 150


def test_a_pairwise_ledger_isolates_the_one_whom_three_groups_surround() -> None:
    assert three_groups(block_by_block(pairwise_ledger)) == {"v0"}
