"""What every work queue does, and what the one of many processes does beyond that."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from structlog.testing import capture_logs

from adapters.workqueue.distributed import DistributedQueue
from adapters.workqueue.inline import InlineQueue, Work
from tests.support import queue_worker
from tests.support.postgres import PostgresServer
from tests.support.queue_worker import IN_TESTS

LONG_ENOUGH_S = 20.0
LOOKS_EVERY_S = 0.01
LOOKS_WITHIN_S = 1.0

Queue = InlineQueue | DistributedQueue
# A queue that serves by this work, until the test is over.
Serving = Callable[[Work], Awaitable[Queue]]


class Workers:
    """Workers that wait to be let go, and how many there are at once in each workspace."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.cancelled: Counter[str] = Counter()
        self.at_work: Counter[str] = Counter()
        self.most_at_work: Counter[str] = Counter()
        self.turns_wanted: Counter[str] = Counter()
        self.may_finish = asyncio.Event()

    async def work(self, workspace_id: str) -> bool:
        self.at_work[workspace_id] += 1
        self.most_at_work |= self.at_work
        try:
            await self.may_finish.wait()
        except asyncio.CancelledError:
            self.cancelled[workspace_id] += 1
            raise
        finally:
            self.at_work[workspace_id] -= 1
        self.done[workspace_id] += 1
        return self.done[workspace_id] < self.turns_wanted[workspace_id]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(LONG_ENOUGH_S):
        while not condition():  # noqa: ASYNC110 - other processes have no event of ours
            await asyncio.sleep(LOOKS_EVERY_S)


async def rest(queue: Queue) -> None:
    async with asyncio.timeout(LONG_ENOUGH_S):
        await queue.rest()


@pytest.fixture(params=["inline", "distributed"])
async def serving(request: pytest.FixtureRequest) -> AsyncIterator[Serving]:
    async with AsyncExitStack() as stack:

        async def serve(work: Work) -> Queue:
            if request.param == "inline":
                return await stack.enter_async_context(started(InlineQueue(), work))
            url = request.getfixturevalue("postgres_url")
            return await stack.enter_async_context(started(DistributedQueue(url, IN_TESTS), work))

        if request.param == "distributed":
            request.getfixturevalue("postgres_url")
        yield serve


@asynccontextmanager
async def started(queue: Queue, work: Work) -> AsyncIterator[Queue]:
    queue.serve(work)
    await queue.start()
    try:
        yield queue
    finally:
        await queue.close()


# --- every queue ---------------------------------------------------------------------------


async def test_a_workspace_that_is_woken_is_served(serving: Serving) -> None:
    workers = Workers()
    workers.may_finish.set()
    queue = await serving(workers.work)
    await queue.wake("slack")
    await rest(queue)
    assert workers.done == {"slack": 1}


async def test_waking_does_not_wait_for_the_work_and_resting_does(serving: Serving) -> None:
    workers = Workers()
    queue = await serving(workers.work)
    async with asyncio.timeout(LONG_ENOUGH_S):
        await queue.wake("slack")
    await until(lambda: workers.at_work["slack"] == 1)
    resting = asyncio.create_task(queue.rest())
    await asyncio.sleep(0.1)
    assert not resting.done()
    workers.may_finish.set()
    async with asyncio.timeout(LONG_ENOUGH_S):
        await resting
    assert workers.done == {"slack": 1}


async def test_two_workspaces_are_served_side_by_side(serving: Serving) -> None:
    workers = Workers()
    queue = await serving(workers.work)
    await queue.wake("slack")
    await queue.wake("teams")
    await until(lambda: workers.at_work == {"slack": 1, "teams": 1})
    workers.may_finish.set()
    await rest(queue)
    assert workers.done == {"slack": 1, "teams": 1}


async def test_a_workspace_that_is_woken_while_it_is_served_is_served_once_more(
    serving: Serving,
) -> None:
    workers = Workers()
    queue = await serving(workers.work)
    await queue.wake("slack")
    await until(lambda: workers.at_work["slack"] == 1)
    for _ in range(3):
        await queue.wake("slack")
    workers.may_finish.set()
    await rest(queue)
    assert workers.done == {"slack": 2}
    assert workers.most_at_work == {"slack": 1}


async def test_a_workspace_in_which_something_is_left_gets_another_turn(serving: Serving) -> None:
    workers = Workers()
    workers.turns_wanted["slack"] = 3
    workers.may_finish.set()
    queue = await serving(workers.work)
    await queue.wake("slack")
    await rest(queue)
    assert workers.done == {"slack": 3}
    assert workers.most_at_work == {"slack": 1}


