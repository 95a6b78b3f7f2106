"""Writing a comment, on the collecting side: redacted, shown to its writer, and sealed.

Nothing is written to the database: only a box to the inbox of the round's comments, when the
writer has seen what is in it. Nothing is logged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from bot.domain.redaction import Names, redact
from bot.domain.sealed_answer import marker_key_id
from bot.domain.sealed_comment import LONGEST, comment_marker, inbox_of_comments, seal_comment
from bot.errors import NotAllowed
from bot.message import Button, Buttons, FinePrint, Form, Message, Paragraph, TextField
from bot.ports import Reply, Submission, Tap, Texts
from bot.store import people, rounds
from bot.store.database import Session
from bot.usecases.comments.groups import acting_where_on, departments, departments_of_blocks
from bot.usecases.compose import notice
from bot.usecases.core import Core
from bot.usecases.invitation import Invitation, closed_if_gone, invitation_to, keys_of
from bot.usecases.people import acting_texts
from bot.usecases.taking_back import take_back_comment

FIELD: Final = "comment"
# Neither letters nor digits: see `redact`.
MARK: Final = "[\u2026]"


async def write_comment(core: Core, tap: Tap) -> Reply:
    """Open the form for a comment: `value` is the round. Without the consent, ask for that."""
    async with core.database.reading() as session:
        _, texts = await acting_where_on(core, session, tap.who)
        invitation = await invitation_to(core, session, tap.who, tap.value)
        group = await _group(session, invitation)
    if inbox_of_comments(tap.value) not in await core.inbox.rounds():
        raise NotAllowed(texts.say("comments.from_the_next"))
    if not invitation.person.comments:
        return Reply(notice=_ask(texts))
    return Reply(form=_form(texts, tap.value, "", group))


async def preview_comment(core: Core, submission: Submission) -> Reply:
    """Show what is left of a comment. Nothing is kept yet."""
    async with core.database.reading() as session:
        invitation = await _may_write(core, session, submission)
        texts, group = invitation.texts, await _group(session, invitation)
        written = _written(submission)
        left = await _redacted(session, written)
    if problem := _problem(texts, left):
        form = _form(texts, submission.value, written, group)
        return Reply(form=form, errors={FIELD: problem})
    return Reply(form=_preview(texts, submission.value, left, group))


async def seal(core: Core, submission: Submission) -> Reply:
    """Seal what somebody has seen, in place of an earlier comment.

    What comes back may have been edited, or forged: it is redacted again, and if that takes out
    more, shown again. So nothing is sealed that its writer hasn't seen as it is.
    """
    async with core.database.reading() as session:
        invitation = await _may_write(core, session, submission)
        texts, group = invitation.texts, await _group(session, invitation)
        written = _written(submission)
        left = await _redacted(session, written)
    form = _preview(texts, submission.value, left, group)
    if problem := _problem(texts, left):
        return Reply(form=form, errors={FIELD: problem})
    if left != written:
        return Reply(form=form)
    await _put(core, invitation, left)
    return Reply(notice=notice(texts, texts.say("comments.sealed")))


async def withdraw_comment(core: Core, tap: Tap) -> Reply:
    """Take a comment back. Without one, the reply is the same."""
    async with core.database.reading() as session:
        await acting_where_on(core, session, tap.who)
        invitation = await invitation_to(core, session, tap.who, tap.value, needs_consent=False)
    keys = await keys_of(core, invitation)
    await take_back_comment(core, keys, tap.value, invitation.person.id)
    return Reply(notice=notice(invitation.texts, invitation.texts.say("comments.withdrawn")))


async def _may_write(core: Core, session: Session, submission: Submission) -> Invitation:
    _, texts = await acting_where_on(core, session, submission.who)
    invitation = await invitation_to(core, session, submission.who, submission.value)
    if not invitation.person.comments:
        raise NotAllowed(texts.say("comments.not_opted_in"))
    return invitation


def _written(submission: Submission) -> str:
    lines = submission.fields.get(FIELD, "").replace("\r\n", "\n").replace("\r", "\n")
    # A lone surrogate is no character, and can't be sealed; platforms send none.
    return lines.encode("utf-8", "replace").decode().replace("\0", " ").strip()


async def _redacted(session: Session, written: str) -> str:
    everybody = await people.names(session)
    return await asyncio.to_thread(_without_names, written[: 2 * LONGEST], everybody)


def _without_names(written: str, everybody: Sequence[str]) -> str:
    return redact(written, Names.of(everybody), MARK).strip()


def _problem(texts: Texts, left: str) -> str:
    """What is wrong with a comment, or ""."""
    if not left:
        return texts.say("comments.nothing")
    return texts.say("comments.too_long", most=LONGEST) if len(left) > LONGEST else ""


async def _put(core: Core, invitation: Invitation, text: str) -> None:
    round_id, person_id = invitation.round.id, invitation.person.id
    keys = await keys_of(core, invitation)
    mark = comment_marker(keys.marker_key, round_id, person_id)
    key_id = marker_key_id(keys.marker_key, round_id)
    box = seal_comment(keys.public_key, round_id, mark, invitation.position, text, key_id=key_id)
    with closed_if_gone(invitation):
        await core.inbox.put(inbox_of_comments(round_id), mark, box)
    # Once it is in: the round may have closed, or the person opted out elsewhere.
    async with core.database.reading() as session:
        asked = await rounds.round_by_id(session, round_id)
        person, texts = await acting_texts(core, session, person_id)
    if asked is None or asked.state != rounds.OPEN:
        raise NotAllowed(texts.say("pulse.closed"))
    if not (person.pulses and person.comments):
        await take_back_comment(core, keys, round_id, person_id)
        raise NotAllowed(texts.say("comments.not_opted_in"))


# --- what is shown -------------------------------------------------------------------------


async def _group(session: Session, invitation: Invitation) -> str:
    """The name of the department that will read it, as it is today."""
    found = await departments(session)
    of_blocks = await departments_of_blocks(session, invitation.round.id, found)
    return found.names[of_blocks.get(invitation.block_id)]


def _ask(texts: Texts) -> Message:
    return Message(
        summary=texts.say("comments.title"),
        parts=(
            Paragraph(texts.say("comments.ask")),
            Paragraph(texts.say("comments.limits")),
            Paragraph(texts.say("comments.promise")),
            Buttons((Button(texts.say("comments.accept"), "comments.consent", "yes"),)),
            FinePrint(texts.say("notice.only_you")),
        ),
    )


def _form(texts: Texts, round_id: str, written: str, group: str) -> Form:
    first = Paragraph(texts.say("comments.intro", group=group))
    return Form(
        title=texts.say("comments.title"),
        intro=(first, *_what_to_know(texts)),
        fields=(_field(texts, written),),
        action="comments.preview",
        value=round_id,
        submit=texts.say("comments.show"),
        cancel=texts.say("form.cancel"),
    )


def _preview(texts: Texts, round_id: str, left: str, group: str) -> Form:
    first = Paragraph(texts.say("comments.preview", group=group))
    return Form(
        title=texts.say("comments.title"),
        intro=(first, Paragraph(left[:LONGEST]), *_what_to_know(texts)),
        fields=(_field(texts, left),),
        action="comments.seal",
        value=round_id,
        submit=texts.say("comments.seal"),
        cancel=texts.say("form.cancel"),
    )


def _what_to_know(texts: Texts) -> tuple[FinePrint, FinePrint]:
    return FinePrint(texts.say("comments.limits")), FinePrint(texts.say("comments.promise"))


def _field(texts: Texts, written: str) -> TextField:
    return TextField(
        name=FIELD,
        label=texts.say("comments.label"),
        multiline=True,
        max_length=LONGEST,
        required=True,
        text=written[:LONGEST],
        help=texts.say("comments.help", most=LONGEST),
    )
