"""For which teams somebody may say what will happen: those that they lead, and no other."""

from __future__ import annotations

from bot.domain.actions import ActionState
from bot.errors import NotAllowed
from bot.ports import Texts
from bot.store import actions, rounds
from bot.store.database import Session
from bot.store.tables import Action, Person
from bot.usecases.core import Core
from bot.usecases.people import led_by_block, teams_led
from bot.usecases.team_tree import team_tree

# Instead of a block: all teams that somebody leads, or those in a department.
ALL = "all"
_WITHIN = "within "


def in_department(team_id: str | None) -> str:
    """The scope of a department, by its topmost team; None is the organisation."""
    return ALL if team_id is None else _WITHIN + team_id


async def teams_in(session: Session, person: Person, scope: str) -> frozenset[str]:
    """The teams that a person leads, of a block as the latest summary has it, or of several blocks.

    Of a block that holds teams of several leaders these are their own ones.
    """
    by_block = await led_by_block(session, person, await rounds.latest_counted(session))
    led = frozenset(team_id for inside in by_block.values() for team_id in inside)
    if scope == ALL:
        return led
    if scope.startswith(_WITHIN):
        return led & (await team_tree(session)).within(scope.removeprefix(_WITHIN))
    return by_block.get(scope, frozenset())


async def own_action(
    session: Session, texts: Texts, person: Person, action_id: str, *, to_change: bool = False
) -> Action:
    """An action for a team that a person leads. Raises NotAllowed."""
    said = await actions.action(session, action_id, to_change=to_change)
    if said is None or not await _led_of(session, person, said):
        raise NotAllowed(texts.say("actions.not_yours"))
    return said


async def own_part(core: Core, session: Session, person: Person, said: Action) -> Action:
    """An action as far as it is for teams that a person leads: the others keep it as it is."""
    led = await _led_of(session, person, said)
    if led == await actions.teams_of(session, said.id):
        return said
    part = Action(**said.model_dump() | {"id": core.new_id()})
    await actions.add(session, part, ())
    await actions.hand_to(session, said.id, part.id, led)
    return part


async def how_many_open(session: Session, team_ids: frozenset[str], but: str = "") -> int:
    """How many are open for that of these teams which has most, not counting one."""
    found = await actions.by_team(session, team_ids)
    counts = (
        sum(said.state == ActionState.OPEN and said.id != but for said in of_team)
        for of_team in found.values()
    )
    return max(counts, default=0)


async def _led_of(session: Session, person: Person, said: Action) -> frozenset[str]:
    return await teams_led(session, person) & await actions.teams_of(session, said.id)
