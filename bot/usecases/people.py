"""Who acts: every use case that a person starts begins here, so that a forged id gets nowhere."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.blocks import leaders
from bot.errors import Stranger
from bot.ports import Texts, Who
from bot.store import accounts, claims, people, rounds
from bot.store.database import Session
from bot.store.tables import Block, Person, Round
from bot.usecases.core import Core


async def acting_texts(
    core: Core, session: Session, who: Who, *, to_change: bool = False
) -> tuple[Person, Texts]:
    """The active person who acts, and the texts in their language.

    Say so if the person is to be changed: two changes at once then come one after the other.

    Raises Stranger if there is none.
    """
    person = (
        await people.person(session, who, to_change=to_change)
        if isinstance(who, str)
        else await accounts.owner(session, who.workspace_id, who.external_id, to_change=to_change)
    )
    if person is None:
        looks_like = (
            None
            if isinstance(who, str)
            else await claims.claimed(session, who.workspace_id, who.external_id)
        )
        words = core.library.texts("en").say("error.stranger")
        raise Stranger(words, looks_like.name if looks_like else "")
    return person, core.library.texts(person.language)


def today(core: Core, person: Person) -> date:
    """The day that it is where a person lives."""
    return core.clock.now().astimezone(ZoneInfo(person.zone)).date()


async def teams_led(session: Session, person: Person) -> frozenset[str]:
    """The teams in which a person line-manages somebody today, directly or above."""
    manager_of = await people.manager_of(session)
    if person.id not in manager_of.values():
        return frozenset()
    inside: dict[str, list[str]] = {}
    for member_id, team_id in (await people.team_of(session)).items():
        inside.setdefault(team_id, []).append(member_id)
    return frozenset(
        team_id for team_id, members in inside.items() if person.id in leaders(members, manager_of)
    )


async def blocks_led(session: Session, person: Person, asked: Round | None = None) -> list[Block]:
    """The blocks that hold a team which a person leads, by name.

    As they are today, or with the teams that they held when a round opened: a re-organisation
    doesn't hide a result from those whose people gave it.
    """
    return await blocks_by_name(session, await led_by_block(session, person, asked))


async def led_by_block(
    session: Session, person: Person, asked: Round | None = None
) -> dict[str, frozenset[str]]:
    """The same blocks, each with those of its teams that the person leads."""
    teams = await teams_led(session, person)
    if not teams:
        return {}
    block_of = (
        await people.team_blocks(session)
        if asked is None
        else await rounds.team_blocks(session, asked.id)
    )
    inside: dict[str, list[str]] = {}
    for team_id in teams & block_of.keys():
        inside.setdefault(block_of[team_id], []).append(team_id)
    return {block_id: frozenset(led) for block_id, led in inside.items()}


async def blocks_by_name(session: Session, block_ids: Collection[str]) -> list[Block]:
    if not block_ids:
        return []
    found = [block for block in await people.blocks(session) if block.id in block_ids]
    return sorted(found, key=lambda block: (block.name, block.id))
