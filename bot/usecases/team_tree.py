"""The tree of teams as it is today."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.departments import ORGANISATION, within
from bot.store import people
from bot.store.database import Session


@dataclass(frozen=True, slots=True)
class TeamTree:
    """Each team's parent, and the names of teams and, under None, of the organisation."""

    parent_of: dict[str, str | None]
    names: dict[str | None, str]

    def within(self, department: str | None) -> frozenset[str]:
        return within(department, self.parent_of)


async def team_tree(session: Session) -> TeamTree:
    teams = await people.teams(session)
    organisation = await people.organisation(session)
    names: dict[str | None, str] = {team.id: team.name for team in teams}
    names[ORGANISATION] = organisation.name if organisation else ""
    return TeamTree({team.id: team.parent_id for team in teams}, names)
