"""The page of a department's comments: shuffled, undated, and the same for everybody in it."""

from __future__ import annotations

import re
from typing import Final

from bot.errors import NotAllowed
from bot.message import (
    MAX_BUTTONS,
    Button,
    Buttons,
    FinePrint,
    Heading,
    Item,
    Items,
    Message,
    Paragraph,
    Part,
)
from bot.ports import Reply, Tap, Texts
from bot.store import comments
from bot.store.database import Session
from bot.store.tables import Person
from bot.usecases.actions.page import action_buttons
from bot.usecases.actions.scope import in_department
from bot.usecases.comments.groups import (
    acting_where_on,
    as_value,
    departments,
    from_value,
)
from bot.usecases.core import Core
from bot.usecases.people import teams_led

AT_A_TIME: Final = 5


async def read_comments(core: Core, tap: Tap) -> Reply:
    """Show what was released to a group: `value` is the group, and how many to leave out."""
    group, _, skipped = tap.value.partition(":")
    return Reply(notice=await _page(core, tap, from_value(group), _number(skipped)))


async def _page(core: Core, tap: Tap, group: str | None, skipped: int) -> Message:
    async with core.database.reading() as session:
        person, texts = await acting_where_on(core, session, tap.who)
        found = await departments(session)
        led = await teams_led(session, person)
        if not found.may_read(person, group, led):
            raise NotAllowed(texts.say("error.not_yours"))
        may_answer = found.leads(person, group, led)
        shown, total = await comments.released(session, group, skipped, AT_A_TIME)
        answered = await comments.replies(session, [comment.id for comment in shown])
    title = texts.say("comments.read.title", group=found.names[group])
    parts: list[Part] = [Heading(title), Paragraph(texts.say("comments.read.intro"))]
    for number, comment in enumerate(shown, skipped + 1):
        text = core.kept_texts.opened(comment.text)
        parts += _comment(texts, text, number, answered.get(comment.id, []))
        if may_answer:
            answer = Button(texts.say("comments.answer.button"), "comments.answer", comment.id)
            parts.append(Buttons((answer,)))
    if not shown:
        parts.append(Paragraph(texts.say("comments.read.none")))
    if total > skipped + AT_A_TIME:
        more = f"{as_value(group)}:{skipped + AT_A_TIME}"
        parts.append(Buttons((Button(texts.say("comments.read.more"), "comments.read", more),)))
    if may_answer:
        parts.append(Buttons(action_buttons(texts, in_department(group))))
    parts.append(FinePrint(texts.say("comments.read.who_sees")))
    return Message(summary=title, parts=tuple(parts))


def _comment(texts: Texts, text: str, number: int, answers: list[tuple[str, str]]) -> list[Part]:
    entries = [Item(texts.say("comments.read.comment", number=number), text)]
    entries += [Item(texts.say("comments.read.answer", name=name), said) for name, said in answers]
    return [Items(tuple(entries))]


async def comment_buttons(
    core: Core, session: Session, texts: Texts, person: Person
) -> list[Button]:
    """For somebody's home page: the groups of theirs that have any to read."""
    if not core.comments.is_on:
        return []
    have_any = await comments.departments_with_any(session)
    if not have_any:
        return []
    found = await departments(session)
    led = await teams_led(session, person)
    own = sorted(
        (group for group in have_any if found.may_read(person, group, led)),
        key=lambda group: (found.names[group], group or ""),
    )
    return [
        Button(
            texts.say("comments.read.title", group=found.names[group]),
            "comments.read",
            as_value(group),
        )
        for group in own[:MAX_BUTTONS]
    ]


def _number(written: str) -> int:
    """How many to leave out, from a button's value; a forged one leaves out none."""
    return int(written) if re.fullmatch(r"[0-9]{1,5}", written) else 0
