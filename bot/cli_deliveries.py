"""What `wellbeing deliveries` does: show how sending goes, try again, call off.

It runs beside the bot and never sends anything itself: it changes rows, and the bot's next tick
finds them. Where a worker can be woken from here (on PostgreSQL), it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table

from bot.app import open_core
from bot.domain.outcomes import Choice, Outcomes, Overview, duration_in_words, in_words
from bot.errors import NotFound
from bot.ports import Clock
from bot.settings import Settings
from bot.usecases.core import Core
from bot.usecases.outcomes import expire, overview, retry

LOOKS_EVERY_S = 1.0

Look = Callable[[], Awaitable[Overview]]


# --- the commands ----------------------------------------------------------------------------


async def show(settings: Settings, days: int, out: Console) -> None:
    """Print what became of the deliveries of the last days, and how sending goes."""
    async with _desk(settings, days) as desk:
        print_overview(await desk.look(), out)


async def watch(settings: Settings, days: int, out: Console) -> None:
    """Show progress until nothing is being sent any more, and then what became of it all."""
    async with _desk(settings, days) as desk:
        print_overview(await watch_until_done(desk.look, out), out)


async def retry_some(settings: Settings, days: int, choice: Choice, out: Console) -> None:
    """Have what failed sent once more. Raises NotFound if the choice names what isn't there."""
    async with _desk(settings, days) as desk:
        _check(choice, await desk.look())
        changed = await retry(await desk.core(), choice, desk.looks_back)
    if changed:
        out.print(f"To be sent again: {changed}. The bot does so within a minute.", soft_wrap=True)
    else:
        out.print("Nothing that failed can be sent again: there is none, or it is too late for it.")


async def expire_some(
    settings: Settings, days: int, choice: Choice, out: Console, agrees: Callable[[str], bool]
) -> None:
    """Call off what waits or failed, if `agrees` says yes to the question. Raises NotFound."""
    async with _desk(settings, days) as desk:
        seen = await desk.look()
        _check(choice, seen)
        concerned = list(_what_would_be_called_off(choice, seen))
        if not concerned:
            out.print("Nothing waits or has failed, so there is nothing to call off.")
            return
        for line in concerned:
            out.print(line, soft_wrap=True, markup=False)
        if not agrees("Call all of this off? Nobody will get it."):
            out.print("Nothing was changed.")
            return
        changed = await expire(await desk.core(), choice, desk.looks_back)
    out.print(f"Called off: {changed}." if changed else "There was nothing left to call off.")


# --- beside the running bot ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Desk:
    """The core as this command uses it. `clock` says how late the bot has it just now."""

    opened: Core
    looks_back: timedelta
    clock: Callable[[], Awaitable[Clock]]

    async def core(self) -> Core:
        return replace(self.opened, clock=await self.clock())

    async def look(self) -> Overview:
        return await overview(await self.core(), self.looks_back)


class _LeftToTheBot:
    """Implements `bot.ports.WorkQueue` beside a bot on SQLite: its next tick finds what is due."""

    async def enqueue(self, workspace_ids: Iterable[str], connection: object) -> None: ...

    async def wake(self, workspace_id: str) -> None: ...

    async def rest(self) -> None: ...


@asynccontextmanager
async def _desk(settings: Settings, days: int) -> AsyncIterator[_Desk]:
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(open_core(settings))
        if settings.uses_sqlite:
            core = replace(core, queue=_LeftToTheBot())
        clock = await _clock(stack, settings, core)
        yield _Desk(core, timedelta(days=days), clock)


async def _clock(
    stack: AsyncExitStack, settings: Settings, core: Core
) -> Callable[[], Awaitable[Clock]]:
    """The bot's own clock: that of a playground can be moved, also while we look."""
    kept = settings.wellbeing_data / "playground.db"
    if settings.has_playground and await asyncio.to_thread(kept.exists):
        from adapters.playground import (  # noqa: PLC0415 - half a second, for a playground only
            PlaygroundClock,
            PlaygroundStore,
        )

        store = await PlaygroundStore.open(kept)
        stack.push_async_callback(store.close)
        return lambda: PlaygroundClock.open(store)

    async def real() -> Clock:
        return core.clock

    return real


def _check(choice: Choice, seen: Overview) -> None:
    """Raises NotFound, with what there is to choose, if the choice names what isn't there."""
    programmes = sorted({one.programme_id for one in seen.outcomes})
    if choice.programme_id is not None and choice.programme_id not in programmes:
        there_are = ", ".join(programmes) or "none"
        raise NotFound(f"No programme {choice.programme_id} has run lately. There are: {there_are}")
    times = sorted({one.local_at for one in seen.outcomes})
    if choice.local_at is not None and choice.local_at not in times:
        there_are = ", ".join(times) or "none"
        raise NotFound(f"Nothing was sent at {choice.local_at} lately. There are: {there_are}")
    reasons = sorted({reason for one in seen.outcomes for reason in one.failed})
    if choice.reason is not None and choice.reason not in reasons:
        there_are = ", ".join(reasons) or "none"
        raise NotFound(f"Nothing failed with the reason {choice.reason}. There are: {there_are}")


