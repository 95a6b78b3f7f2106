"""An answer to a comment reaches everybody in its group with their next check-in.

The comment itself isn't in it: it is read on its page, for as long as it is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.actions import KEPT_FOR
from bot.message import Button, Buttons, Heading, Item, Items, Part
from bot.ports import Texts
from bot.store import comments
from bot.store.database import Session
from bot.text import isolated
from bot.usecases.comments.groups import as_value
from bot.usecases.core import Core
from bot.usecases.team_tree import team_tree

# The others are on the page.
MOST_AT_ONCE: Final = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody who leads a department answered to a comment, and when."""

    answered_at: datetime
    department: str | None
    group: str
    name: str
    text: str


async def answers_by_team(
    core: Core, session: Session, team_ids: Collection[str]
) -> dict[str, list[Answer]]:
    """Team → what was answered in its department, or the organisation, lately; the newest first."""
    if not core.comments.is_on:
        return {}
    rows = await comments.answers_since(session, core.clock.now() - KEPT_FOR)
    if not rows:
        return {}
    # Not whole departments: those take the whole roster, and this is asked for a few people a time.
    tree = await team_tree(session)
    inside = {
        department: tree.within(department) & frozenset(team_ids) for _, department, _ in rows
    }
    found: dict[str, list[Answer]] = {}
    for reply, department, name in rows:
        answer = Answer(reply.answered_at, department, tree.names[department], name, reply.text)
        for team_id in inside[department]:
            found.setdefault(team_id, []).append(answer)
    return found


def answer_parts(texts: Texts, answers: Sequence[Answer]) -> list[Part]:
    if not answers:
        return []
    groups = {answer.department: answer.group for answer in answers}
    return [
        Heading(texts.say("comments.told.title")),
        Items(
            tuple(
                Item(texts.say("comments.read.answer", name=isolated(each.name)), each.text)
                for each in answers[:MOST_AT_ONCE]
            )
        ),
        Buttons(
            tuple(
                Button(
                    texts.say("comments.read.title", group=group), "comments.read", as_value(each)
                )
                for each, group in list(groups.items())[:MOST_AT_ONCE]
            )
        ),
    ]
