"""Names such as "Quiet Heron", for as long as a conversation lasts."""

from __future__ import annotations

from hashlib import sha256

from bot.ports import Texts
from bot.store import support
from bot.store.database import Session
from bot.usecases.core import Core


async def new_alias(core: Core, session: Session, texts: Texts) -> str:
    """A name that nobody has in any conversation that is still known."""
    taken = await support.aliases(session)
    firsts = texts.say("support.alias.first").split()
    seconds = texts.say("support.alias.second").split()
    names = [f"{first} {second}" for first in firsts for second in seconds]
    free = [name for name in names if name not in taken]
    draw = int.from_bytes(sha256(core.new_id().encode()).digest()[:8])
    if free:
        return free[draw % len(free)]
    return f"{names[draw % len(names)]} {len(taken)}"  # hundreds are talking at once
