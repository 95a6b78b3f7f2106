"""A tick as tests want it: with all that it set going."""

from __future__ import annotations

from bot.usecases.core import Core
from bot.usecases.tick import tick as use_case


async def tick(core: Core) -> None:
    """One tick, and everything that is sent because of it."""
    await use_case(core)
    await core.queue.rest()
