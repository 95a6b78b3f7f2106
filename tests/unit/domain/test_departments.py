from __future__ import annotations

from bot.domain.departments import ORGANISATION, department_of, in_common, within

# Council > Services > (Housing > North, South), Libraries; and a team that is gone.
TREE = {
    "council": None,
    "services": "council",
    "housing": "services",
    "north": "housing",
    "libraries": "council",
    "gone": None,
}


def test_under_one_top_its_children_are_the_departments() -> None:
    assert department_of(TREE, {"north", "housing", "libraries", "council"}) == {
        "council": ORGANISATION,
        "services": "services",
        "housing": "services",
        "north": "services",
        "libraries": "libraries",
        "gone": ORGANISATION,
    }


def test_with_several_tops_each_is_a_department() -> None:
    found = department_of({"a": None, "a1": "a", "b": None}, {"a1", "b"})
    assert found == {"a": "a", "a1": "a", "b": "b"}


def test_a_department_that_nobody_is_in_any_more_gives_way_to_the_organisation() -> None:
    assert department_of(TREE, {"libraries"})["north"] is ORGANISATION


def test_teams_of_two_departments_have_the_organisation_in_common() -> None:
    departments = department_of(TREE, {"north", "libraries"})
    assert in_common(["north", "housing"], departments) == "services"
    assert in_common(["north", "libraries"], departments) is ORGANISATION
    assert in_common([], departments) is ORGANISATION


def test_a_department_holds_all_below_it() -> None:
    assert within("services", TREE) == {"services", "housing", "north"}
    assert within(ORGANISATION, TREE) == set(TREE)
    assert within("unknown", TREE) == frozenset()


def test_a_circle_ends() -> None:
    assert set(department_of({"a": "b", "b": "a"}, {"a"})) == {"a", "b"}
