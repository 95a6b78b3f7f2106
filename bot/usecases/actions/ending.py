"""Saying that something is done, or that it can't be, and why."""

from __future__ import annotations

from bot.domain.actions import LONGEST, ActionState
from bot.message import Form, Items, Paragraph, TextField
from bot.ports import Reply, Submission, Tap, Texts
from bot.store.database import Session
from bot.store.tables import Action, Person
from bot.text import is_blank, one_line
from bot.usecases.actions.scope import own_action, own_part
from bot.usecases.actions.shown import action_item
from bot.usecases.compose import notice
from bot.usecases.core import Core
from bot.usecases.people import acting_texts, today


async def done(core: Core, tap: Tap) -> Reply:
    """Say that it is done: `value` is the action. Once more changes nothing."""
    async with core.database.writing() as session:
        person, texts = await acting_texts(core, session, tap.who)
        said = await own_action(session, texts, person, tap.value, to_change=True)
        if said.state != ActionState.DONE:
            await _end(core, session, person, said, ActionState.DONE)
    return Reply(notice=notice(texts, texts.say("actions.is_done")), home=True)


async def open_dropping(core: Core, tap: Tap) -> Reply:
    """Ask why it can't be done: `value` is the action."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
        said = await own_action(session, texts, person, tap.value)
    return Reply(form=_form(core, texts, person, said, said.reason))


async def drop(core: Core, submission: Submission) -> Reply:
    """Say that it can't be done, because: `value` is the action."""
    reason = one_line(submission.fields.get("reason", ""))
    async with core.database.writing() as session:
        person, texts = await acting_texts(core, session, submission.who)
        said = await own_action(session, texts, person, submission.value, to_change=True)
        problem = _problem(texts, reason)
        if problem:
            form = _form(core, texts, person, said, reason)
            return Reply(form=form, errors={"reason": problem})
        await _end(core, session, person, said, ActionState.DROPPED, reason)
    return Reply(notice=notice(texts, texts.say("actions.is_dropped")), home=True)


async def _end(
    core: Core,
    session: Session,
    person: Person,
    said: Action,
    state: ActionState,
    reason: str = "",
) -> None:
    """For the teams that the person leads."""
    part = await own_part(core, session, person, said)
    now = core.clock.now()
    part.state, part.reason = state, reason
    part.changed_at, part.ended_on = now, now.date()


def _problem(texts: Texts, reason: str) -> str:
    if is_blank(reason):
        return texts.say("actions.drop.nothing_said")
    if len(reason) > LONGEST:
        return texts.say("actions.form.too_long", most=LONGEST)
    return ""


def _form(core: Core, texts: Texts, person: Person, said: Action, reason: str) -> Form:
    return Form(
        title=texts.say("actions.drop.title"),
        intro=(
            Items((action_item(texts, said, today(core, person)),)),
            Paragraph(texts.say("actions.drop.intro")),
        ),
        fields=(
            TextField(
                name="reason",
                label=texts.say("actions.drop.reason"),
                multiline=True,
                max_length=LONGEST,
                required=True,
                text=reason,
                help=texts.say("actions.drop.reason_help"),
            ),
        ),
        action="action.drop.save",
        value=said.id,
        submit=texts.say("actions.drop.save"),
        cancel=texts.say("form.cancel"),
    )
