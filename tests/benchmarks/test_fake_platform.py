"""What the fake platform promises to those who measure with it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

import pytest

from benchmarks.fake_platform import Behaviour, HttpMessenger, Platform, Quota
from benchmarks.fake_platform.behaviour import Tokens
from bot.errors import OutcomeUnknown, PlatformError, TryLater
from bot.message import Message, Paragraph
from bot.ports import Address

HELLO = Message("Hello", (Paragraph("Hello, how are you arriving today?"),))
LANDS_WITHIN_S = 5.0


def person(number: int) -> Address:
    return Address("w", "person", f"p{number}")


async def post_many(messenger: HttpMessenger, count: int) -> Counter[str]:
    """Post to so many people at once; what became of it: "" or the name of an error."""
    outcomes = await asyncio.gather(
        *(messenger.post(person(number), HELLO, f"k{number}") for number in range(count)),
        return_exceptions=True,
    )
    return Counter("" if isinstance(each, str) else type(each).__name__ for each in outcomes)


async def lands(platform: Platform) -> bool:
    """Wait until a message has landed."""
    last = time.monotonic() + LANDS_WITHIN_S
    while platform.counts().messages == 0 and time.monotonic() < last:  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.02)
    return platform.counts().messages > 0


async def test_it_counts_what_arrived_to_whom_and_when(
    platform: Platform, messenger: HttpMessenger
) -> None:
    before = time.monotonic()
    for number, key in [(1, "a"), (2, "b"), (2, "c"), (3, "d"), (3, "d")]:
        await messenger.post(person(number), HELLO, key)
    after = time.monotonic()

    counts, arrivals = platform.counts(), platform.arrivals()
    assert (counts.messages, counts.people, counts.posts) == (5, 3, 5)
    assert (counts.twice, counts.keys_twice) == (["p2", "p3"], ["d"])
    assert [(each.conversation, each.key) for each in arrivals] == [
        ("p1", "a"), ("p2", "b"), ("p2", "c"), ("p3", "d"), ("p3", "d"),
    ]  # fmt: skip
    assert before <= counts.first_at <= counts.last_at <= after
    assert [each.at for each in arrivals] == sorted(each.at for each in arrivals)


async def test_a_message_is_found_by_its_conversation_and_key_alone(
    messenger: HttpMessenger,
) -> None:
    message_id = await messenger.post(person(1), HELLO, "a/b c")

    assert await messenger.find(person(1), "a/b c") == message_id
    assert await messenger.find(person(2), "a/b c") is None
    assert await messenger.find(person(1), "a") is None


async def test_a_lost_reply_keeps_the_message(platform: Platform, messenger: HttpMessenger) -> None:
    platform.behave(Behaviour(lost=1.0))

    with pytest.raises(OutcomeUnknown):
        await messenger.post(person(1), HELLO, "a")

    assert platform.counts().messages == 1
    assert await messenger.find(person(1), "a") is not None


async def test_a_request_that_is_cut_leaves_nothing(
    platform: Platform, messenger: HttpMessenger
) -> None:
    platform.behave(Behaviour(cut=1.0))

    with pytest.raises(OutcomeUnknown):
        await messenger.post(person(1), HELLO, "a")
    with pytest.raises(PlatformError):
        await messenger.find(person(1), "a")

    assert platform.counts().messages == 0


async def test_a_slow_message_lands_after_its_connection_was_cut(
    platform: Platform, messenger: HttpMessenger
) -> None:
    platform.behave(Behaviour(slow=1.0, lands_after_s=0.3))

    cut_at = time.monotonic()
    with pytest.raises(OutcomeUnknown):
        await messenger.post(person(1), HELLO, "a")

    assert await lands(platform)
    assert platform.counts().first_at >= cut_at + 0.3
    assert await messenger.find(person(1), "a") is not None


async def test_in_a_storm_nothing_is_answered_and_some_of_it_is_kept(
    platform: Platform, messenger: HttpMessenger
) -> None:
    platform.behave(Behaviour(storm=1.0, storm_keeps=0.5))

    assert await post_many(messenger, 60) == {"OutcomeUnknown": 60}

    assert 0 < platform.counts().messages < 60
    with pytest.raises(PlatformError):
        await messenger.find(person(1), "k1")


async def test_shares_are_of_the_requests_and_the_same_for_a_seed(
    platform: Platform, messenger: HttpMessenger
) -> None:
    async def lost() -> list[int]:
        platform.behave(Behaviour(lost=0.25, seed=7))
        cut = []
        for number in range(80):
            try:
                await messenger.post(person(number), HELLO, "a")
            except OutcomeUnknown:
                cut.append(number)
        return cut

    first = await lost()

    assert 8 <= len(first) <= 32
    assert await lost() == first


async def test_the_quota_is_exact(platform: Platform, messenger: HttpMessenger) -> None:
    platform.behave(Behaviour(quota=Quota(per_second=0.01, burst=7)))

    outcomes = await post_many(messenger, 40)

    assert outcomes == {"": 7, "TryLater": 33}
    counts = platform.counts()
    assert (counts.messages, counts.over_quota, counts.posts) == (7, 33, 40)


async def test_each_workspace_has_its_quota(platform: Platform, messenger: HttpMessenger) -> None:
    platform.behave(Behaviour(quota=Quota(per_second=0.01, burst=1)))

    await messenger.post(Address("w1", "person", "p"), HELLO, "a")
    await messenger.post(Address("w2", "person", "p"), HELLO, "b")
    with pytest.raises(TryLater) as refused:
        await messenger.post(Address("w1", "person", "p"), HELLO, "c")

    assert refused.value.retry_after_s == pytest.approx(100, abs=1)


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    tokens = Tokens(Quota(per_second=4, burst=3), now=100.0)

    given = [tokens.take(100.0 + step / 100) == 0 for step in range(1000)]  # ten seconds

    # 3 at once, and 4 for each of 9.99 seconds.
    assert sum(given) == 3 + 39
    assert given[:4] == [True, True, True, False]


def test_a_bucket_says_in_whole_seconds_when_there_is_something_again() -> None:
    tokens = Tokens(Quota(per_second=0.4, burst=1), now=0.0)

    assert tokens.take(0.0) == 0
    assert tokens.take(0.0) == 3
    assert tokens.take(2.0) == 1
    assert tokens.take(2.5) == 0


def test_a_bucket_never_saves_up_more_than_its_burst() -> None:
    tokens = Tokens(Quota(per_second=10, burst=2), now=0.0)

    assert [tokens.take(1000.0) == 0 for _ in range(3)] == [True, True, False]


async def test_it_takes_as_long_as_it_is_told(platform: Platform, messenger: HttpMessenger) -> None:
    platform.behave(Behaviour(latency_s=0.2))

    started = time.monotonic()
    await post_many(messenger, 20)
    ended = time.monotonic()

    # All at once, and each of them there and back.
    assert ended - started >= 0.2
    assert platform.counts().first_at >= started + 0.1


async def test_it_forgets_when_it_is_told_to(platform: Platform, messenger: HttpMessenger) -> None:
    await messenger.post(person(1), HELLO, "a")

    platform.forget()

    assert platform.counts().posts == platform.counts().messages == 0
    assert await messenger.find(person(1), "a") is None


async def test_what_comes_after_it_has_forgotten_does_not_count(
    platform: Platform, messenger: HttpMessenger
) -> None:
    platform.behave(Behaviour(latency_s=0.4))
    posting = asyncio.create_task(messenger.post(person(1), HELLO, "a"))
    async with asyncio.timeout(5):
        while platform.counts().posts == 0:  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.02)
        platform.forget()
        await posting

    assert platform.counts().messages == 0


async def test_it_behaves_as_it_was_told(platform: Platform) -> None:
    bad = Behaviour(latency_s=0.1, jitter_s=0.2, quota=Quota(5, 2), lost=0.1, refused=0.5, seed=3)

    platform.behave(bad)

    assert platform.behaviour() == bad
