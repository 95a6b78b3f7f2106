"""Conversations of their own within somebody's messages."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.playground import (
    PREFIX,
    CoreBot,
    Hub,
    PlaygroundClock,
    PlaygroundMessenger,
    PlaygroundStore,
    playground_app,
)
from bot.errors import Undeliverable
from bot.message import Button, Buttons, Heading, Message, Paragraph, sentence
from bot.ports import Address, Line
from bot.usecases.core import Core
from tests.adapters.playground.conftest import Json, Page

REQUEST = Message("Somebody would like to talk", (Heading("A conversation"), Paragraph("Hello?")))
PLAIN = sentence("Somebody would like to talk")
LINE = sentence("I'm glad that you wrote")
ASKED = Message("Shall we go on?", (Buttons((Button("Places to turn", "resources.open"),)),))
ADA = Address("playground", "person", "ada")


def person(page: Page, name: str) -> Address:
    return Address("playground", "person", page.ids[name])


async def begun(
    messenger: PlaygroundMessenger, address: Address, root: Message = REQUEST
) -> Address:
    return replace(address, thread=await messenger.post(address, root, f"root of {address}"))


def texts(room: Json) -> list[str]:
    return [message["body"]["summary"] for message in room["messages"]]


# --- the messenger


async def test_what_is_posted_in_a_conversation_is_nowhere_else(
    messenger: PlaygroundMessenger, store: PlaygroundStore
) -> None:
    one, other = await begun(messenger, ADA), await begun(messenger, ADA)

    message_id = await messenger.post(one, LINE, "key")

    assert messenger.limits.keeps_threads
    assert await messenger.find(one, "key") == message_id
    assert await messenger.find(other, "key") is None
    assert await messenger.find(ADA, "key") is None
    assert [each.id for each in await store.latest("dm:ada", 9)] == [one.thread, other.thread]


async def test_a_message_in_a_conversation_is_replaced_there(
    messenger: PlaygroundMessenger, store: PlaygroundStore
) -> None:
    one = await begun(messenger, ADA)
    message_id = await messenger.post(one, LINE, "key")

    await messenger.update(one, message_id, sentence("Changed"))

    (kept,) = await store.latest(f"dm:ada/{one.thread}", 9)
    assert (kept.id, kept.body) == (message_id, sentence("Changed"))
    with pytest.raises(Undeliverable):
        await messenger.update(ADA, message_id, LINE)


@pytest.mark.parametrize("root", ["999", "not-an-id", "of somebody else's"])
async def test_no_conversation_begins_with_a_message_that_is_not_there(
    messenger: PlaygroundMessenger, root: str
) -> None:
    others = await messenger.post(replace(ADA, external_id="ben"), REQUEST, "key")
    thread = others if root.startswith("of") else root

    with pytest.raises(Undeliverable):
        await messenger.post(replace(ADA, thread=thread), LINE, "key")


async def test_an_open_tab_of_its_owner_alone_hears_of_it(
    messenger: PlaygroundMessenger, hub: Hub
) -> None:
    one = await begun(messenger, ADA)
    with hub.tab("ada") as tab, hub.tab("ben") as other:
        await messenger.post(one, LINE, "key")
        event = await tab.next()
        other.end()
        assert await other.next() is None

    assert event is not None
    assert event.data["conversation"] == f"dm:ada/{one.thread}"


# --- what a person sees


async def test_conversations_are_listed_the_latest_first_by_what_they_began_with(
    page: Page, messenger: PlaygroundMessenger
) -> None:
    named = await begun(messenger, person(page, "boss-1"))
    plain = await begun(messenger, person(page, "boss-1"), PLAIN)
    for address in (named, plain):
        await messenger.post(address, LINE, f"key in {address.thread}")

    state = await page.state("boss-1")

    assert [room["name"] for room in state["threads"]] == [PLAIN.summary, "A conversation"]
    assert [room["root"]["id"] for room in state["threads"]] == [plain.thread, named.thread]
    assert [texts(room) for room in state["threads"]] == [[LINE.summary]] * 2
    assert texts(state["direct"])[-2:] == [REQUEST.summary, PLAIN.summary]
    assert (await page.state("boss-2"))["threads"] == []


# --- what a person does


async def test_a_line_is_kept_and_answered_in_its_conversation(
    page: Page, messenger: PlaygroundMessenger
) -> None:
    address = await begun(messenger, person(page, "boss-1"))
    before = len(await page.direct("boss-1"))

    status, _ = await page.post(
        "say", {"person": page.ids["boss-1"], "text": "help", "thread": address.thread}
    )

    (room,) = (await page.state("boss-1"))["threads"]
    assert status == 200
    assert [each["author"] for each in room["messages"]] == [page.ids["boss-1"], "bot"]
    assert len(await page.direct("boss-1")) == before


@dataclass(frozen=True)
class Listener(CoreBot):
    """The real bot, and what lines it was told of."""

    heard: list[Line] = field(default_factory=list)

    async def typed(self, line: Line) -> Message | None:
        self.heard.append(line)
        return await super().typed(line)


async def test_the_bot_hears_which_conversation_a_line_is_of(
    page: Page,
    town: Core,
    store: PlaygroundStore,
    moving: PlaygroundClock,
    hub: Hub,
    messenger: PlaygroundMessenger,
) -> None:
    address, who = await begun(messenger, person(page, "boss-1")), page.ids["boss-1"]
    bot, root = Listener(town), web.Application()
    root.add_subapp(PREFIX, playground_app(bot, store, moving, hub, messenger))
    async with TestClient(TestServer(root, host="127.0.0.1")) as client:
        listening = Page(client, page.ids)
        for more in ({}, {"thread": address.thread}, {"thread": f"0{address.thread}"}):
            await listening.post("say", {"person": who, "text": "hello", **more})

    inside = Line(who, "hello", address.thread)
    assert bot.heard == [Line(who, "hello"), inside, inside]


@pytest.mark.parametrize("thread", ["theirs", "999999", "x", "/", "1/2"])
async def test_nobody_writes_in_a_conversation_that_is_not_theirs(
    page: Page, messenger: PlaygroundMessenger, store: PlaygroundStore, thread: str
) -> None:
    address = await begun(messenger, person(page, "boss-1"))
    before = await store.last_change()

    forged = address.thread if thread == "theirs" else thread
    status, answer = await page.post(
        "say", {"person": page.ids["boss-2"], "text": "hello", "thread": forged}
    )

    assert (status, answer["error"]) == (409, "That conversation isn't there any more.")
    assert await store.last_change() == before


def tap_at(page: Page, name: str, conversation: str, message_id: str) -> Json:
    button = {"action": "resources.open", "value": ""}
    return {
        "person": page.ids[name], "conversation": conversation, "message_id": message_id, **button,
    }  # fmt: skip


async def test_a_button_in_a_conversation_is_its_owners(
    page: Page, messenger: PlaygroundMessenger
) -> None:
    address = await begun(messenger, person(page, "boss-1"))
    message_id = await messenger.post(address, ASKED, "key")
    (room,) = (await page.state("boss-1"))["threads"]

    status, reply = await page.post("tap", tap_at(page, "boss-1", room["id"], message_id))
    assert status == 200
    assert reply["notice"]["parts"]

    status, answer = await page.post("tap", tap_at(page, "boss-2", room["id"], message_id))
    assert status == 409
    assert "isn't in this conversation" in answer["error"]


@pytest.mark.parametrize("way", ["another's root", "no root", "outside", "nested"])
async def test_a_forged_conversation_is_refused(
    page: Page, messenger: PlaygroundMessenger, way: str
) -> None:
    address = await begun(messenger, person(page, "boss-1"))
    message_id = await messenger.post(address, ASKED, "key")
    theirs, own = f"dm:{page.ids['boss-1']}/{address.thread}", f"dm:{page.ids['boss-2']}"
    forged = {
        "another's root": f"{own}/{address.thread}",
        "no root": f"{own}/",
        "outside": own,
        "nested": f"{own}/{theirs}",
    }
    status, _ = await page.post("tap", tap_at(page, "boss-2", forged[way], message_id))
    assert status == 409


async def test_a_message_in_a_conversation_is_replaced_by_what_a_press_on_it_says(
    page: Page, messenger: PlaygroundMessenger, store: PlaygroundStore
) -> None:
    await page.move("next")
    welcome = (await page.direct("boss-1"))[-1]
    kept = await store.message(f"dm:{page.ids['boss-1']}", welcome["id"])
    assert kept is not None
    address = await begun(messenger, person(page, "boss-1"))
    message_id = await messenger.post(address, kept.body, "key")
    (row, *_) = [part for part in kept.body.parts if isinstance(part, Buttons)]
    (room,) = (await page.state("boss-1"))["threads"]
    body = tap_at(page, "boss-1", room["id"], message_id)
    body |= {"action": row.buttons[0].action, "value": row.buttons[0].value}

    status, _ = await page.post("tap", body)

    assert status == 200
    (changed,) = (await page.state("boss-1"))["threads"][0]["messages"]
    assert (changed["id"], changed["revision"]) == (message_id, 1)


async def test_nothing_of_a_line_in_a_conversation_is_logged(
    page: Page, messenger: PlaygroundMessenger, caplog: pytest.LogCaptureFixture
) -> None:
    address = await begun(messenger, person(page, "boss-1"))
    body = {"person": page.ids["boss-1"], "text": "a secret of mine", "thread": address.thread}
    with caplog.at_level(logging.DEBUG):
        await page.post("say", body)
        await page.post("say", {**body, "thread": "999999"})
    assert not _told(caplog, ["secret", page.ids["boss-1"]])


def _told(caplog: pytest.LogCaptureFixture, words: Sequence[str]) -> list[str]:
    """The lines with one of these words in them; the store's own library tells all that it does."""
    said = [each.getMessage() for each in caplog.records if not each.name.startswith("aiosqlite")]
    return [line for line in said if any(word in line for word in words)]


async def test_time_and_the_others_pass_conversations_by(
    page: Page, messenger: PlaygroundMessenger
) -> None:
    await page.move("next")
    address = await begun(messenger, person(page, "boss-2"))
    await messenger.post(address, ASKED, "key")

    _, answer = await page.post("everyone", {"except": [page.ids["boss-1"]]})

    assert answer["text"] == "9 people answered 9 messages."
    (room,) = (await page.state("boss-2"))["threads"]
    assert [each["revision"] for each in room["messages"]] == [0]
