"""What your manager will see: shown to anybody before they answer, with whom they're counted."""

from __future__ import annotations

from bot.message import FinePrint, Item, Items, Message, Paragraph
from bot.ports import Reply, Tap, Texts
from bot.store import people, rounds
from bot.store.database import Session
from bot.store.tables import Person, Team
from bot.usecases.core import Core
from bot.usecases.open_round import counted_with, is_settled_in
from bot.usecases.people import acting_texts, blocks_led, today


async def preview(core: Core, tap: Tap) -> Reply:
    """Tell a person which teams and how many people they're counted with, and what is shown.

    `value` is a round, or "" for how it would be if one opened today.
    """
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.person_id)
        if tap.value:
            teams, size = await _in_round(session, person, tap.value)
        else:
            teams, size = await _today(core, session, person)
        why_not = await _why_not(core, session, texts, person, size)
    if why_not is not None:
        return Reply(notice=_message(texts, (Paragraph(why_not),)))
    names = ", ".join(sorted(team.name for team in teams))
    return Reply(
        notice=_message(
            texts,
            (
                Paragraph(texts.say("preview.counted", teams=names, count=size)),
                Paragraph(texts.say("preview.shown")),
                Items(
                    (
                        Item(texts.say("preview.example_label"), texts.say("preview.example")),
                        Item(texts.say("preview.few_label"), texts.say("preview.few")),
                        Item(texts.say("preview.never_label"), texts.say("preview.never")),
                    )
                ),
            ),
        )
    )


def _message(texts: Texts, parts: tuple[Paragraph | Items, ...]) -> Message:
    return Message(
        summary=texts.say("preview.title"), parts=(*parts, FinePrint(texts.say("pulse.promise")))
    )


async def _in_round(session: Session, person: Person, round_id: str) -> tuple[list[Team], int]:
    """The teams and the number of people that a person is counted with in a round, as it opened."""
    counted = await rounds.counted_for(session, round_id, person.ledger_id)
    if not counted:
        return [], 0
    sizes = await rounds.counted_sizes(session, round_id)
    block_of = await rounds.team_blocks(session, round_id)
    block_id = counted[0].block_id
    teams = [team for team in await people.teams(session) if block_of.get(team.id) == block_id]
    return teams, max(sizes[block_id, entry.question_id] for entry in counted)


async def _today(core: Core, session: Session, person: Person) -> tuple[list[Team], int]:
    """The same, if a round opened today."""
    block_of = await people.team_blocks(session)
    block_id = block_of.get(person.team_id)
    teams = [team for team in await people.teams(session) if block_of.get(team.id) == block_id]
    return teams, len(await counted_with(core, session, person))


async def _why_not(
    core: Core, session: Session, texts: Texts, person: Person, size: int
) -> str | None:
    """Why a person isn't counted, in words for them alone; None if they are."""
    if size >= core.rules.counted:
        return None
    team = await people.find_team(session, person.team_id)
    if team is None or team.block_id is None:
        return texts.say("preview.no_group")
    if team.block_id in {block.id for block in await blocks_led(session, person)}:
        return texts.say("preview.you_lead")
    if not is_settled_in(core, person, today(core, person)):
        return texts.say("preview.new_here", weeks=core.rules.horizon_weeks)
    return texts.say("preview.resting")
