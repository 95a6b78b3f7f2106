from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from adapters.workqueue.inline import InlineQueue

LONG_ENOUGH = 5


class Workers:
    """Workers that wait to be let go, and how many there are at once in each workspace."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.at_work: Counter[str] = Counter()
        self.most_at_work: Counter[str] = Counter()
        self.may_finish = asyncio.Event()

    async def work(self, workspace_id: str) -> None:
        self.at_work[workspace_id] += 1
        self.most_at_work[workspace_id] = max(
            self.most_at_work[workspace_id], self.at_work[workspace_id]
        )
        await self.may_finish.wait()
        self.at_work[workspace_id] -= 1
        self.done.append(workspace_id)


def queue_of(workers: Workers) -> InlineQueue:
    queue = InlineQueue()
    queue.serve(workers.work)
    return queue


async def settle() -> None:
    """Let everything run that can run."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_waking_returns_when_the_work_is_done() -> None:
    workers = Workers()
    workers.may_finish.set()
    await queue_of(workers).wake("slack")
    assert workers.done == ["slack"]


async def test_one_worker_at_a_time_serves_a_workspace() -> None:
    workers = Workers()
    queue = queue_of(workers)
    async with asyncio.timeout(LONG_ENOUGH), asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(queue.wake("slack"))
        await settle()
        assert workers.at_work["slack"] == 1
        workers.may_finish.set()
    assert workers.done == ["slack"] * 3
    assert workers.most_at_work["slack"] == 1


async def test_two_workspaces_are_served_side_by_side() -> None:
    workers = Workers()
    queue = queue_of(workers)
    async with asyncio.timeout(LONG_ENOUGH), asyncio.TaskGroup() as group:
        group.create_task(queue.wake("slack"))
        group.create_task(queue.wake("teams"))
        await settle()
        assert workers.at_work == {"slack": 1, "teams": 1}
        workers.may_finish.set()
    assert sorted(workers.done) == ["slack", "teams"]


async def test_a_worker_that_fails_does_not_block_the_next() -> None:
    outcomes = iter([RuntimeError("the platform is gone"), None])

    async def work(_workspace_id: str) -> None:
        if error := next(outcomes):
            raise error

    queue = InlineQueue()
    queue.serve(work)
    with pytest.raises(RuntimeError, match="the platform is gone"):
        await queue.wake("slack")
    async with asyncio.timeout(LONG_ENOUGH):
        await queue.wake("slack")
    assert next(outcomes, "both were tried") == "both were tried"


async def test_waking_a_queue_that_serves_nothing_is_a_mistake() -> None:
    with pytest.raises(RuntimeError, match="before it was told what to do"):
        await InlineQueue().wake("slack")
