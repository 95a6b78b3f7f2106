"""Departments: the groups that comments are held for, one below the top of the tree of teams.

With several tops, such as councils under one roof, each of them is a department. What can't be put
into one department belongs to the whole organisation, which is None here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

ORGANISATION = None


def department_of(
    parent_of: Mapping[str, str | None], peopled: Collection[str]
) -> dict[str, str | None]:
    """Team → its department.

    parent_of  every team, also those that a re-organisation has left empty
    peopled    the teams that directly hold people today: only these say where the top is
    """
    chains = {team: _chain(team, parent_of) for team in parent_of}
    tops = {chains[team][0] for team in peopled if team in chains}
    depth = 0 if len(tops) > 1 else 1
    lively = {above for team in peopled if team in chains for above in chains[team]}
    found: dict[str, str | None] = {}
    for team, chain in chains.items():
        own = chain[depth] if len(chain) > depth else ORGANISATION
        found[team] = own if own in lively else ORGANISATION
    return found


def in_common(teams: Iterable[str], departments: Mapping[str, str | None]) -> str | None:
    """The department that all of these teams are in; the organisation if there is no such one."""
    found = {departments.get(team, ORGANISATION) for team in teams}
    return next(iter(found)) if len(found) == 1 else ORGANISATION


def _chain(team: str, parent_of: Mapping[str, str | None]) -> list[str]:
    """A team and all above it, the top first. A circle ends the walk."""
    chain = [team]
    while (above := parent_of.get(chain[-1])) is not None and above not in chain:
        chain.append(above)
    return chain[::-1]


def within(department: str | None, parent_of: Mapping[str, str | None]) -> frozenset[str]:
    """The teams of a department, itself included; of the organisation, all."""
    if department is ORGANISATION:
        return frozenset(parent_of)
    return frozenset(team for team in parent_of if department in _chain(team, parent_of))
