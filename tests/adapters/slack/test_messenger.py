"""The core's Messenger on Slack, against a fake Slack server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from adapters.outbound import HELD_UP_S
from adapters.slack.client import SlackClient
from adapters.slack.ids import is_slack, metadata_of, place_of, team_of, workspace_of
from adapters.slack.messenger import MOST_PAGES, PAGE, WITHOUT_CHARTS_S, SlackMessenger, limits_of
from bot.app import SystemClock
from bot.domain.pace import Rate
from bot.errors import OutcomeUnknown, PlatformError, TryLater, Undeliverable
from bot.message import Button, Buttons, Chart, Message, Paragraph, Series
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.state import Posted
from tests.support.clock import StillClock
from tests.support.slack import TEAM, channel, messenger_on, person, slack_client
from tests.support.timer import SkippingTimer

POST = "chat.postMessage"
HELLO = Message(
    "How are you arriving today?",
    (Paragraph("How are you arriving today?"), Buttons((Button("Sunny", "check_in", "1"),))),
)
CHART = Chart(
    title="How it went",
    kind="bar",
    categories=("May", "June"),
    series=(Series("Team", (3.0, 4.0)),),
    low=1,
    high=5,
    text="May: about 3. June: about 4.",
)
SUMMARY = Message("Your team's summary", (Paragraph("Your team's summary"), CHART))
ANNE = person("U1")
TEAM_CHANNEL = channel("C1")
NATIVE = "data_visualization"


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.running() as running:
        running.add_user("anne", id="U1")
        running.add_user("ben", id="U2")
        running.workspace.add_channel("housing", ["U1"], bot_is_member=True, id="C1")
        yield running


@pytest.fixture
def timer() -> SkippingTimer:
    return SkippingTimer()


@pytest.fixture
async def client(slack: FakeSlack, timer: SkippingTimer) -> AsyncIterator[SlackClient]:
    async with slack_client(slack, timer) as connected:
        yield connected


@pytest.fixture
def messenger(client: SlackClient) -> SlackMessenger:
    return messenger_on(client)


def kinds(posted: Posted) -> list[str]:
    return [str(block["type"]) for block in posted.blocks]


# --- posting -------------------------------------------------------------------------------


async def test_a_message_reaches_a_person_with_its_key_and_text(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    message_id = await messenger.post(ANNE, HELLO, "key-1")

    (posted,) = slack.messages("anne")
    assert message_id == f"{posted.channel}/{posted.ts}"
    assert posted.metadata == metadata_of("key-1")
    assert posted.text == HELLO.summary
    assert kinds(posted) == ["section", "actions"]
    (call,) = slack.calls()
    assert (call.method, call.arguments["channel"]) == (POST, "U1")
    assert call.arguments["unfurl_links"] is call.arguments["unfurl_media"] is False


async def test_a_message_reaches_a_channel(slack: FakeSlack, messenger: SlackMessenger) -> None:
    message_id = await messenger.post(TEAM_CHANNEL, HELLO, "key-1")

    assert place_of(message_id) == ("C1", slack.messages("housing")[0].ts)


@pytest.mark.parametrize("who", ["U0", "C0", "UBOT0001", "USLACKBOT"])
async def test_where_nobody_is_nothing_can_be_delivered(
    messenger: SlackMessenger, who: str
) -> None:
    with pytest.raises(Undeliverable):
        await messenger.post(person(who), HELLO, "key-1")


async def test_who_has_left_can_not_be_written_to(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.workspace.user("anne").deleted = True

    with pytest.raises(Undeliverable):
        await messenger.post(ANNE, HELLO, "key-1")


async def test_an_answer_without_an_id_leaves_it_unknown(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.faults.answer("", POST, details={"ok": True, "error": None})

    with pytest.raises(OutcomeUnknown):
        await messenger.post(ANNE, HELLO, "key-1")


@pytest.mark.parametrize("message", [HELLO, SUMMARY])
@pytest.mark.parametrize("code", ["internal_error", "ratelimited", "msg_too_long"])
async def test_it_never_posts_again_by_itself(
    slack: FakeSlack, messenger: SlackMessenger, message: Message, code: str
) -> None:
    slack.faults.answer(code, POST)

    with pytest.raises(PlatformError):
        await messenger.post(ANNE, message, "key-1")

    assert len(slack.calls(POST)) == 1


# --- charts --------------------------------------------------------------------------------


async def test_a_chart_is_drawn_where_slack_takes_it(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    await messenger.post(TEAM_CHANNEL, SUMMARY, "key-1")

    (posted,) = slack.messages("housing")
    assert NATIVE in kinds(posted)
    assert CHART.text in str(posted.blocks)


async def test_where_charts_are_refused_the_words_go_out_once(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.workspace.refuses_charts = True

    await messenger.post(TEAM_CHANNEL, SUMMARY, "key-1")

    (posted,) = slack.messages("housing")
    assert NATIVE not in kinds(posted)
    assert CHART.text in str(posted.blocks)
    assert posted.metadata == metadata_of("key-1")


async def test_that_charts_are_refused_is_remembered_for_a_while(
    slack: FakeSlack, messenger: SlackMessenger, timer: SkippingTimer
) -> None:
    slack.workspace.refuses_charts = True
    await messenger.post(TEAM_CHANNEL, SUMMARY, "key-1")
    slack.workspace.refuses_charts = False

    await messenger.post(TEAM_CHANNEL, SUMMARY, "key-2")
    assert len(slack.calls(POST)) == 3
    timer.move_by(WITHOUT_CHARTS_S)
    await messenger.post(TEAM_CHANNEL, SUMMARY, "key-3")

    drawn = [NATIVE in kinds(posted) for posted in slack.messages("housing")]
    assert drawn == [False, False, True]


@pytest.mark.parametrize("code", ["invalid_blocks", "invalid_blocks_format"])
async def test_if_the_blocks_are_refused_without_charts_too_only_text_goes_out(
    slack: FakeSlack, messenger: SlackMessenger, code: str
) -> None:
    slack.faults.answer(code, POST, times=2)

    await messenger.post(TEAM_CHANNEL, SUMMARY, "key-1")

    (posted,) = slack.messages("housing")
    assert posted.blocks == []
    assert SUMMARY.summary in posted.text
    assert CHART.text in posted.text
    assert len(slack.calls(POST)) == 3


async def test_a_chart_that_was_not_the_reason_is_not_held_against_it(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.faults.answer("invalid_blocks", POST, times=2)
    await messenger.post(TEAM_CHANNEL, SUMMARY, "key-1")

    await messenger.post(TEAM_CHANNEL, SUMMARY, "key-2")

    assert NATIVE in kinds(slack.messages("housing")[-1])


async def test_if_even_text_is_refused_it_is_given_up(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.faults.answer("invalid_blocks", POST, times=None)

    with pytest.raises(PlatformError):
        await messenger.post(TEAM_CHANNEL, SUMMARY, "key-1")

    assert len(slack.calls(POST)) == 3


async def test_a_question_does_not_go_out_without_its_buttons(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.faults.answer("invalid_blocks", POST)

    with pytest.raises(PlatformError):
        await messenger.post(ANNE, HELLO, "key-1")

    assert len(slack.calls(POST)) == 1
    assert not slack.messages("anne")


async def test_a_second_way_has_no_more_time_than_the_first(
    slack: FakeSlack, timer: SkippingTimer
) -> None:
    class Slow:
        async def token(self, team_id: str) -> str:
            timer.move_by(HELD_UP_S - 1)
            return slack.bot_token(team_id)

    slack.workspace.refuses_charts = True
    async with SlackClient.connected(Slow(), slack.api_url, timer) as client:
        with pytest.raises(TryLater):
            await messenger_on(client).post(TEAM_CHANNEL, SUMMARY, "key-1")

    assert not slack.messages("housing")


# --- finding -------------------------------------------------------------------------------


async def test_a_message_whose_reply_was_lost_is_found_by_its_key(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.faults.lose_replies(POST)
    with pytest.raises(OutcomeUnknown):
        await messenger.post(ANNE, HELLO, "key-1")

    found = await messenger.find(ANNE, "key-1")

    (posted,) = slack.messages("anne")
    assert found == f"{posted.channel}/{posted.ts}"


async def test_a_message_that_never_arrived_is_not_found(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.faults.cut(POST)
    with pytest.raises(OutcomeUnknown):
        await messenger.post(ANNE, HELLO, "key-1")

    assert await messenger.find(ANNE, "key-1") is None


async def test_a_message_is_found_in_a_channel(messenger: SlackMessenger) -> None:
    message_id = await messenger.post(TEAM_CHANNEL, HELLO, "key-1")

    assert await messenger.find(TEAM_CHANNEL, "key-1") == message_id


async def test_a_key_is_one_persons(messenger: SlackMessenger) -> None:
    await messenger.post(ANNE, HELLO, "key-1")

    assert await messenger.find(person("U2"), "key-1") is None


async def test_metadata_of_others_is_not_taken_for_a_key(
    slack: FakeSlack, client: SlackClient, messenger: SlackMessenger
) -> None:
    for metadata in (
        {"event_type": "task_created", "event_payload": {"key": "key-1"}},
        {"event_type": "wellbeing_delivery", "event_payload": {"key": ["key-1"]}},
    ):
        await client.call(TEAM, POST, channel="U1", text="Hello", metadata=metadata)

    assert await messenger.find(ANNE, "key-1") is None
    assert len(slack.messages("anne")) == 2


async def test_a_persons_conversation_is_asked_for_once(
    slack: FakeSlack, client: SlackClient, messenger: SlackMessenger
) -> None:
    await messenger.post(ANNE, HELLO, "key-1")
    await messenger.find(ANNE, "key-1")
    assert not slack.calls("conversations.open")

    after_a_restart = messenger_on(client)
    await after_a_restart.find(ANNE, "key-1")
    await after_a_restart.find(ANNE, "key-2")

    assert len(slack.calls("conversations.open")) == 1


async def test_it_looks_at_every_page_that_may_matter(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    message_id = await messenger.post(TEAM_CHANNEL, HELLO, "key-1")
    _chatter(slack, 2 * PAGE)

    assert await messenger.find(TEAM_CHANNEL, "key-1") == message_id
    assert len(slack.calls("conversations.history")) == 3


async def test_it_does_not_look_at_what_is_too_old_to_matter(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    _chatter(slack, 2 * PAGE)
    slack.clock.move_by(15 * 86_400)
    _chatter(slack, 10)

    assert await messenger.find(TEAM_CHANNEL, "key-1") is None
    assert len(slack.calls("conversations.history")) == 1


async def test_where_there_is_too_much_it_does_not_say_that_it_never_arrived(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    _chatter(slack, MOST_PAGES * PAGE + 1)

    with pytest.raises(PlatformError):
        await messenger.find(TEAM_CHANNEL, "key-1")


def _chatter(slack: FakeSlack, count: int) -> None:
    for _ in range(count):
        slack.workspace.post(Posted(slack.clock.ts(), "C1", "U1", "A word"))


async def test_who_has_left_has_got_nothing_that_could_be_sent_twice(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.workspace.user("anne").deleted = True

    assert await messenger.find(ANNE, "key-1") is None
    assert await messenger.find(channel("C0"), "key-1") is None


@pytest.mark.parametrize("method", ["conversations.open", "conversations.history"])
@pytest.mark.parametrize("code", ["internal_error", "ratelimited", "missing_scope", "new_error"])
async def test_a_slack_that_can_not_be_asked_has_not_said_no(
    slack: FakeSlack, messenger: SlackMessenger, method: str, code: str
) -> None:
    slack.faults.answer(code, method)

    with pytest.raises(PlatformError):
        await messenger.find(ANNE, "key-1")


@pytest.mark.parametrize("code", ["account_inactive", "token_revoked"])
async def test_an_app_that_was_removed_can_not_ask(
    slack: FakeSlack, messenger: SlackMessenger, code: str
) -> None:
    slack.faults.answer(code)

    with pytest.raises(PlatformError):
        await messenger.find(ANNE, "key-1")


# --- updating ------------------------------------------------------------------------------


async def test_a_message_is_replaced_in_place_and_keeps_its_key(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    message_id = await messenger.post(ANNE, HELLO, "key-1")

    await messenger.update(ANNE, message_id, Message("Thank you", (Paragraph("Thank you"),)))

    (posted,) = slack.messages("anne")
    assert posted.text == "Thank you"
    assert await messenger.find(ANNE, "key-1") == message_id


async def test_a_message_that_was_deleted_can_not_be_replaced(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    message_id = await messenger.post(ANNE, HELLO, "key-1")
    slack.workspace.remove(slack.messages("anne")[0])

    with pytest.raises(Undeliverable):
        await messenger.update(ANNE, message_id, HELLO)


async def test_where_charts_are_refused_a_message_is_replaced_by_words(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    slack.workspace.refuses_charts = True
    message_id = await messenger.post(TEAM_CHANNEL, HELLO, "key-1")

    await messenger.update(TEAM_CHANNEL, message_id, SUMMARY)

    (posted,) = slack.messages("housing")
    assert CHART.text in str(posted.blocks)


# --- the rest ------------------------------------------------------------------------------


async def test_who_rests_is_asked_of_slack(slack: FakeSlack, client: SlackClient) -> None:
    until = datetime(2026, 11, 23, 12, tzinfo=UTC)
    slack.workspace.user("anne").status_emoji = ":palm_tree:"
    slack.workspace.user("anne").status_expiration = int(until.timestamp())
    messenger = messenger_on(client, StillClock())

    assert await messenger.undisturbed([ANNE, person("U2"), TEAM_CHANNEL]) == {ANNE: until}


def test_its_limits_are_slacks_and_those_of_the_settings() -> None:
    limits = limits_of(300)

    assert limits.workspace == Rate(5.0, 20)
    assert limits.conversation == Rate(1.0, 3)
    assert limits.lands_within_s >= 10
    assert limits_of(6).workspace == Rate(0.1, 6)


def test_ids_say_which_platform_they_are_of() -> None:
    assert workspace_of("T0001") == "slack:T0001"
    assert team_of("slack:T0001") == "T0001"
    assert [is_slack(each) for each in ("slack:T0001", "playground")] == [True, False]


async def test_two_workspaces_have_nothing_to_do_with_each_other(
    slack: FakeSlack, client: SlackClient
) -> None:
    other = slack.add_workspace("Other")
    other.add_user("zoe", id="U9")
    there = SlackMessenger(client, workspace_of(other.id), limits_of(300), SystemClock())

    await asyncio.gather(
        there.post(person("U9"), HELLO, "key-1"), messenger_on(client).post(ANNE, HELLO, "key-2")
    )

    assert [len(other.in_channel(other.dm("U9").id)), len(slack.messages("anne"))] == [1, 1]
