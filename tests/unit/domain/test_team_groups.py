"""A roster from user groups or channels."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.blocks import countable, managers_above
from bot.domain.derived_roster import Derived, derive
from bot.domain.kept_rows import Known
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
    return derive(teams_of_groups(groups), groups, people, known or {}, "GB-SCT")


def by_name(derived: Derived) -> dict[str, RosterRow]:
    return {row.name.lower(): row for row in derived.rows}


def places(derived: Derived) -> dict[str, tuple[str, str]]:
    """Name → team and manager."""
    return {
        name: (" / ".join(row.team), row.manager.partition("@")[0])
        for name, row in by_name(derived).items()
    }


def on_roster(
    name: str,
    team: str,
    manager: str = "",
    *,
    days: Collection[int] = range(5),
    roles: Collection[str] = (),
    region: str = "GB-ENG",
    is_active: bool = True,
) -> dict[str, Known]:
    """Somebody whom the roster has already."""
    email = f"{name}@example.org"
    row = RosterRow(
        line=0,
        name=name.title(),
        email=email,
        team=tuple(team.split(" / ")),
        manager=f"{manager}@example.org" if manager else "",
        zone="Europe/Dublin",
        region=region,
        working_days=frozenset(days),
        language="cy",
        roles=frozenset(roles),
    )
    return {email: Known(row, is_active)}


@pytest.mark.parametrize("leads", ["North leads", "north-leads", "NORTH  Leads"])
def test_a_group_is_a_team_and_its_leads_group_says_who_leads_it(leads: str) -> None:
    derived = from_groups(group("North", "ada", "ben"), group(leads, "ada"))
    assert places(derived) == {"ada": ("North", ""), "ben": ("North", "ada")}
    assert derived.problems == []


def test_what_the_platform_does_not_say_has_a_value() -> None:
    (row,) = from_groups(group("North", "ada"), group("North leads", "ada")).rows
    assert (row.zone, row.region, row.language) == ("Europe/London", "GB-SCT", "")
    assert (row.working_days, row.roles) == (frozenset(range(5)), frozenset())


def test_what_the_platform_says_is_taken() -> None:
    people = [member("ada", zone="Asia/Tokyo"), member("ben", zone="Mars/Base")]
    found = by_name(
        from_groups(group("North", "ada", "ben"), group("North leads", "ada"), members=people)
    )
    assert found["ada"].zone == "Asia/Tokyo"
    assert found["ben"].zone == "Asia/Tokyo"  # most live there


@pytest.mark.parametrize("is_active", [True, False])
def test_what_the_roster_has_stays_also_for_whoever_comes_back(is_active: bool) -> None:
    known = on_roster("ada", "N", days={1}, roles={"admin"}, region="IE", is_active=is_active)
    (row,) = from_groups(group("N", "ada"), group("N leads", "ada"), known=known).rows
    assert (row.working_days, row.roles) == (frozenset({1}), frozenset({"admin"}))
    assert (row.region, row.language) == ("IE", "cy")


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


def test_two_who_are_above_each_other_in_two_branches_do_not_go_in_a_circle() -> None:
    derived = from_groups(
        group("Care", "cal"),
        group("Care leads", "ada"),
        group("Care / North", "dee"),
        group("Care / North leads", "ben"),
        group("Office", "eve"),
        group("Office leads", "ben"),
        group("Office / IT", "ada", "fay"),
        group("Office / IT leads", "ada"),
    )
    managers = {name: manager for name, (_, manager) in places(derived).items()}
    assert managers["ada"] == "ben"
    assert managers["ben"] == ""


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


def test_a_group_without_a_lead_takes_nobody_out_of_a_team_with_one() -> None:
    derived = from_groups(
        group("All", "ada", "ben"), group("North", "ada", "ben"), group("North leads", "ada")
    )
    assert places(derived) == {"ada": ("North", ""), "ben": ("North", "ada")}
    assert derived.problems == [], "it isn't meant as a team"


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
    )
    assert places(derived) == {"ada": ("north", ""), "ben": ("north", "ada")}
    assert {row.channel for row in derived.rows} == {"C1"}


def test_names_are_compared_without_case_and_punctuation() -> None:
    assert key("Home Care / North leads") == key("home-care_north-Leads")


# --- who stays as they were ----------------------------------------------------------------

NORTH = {
    **on_roster("ada", "North"),
    **on_roster("ben", "North", "ada"),
    **on_roster("cal", "North", "ada"),
}
AS_BEFORE = {"ada": ("North", ""), "ben": ("North", "ada"), "cal": ("North", "ada")}


def test_whoever_has_lost_their_lead_stays_with_all_that_they_have() -> None:
    derived = from_groups(group("North", "ada", "ben", "cal"), known=NORTH)
    assert places(derived) == AS_BEFORE
    row = by_name(derived)["ben"]
    assert (row.zone, row.region, row.language) == ("Europe/Dublin", "GB-ENG", "cy")
    (problem,) = derived.problems
    assert problem.startswith("'North' is led by nobody")


def test_nobody_is_moved_elsewhere_because_their_lead_is_gone() -> None:
    derived = from_groups(
        group("North", "ada", "ben", "cal"),
        group("Choir", "ben", "dee"),
        group("Choir leads", "dee"),
        known=NORTH,
    )
    assert places(derived) == {**AS_BEFORE, "dee": ("Choir", "")}


def test_who_is_new_in_a_group_without_a_lead_is_left_out() -> None:
    assert "dee" not in places(from_groups(group("North", "ada", "ben", "dee"), known=NORTH))


def test_a_team_whose_group_is_gone_stays() -> None:
    derived = from_groups(group("South", "dee"), group("South leads", "dee"), known=NORTH)
    assert places(derived) == {**AS_BEFORE, "dee": ("South", "")}
    (problem,) = derived.problems
    assert problem.startswith("No group any more for North:")


def test_a_group_under_another_name_takes_its_people_along() -> None:
    derived = from_groups(
        group("Far North", "ada", "ben", "cal"), group("Far North leads", "ada"), known=NORTH
    )
    assert {team for team, _ in places(derived).values()} == {"Far North"}
    assert derived.problems == []


def test_whoever_is_taken_out_of_all_groups_of_a_team_that_goes_on_has_left() -> None:
    derived = from_groups(group("North", "ada", "ben"), group("North leads", "ada"), known=NORTH)
    assert "cal" not in places(derived)


def test_whoever_goes_to_a_group_that_waits_for_its_lead_stays_under_the_lead_of_today() -> None:
    derived = from_groups(
        group("North", "ada", "ben"),
        group("North leads", "ben"),
        group("South", "cal"),
        known=NORTH,
    )
    assert places(derived)["cal"] == ("North", "ben")
    assert places(derived)["ada"] == ("North", "ben")


def test_a_lead_who_has_left_the_workspace_stays_for_the_sake_of_the_others() -> None:
    members = [member("ben"), member("cal")]
    derived = from_groups(group("North", "ben", "cal"), members=members, known=NORTH)
    assert places(derived) == AS_BEFORE
    assert any(problem.startswith("Ada has left the workspace") for problem in derived.problems)


def test_whoever_is_above_a_lead_who_stays_does_so_too() -> None:
    known = {**NORTH, **on_roster("eve", "Board"), **on_roster("ada", "North", "eve")}
    derived = from_groups(group("North", "ben"), members=[member("ben")], known=known)
    assert places(derived) == {
        "ada": ("North", "eve"),
        "ben": ("North", "ada"),
        "eve": ("Board", ""),
    }


def test_with_another_lead_the_one_who_has_left_goes() -> None:
    members = [member("ben"), member("cal")]
    derived = from_groups(
        group("North", "ben", "cal"), group("North leads", "cal"), members=members, known=NORTH
    )
    assert places(derived) == {"ben": ("North", "cal"), "cal": ("North", "")}


def test_whoever_has_left_and_manages_nobody_who_stays_goes() -> None:
    derived = from_groups(
        group("North", "ada", "ben"), members=[member("ada"), member("ben")], known=NORTH
    )
    assert "cal" not in places(derived)


def test_whoever_had_left_the_roster_does_not_come_back_by_a_team_without_a_lead() -> None:
    known = {**NORTH, **on_roster("dee", "North", is_active=False)}
    assert "dee" not in places(from_groups(group("North", "ada", "dee"), known=known))


def test_two_with_one_address_stay_as_they_were() -> None:
    people = [member("ada"), member("ben"), member("zed", email="ben@example.org")]
    derived = from_groups(
        group("North", "ada", "ben"), group("North leads", "ada"), members=people, known=NORTH
    )
    assert places(derived)["ben"] == ("North", "ada")


def test_of_two_leads_none_is_counted_with_the_team() -> None:
    derived = from_groups(
        group("North", "ada", "ben", "cal"), group("North leads", "ada", "ben"), known=NORTH
    )
    assert places(derived) == {
        "ada": ("North", "ben"),
        "ben": ("North", ""),
        "cal": ("North", "ada"),
    }
    managers = {row.email: row.manager or None for row in derived.rows}
    assert countable(managers, managers) == {"cal@example.org"}


def test_two_leads_are_under_the_one_who_led_them_from_elsewhere() -> None:
    known = {
        email: each
        for name in ("ada", "ben", "cal")
        for email, each in on_roster(name, "North", "dee").items()
    }
    derived = from_groups(
        group("North", "ada", "ben", "cal"),
        group("North leads", "ada", "ben"),
        group("Board", "dee"),
        group("Board leads", "dee"),
        known={**known, **on_roster("dee", "Board")},
    )
    managers = {row.email: row.manager or None for row in derived.rows}
    assert set(managers_above("cal@example.org", managers)) == {
        f"{name}@example.org" for name in ("ada", "ben", "dee")
    }
    assert countable({f"{each}@example.org" for each in ("ada", "ben", "cal")}, managers) == {
        "cal@example.org"
    }


def test_who_waits_for_a_lead_and_leads_others_makes_no_circle() -> None:
    derived = from_groups(
        group("North", "ben"),
        group("South", "ada", "dee"),
        group("South leads", "ben"),
        known=NORTH,
    )
    assert places(derived) == {
        "ada": ("South", "ben"),
        "ben": ("North", ""),
        "cal": ("North", "ada"),
        "dee": ("South", "ben"),
    }


names = st.sampled_from(NAMES)
teams = st.sampled_from(["N", "S", "E", "N/S", "N/E", "E/S", "N/S/E"])
people = st.frozensets(names, max_size=4)


@given(
    before=st.dictionaries(names, st.tuples(teams, st.integers(0, 5))),
    inside=st.dictionaries(teams, people),
    leads=st.dictionaries(teams, st.frozensets(names, max_size=2)),
    there=st.frozensets(names),
)
def test_a_derived_roster_is_one_that_a_file_could_hold_and_nobody_is_counted_with_their_lead(
    before: dict[str, tuple[str, int]],
    inside: dict[str, frozenset[str]],
    leads: dict[str, frozenset[str]],
    there: frozenset[str],
) -> None:
    ordered = sorted(before)
    known: dict[str, Known] = {}
    for number, name in enumerate(ordered):
        team, chosen = before[name]
        known |= on_roster(
            name, team.replace("/", " / "), ordered[chosen % number] if number else ""
        )
    groups = [group(name, *found) for name, found in inside.items()]
    groups += [group(f"{name} leads", *found) for name, found in leads.items()]
    derived = from_groups(*groups, members=[member(name) for name in there], known=known)
    managers = {row.email: row.manager or None for row in derived.rows}
    assert len(managers) == len(derived.rows)
    assert {manager for manager in managers.values() if manager} <= managers.keys()
    for email, manager in managers.items():
        assert email not in (manager, *managers_above(manager or "", managers))
    for where in inside:
        its_people = {row.email for row in derived.rows if row.team == tuple(where.split("/"))}
        named = {f"{each}@example.org" for each in leads.get(where, frozenset()) & there}
        counted = countable(its_people, managers)
        assert len(counted) <= 1 or not named & counted
