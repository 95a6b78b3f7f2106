"""A leader's page of what was said will happen, and the way to it from a summary."""

from __future__ import annotations

from datetime import date

from bot.domain.actions import TOLD_FOR, ActionState
from bot.errors import NotAllowed
from bot.message import Button, Buttons, FinePrint, Items, Message, Paragraph, Part
from bot.ports import Reply, Tap, Texts
from bot.store import actions
from bot.store.tables import Action
from bot.usecases.actions.scope import teams_in
from bot.usecases.actions.shown import action_item
from bot.usecases.core import Core
from bot.usecases.people import acting_texts, today


def action_buttons(texts: Texts, scope: str) -> tuple[Button, ...]:
    """What a summary offers to whoever leads a block (`scope`), or all of them."""
    return (
        Button(texts.say("actions.say"), "action.new", scope),
        Button(texts.say("actions.look"), "action.list", scope),
    )


async def list_actions(core: Core, tap: Tap) -> Reply:
    """Show what was said to the teams that somebody leads: `value` is a block, or `all`."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
        teams = await teams_in(session, person, tap.value)
        if not teams:
            raise NotAllowed(texts.say("actions.not_yours"))
        day = today(core, person)
        found = await actions.of_teams(session, teams, ended_since=day - TOLD_FOR)
    words = texts.say("actions.page.intro" if found else "actions.page.nothing")
    return Reply(
        notice=Message(
            summary=texts.say("actions.title"),
            parts=(
                Paragraph(words),
                *(part for said in found for part in _parts(texts, said, day)),
                FinePrint(texts.say("actions.page.who_sees")),
            ),
        )
    )


def _parts(texts: Texts, said: Action, day: date) -> tuple[Part, ...]:
    change = Button(texts.say("actions.page.change"), "action.change", said.id, "quiet")
    done = Button(texts.say("actions.page.done"), "action.done", said.id)
    cannot = Button(texts.say("actions.page.cannot"), "action.drop", said.id)
    is_open = said.state == ActionState.OPEN
    return (
        Items((action_item(texts, said, day),)),
        Buttons((done, cannot, change) if is_open else (change,)),
    )
