"""Connecting people and teams with their accounts and channels in one workspace.

Everything here is done in a transaction that holds Lock.PLANNING.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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
from bot.store import accounts, claims, people
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
    silent = {member.external_id for member in members if not member.email}
    theirs_to_say = await _claim(session, workspace_id, found, before, silent)
    for person_id, member in found.items():
        if person_id in theirs_to_say:
            continue
        there[person_id] = _said(
            core, there.get(person_id), active[person_id], member, workspace_id
        )
    session.add_all(there.values())
    await session.flush()
    return Connected(len(there), len(lost) - len(kept), problems)


async def _claim(
    session: Session,
    workspace_id: str,
    found: Mapping[str, Member],
    before: Sequence[Account],
    silent: Collection[str],
) -> set[str]:
    """Whoever is new here and has an account on another platform is asked whether this is theirs.

    Of `silent` accounts the address isn't known now: they stay whose they may be. Returns who is
    asked anew.
    """
    newcomers = found.keys() - {each.person_id for each in before}
    elsewhere = await claims.on_other_platforms(session, workspace_id, newcomers)
    whose = {found[person_id].external_id: person_id for person_id in elsewhere}
    waiting = await claims.waiting(session, workspace_id)
    kept = {each: waiting[each] for each in waiting.keys() & silent}
    await claims.replace(session, workspace_id, kept | whose)
    return elsewhere


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


async def is_connected(core: Core, session: Session, workspace_id: str, member: Member) -> bool:
    """Whether `connect_member` would change nothing: most of what a profile says isn't kept."""
    person = await _who(session, workspace_id, member)
    if person is None:
        return True
    of_either = await accounts.accounts_of_either(
        session, workspace_id, member.external_id, person.id
    )
    if await _is_theirs_to_say(session, workspace_id, person, of_either):
        return await claims.is_there(session, workspace_id, member.external_id)
    described = (own_zone(member.zone, person.zone), _language(core, member, person))
    return described == (person.zone, person.language) and [
        (each.person_id, each.external_id, each.zone, each.language) for each in of_either
    ] == [(person.id, member.external_id, member.zone, member.language)]


async def connect_member(
    core: Core, session: Session, workspace_id: str, member: Member
) -> Person | None:
    """Connect one member with whoever they are on the roster, if they are on it."""
    person = await _who(session, workspace_id, member)
    if person is None:
        return None
    before = await accounts.accounts_of_either(session, workspace_id, member.external_id, person.id)
    if await _is_theirs_to_say(session, workspace_id, person, before):
        await claims.put(session, workspace_id, member.external_id, person.id)
        return None
    own = [
        each
        for each in before
        if (each.person_id, each.external_id) == (person.id, member.external_id)
    ]
    await accounts.remove(session, [each for each in before if each not in own])
    session.add(_said(core, own[0] if own else None, person, member, workspace_id))
    await session.flush()
    return person


async def _is_theirs_to_say(
    session: Session, workspace_id: str, person: Person, of_either: Sequence[Account]
) -> bool:
    """Whether somebody has no account here yet, and one on another platform."""
    if any(each.person_id == person.id for each in of_either):
        return False
    return bool(await claims.on_other_platforms(session, workspace_id, {person.id}))


async def _who(session: Session, workspace_id: str, member: Member) -> Person | None:
    """Who a member is. An address that stands for another account here is claimed by two.

    Then the member stays who they were: which of the two has the address now, the next sync sees.
    """
    known = await accounts.owner(session, workspace_id, member.external_id)
    named = await accounts.person_by_email(session, member.email.lower())
    if named is not None and named is not known:
        others = await accounts.accounts_of_either(
            session, workspace_id, member.external_id, named.id
        )
        if any(each.person_id == named.id for each in others):
            named = None
    return named or known


def _said(
    core: Core, account: Account | None, person: Person, member: Member, workspace_id: str
) -> Account:
    """The account with what the platform says of its person, who is described by it too."""
    account = account or Account(
        person_id=person.id, workspace_id=workspace_id, external_id=member.external_id
    )
    account.zone, account.language = member.zone, member.language
    person.zone = own_zone(member.zone, person.zone)
    person.language = _language(core, member, person)
    return account


def _language(core: Core, member: Member, person: Person) -> str:
    """What a roster said of somebody holds; without it, what the platform says."""
    if person.language_given:
        return person.language
    return own_language(member.language, core.library.languages, person.language)


async def connect_teams(
    session: Session, workspace_id: str, channels: Iterable[MemberGroup]
) -> tuple[str, ...]:
    """Give the teams the channels that the roster names. Returns what is wrong."""
    peopled = set((await people.team_of(session)).values())
    teams = {team.id: team for team in await people.teams(session) if team.id in peopled}
    wanted = {team.id: team.channel for team in teams.values() if team.channel}
    before = await accounts.channels_at(session, workspace_id)
    had = {each.team_id: each.external_id for each in before}
    found, missing = places(wanted, list(channels), had)
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
