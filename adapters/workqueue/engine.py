"""Procrastinate's tables, as this project uses them: a workspace that waits to be served is a job.

A job names its workspace and nothing else. `queueing_lock` lets a workspace wait once, and `lock`
lets one worker have it at a time. A job that ends is gone from the tables; where something is left
to do, the same statement queues the workspace up again, behind the others. It also tells workers
that a lock was released, which the engine by itself doesn't.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable
from typing import Any, Final, cast

import psycopg
import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from psycopg_pool import AsyncConnectionPool

log = structlog.get_logger(__name__)

QUEUE: Final = "workspaces"
TASK: Final = "serve_workspace"

CONNECTIONS: Final = 4
CONNECTS_WITHIN_S: Final = 3
# A database that vanished without a word, with its machine or a cable, is noticed in 15 s or so.
KEEPALIVES: Final = {
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 15_000,
}

# Straight to the table rather than by the engine's own function, because of its last line: a
# workspace that waits already must not abort the transaction in which another one is queued up.
_QUEUE_UP: Final = """
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
SELECT %(queue)s, %(task)s, workspace, workspace, jsonb_build_object('workspace_id', workspace)
FROM unnest(%(workspaces)s::text[]) AS workspace ORDER BY workspace
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
"""
_END: Final = """
WITH ended AS (
    DELETE FROM procrastinate_jobs WHERE id = ANY(%(jobs)s) AND status = 'doing'
    RETURNING queue_name, task_name, lock, args
), again AS (
    INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
    SELECT queue_name, task_name, lock, lock, args FROM ended WHERE %(again)s
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
)
SELECT lock, pg_notify(%(channel)s, %(news)s) FROM ended
"""
_CHANNEL: Final = f"procrastinate_queue_v1#{QUEUE}"
_NEWS: Final = '{"type": "job_inserted", "job_id": 0}'
_IN_HAND: Final = """
SELECT count(*) AS jobs FROM procrastinate_jobs
WHERE lock = ANY(%(workspaces)s) AND queue_name = %(queue)s AND status IN ('todo', 'doing')
"""


class Jobs(JobManager):
    """The engine's jobs, which end in our way."""

    def __init__(self, connector: PsycopgConnector) -> None:
        super().__init__(connector)
        self.unfinished: set[int] = set()  # there is more to do in their workspaces
        self.unended: set[int] = set()  # the database was away when they ended

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """End a job. One that was taken away meanwhile isn't there any more, and that's fine."""
        job_id = job.id or 0
        again = job_id in self.unfinished
        self.unfinished.discard(job_id)
        try:
            await self.end([job_id], again=again)
        except ConnectorException:
            self.unended.add(job_id)

    async def end(self, job_ids: Collection[int], *, again: bool) -> list[str]:
        """Delete jobs that are running, wherever. The workspaces of those that were still there."""
        rows = await self.connector.execute_query_all_async(
            _END, jobs=list(job_ids), again=again, channel=_CHANNEL, news=_NEWS
        )
        return [row["lock"] for row in rows]

    async def queue_up(self, workspace_ids: Iterable[str]) -> None:
        await self.connector.execute_query_async(_QUEUE_UP, **_waiting(workspace_ids))

    async def in_hand(self, workspace_ids: Iterable[str]) -> bool:
        """Whether any of these workspaces waits to be served or is being served."""
        row = await self.connector.execute_query_one_async(
            _IN_HAND, workspaces=list(workspace_ids), queue=QUEUE
        )
        return bool(row["jobs"])


async def queue_up_within(workspace_ids: Iterable[str], connection: object) -> None:
    """Queue workspaces up in the transaction of somebody else's psycopg connection."""
    await cast("psycopg.AsyncConnection[Any]", connection).execute(
        _QUEUE_UP, _waiting(workspace_ids)
    )


def _waiting(workspace_ids: Iterable[str]) -> dict[str, Any]:
    return {"queue": QUEUE, "task": TASK, "workspaces": sorted(set(workspace_ids))}


class Engine:
    """Procrastinate on one database, with connections of its own. It connects when first used."""

    def __init__(self, address: str) -> None:
        _hush()
        connector = PsycopgConnector()
        self.app = App(connector=connector)
        self._jobs = Jobs(connector)
        self.app.job_manager = self._jobs
        self._address = address
        self._pool: AsyncConnectionPool | None = None
        self._one_at_a_time = asyncio.Lock()

    async def jobs(self) -> Jobs:
        """The jobs, over an open pool of connections. It doesn't ask whether the database is up."""
        async with self._one_at_a_time:
            if self._pool is None:
                self._pool = self._new_pool()
                await self._pool.open()
                await self.app.open_async(self._pool)
        return self._jobs

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close(CONNECTS_WITHIN_S)

    def _new_pool(self) -> AsyncConnectionPool:
        """It keeps no connection by force, so that it never waits long before it tries again."""
        return AsyncConnectionPool(
            self._address,
            kwargs={
                "connect_timeout": CONNECTS_WITHIN_S,
                "application_name": "wellbeing work queue",
                **KEEPALIVES,
            },
            min_size=0,
            max_size=CONNECTIONS,
            timeout=CONNECTS_WITHIN_S,
            reconnect_timeout=1,
            check=AsyncConnectionPool.check_connection,
            open=False,
        )


def _hush() -> None:
    """Each lost connection would be a dozen lines and tracebacks; `serve` says it in one."""
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
