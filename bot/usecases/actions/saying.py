"""Saying what will happen, from a summary: a leader's words to their own teams."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.domain.actions import LONGEST, MOST_OPEN, ActionState, due_days, is_possible
from bot.domain.library import Commitment
from bot.errors import NotAllowed
from bot.message import Choice, ChoiceField, Form, Paragraph, TextField
from bot.ports import Reply, Submission, Tap, Texts
from bot.store import actions
from bot.store.database import Session
from bot.store.tables import Action, Person
from bot.text import is_blank, one_line
from bot.usecases.actions.scope import how_many_open, own_action, own_part, teams_in
from bot.usecases.compose import notice
from bot.usecases.core import Core
from bot.usecases.people import acting_texts, today

_AN_ID: Final = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class _Said:
    """What was filled in; None where it can't be taken."""

    commitment: str
    words: str
    due_on: date | None

    def problems(self, texts: Texts, day: date) -> dict[str, str]:
        """Field → what to mend."""
        found = {}
        if self.commitment not in set(Commitment):
            found["commitment"] = texts.say("actions.form.choose")
        if is_blank(self.words):
            found["words"] = texts.say("actions.form.nothing_said")
        elif len(self.words) > LONGEST:
            found["words"] = texts.say("actions.form.too_long", most=LONGEST)
        if self.due_on is None or not is_possible(self.due_on, day):
            found["due"] = texts.say("actions.form.choose")
        return found


async def open_saying(core: Core, tap: Tap) -> Reply:
    """Let a leader say what will happen: `value` is a block, or `all`."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
        teams = await teams_in(session, person, tap.value)
        if not teams:
            raise NotAllowed(texts.say("actions.not_yours"))
        if await how_many_open(session, teams) >= MOST_OPEN:
            return Reply(notice=notice(texts, texts.say("actions.enough", most=MOST_OPEN)))
    # Its id comes with the form: sent twice, it is the same one.
    value = f"{core.new_id()} {tap.value}"
    return Reply(form=_form(texts, today(core, person), value))


async def open_change(core: Core, tap: Tap) -> Reply:
    """Let a leader put it otherwise, or begin it again: `value` is the action."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
        said = await own_action(session, texts, person, tap.value)
    before = _Said(said.commitment, said.words, said.due_on)
    return Reply(form=_form(texts, today(core, person), said.id, before))


async def save(core: Core, submission: Submission) -> Reply:
    """Keep what a leader said: `value` is an action's id and, of a new one, the block or `all`."""
    action_id, _, scope = submission.value.partition(" ")
    async with core.database.writing() as session:
        person, texts = await acting_texts(core, session, submission.who)
        if not _AN_ID.fullmatch(action_id):
            raise NotAllowed(texts.say("actions.not_yours"))
        day = today(core, person)
        filled_in = _read(submission)
        before = await actions.action(session, action_id)
        teams = await _teams(session, texts, person, before, action_id, scope)
        problems = filled_in.problems(texts, day)
        if not problems and await how_many_open(session, teams, but=action_id) >= MOST_OPEN:
            problems = {"words": texts.say("actions.enough", most=MOST_OPEN)}
        if problems:
            form = _form(texts, day, submission.value, filled_in)
            return Reply(form=form, errors=problems)
        await _keep(core, session, person, before, filled_in, action_id, teams)
    return Reply(notice=notice(texts, texts.say("actions.saved")), home=True)


async def _teams(
    session: Session,
    texts: Texts,
    person: Person,
    before: Action | None,
    action_id: str,
    scope: str,
) -> frozenset[str]:
    """The teams that it is for. Raises NotAllowed if there are none of theirs."""
    if before is not None:
        await own_action(session, texts, person, action_id, to_change=True)
        return await actions.teams_of(session, action_id)
    teams = await teams_in(session, person, scope)
    if not teams:
        raise NotAllowed(texts.say("actions.not_yours"))
    return teams


async def _keep(
    core: Core,
    session: Session,
    person: Person,
    before: Action | None,
    filled_in: _Said,
    action_id: str,
    teams: frozenset[str],
) -> None:
    if filled_in.due_on is None:
        raise ValueError("checked before")
    said = Action(
        id=action_id,
        commitment=filled_in.commitment,
        words=filled_in.words,
        due_on=filled_in.due_on,
        state=ActionState.OPEN,
        changed_at=core.clock.now(),
    )
    if before is None:
        await actions.add(session, said, teams)
        return
    part = await own_part(core, session, person, before)
    for name, value in said.model_dump(exclude={"id"}).items():
        setattr(part, name, value)


def _read(submission: Submission) -> _Said:
    fields = submission.fields
    try:
        due_on = date.fromisoformat(fields.get("due", ""))
    except ValueError:
        due_on = None
    return _Said(fields.get("commitment", ""), one_line(fields.get("words", "")), due_on)


def _form(texts: Texts, day: date, value: str, filled_in: _Said | None = None) -> Form:
    said = filled_in or _Said("", "", None)
    days = sorted({*due_days(day), *([said.due_on] if said.due_on else [])})
    return Form(
        title=texts.say("actions.form.title"),
        intro=(Paragraph(texts.say("actions.form.intro")),),
        fields=(
            TextField(
                name="words",
                label=texts.say("actions.form.words"),
                multiline=True,
                max_length=LONGEST,
                required=True,
                text=said.words,
                help=texts.say("actions.form.words_help"),
            ),
            ChoiceField(
                name="commitment",
                label=texts.say("actions.form.commitment"),
                choices=tuple(
                    Choice(each, texts.say(f"actions.form.about.{each}")) for each in Commitment
                ),
                required=True,
                chosen=said.commitment if said.commitment in set(Commitment) else "",
            ),
            ChoiceField(
                name="due",
                label=texts.say("actions.form.due"),
                choices=tuple(
                    Choice(each.isoformat(), texts.day(each))
                    for each in days
                    if is_possible(each, day)
                ),
                required=True,
                chosen=said.due_on.isoformat()
                if said.due_on and is_possible(said.due_on, day)
                else "",
            ),
        ),
        action="action.save",
        value=value,
        submit=texts.say("actions.form.save"),
        cancel=texts.say("form.cancel"),
    )
