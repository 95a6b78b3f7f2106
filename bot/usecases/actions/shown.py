"""What was said will happen, as summaries, check-ins and home pages show it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from bot.domain.actions import TOLD_FOR, ActionState
from bot.domain.library import Commitment
from bot.message import Heading, Item, Items, Part
from bot.ports import Texts
from bot.store import actions
from bot.store.database import Session
from bot.store.tables import Action
from bot.text import isolated


async def action_parts(
    session: Session, texts: Texts, team_ids: Collection[str], day: date
) -> list[Part]:
    """What is in hand for any of these teams on a day, and what has ended lately; or nothing."""
    return said_and_did(
        texts, await actions.of_teams(session, team_ids, ended_since=day - TOLD_FOR), day
    )


def said_and_did(texts: Texts, found: Sequence[Action], day: date) -> list[Part]:
    if not found:
        return []
    entries = tuple(action_item(texts, said, day) for said in found)
    return [Heading(texts.say("actions.title")), Items(entries)]


def action_item(texts: Texts, said: Action, day: date) -> Item:
    """One of them, as it is on a day."""
    label = texts.say(
        f"actions.label.{said.state}", commitment=texts.commitment(Commitment(said.commitment))
    )
    return Item(label, _words(texts, said, day))


def _words(texts: Texts, said: Action, day: date) -> str:
    words, due = isolated(said.words), texts.day(said.due_on)
    match said.state:
        case ActionState.DONE:
            return words
        case ActionState.DROPPED:
            return texts.say("actions.dropped", words=words, reason=isolated(said.reason))
        case _ if said.due_on < day:
            return texts.say("actions.late", words=words, day=due)
        case _:
            return texts.say("actions.open", words=words, day=due)
