"""Who is there, from a platform's directory: accounts for the roster, or the roster itself.

What a sync changes is one transaction, and a directory that fails, or answers with nobody, changes
nothing. Of whoever or whatever it can't read, all stays as it is known. It is read again soon then
(`bot.store.directory_syncs`).

Reading takes minutes in a large workspace. What a platform tells meanwhile (somebody joined, moved,
left) is newer, and stays: whoever's account isn't what it was when the reading began is taken as
the account says, by whichever process it was changed. Two things are left to the next sync: what
was told of somebody who had no account and got none, and a change that was taken back meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import structlog

from bot.domain.membership import Member, MemberGroup
from bot.domain.team_groups import Team, teams_of_channels, teams_of_groups
from bot.ports import Directory
from bot.store import accounts, claims, directory_syncs, people, workspaces
from bot.store.arrivals import reachable
from bot.store.database import Lock, Session, analyze, hold
from bot.store.tables import Account, Channel
from bot.usecases.arrivals import plan_for_arrivals
from bot.usecases.connect import (
    connect_member,
    connect_people,
    connect_teams,
    is_connected,
    names_channels,
)
from bot.usecases.core import Core
from bot.usecases.derive_roster import derive_roster
from bot.usecases.import_roster import Imported

log = structlog.get_logger(__name__)

TeamsFrom = Literal["roster", "usergroups", "channels"]
# External id → person, zone and language.
Accounts = Mapping[str, tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did.

    connected     people who have an account there now
    disconnected  people who had one until now
    unknown       members of the workspace who aren't on the roster
    problems      a sentence for each thing to mend; they may name people, so never log them
    imported      what became of the roster, where it comes from the platform
    """

    connected: int = 0
    disconnected: int = 0
    unknown: int = 0
    problems: tuple[str, ...] = ()
    imported: Imported | None = None


NOT_INSTALLED = Synced(problems=("The bot isn't installed in this workspace.",))
NOBODY = Synced(problems=("The directory answered with nobody, so nothing has changed.",))


@dataclass(frozen=True, slots=True)
class _Listing:
    """What a directory answered, and a sentence for each thing that it didn't."""

    members: Sequence[Member]
    groups: Sequence[MemberGroup]
    channels: Sequence[MemberGroup]
    unread: Sequence[str]


async def sync_directory(
    core: Core, workspace_id: str, directory: Directory, teams_from: TeamsFrom, region: str
) -> Synced:
    """Bring accounts, channels and, unless teams are from the roster, the roster up to date.

    Raises PlatformError if the directory can't be asked; then nothing has changed.
    """
    async with core.database.writing() as session:
        if not await workspaces.is_installed(session, workspace_id):
            return NOT_INSTALLED
        began = await directory_syncs.begin(session, workspace_id, core.clock.now())
        before = await _accounts(session, workspace_id)
    listing = await _ask(core, directory, teams_from)
    async with core.database.writing() as session:
        # Nothing is planned for half a roster, and two syncs come one after the other.
        await hold(session, Lock.PLANNING)
        if not await workspaces.is_installed(session, workspace_id):
            return NOT_INSTALLED
        if not listing.members:
            await directory_syncs.note(session, workspace_id, core.clock.now(), NOBODY.problems)
            return NOBODY
        members = await _as_told_since(session, workspace_id, listing.members, before)
        listing = replace(listing, members=members)
        could_be_reached = await reachable(session)
        synced = await _sync(core, session, workspace_id, listing, teams_from, region)
        if listing.unread:  # as if it had failed: it is read again soon
            await directory_syncs.note(session, workspace_id, core.clock.now(), synced.problems)
        else:
            await directory_syncs.end(
                session, workspace_id, began, core.clock.now(), synced.problems
            )
        await analyze(session, Account, Channel)
        await plan_for_arrivals(core, session, could_be_reached)
    log.info(
        "directory synced",
        workspace=workspace_id,
        connected=synced.connected,
        disconnected=synced.disconnected,
        unknown=synced.unknown,
        problems=len(synced.problems),
    )
    return synced


