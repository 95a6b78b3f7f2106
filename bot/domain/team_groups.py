"""Teams from what a platform has together: user groups, or channels that the bot was invited to.

A group is a team; its name may be a path, such as `Adult Care / Home Care North`. Who leads it is
the one member of the user group `<name> leads`, or `<name>-leads`. Nobody is put into a group whose
lead isn't known: whoever manages somebody must not be counted together with them. Who is on the
roster in such a team already stays there: see `bot.domain.kept_rows`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.blocks import managers_above
from bot.domain.membership import MemberGroup

LEADS = "-leads"
CHANNEL_PREFIX = "team-"


@dataclass(frozen=True, slots=True)
class Team:
    """A group as a team.

    keys   the names that its leads' group may begin with
    named  the external ids of all who are in its leads' group
    lead   the one of them who leads it; "" if that isn't one person whom a roster can know
    """

    name: str
    path: tuple[str, ...]
    people: frozenset[str]
    channel_id: str
    keys: frozenset[str]
    named: frozenset[str] = frozenset()
    lead: str = ""

    def is_at(self, path: Sequence[str]) -> bool:
        """Whether this is the team that a roster has at a path, however that is written."""
        return key("/".join(path)) in self.keys

    def is_above(self, other: Team) -> bool:
        depth = len(self.path)
        return depth < len(other.path) and other.path[:depth] == self.path


def teams_of_groups(groups: Iterable[MemberGroup]) -> list[Team]:
    """The user groups that are teams, by name."""
    return _sorted(
        _team(group, group.name) for group in groups if not key(group.name).endswith(LEADS)
    )


def teams_of_channels(channels: Iterable[MemberGroup]) -> list[Team]:
    """The channels, by name. `team-` at the beginning isn't part of the team's name."""
    found = []
    for channel in channels:
        name = channel.name.strip().removeprefix("#")
        found.append(_team(channel, name.removeprefix(CHANNEL_PREFIX) or name, name))
    return _sorted(found)


def _team(group: MemberGroup, name: str, *other_names: str) -> Team:
    path = tuple(part.strip() for part in name.split("/") if part.strip())
    return Team(
        name=name,
        path=path or (name,),
        people=group.member_ids,
        channel_id=group.channel_id,
        keys=frozenset(key(each) for each in (name, *other_names)),
    )


def _sorted(teams: Iterable[Team]) -> list[Team]:
    return sorted(teams, key=lambda team: (team.name.casefold(), team.name))


def key(name: str) -> str:
    """A name as it is compared: `Home Care / North leads` is `home-care-north-leads`."""
    return "-".join(re.findall(r"[^\W_]+", name.casefold()))


# --- who leads -----------------------------------------------------------------------------


def with_leads(
    teams: Sequence[Team],
    groups: Iterable[MemberGroup],
    everybody: Collection[str],
    usable: Collection[str],
) -> tuple[list[Team], list[str]]:
    """The teams with their leads, and the leads' groups that are nobody's.

    everybody  the members of the workspace; whoever else is in a group isn't looked at
    usable     those of them whom a roster can know
    """
    leads = {
        key(group.name).removesuffix(LEADS): group
        for group in groups
        if key(group.name).endswith(LEADS)
    }
    problems = [
        f"There is a user group '{group.name}', and no team that it would be the leads of."
        for name, group in sorted(leads.items())
        if not any(name in team.keys for team in teams)
    ]
    return [_with_lead(team, leads, everybody, usable) for team in teams], problems


def _with_lead(
    team: Team,
    leads: Mapping[str, MemberGroup],
    everybody: Collection[str],
    usable: Collection[str],
) -> Team:
    found = [leads[name].member_ids for name in team.keys if name in leads]
    named = frozenset[str]().union(*found).intersection(everybody)
    is_led = len(named) == 1 and named.issubset(usable)
    return replace(team, named=named, lead=next(iter(named)) if is_led else "")


def without_lead(
    teams: Iterable[Team], usable: Collection[str], home_of: Mapping[str, Team]
) -> list[str]:
    """A sentence for each group that would be a team if it had a lead.

    One whose people are all in a team with a lead isn't meant as one: a choir, say.
    """
    return [
        f"'{team.name}' is led by {_how_many(team.named)}, so its people stay as they are, and who "
        f"is new there is left out. Put exactly one person into a user group '{team.name} leads'."
        for team in teams
        if not team.lead and any(each in usable and each not in home_of for each in team.people)
    ]


def _how_many(named: Collection[str]) -> str:
    known = {0: "nobody", 1: "somebody without an email address of their own"}
    return known.get(len(named), f"{len(named)} people")


# --- who is where --------------------------------------------------------------------------


def homes(led: Sequence[Team], people: Iterable[str]) -> dict[str, Team]:
    """Person → the team that they belong to, of those that have a lead; or no entry.

    Whoever is in several teams belongs to the first by name, not to one that holds another of
    theirs. A lead who is in the team that they lead belongs there, as one who is in no team does.
    """
    inside: dict[str, list[Team]] = {}
    leading: dict[str, list[Team]] = {}
    for team in led:
        for person in team.people:
            inside.setdefault(person, []).append(team)
        leading.setdefault(team.lead, []).append(team)
    found = {person: _home(inside.get(person, []), leading.get(person, [])) for person in people}
    return {person: team for person, team in found.items() if team is not None}


def _home(inside: Sequence[Team], leading: Sequence[Team]) -> Team | None:
    innermost = [team for team in inside if not any(team.is_above(other) for other in inside)]
    own = [team for team in innermost if team in leading]
    return next(iter([*own, *innermost, *leading]), None)


def managers(led: Sequence[Team], home_of: Mapping[str, Team]) -> dict[str, str | None]:
    """Person → the lead of their team. A lead's is the lead of the nearest team above, if any.

    A lead who belongs to somebody else's team has that one's lead. Neither where the two would end
    up above each other: whoever leads in one branch may be led in another one.
    """
    leading = {team.lead: team for team in reversed(led)}
    found = {person: None if person in leading else home.lead for person, home in home_of.items()}
    leads = sorted(home_of.keys() & leading.keys())
    for person in leads:
        home = home_of[person]
        own = home if home.lead == person else leading[person]
        found[person] = _unless_circle(person, _lead_above(own, led), found)
    for person in leads:
        home = home_of[person]
        if found[person] is None and home.lead != person:
            found[person] = _unless_circle(person, home.lead, found)
    return found


def _unless_circle(
    person: str, lead: str | None, manager_of: Mapping[str, str | None]
) -> str | None:
    return None if lead and person in managers_above(lead, manager_of) else lead


def _lead_above(team: Team, led: Sequence[Team]) -> str | None:
    above = [other for other in led if other.is_above(team) and other.lead != team.lead]
    return max(above, key=lambda other: len(other.path)).lead if above else None
