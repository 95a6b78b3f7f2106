"""Blocks: one fixed partition of the teams, so that each person is counted in at most one place.

And who isn't counted: whoever line-manages anybody in a block would be told apart from the rest of
it, and reads its summary.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TeamNode:
    """A team in the tree of teams, departments and the organisation. The top has no parent."""

    id: str
    name: str
    parent_id: str | None


def partition(
    teams: Sequence[TeamNode],
    peopled: Collection[str],
    headcount: Callable[[Collection[str]], int],
    smallest: int,
) -> tuple[frozenset[str], ...]:
    """The blocks, as sets of team ids; each team that directly holds people is in exactly one.

    peopled    the teams that directly hold people
    headcount  how many may be counted in some teams taken together

    Small teams merge with their siblings, by name and then id; people directly in an inner team
    count as one more child of it. What is left over joins the smallest block that merging made,
    else the smallest sibling. A small team without siblings stays alone, and will rest: a manager
    of one department has no business with the summary of another.
    """
    inner = {team.parent_id for team in teams}
    families: dict[str | None, list[str]] = {}
    for team in sorted(teams, key=lambda team: (team.name, team.id)):
        if team.id in peopled:
            families.setdefault(team.id if team.id in inner else team.parent_id, []).append(team.id)
    return tuple(
        frozenset(block)
        for family in families.values()
        for block in _merge(family, headcount, smallest)
    )


def _merge(
    siblings: Sequence[str], headcount: Callable[[Collection[str]], int], smallest: int
) -> list[list[str]]:
    """Blocks of siblings, in their order: the large ones alone, the small ones together."""
    large = [[team] for team in siblings if headcount([team]) >= smallest]
    merged: list[list[str]] = []
    waiting: list[str] = []
    for team in siblings:
        if [team] not in large:
            waiting.append(team)
            if headcount(waiting) >= smallest:
                merged.append(waiting)
                waiting = []
    home = min(merged or large, key=headcount, default=None)
    if waiting and home is None:
        merged.append(waiting)
    elif waiting and home is not None:
        home.extend(waiting)
    return [*large, *merged]


def managers_above(person_id: str, manager_of: Mapping[str, str | None]) -> tuple[str, ...]:
    """Everybody who line-manages a person: the direct manager first. A circle ends the walk."""
    above: dict[str, None] = {}  # in order, and quick to look into
    manager = manager_of.get(person_id)
    while manager is not None and manager != person_id and manager not in above:
        above[manager] = None
        manager = manager_of.get(manager)
    return tuple(above)


def leaders(members: Iterable[str], manager_of: Mapping[str, str | None]) -> frozenset[str]:
    """Whoever line-manages any of these people, directly or above; they may be members too."""
    return frozenset(
        manager for member in members for manager in managers_above(member, manager_of)
    )


def countable(members: Iterable[str], manager_of: Mapping[str, str | None]) -> frozenset[str]:
    """The members of a block who may be counted in it: all but those who lead anybody in it."""
    everybody = frozenset(members)
    return everybody - leaders(everybody, manager_of)


def counted_before(
    rosters: Mapping[str, frozenset[str]], released: Sequence[frozenset[str]]
) -> dict[str, frozenset[str]]:
    """Block → everybody of it who is in a set of the ledger that is wholly within it; or no entry.

    It goes by people, not by a block's id: a team that was renamed, or two that were merged, are
    counted as they were before, and only joiners wait. A union of whole sets never splits an atom.
    It takes time in proportion to the sizes of all sets together.
    """
    sets_of: dict[str, list[int]] = {}
    for number, people in enumerate(released):
        for person in people:
            sets_of.setdefault(person, []).append(number)
    found: dict[str, frozenset[str]] = {}
    for block, roster in rosters.items():
        inside = Counter(number for person in roster for number in sets_of.get(person, ()))
        whole = [
            released[number] for number, size in inside.items() if size == len(released[number])
        ]
        if whole:
            found[block] = frozenset().union(*whole)
    return found
