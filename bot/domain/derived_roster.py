"""The rows that a roster file would have, from a workspace's members and teams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.membership import Member, MemberGroup, own_language, own_zone, shared_emails
from bot.domain.roster import EMAIL, LONGEST, RosterRow
from bot.domain.team_groups import Team, homes, managers, with_leads

WEEKDAYS = frozenset(range(5))
ANY_ZONE, ANY_LANGUAGE = "Europe/London", "en"
# So many names are told in one problem; of the rest, how many they are.
MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What neither the platform nor a setting says, and whoever is on the roster keeps."""

    working_days: frozenset[int] = WEEKDAYS
    roles: frozenset[str] = frozenset()


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
    languages: Collection[str],
) -> Derived:
    """Everybody who is in a team, with their manager.

    teams   by name
    groups  the user groups, among which those of leads are
    known   email → what they keep
    """
    usable = {member.external_id: member for member in _usable(members)}
    teams, problems = with_leads(
        teams, groups, {member.external_id for member in members}, usable.keys()
    )
    home_of = homes(teams, sorted(usable))
    manager_of = managers(teams, home_of)
    usual_zone = _commonest(own_zone(member.zone, "") for member in members)
    rows: list[RosterRow] = []
    for external_id, home in sorted(home_of.items(), key=lambda item: (item[1].path, item[0])):
        member, manager = usable[external_id], manager_of[external_id]
        email = member.email.lower()
        about = known.get(email, Known())
        rows.append(
            RosterRow(
                line=len(rows) + 1,
                name=member.name.strip()[:LONGEST] or email.partition("@")[0],
                email=email,
                team=home.path,
                manager=usable[manager].email.lower() if manager else "",
                zone=own_zone(member.zone, usual_zone),
                region=region,
                working_days=about.working_days,
                language=own_language(member.language, languages, ANY_LANGUAGE),
                roles=about.roles,
                channel=home.channel_id,
            )
        )
    return Derived(rows, [*_problems_of_emails(members), *problems])


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


def listed(names: Sequence[str]) -> str:
    """Some names, and how many more there are."""
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
