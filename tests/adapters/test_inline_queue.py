"""What is the inline queue's own; the rest is in `tests/contract/test_work_queues.py`."""

from __future__ import annotations

import asyncio

import pytest

from adapters.workqueue.inline import InlineQueue

LONG_ENOUGH_S = 5


async def test_waking_a_queue_that_serves_nothing_is_a_mistake() -> None:
    with pytest.raises(RuntimeError, match="before it was told what to do"):
        await InlineQueue().wake("slack")


async def test_stopping_waits_until_what_was_in_hand_has_been_handed_back() -> None:
    begun, handed_back = asyncio.Event(), asyncio.Event()

    async def work(_workspace_id: str) -> bool:
        begun.set()
        try:
            await asyncio.sleep(LONG_ENOUGH_S)
        finally:
            await asyncio.sleep(0.01)
            handed_back.set()
        return False

    queue = InlineQueue()
    queue.serve(work)
    await queue.wake("slack")
    async with asyncio.timeout(LONG_ENOUGH_S):
        await begun.wait()
        await queue.stop()
    assert handed_back.is_set()


async def test_a_queue_that_was_stopped_serves_nobody_and_complains_to_nobody() -> None:
    served: list[str] = []

    async def work(workspace_id: str) -> bool:
        served.append(workspace_id)
        return False

    queue = InlineQueue()
    queue.serve(work)
    await queue.stop()
    await queue.wake("slack")
    async with asyncio.timeout(LONG_ENOUGH_S):
        await queue.rest()
    assert served == []


async def test_a_queue_that_is_stopped_before_a_worker_has_begun_comes_to_rest() -> None:
    async def work(_workspace_id: str) -> bool:
        return False

    queue = InlineQueue()
    queue.serve(work)
    await queue.wake("slack")
    async with asyncio.timeout(LONG_ENOUGH_S):
        await queue.stop()
        await queue.rest()
