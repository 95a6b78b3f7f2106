"""A line that somebody types while they are in a conversation: whose it is, or nobody's.

It goes to the one whose thread it is in. Anywhere else it might be meant for another, or for the
bot: then nothing is sent, and its writer is asked. Where a platform keeps no threads, a line goes
to the only conversation that its writer has or lately had, or it begins with the name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.message import Button, Buttons, FinePrint, Form, Message, Paragraph, TextField
from bot.ports import Line, Reply, Submission, Tap, Texts
from bot.store import support
from bot.store.database import Session
from bot.store.tables import Person
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.commands import is_named
from bot.usecases.core import Core
from bot.usecases.people import acting_texts
from bot.usecases.support.relay import (
    LONGEST,
    Side,
    conversations,
    name_of_other,
    pass_on,
    side_in_thread,
    side_of,
)

MOST_BUTTONS: Final = 6


class NotOurs(Exception):
    """A line isn't part of a conversation: whoever answers the bot's own lines may have it."""


async def line_in_conversation(core: Core, line: Line) -> Message | None:
    """Pass a line on, or say why not; None if it was passed on and there is nothing to say.

    Raises NotOurs for what isn't part of one, such as a command outside of a thread.
    """
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, line.who)
        side, question = await _meant(core, session, texts, person, line)
    if side is None:
        return question
    if line.has_files:
        return _plain(texts, "support.talk.no_files")
    if not line.text.strip():
        return None
    text = line.text if line.thread else await _without_name(core, side, texts, line.text)
    return await pass_on(core, side, texts, text)


async def _meant(
    core: Core,
    session: Session,
    texts: Texts,
    person: Person,
    line: Line,
) -> tuple[Side | None, Message | None]:
    """The conversation that a line is for; or none, and what to say. Raises NotOurs."""
    workspace_id = PLAYGROUND if isinstance(line.who, str) else line.who.workspace_id
    if line.thread:
        is_ours, side = await side_in_thread(session, person, workspace_id, line.thread)
        if not is_ours:
            raise NotOurs
        return side, None if side else _plain(texts, "support.talk.over_here")
    found = await conversations(session, person)
    if not found or is_named(texts, line.text, person):
        raise NotOurs
    if _keeps_threads(core, workspace_id):
        return None, await _which(session, texts, found, "support.talk.in_the_thread")
    named = await _named(session, texts, found, line.text)
    if named is not None:
        return named, None
    if len(found) == 1 and await support.count_of(session, person.id) == 1:
        return found[0], None
    return None, await _which(session, texts, found, "support.talk.whose")


def _keeps_threads(core: Core, workspace_id: str) -> bool:
    messenger = core.messengers.get(workspace_id)
    return messenger is not None and messenger.limits.keeps_threads


async def _named(session: Session, texts: Texts, found: Sequence[Side], text: str) -> Side | None:
    """The conversation whose other side a line begins with: `Quiet Heron: hello`."""
    begins, colon, _ = text.partition(":")
    for side in found:
        name = await name_of_other(session, texts, side)
        if colon and begins.strip().casefold() == name.casefold():
            return side
    return None


async def _without_name(core: Core, side: Side, texts: Texts, text: str) -> str:
    async with core.database.reading() as session:
        name = await name_of_other(session, texts, side)
    begins, _, rest = text.partition(":")
    is_named = begins.strip().casefold() == name.casefold() and rest.strip()
    return rest.strip() if is_named else text


async def _which(session: Session, texts: Texts, found: Sequence[Side], key: str) -> Message:
    """Nothing was sent; a button for each conversation opens a place to write in."""
    words = texts.say(key)
    buttons = [
        Button(
            texts.say("support.write_to", name=await name_of_other(session, texts, side)),
            "support.write",
            side.request.id,
        )
        for side in found[:MOST_BUTTONS]
    ]
    return Message(
        summary=words,
        parts=(
            Paragraph(words),
            Buttons(tuple(buttons)),
            FinePrint(texts.say("support.talk.kept")),
        ),
    )


# --- a place to write in ---------------------------------------------------------------------


async def open_writing(core: Core, tap: Tap) -> Reply:
    """A dialog for one conversation, by name: nothing written there can go to another."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
        side = await side_of(session, person, tap.value)
        if side is None:
            return Reply(notice=_plain(texts, "support.talk.over_here"))
        name = await name_of_other(session, texts, side)
    return Reply(form=writing_form(texts, name, "support.say", tap.value))


def writing_form(texts: Texts, name: str, action: str, value: str) -> Form:
    return Form(
        title=texts.say("support.write_to", name=name)[:24],
        intro=(
            Paragraph(texts.say("support.talk.to", name=name)),
            FinePrint(texts.say("support.talk.kept")),
        ),
        fields=(
            TextField(
                name="words",
                label=texts.say("support.talk.words"),
                multiline=True,
                max_length=LONGEST,
                required=True,
            ),
        ),
        action=action,
        value=value,
        submit=texts.say("support.talk.send"),
        cancel=texts.say("form.cancel"),
    )


async def say(core: Core, submission: Submission) -> Reply:
    """Pass on what was written in the dialog of a conversation."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, submission.who)
        side = await side_of(session, person, submission.value)
    if side is None:
        return Reply(notice=_plain(texts, "support.talk.over_here"))
    words = submission.fields.get("words", "").strip()
    if not words:
        return Reply(notice=_plain(texts, "support.talk.nothing"))
    said = await pass_on(core, side, texts, words)
    return Reply(notice=said or _plain(texts, "support.talk.sent"))


def _plain(texts: Texts, key: str) -> Message:
    words = texts.say(key)
    return Message(
        summary=words, parts=(Paragraph(words), FinePrint(texts.say("support.talk.kept")))
    )
