from __future__ import annotations

import csv
import io
from zoneinfo import available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.roster import REQUIRED, RosterRow, read_roster
from bot.errors import RosterError

HEADER = "name,email,team,manager,zone,region,working days,language,roles"
ANN = {
    "name": "Ann",
    "email": "ann@example.org",
    "team": "Services / Housing",
    "manager": "",
    "zone": "Europe/London",
    "region": "England",
    "working days": "mon-fri",
    "language": "en",
    "roles": "",
}
BOB = {**ANN, "name": "Bob", "email": "bob@example.org", "manager": "ann@example.org"}


def line(person: dict[str, str], **changes: str) -> str:
    cells = {**person, **{name.replace("_", " "): value for name, value in changes.items()}}
    return ",".join(cells.values())


def read(*lines: str) -> list[RosterRow]:
    return read_roster("\n".join([HEADER, *lines]), ["en"])


def problems(*lines: str) -> list[str]:
    with pytest.raises(RosterError) as caught:
        read(*lines)
    return caught.value.problems


# --- good files ----------------------------------------------------------------------------


def test_a_row_is_read_as_it_stands() -> None:
    assert read(line(ANN)) == [
        RosterRow(
            line=2,
            name="Ann",
            email="ann@example.org",
            team=("Services", "Housing"),
            manager="",
            zone="Europe/London",
            region="GB-ENG",
            working_days=frozenset({0, 1, 2, 3, 4}),
            language="en",
        )
    ]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("England", "GB-ENG"),
        ("SCOTLAND", "GB-SCT"),
        ("wales", "GB-WLS"),
        ("Northern Ireland", "GB-NIR"),
        ("gb-sct", "GB-SCT"),
        ("ie", "IE"),
        ("DE-BY", "DE-BY"),
    ],
)
def test_a_region_is_a_nation_by_name_or_a_code(written: str, code: str) -> None:
    assert read(line(ANN, region=written))[0].region == code


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("mon tue thu", {0, 1, 3}),
        ("Monday Wednesday", {0, 2}),
        ("mon-wed fri", {0, 1, 2, 4}),
        ("sun", {6}),
        ("mon;tue", {0, 1}),
        ("mon-sun", {0, 1, 2, 3, 4, 5, 6}),
    ],
)
def test_working_days_are_written_as_people_write_them(written: str, numbers: set[int]) -> None:
    assert read(line(ANN, working_days=written))[0].working_days == numbers


def test_a_cell_with_commas_is_quoted() -> None:
    row = read('"Ann, the first",ann@example.org,T,,UTC,England,"mon, tue",en,"admin,volunteer"')[0]
    assert row.name == "Ann, the first"
    assert row.working_days == {0, 1}
    assert row.roles == {"admin", "volunteer"}


def test_emails_are_the_same_in_capitals() -> None:
    rows = read(line(ANN, email="Ann@Example.org"), line(BOB, manager="ANN@EXAMPLE.ORG"))
    assert [(row.email, row.manager) for row in rows] == [
        ("ann@example.org", ""),
        ("bob@example.org", "ann@example.org"),
    ]


def test_spaces_around_cells_and_empty_lines_make_no_difference() -> None:
    rows = read("", "   ,,,,,,,,", line(ANN, name="  Ann ", team=" Services /  Housing "), "")
    assert [(row.line, row.name, row.team) for row in rows] == [(4, "Ann", ("Services", "Housing"))]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace(",", ";"),
        lambda text: "\ufeff" + text.replace(",", ";"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("working days", "Working_Days").replace("name", " NAME "),
        lambda text: text.removesuffix(",") + "\n\n",
    ],
    ids=["bom", "semicolons", "bom and semicolons", "windows lines", "header", "empty lines"],
)
def test_what_spreadsheets_save_is_read_all_the_same(spoil: object) -> None:
    assert callable(spoil)
    text = "\n".join([HEADER, line(ANN), line(BOB)])
    assert read_roster(spoil(text), ["en"]) == read_roster(text, ["en"])


def test_the_column_of_roles_may_be_left_out() -> None:
    text = f"{HEADER.removesuffix(',roles')}\n{line(ANN).removesuffix(',')}"
    assert read_roster(text, ["en"])[0].roles == frozenset()


def test_columns_come_in_any_order_and_unknown_ones_are_passed_over() -> None:
    names = [*reversed(ANN), "payroll number"]
    cells = [ANN.get(name, "12345") for name in names]
    text = f"{','.join(names)}\n{','.join(cells)}"
    assert read_roster(text, ["en"]) == read(line(ANN))


