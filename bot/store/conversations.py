"""Queries on conversations: where people and channels are posted to."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlmodel import col

from bot.store.database import Session, insert
from bot.store.tables import Conversation


async def some(session: Session, external_ids: Collection[str]) -> Sequence[Conversation]:
    """Those of these people and channels, in whichever workspace."""
    query = select(Conversation).where(col(Conversation.external_id).in_(external_ids))
    return (await session.execute(query)).scalars().all()


async def conversations(session: Session, workspace_id: str) -> Sequence[Conversation]:
    query = select(Conversation).where(col(Conversation.workspace_id) == workspace_id)
    return (await session.execute(query)).scalars().all()


async def remember(session: Session, row: Conversation) -> None:
    """Have a conversation, in the place of an older one of the same person or channel."""
    statement = insert(session, Conversation).values(row.model_dump())
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "external_id"],
            set_={"conversation_id": row.conversation_id, "service_url": row.service_url},
        ).execution_options(synchronize_session=False)
    )


async def forget(session: Session, workspace_id: str, external_id: str) -> None:
    await session.execute(
        delete(Conversation)
        .where(
            col(Conversation.workspace_id) == workspace_id,
            col(Conversation.external_id) == external_id,
        )
        .execution_options(synchronize_session=False)
    )
