"""Accounts and channels on the playground: everybody and every team has one there."""

from __future__ import annotations

from bot.store import people
from bot.store.database import Lock, Session, hold
from bot.store.tables import Account, Channel, Workspace
from bot.usecases.core import Core

PLAYGROUND = "playground"


async def install_playground(core: Core) -> None:
    """Have a playground workspace in which everybody on the roster has an account."""
    async with core.database.writing() as session:
        # An import at the same time would open no accounts, and its people wouldn't be seen here.
        await hold(session, Lock.PLANNING)
        await people.add_workspace(session, Workspace(id=PLAYGROUND, platform=PLAYGROUND))
        await open_accounts(session)


async def open_accounts(session: Session) -> None:
    """Open the accounts and channels that are missing, if there is a playground."""
    if await session.get(Workspace, PLAYGROUND) is None:
        return
    with_account = await people.people_with_account(session, PLAYGROUND)
    accounts = [
        Account(person_id=person.id, workspace_id=PLAYGROUND, external_id=person.id)
        for person in await people.active_people(session)
        if person.id not in with_account
    ]
    await people.add_accounts(session, accounts)
    with_channel = await people.team_channels(session)
    channels = [
        Channel(team_id=team.id, workspace_id=PLAYGROUND, external_id=team.id)
        for team in await people.teams(session)
        if team.id not in with_channel
    ]
    await people.add_channels(session, channels)
