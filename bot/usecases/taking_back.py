"""Taking back what somebody who opts out has sealed in rounds that are open.

Nothing is logged of anybody: only that a round's keys can't be used.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot.domain.sealed_answer import marker
from bot.domain.sealed_comment import comment_marker, inbox_of_comments
from bot.errors import InboxGone, KeyringError, KeysGone
from bot.ports import CollectingKeys
from bot.store.tables import Person, Round
from bot.usecases.core import Core

log = structlog.get_logger(__name__)


async def take_back_unwanted(core: Core, person: Person, open_now: Sequence[Round]) -> None:
    """Take back answers without the consent to pulses, and comments without that to comments."""
    for asked in open_now:
        # Without keys or inbox the round won't be published, so there is nothing to take back.
        try:
            keys = await core.collecting_keys.collecting(asked.id)
            if not person.pulses:
                await _take_back_answer(core, keys, asked.id, person.id)
            await take_back_comment(core, keys, asked.id, person.id)
        except KeysGone:
            pass
        except KeyringError:
            # Whoever opts out is out, whatever the keys are like; an admin has to see to these.
            log.error("an opt-out couldn't look for answers", round=asked.id)  # noqa: TRY400


async def take_back_comment(
    core: Core, keys: CollectingKeys, round_id: str, person_id: str
) -> None:
    """Forget what somebody wrote in a round; without a comment, or a place for any, nothing."""
    mark = comment_marker(keys.marker_key, round_id, person_id)
    try:
        await core.inbox.withdraw(inbox_of_comments(round_id), mark)
    except InboxGone:
        return


async def _take_back_answer(
    core: Core, keys: CollectingKeys, round_id: str, person_id: str
) -> None:
    try:
        await core.inbox.withdraw(round_id, marker(keys.marker_key, round_id, person_id))
    except InboxGone:
        return
