from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.availability import Availability, Away
from bot.domain.delivery import (
    DeliveryState,
    Next,
    SkipReason,
    after_error,
    before_sending,
    look_again,
    plan_for,
    without_address,
)
from bot.errors import OutcomeUnknown, PlatformError, TryLater, Undeliverable

PERSON = Availability(
    zone="UTC",
    region="GB-ENG",
    working_days=frozenset(range(5)),
    quiet_from=time(18),
    quiet_until=time(8),
)
MONDAY_TEN = datetime(2026, 11, 23, 10, tzinfo=UTC)
MONDAY_EVENING = datetime(2026, 11, 23, 20, tzinfo=UTC)
TUESDAY_EIGHT = datetime(2026, 11, 24, 8, tzinfo=UTC)
SATURDAY_TEN = datetime(2026, 11, 28, 10, tzinfo=UTC)
FOUR_HOURS = timedelta(hours=4)


def test_in_working_time_a_delivery_is_planned_for_when_it_is_due() -> None:
    planned = plan_for(PERSON, MONDAY_TEN, MONDAY_TEN + FOUR_HOURS)
    assert planned == Next(DeliveryState.PLANNED, "", MONDAY_TEN)


def test_in_quiet_hours_a_delivery_is_planned_for_the_morning() -> None:
    planned = plan_for(PERSON, MONDAY_EVENING, TUESDAY_EIGHT + FOUR_HOURS)
    assert planned == Next(DeliveryState.PLANNED, "", TUESDAY_EIGHT)


def test_a_delivery_that_can_not_wait_for_the_morning_is_skipped_with_its_reason() -> None:
    planned = plan_for(PERSON, MONDAY_EVENING, MONDAY_EVENING + FOUR_HOURS)
    assert planned == Next(DeliveryState.SKIPPED, Away.QUIET_HOURS, MONDAY_EVENING)


def test_a_delivery_on_a_day_off_is_skipped_with_its_reason() -> None:
    planned = plan_for(PERSON, SATURDAY_TEN, SATURDAY_TEN + FOUR_HOURS)
    assert planned == Next(DeliveryState.SKIPPED, Away.DAY_OFF, SATURDAY_TEN)


def test_just_before_sending_nothing_stands_in_the_way_of_working_time() -> None:
    assert before_sending(PERSON, MONDAY_TEN, MONDAY_TEN + FOUR_HOURS) is None


def test_a_delivery_expires_at_the_instant_of_its_expiry() -> None:
    expires_at = MONDAY_TEN + FOUR_HOURS
    assert before_sending(PERSON, expires_at, expires_at) == Next(DeliveryState.EXPIRED)
    assert before_sending(PERSON, expires_at - timedelta(seconds=1), expires_at) is None


def test_expiry_comes_before_quiet_hours() -> None:
    assert before_sending(PERSON, MONDAY_EVENING, MONDAY_TEN) == Next(DeliveryState.EXPIRED)


def test_just_before_sending_quiet_hours_put_a_delivery_off() -> None:
    put_off = before_sending(PERSON, MONDAY_EVENING, TUESDAY_EIGHT + FOUR_HOURS)
    assert put_off == Next(DeliveryState.PLANNED, "", TUESDAY_EIGHT)


def test_just_before_sending_a_pause_that_has_begun_skips_a_delivery() -> None:
    paused = replace(PERSON, paused_from=date(2026, 11, 23))
    skipped = before_sending(paused, MONDAY_TEN, MONDAY_TEN + FOUR_HOURS)
    assert skipped == Next(DeliveryState.SKIPPED, Away.PAUSED, MONDAY_TEN)


@pytest.mark.parametrize("minute", range(60))
@pytest.mark.parametrize("until_s", [1, 899, 900, 901, 3600, 86_400])
def test_what_is_put_off_is_looked_at_within_an_hour_on_a_quarter_of_one(
    minute: int, until_s: int
) -> None:
    now = MONDAY_TEN.replace(minute=minute, second=minute)
    until = now + timedelta(seconds=until_s)
    at = look_again(now, TUESDAY_EIGHT, until).due_at
    assert at is not None
    assert now < at <= now + timedelta(hours=1)
    assert (at.minute % 15, at.second, at.microsecond) == (0, 0, 0)
    assert at >= until or at == look_again(now, TUESDAY_EIGHT).due_at


def test_what_is_put_off_beyond_its_expiry_is_looked_at_then() -> None:
    expires_at = MONDAY_TEN + timedelta(minutes=7)
    assert look_again(MONDAY_TEN, expires_at) == Next(DeliveryState.PLANNED, "", expires_at)


def test_without_an_account_a_delivery_goes_elsewhere_waits_or_is_skipped_at_last() -> None:
    late = MONDAY_TEN + FOUR_HOURS
    waits = Next(DeliveryState.PLANNED, "", MONDAY_TEN + timedelta(hours=1))
    assert without_address(MONDAY_TEN, late, None) == waits
    moved = without_address(MONDAY_TEN, late, "slack:T2")
    assert moved == Next(DeliveryState.PLANNED, workspace_id="slack:T2")
    skipped = Next(DeliveryState.SKIPPED, SkipReason.NO_ACCOUNT)
    assert without_address(late, late, None) == skipped


class NewKindOfRefusal(PlatformError):
    """Something that no adapter raises today."""


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Undeliverable(), Next(DeliveryState.FAILED, "undeliverable")),
        (
            TryLater(retry_after_s=30),
            Next(DeliveryState.PLANNED, "", MONDAY_TEN + timedelta(seconds=30)),
        ),
        (OutcomeUnknown(), Next(DeliveryState.UNKNOWN, "", MONDAY_TEN + timedelta(seconds=20))),
        (PlatformError(), Next(DeliveryState.FAILED, "refused")),
        (NewKindOfRefusal(), Next(DeliveryState.FAILED, "refused")),
    ],
)
def test_each_error_has_its_consequence(error: PlatformError, expected: Next) -> None:
    assert after_error(error, MONDAY_TEN, lands_within=timedelta(seconds=20)) == expected


@pytest.mark.parametrize(
    ("asked_for", "waits_s"),
    [(0.0, 1), (-5.0, 1), (864_000.0, 3600), (float("inf"), 3600), (float("nan"), 1)],
)
def test_what_a_platform_asks_for_is_kept_within_reason(asked_for: float, waits_s: int) -> None:
    waits = after_error(TryLater(asked_for), MONDAY_TEN, lands_within=timedelta())
    assert waits.due_at == MONDAY_TEN + timedelta(seconds=waits_s)
