"""Blocks: one fixed partition of the teams, so that each person is counted in at most one place.

And who isn't counted: whoever line-manages anybody in a block would be told apart from the rest of
it, and reads its summary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TeamNode:
    """A team in the tree of teams, departments and the organisation. The top has no parent."""

    id: str
    name: str
    parent_id: str | None


def partition(
    teams: Sequence[TeamNode], headcounts: Mapping[str, int], smallest: int = 9
) -> tuple[frozenset[str], ...]:
    """The blocks, as sets of team ids; each team that directly holds people is in exactly one.

    `headcounts` are the people directly in each team. Small teams merge with their siblings, by
    name and then id. People directly in an inner team count as one more child of it, and an inner
    team that is small with all below it merges with its own siblings. What is left over joins the
    smallest sibling block that merging made, else the smallest sibling block; with no sibling it
    stays alone, and will rest. Raises ValueError if the teams don't form a tree.
    """
    tree = _Tree(teams, headcounts, smallest)
    below_top = tree.place(None)
    blocks = [*below_top.blocks, *below_top.left_over]
    if sum(len(block.teams) for block in blocks) != sum(tree.heads(team) > 0 for team in teams):
        raise ValueError("the teams don't form a tree: some are above themselves")
    return tuple(block.teams for block in blocks)


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


@dataclass(frozen=True, slots=True)
class _Group:
    """Teams that stay together, sorted among others by `key`: name, then id."""

    key: tuple[str, str]
    heads: int
    teams: frozenset[str]
    is_merged: bool = False


@dataclass(frozen=True, slots=True)
class _Placed:
    """What has become of a part of the tree: its blocks, or one small group for its parent."""

    blocks: list[_Group] = field(default_factory=list)
    left_over: list[_Group] = field(default_factory=list)


class _Tree:
    def __init__(
        self, teams: Sequence[TeamNode], headcounts: Mapping[str, int], smallest: int
    ) -> None:
        self._headcounts = headcounts
        self._smallest = smallest
        self._by_id = {team.id: team for team in teams}
        self._children: dict[str | None, list[TeamNode]] = {}
        for team in sorted(teams, key=lambda team: (team.name, team.id)):
            parent = team.parent_id if team.parent_id in self._by_id else None
            self._children.setdefault(parent, []).append(team)

    def heads(self, team: TeamNode) -> int:
        return self._headcounts.get(team.id, 0)

    def place(self, team: TeamNode | None) -> _Placed:
        """Place all people in and below a team; None is the top of the tree."""
        placed = [self.place(child) for child in self._children.get(team.id if team else None, ())]
        blocks = [block for part in placed for block in part.blocks]
        small = [group for part in placed for group in part.left_over]
        if team is not None and self.heads(team) > 0:
            own = _Group((team.name, team.id), self.heads(team), frozenset({team.id}))
            (blocks if own.heads >= self._smallest else small).append(own)
        merged, left_over = self._merge(sorted(small, key=lambda group: group.key), team)
        blocks += merged
        if blocks and left_over:
            home = min(blocks, key=lambda block: (not block.is_merged, block.heads, block.key))
            blocks[blocks.index(home)] = _join([home, *left_over], home.key)
            left_over = []
        return _Placed(blocks, left_over)

    def _merge(
        self, small: list[_Group], team: TeamNode | None
    ) -> tuple[list[_Group], list[_Group]]:
        """Blocks of small groups, filled one after the other; and what doesn't fill one."""
        blocks: list[_Group] = []
        waiting: list[_Group] = []
        for group in small:
            waiting.append(group)
            if sum(waiter.heads for waiter in waiting) >= self._smallest:
                blocks.append(_join(waiting, waiting[0].key))
                waiting = []
        key = (team.name, team.id) if team else ("", "")
        return blocks, [_join(waiting, key)] if waiting else []


def _join(groups: list[_Group], key: tuple[str, str]) -> _Group:
    teams = frozenset().union(*(group.teams for group in groups))
    return _Group(key, sum(group.heads for group in groups), teams, is_merged=True)
