"""A worker of the distributed queue: it takes turns with workspaces until it is told to stop.

The engine's worker fetches jobs and runs them; what it leaves open is done here.

**Signs of life.** The engine's own heartbeat ends for good at the first statement that fails, and
its worker goes on without: the next one would take its jobs away. So the worker is seen to here,
and so is what it holds: a job that isn't its own any more is dropped.

**Dead workers.** The engine hands nothing on by itself. Every worker looks for jobs whose worker
has been silent; such a job is deleted and its workspace queued up anew. (Had it been given back
under its old number, a worker that was only asleep would later end its successor's job.)

**A database that is away** ends the engine's worker. A new one is made, after a pause.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass

import structlog
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.worker import Worker

from adapters.workqueue.engine import QUEUE, TASK, Engine, Jobs
from adapters.workqueue.inline import Work

log = structlog.get_logger(__name__)

AT_ONCE = 8
# `deliver` takes 5 s to finish what is on its way; the job is then handed back.
STOPS_WITHIN_S = 7.0
LONGEST_PAUSE_S = 5.0
FIRST_PAUSE_S = 0.25
NEVER_S = 365 * 86_400.0


@dataclass(frozen=True, slots=True)
class Timing:
    """In seconds.

    silent_s  a worker that has given no sign of life for so long is taken for dead
    beats_s   between two signs of life, and two looks for dead workers
    polls_s   between two looks for jobs, which are heard of at once unless a notification is lost
    """

    silent_s: float = 20.0
    beats_s: float = 4.0
    polls_s: float = 0.5


class Server:
    """Serves workspaces, several at once. `work` is one turn with one workspace."""

    def __init__(self, engine: Engine, work: Work, timing: Timing) -> None:
        self._engine, self._work, self._timing = engine, work, timing
        self._turns: dict[int, asyncio.Task[object]] = {}
        self._worker: Worker | None = None
        self._told_to_stop = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        engine.app.task(name=TASK, queue=QUEUE, pass_context=True)(self._turn)

    def start(self) -> None:
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Cancel the turns, hand their workspaces back, and return when that is done."""
        self._told_to_stop.set()
        if self._worker is not None:
            self._worker.stop()  # type: ignore[no-untyped-call]
        if self._running is not None:
            _done, late = await asyncio.wait([self._running], timeout=STOPS_WITHIN_S)
            for task in late:
                # The database is away, or a turn hangs: others will notice the silence.
                log.warning("the work queue could not be left tidily")
                task.cancel()

    # --- lives of the engine's worker --------------------------------------------------------

    async def _run(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._told_to_stop.is_set():
            began = time.monotonic()
            why = await self._one_life()
            if self._told_to_stop.is_set():
                return
            if time.monotonic() - began > 2 * LONGEST_PAUSE_S:
                pause = FIRST_PAUSE_S
            # Only the kind of error: what a driver says may hold more than that.
            log.warning("the work queue stopped and starts again", why=why, pause_s=pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told_to_stop.wait(), pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    async def _one_life(self) -> str:
        """Serve until told to stop, or until something is wrong: the kind of error."""
        jobs = await self._engine.jobs()
        if self._told_to_stop.is_set():
            return "stopped"
        self._worker = worker = self._new_worker()
        watching = asyncio.create_task(self._watch(worker, jobs))
        try:
            await worker.run()  # type: ignore[no-untyped-call]
        except Exception as error:  # noqa: BLE001 - the edge of a loop, which says so
            return type(error.__cause__ or error).__name__
        finally:
            self._worker = None
            watching.cancel()
            await asyncio.wait([watching])
        return "no reason given"

    def _new_worker(self) -> Worker:
        return Worker(
            self._engine.app,
            queues=[QUEUE],
            concurrency=AT_ONCE,
            fetch_job_polling_interval=self._timing.polls_s,
            abort_job_polling_interval=NEVER_S,
            shutdown_graceful_timeout=0,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=NEVER_S,
            stalled_worker_timeout=3 * self._timing.silent_s,
        )

    # --- turns -------------------------------------------------------------------------------

    async def _turn(self, context: JobContext, workspace_id: str) -> None:
        """One job. It ends in `Jobs.finish_job`, whatever comes of it."""
        jobs, job_id, task = await self._engine.jobs(), context.job.id, asyncio.current_task()
        if job_id is None or task is None:
            raise RuntimeError("the engine gave a job without a number")
        self._turns[job_id] = task
        try:
            if await self._work(workspace_id):
                jobs.unfinished.add(job_id)
        except asyncio.CancelledError:
            jobs.unfinished.add(job_id)
            raise
        except Exception:
            # The rows are the work: the next tick finds what is left.
            log.exception("a workspace's worker failed", workspace=workspace_id)
        finally:
            del self._turns[job_id]

    # --- signs of life -----------------------------------------------------------------------

    async def _watch(self, worker: Worker, jobs: Jobs) -> None:
        while True:
            # Without a database the worker ends by itself, and says so.
            try:
                await self._beat(worker, jobs)
                await self._hand_on(jobs)
            except ConnectorException:
                pass
            except Exception:
                log.exception("a sign of life failed")
            await asyncio.sleep(self._timing.beats_s)

    async def _beat(self, worker: Worker, jobs: Jobs) -> None:
        """Give a sign of life, and drop what was taken away in a time without one."""
        if worker.worker_id is None:
            return
        believed = set(self._turns)
        await jobs.update_heartbeat(worker.worker_id)
        held = await jobs.list_jobs_async(worker_id=worker.worker_id, status="doing")
        for job_id in believed - {job.id for job in held}:
            if turn := self._turns.get(job_id):
                log.warning("a workspace was handed to another worker")
                turn.cancel()

    async def _hand_on(self, jobs: Jobs) -> None:
        """Queue up anew what a dead worker held, and what couldn't be ended in time."""
        stalled = await jobs.get_stalled_jobs(
            queue=QUEUE, seconds_since_heartbeat=self._timing.silent_s
        )
        unended = set(jobs.unended)
        lost = unended | {job.id for job in stalled if job.id is not None}
        if not lost:
            return
        handed_on = await jobs.end(lost, again=True)
        jobs.unended -= unended
        if handed_on:
            log.warning("workspaces of a silent worker are handed on", workspaces=handed_on)
