"""Who is in a workspace, as a fake Slack server tells it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.slack.client import SlackClient
from adapters.slack.directory import SlackDirectory, member_of
from adapters.slack.reading import LONGEST_WAIT_S, TRIES
from bot.errors import OutcomeUnknown, PlatformError, TryLater
from bot.ports import Member, MemberGroup
from tests.fakes.slack import FakeSlack
from tests.support.slack import TEAM, WORKSPACE, slack_client
from tests.support.timer import SkippingTimer

ANNE = Member("U1", "Anne Bell", "anne@example.org", "Europe/London", "en")


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.running() as running:
        running.add_user("anne", id="U1", real_name="Anne Bell")
        yield running


@pytest.fixture
def timer() -> SkippingTimer:
    return SkippingTimer()


@pytest.fixture
async def client(slack: FakeSlack, timer: SkippingTimer) -> AsyncIterator[SlackClient]:
    async with slack_client(slack, timer) as connected:
        yield connected


@pytest.fixture
def directory(client: SlackClient) -> SlackDirectory:
    return SlackDirectory(client, WORKSPACE)


# --- people --------------------------------------------------------------------------------


async def test_a_person_comes_with_address_zone_and_language(
    slack: FakeSlack, directory: SlackDirectory
) -> None:
    slack.add_user("jose", id="U2", real_name="José", email="José@Example.org", locale="pt-BR")
    slack.workspace.user("jose").tz = "America/Sao_Paulo"

    jose = Member("U2", "José", "josé@example.org", "America/Sao_Paulo", "pt")
    assert await directory.members() == [ANNE, jose]


@pytest.mark.parametrize(
    "kind", ["deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger"]
)
async def test_who_is_not_to_be_written_to_is_left_out(
    slack: FakeSlack, directory: SlackDirectory, kind: str
) -> None:
    setattr(slack.add_user("somebody"), kind, True)

    assert await directory.members() == [ANNE]


async def test_without_the_scope_there_are_no_addresses(
    slack: FakeSlack, directory: SlackDirectory
) -> None:
    slack.set_scopes(["users:read"])

    assert [member.email for member in await directory.members()] == [""]


async def test_everybody_is_read_page_by_page(slack: FakeSlack, directory: SlackDirectory) -> None:
    for number in range(450):
        slack.add_user(f"person-{number}")

    members = await directory.members()

    assert len({member.external_id for member in members}) == len(members) == 451
    calls = slack.calls("users.list")
    assert [call.arguments.get("cursor") for call in calls] == [None, "at:200=", "at:400="]
    assert {call.arguments["limit"] for call in calls} == {"200"}


async def test_long_lists_are_read_at_the_pace_of_the_tier(
    slack: FakeSlack, directory: SlackDirectory, timer: SkippingTimer
) -> None:
    for number in range(25 * 200):
        slack.add_user(f"person-{number}")

    await directory.members()

    calls = len(slack.calls("users.list"))
    assert calls == 26
    assert sum(timer.slept) == pytest.approx((calls - 10) * 3, abs=6)


async def test_a_refusal_is_waited_for_and_the_page_read_again(
    slack: FakeSlack, directory: SlackDirectory, timer: SkippingTimer
) -> None:
    slack.faults.answer("ratelimited", "users.list", details={"retry_after": 7})

    assert await directory.members() == [ANNE]
    assert timer.slept == [7.0]


@pytest.mark.parametrize("fault", ["cut", "lost", "html"])
async def test_a_page_that_got_lost_is_read_again(
    slack: FakeSlack, directory: SlackDirectory, fault: str
) -> None:
    add = {"cut": slack.faults.cut, "lost": slack.faults.lose_replies}
    add.get(fault, slack.faults.html_page)("users.list")

    assert await directory.members() == [ANNE]


async def test_it_does_not_wait_for_ever(slack: FakeSlack, directory: SlackDirectory) -> None:
    slack.faults.answer("ratelimited", "users.list", times=None)

    with pytest.raises(TryLater):
        await directory.members()

    assert len(slack.calls("users.list")) == TRIES


async def test_a_long_wait_is_left_to_the_caller(
    slack: FakeSlack, directory: SlackDirectory, timer: SkippingTimer
) -> None:
    slack.faults.answer(
        "ratelimited", "users.list", details={"retry_after": int(LONGEST_WAIT_S) + 1}
    )

    with pytest.raises(TryLater):
        await directory.members()

    assert timer.slept == []


async def test_half_a_list_is_no_list(slack: FakeSlack, directory: SlackDirectory) -> None:
    for number in range(450):
        slack.add_user(f"person-{number}")
    slack.faults.answer("internal_error", "users.list", times=TRIES)

    with pytest.raises(OutcomeUnknown):
        await directory.members()


async def test_what_somebody_has_to_mend_is_not_waited_for(
    slack: FakeSlack, directory: SlackDirectory, timer: SkippingTimer
) -> None:
    slack.set_scopes([])

    with pytest.raises(PlatformError):
        await directory.members()

    assert timer.slept == []


# --- one person as Slack describes them ------------------------------------------------------


def _user(**details: Any) -> dict[str, Any]:
    return {"id": "U1", "team_id": TEAM, "profile": {"real_name": "Anne Bell"}, **details}


def test_somebody_of_whom_little_is_known_is_somebody_all_the_same() -> None:
    known = {"id": "U1", "team_id": TEAM}
    assert member_of({**known, "name": "anne"}, TEAM) == Member("U1", "anne")
    assert member_of({**known, "profile": None, "tz": None}, TEAM) == Member("U1", "")


@pytest.mark.parametrize("user", [{}, {"id": ""}, {"id": None}, {"id": 7}, {"id": "USLACKBOT"}])
def test_what_is_nobody_is_left_out(user: dict[str, Any]) -> None:
    assert member_of({"team_id": TEAM, **user}, TEAM) is None


@pytest.mark.parametrize(
    ("tz", "zone"),
    [
        ("Europe/London", "Europe/London"),
        ("Asia/Kolkata", "Asia/Kolkata"),
        ("Nowhere/Atall", ""),
        ("America", ""),
        ("../../etc/passwd", ""),
        ("", ""),
        (None, ""),
        (3, ""),
    ],
)
def test_a_zone_is_one_that_is_known(tz: object, zone: str) -> None:
    member = member_of(_user(tz=tz), TEAM)

    assert member is not None
    assert member.zone == zone


@pytest.mark.parametrize(
    ("locale", "language"), [("en-GB", "en"), ("de", "de"), ("zh_TW", "zh"), ("", ""), (None, "")]
)
def test_a_language_is_the_first_part_of_a_locale(locale: str | None, language: str) -> None:
    member = member_of(_user(locale=locale), TEAM)

    assert member is not None
    assert member.language == language


def test_people_of_other_companies_who_share_a_channel_are_left_out() -> None:
    assert member_of(_user(team_id="T9"), TEAM) is None
    assert member_of(_user(), TEAM) is not None


@pytest.mark.parametrize("said", [{"team_id": None}, {"team_id": ""}, {"enterprise_user": None}])
def test_somebody_of_whom_no_workspace_is_known_is_left_out(said: dict[str, Any]) -> None:
    user = {name: each for name, each in _user().items() if name != "team_id"} | said
    assert member_of(user, TEAM) is None


def test_somebody_belongs_to_each_workspace_of_an_organisation_that_they_are_in() -> None:
    assert member_of(_user(team_id="T9", enterprise_user={"teams": ["T8", TEAM]}), TEAM)
    assert not member_of(_user(team_id="T9", enterprise_user={"teams": ["T8"]}), TEAM)


def test_in_a_large_organisation_somebody_belongs_to_several_workspaces() -> None:
    user = _user(team_id="T9", enterprise_user={"teams": ["T9", TEAM]})

    assert member_of(user, TEAM) is not None
    assert member_of(user, "T8") is None


# --- groups and channels ---------------------------------------------------------------------


async def test_a_user_group_comes_with_its_people_and_its_first_channel(
    slack: FakeSlack, directory: SlackDirectory
) -> None:
    slack.workspace.add_group("housing", ["U1", "U2"], name="Housing", channels=["C1", "C2"])
    slack.workspace.add_group("parks", [], name="Parks")
    slack.workspace.add_group("old", ["U1"], deleted=True)

    housing, parks = await directory.user_groups()

    assert housing == MemberGroup("Housing", frozenset({"U1", "U2"}), "C1")
    assert parks == MemberGroup("Parks", frozenset(), "")


async def test_channels_are_those_that_the_bot_is_in(
    slack: FakeSlack, directory: SlackDirectory
) -> None:
    workspace = slack.workspace
    workspace.add_channel("housing", ["U1"], bot_is_member=True, id="C1")
    workspace.add_channel("parks", ["U1"], bot_is_member=True, id="C2", is_private=True)
    workspace.add_channel("general", ["U1"], id="C3")
    workspace.add_channel("old", ["U1"], bot_is_member=True, id="C4", is_archived=True)
    workspace.dm("U1")

    housing, parks = await directory.channels()

    bot_id = workspace.bot.id
    assert housing == MemberGroup("housing", frozenset({"U1", bot_id}), "C1")
    assert (parks.name, parks.channel_id) == ("parks", "C2")


async def test_a_large_channel_is_read_page_by_page(
    slack: FakeSlack, directory: SlackDirectory
) -> None:
    ids = [f"U{number}" for number in range(450)]
    slack.workspace.add_channel("everybody", ids, bot_is_member=True)

    (everybody,) = await directory.channels()

    assert everybody.member_ids == {*ids, slack.workspace.bot.id}


async def test_a_channel_that_the_bot_was_just_taken_out_of_is_left_out(
    slack: FakeSlack, directory: SlackDirectory
) -> None:
    slack.workspace.add_channel("housing", ["U1"], bot_is_member=True)
    slack.workspace.add_channel("parks", ["U1"], bot_is_member=True)
    slack.faults.answer("not_in_channel", "conversations.members")

    assert [group.name for group in await directory.channels()] == ["parks"]
