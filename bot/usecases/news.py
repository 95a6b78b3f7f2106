"""What a check-in tells its reader besides, once: what is new since their check-in before.

What their team was promised and what became of it, and what was answered to comments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.domain.actions import ActionState
from bot.domain.programme import ProgrammeKind
from bot.message import Part
from bot.ports import Texts
from bot.store import actions
from bot.store.database import Session
from bot.store.tables import Action, Delivery, Occurrence, Person
from bot.usecases.actions.shown import said_and_did
from bot.usecases.comments.telling import Answer, answer_parts, answers_by_team
from bot.usecases.core import Core


async def news_for(
    core: Core,
    session: Session,
    due: Sequence[tuple[Delivery, Occurrence]],
    persons: Mapping[str, Person],
) -> dict[str, list[Part]]:
    """Delivery of a check-in → its news. A check-in that was put off is still the same one.

    Mostly there are none, and then it takes a query or two for all of them.
    """
    check_ins = {each.id for each in core.library.programmes if each.kind is ProgrammeKind.CHECK_IN}
    readers = [
        (delivery, occurrence, reader)
        for delivery, occurrence in due
        if occurrence.programme_id in check_ins
        and (reader := persons.get(delivery.person_id or "")) is not None
    ]
    teams = {reader.team_id for _, _, reader in readers}
    said = await actions.by_team(session, teams)
    answers = await answers_by_team(core, session, teams)
    concerned = [each for each in readers if each[2].team_id in {*said, *answers}]
    if not concerned:
        return {}
    before = await actions.last_sent(
        session,
        {reader.id for _, _, reader in concerned},
        check_ins,
        but={occurrence.id for _, occurrence in due},
    )
    return {
        delivery.id: _parts(
            core.library.texts(reader.language),
            datetime.fromisoformat(occurrence.local_at).date(),
            said.get(reader.team_id, []),
            answers.get(reader.team_id, []),
            before.get(reader.id),
        )
        for delivery, occurrence, reader in concerned
    }


def _parts(
    texts: Texts,
    day: date,
    said: Sequence[Action],
    answers: Sequence[Answer],
    before: datetime | None,
) -> list[Part]:
    """Whoever had no check-in yet is told of what is open, and of no answer: they are new."""
    if before is None:
        return said_and_did(texts, [each for each in said if each.state == ActionState.OPEN], day)
    return [
        *said_and_did(texts, [each for each in said if each.changed_at > before], day),
        *answer_parts(texts, [each for each in answers if each.answered_at > before]),
    ]