async def _ask(core: Core, directory: Directory, teams_from: TeamsFrom) -> _Listing:
    """Ask for what is needed and no more: each question is many requests in a large workspace."""
    members = await directory.members()
    groups = await directory.user_groups() if teams_from != "roster" else ()
    channels: Sequence[MemberGroup] = ()
    if (
        teams_from == "channels"
        or any(group.channel_id for group in groups)
        or await names_channels(core)
    ):
        channels = await directory.channels()
    return _Listing(members, groups, channels, directory.unread())


async def _accounts(session: Session, workspace_id: str) -> Accounts:
    return {
        each.external_id: (each.person_id, each.zone, each.language)
        for each in await accounts.accounts_at(session, workspace_id)
    }


async def _as_told_since(
    session: Session, workspace_id: str, members: Sequence[Member], before: Accounts
) -> list[Member]:
    """The members, but as their accounts say of those whose account has changed since `before`."""
    now = await _accounts(session, workspace_id)
    told = {each for each in before.keys() | now.keys() if before.get(each) != now.get(each)}
    newer = await people.active_people_by_id(session, {now[each][0] for each in told & now.keys()})
    found = [member for member in members if member.external_id not in told]
    for external_id in sorted(told & now.keys()):
        person_id, zone, language = now[external_id]
        if person_id in newer:
            person = newer[person_id]
            found.append(Member(external_id, person.name, person.email, zone, language))
    return found


async def _sync(
    core: Core,
    session: Session,
    workspace_id: str,
    listing: _Listing,
    teams_from: TeamsFrom,
    region: str,
) -> Synced:
    imported, problems = None, list(listing.unread)
    if not any(member.email for member in listing.members):
        problems.append("No email address shows in the directory: may the bot see them?")
    if teams_from != "roster":
        imported, more = await derive_roster(
            core,
            session,
            workspace_id,
            listing.members,
            _teams(listing, teams_from),
            listing.groups,
            region,
        )
        problems += more
    done = await connect_people(core, session, workspace_id, listing.members)
    problems += done.problems
    problems += await connect_teams(session, workspace_id, listing.channels)
    known = {account.external_id for account in await accounts.accounts_at(session, workspace_id)}
    known |= await claims.claimants(session, workspace_id)
    unknown = sum(member.external_id not in known for member in listing.members)
    return Synced(done.connected, done.disconnected, unknown, tuple(problems), imported)


def _teams(listing: _Listing, teams_from: TeamsFrom) -> list[Team]:
    if teams_from == "channels":
        return teams_of_channels(listing.channels)
    return teams_of_groups(listing.groups)


# --- what a platform tells meanwhile -------------------------------------------------------


async def member_changed(core: Core, workspace_id: str, member: Member) -> None:
    """Somebody joined, came back, moved, or changed what their profile says.

    Somebody who isn't on the roster gets no account; where the roster comes from the platform, the
    next sync takes them in. Most changes of a profile, such as of a status, are of what isn't kept:
    they wait for nothing.
    """
    async with core.database.reading() as session:
        if await is_connected(core, session, workspace_id, member):
            return
    async with core.database.writing() as session:
        await hold(session, Lock.PLANNING)
        if await workspaces.is_installed(session, workspace_id):
            who = await accounts.people_like(
                session, workspace_id, member.external_id, member.email.lower()
            )
            before = await reachable(session, who)
            await connect_member(core, session, workspace_id, member)
            await plan_for_arrivals(core, session, before, who)


async def member_left(core: Core, workspace_id: str, external_id: str) -> None:
    """Somebody was deactivated. They lose their account; whether they left, the roster says."""
    async with core.database.reading() as session:
        account = await accounts.account_at(session, workspace_id, external_id)
        if account is None and not await claims.is_there(session, workspace_id, external_id):
            return
    async with core.database.writing() as session:
        await hold(session, Lock.PLANNING)
        await accounts.remove_account(session, workspace_id, external_id)
        await claims.drop(session, workspace_id, external_id)


async def sync_channels(
    core: Core, workspace_id: str, channels: Sequence[MemberGroup]
) -> tuple[str, ...]:
    """Give the teams the channels that the roster names. Returns what is wrong."""
    async with core.database.writing() as session:
        await hold(session, Lock.PLANNING)
        if not await workspaces.is_installed(session, workspace_id):
            return ("The bot isn't installed there.",)
        return await connect_teams(session, workspace_id, channels)
