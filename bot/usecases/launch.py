"""Launching: nobody is contacted before whoever installed the bot says so."""

from __future__ import annotations

from bot.errors import NotAllowed
from bot.message import sentence
from bot.ports import Reply, Tap
from bot.store import people
from bot.usecases.core import Core
from bot.usecases.people import acting_texts


async def launch(core: Core, tap: Tap) -> Reply:
    """Let an admin start the welcomes. Doing it again changes nothing."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
    if not person.is_admin:
        raise NotAllowed(texts.say("error.not_yours"))
    await start_welcomes(core)
    return Reply(notice=sentence(texts.say("admin.launched")), home=True)


async def start_welcomes(core: Core) -> None:
    """Launch, from now on."""
    async with core.database.writing() as session:
        await people.found(session, "")
        await people.launch(session, core.clock.now())
