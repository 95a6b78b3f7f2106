"""What your manager will see: shown to anybody before they answer, with whom they're counted.

And by which rules: those of the round, or those of the next one.
"""

from __future__ import annotations

from bot.domain.bands import publish
from bot.domain.gate import GateRules
from bot.domain.raising import HIGH, LOW
from bot.message import Item, Items, Message, Paragraph, Part
from bot.ports import Reply, Tap, Texts
from bot.store import people, rounds
from bot.store.database import Session
from bot.store.tables import Person, Team
from bot.text import isolated
from bot.usecases.band_words import figure, people_in_words
from bot.usecases.core import Core
from bot.usecases.open_round import counted_with, is_settled_in
from bot.usecases.people import acting_texts, blocks_led, today
from bot.usecases.rules import coming_rules, rules_of
from bot.usecases.rules_in_words import rules_parts


async def preview(core: Core, tap: Tap) -> Reply:
    """Tell a person which teams and how many people they're counted with, and what is shown.

    `value` is a round; without one that exists it is told how it would be if one opened today.
    """
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
        asked = await rounds.round_by_id(session, tap.value)
        if asked is not None:
            rules = await rules_of(session, asked)
            teams, size = await _in_round(session, person, asked.id)
        else:
            rules = await coming_rules(core, session)
            teams, size = await _today(core, session, rules, person)
        why_not = await _why_not(core, session, texts, rules, person, size)
    parts: list[Part] = _shown(texts, rules, teams, size)
    if why_not is not None:
        parts = [Paragraph(why_not)]
    return Reply(
        notice=Message(
            summary=texts.say("preview.title"),
            parts=(*parts, Paragraph(texts.say("pulse.promise")), *rules_parts(texts, rules)),
        )
    )


def _shown(texts: Texts, rules: GateRules, teams: list[Team], size: int) -> list[Part]:
    """With whom, and what of it others see."""
    names = ", ".join(isolated(name) for name in sorted(team.name for team in teams))
    return [
        Paragraph(texts.say("preview.counted", teams=names, count=size)),
        Paragraph(texts.say("preview.shown", number=rules.answers)),
        Items(
            (
                Item(texts.say("preview.example_label"), _example(texts, rules)),
                Item(
                    texts.say("preview.few_label", number=rules.answers), texts.say("preview.few")
                ),
                Item(texts.say("preview.never_label"), texts.say("preview.never")),
            )
        ),
    ]


def _example(texts: Texts, rules: GateRules) -> str:
    """What is shown of as few answers as are shown, all of them a 4."""
    counts = [rules.answers if value == HIGH - 1 else 0 for value in range(LOW, HIGH + 1)]
    band = publish(counts, LOW, HIGH, rules)
    if band is None:
        raise ValueError(f"{rules.answers} answers are too few by their own rule")
    return texts.say(
        "preview.example",
        low=figure(band.mean_low),
        high=figure(band.mean_high),
        bottom=LOW,
        top=HIGH,
        people=people_in_words(texts, band),
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


async def _today(
    core: Core, session: Session, rules: GateRules, person: Person
) -> tuple[list[Team], int]:
    """The same, if a round opened today."""
    block_of = await people.team_blocks(session)
    block_id = block_of.get(person.team_id)
    teams = [team for team in await people.teams(session) if block_of.get(team.id) == block_id]
    return teams, len(await counted_with(core, session, rules, person))


async def _why_not(
    core: Core, session: Session, texts: Texts, rules: GateRules, person: Person, size: int
) -> str | None:
    """Why a person isn't counted, in words for them alone; None if they are."""
    if size >= rules.counted:
        return None
    team = await people.find_team(session, person.team_id)
    if team is None or team.block_id is None:
        return texts.say("preview.no_group")
    if team.block_id in {block.id for block in await blocks_led(session, person)}:
        return texts.say("preview.you_lead")
    if not is_settled_in(rules, person, today(core, person)):
        return texts.say("preview.new_here", weeks=rules.horizon_weeks)
    return texts.say("preview.resting")
