"""Answering a comment: whoever leads its whole group may, and everybody in it reads the answer.

It goes to the group and never to a person: nobody knows who wrote the comment.
"""

from __future__ import annotations

from typing import Final

from bot.domain.sealed_comment import LONGEST
from bot.errors import NotAllowed, NotFound
from bot.message import FinePrint, Form, Paragraph, TextField
from bot.ports import Reply, Submission, Tap, Texts, Who
from bot.store import comments
from bot.store.comment_tables import CommentReply, ReleasedComment
from bot.store.database import Session
from bot.store.tables import Person
from bot.usecases.comments.groups import acting_where_on, departments
from bot.usecases.compose import notice
from bot.usecases.core import Core
from bot.usecases.people import teams_led

FIELD: Final = "answer"


async def open_answer(core: Core, tap: Tap) -> Reply:
    """Open the form: `value` is the comment."""
    async with core.database.reading() as session:
        person, texts, comment, group = await _answerable(core, session, tap.who, tap.value)
        before = await comments.reply_of(session, comment.id, person.id)
    words = core.kept_texts.opened(comment.text)
    return Reply(form=_form(texts, comment.id, words, group, before.text if before else ""))


async def save_answer(core: Core, submission: Submission) -> Reply:
    """Keep an answer in place of an earlier one of the same person; without words, take it back."""
    async with core.database.writing() as session:
        person, texts, comment, _ = await _answerable(
            core, session, submission.who, submission.value
        )
        said = submission.fields.get(FIELD, "").strip()[:LONGEST]
        await comments.keep_reply(
            session,
            CommentReply(
                comment_id=comment.id,
                person_id=person.id,
                text=said,
                answered_at=core.clock.now(),
            ),
        )
    now = texts.say("comments.answer.saved" if said else "comments.answer.taken_back")
    return Reply(notice=notice(texts, now))


async def _answerable(
    core: Core, session: Session, who: Who, comment_id: str
) -> tuple[Person, Texts, ReleasedComment, str]:
    """Who answers, and what: a comment of a group that they lead, and that group's name."""
    person, texts = await acting_where_on(core, session, who)
    row = await comments.released_comment(session, comment_id)
    if row is None:
        raise NotFound(texts.say("error.unknown_button"))
    comment, group = row
    found = await departments(session)
    if not found.leads(person, group, await teams_led(session, person)):
        raise NotAllowed(texts.say("error.not_yours"))
    return person, texts, comment, found.names[group]


def _form(texts: Texts, comment_id: str, words: str, group: str, before: str) -> Form:
    return Form(
        title=texts.say("comments.answer.title"),
        intro=(
            Paragraph(texts.say("comments.answer.intro", group=group)),
            Paragraph(words),
            FinePrint(texts.say("comments.answer.who_sees")),
        ),
        fields=(
            TextField(
                name=FIELD,
                label=texts.say("comments.answer.label"),
                multiline=True,
                max_length=LONGEST,
                text=before,
                help=texts.say("comments.answer.help"),
            ),
        ),
        action="comments.answer.save",
        value=comment_id,
        submit=texts.say("comments.answer.save"),
        cancel=texts.say("form.cancel"),
    )