# --- bad rows ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": ""}, "needs a name of up to 120 characters"),
        ({"name": "A" * 121}, "needs a name of up to 120 characters"),
        ({"email": ""}, "'' isn't an email address"),
        ({"email": "ann"}, "'ann' isn't an email address"),
        ({"email": "ann@home"}, "'ann@home' isn't an email address"),
        ({"email": "ann smith@example.org"}, "'ann smith@example.org' isn't an email address"),
        ({"team": ""}, "needs a team, such as 'Services / Housing advice'"),
        ({"team": "Services / "}, "needs a team, such as 'Services / Housing advice'"),
        ({"team": "Services // Housing"}, "needs a team, such as 'Services / Housing advice'"),
        (
            {"manager": "Bob"},
            "manager 'Bob' isn't an email address; leave it empty at the top",
        ),
        ({"zone": ""}, "'' isn't a time zone; write it like Europe/London"),
        ({"zone": "London"}, "'London' isn't a time zone; write it like Europe/London"),
        ({"zone": "+01:00"}, "'+01:00' isn't a time zone; write it like Europe/London"),
        ({"region": ""}, "region '' isn't known; write England, GB-ENG or IE"),
        (
            {"region": "Atlantis"},
            "region 'Atlantis' isn't known; write England, GB-ENG or IE",
        ),
        (
            {"region": "GB-XYZ"},
            "region 'GB-XYZ' isn't known; write England, GB-ENG or IE",
        ),
        ({"working_days": ""}, "working days '' aren't days; write mon-fri or mon tue"),
        ({"working_days": "lundi"}, "working days 'lundi' aren't days; write mon-fri or mon tue"),
        (
            {"working_days": "fri-mon"},
            "working days 'fri-mon' aren't days; write mon-fri or mon tue",
        ),
        (
            {"working_days": "mon-wed-fri"},
            "working days 'mon-wed-fri' aren't days; write mon-fri or mon tue",
        ),
        ({"language": "tlh"}, "there are no prompts in 'tlh'; use one of: en"),
        (
            {"roles": "manager"},
            "roles are admin, case-handler, coordinator, safeguarding, volunteer or nothing",
        ),
        ({"roles": ",,"}, "has more cells than the header; quote cells with commas"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_its_reason(
    changes: dict[str, str], reason: str
) -> None:
    spoilt = line({**BOB, "manager": ""}, **changes)
    assert problems(line(ANN), spoilt) == [f"Line 3: {reason}."]


def test_a_language_may_be_left_to_the_persons_account() -> None:
    (row,) = read(line(ANN, language=""))
    assert row.language == ""


def test_a_row_that_is_cut_short_says_everything_that_is_missing() -> None:
    found = problems("Ann,ann@example.org,Housing")
    assert [problem.partition(":")[0] for problem in found] == ["Line 2"] * 3
    words = ("zone", "region", "days")
    assert [word for word in words if word in " ".join(found)] == list(words)


def test_several_problems_are_told_at_once_in_the_order_of_the_lines() -> None:
    found = problems(
        line(ANN, manager="nobody@example.org"),
        line(BOB, zone="Mars", language="tlh"),
        line(ANN),
    )
    assert [problem.partition(":")[0] for problem in found] == [
        "Line 2",
        "Line 3",
        "Line 3",
        "Line 4",
    ]


def test_lines_are_counted_as_in_an_editor_when_cells_have_several() -> None:
    two_lines = line(ANN, name='"Ann\nof Housing"')
    assert problems(two_lines, line(BOB, zone="Mars"))[0].startswith("Line 4: ")


def test_two_people_with_one_email_are_a_problem_of_the_second() -> None:
    found = problems(line(ANN), line(BOB), line(ANN, email="ANN@example.org"))
    assert found == ["Line 4: ann@example.org is on line 2 already."]


def test_a_manager_who_is_not_in_the_file_is_a_problem() -> None:
    found = problems(line(ANN), line(BOB, manager="eve@example.org"))
    assert found == ["Line 3: manager eve@example.org isn't a person in this file."]


@pytest.mark.parametrize("length", [1, 2, 3, 7])
def test_everybody_in_a_circle_of_managers_is_named(length: int) -> None:
    circle = [
        line(ANN, email=f"p{n}@example.org", manager=f"p{(n + 1) % length}@example.org")
        for n in range(length)
    ]
    below = line(ANN, email="below@example.org", manager="p0@example.org")
    assert problems(*circle, below) == [
        f"Line {n + 2}: p{n}@example.org ends up as their own manager." for n in range(length)
    ]


def test_missing_columns_are_named_once_and_rows_are_not_read() -> None:
    with pytest.raises(RosterError) as caught:
        read_roster("name,email\nAnn,not an email", ["en"])
    missing = "team, manager, zone, region, working days, language"
    columns = ", ".join(REQUIRED)
    assert caught.value.problems == [f"Line 1: missing {missing}. The columns are: {columns}."]


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", "one line of prose"])
def test_a_file_without_a_header_misses_every_column(text: str) -> None:
    with pytest.raises(RosterError, match=r"Line 1: missing name, email, team"):
        read_roster(text, ["en"])


@pytest.mark.parametrize("rest", ["", "\n", "\n\n  \n,,,\n"])
def test_a_header_without_people_is_a_problem(rest: str) -> None:
    with pytest.raises(RosterError) as caught:
        read_roster(HEADER + rest, ["en"])
    assert caught.value.problems == ["The file has a header and no people."]


def test_the_error_reads_as_one_sentence_a_line() -> None:
    with pytest.raises(RosterError, match=r"^Line 2: .*\.\nLine 2: .*\.$"):
        read(line(ANN, zone="Mars", language="tlh"))


# --- anything at all -----------------------------------------------------------------------

ZONES = available_timezones()


def outcome(text: str) -> list[RosterRow] | list[str]:
    """The rows, or the problems of a RosterError; anything else is raised."""
    # As a file is read: every kind of line end is one.
    lines = io.StringIO(text, newline=None).read()
    try:
        return read_roster(lines, ["en"])
    except RosterError as error:
        return error.problems


@given(text=st.text())
def test_no_text_is_read_as_people_by_chance(text: str) -> None:
    (problem,) = outcome(text)
    assert isinstance(problem, str)
    assert problem.startswith("Line 1: missing ")


@given(rest=st.text(alphabet=",;\"\n\t\0 '@./-\ufeff09\u00e9\u2028"))
def test_nonsense_below_a_header_is_refused_with_reasons(rest: str) -> None:
    found = outcome(f"{HEADER}\n{rest}")
    assert found
    assert all(isinstance(problem, str) and problem.endswith(".") for problem in found)


ODD = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", '"', '"a', "a@b.c", "A/B", "/", "UTC", "mon-", "-", "en", "admin"]),
    st.sampled_from(list(ANN.values())),
)
ROWS = st.fixed_dictionaries(
    {name: st.one_of(st.just(value), ODD) for name, value in ANN.items() if name != "region"}
    | {"region": st.sampled_from(["England", "", "GB-XYZ", "Atlantis", "IE", "-", "\ufeff"])}
)


