"""Leaving people alone who ask on the platform not to be disturbed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import structlog

from bot.domain.delivery import look_again
from bot.errors import PlatformError
from bot.ports import Address, Messenger
from bot.store.deliveries import Result
from bot.usecases.core import Core
from bot.usecases.prepare import Letter

log = structlog.get_logger(__name__)

# A platform that doesn't answer sooner holds nothing up: a letter in a quiet hour is a small harm.
ANSWERS_WITHIN_S: Final = 2.0


async def put_off(
    core: Core,
    messenger: Messenger,
    written: Sequence[Letter | Result],
    within_s: float = ANSWERS_WITHIN_S,
) -> list[Letter | Result]:
    """Put the letters to people off who don't want to be disturbed now. A channel doesn't ring.

    They are asked for again within the hour. Until when they rest isn't kept, nor that they did.
    """
    letters = [each for each in written if isinstance(each, Letter) and not each.disturbs]
    people = {each.address for each in letters if each.address.kind == "person"}
    quiet = await _asked(messenger, people, within_s) if people else {}
    now = core.clock.now()
    return [
        Result(each.claim, look_again(now, each.expires_at, quiet[each.address]))
        if isinstance(each, Letter) and not each.disturbs and quiet.get(each.address, now) > now
        else each
        for each in written
    ]


async def _asked(
    messenger: Messenger, people: set[Address], within_s: float
) -> Mapping[Address, datetime]:
    try:
        async with asyncio.timeout(within_s):
            return await messenger.undisturbed(people)
    except (PlatformError, TimeoutError):
        log.warning("the platform doesn't say who isn't to be disturbed")
    except Exception:
        log.exception("asking who isn't to be disturbed failed")
    return {}
