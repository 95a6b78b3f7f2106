from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.playground import Hub, PlaygroundMessenger, PlaygroundStore
from adapters.playground.wire import form_json, message_from, message_text
from bot.errors import Undeliverable
from bot.message import (
    Button,
    Buttons,
    Chart,
    Choice,
    ChoiceField,
    FinePrint,
    Form,
    Heading,
    Item,
    Items,
    Message,
    Paragraph,
    Series,
    TextField,
)
from bot.ports import Address

ADA = Address("playground", "person", "ada")
TEAM = Address("playground", "channel", "team")
EVERYTHING = Message(
    summary="Everything",
    parts=(
        Heading("A heading"),
        Paragraph("Words, *plain* <b>words</b>"),
        FinePrint("Small words"),
        Items((Item("Samaritans", "116 123", "tel:116123"),)),
        Buttons((Button("Yes", "say.yes", "1", "primary"), Button("No", "say.no"))),
        Chart("Picture", "line", ("a", "b"), (Series("s", (1.0, None)),), 0, 10, "In words"),
    ),
)


def test_a_message_survives_its_way_through_json() -> None:
    assert message_from(message_text(EVERYTHING)) == EVERYTHING


def test_a_form_reaches_the_page_with_the_types_of_its_parts_and_fields() -> None:
    choice = ChoiceField("c", "Pick", (Choice("1", "One"),))
    form = Form("Title", (Paragraph("Hello"),), (choice, TextField("t", "Write")), "act")

    told = form_json(form)

    assert [part["type"] for part in told["intro"]] == ["paragraph"]
    assert [field["type"] for field in told["fields"]] == ["choice", "text"]


async def test_a_message_is_found_again_by_its_delivery_key(
    messenger: PlaygroundMessenger,
) -> None:
    message_id = await messenger.post(ADA, EVERYTHING, "key")

    assert await messenger.find(ADA, "key") == message_id


async def test_a_delivery_key_is_looked_up_in_its_own_conversation_only(
    messenger: PlaygroundMessenger,
) -> None:
    await messenger.post(ADA, EVERYTHING, "key")

    assert await messenger.find(TEAM, "key") is None
    assert await messenger.find(ADA, "another key") is None


async def test_the_platform_does_not_deduplicate(
    messenger: PlaygroundMessenger, store: PlaygroundStore
) -> None:
    await messenger.post(ADA, EVERYTHING, "key")
    await messenger.post(ADA, EVERYTHING, "key")

    assert await store.count() == 2


async def test_an_update_replaces_a_message_in_place(
    messenger: PlaygroundMessenger, store: PlaygroundStore
) -> None:
    message_id = await messenger.post(ADA, EVERYTHING, "key")
    other = replace(EVERYTHING, summary="Changed")

    await messenger.update(ADA, message_id, other)

    (kept,) = await store.latest("dm:ada", 10)
    assert (kept.id, kept.body, kept.revision) == (message_id, other, 1)


async def test_an_update_of_a_message_that_is_not_there_is_undeliverable(
    messenger: PlaygroundMessenger,
) -> None:
    message_id = await messenger.post(ADA, EVERYTHING, "key")

    with pytest.raises(Undeliverable):
        await messenger.update(TEAM, message_id, EVERYTHING)


async def test_the_latest_messages_come_newest_last(
    messenger: PlaygroundMessenger, store: PlaygroundStore
) -> None:
    for number in range(5):
        await messenger.post(ADA, replace(EVERYTHING, summary=str(number)), f"key {number}")

    latest = await store.latest("dm:ada", 3)

    assert [message.body.summary for message in latest] == ["2", "3", "4"]


async def test_messages_outlive_the_process(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "playground.db"
    first = await PlaygroundStore.open(path)
    await first.add("dm:ada", "bot", datetime(2026, 3, 2, 9, tzinfo=UTC), EVERYTHING, "key")
    await first.close()

    again = await PlaygroundStore.open(path)
    (kept,) = await again.latest("dm:ada", 10)
    await again.close()

    assert kept.body == EVERYTHING
    assert kept.posted_at == datetime(2026, 3, 2, 9, tzinfo=UTC)


async def test_a_post_is_kept_before_open_tabs_hear_of_it(
    messenger: PlaygroundMessenger, store: PlaygroundStore, hub: Hub
) -> None:
    with hub.tab("ada") as tab:
        message_id = await messenger.post(ADA, EVERYTHING, "key")
        event = await tab.next()

    assert event is not None
    assert event.data["message"]["id"] == message_id
    assert await store.message("dm:ada", message_id) is not None
