from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.matching import (
    MOST_OFFERS,
    Asker,
    Candidate,
    choose,
    could_ever,
    is_free,
    is_too_close,
    may_take,
)

# top leads mia and ned; mia leads ann and amir; ned leads wes, who leads wu.
MANAGERS = {
    "top": None,
    "mia": "top",
    "ned": "top",
    "ann": "mia",
    "amir": "mia",
    "wes": "ned",
    "wu": "wes",
}
ASKER = Asker("ann", "en", frozenset(), MANAGERS)
WU = Candidate(
    person_id="wu",
    languages=frozenset({"en"}),
    is_ready=True,
    is_on_shift=True,
    manages=False,
    handles_cases=False,
    open_now=0,
    new_lately=0,
    cap=2,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ann", "ann"),
        ("ann", "mia"),
        ("mia", "ann"),
        ("ann", "top"),
        ("top", "ann"),
        ("ann", "amir"),
        ("mia", "ned"),
        ("wu", "ned"),
    ],
)
def test_nobody_is_put_together_with_their_line_or_their_managers_people(
    one: str, other: str
) -> None:
    assert is_too_close(one, other, MANAGERS)


@pytest.mark.parametrize(("one", "other"), [("ann", "wu"), ("ann", "wes"), ("wu", "mia")])
def test_people_of_different_lines_are_far_enough_apart(one: str, other: str) -> None:
    assert not is_too_close(one, other, MANAGERS)


def test_two_people_without_a_manager_have_no_common_one() -> None:
    assert not is_too_close("a", "b", {"a": None, "b": None})


@given(managers=st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdef") | st.none()))
def test_closeness_goes_both_ways(managers: dict[str, str | None]) -> None:
    for one in "abcdef":
        for other in "abcdef":
            assert is_too_close(one, other, managers) == is_too_close(other, one, managers)


@pytest.mark.parametrize(
    "change",
    [
        {"is_ready": False},
        {"manages": True},
        {"handles_cases": True},
        {"languages": frozenset({"cy"})},
        {"person_id": "amir"},
    ],
    ids=str,
)
def test_whoever_can_never_be_asked_is_not(change: dict[str, object]) -> None:
    assert could_ever(WU, ASKER)
    assert not could_ever(replace(WU, **change), ASKER)  # type: ignore[arg-type]


def test_whom_somebody_does_not_want_is_not_asked() -> None:
    assert not could_ever(WU, replace(ASKER, not_these=frozenset({"wu"})))


@pytest.mark.parametrize("change", [{"open_now": 2}, {"new_lately": 1}], ids=str)
def test_whoever_has_no_room_may_not_take_one_more(change: dict[str, int]) -> None:
    full = replace(WU, **change)  # type: ignore[arg-type]
    assert could_ever(full, ASKER)
    assert not may_take(full, ASKER, new_a_week=1)


def test_whoever_is_not_on_shift_may_pick_it_up_but_is_not_asked() -> None:
    off = replace(WU, is_on_shift=False)
    assert may_take(off, ASKER, new_a_week=1)
    assert not is_free(off, ASKER, new_a_week=1)


def several(count: int) -> list[Candidate]:
    return [replace(WU, person_id=f"v{number}") for number in range(count)]


def chosen(
    candidates: list[Candidate], already: tuple[str, ...] = (), wanted: str | None = None
) -> list[str]:
    return choose(candidates, ASKER, 1, "r1", already, wanted)


@pytest.mark.parametrize(("asked_already", "room"), [(0, 3), (1, 2), (2, 1), (3, 0)])
def test_at_most_three_are_asked_at_a_time(asked_already: int, room: int) -> None:
    already = tuple(f"v{number}" for number in range(asked_already))
    found = chosen(several(9), already)
    assert len(found) == room
    assert not set(found) & set(already)
    assert room + asked_already == MOST_OFFERS


def test_those_with_the_least_lately_come_first_then_those_asked_longest_ago() -> None:
    busy = replace(WU, person_id="busy", recent=2)
    lately = replace(WU, person_id="lately", asked_on=date(2026, 11, 23))
    long_ago = replace(WU, person_id="long_ago", asked_on=date(2026, 10, 1))
    never = replace(WU, person_id="never")
    assert chosen([busy, lately, long_ago, never]) == ["never", "long_ago", "lately"]


def test_between_equals_it_is_not_always_the_same_ones_turn() -> None:
    first = {choose(several(6), ASKER, 1, f"r{number}", (), None)[0] for number in range(60)}
    assert first == {f"v{number}" for number in range(6)}


def test_whoever_is_asked_for_by_name_is_asked_alone() -> None:
    assert chosen(several(5), wanted="v4") == ["v4"]
    assert chosen(several(5), already=("v4",), wanted="v4") == []


def test_they_are_waited_for_while_they_may_be_asked() -> None:
    off = replace(WU, person_id="v9", is_on_shift=False)
    assert chosen([*several(3), off], wanted="v9") == []
    full = replace(off, open_now=2)
    assert len(chosen([*several(3), full], wanted="v9")) == 3


@given(
    candidates=st.lists(
        st.builds(
            Candidate,
            person_id=st.sampled_from([*MANAGERS, "x", "y", "z"]),
            languages=st.sampled_from([frozenset({"en"}), frozenset({"cy"})]),
            is_ready=st.booleans(),
            is_on_shift=st.booleans(),
            manages=st.booleans(),
            handles_cases=st.booleans(),
            open_now=st.integers(0, 3),
            new_lately=st.integers(0, 2),
            cap=st.integers(1, 3),
        ),
        unique_by=lambda each: each.person_id,
    ),
    not_these=st.frozensets(st.sampled_from(["wu", "x", "y"])),
    wanted=st.none() | st.sampled_from(["x", "y", "wu"]),
)
def test_nobody_is_ever_asked_who_may_not_be(
    candidates: list[Candidate], not_these: frozenset[str], wanted: str | None
) -> None:
    asker = replace(ASKER, not_these=not_these)
    found = choose(candidates, asker, 1, "r1", (), wanted)
    by_id = {each.person_id: each for each in candidates}
    assert len(found) == len(set(found)) <= MOST_OFFERS
    for who in found:
        one = by_id[who]
        assert one.is_ready
        assert one.is_on_shift
        assert not one.manages
        assert not one.handles_cases
        assert "en" in one.languages
        assert one.open_now < one.cap
        assert one.new_lately < 1
        assert who not in not_these | {"ann", "amir", "mia", "top"}