async def test_a_worker_that_fails_is_logged_and_does_not_block_the_next(serving: Serving) -> None:
    outcomes: list[Exception | None] = [None, RuntimeError("the platform is gone")]

    async def work(_workspace_id: str) -> bool:
        if error := outcomes.pop():
            raise error
        return False

    queue = await serving(work)
    with capture_logs() as logs:
        await queue.wake("slack")
        await rest(queue)
    await queue.wake("slack")
    await rest(queue)
    assert outcomes == []
    assert [line["event"] for line in logs] == ["a workspace's worker failed"]


async def test_stopping_ends_the_work_in_hand_and_nothing_new_is_begun(serving: Serving) -> None:
    workers = Workers()
    queue = await serving(workers.work)
    await queue.wake("slack")
    await until(lambda: workers.at_work["slack"] == 1)
    await queue.wake("slack")
    async with asyncio.timeout(LONG_ENOUGH_S):
        await queue.stop()
    assert workers.cancelled == {"slack": 1}
    workers.may_finish.set()
    await asyncio.sleep(0.2)
    assert workers.done == {}


# --- many processes ------------------------------------------------------------------------


@pytest.fixture
async def serving_too(postgres_url: str) -> AsyncIterator[Serving]:
    """Several distributed queues on one database, each as a process of its own has it."""
    async with AsyncExitStack() as stack:

        async def serve(work: Work) -> Queue:
            queue = DistributedQueue(postgres_url, IN_TESTS)
            return await stack.enter_async_context(started(queue, work))

        yield serve


