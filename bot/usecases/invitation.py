"""An invitation to a round: who may answer it now, and with which keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.domain.library import PulseItem
from bot.errors import InboxGone, KeyringError, NotAllowed, NotFound
from bot.ports import CollectingKeys, Texts, Who
from bot.store import rounds
from bot.store.database import Session
from bot.store.rounds import Counted
from bot.store.tables import Person, Round
from bot.usecases.core import Core
from bot.usecases.people import acting_texts
from bot.usecases.questions import questions_of


@dataclass(frozen=True, slots=True)
class Invitation:
    """A round that a person may answer now: its questions in the box's order, and theirs."""

    person: Person
    texts: Texts
    round: Round
    questions: tuple[PulseItem, ...]
    counted: dict[str, Counted]

    @property
    def position(self) -> int:
        """The person's block; one person is counted in one block only."""
        return next(iter(self.counted.values())).position

    @property
    def block_id(self) -> str:
        return next(iter(self.counted.values())).block_id


async def invitation_to(
    core: Core, session: Session, who: Who, round_id: str, *, needs_consent: bool = True
) -> Invitation:
    """Check that this person may answer this round now. Raises NotAllowed or NotFound."""
    person, texts = await acting_texts(core, session, who)
    asked = await rounds.round_by_id(session, round_id)
    if asked is None:
        raise NotFound(texts.say("error.unknown_button"))
    if asked.state != rounds.OPEN or core.clock.now() >= asked.closes_at:
        raise NotAllowed(texts.say("pulse.closed"))
    if needs_consent and not person.pulses:
        raise NotAllowed(texts.say("pulse.not_opted_in"))
    counted = await rounds.counted_for(session, round_id, person.ledger_id)
    if not counted:
        raise NotAllowed(texts.say("pulse.not_counted"))
    questions = questions_of(core, asked)
    if len(questions) < len(asked.question_ids):
        raise NotAllowed(texts.say("pulse.closed"))
    return Invitation(
        person=person,
        texts=texts,
        round=asked,
        questions=tuple(questions),
        counted={entry.question_id: entry for entry in counted},
    )


async def keys_of(core: Core, invitation: Invitation) -> CollectingKeys:
    with closed_if_gone(invitation):
        return await core.collecting_keys.collecting(invitation.round.id)


@contextmanager
def closed_if_gone(invitation: Invitation) -> Iterator[None]:
    """Without its keys or its inbox, a round takes no answers any more."""
    try:
        yield
    except (KeyringError, InboxGone):
        raise NotAllowed(invitation.texts.say("pulse.closed")) from None
