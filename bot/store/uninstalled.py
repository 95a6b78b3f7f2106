"""What is due where the bot was uninstalled: nobody has an account or a channel there any more.

Rows are changed in the database, never loaded: it may be a whole programme.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Update, case, func, literal, select, update
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import col

from bot.domain.delivery import DeliveryState, SkipReason, look_again
from bot.store.database import Session
from bot.store.deliveries import DELIVERIES
from bot.store.tables import Account, Channel, Delivery
from bot.store.workspaces import by_preference


async def look_at_due(session: Session, workspace_id: str, now: datetime) -> None:
    """Do to all that is due there what `domain.delivery.without_address` says of one delivery.

    What may have been sent can't be asked for: it ends as it would if only its account were gone.
    """
    in_doubt = col(Delivery.state).in_((DeliveryState.CLAIMED, DeliveryState.UNKNOWN))
    is_planned = col(Delivery.state) == DeliveryState.PLANNED
    elsewhere, expires_at = _first_place(), col(Delivery.expires_at)
    later = look_again(now, datetime.max.replace(tzinfo=now.tzinfo)).due_at
    again_at = literal(later, DELIVERIES.c.due_at.type)
    for statement in (
        _due(workspace_id, now, in_doubt).values(
            state=DeliveryState.FAILED, reason="undeliverable", epoch=col(Delivery.epoch) + 1
        ),
        _due(workspace_id, now, is_planned, elsewhere.is_not(None)).values(workspace_id=elsewhere),
        _due(workspace_id, now, is_planned, expires_at <= now).values(
            state=DeliveryState.SKIPPED, reason=SkipReason.NO_ACCOUNT
        ),
        _due(workspace_id, now, is_planned).values(
            due_at=case((expires_at < again_at, expires_at), else_=again_at)
        ),
    ):
        await session.execute(statement.execution_options(synchronize_session=False))


def _due(workspace_id: str, now: datetime, *conditions: ColumnElement[bool]) -> Update:
    return update(Delivery).where(
        col(Delivery.workspace_id) == workspace_id, col(Delivery.due_at) <= now, *conditions
    )


def _first_place() -> ColumnElement[Any]:
    """The first of the workspaces in which a delivery's person or team is."""
    return func.coalesce(
        _first(col(Account.workspace_id), col(Account.person_id) == col(Delivery.person_id)),
        _first(col(Channel.workspace_id), col(Channel.team_id) == col(Delivery.team_id)),
    )


def _first(
    workspace_id: SQLCoreOperations[str], is_theirs: ColumnElement[bool]
) -> ScalarSelect[str]:
    query = select(workspace_id).where(is_theirs).order_by(*by_preference(workspace_id)).limit(1)
    return query.correlate(Delivery).scalar_subquery()
