"""Passing words on between the two: at once, or not at all.

What somebody writes is in no row, no line of the log, and no file: it goes to the other's chat
while its writer waits, and whatever hinders it is said to the writer. The letter with which the
other's conversation began says where it goes; whoever has none can't be written to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import structlog

from bot.domain.support import HELD, Event, RequestState
from bot.errors import OutcomeUnknown, PlatformError, Undeliverable
from bot.message import Button, Buttons, FinePrint, Item, Items, Message, Paragraph
from bot.ports import Address, Texts
from bot.store import people, support, support_notices
from bot.store.database import Session
from bot.store.support_tables import SupportRequest
from bot.store.tables import Person
from bot.usecases.core import Core
from bot.usecases.support.desk import asker_name, changing, move, warrior_name
from bot.usecases.support.letters import Kind

log = structlog.get_logger(__name__)

# What both platforms show whole in one message.
LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a conversation: whose it is, and whether they are the volunteer."""

    request: SupportRequest
    person: Person
    is_warrior: bool


async def pass_on(core: Core, side: Side, texts: Texts, text: str) -> Message | None:
    """Pass somebody's words to the other side. What to tell their writer; None if nothing.

    The first words bring the request on; that nothing more is said from then on is said with them.
    """
    if len(text) > LONGEST:
        return _said(texts, "support.talk.too_long")
    try:
        async with core.database.reading() as session:
            address, message = await _letter_of(core, session, side, text)
        hindered = await _post(core, address, message)
    except Undeliverable:
        who = "asker" if side.is_warrior else "volunteer"
        return _said(texts, f"support.talk.out_of_reach.{who}")
    if hindered:
        return _said(texts, hindered)
    return None if side.request.state == RequestState.TALKING else await _begun(core, side, texts)


async def _post(core: Core, address: Address | None, message: Message) -> str:
    """Post somebody's words now. The key of what to tell their writer if it came to nothing.

    Raises Undeliverable if it never will there.
    """
    if address is None:
        return "support.talk.not_ready"
    try:
        await core.messengers[address.workspace_id].post(address, message, core.new_id())
    except Undeliverable:
        raise
    except OutcomeUnknown:
        return "support.talk.perhaps"
    except (PlatformError, KeyError):
        return "support.talk.not_passed_on"
    except Exception as error:  # noqa: BLE001 - its message, or a traceback, could hold the words
        log.error("words could not be passed on", kind=type(error).__name__)  # noqa: TRY400
        return "support.talk.perhaps"
    return ""


async def _begun(core: Core, side: Side, texts: Texts) -> Message:
    """The first words of a conversation bring the request on."""
    async with changing(core) as session:
        request = await support.request(session, side.request.id)
        if request is not None:
            await move(core, session, request, Event.TALK)
    return _said(texts, "support.talk.passed_on")


async def _letter_of(
    core: Core, session: Session, side: Side, text: str
) -> tuple[Address | None, Message]:
    """Where somebody's words go, and as what. No address if that isn't there yet.

    Raises Undeliverable if it isn't there any more.
    """
    request = side.request
    other_id = request.requester_id if side.is_warrior else request.warrior_id or ""
    other = await people.person(session, other_id)
    texts = core.library.texts(other.language if other else "")
    naming = asker_name if not side.is_warrior else warrior_name
    name = await naming(session, texts, request)
    kind = Kind.PICKED_UP if side.is_warrior else Kind.YOURS
    began = await support_notices.beginning(session, request.id, kind, other_id, request.warrior_id)
    accounts = (await people.external_accounts(session, {other_id})).get(other_id, {})
    if other is not None and accounts and began is None:
        return None, _words(texts, name, text, request.id, keeps_threads=True)
    if other is None or began is None or began.workspace_id not in accounts:
        raise Undeliverable("they have no account there any more")
    messenger = core.messengers.get(began.workspace_id)
    keeps_threads = messenger is not None and messenger.limits.keeps_threads
    thread = (began.message_id or "") if keeps_threads else ""
    address = Address(began.workspace_id, "person", accounts[began.workspace_id], thread)
    return address, _words(texts, name, text, request.id, keeps_threads=keeps_threads)


def _words(texts: Texts, name: str, text: str, request_id: str, *, keeps_threads: bool) -> Message:
    """Somebody's words. Where there are no threads, a button says to whom an answer goes."""
    answer = Button(texts.say("support.write_to", name=name), "support.write", request_id)
    return Message(
        summary=texts.say("support.talk.from", name=name),
        parts=(
            Items((Item(name, text),)),
            *(() if keeps_threads else (Buttons((answer,)),)),
        ),
    )


def _said(texts: Texts, key: str) -> Message:
    words = texts.say(key)
    return Message(
        summary=words, parts=(Paragraph(words), FinePrint(texts.say("support.talk.kept")))
    )


# --- which conversation ----------------------------------------------------------------------


async def conversations(session: Session, person: Person) -> list[Side]:
    """The conversations that somebody is in, on either side."""
    asked = await support.of_asker(session, person.id)
    own = [Side(asked, person, is_warrior=False)] if asked and asked.state in HELD else []
    held = await support.of_warrior(session, person.id)
    return [*own, *(Side(request, person, is_warrior=True) for request in held)]


async def side_of(session: Session, person: Person, request_id: str) -> Side | None:
    """Somebody's side of a conversation that goes on; None if it isn't theirs, or is over."""
    found = await conversations(session, person)
    return next((side for side in found if side.request.id == request_id), None)


async def side_in_thread(
    session: Session, person: Person, workspace_id: str, thread: str
) -> tuple[bool, Side | None]:
    """Whether a thread began with a letter of the desk; and the conversation, if it goes on."""
    notice = await support_notices.began_with(session, person.id, workspace_id, thread)
    if notice is None or notice.kind not in {Kind.PICKED_UP, Kind.YOURS}:
        return False, None
    side = await side_of(session, person, notice.request_id or "")
    if side is None or notice.about_id != side.request.warrior_id:
        return True, None
    return True, side if side.is_warrior == (notice.kind == Kind.YOURS) else None


async def name_of_other(session: Session, texts: Texts, side: Side) -> str:
    """What somebody calls the other side."""
    naming = asker_name if side.is_warrior else warrior_name
    return await naming(session, texts, side.request)
