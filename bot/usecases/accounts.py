"""Accounts: who is whom on a platform. On the playground everybody and every team has one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.store import accounts, people, workspaces
from bot.store.arrivals import reachable
from bot.store.database import Lock, Session, hold
from bot.store.tables import Account, Channel, Workspace
from bot.usecases.arrivals import plan_for_arrivals
from bot.usecases.core import Core

PLAYGROUND: Final = workspaces.PLAYGROUND


async def anybody_on(core: Core, platform: str) -> bool:
    """Whether anybody has an account on a platform."""
    async with core.database.reading() as session:
        return await accounts.anybody_on(session, platform)


async def said_at(core: Core, workspace_id: str) -> Mapping[str, tuple[str, str]]:
    """External id → the zone and language that their platform has said, "" where it hasn't."""
    async with core.database.reading() as session:
        found = await accounts.accounts_at(session, workspace_id)
    return {each.external_id: (each.zone, each.language) for each in found}


async def install_playground(core: Core) -> None:
    """Have a playground workspace in which everybody on the roster has an account."""
    async with core.database.writing() as session:
        # An import at the same time would open no accounts, and its people wouldn't be seen here.
        await hold(session, Lock.PLANNING)
        before = await reachable(session)
        await workspaces.install(session, Workspace(id=PLAYGROUND, platform=PLAYGROUND))
        await open_accounts(session)
        await plan_for_arrivals(core, session, before)


async def open_accounts(session: Session) -> None:
    """Open the accounts and channels that are missing, if there is a playground."""
    if not await workspaces.is_installed(session, PLAYGROUND):
        return
    with_account = await people.people_with_account(session, PLAYGROUND)
    missing = [
        Account(person_id=person.id, workspace_id=PLAYGROUND, external_id=person.id)
        for person in await people.active_people(session)
        if person.id not in with_account
    ]
    await people.add_accounts(session, missing)
    with_channel = await people.team_channels(session, PLAYGROUND)
    channels = [
        Channel(team_id=team.id, workspace_id=PLAYGROUND, external_id=team.id)
        for team in await people.teams(session)
        if team.id not in with_channel
    ]
    await people.add_channels(session, channels)
