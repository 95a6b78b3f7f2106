"""Which departments there are, and who belongs to one, leads it, or may check its comments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.domain.departments import ORGANISATION, department_of, in_common
from bot.errors import NotAllowed
from bot.ports import Texts, Who
from bot.store import people, rounds
from bot.store.database import Session
from bot.store.tables import Person
from bot.usecases.core import Core
from bot.usecases.people import acting_texts
from bot.usecases.team_tree import TeamTree, team_tree

# Stands for the whole organisation in the value of a button.
_ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Departments(TeamTree):
    """The departments of today. `of` is team → department."""

    of: dict[str, str | None]
    team_of: dict[str, str]

    def is_member(self, person: Person, department: str | None) -> bool:
        return person.team_id in self.within(department)

    def leads(self, person: Person, department: str | None, led: frozenset[str]) -> bool:
        """Whether somebody leads a whole department: of each of its teams, at least a part.

        `led` are the teams in which they line-manage anybody, directly or above.
        """
        teams = self.within(department)
        others = {
            team for member, team in self.team_of.items() if member != person.id and team in teams
        }
        return bool(others) and others <= led

    def may_read(self, person: Person, department: str | None, led: frozenset[str]) -> bool:
        """Whether somebody belongs to a department, or leads it."""
        return self.is_member(person, department) or self.leads(person, department, led)

    def may_check(self, department: str | None, led: frozenset[str]) -> bool:
        """Whether somebody with these teams leads nobody of a department."""
        return not self.within(department) & led


async def departments(session: Session) -> Departments:
    tree = await team_tree(session)
    team_of = await people.team_of(session)
    of = department_of(tree.parent_of, set(team_of.values()))
    return Departments(tree.parent_of, tree.names, of, team_of)


async def departments_of_blocks(
    session: Session, round_id: str, found: Departments
) -> dict[str, str | None]:
    """Block of a round → the department that all of its teams are in today."""
    teams: dict[str, list[str]] = {}
    for team_id, block_id in (await rounds.team_blocks(session, round_id)).items():
        teams.setdefault(block_id, []).append(team_id)
    return {block_id: in_common(inside, found.of) for block_id, inside in teams.items()}


async def acting_where_on(core: Core, session: Session, who: Who) -> tuple[Person, Texts]:
    """The person who acts, where comments are switched on. Raises NotAllowed where they aren't."""
    person, texts = await acting_texts(core, session, who)
    if not core.comments.is_on:
        raise NotAllowed(texts.say("comments.off"))
    return person, texts


def as_value(department: str | None) -> str:
    """A department in the value of a button."""
    return _ALL if department is ORGANISATION else department


def from_value(value: str) -> str | None:
    return ORGANISATION if value == _ALL else value
