"""Raising the gate's rules: recorded once, announced to everybody, for the rounds that open later.

A process asks for what its settings say, and for its version's defaults where they say nothing.
Whatever is more than what holds is recorded, together with its announcement; whatever is less
changes nothing. So processes with older settings, or of an older version, lower nothing.
"""

from __future__ import annotations

import structlog

from bot.domain.raising import Numbers, changes, impossible, numbers_of, out_of_place, raised
from bot.errors import SettingsError
from bot.store import deliveries, people, rules
from bot.store.database import Lock, Session, driver_connection, hold
from bot.usecases.core import Core
from bot.usecases.directory import blocks
from bot.usecases.import_roster import assign_blocks
from bot.usecases.plan import plan_announcement
from bot.usecases.rules import held_since, recorded_rules

log = structlog.get_logger(__name__)


async def raise_rules(core: Core) -> None:
    """Record what is asked for beyond what holds, and announce it, in one transaction.

    Of several processes that do this at once, one does; the others then find nothing to raise.
    Before the launch nothing is recorded: nobody has been told of any rules yet, nor asked by them.
    """
    async with core.database.reading() as session:
        if not await _is_due(core, session):
            return
    async with core.database.writing() as session:
        await hold(session, Lock.PLANNING)
        now = core.clock.now()
        held = await recorded_rules(core, session, now)
        wanted = raised(numbers_of(held), numbers_of(core.asked))
        higher = changes(numbers_of(held), wanted)
        if not higher:
            return
        recorded = await rules.record(session, held.id + 1, wanted, now)
        if any(change.rule == "counted" for change in higher):
            await assign_blocks(core, session)  # teams that are too small now are put together
        await plan_announcement(core, session, recorded, await people.zones(session))
        waiting = await deliveries.workspaces_due(session, now)
        await core.queue.enqueue(waiting, await driver_connection(session))
    log.info("rules raised", rules=recorded.id, **{one.rule: one.after for one in higher})


async def _is_due(core: Core, session: Session) -> bool:
    organisation = await people.organisation(session)
    if organisation is None or organisation.launched_at is None:
        return False
    newest = await rules.newest(session)
    return newest is None or bool(
        changes(numbers_of(newest), raised(numbers_of(newest), numbers_of(core.asked)))
    )


async def check_asked(core: Core, asked: Numbers) -> None:
    """Check the settings against what holds; `asked` has only the rules that are set.

    Raises SettingsError with one sentence for each setting that is lower, or that would end pulses
    for good.
    """
    async with core.database.reading() as session:
        history = await rules.history(session)
    if not history:
        problems = impossible(numbers_of(core.asked))
    else:
        held = numbers_of(history[-1])
        problems = out_of_place(held, held_since(history), asked)
        more_are_needed = asked.get("counted", 0) > held["counted"]
        people_counted = sum(size for _, size in await blocks(core)) if more_are_needed else None
        problems += impossible(raised(held, numbers_of(core.asked)), people_counted)
    if problems:
        raise SettingsError(problems)
