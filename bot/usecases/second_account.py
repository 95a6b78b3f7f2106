"""An account on a second platform: whose it is, is theirs to say."""

from __future__ import annotations

from bot.errors import NotFound
from bot.message import Button, Buttons, FinePrint, Message, Paragraph
from bot.ports import AccountId, Reply, Tap, Texts
from bot.store import claims, people
from bot.store.arrivals import reachable
from bot.store.database import Lock, hold
from bot.store.tables import Account
from bot.usecases.arrivals import plan_for_arrivals
from bot.usecases.core import Core
from bot.usecases.people import acting_texts


async def confirm(core: Core, tap: Tap) -> Reply:
    """Take an account for that of whoever has its address. Doing it again changes nothing."""
    who = _account(core, tap)
    async with core.database.writing() as session:
        await hold(session, Lock.PLANNING)
        person = await claims.claimed(session, who.workspace_id, who.external_id)
        if person is not None:
            before = await reachable(session, {person.id})
            account = Account(
                person_id=person.id, workspace_id=who.workspace_id, external_id=who.external_id
            )
            await people.add_accounts(session, [account])
            await claims.drop(session, who.workspace_id, who.external_id)
            await plan_for_arrivals(core, session, before, {person.id})
        _, texts = await acting_texts(core, session, who)
    return Reply(notice=_welcome(texts), home=True)


async def deny(core: Core, tap: Tap) -> Reply:
    """It is somebody else's: it stays a stranger's, and isn't asked about again."""
    who = _account(core, tap)
    async with core.database.writing() as session:
        await claims.deny(session, who.workspace_id, who.external_id)
    texts = core.library.texts("en")
    words = texts.say("account.denied")
    return Reply(notice=Message(summary=words, parts=(Paragraph(words),)))


def _account(core: Core, tap: Tap) -> AccountId:
    """Raises NotFound for somebody whom no platform vouches for."""
    if isinstance(tap.who, str):
        raise NotFound(core.library.texts("en").say("error.unknown_button"))
    return tap.who


def _welcome(texts: Texts) -> Message:
    words = texts.say("account.confirmed")
    return Message(
        summary=words,
        parts=(
            Paragraph(words),
            Buttons((Button(texts.say("settings.open"), "settings.open"),)),
            FinePrint(texts.say("settings.who_sees")),
        ),
    )
