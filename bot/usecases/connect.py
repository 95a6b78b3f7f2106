"""Connecting people and teams with their accounts and channels in one workspace.

Everything here is done in a transaction that holds Lock.PLANNING.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.membership import (
    Member,
    MemberGroup,
    connections,
    own_language,
    own_zone,
    places,
    too_many,
)
from bot.store import accounts, people
from bot.store.database import Session
from bot.store.tables import Account, Channel, Person
from bot.usecases.core import Core


@dataclass(frozen=True, slots=True)
class Connected:
    """How many people have an account there now, how many lost theirs, and what is wrong."""

    connected: int
    disconnected: int
    problems: tuple[str, ...] = ()


async def connect_people(
    core: Core, session: Session, workspace_id: str, members: Sequence[Member]
) -> Connected:
    """Make the accounts of a workspace equal to its members who are on the roster."""
    active = {person.id: person for person in await people.active_people(session)}
    before = await accounts.accounts_at(session, workspace_id)
    found = connections(
        members,
        {person.email: person.id for person in active.values()},
        {each.external_id: each.person_id for each in before if each.person_id in active},
    )
    lost = [each for each in before if each.person_id in active and each.person_id not in found]
    kept, problems = _kept(lost, before, active, found)
    gone = [each for each in before if each.external_id not in kept and not _stays(each, found)]
    await accounts.remove(session, gone)
    removed = {each.external_id for each in gone}
    there = {each.person_id: each for each in before if each.external_id not in removed}
    for person_id, member in found.items():
        there[person_id] = _said(
            core, there.get(person_id), active[person_id], member, workspace_id
        )
    session.add_all(there.values())
    await session.flush()
    return Connected(len(there), len(lost) - len(kept), problems)


def _stays(account: Account, found: Mapping[str, Member]) -> bool:
    member = found.get(account.person_id)
    return member is not None and member.external_id == account.external_id


def _kept(
    lost: Sequence[Account],
    before: Sequence[Account],
    active: Mapping[str, Person],
    found: Mapping[str, Member],
) -> tuple[set[str], tuple[str, ...]]:
    """The accounts that are kept although nobody is there by them: too many would go at once."""
    had = sum(each.person_id in active for each in before)
    if not too_many(len(lost), had):
        return set(), ()
    taken = {member.external_id for member in found.values()}
    problem = (
        f"{len(lost)} of {had} people would lose their account at once, so all keep it. "
        "If they have left, take them out of the roster."
    )
    return {each.external_id for each in lost} - taken, (problem,)


async def connect_member(
    core: Core, session: Session, workspace_id: str, member: Member
) -> Person | None:
    """Connect one member with whoever they are on the roster, if they are on it."""
    by_email = await accounts.person_by_email(session, member.email.lower())
    known = await accounts.person_at(session, workspace_id, member.external_id)
    person = by_email or (await people.person(session, known) if known else None)
    if person is None:
        return None
    before = await accounts.accounts_of_either(session, workspace_id, member.external_id, person.id)
    own = [
        each
        for each in before
        if (each.person_id, each.external_id) == (person.id, member.external_id)
    ]
    await accounts.remove(session, [each for each in before if each not in own])
    session.add(_said(core, own[0] if own else None, person, member, workspace_id))
    await session.flush()
    return person


def _said(
    core: Core, account: Account | None, person: Person, member: Member, workspace_id: str
) -> Account:
    """The account with what the platform says of its person, who is described by it too."""
    account = account or Account(
        person_id=person.id, workspace_id=workspace_id, external_id=member.external_id
    )
    account.zone, account.language = member.zone, member.language
    person.zone = own_zone(member.zone, person.zone)
    if not person.language_given:
        person.language = own_language(member.language, core.library.languages, person.language)
    return account


async def connect_teams(
    session: Session, workspace_id: str, channels: Iterable[MemberGroup]
) -> tuple[str, ...]:
    """Give the teams the channels that the roster names. Returns what is wrong."""
    peopled = set((await people.team_of(session)).values())
    teams = {team.id: team for team in await people.teams(session) if team.id in peopled}
    wanted = {team.id: team.channel for team in teams.values() if team.channel}
    found, missing = places(wanted, list(channels))
    before = await accounts.channels_at(session, workspace_id)
    there = {each.team_id for each in before if found.get(each.team_id) == each.external_id}
    await accounts.remove(session, [each for each in before if each.team_id not in there])
    session.add_all(
        Channel(team_id=team_id, workspace_id=workspace_id, external_id=external_id)
        for team_id, external_id in found.items()
        if team_id not in there
    )
    await session.flush()
    return tuple(
        sorted(
            f"{teams[team_id].path}: I'm not in the channel {wanted[team_id]}. "
            "Invite me there, or mend its name."
            for team_id in missing
        )
    )


async def names_channels(core: Core) -> bool:
    """Whether the roster names any team's channel."""
    async with core.database.reading() as session:
        return any(team.channel for team in await people.teams(session))
