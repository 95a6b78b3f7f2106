"""Where deliveries go, and to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.ports import Address
from bot.store import people
from bot.store.database import Session
from bot.store.tables import Delivery, Person


@dataclass(frozen=True, slots=True)
class Place:
    """Where a delivery goes.

    address    in its workspace; None if its person or team isn't there
    elsewhere  the workspace to try if that is no use; None if there is no other, or all were tried
    """

    address: Address | None
    elsewhere: str | None


async def places_of(session: Session, deliveries: Sequence[Delivery]) -> dict[str, Place]:
    """Delivery → where it goes."""
    accounts = await people.external_accounts(session, _person_ids(deliveries))
    channels = await people.external_channels(
        session, {d.team_id for d in deliveries if d.team_id is not None}
    )
    found: dict[str, Place] = {}
    for delivery in deliveries:
        ids = accounts.get(delivery.person_id or "") or channels.get(delivery.team_id or "") or {}
        found[delivery.id] = _place(delivery, ids)
    return found


def _place(delivery: Delivery, ids: Mapping[str, str]) -> Place:
    """`ids` are what each workspace knows its person or team by, in the order to try them in."""
    here, external_id = delivery.workspace_id, ids.get(delivery.workspace_id)
    if external_id is None:
        return Place(None, next(iter(ids), None))
    kind: Literal["person", "channel"] = "person" if delivery.person_id else "channel"
    # Each is tried once, in order: a message doesn't go round in circles.
    order = list(ids)
    later = order[order.index(here) + 1 :]
    return Place(Address(here, kind, external_id), next(iter(later), None))


async def people_of(session: Session, deliveries: Sequence[Delivery]) -> dict[str, Person]:
    """Those whom deliveries are for and who are still active, by id."""
    return await people.active_people_by_id(session, _person_ids(deliveries))


def _person_ids(deliveries: Sequence[Delivery]) -> set[str]:
    return {delivery.person_id for delivery in deliveries if delivery.person_id is not None}
