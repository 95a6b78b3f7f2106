"""Asking volunteers: whenever somebody waits and somebody is there for it."""

from __future__ import annotations

from bot.domain.matching import choose, could_ever
from bot.domain.support import WAITING, Event
from bot.store import support, support_notices, warriors
from bot.store.database import Session
from bot.store.support_tables import SupportRequest
from bot.usecases.core import Core
from bot.usecases.support.desk import changing, move
from bot.usecases.support.letters import Kind, send
from bot.usecases.support.volunteers import asker_of, candidates


async def offer_all(core: Core) -> None:
    """Ask for every request that waits, each in a transaction of its own."""
    async with core.database.reading() as session:
        waiting = await support.waiting_ids(session)
    for request_id in waiting:
        async with changing(core) as session:
            request = await support.request(session, request_id)
            if request is not None and request.state in WAITING:
                await offer(core, session, request)


async def offer(core: Core, session: Session, request: SupportRequest) -> None:
    """Ask those whose turn it is. Whoever was asked and may not any more isn't waited for."""
    everybody = await candidates(core, session)
    asker = await asker_of(session, request)
    may = {one.person_id for one in everybody if could_ever(one, asker)}
    asked = await support.offers(session, request.id)
    waited_for = {who for who, state in asked.items() if state == support.ASKED}
    for who in waited_for - may:
        await support.put_offer(session, request.id, who, support.GONE)
        await support_notices.outdate(session, request.id, [Kind.OFFER])
    already = waited_for & may
    wanted = request.wanted_id if not request.done else None
    chosen = choose(everybody, asker, core.support.new_a_week, request.id, already, wanted)
    for who in chosen:
        await support.put_offer(session, request.id, who, support.ASKED)
        await send(core, session, Kind.OFFER, who, request.id)
    await warriors.note_asked(session, chosen, core.clock.now().date())
    await move(core, session, request, Event.OFFER if chosen or already else Event.LET_GO)