@given(rows=st.lists(ROWS, min_size=1, max_size=3))
@example(rows=[ANN])
@settings(max_examples=50)
def test_whatever_is_in_the_cells_ends_in_rows_or_in_reasons(rows: list[dict[str, str]]) -> None:
    file = io.StringIO()
    writer = csv.DictWriter(file, HEADER.split(","))
    writer.writeheader()
    writer.writerows(rows)
    found = outcome(file.getvalue())
    assert found
    for row in found:
        if isinstance(row, str):
            assert row.startswith("Line ")
        else:
            assert all([row.name, "@" in row.email, *row.team, row.working_days])
            assert row.zone in ZONES


@pytest.mark.parametrize("region", ["MON", "mon-fri", "public", "NYSE", "GB-", "GB-XXX", "UKX"])
def test_what_is_not_a_country_is_not_a_region(region: str) -> None:
    assert problems(line(ANN, region=region)) == [
        f"Line 2: region '{region}' isn't known; write England, GB-ENG or IE."
    ]


def test_the_uk_by_its_everyday_name_has_the_uks_holidays_and_resources() -> None:
    assert read_roster(f"{HEADER}\n{line(ANN, region='UK')}", ["en"])[0].region == "GB"


def test_a_quote_that_is_never_closed_is_a_sentence_and_not_a_crash() -> None:
    with pytest.raises(RosterError, match="check the quotes"):
        read_roster(f'{HEADER}\n"' + "x" * 140_000, ["en"])


def test_people_under_somebody_with_a_bad_row_are_not_blamed_for_it() -> None:
    spoilt = line({**ANN, "zone": "Mars"})
    assert [p for p in problems(spoilt, line(BOB)) if p.startswith("Line 3")] == []


# --- channels ------------------------------------------------------------------------------


def in_channels(*rows: tuple[dict[str, str], str]) -> str:
    return "\n".join([f"{HEADER},channel", *(f"{line(person)},{name}" for person, name in rows)])


def test_a_channel_is_read_as_it_stands() -> None:
    rows = read_roster(in_channels((ANN, "#housing"), (BOB, "")), ["en"])
    assert [row.channel for row in rows] == ["#housing", ""]


def test_rows_of_a_team_may_write_its_channel_in_their_own_way() -> None:
    rows = read_roster(in_channels((ANN, "#Housing"), (BOB, "housing")), ["en"])
    assert len(rows) == 2


def test_a_team_has_one_channel() -> None:
    with pytest.raises(RosterError) as caught:
        read_roster(in_channels((ANN, "#housing"), (BOB, "#homes")), ["en"])
    assert caught.value.problems == [
        "Line 3: Services / Housing has the channel #housing on line 2, and #homes here."
    ]


def test_each_team_has_a_channel_of_its_own() -> None:
    other = {**BOB, "team": "Services / Homes"}
    rows = read_roster(in_channels((ANN, "#housing"), (other, "#homes")), ["en"])
    assert [row.channel for row in rows] == ["#housing", "#homes"]


def test_a_channel_that_is_too_long_is_a_problem() -> None:
    with pytest.raises(RosterError, match="Line 2: channel needs up to 120 characters"):
        read_roster(in_channels((ANN, "x" * 121)), ["en"])
