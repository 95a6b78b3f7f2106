"""Where deliveries go, and to whom."""

from __future__ import annotations

from collections.abc import Sequence

from bot.ports import Address
from bot.store import people
from bot.store.database import Session
from bot.store.tables import Delivery, Person


async def addresses_of(session: Session, deliveries: Sequence[Delivery]) -> dict[str, Address]:
    """Delivery → where it goes, but for those whose person or team has no place there."""
    accounts = await people.external_accounts(session, _person_ids(deliveries))
    channels = await people.external_channels(
        session, {d.team_id for d in deliveries if d.team_id is not None}
    )
    found: dict[str, Address] = {}
    for delivery in deliveries:
        workspace = delivery.workspace_id
        if account := accounts.get((delivery.person_id or "", workspace)):
            found[delivery.id] = Address(workspace, "person", account)
        elif channel := channels.get((delivery.team_id or "", workspace)):
            found[delivery.id] = Address(workspace, "channel", channel)
    return found


async def people_of(session: Session, deliveries: Sequence[Delivery]) -> dict[str, Person]:
    """Those whom deliveries are for and who are still active, by id."""
    return await people.active_people_by_id(session, _person_ids(deliveries))


def _person_ids(deliveries: Sequence[Delivery]) -> set[str]:
    return {delivery.person_id for delivery in deliveries if delivery.person_id is not None}
