"""The roster itself from a workspace's members and teams, where settings say so.

In a transaction that holds Lock.PLANNING.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.derived_roster import derive
from bot.domain.kept_rows import Known
from bot.domain.membership import Member, MemberGroup, too_many
from bot.domain.roster import EMAIL, RosterRow
from bot.domain.team_groups import Team
from bot.store import accounts, people, tables, workspaces
from bot.store.database import Session
from bot.store.tables import Person
from bot.usecases.core import Core
from bot.usecases.import_roster import Imported, import_rows


async def derive_roster(
    core: Core,
    session: Session,
    workspace_id: str,
    members: Sequence[Member],
    teams: Sequence[Team],
    groups: Sequence[MemberGroup],
    region: str,
) -> tuple[Imported | None, list[str]]:
    """Make the roster equal to what the platform's groups say.

    Returns what became of it, None if it stays as it is, and a sentence for each thing to mend.
    """
    if await workspaces.others(session, workspace_id):
        return None, ["Teams can come from one workspace only. With several, use a roster file."]
    members = await _follow(session, workspace_id, members)
    known = await _known(session)
    derived = derive(teams, groups, members, known, region)
    active = {email for email, each in known.items() if each.is_active}
    leaving = active - {row.email for row in derived.rows}
    if too_many(len(leaving), len(active)):
        too_many_leave = (
            f"{len(leaving)} of {len(active)} people would leave the roster at once, so it stays "
            "as it is. If that is right, import a roster file by hand."
        )
        return None, [*derived.problems, too_many_leave]
    if not derived.rows:
        return None, [*derived.problems, "There is no team with a lead, so there is no roster."]
    return await import_rows(core, session, derived.rows, ""), derived.problems


async def _follow(session: Session, workspace_id: str, members: Sequence[Member]) -> list[Member]:
    """Let accounts say who has a new address, and what they say of people's zone and language.

    Returns the members, those who show no address any more with the one they had.
    """
    everybody = {person.id: person for person in await people.all_people(session)}
    taken = {person.email for person in everybody.values()}
    claims = Counter(member.email.lower() for member in members)
    by_id = {member.external_id: member for member in members}
    for account in await accounts.accounts_at(session, workspace_id):
        member, person = by_id.get(account.external_id), everybody[account.person_id]
        if member is None:
            continue
        account.zone, account.language = member.zone, member.language
        email = member.email.lower()
        if not EMAIL.fullmatch(email):
            if not claims[person.email]:
                by_id[member.external_id] = replace(member, email=person.email)
        elif email not in taken and claims[email] == 1:
            person.email = email
            taken.add(email)
    await session.flush()
    return list(by_id.values())


async def _known(session: Session) -> Mapping[str, Known]:
    """Everybody who is on the roster or was, by their address."""
    everybody = await people.all_people(session)
    teams = {team.id: team for team in await people.teams(session)}
    emails = {person.id: person.email for person in everybody}
    return {
        person.email: Known(_row(person, teams[person.team_id], emails), person.is_active)
        for person in everybody
    }


def _row(person: Person, team: tables.Team, emails: Mapping[str, str]) -> RosterRow:
    return RosterRow(
        line=0,
        name=person.name,
        email=person.email,
        team=tuple(team.path.split(" / ")),
        manager=emails[person.manager_id] if person.manager_id else "",
        zone=person.zone,
        region=person.region,
        working_days=frozenset(map(int, person.working_days)),
        language=person.language if person.language_given else "",
        roles=frozenset(people.roles_of(person)),
        channel=team.channel,
    )
