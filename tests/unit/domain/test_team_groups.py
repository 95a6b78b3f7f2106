"""A roster from user groups or channels."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.domain.derived_roster import Derived, Known, derive
from bot.domain.membership import Member, MemberGroup
from bot.domain.roster import RosterRow
from bot.domain.team_groups import key, teams_of_channels, teams_of_groups
from tests.support.directory import group, member

NAMES = ("ada", "ben", "cal", "dee", "eve", "fay")


def from_groups(
    *groups: MemberGroup,
    members: Sequence[Member] | None = None,
    known: dict[str, Known] | None = None,
) -> Derived:
    people = [member(name) for name in NAMES] if members is None else members
    return derive(teams_of_groups(groups), groups, people, known or {}, "GB-SCT", ["en", "cy"])


def by_name(derived: Derived) -> dict[str, RosterRow]:
    return {row.name.lower(): row for row in derived.rows}


def places(derived: Derived) -> dict[str, tuple[str, str]]:
    """Name → team and manager."""
    return {
        name: (" / ".join(row.team), row.manager.partition("@")[0])
        for name, row in by_name(derived).items()
    }


@pytest.mark.parametrize("leads", ["North leads", "north-leads", "NORTH  Leads"])
def test_a_group_is_a_team_and_its_leads_group_says_who_leads_it(leads: str) -> None:
    derived = from_groups(group("North", "ada", "ben"), group(leads, "ada"))
    assert places(derived) == {"ada": ("North", ""), "ben": ("North", "ada")}
    assert derived.problems == []


def test_what_the_platform_does_not_say_has_a_value() -> None:
    (row,) = from_groups(group("North", "ada"), group("North leads", "ada")).rows
    assert (row.zone, row.region, row.language) == ("Europe/London", "GB-SCT", "en")
    assert (row.working_days, row.roles) == (frozenset(range(5)), frozenset())


def test_what_the_platform_says_is_taken() -> None:
    people = [
        member("ada", zone="Asia/Tokyo", language="cy-GB"),
        member("ben", zone="Mars/Base", language="fr"),
    ]
    found = by_name(
        from_groups(group("North", "ada", "ben"), group("North leads", "ada"), members=people)
    )
    assert (found["ada"].zone, found["ada"].language) == ("Asia/Tokyo", "cy")
    assert (found["ben"].zone, found["ben"].language) == ("Asia/Tokyo", "en")  # most live there


def test_working_days_and_roles_stay_as_they_are_known() -> None:
    known = {"ada@example.org": Known(frozenset({1}), frozenset({"admin"}))}
    (row,) = from_groups(group("N", "ada"), group("N leads", "ada"), known=known).rows
    assert (row.working_days, row.roles) == (frozenset({1}), frozenset({"admin"}))


def test_a_path_makes_a_tree_and_leads_have_the_lead_above_them() -> None:
    derived = from_groups(
        group("Care", "ada"),
        group("Care leads", "ada"),
        group("Care / Homes / North", "ben", "cal"),
        group("Care / Homes / North leads", "ben"),
    )
    assert places(derived) == {
        "ada": ("Care", ""),
        "ben": ("Care / Homes / North", "ada"),
        "cal": ("Care / Homes / North", "ben"),
    }


def test_a_lead_who_is_in_no_team_belongs_to_the_one_they_lead() -> None:
    derived = from_groups(group("North", "ben"), group("North leads", "ada"))
    assert places(derived)["ada"] == ("North", "")


def test_a_lead_who_is_in_somebody_elses_team_has_their_lead() -> None:
    derived = from_groups(
        group("North", "ben"),
        group("North leads", "ada"),
        group("Board", "ada", "cal"),
        group("Board leads", "cal"),
    )
    assert places(derived)["ada"] == ("Board", "cal")


def test_two_who_lead_each_other_do_not_go_in_a_circle() -> None:
    derived = from_groups(
        group("North", "ben"),
        group("North leads", "ada"),
        group("South", "ada"),
        group("South leads", "ben"),
    )
    managers = {name: manager for name, (_, manager) in places(derived).items()}
    assert managers == {"ada": "ben", "ben": ""}


def test_whoever_is_in_several_teams_belongs_to_the_first_by_name() -> None:
    derived = from_groups(
        group("South", "ben", "cal"),
        group("South leads", "cal"),
        group("north", "ada", "ben"),
        group("north leads", "ada"),
    )
    assert places(derived)["ben"] == ("north", "ada")


def test_a_group_that_holds_everybody_below_it_takes_nobody_from_there() -> None:
    derived = from_groups(
        group("Care", "ada", "ben", "cal"),
        group("Care leads", "ada"),
        group("Care / North", "ben", "cal"),
        group("Care / North leads", "ben"),
    )
    assert places(derived)["cal"] == ("Care / North", "ben")


def test_a_lead_is_not_put_beside_those_whom_they_lead() -> None:
    """Both are in the first team by name, where she would be counted with him."""
    derived = from_groups(
        group("A choir", "ada", "ben", "cal"),
        group("A choir leads", "cal"),
        group("North", "ada", "ben"),
        group("North leads", "ada"),
    )
    assert places(derived)["ada"] == ("North", "")
    assert places(derived)["ben"] == ("A choir", "cal")


@pytest.mark.parametrize("leads", [(), ("ada", "cal")])
def test_without_exactly_one_lead_people_are_left_out_and_it_is_said(
    leads: tuple[str, ...],
) -> None:
    derived = from_groups(
        group("North", "ada", "ben"),
        group("North leads", *leads),
        group("South", "dee"),
        group("South leads", "dee"),
    )
    assert places(derived) == {"dee": ("South", "")}
    (problem,) = derived.problems
    assert problem.startswith(f"'North' is led by {'2 people' if leads else 'nobody'}")


def test_a_guest_among_the_leads_does_not_count() -> None:
    derived = from_groups(group("North", "ben"), group("North leads", "ada", "guest"))
    assert places(derived)["ben"] == ("North", "ada")


def test_whoever_belongs_to_a_team_without_a_lead_is_in_no_other() -> None:
    derived = from_groups(
        group("All", "ben"), group("North", "ada", "ben"), group("North leads", "ada")
    )
    assert places(derived) == {"ada": ("North", "")}


def test_a_lead_in_a_team_without_a_lead_is_kept_for_their_own() -> None:
    derived = from_groups(group("All", "ada"), group("North", "ben"), group("North leads", "ada"))
    assert places(derived) == {"ada": ("North", ""), "ben": ("North", "ada")}


def test_leads_of_no_team_are_told() -> None:
    (problem,) = from_groups(group("Nort leads", "ada")).problems
    assert "'Nort leads'" in problem


def test_an_empty_group_is_no_problem() -> None:
    assert from_groups(group("Nobody")).problems == []


def test_whoever_has_no_address_is_left_out_and_named() -> None:
    people = [member("ada"), *(member(name, email="") for name in ("ben", "cal"))]
    derived = from_groups(
        group("North", "ada", "ben", "cal"), group("North leads", "ada"), members=people
    )
    assert places(derived) == {"ada": ("North", "")}
    assert derived.problems == ["Left out because no email address shows: Ben, Cal."]


def test_many_without_an_address_are_not_all_named() -> None:
    people = [member(name, email="") for name in (*NAMES, "gus")]
    (problem,) = from_groups(members=people).problems
    assert problem.endswith("Ada, Ben, Cal, Dee, Eve and 2 more.")


def test_two_with_one_address_are_left_out() -> None:
    people = [member("ada"), member("ben"), member("cal", email="BEN@example.org")]
    derived = from_groups(
        group("North", "ada", "ben", "cal"), group("North leads", "ada"), members=people
    )
    assert places(derived) == {"ada": ("North", "")}
    assert "ben@example.org" in derived.problems[0]


def test_a_lead_whom_no_roster_can_know_leads_nobody() -> None:
    people = [member("ada", email=""), member("ben")]
    derived = from_groups(group("North", "ben"), group("North leads", "ada"), members=people)
    assert derived.rows == []
    assert "without an email address" in derived.problems[-1]


# --- channels ------------------------------------------------------------------------------


@pytest.mark.parametrize("leads", ["team-north leads", "north-leads", "North leads"])
def test_a_channel_is_a_team_and_gets_its_summary(leads: str) -> None:
    rooms = [group("team-north", "ada", "ben", channel="C1")]
    derived = derive(
        teams_of_channels(rooms),
        [group(leads, "ada")],
        [member("ada"), member("ben")],
        {},
        "GB",
        ["en"],
    )
    assert places(derived) == {"ada": ("north", ""), "ben": ("north", "ada")}
    assert {row.channel for row in derived.rows} == {"C1"}


def test_names_are_compared_without_case_and_punctuation() -> None:
    assert key("Home Care / North leads") == key("home-care_north-Leads")
