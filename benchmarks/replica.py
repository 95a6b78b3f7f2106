"""One worker process on a database and the fake platform: what measures and fault runs start.

`python -m benchmarks.replica --database URL --platform http://... --data DIRECTORY`: it is composed
as the product's own worker is, with `HttpMessenger` for the workspaces `workspace-0`, ... and a
clock that somebody else may set. It prints READY once it ticks, and ends on SIGTERM as a worker
does: what is on its way is finished, and the rest handed back.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer
from sqlalchemy.engine import make_url

from adapters.workqueue.distributed import DistributedQueue
from adapters.workqueue.inline import InlineQueue
from adapters.workqueue.serve import Timing
from benchmarks.child import end_with_parent
from benchmarks.fake_platform.messenger import HttpMessenger, shared_session
from bot.app import open_core
from bot.domain.pace import Rate, SendingLimits
from bot.keyrings import Sides
from bot.logs import configure_logging
from bot.ports import Address, Clock
from bot.processes import at_work, told_to_stop
from bot.settings import Settings
from bot.store.database import plain_address

ROOT: Final = Path(__file__).parent.parent
READY: Final = "ready"
# Shorter than any silence after which a replica is replaced: one that was paused before a request
# had gone out then gives it up when it is woken.
REQUEST_WITHIN_S: Final = 5.0


def workspace_id(number: int) -> str:
    return f"workspace-{number}"


class OffsetClock:
    """Implements `bot.ports.Clock`: real time, moved by the seconds that a file holds."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        offset_s = float(self._file.read_text(encoding="ascii"))
        return datetime.now(UTC) + timedelta(seconds=offset_s)


class UnaskingMessenger(HttpMessenger):
    """A defect, for a control: whoever isn't sure that a message arrived sends it again."""

    async def find(self, address: Address, key: str) -> str | None:
        return None


@dataclass(frozen=True, slots=True)
class Replica:
    """What one is started with. `silent_s` is after how long it is taken for dead."""

    settings: Settings
    platform: str
    workspaces: int
    clock: Clock | None
    limits: SendingLimits
    silent_s: float
    messenger: type[HttpMessenger] = HttpMessenger

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        stop, queue = told_to_stop(), self._queue()
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(shared_session(REQUEST_WITHIN_S))
            messenger = self.messenger(session, self.platform, self.limits)
            served = {workspace_id(number): messenger for number in range(self.workspaces)}
            opening = open_core(self.settings, self.clock, served, queue, Sides.BOTH)
            core = await stack.enter_async_context(opening)
            await stack.enter_async_context(at_work(core, queue, self.settings))
            print(READY, flush=True)
            await stop.wait()

    def _queue(self) -> InlineQueue | DistributedQueue:
        if self.settings.uses_sqlite:
            return InlineQueue()
        address = plain_address(make_url(self.settings.database_url))
        return DistributedQueue(address, Timing(self.silent_s, beats_s=self.silent_s / 5))


app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)


@app.command()
def main(
    database: Annotated[str, typer.Option(help="The database's address.")],
    platform: Annotated[str, typer.Option(help="The fake platform's address.")],
    data: Annotated[Path, typer.Option(help="A directory of its own.")],
    prompts: Annotated[Path, typer.Option()] = ROOT / "prompts",
    clock: Annotated[Path | None, typer.Option(help="A file with seconds to add to time.")] = None,
    workspaces: Annotated[int, typer.Option(min=1)] = 1,
    rate: Annotated[float, typer.Option(help="Messages a second to each; 0: no limit.")] = 0,
    burst: Annotated[int, typer.Option(min=1)] = 1,
    in_flight: Annotated[int, typer.Option(min=1)] = 32,
    lands_within: Annotated[float, typer.Option()] = 30,
    tick_seconds: Annotated[float, typer.Option()] = 0.3,
    silent: Annotated[float, typer.Option(help="Taken for dead after so many seconds.")] = 20,
    unasking: Annotated[bool, typer.Option(help="Resend without asking: a control.")] = False,
) -> None:
    """Serve workspaces of the fake platform until told to stop."""
    configure_logging("info", "json")
    replica = Replica(
        settings=Settings(
            database_url=database,
            wellbeing_data=data,
            wellbeing_keys=data / "keys",
            wellbeing_prompts=prompts,
            wellbeing_tick_seconds=tick_seconds,
        ),
        platform=platform,
        workspaces=workspaces,
        clock=OffsetClock(clock) if clock else None,
        limits=SendingLimits(
            workspace=Rate(rate, burst) if rate else None,
            in_flight=in_flight,
            lands_within_s=lands_within,
        ),
        silent_s=silent,
        messenger=UnaskingMessenger if unasking else HttpMessenger,
    )
    asyncio.run(replica.run())


if __name__ == "__main__":
    end_with_parent()
    app()
