"""The rows that a roster file would have, from a workspace's members and teams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.kept_rows import Known, kept_rows, waits_for_a_lead
from bot.domain.membership import Member, MemberGroup, listed, own_zone, shared_emails
from bot.domain.roster import EMAIL, LONGEST, RosterRow
from bot.domain.team_groups import Team, homes, managers, with_leads, without_lead

WEEKDAYS = frozenset(range(5))
ANY_ZONE = "Europe/London"


@dataclass(frozen=True, slots=True)
class Derived:
    """Rows, and a sentence for each thing that is wrong."""

    rows: list[RosterRow]
    problems: list[str]


def derive(
    teams: Sequence[Team],
    groups: Iterable[MemberGroup],
    members: Sequence[Member],
    known: Mapping[str, Known],
    region: str,
) -> Derived:
    """Everybody who is in a team with a lead, with their manager, and who stays as they were.

    teams   by name
    groups  the user groups, among which those of leads are
    known   email → what the roster has of them, also of those who left it
    region  of whoever is new; the others keep theirs, on which the places to turn depend
    """
    usable = {member.external_id: member for member in _usable(members)}
    ids = {member.email.lower(): member.external_id for member in usable.values()}
    teams, problems = with_leads(
        teams, groups, {member.external_id for member in members}, usable.keys()
    )
    waiting = {
        ids[email]
        for email, each in known.items()
        if email in ids and each.is_active and waits_for_a_lead(ids[email], each.row, teams)
    }
    led = [team for team in teams if team.lead]
    home_of = homes(led, sorted(usable.keys() - waiting))
    manager_of = managers(led, home_of)
    usual = RosterRow(
        line=0,
        name="",
        email="",
        team=(),
        manager="",
        zone=_commonest(own_zone(member.zone, "") for member in members),
        region=region,
        working_days=WEEKDAYS,
        language="",
    )
    rows: list[RosterRow] = []
    for external_id, home in sorted(home_of.items(), key=lambda item: (item[1].path, item[0])):
        member, manager = usable[external_id], manager_of[external_id]
        email = member.email.lower()
        about = known[email].row if email in known else usual
        rows.append(
            replace(
                about,
                line=len(rows) + 1,
                name=member.name.strip()[:LONGEST] or email.partition("@")[0],
                email=email,
                team=home.path,
                manager=usable[manager].email.lower() if manager else "",
                zone=own_zone(member.zone, about.zone),
                channel=home.channel_id,
            )
        )
    kept, more = kept_rows(known, rows, teams, ids, {member.email.lower() for member in members})
    return Derived(
        [*rows, *kept],
        [
            *_problems_of_emails(members),
            *problems,
            *without_lead(teams, usable, home_of),
            *more,
        ],
    )


def _usable(members: Sequence[Member]) -> list[Member]:
    """Those with an address of their own: by it a roster knows who somebody is."""
    shared = set(shared_emails(members))
    return [
        member
        for member in members
        if EMAIL.fullmatch(member.email) and member.email.lower() not in shared
    ]


def _commonest(zones: Iterable[str]) -> str:
    """The zone of whoever the platform says none of."""
    known = Counter(zone for zone in zones if zone)
    return min(known, key=lambda zone: (-known[zone], zone), default=ANY_ZONE)


def _problems_of_emails(members: Sequence[Member]) -> list[str]:
    problems = [
        f"Several members have the address {email}, so they are left out."
        for email in shared_emails(members)
    ]
    without = sorted(member.name for member in members if not EMAIL.fullmatch(member.email))
    if without:
        problems.append(f"Left out because no email address shows: {listed(without)}.")
    return problems
