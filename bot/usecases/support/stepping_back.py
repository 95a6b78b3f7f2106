"""What a volunteer has is given to others: by their own wish, or because they can't be one now."""

from __future__ import annotations

from bot.store import support, support_notices
from bot.store.database import Session
from bot.usecases.core import Core
from bot.usecases.support.letters import Kind
from bot.usecases.support.offering import offer
from bot.usecases.support.talking import give_back


async def give_everything_back(core: Core, session: Session, person_id: str) -> None:
    """Hand their conversations back, and ask others for what they were asked for.

    Inside `changing`, once it is written that they can't be asked.
    """
    for request in await support.of_warrior(session, person_id):
        await give_back(core, session, request)
    await let_offers_go(core, session, person_id)


async def let_offers_go(core: Core, session: Session, person_id: str) -> None:
    """Ask others for what somebody was asked for and hasn't answered."""
    for request in await support.asked_of(session, person_id):
        await support.put_offer(session, request.id, person_id, support.GONE)
        await support_notices.outdate(session, request.id, [Kind.OFFER])
        await offer(core, session, request)
