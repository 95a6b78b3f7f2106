"""Who stays on a derived roster as they are, although no group says that they belong there now.

That a team has no lead today, or no group any more, is nobody's decision to take its people off the
roster: they stay, under the manager whom they have, until somebody decides. A manager who has left
the workspace stays with them: without one, who led the team would be forgotten, and somebody who
is to be counted with it could be its lead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from bot.domain.blocks import managers_above
from bot.domain.membership import listed
from bot.domain.roster import RosterRow
from bot.domain.team_groups import Team

Managers = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody as the roster has them, or had them before they left it."""

    row: RosterRow
    is_active: bool = True


def waits_for_a_lead(external_id: str, row: RosterRow, teams: Sequence[Team]) -> bool:
    """Whether the team that somebody has on the roster still holds them, and has no lead now."""
    return any(
        not team.lead and external_id in team.people and team.is_at(row.team) for team in teams
    )


def kept_rows(
    known: Mapping[str, Known],
    derived: Sequence[RosterRow],
    teams: Sequence[Team],
    ids: Mapping[str, str],
    here: Collection[str],
) -> tuple[list[RosterRow], list[str]]:
    """The rows to add to those that the groups make, and a sentence for what is to be mended.

    known  email → what the roster has
    ids    email → external id, of those members whom a roster can know
    here   the addresses of all members of the workspace
    """
    made = {row.email: row for row in derived}
    emails = {external_id: email for email, external_id in ids.items()}
    others = {
        email: _under_its_lead(each.row, teams, emails)
        for email, each in known.items()
        if each.is_active and email not in made
    }
    staying = _with_managers(
        {
            email: row
            for email, row in others.items()
            if email in here and not _went(ids.get(email), row, teams)
        },
        others,
    )
    manager_of = _managers(made, staying)
    for team in teams:
        if not team.lead:
            _put_above(
                sorted(emails[each] for each in team.named if each in emails),
                {email for email, row in staying.items() if team.is_at(row.team)},
                manager_of,
            )
    rows = [
        replace(row, line=len(made) + number, manager=manager_of[email] or "")
        for number, (email, row) in enumerate(sorted(staying.items()), start=1)
    ]
    return rows, _problems(rows, teams, here)


def _under_its_lead(row: RosterRow, teams: Sequence[Team], emails: Mapping[str, str]) -> RosterRow:
    """The row of somebody whose team has a lead is under that one, whoever it was before."""
    leads = (emails[team.lead] for team in teams if team.lead and team.is_at(row.team))
    lead = next(leads, row.email)
    return row if lead == row.email else replace(row, manager=lead)


def _went(external_id: str | None, row: RosterRow, teams: Sequence[Team]) -> bool:
    """Whether somebody was taken out of all groups while their team goes on: a decision."""
    if external_id is None or any(external_id in team.people for team in teams):
        return False
    return any(team.lead and team.is_at(row.team) for team in teams)


def _with_managers(
    staying: Mapping[str, RosterRow], others: Mapping[str, RosterRow]
) -> dict[str, RosterRow]:
    """Those who stay, and whoever of the others is above them."""
    found = dict(staying)
    waiting = list(staying.values())
    while waiting:
        manager = waiting.pop().manager
        if manager in others and manager not in found:
            found[manager] = others[manager]
            waiting.append(others[manager])
    return found


def _managers(made: Mapping[str, RosterRow], staying: Mapping[str, RosterRow]) -> Managers:
    """Email → manager, without circles: what the groups say goes before what the roster said."""
    found: Managers = {email: row.manager or None for email, row in made.items()}
    for email, row in sorted(staying.items()):
        is_circle = email in managers_above(row.manager, found)
        found[email] = None if is_circle else row.manager or None
    return found


def _put_above(leads: Sequence[str], inside: AbstractSet[str], manager_of: Managers) -> None:
    """Have each of several leads, if they are in the team, above everybody else in it.

    Which of them leads it isn't known, so none may be counted with it.
    """
    for lead in leads:
        if lead not in inside:
            continue
        while (above := manager_of[lead]) is not None and above in inside:
            manager_of[lead] = manager_of[above]
        for person in sorted(inside - {lead}):
            if manager_of[person] not in inside and person not in managers_above(lead, manager_of):
                manager_of[person] = lead


def _problems(rows: Sequence[RosterRow], teams: Sequence[Team], here: Collection[str]) -> list[str]:
    problems = []
    paths = {row.team for row in rows if not any(team.is_at(row.team) for team in teams)}
    if paths:
        problems.append(
            f"No group any more for {listed(sorted(map(' / '.join, paths)))}: whoever is in no "
            "other team stays there. Give them one, or import a roster file without them."
        )
    gone = [row for row in rows if row.email not in here]
    problems += [
        f"{row.name} has left the workspace, and stays on the roster as somebody's manager in "
        f"'{' / '.join(row.team)}' until another person is put into the user group of its leads."
        for row in gone
    ]
    return problems
