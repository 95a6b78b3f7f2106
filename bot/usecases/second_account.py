"""An account on a second platform: whose it is, its person says where they are known already.

An address is a directory's word, and whoever runs a directory can give anybody's to an account. So
"that's me" links nothing: the person is asked in the accounts that they have, and only their own
yes there counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

import structlog

from bot.errors import NotFound, OutcomeUnknown, PlatformError
from bot.message import Button, Buttons, FinePrint, Message, Paragraph, sentence
from bot.ports import AccountId, Address, Reply, Tap, Texts, Who
from bot.store import accounts, claims, people
from bot.store.database import Lock, hold
from bot.store.tables import Account
from bot.store.workspaces import PLAYGROUND
from bot.usecases.core import Core
from bot.usecases.handled import first_time, not_handled
from bot.usecases.people import acting_texts

log = structlog.get_logger(__name__)

# Somebody waits for the answer to their tap, and Slack for no more than three seconds.
ASKED_WITHIN_S: Final = 2.0


# --- in the new account --------------------------------------------------------------------


async def confirm(core: Core, tap: Tap) -> Reply:
    """Ask the person whose address an account has, where they are known, whether it is theirs.

    Once a day at most, however often it is pressed. An account that is theirs already stays so.
    """
    who = _account(core, tap)
    async with core.database.reading() as session:
        person = await claims.claimed(session, who.workspace_id, who.external_id)
        if person is None:
            _, texts = await acting_texts(core, session, who)
            return Reply(notice=_known(texts, texts.say("account.confirmed")))
        elsewhere = (await people.external_accounts(session, {person.id})).get(person.id, {})
    known = {key: each for key, each in elsewhere.items() if key != PLAYGROUND}
    texts = core.library.texts("en")  # of what is said to nobody known
    question = _question(core.library.texts(person.language), who)
    # Noted before it is asked: a process that is killed in between doesn't ask twice.
    asking = f"{who.workspace_id}/asked/{who.external_id}/{person.id}"
    if await first_time(core, asking) and not await _asked(core, known, question):
        await not_handled(core, asking)
        return Reply(notice=sentence(texts.say("account.cannot_ask")))
    return Reply(notice=sentence(texts.say("account.asked")))


async def deny(core: Core, tap: Tap) -> Reply:
    """It is somebody else's: it stays a stranger's, and isn't asked about again."""
    who = _account(core, tap)
    async with core.database.writing() as session:
        await claims.deny(session, who.workspace_id, who.external_id)
    return Reply(notice=sentence(core.library.texts("en").say("account.denied")))


async def _asked(core: Core, known: Mapping[str, str], question: Message) -> bool:
    """Whether the question went, or may have gone, to any account: workspace → external id."""
    posts = (
        _posted(core, Address(workspace_id, "person", external_id), question)
        for workspace_id, external_id in known.items()
    )
    return any(await asyncio.gather(*posts))


async def _posted(core: Core, address: Address, question: Message) -> bool:
    """Whether it may have arrived. It isn't a delivery: it answers a tap, at once or not at all."""
    messenger = core.messengers.get(address.workspace_id)
    if messenger is None:
        return False
    try:
        async with asyncio.timeout(ASKED_WITHIN_S):
            await messenger.post(address, question, core.new_id())
    except (OutcomeUnknown, TimeoutError):
        return True
    except PlatformError as error:
        log.warning(
            "somebody can't be asked whether an account is theirs",
            workspace=address.workspace_id,
            kind=type(error).__name__,
        )
        return False
    return True


# --- in an account that is known -----------------------------------------------------------


async def link(core: Core, tap: Tap) -> Reply:
    """Take an account for that of whoever presses, if it claims to be theirs, and still does."""
    who, claimed = _account(core, tap), _claimed(tap.value)
    async with core.database.writing() as session:
        # Whatever changes accounts does so one after the other.
        await hold(session, Lock.PLANNING)
        person, texts = await acting_texts(core, session, who)
        owner = await claims.claimed(session, claimed.workspace_id, claimed.external_id)
        taken = await accounts.accounts_of_either(
            session, claimed.workspace_id, claimed.external_id, person.id
        )
        if owner is None or owner.id != person.id or taken:
            return _settled(texts)
        account = Account(
            person_id=person.id,
            workspace_id=claimed.workspace_id,
            external_id=claimed.external_id,
        )
        await people.add_accounts(session, [account])
        await claims.drop(session, claimed.workspace_id, claimed.external_id)
    words = texts.say("account.linked", platform=_platform(texts, claimed))
    return Reply(replace=_known(texts, words), home=True)


async def refuse(core: Core, tap: Tap) -> Reply:
    """The account isn't that of whoever presses, whose it claims to be: it stays a stranger's."""
    who, claimed = _account(core, tap), _claimed(tap.value)
    async with core.database.writing() as session:
        person, texts = await acting_texts(core, session, who)
        owner = await claims.claimed(session, claimed.workspace_id, claimed.external_id)
        if owner is None or owner.id != person.id:
            return _settled(texts)
        await claims.deny(session, claimed.workspace_id, claimed.external_id)
    return Reply(replace=sentence(texts.say("account.refused")))


async def keep_only(core: Core, who: Who, platform: str) -> None:
    """Know somebody on one platform alone: their accounts on others become strangers' again.

    One on which they aren't known changes nothing.
    """
    async with core.database.writing() as session:
        await hold(session, Lock.PLANNING)
        person, _ = await acting_texts(core, session, who)
        if platform not in await accounts.platforms_of(session, person.id):
            return
        others = await accounts.on_other_platforms(session, person.id, platform)
        await accounts.remove(session, others)
        for each in others:
            await claims.put_denied(session, each.workspace_id, each.external_id, person.id)


# --- accounts and words --------------------------------------------------------------------


def _account(core: Core, tap: Tap) -> AccountId:
    """Raises NotFound for somebody whom no platform vouches for."""
    if isinstance(tap.who, str):
        raise NotFound(core.library.texts("en").say("error.unknown_button"))
    return tap.who


def _claimed(value: str) -> AccountId:
    """The account that a button is about. Of a forged value it is one that nobody has."""
    workspace_id, _, external_id = value.partition("/")
    return AccountId(workspace_id, external_id)


def _question(texts: Texts, who: AccountId) -> Message:
    words = texts.say("account.is_it_you", platform=_platform(texts, who))
    value = f"{who.workspace_id}/{who.external_id}"
    yes = Button(texts.say("account.yes"), "account.link", value)
    no = Button(texts.say("account.refuse"), "account.refuse", value)
    return Message(summary=words, parts=(Paragraph(words), Buttons((yes, no))))


def _platform(texts: Texts, who: AccountId) -> str:
    return texts.say(f"account.platform.{who.workspace_id.partition(':')[0]}")


def _settled(texts: Texts) -> Reply:
    return Reply(notice=sentence(texts.say("account.settled")))


def _known(texts: Texts, words: str) -> Message:
    return Message(
        summary=words,
        parts=(
            Paragraph(words),
            Buttons((Button(texts.say("settings.open"), "settings.open"),)),
            FinePrint(texts.say("settings.who_sees")),
        ),
    )
