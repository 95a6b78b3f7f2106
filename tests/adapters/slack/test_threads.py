"""Conversations of their own within somebody's messages: threads, posted in and looked up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.slack.client import SlackClient
from adapters.slack.ids import metadata_of, place_of
from adapters.slack.messenger import PAGE, SlackMessenger
from bot.errors import OutcomeUnknown, Undeliverable
from bot.message import Button, Buttons, Message, sentence
from bot.ports import Address
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.reading import text_of
from tests.fakes.slack.state import Posted
from tests.support.slack import messenger_on, person, slack_client
from tests.support.slack_bot import SlackBot
from tests.support.timer import SkippingTimer

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
REQUEST = sentence("Somebody would like to talk")
LINE = sentence("Hello, I'm glad that you wrote")
ASKED = Message("Shall we end here?", (Buttons((Button("Places to turn", "resources.open", ""),)),))
ANNE = person("U1")
POST = "chat.postMessage"
FILE = {"id": "F1", "name": "payslip.pdf"}


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.running() as running:
        running.add_user("anne", id="U1")
        yield running


@pytest.fixture
async def client(slack: FakeSlack) -> AsyncIterator[SlackClient]:
    async with slack_client(slack, SkippingTimer()) as connected:
        yield connected


@pytest.fixture
def messenger(client: SlackClient) -> SlackMessenger:
    return messenger_on(client)


async def begun(messenger: SlackMessenger, key: str = "root") -> Address:
    """The address of a conversation that has just begun."""
    return replace(ANNE, thread=await messenger.post(ANNE, REQUEST, key))


def root_of(slack: FakeSlack, address: Address) -> Posted:
    root = slack.workspace.message(*place_of(address.thread))
    assert root is not None
    return root


# --- sending -------------------------------------------------------------------------------


async def test_it_says_that_threads_are_kept(messenger: SlackMessenger) -> None:
    assert messenger.limits.keeps_threads


async def test_what_is_posted_in_a_conversation_is_in_its_thread_alone(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    one, other = await begun(messenger, "root-1"), await begun(messenger, "root-2")

    message_id = await messenger.post(one, LINE, "key-1")

    anne = slack.actor("anne")
    *_, posted = anne.thread(root_of(slack, one))
    assert message_id == f"{posted.channel}/{posted.ts}"
    assert (posted.text, posted.metadata) == (LINE.summary, metadata_of("key-1"))
    assert anne.thread(root_of(slack, other)) == [root_of(slack, other)]
    assert [each.text for each in anne.messages()] == [REQUEST.summary] * 2


async def test_it_is_looked_up_in_its_thread(slack: FakeSlack, messenger: SlackMessenger) -> None:
    one, other = await begun(messenger, "root-1"), await begun(messenger, "root-2")
    message_id = await messenger.post(one, LINE, "key-1")

    assert await messenger.find(one, "key-1") == message_id
    assert await messenger.find(other, "key-1") is None
    assert await messenger.find(ANNE, "key-1") is None
    assert await messenger.find(one, "key-2") is None
    assert await messenger.find(ANNE, "root-1") == one.thread
    assert not slack.calls("conversations.open")


async def test_it_is_found_whose_reply_was_lost_however_long_the_thread_is(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    address = await begun(messenger)
    root = root_of(slack, address)
    for number in range(2 * PAGE):
        ts = slack.clock.ts()
        slack.workspace.post(Posted(ts, root.channel, "U1", f"{number}", thread_ts=root.ts))
    slack.faults.lose_replies(POST)

    with pytest.raises(OutcomeUnknown):
        await messenger.post(address, LINE, "key-1")

    assert (
        await messenger.find(address, "key-1") == f"{root.channel}/{slack.messages('anne')[-1].ts}"
    )
    assert len(slack.calls("conversations.replies")) == 3


async def test_a_message_in_a_thread_is_replaced_there(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    address = await begun(messenger)
    message_id = await messenger.post(address, LINE, "key-1")

    await messenger.update(address, message_id, sentence("This has ended"))

    _root, changed = slack.actor("anne").thread(root_of(slack, address))
    assert (changed.text, changed.metadata) == ("This has ended", metadata_of("key-1"))


async def test_in_a_thread_that_is_gone_nothing_is_found(
    slack: FakeSlack, messenger: SlackMessenger
) -> None:
    address = await begun(messenger)
    slack.workspace.remove(root_of(slack, address))
    assert await messenger.find(address, "key-1") is None


@pytest.mark.parametrize("code", ["thread_not_found", "cannot_reply_to_message"])
async def test_where_slack_takes_no_reply_nothing_can_be_delivered(
    slack: FakeSlack, messenger: SlackMessenger, code: str
) -> None:
    address = await begun(messenger)
    slack.faults.answer(code, POST)
    with pytest.raises(Undeliverable):
        await messenger.post(address, LINE, "key-1")


# --- what people do there ------------------------------------------------------------------


@pytest.fixture
async def conversation(welcomed: SlackBot) -> Address:
    """One that began with a message to boss-1, and has one reply with buttons."""
    messenger = welcomed.platform.messengers["slack:T0001"]
    theirs = person(welcomed.actor("boss-1").user.id)
    address = replace(theirs, thread=await messenger.post(theirs, REQUEST, "root"))
    await messenger.post(address, ASKED, "key-1")
    return address


async def test_a_line_in_a_thread_is_answered_there(
    welcomed: SlackBot, conversation: Address
) -> None:
    actor, root = welcomed.actor("boss-1"), root_of(welcomed.slack, conversation)
    outside = len(actor.messages())
    for files in ([], [FILE]):
        answered = await actor.says("hello", in_thread=root, files=files)
        assert (await welcomed.slack.repeats(answered)).status == 200
        await welcomed.settle()
        *_, theirs, bots = actor.thread(root)
        assert (theirs.text, theirs.user) == ("hello", actor.user.id)
        assert "You can type one of these" in text_of(bots.blocks)
    assert len(actor.messages()) == outside


async def test_a_line_that_is_shown_outside_too_is_answered_in_its_thread(
    welcomed: SlackBot, conversation: Address
) -> None:
    actor, root = welcomed.actor("boss-1"), root_of(welcomed.slack, conversation)
    await actor.says("hello", in_thread=root, broadcast=True)
    await welcomed.settle()
    assert actor.messages()[-1].text == "hello"
    assert "You can type one of these" in text_of(actor.thread(root)[-1].blocks)


@pytest.mark.parametrize("subtype", ["message_changed", "message_deleted", "message_replied"])
async def test_what_becomes_of_a_line_later_is_not_a_line(
    welcomed: SlackBot, conversation: Address, subtype: str
) -> None:
    actor, root = welcomed.actor("boss-1"), root_of(welcomed.slack, conversation)
    before = actor.thread(root)
    message = {"type": "message", "user": actor.user.id, "text": "help", "ts": "1.2"}
    event = {
        "type": "message", "subtype": subtype, "hidden": True, "channel": root.channel,
        "channel_type": "im", "ts": "1.3", "message": {**message, "thread_ts": root.ts},
    }  # fmt: skip
    assert (await welcomed.slack.sends_event(event)).status == 200
    await welcomed.settle()
    assert actor.thread(root) == before


async def test_what_a_button_in_a_thread_says_is_said_there(
    welcomed: SlackBot, conversation: Address
) -> None:
    actor, root = welcomed.actor("boss-1"), root_of(welcomed.slack, conversation)
    ts = actor.thread(root)[-1].ts
    for _ in range(2):  # a button on the notice itself, too
        await actor.presses("resources.open", ts=ts)
        await welcomed.settle()
    notices = actor.ephemeral()
    assert len(notices) == 2
    assert all(notice in actor.thread(root) for notice in notices)
    assert not [each for each in actor.messages() if each.ephemeral_to]


async def test_a_button_on_what_a_thread_began_with_is_answered_outside(
    welcomed: SlackBot, conversation: Address
) -> None:
    """It is shown there, and most people press it there."""
    messenger = welcomed.platform.messengers["slack:T0001"]
    outside = replace(conversation, thread="")
    begun = await messenger.post(outside, ASKED, "root-2")
    await messenger.post(replace(outside, thread=begun), LINE, "key-2")
    actor = welcomed.actor("boss-1")
    await actor.presses("resources.open", ts=place_of(begun)[1])
    await welcomed.settle()
    (notice,) = actor.ephemeral()
    assert notice in actor.messages()


async def test_a_message_in_a_thread_is_replaced_by_what_a_press_on_it_says(
    welcomed: SlackBot, conversation: Address
) -> None:
    root = root_of(welcomed.slack, conversation)
    (welcome,) = (each for each in welcomed.slack.messages("boss-1") if "Hello" in each.text)
    moved = replace(welcome, ts=welcomed.slack.clock.ts(), thread_ts=root.ts)
    welcomed.slack.workspace.post(moved)
    actor = welcomed.actor("boss-1")
    await actor.presses("Yes, ask me", ts=moved.ts)
    await welcomed.settle()
    changed = actor.thread(root)[2]
    assert changed.ts == moved.ts
    assert "That's all for now" in text_of(changed.blocks)
