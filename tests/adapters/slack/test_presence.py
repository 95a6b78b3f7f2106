"""Who asks not to be disturbed, and what it takes to find out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from adapters.slack.client import SlackClient
from adapters.slack.presence import ANSWERS_WITHIN_S, KNOWN_FOR_S, WITHOUT_SCOPE_S, SlackPresence
from adapters.slack.resting import ASK_FOR_REST, WITHOUT_AN_END, rests_by_dnd, rests_by_status
from bot.errors import PlatformError, TryLater
from tests.fakes.slack import FakeSlack
from tests.support.clock import StillClock
from tests.support.printing import printing
from tests.support.slack import WORKSPACE, channel, person, slack_client
from tests.support.timer import SkippingTimer

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
NOON = NOW + timedelta(hours=2)
ANNE, BEN = person("U1"), person("U2")
DND, STATUS, EVERYBODY = "dnd.teamInfo", "users.info", "users.list"


@dataclass
class Stage:
    slack: FakeSlack
    client: SlackClient
    presence: SlackPresence
    clock: StillClock
    timer: SkippingTimer

    def counts(self) -> list[int]:
        return [len(self.slack.calls(each)) for each in (DND, STATUS, EVERYBODY)]

    def has_status(self, name: str, emoji: str, until: datetime | None = None) -> None:
        user = self.slack.workspace.user(name)
        user.status_emoji = emoji
        user.status_expiration = int(until.timestamp()) if until else 0

    def is_not_disturbed(self, name: str, until: datetime) -> None:
        self.slack.workspace.user(name).dnd_until = until.timestamp()


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    clock, timer = StillClock(NOW), SkippingTimer()
    async with FakeSlack.running() as slack, slack_client(slack, timer) as client:
        slack.clock.move_by((NOW - datetime.now(UTC)).total_seconds())
        for number, name in enumerate(("anne", "ben"), 1):
            slack.add_user(name, id=f"U{number}")
        yield Stage(slack, client, SlackPresence(client, WORKSPACE, clock), clock, timer)


# --- who -----------------------------------------------------------------------------------


async def test_who_asks_for_nothing_may_be_written_to(stage: Stage) -> None:
    assert await stage.presence.undisturbed([ANNE, BEN]) == {}


async def test_do_not_disturb_lasts_until_its_end(stage: Stage) -> None:
    stage.is_not_disturbed("anne", NOON)

    assert await stage.presence.undisturbed([ANNE, BEN]) == {ANNE: NOON}


@pytest.mark.parametrize("emoji", ASK_FOR_REST)
async def test_a_status_that_asks_for_rest_lasts_until_its_end(stage: Stage, emoji: str) -> None:
    stage.has_status("ben", f":{emoji}:", NOON)

    assert await stage.presence.undisturbed([ANNE, BEN]) == {BEN: NOON}


async def test_a_status_without_an_end_may_have_been_forgotten(stage: Stage) -> None:
    stage.has_status("ben", ":palm_tree:")

    assert await stage.presence.undisturbed([BEN]) == {BEN: NOW + WITHOUT_AN_END}


async def test_a_status_that_does_not_ask_for_rest_is_nothing(stage: Stage) -> None:
    stage.has_status("ben", ":spiral_calendar_pad:", NOON)

    assert await stage.presence.undisturbed([BEN]) == {}


async def test_of_both_ways_the_later_one_counts(stage: Stage) -> None:
    stage.is_not_disturbed("anne", NOON)
    stage.has_status("anne", ":palm_tree:", NOON + timedelta(days=3))

    assert await stage.presence.undisturbed([ANNE]) == {ANNE: NOON + timedelta(days=3)}


async def test_a_channel_never_rests(stage: Stage) -> None:
    assert await stage.presence.undisturbed([channel("C1")]) == {}
    assert stage.counts() == [0, 0, 0]


async def test_somebody_who_is_not_there_rests_in_nobodys_way(stage: Stage) -> None:
    stage.has_status("ben", ":palm_tree:", NOON)

    assert await stage.presence.undisturbed([person("U0"), BEN]) == {BEN: NOON}


# --- values --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dnd", "until"),
    [
        ({"dnd_enabled": True, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}, None),
        ({"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 2e9}, None),
        ({"dnd_enabled": True, "next_dnd_start_ts": 1.9e9, "next_dnd_end_ts": 2e9}, None),
        (
            {"dnd_enabled": True, "next_dnd_start_ts": 1, "next_dnd_end_ts": 2_000_000_000},
            datetime.fromtimestamp(2_000_000_000, UTC),
        ),
        ({"dnd_enabled": True, "next_dnd_end_ts": "soon"}, None),
        ({"dnd_enabled": True, "next_dnd_end_ts": 1e30}, None),
        ({}, None),
    ],
)
def test_do_not_disturb_holds_between_its_ends(
    dnd: dict[str, object], until: datetime | None
) -> None:
    assert rests_by_dnd(dnd, NOW) == until


@pytest.mark.parametrize(
    "profile",
    [
        None,
        {},
        {"status_emoji": None},
        {"status_emoji": ":palm_tree:", "status_expiration": 1},
        {"status_emoji": ":palm_tree:", "status_expiration": "soon"},
        {"status_emoji": "", "status_text": ":palm_tree:"},
    ],
)
def test_a_status_that_is_over_or_unreadable_is_nothing(profile: object) -> None:
    assert rests_by_status({"profile": profile}, NOW) is None


def test_a_picture_may_have_a_colour_of_skin() -> None:
    profile = {"status_emoji": ":no_entry::skin-tone-3:", "status_expiration": 0}

    assert rests_by_status({"profile": profile}, NOW) == NOW + WITHOUT_AN_END


# --- how it is asked -----------------------------------------------------------------------


async def test_a_few_are_asked_for_one_by_one_and_remembered(stage: Stage) -> None:
    await stage.presence.undisturbed([ANNE, BEN])
    assert stage.counts() == [1, 2, 0]

    await stage.presence.undisturbed([ANNE, BEN])
    assert stage.counts() == [1, 2, 0]


async def test_what_was_remembered_is_asked_again_after_some_minutes(stage: Stage) -> None:
    stage.has_status("ben", ":palm_tree:", NOON)
    await stage.presence.undisturbed([BEN])
    stage.has_status("ben", "")

    assert await stage.presence.undisturbed([BEN]) == {BEN: NOON}
    stage.timer.move_by(KNOWN_FOR_S)
    assert await stage.presence.undisturbed([BEN]) == {}


async def test_what_was_remembered_ends_when_it_ends(stage: Stage) -> None:
    stage.has_status("ben", ":palm_tree:", NOW + timedelta(minutes=1))
    assert BEN in await stage.presence.undisturbed([BEN])

    stage.clock.move_by(minutes=1)

    assert await stage.presence.undisturbed([BEN]) == {}


async def test_for_many_the_list_of_everybody_is_read_once(stage: Stage) -> None:
    people = [stage.slack.add_user(f"person-{number}").id for number in range(120)]
    stage.has_status("person-119", ":palm_tree:", NOON)
    stage.is_not_disturbed("person-60", NOON)
    everybody = [person(each) for each in people]

    found = await stage.presence.undisturbed(everybody)

    assert found == {everybody[119]: NOON, everybody[60]: NOON}
    assert stage.counts() == [3, 0, 1]


async def test_a_long_list_is_gone_on_with_the_next_time(stage: Stage) -> None:
    people = [stage.slack.add_user(f"person-{number}").id for number in range(450)]
    stage.has_status("person-449", ":palm_tree:", NOON)
    last = [person(each) for each in people[-10:]]
    await stage.presence.undisturbed([person(each) for each in people[:10]])
    assert stage.counts()[2] == 1

    assert await stage.presence.undisturbed(last) == {last[-1]: NOON}
    assert [call.arguments.get("cursor") for call in stage.slack.calls(EVERYBODY)] == [
        None,
        "at:200=",
        "at:400=",
    ]


async def test_a_place_in_the_list_that_is_refused_is_given_up(stage: Stage) -> None:
    people = [stage.slack.add_user(f"person-{number}").id for number in range(450)]
    await stage.presence.undisturbed([person(each) for each in people[:10]])
    stage.slack.faults.answer("invalid_cursor", EVERYBODY)
    await stage.presence.undisturbed([person(each) for each in people[-10:]])

    await stage.presence.undisturbed([person(each) for each in people[-10:]])

    calls = stage.slack.calls(EVERYBODY)
    assert [call.arguments.get("cursor") for call in calls][1:3] == ["at:200=", None]


# --- what goes wrong -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [(["dnd:read"], {ANNE: NOON}), (["users:read"], {BEN: NOON}), ([], {})],
)
async def test_what_the_app_may_not_see_nobody_has(
    stage: Stage, scopes: list[str], expected: dict[object, datetime]
) -> None:
    stage.is_not_disturbed("anne", NOON)
    stage.has_status("ben", ":palm_tree:", NOON)
    stage.slack.set_scopes(scopes)

    assert await stage.presence.undisturbed([ANNE, BEN]) == expected


async def test_what_the_app_may_not_see_is_not_asked_again_for_an_hour(stage: Stage) -> None:
    stage.slack.set_scopes([])
    await stage.presence.undisturbed([ANNE])
    await stage.presence.undisturbed([BEN])
    assert stage.counts() == [1, 1, 0]

    stage.timer.move_by(WITHOUT_SCOPE_S)
    await stage.presence.undisturbed([ANNE])

    assert stage.counts() == [2, 2, 0]


async def test_one_way_is_enough_to_know_something(stage: Stage) -> None:
    stage.is_not_disturbed("anne", NOON)
    stage.slack.faults.answer("internal_error", STATUS, times=None)

    assert await stage.presence.undisturbed([ANNE]) == {ANNE: NOON}


async def test_if_nothing_is_known_it_says_so(stage: Stage) -> None:
    stage.slack.faults.html_page(times=None)

    with pytest.raises(PlatformError):
        await stage.presence.undisturbed([ANNE])


async def test_while_slack_asks_to_wait_it_is_not_asked(stage: Stage) -> None:
    stage.slack.faults.answer("ratelimited", times=2, details={"retry_after": 20})
    for _ in range(3):
        with pytest.raises(TryLater):
            await stage.presence.undisturbed([ANNE])
    assert stage.counts() == [1, 1, 0]

    stage.timer.move_by(20)
    assert await stage.presence.undisturbed([ANNE]) == {}


async def test_it_keeps_to_the_pace_of_the_tier_without_waiting(stage: Stage) -> None:
    stage.slack.faults.tiers = True
    stage.slack.set_scopes(["dnd:read"])
    people = [person(stage.slack.add_user(f"person-{number}").id) for number in range(40)]

    for each in people:
        await stage.presence.undisturbed([each])

    assert 5 < stage.counts()[0] < 20
    assert stage.slack.log.refused_429() == 0
    assert stage.timer.slept == []


async def test_a_slow_slack_holds_nothing_up_for_long(stage: Stage) -> None:
    stage.slack.faults.slow(ANSWERS_WITHIN_S * 4, times=None)

    async with asyncio.timeout(ANSWERS_WITHIN_S * 3):
        with pytest.raises(PlatformError):
            await stage.presence.undisturbed([ANNE])


async def test_nothing_of_a_status_is_logged(stage: Stage) -> None:
    stage.has_status("ben", ":face_with_thermometer:", NOON)
    stage.slack.workspace.user("ben").status_text = "In hospital"
    stage.slack.faults.answer("internal_error", DND)

    with printing() as printed:
        await stage.presence.undisturbed([ANNE, BEN])

    assert "internal_error" in printed.getvalue()
    assert "thermometer" not in printed.getvalue()
    assert "hospital" not in printed.getvalue()


async def test_a_programme_for_everybody_asks_for_as_many_at_once_as_slack_takes(
    stage: Stage,
) -> None:
    """Batches of twelve, as at five messages a second: Slack takes 20 such questions a minute."""
    people = [person(stage.slack.add_user(f"somebody{number}").id) for number in range(200)]
    for start in range(0, len(people), 12):
        await stage.presence.undisturbed(people[start : start + 12])
    asked, one_by_one, everybody = stage.counts()
    assert asked <= 6
    assert one_by_one + everybody <= 6