@contextmanager
def process(url: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of its own, which has begun to hold nothing yet."""
    root = Path(__file__).parents[2]
    with (folder / "log.txt").open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", queue_worker.__name__, url, str(folder)],
            cwd=root,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(root)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield child
    finally:
        child.kill()
        child.wait(LONG_ENOUGH_S)


def jobs(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, connect_timeout=5) as connection:
        return connection.execute(
            "SELECT lock, args, status::text FROM procrastinate_jobs"
        ).fetchall()


async def test_one_worker_at_a_time_of_all_processes_serves_a_workspace(
    serving_too: Serving,
) -> None:
    workers = Workers()
    workers.turns_wanted["slack"] = 20
    workers.may_finish.set()
    queues = [await serving_too(workers.work) for _ in range(3)]
    await asyncio.gather(*(queue.wake("slack") for queue in queues))
    await rest(queues[0])
    assert workers.most_at_work == {"slack": 1}
    assert workers.done["slack"] >= 20


async def test_what_is_enqueued_is_served_once_its_transaction_commits(
    serving_too: Serving, postgres_url: str
) -> None:
    workers = Workers()
    workers.may_finish.set()
    queue = await serving_too(workers.work)
    async with await psycopg.AsyncConnection.connect(postgres_url) as connection:
        await queue.enqueue(["slack", "teams"], connection)
        await asyncio.sleep(0.2)
        assert workers.done == {}
        await connection.commit()
    await until(lambda: workers.done == {"slack": 1, "teams": 1})


async def test_what_is_enqueued_in_a_transaction_that_rolls_back_is_not_served(
    serving_too: Serving, postgres_url: str
) -> None:
    workers = Workers()
    workers.may_finish.set()
    queue = await serving_too(workers.work)
    async with await psycopg.AsyncConnection.connect(postgres_url) as connection:
        await queue.enqueue(["slack"], connection)
        await connection.rollback()
    await queue.wake("teams")
    await rest(queue)
    assert workers.done == {"teams": 1}
    assert jobs(postgres_url) == []


async def test_enqueuing_what_waits_already_leaves_the_transaction_whole(
    postgres_url: str,
) -> None:
    queue = DistributedQueue(postgres_url, IN_TESTS)
    try:
        await queue.wake("slack")
        async with await psycopg.AsyncConnection.connect(postgres_url) as connection:
            await queue.enqueue(["slack", "teams"], connection)
            await connection.execute("SELECT 1")
        assert sorted(job[0] for job in jobs(postgres_url)) == ["slack", "teams"]  # type: ignore[type-var]
    finally:
        await queue.close()


async def test_the_engine_keeps_the_workspace_of_a_job_and_nothing_once_it_has_ended(
    serving_too: Serving, postgres_url: str
) -> None:
    workers = Workers()
    queue = await serving_too(workers.work)
    await queue.wake("slack")
    await until(lambda: workers.at_work["slack"] == 1)
    assert jobs(postgres_url) == [("slack", {"workspace_id": "slack"}, "doing")]
    workers.may_finish.set()
    await rest(queue)
    assert jobs(postgres_url) == []


async def test_workers_hear_of_what_waited_for_another_turn_to_end_without_looking(
    postgres_url: str,
) -> None:
    workers = Workers()
    never_looks = DistributedQueue(postgres_url, replace(IN_TESTS, polls_s=2 * LONG_ENOUGH_S))
    async with started(never_looks, workers.work) as queue:
        await queue.wake("slack")
        await until(lambda: workers.at_work["slack"] == 1)
        await queue.wake("slack")
        # The engine forgets news that come while it looks for jobs, which it does now; with
        # `polls_s` as it is, it would look again soon.
        await asyncio.sleep(LOOKS_WITHIN_S)
        workers.may_finish.set()
        await rest(queue)
    assert workers.done == {"slack": 2}


async def test_what_a_stopped_worker_had_in_hand_goes_to_another_one_at_once(
    serving_too: Serving,
) -> None:
    first, second = Workers(), Workers()
    second.may_finish.set()
    stopping = await serving_too(first.work)
    await stopping.wake("slack")
    await until(lambda: first.at_work["slack"] == 1)
    await serving_too(second.work)
    with capture_logs() as logs:
        await stopping.stop()
        await until(lambda: second.done == {"slack": 1})
    assert logs == [], "nobody had to be silent for that"


@pytest.mark.slow
async def test_what_a_killed_worker_had_in_hand_is_handed_on(
    serving_too: Serving, postgres_url: str, tmp_path: Path
) -> None:
    workers = Workers()
    workers.may_finish.set()
    with process(postgres_url, tmp_path) as child:
        queue = DistributedQueue(postgres_url)
        await queue.wake("slack")
        await queue.close()
        await until((tmp_path / "holding").exists)
        child.kill()
        await serving_too(workers.work)
        await until(lambda: workers.done == {"slack": 1})
        await until(lambda: jobs(postgres_url) == [])  # which ends just after its work


@pytest.mark.slow
async def test_a_worker_that_was_paused_and_replaced_drops_its_work_and_not_its_successors(
    serving_too: Serving, postgres_url: str, tmp_path: Path
) -> None:
    workers = Workers()
    with process(postgres_url, tmp_path) as child:
        queue = DistributedQueue(postgres_url)
        await queue.wake("slack")
        await queue.close()
        await until((tmp_path / "holding").exists)
        child.send_signal(signal.SIGSTOP)
        successor = await serving_too(workers.work)
        await until(lambda: workers.at_work["slack"] == 1)
        assert not (tmp_path / "dropped").exists()
        child.send_signal(signal.SIGCONT)
        await until((tmp_path / "dropped").exists)
        await asyncio.sleep(0.3)
        assert jobs(postgres_url) == [("slack", {"workspace_id": "slack"}, "doing")]
        child.kill()
        workers.may_finish.set()
        await until(lambda: workers.done == {"slack": 1})
        await successor.stop()
    assert workers.most_at_work == {"slack": 1}


@pytest.mark.slow
async def test_a_worker_goes_on_when_its_database_comes_back(
    serving_too: Serving, postgres: PostgresServer, postgres_url: str
) -> None:
    workers = Workers()
    queue = await serving_too(workers.work)
    await queue.wake("slack")
    await until(lambda: workers.at_work["slack"] == 1)
    with capture_logs() as logs:
        postgres.crash()
        try:
            await until(lambda: workers.cancelled == {"slack": 1})
            workers.may_finish.set()
            await until(lambda: len(logs) > 0)
        finally:
            postgres.start()
        await until(lambda: workers.done["slack"] >= 1)
        await queue.wake("teams")
        await until(lambda: workers.done["teams"] == 1)
    assert {line["event"] for line in logs} <= {
        "the work queue stopped and starts again",
        "workspaces of a silent worker are handed on",
    }
    async with asyncio.timeout(LONG_ENOUGH_S):
        while jobs(postgres_url):  # noqa: ASYNC110 - another process's tables
            await asyncio.sleep(LOOKS_EVERY_S)
    assert workers.most_at_work == {"slack": 1, "teams": 1}
