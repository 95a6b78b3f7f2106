"""Reading a roster file: every bad row is reported with its line and its reason.

Columns: name, email, team, manager, zone, region, working days, language; optionally roles, and the
channel that the team's summary goes to. A team is a path in the tree, such as `Services / Housing
advice`. A manager is an email address, or nothing at the top. A language is one that there are
prompts in, or nothing: then it is as the person's account says.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.domain.availability import known_region, known_zone
from bot.domain.membership import plain_name
from bot.domain.programme import Weekday
from bot.errors import RosterError

REQUIRED = ("name", "email", "team", "manager", "zone", "region", "working days", "language")
OPTIONAL = ("roles", "channel")
# volunteer     may become a Wellbeing Warrior without asking
# coordinator   looks after the volunteers, and takes what nobody picked up
# case-handler  handles cases, such as in HR, so can't be a volunteer
# safeguarding  the second person without whom no pseudonym is lifted
ROLES = frozenset({"admin", "volunteer", "coordinator", "case-handler", "safeguarding"})
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
NATIONS = {
    "england": "GB-ENG",
    "scotland": "GB-SCT",
    "wales": "GB-WLS",
    "northern ireland": "GB-NIR",
    "uk": "GB",
    "united kingdom": "GB",
}
LONGEST = 120
WEEKDAYS = frozenset(day.value for day in Weekday)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person as a roster file describes them. `manager` is "" at the top.

    language  "" if not said: their account may say it
    channel   where their team's summary goes: a name such as `#advice`, or an id; "" if not said
    """

    line: int
    name: str
    email: str
    team: tuple[str, ...]
    manager: str
    zone: str
    region: str
    working_days: frozenset[int]
    language: str
    roles: frozenset[str] = field(default_factory=frozenset)
    channel: str = ""


def read_roster(text: str, languages: Collection[str]) -> list[RosterRow]:
    """The rows of a CSV file with a header line. `languages` are those that prompts exist in.

    Raises RosterError with one sentence for each problem; then nothing should be imported.
    """
    problems: list[str] = []
    rows: list[RosterRow] = []
    emails: set[str] = set()
    for cells in _cells(text, problems):
        emails.add(cells["email"].lower())
        row = _row(cells, languages, problems)
        if row is not None:
            rows.append(row)
    problems += _problems_between(rows, emails)
    if not rows and not problems:
        problems.append("The file has a header and no people.")
    if problems:
        raise RosterError(sorted(problems, key=_line_of))
    return rows


def _cells(text: str, problems: list[str]) -> Iterator[dict[str, str]]:
    """The cells of each row that isn't empty, by column; `line` is where it stands."""
    text = text.lstrip("\ufeff\r\n")
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        reader.fieldnames = [_column(name) for name in reader.fieldnames or ()]
        missing = [column for column in REQUIRED if column not in reader.fieldnames]
        if missing:
            problems.append(
                f"Line 1: missing {', '.join(missing)}. The columns are: {', '.join(REQUIRED)}."
            )
            return
        for row in reader:
            extra = "yes" if row.pop(None, None) else ""
            cells = {name: (value or "").strip() for name, value in row.items()}
            if extra or any(cells.values()):
                yield (
                    dict.fromkeys(OPTIONAL, "")
                    | cells
                    | {
                        "line": str(reader.line_num),
                        "extra": extra,
                    }
                )
    except csv.Error as error:
        problems.append(f"Line {reader.line_num}: isn't CSV ({error}); check the quotes.")


def _delimiter(text: str) -> str:
    """Spreadsheets in many languages save CSV with semicolons."""
    header = text.partition("\n")[0]
    return ";" if header.count(";") > header.count(",") else ","


def _column(name: str) -> str:
    return name.strip().lower().replace("_", " ")