def _what_would_be_called_off(choice: Choice, seen: Overview) -> Iterator[str]:
    for one in seen.outcomes:
        if choice.programme_id not in {None, one.programme_id}:
            continue
        if choice.local_at not in {None, one.local_at}:
            continue
        counts = [
            f"{count} failed ({in_words(reason)})"
            for reason, count in one.failed.items()
            if choice.reason in {None, reason}
        ]
        if choice.reason is None:
            waiting = {"waiting": one.waiting, "planned for later": one.later}
            counts = [f"{count} {what}" for what, count in waiting.items() if count] + counts
        if counts:
            yield f"{_name(one)}: {', '.join(counts)}"


# --- watching --------------------------------------------------------------------------------


async def watch_until_done(look: Look, out: Console, every_s: float = LOOKS_EVERY_S) -> Overview:
    """Look again and again until nothing is running; bars on a terminal, lines elsewhere."""
    return await (_bars if out.is_terminal else _lines)(look, out, every_s)


async def _bars(look: Look, out: Console, every_s: float) -> Overview:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[percent]:>4}  {task.fields[sent]}"),
    )
    tasks: dict[tuple[str, str], TaskID] = {}
    with Progress(*columns, console=out) as progress:
        while True:
            seen = await look()
            for one in seen.outcomes:
                firing = (one.programme_id, one.local_at)
                if one.is_running and firing not in tasks:
                    tasks[firing] = progress.add_task(_short(one), total=None, percent="", sent="")
                if firing in tasks:
                    progress.update(
                        tasks[firing],
                        total=None if one.progress is None else 100,
                        completed=one.progress or 0,
                        percent=_percent(one),
                        sent=f"{one.sent} sent",
                    )
            if not seen.running:
                return seen
            await asyncio.sleep(every_s)


async def _lines(look: Look, out: Console, every_s: float) -> Overview:
    said: dict[tuple[str, str], str] = {}
    while True:
        seen = await look()
        for one in seen.outcomes:
            firing, line = (one.programme_id, one.local_at), f"{_percent(one)}  {_counts(one)}"
            if (one.is_running or firing in said) and said.get(firing) != line:
                said[firing] = line
                out.print(f"{_name(one)}: {line}", soft_wrap=True, markup=False)
        if not seen.running:
            return seen
        await asyncio.sleep(every_s)


# --- in words --------------------------------------------------------------------------------


def print_overview(seen: Overview, out: Console) -> None:
    """The table, then how sending goes, then what can be done about what failed."""
    if not seen.outcomes:
        out.print(f"Nothing has been due since {seen.since:%a %d %b %H:%M} UTC.")
    else:
        table = Table("Programme", "Local time", "Done", "What became of it")
        for one in seen.outcomes:
            lines = [_counts(one), *_reasons(one)]
            table.add_row(
                one.programme_id, _when(one), _percent(one), "\n".join(filter(None, lines))
            )
        out.print(table)
    for line in _how_it_goes(seen):
        out.print(line, soft_wrap=True, markup=False)


def _how_it_goes(seen: Overview) -> Iterator[str]:
    if seen.lag is None:
        yield "Nothing is waiting that is due."
    else:
        yield f"What is due the longest has been waiting for {duration_in_words(seen.lag)}."
    for workspace in seen.workspaces:
        pace = "at full pace" if workspace.share >= 1 else f"at {workspace.share:.0%} of its limit"
        rests = (
            f", rests until {workspace.rests_until:%H:%M:%S} UTC" if workspace.rests_until else ""
        )
        lag = f", {duration_in_words(workspace.lag)} behind" if workspace.lag else ""
        yield f"Workspace {workspace.workspace_id} ({workspace.platform}): {pace}{rests}{lag}."
    if any(one.failed for one in seen.outcomes):
        yield "To send what failed once more: wellbeing deliveries retry"
        yield "To call it off: wellbeing deliveries expire"


def _name(one: Outcomes) -> str:
    return f"{one.programme_id}, {_when(one)}"


def _short(one: Outcomes) -> str:
    """For a line of 80 columns."""
    return f"{one.programme_id}, {datetime.fromisoformat(one.local_at):%a %H:%M}"


def _when(one: Outcomes) -> str:
    return f"{datetime.fromisoformat(one.local_at):%a %d %b %H:%M}"


def _percent(one: Outcomes) -> str:
    return "" if one.progress is None else f"{one.progress}%"


def _counts(one: Outcomes) -> str:
    counts = {
        "sent": one.sent,
        "waiting": one.waiting,
        "planned for later": one.later,
        "in hand": one.in_hand,
        "being looked up": one.unknown,
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)


def _reasons(one: Outcomes) -> Iterator[str]:
    for what, counts in {
        "failed": one.failed,
        "expired": one.expired,
        "skipped": one.skipped,
    }.items():
        for reason, count in counts.items():
            yield f"{count} {what}: {in_words(reason)}" + (
                f" ({reason})" if what == "failed" else ""
            )
    if one.missed_in:
        yield f"not planned in {one.missed_in} zone{'' if one.missed_in == 1 else 's'}"
