"""What a check-in tells of, once: what its reader's team was promised, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.actions import ActionState
from bot.domain.programme import ProgrammeKind
from bot.store import actions
from bot.store.database import Session
from bot.store.tables import Action, Delivery, Occurrence, Person
from bot.usecases.core import Core


async def news_for(
    core: Core,
    session: Session,
    due: Sequence[tuple[Delivery, Occurrence]],
    persons: Mapping[str, Person],
) -> dict[str, list[Action]]:
    """Delivery of a check-in → what is new since its reader's check-in before.

    A check-in that was put off is still the same one. Mostly there is nothing, and then it takes
    one query for all of them.
    """
    check_ins = {each.id for each in core.library.programmes if each.kind is ProgrammeKind.CHECK_IN}
    readers = {
        delivery.id: reader
        for delivery, occurrence in due
        if occurrence.programme_id in check_ins
        and (reader := persons.get(delivery.person_id or "")) is not None
    }
    by_team = await actions.by_team(session, {reader.team_id for reader in readers.values()})
    concerned = {
        delivery_id: reader for delivery_id, reader in readers.items() if reader.team_id in by_team
    }
    if not concerned:
        return {}
    before = await actions.last_sent(
        session,
        {reader.id for reader in concerned.values()},
        check_ins,
        but={occurrence.id for _, occurrence in due},
    )
    return {
        delivery_id: [
            said
            for said in by_team[reader.team_id]
            if (
                said.changed_at > before[reader.id]
                if reader.id in before
                else said.state == ActionState.OPEN
            )
        ]
        for delivery_id, reader in concerned.items()
    }