def _row(
    value: Mapping[str, str], languages: Collection[str], problems: list[str]
) -> RosterRow | None:
    line = int(value["line"])
    team = tuple(part.strip() for part in value["team"].split("/"))
    region = NATIONS.get(value["region"].lower(), value["region"].upper())
    days = _working_days(value["working days"])
    language = value["language"].lower()
    roles = frozenset(value["roles"].lower().replace(",", " ").replace(";", " ").split())
    checks = (
        ("extra", not value["extra"], "has more cells than the header; quote cells with commas"),
        ("name", 0 < len(value["name"]) <= LONGEST, f"needs a name of up to {LONGEST} characters"),
        ("email", EMAIL.fullmatch(value["email"]), f"'{value['email']}' isn't an email address"),
        ("team", all(team), "needs a team, such as 'Services / Housing advice'"),
        (
            "manager",
            not value["manager"] or EMAIL.fullmatch(value["manager"]),
            f"manager '{value['manager']}' isn't an email address; leave it empty at the top",
        ),
        (
            "zone",
            known_zone(value["zone"]),
            f"'{value['zone']}' isn't a time zone; write it like Europe/London",
        ),
        (
            "region",
            region and known_region(region),
            f"region '{value['region']}' isn't known; write England, GB-ENG or IE",
        ),
        (
            "days",
            days,
            f"working days '{value['working days']}' aren't days; write mon-fri or mon tue",
        ),
        (
            "language",
            not language or language in languages,
            f"there are no prompts in '{value['language']}'; use one of: {', '.join(languages)}",
        ),
        ("channel", len(value["channel"]) <= LONGEST, f"channel needs up to {LONGEST} characters"),
        ("roles", roles <= ROLES, f"roles are {', '.join(sorted(ROLES))} or nothing"),
    )
    wrong = [reason for _, is_right, reason in checks if not is_right]
    problems += [f"Line {line}: {reason}." for reason in wrong]
    if wrong:
        return None
    return RosterRow(
        line=line,
        name=value["name"],
        email=value["email"].lower(),
        team=team,
        manager=value["manager"].lower(),
        zone=value["zone"],
        region=region,
        working_days=days,
        language=language,
        roles=roles,
        channel=value["channel"],
    )


def _working_days(text: str) -> frozenset[int]:
    """`mon-fri`, `mon tue thu` or `mon-wed fri` as weekday numbers; empty if it can't be read."""
    numbers: set[int] = set()
    for word in text.lower().replace(",", " ").replace(";", " ").split():
        ends = [name[:3] for name in word.split("-")]
        if len(ends) > 2 or not WEEKDAYS.issuperset(ends):  # noqa: PLR2004 - from-to
            return frozenset()
        first, last = Weekday(ends[0]).number, Weekday(ends[-1]).number
        if last < first:
            return frozenset()
        numbers.update(range(first, last + 1))
    return frozenset(numbers)


def _problems_between(rows: Iterable[RosterRow], emails: Collection[str]) -> list[str]:
    """Problems that show only when rows are held against each other.

    `emails` are those of all rows: who is on a bad row is a person in the file all the same.
    """
    problems: list[str] = []
    by_email: dict[str, RosterRow] = {}
    for row in rows:
        first = by_email.setdefault(row.email, row)
        if first is not row:
            problems.append(f"Line {row.line}: {row.email} is on line {first.line} already.")
    for row in by_email.values():
        if row.manager and row.manager not in emails:
            problems.append(f"Line {row.line}: manager {row.manager} isn't a person in this file.")
        elif _is_own_manager(row, by_email):
            problems.append(f"Line {row.line}: {row.email} ends up as their own manager.")
    return problems + _problems_of_channels(rows)


def _problems_of_channels(rows: Iterable[RosterRow]) -> list[str]:
    """A team has one channel: the rows of a team that name one all name the same."""
    named: dict[tuple[str, ...], RosterRow] = {}
    problems: list[str] = []
    for row in (row for row in rows if row.channel):
        first = named.setdefault(row.team, row)
        if plain_name(first.channel) != plain_name(row.channel):
            problems.append(
                f"Line {row.line}: {' / '.join(row.team)} has the channel {first.channel} "
                f"on line {first.line}, and {row.channel} here."
            )
    return problems


def _is_own_manager(row: RosterRow, by_email: Mapping[str, RosterRow]) -> bool:
    seen: set[str] = set()
    email = row.manager
    while email in by_email and email not in seen:
        if email == row.email:
            return True
        seen.add(email)
        email = by_email[email].manager
    return False


def _line_of(problem: str) -> int:
    number = re.match(r"Line (\d+)", problem)
    return int(number[1]) if number else 0
