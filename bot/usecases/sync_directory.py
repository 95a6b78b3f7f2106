"""Who is there, from a platform's directory: accounts for the roster, or the roster itself.

All of a sync is one transaction, and a directory that fails, or answers with nobody, changes
nothing. What a platform tells meanwhile (somebody joined, moved, left) may come twice and in any
order: the next sync settles it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import structlog

from bot.domain.derived_roster import Derived, Known, derive
from bot.domain.membership import Member, MemberGroup, too_many
from bot.domain.roster import EMAIL
from bot.domain.team_groups import teams_of_channels, teams_of_groups
from bot.ports import Directory
from bot.store import accounts, people, workspaces
from bot.store.arrivals import reachable
from bot.store.database import Lock, Session, analyze, hold
from bot.store.tables import Account, Channel, Person
from bot.usecases.arrivals import plan_for_arrivals
from bot.usecases.connect import connect_member, connect_people, connect_teams, names_channels
from bot.usecases.core import Core
from bot.usecases.import_roster import Imported, import_rows

log = structlog.get_logger(__name__)

TeamsFrom = Literal["roster", "usergroups", "channels"]


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


@dataclass(frozen=True, slots=True)
class _Listing:
    """What a directory answered."""

    members: Sequence[Member]
    groups: Sequence[MemberGroup] = ()
    channels: Sequence[MemberGroup] = ()


async def sync_directory(
    core: Core, workspace_id: str, directory: Directory, teams_from: TeamsFrom, region: str
) -> Synced:
    """Bring accounts, channels and, unless teams are from the roster, the roster up to date.

    Raises PlatformError if the directory can't be asked; then nothing has changed.
    """
    listing = await _ask(core, directory, teams_from)
    if not listing.members:
        return Synced(problems=("The directory answered with nobody, so nothing has changed.",))
    async with core.database.writing() as session:
        # Nothing is planned for half a roster, and two syncs come one after the other.
        await hold(session, Lock.PLANNING)
        if not await workspaces.is_installed(session, workspace_id):
            return Synced(problems=("The bot isn't installed in this workspace.",))
        before = await reachable(session)
        synced = await _sync(core, session, workspace_id, listing, teams_from, region)
        await analyze(session, Account, Channel)
        await plan_for_arrivals(core, session, before)
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
    if (
        teams_from == "channels"
        or any(group.channel_id for group in groups)
        or await names_channels(core)
    ):
        return _Listing(members, groups, await directory.channels())
    return _Listing(members, groups)


async def _sync(
    core: Core,
    session: Session,
    workspace_id: str,
    listing: _Listing,
    teams_from: TeamsFrom,
    region: str,
) -> Synced:
    imported, problems = None, list[str]()
    if not any(member.email for member in listing.members):
        problems.append("No email address shows in the directory: may the bot see them?")
    if teams_from != "roster":
        imported, more = await _import(core, session, workspace_id, listing, teams_from, region)
        problems += more
    done = await connect_people(core, session, workspace_id, listing.members)
    problems += done.problems
    problems += await connect_teams(session, workspace_id, listing.channels)
    known = {account.external_id for account in await accounts.accounts_at(session, workspace_id)}
    unknown = sum(member.external_id not in known for member in listing.members)
    return Synced(done.connected, done.disconnected, unknown, tuple(problems), imported)


# --- a roster from the platform ------------------------------------------------------------


async def _import(
    core: Core,
    session: Session,
    workspace_id: str,
    listing: _Listing,
    teams_from: TeamsFrom,
    region: str,
) -> tuple[Imported | None, list[str]]:
    """Make the roster equal to what the platform's groups say. Returns what is wrong, too."""
    if await workspaces.others(session, workspace_id):
        return None, ["Teams can come from one workspace only. With several, use a roster file."]
    known = await _follow(session, workspace_id, listing.members)
    derived = _derived(core, listing, teams_from, known, region)
    leaving = known.keys() - {row.email for row in derived.rows}
    if too_many(len(leaving), len(known)):
        derived.problems.append(
            f"{len(leaving)} of {len(known)} people would leave the roster at once, so it stays as "
            "it is. If that is right, import a roster file by hand."
        )
        return None, derived.problems
    if not derived.rows:
        return None, [*derived.problems, "There is no team with a lead, so there is no roster."]
    return await import_rows(core, session, derived.rows, ""), derived.problems


def _derived(
    core: Core,
    listing: _Listing,
    teams_from: TeamsFrom,
    known: dict[str, Person],
    region: str,
) -> Derived:
    return derive(
        teams_of_channels(listing.channels)
        if teams_from == "channels"
        else teams_of_groups(listing.groups),
        listing.groups,
        listing.members,
        {email: _known(person) for email, person in known.items()},
        region,
        core.library.languages,
    )


def _known(person: Person) -> Known:
    roles = {"admin": person.is_admin, "volunteer": person.is_volunteer}
    return Known(
        working_days=frozenset(map(int, person.working_days)),
        roles=frozenset(role for role, has in roles.items() if has),
    )


async def _follow(
    session: Session, workspace_id: str, members: Sequence[Member]
) -> dict[str, Person]:
    """Let accounts say who has a new address, and what they say of people's zone and language.

    Returns the active people by their address.
    """
    everybody = {person.id: person for person in await people.all_people(session)}
    taken = {person.email for person in everybody.values()}
    claims = Counter(member.email.lower() for member in members)
    by_id = {member.external_id: member for member in members}
    for account in await accounts.accounts_at(session, workspace_id):
        member = by_id.get(account.external_id)
        if member is None:
            continue
        account.zone, account.language = member.zone, member.language
        email = member.email.lower()
        if EMAIL.fullmatch(email) and email not in taken and claims[email] == 1:
            everybody[account.person_id].email = email
            taken.add(email)
    await session.flush()
    return {person.email: person for person in everybody.values() if person.is_active}


# --- what a platform tells meanwhile -------------------------------------------------------


async def member_changed(core: Core, workspace_id: str, member: Member) -> None:
    """Somebody joined, came back, moved, or changed what their profile says.

    Somebody who isn't on the roster gets no account; where the roster comes from the platform, the
    next sync takes them in.
    """
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
    async with core.database.writing() as session:
        await hold(session, Lock.PLANNING)
        await accounts.remove_account(session, workspace_id, external_id)
