from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pace import (
    LONGEST_REST_S,
    SLOWEST,
    SPARE_S,
    Bucket,
    Pace,
    Pacer,
    Rate,
    SendingLimits,
)

START = 500.0
TWENTY = SendingLimits(workspace=Rate(per_second=20, burst=20))
AT_ONCE = 20 - int(20 * SPARE_S)  # the rest of the burst is left to the way there


def sending_times(pacer: Pacer, count: int, now: float = START) -> Iterator[float]:
    """When messages go out, each to a conversation of its own, by somebody who never dawdles."""
    for number in range(count):
        now = pacer.next_at(f"c{number}", now)
        pacer.take(f"c{number}", now)
        yield now


def rested(limits: SendingLimits) -> Pacer:
    return Pacer(limits, Pace(), START)


def test_after_a_rest_a_burst_goes_out_at_once_and_then_one_by_one() -> None:
    times = list(sending_times(rested(TWENTY), 25))
    assert times[:AT_ONCE] == pytest.approx([START] * AT_ONCE)
    gaps = [later - earlier for earlier, later in pairwise(times[AT_ONCE - 1 :])]
    assert gaps == pytest.approx([1 / 20] * (25 - AT_ONCE))


def test_five_hundred_messages_take_as_long_as_the_limit_asks_and_no_longer() -> None:
    last = list(sending_times(rested(TWENTY), 500))[-1]
    assert last - START == pytest.approx((500 - AT_ONCE) / 20)
    assert last - START < (500 - 20) / 20 * 1.05


def test_without_limits_nothing_waits() -> None:
    assert set(sending_times(rested(SendingLimits()), 100)) == {START}


def test_one_conversation_waits_while_others_go_on() -> None:
    pacer = rested(SendingLimits(conversation=Rate(per_second=1)))
    pacer.take("ada", START)
    assert pacer.next_at("ada", START) == START + 1
    assert pacer.next_at("ben", START) == START


def test_a_successor_goes_on_where_a_worker_stopped() -> None:
    first = rested(TWENTY)
    assert list(sending_times(first, AT_ONCE)) == pytest.approx([START] * AT_ONCE)
    successor = Pacer(TWENTY, first.pace(START), now=9_000.0)  # another machine's timer
    assert successor.next_at("ada", 9_000.0) == pytest.approx(9_000 + 1 / 20)


def test_what_is_claimed_counts_for_a_successor_as_if_it_had_been_sent() -> None:
    successor = Pacer(TWENTY, rested(TWENTY).pace(START, ahead=AT_ONCE + 10), START)
    assert successor.next_at("ada", START) == pytest.approx(START + 11 / 20)


def test_a_clock_that_jumped_does_not_silence_a_workspace() -> None:
    pacer = Pacer(TWENTY, Pace(rests_for_s=10_000_000), START)
    assert pacer.next_at("ada", START) <= START + LONGEST_REST_S
    assert Pacer(TWENTY, Pace(rests_for_s=-10_000_000), START).next_at("ada", START) == START


# --- refusals ------------------------------------------------------------------------------


def test_after_a_refusal_nothing_goes_out_before_the_platform_said() -> None:
    pacer = rested(TWENTY)
    pacer.refused(7, START)
    assert pacer.next_at("ada", START) == START + 7


def test_after_a_refusal_there_is_no_burst_and_half_the_pace() -> None:
    pacer = rested(TWENTY)
    pacer.refused(7, START)
    times = list(sending_times(pacer, 3))
    assert times == pytest.approx([START + 7, START + 7.1, START + 7.2], abs=0.005)


def test_without_refusals_the_pace_comes_back() -> None:
    pacer = rested(TWENTY)
    pacer.refused(1, START)
    assert pacer.pace(START + 1).share == 0.5
    assert pacer.pace(START + 6).share == pytest.approx(0.75)
    assert pacer.pace(START + 60).share == 1


def test_the_pace_comes_back_while_nobody_sends_too() -> None:
    assert Pacer(TWENTY, Pace(rests_for_s=-5, share=0.5), START).pace(START).share == 0.75


def test_refusals_of_what_was_under_way_together_count_once() -> None:
    pacer = rested(TWENTY)
    for _ in range(30):
        pacer.refused(1, START)
    assert pacer.pace(START).share == 0.5


def test_refusals_again_and_again_never_stop_a_workspace_for_good() -> None:
    pacer, now = rested(TWENTY), START
    for _ in range(50):
        now = pacer.next_at("ada", now)
        pacer.refused(1, now)
    assert pacer.pace(now).share == SLOWEST


def test_a_platform_without_a_known_limit_is_still_obeyed() -> None:
    pacer = rested(SendingLimits())
    pacer.refused(3, START)
    assert pacer.next_at("ada", START) == START + 3
    successor = Pacer(SendingLimits(), pacer.pace(START), START)
    assert successor.next_at("ada", START) == START + 3
    assert successor.pace(START).share == 0.5


# --- the bucket against its promise --------------------------------------------------------


@given(
    per_second=st.floats(0.2, 50),
    burst=st.integers(1, 40),
    pauses=st.lists(st.floats(0, 5), min_size=2, max_size=80),
)
def test_no_window_ever_holds_more_than_a_burst_and_the_rate(
    per_second: float, burst: int, pauses: list[float]
) -> None:
    bucket, now, times = Bucket(Rate(per_second, burst), START), START, list[float]()
    for pause in pauses:
        now = bucket.next_at(now + pause)
        bucket.take(now)
        times.append(now)
    for first in range(len(times)):
        for last in range(first, len(times)):
            allowed = burst + (times[last] - times[first]) * per_second
            assert last - first + 1 <= allowed + 1e-6
