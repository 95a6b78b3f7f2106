"""Watching how sending goes, trying again, calling off: for the person who runs the bot.

Nothing here names anybody or says who didn't get something, and what concerns pulses is blurred,
because who opted in must not show: see `bot.domain.outcomes`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.domain.outcomes import (
    Changed,
    Choice,
    Overview,
    WorkspacePace,
    blurred,
    exact,
    outcomes,
)
from bot.domain.programme import ProgrammeKind, is_announcement
from bot.errors import NotAllowed
from bot.store import outcomes as store
from bot.store import workspaces
from bot.store.database import Session
from bot.store.tables import Workspace
from bot.usecases.core import Core
from bot.usecases.people import acting_texts

log = structlog.get_logger(__name__)

# The programmes' messages may be six days late, so that a week holds all that is on its way.
LOOKS_BACK: Final = timedelta(days=7)

Move = Callable[[Session, str, Choice], Awaitable[int]]


async def overview(core: Core, looks_back: timedelta = LOOKS_BACK) -> Overview:
    """What became of the deliveries of the last days, and how sending goes just now.

    Counts by programme and local time, over all zones: never a name, an email or a person's id,
    and never who did or didn't get or answer something. Those of a pulse are bands ("fewer than 5",
    "8 to 15", "30 or more") and its progress goes in tenths, because who opted in must not show.
    Why people were skipped is said in counts too, and never exactly where they are fewer than 5.
    """
    now = core.clock.now()
    since = now - looks_back
    async with core.database.reading() as session:
        programmes = await store.programmes(session, since)
        found = outcomes(
            await store.tallies(session, since, now),
            [programme_id for programme_id in programmes if _is_discreet(core, programme_id)],
            await store.missed(session, since),
        )
        paces = [
            await _pace(session, workspace, now)
            for workspace in await store.workspaces(session)
            if workspace.platform != workspaces.UNINSTALLED
        ]
    return Overview(now, since, found, tuple(paces))


async def retry(core: Core, choice: Choice, looks_back: timedelta = LOOKS_BACK) -> Changed:
    """Have what failed sent once more, at once, unless it is too late for it.

    What is in hand, or may have been sent, isn't touched; doing it again changes nothing.
    """
    now = core.clock.now()

    async def again(session: Session, workspace_id: str, chosen: Choice) -> int:
        return await store.retry(session, workspace_id, chosen, now - looks_back, now)

    changed, concerned = await _by_hand(core, again, choice, now - looks_back)
    if changed:
        log.info("deliveries are tried again by hand", programmes=str(changed))
    for workspace_id in concerned:
        await core.queue.wake(workspace_id)
    return changed


async def expire(core: Core, choice: Choice, looks_back: timedelta = LOOKS_BACK) -> Changed:
    """Call off what waits or has failed: nobody gets it any more.

    What is in hand, or may have been sent, isn't touched; doing it again changes nothing.
    """
    since = core.clock.now() - looks_back

    async def call_off(session: Session, workspace_id: str, chosen: Choice) -> int:
        return await store.expire(session, workspace_id, chosen, since)

    changed, _ = await _by_hand(core, call_off, choice, since)
    if changed:
        log.info("deliveries are called off by hand", programmes=str(changed))
    return changed


# --- by somebody in chat or on a page --------------------------------------------------------


async def overview_for(core: Core, person_id: str) -> Overview:
    """The overview, for an admin. Raises NotAllowed for anybody else."""
    await _check_admin(core, person_id)
    return await overview(core)


async def retry_for(core: Core, person_id: str, choice: Choice) -> Changed:
    """Try again, for an admin. Raises NotAllowed for anybody else."""
    await _check_admin(core, person_id)
    return await retry(core, choice)


async def expire_for(core: Core, person_id: str, choice: Choice) -> Changed:
    """Call off, for an admin. Raises NotAllowed for anybody else."""
    await _check_admin(core, person_id)
    return await expire(core, choice)


async def _check_admin(core: Core, person_id: str) -> None:
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, person_id)
    if not person.is_admin:
        raise NotAllowed(texts.say("error.not_yours"))


# --- how -------------------------------------------------------------------------------------


def _is_discreet(core: Core, programme_id: str) -> bool:
    """Whether a programme's counts must not be exact. One that has gone may be a pulse."""
    if is_announcement(programme_id):
        return False
    known = {programme.id: programme.kind for programme in core.library.programmes}
    return known.get(programme_id, ProgrammeKind.PULSE) is ProgrammeKind.PULSE


async def _pace(session: Session, workspace: Workspace, now: datetime) -> WorkspacePace:
    due_since = await store.longest_due(session, workspace.id, now)
    rests = workspace.rested_at is not None and workspace.rested_at > now
    return WorkspacePace(
        workspace_id=workspace.id,
        platform=workspace.platform,
        share=workspace.pace,
        rests_until=workspace.rested_at if rests else None,
        lag=None if due_since is None else now - due_since,
    )


async def _by_hand(
    core: Core, move: Move, choice: Choice, since: datetime
) -> tuple[Changed, Sequence[str]]:
    """Change what is chosen. Returns how many of each programme, and in which workspaces."""
    numbers: dict[str, int] = {}
    concerned = []
    async with core.database.writing() as session:
        programmes = await store.programmes(session, since)
        for workspace in await store.workspaces(session):
            moved = 0
            for programme_id in programmes:
                if choice.programme_id not in {None, programme_id}:
                    continue
                number = await move(
                    session, workspace.id, replace(choice, programme_id=programme_id)
                )
                numbers[programme_id] = numbers.get(programme_id, 0) + number
                moved += number
            if moved:
                concerned.append(workspace.id)
    counts = (
        (programme_id, blurred(number) if _is_discreet(core, programme_id) else exact(number))
        for programme_id, number in numbers.items()
        if number
    )
    return Changed(tuple(counts)), concerned
