"""A coordinator's check: ten or more comments of one department, in an order of their own.

Whoever line-manages anybody of the department isn't shown them: they read what is released.
"""

from __future__ import annotations

import secrets
from typing import Final

from bot.domain.comments import Held
from bot.domain.sealed_comment import LONGEST
from bot.errors import NotAllowed
from bot.message import Choice, ChoiceField, Form, Paragraph, TextField
from bot.ports import Reply, Submission, Tap, Texts, Who
from bot.store import comments
from bot.store.comment_tables import CommentBatch, HeldComment, ReleasedComment
from bot.store.database import Lock, Session, hold
from bot.store.tables import Person
from bot.usecases.comments.groups import Departments, acting_where_on, departments
from bot.usecases.comments.holding import put_back
from bot.usecases.compose import notice
from bot.usecases.core import Core
from bot.usecases.people import teams_led

AT_A_TIME: Final = 3
RELEASE, WITHHOLD = "release", "withhold"


async def review(core: Core, tap: Tap) -> Reply:
    """Show a few of the comments that wait for a check."""
    async with core.database.reading() as session:
        person, texts = await _checker(core, session, tap.who)
        form = await _next_form(core, session, texts, person)
    if form is None:
        return Reply(notice=notice(texts, texts.say("comments.check.none")))
    return Reply(form=form)


async def decide(core: Core, submission: Submission) -> Reply:
    """Release comments as they are or as they were edited, or withhold them: that deletes them.

    Once all of a department are decided, those that were approved are released together.
    """
    async with core.database.writing() as session:
        await hold(session, Lock.COMMENTS)
        person, texts = await _checker(core, session, submission.who)
        found = await departments(session)
        led = await teams_led(session, person)
        kept = [
            decided
            for row in await comments.held(session, to_change=True)
            if (decided := _decided(core, found, led, row, submission)) is not None
        ]
        left = await _release(core, session, kept)
        await put_back(session, found, left)
        form = await _next_form(core, session, texts, person)
    await core.database.leave_no_trace()
    if form is not None:
        return Reply(form=form)
    return Reply(notice=notice(texts, texts.say("comments.check.done")), home=True)


async def is_anything_to_check(core: Core, session: Session, person: Person) -> bool:
    """Whether a coordinator has comments to check."""
    if not (core.comments.is_on and person.is_coordinator):
        return False
    return bool(await _for_checker(session, person))


async def _checker(core: Core, session: Session, who: Who) -> tuple[Person, Texts]:
    person, texts = await acting_where_on(core, session, who)
    if not person.is_coordinator:
        raise NotAllowed(texts.say("error.not_yours"))
    return person, texts


def _decided(
    core: Core, found: Departments, led: frozenset[str], row: HeldComment, submission: Submission
) -> HeldComment | None:
    """A comment after the check: approved, left as it is, or None if it is withheld."""
    decision = submission.fields.get(f"decide-{row.id}", "")
    if row.state != Held.CHECKING or not found.may_check(row.team_id, led):
        return row
    if decision == WITHHOLD:
        return None
    edited = submission.fields.get(f"text-{row.id}", core.kept_texts.opened(row.text)).strip()
    if decision == RELEASE and edited:
        row.text, row.state = core.kept_texts.sealed(edited[:LONGEST]), Held.APPROVED
    return row


async def _release(core: Core, session: Session, held: list[HeldComment]) -> list[HeldComment]:
    """Release what is wholly checked; what is left to be held."""
    checking = {row.team_id for row in held if row.state == Held.CHECKING}
    ready = [row for row in held if row.state == Held.APPROVED and row.team_id not in checking]
    for department in {row.team_id for row in ready}:
        batch = CommentBatch(
            id=core.new_id(), team_id=department, released_on=core.clock.now().date()
        )
        released = [
            ReleasedComment(id=core.new_id(), batch_id=batch.id, text=row.text)
            for row in ready
            if row.team_id == department
        ]
        await comments.release(session, batch, released)
    return [row for row in held if row not in ready]


async def _for_checker(session: Session, person: Person) -> list[HeldComment]:
    """What somebody may check now, of one department."""
    rows = await comments.held(session, Held.CHECKING)
    if not rows:
        return []
    found, led = await departments(session), await teams_led(session, person)
    theirs = [row for row in rows if found.may_check(row.team_id, led)]
    return [row for row in theirs if row.team_id == theirs[0].team_id]


async def _next_form(core: Core, session: Session, texts: Texts, person: Person) -> Form | None:
    rows = await _for_checker(session, person)
    if not rows:
        return None
    found = await departments(session)
    secrets.SystemRandom().shuffle(rows)
    shown = rows[:AT_A_TIME]
    fields: list[TextField | ChoiceField] = []
    for number, row in enumerate(shown, 1):
        text = core.kept_texts.opened(row.text)
        fields += [_text(texts, row, text, number), _choice(texts, row)]
    group = found.names[rows[0].team_id]
    return Form(
        title=texts.say("comments.check.title"),
        intro=(Paragraph(texts.say("comments.check.intro", group=group, number=len(rows))),),
        fields=tuple(fields),
        action="comments.decide",
        submit=texts.say("comments.check.save"),
        cancel=texts.say("form.cancel"),
    )


def _text(texts: Texts, row: HeldComment, text: str, number: int) -> TextField:
    return TextField(
        name=f"text-{row.id}",
        label=texts.say("comments.check.comment", number=number),
        multiline=True,
        max_length=LONGEST,
        text=text,
    )


def _choice(texts: Texts, row: HeldComment) -> ChoiceField:
    return ChoiceField(
        name=f"decide-{row.id}",
        label=texts.say("comments.check.label"),
        choices=(
            Choice(RELEASE, texts.say("comments.check.release")),
            Choice(WITHHOLD, texts.say("comments.check.withhold")),
        ),
        leave_out=texts.say("comments.check.later"),
    )
