"""What the messenger of the fake platform makes of what it is answered."""

from __future__ import annotations

import asyncio
import socket

import pytest

from benchmarks.fake_platform import Behaviour, HttpMessenger, Platform, Quota
from bot.domain.pace import Rate, SendingLimits
from bot.errors import OutcomeUnknown, PlatformError, TryLater, Undeliverable
from bot.message import Message, Paragraph
from bot.ports import Address

HELLO = Message("Hello", (Paragraph("Hello, how are you arriving today?"),))
ANNE = Address("w", "person", "anne")


async def test_a_message_is_posted_once_found_and_replaced(
    platform: Platform, messenger: HttpMessenger
) -> None:
    message_id = await messenger.post(ANNE, HELLO, "key")
    await messenger.update(ANNE, message_id, HELLO)

    assert await messenger.find(ANNE, "key") == message_id
    counts = platform.counts()
    assert (counts.posts, counts.messages, counts.finds, counts.updates) == (1, 1, 1, 1)


async def test_over_the_quota_it_says_for_how_long_to_wait(
    platform: Platform, messenger: HttpMessenger
) -> None:
    platform.behave(Behaviour(quota=Quota(per_second=0.1, burst=1)))
    await messenger.post(ANNE, HELLO, "a")

    with pytest.raises(TryLater) as refused:
        await messenger.post(ANNE, HELLO, "b")

    assert refused.value.retry_after_s == pytest.approx(10, abs=1)


async def test_who_blocks_the_bot_can_not_be_written_to(
    platform: Platform, messenger: HttpMessenger
) -> None:
    platform.behave(Behaviour(refused=1.0))

    with pytest.raises(Undeliverable):
        await messenger.post(ANNE, HELLO, "a")


@pytest.mark.parametrize("kept", [0.0, 1.0])
async def test_an_error_inside_the_platform_says_nothing_about_the_message(
    platform: Platform, messenger: HttpMessenger, kept: float
) -> None:
    platform.behave(Behaviour(storm=1.0, storm_keeps=kept))

    with pytest.raises(OutcomeUnknown):
        await messenger.post(ANNE, HELLO, "a")

    assert platform.counts().messages == kept


async def test_a_reply_that_takes_too_long_leaves_it_unknown(platform: Platform) -> None:
    platform.behave(Behaviour(latency_s=1.0))

    async with HttpMessenger.connected(platform.address, within_s=0.2) as hasty:
        with pytest.raises(OutcomeUnknown):
            await hasty.post(ANNE, HELLO, "a")
        with pytest.raises(PlatformError):
            await hasty.find(ANNE, "a")


@pytest.mark.parametrize("behaviour", [Behaviour(cut=1.0), Behaviour(lost=1.0)])
async def test_a_dropped_connection_is_not_tried_again(
    platform: Platform, messenger: HttpMessenger, behaviour: Behaviour
) -> None:
    await messenger.post(ANNE, HELLO, "a")  # the next goes over a connection that is there
    platform.behave(behaviour)

    with pytest.raises(OutcomeUnknown):
        await messenger.post(ANNE, HELLO, "b")

    assert platform.counts().posts == 2


async def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    async with HttpMessenger.connected(f"http://127.0.0.1:{port}") as messenger:
        with pytest.raises(TryLater):
            await messenger.post(ANNE, HELLO, "a")
        with pytest.raises(PlatformError):
            await messenger.find(ANNE, "a")


async def test_its_requests_never_wait_for_each_other(
    platform: Platform, messenger: HttpMessenger
) -> None:
    platform.behave(Behaviour(latency_s=0.5))

    async with asyncio.timeout(5):  # one after the other would take a minute and a half
        await asyncio.gather(*(messenger.post(ANNE, HELLO, str(key)) for key in range(150)))

    assert platform.counts().messages == 150


async def test_it_has_the_limits_that_it_was_given(platform: Platform) -> None:
    limits = SendingLimits(workspace=Rate(8.75, 4), in_flight=3, lands_within_s=2)

    async with HttpMessenger.connected(platform.address, limits) as messenger:
        assert messenger.limits is limits
