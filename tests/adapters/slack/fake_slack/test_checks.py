"""What the fake Slack takes as a message or a view, and what it doesn't."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, text_of
from tests.support.small_bot import actions, button, chart, form, option, plain, refused, section

BAD_BLOCKS: list[tuple[list[dict[str, Any]], str]] = [
    ([section("x")] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ([section(" ")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ([section("x" * 3001)], "must be less than 3001 characters"),
    ([{"type": "carousel_of_cats"}], "unsupported type: carousel_of_cats"),
    ([{"type": "header", "text": plain("x" * 151)}], "must be less than 151 characters"),
    ([actions(button("A", "a"), button("B", "a"))], "`action_id` `a` already exists"),
    ([{**section("x"), "block_id": "b"}] * 2, "`block_id` `b` already exists"),
    ([actions(*(button("A", f"a{n}") for n in range(26)))], "no more than 25 items allowed"),
    ([actions(button("A" * 76, "a"))], "must be less than 76 characters"),
    ([actions(button("A", "a", ""))], "/blocks/0/elements/0/value"),
    ([actions({**button("A", "a"), "style": "big"})], "must be one of ['primary', 'danger']"),
    ([actions({"type": "static_select", "options": [option("a")] * 2})], "`value` `a` already"),
    ([chart()] * 3, "no more than 2 charts allowed"),
    ([chart(axis_config={"categories": ["Mon", "Wed"]})], "labels must match the categories"),
    ([{**chart(), "title": "x" * 51}], "must be less than 51 characters"),
    ([{"type": "alert", "text": plain("x")}], "unsupported type: alert"),
]


@pytest.mark.parametrize(("blocks", "problem"), BAD_BLOCKS)
async def test_blocks_that_slack_would_not_take_are_refused_with_the_reason(
    client: AsyncWebClient, blocks: list[dict[str, Any]], problem: str
) -> None:
    answer = await refused(client, "chat.postMessage", channel="U1", text="x", blocks=blocks)

    assert answer["error"] == "invalid_blocks"
    assert problem in "\n".join(answer["response_metadata"]["messages"])


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": [section("x" * 2_900)] * 4}, "msg_blocks_too_long"),
        ({"text": "x", "blocks": "no list"}, "invalid_blocks_format"),
        ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
    ],
)
async def test_a_message_needs_something_to_say_that_is_not_too_long(
    client: AsyncWebClient, arguments: dict[str, Any], error: str
) -> None:
    answer = await refused(client, "chat.postMessage", channel="U1", **arguments)

    assert answer["error"] == error


async def test_a_workspace_may_not_know_charts_yet(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    await client.chat_postMessage(channel="U1", text="A week", blocks=[chart()])
    slack.workspace.refuses_charts = True

    answer = await refused(client, "chat.postMessage", channel="U1", text="x", blocks=[chart()])

    assert text_of(slack.messages("anna")[0].blocks) == "A week\nMood: Mon: 3, Tue: 4"
    assert answer["error"] == "invalid_blocks"


# --- views ---------------------------------------------------------------------------------


async def test_a_trigger_opens_one_modal_and_only_for_three_seconds(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    def trigger() -> str:
        return slack.site.triggers.issue("T0001", "U1")

    used, late = trigger(), trigger()
    opened = await client.views_open(trigger_id=used, view=form())
    assert slack.actor("anna").modal().id == opened["view"]["id"]
    for trigger_id, error in [(used, "exchanged_trigger_id"), ("1.2", "invalid_trigger_id")]:
        answer = await refused(client, "views.open", trigger_id=trigger_id, view=form())
        assert answer["error"] == error
    slack.clock.move_by(3.1)
    answer = await refused(client, "views.open", trigger_id=late, view=form())
    assert answer["error"] == "expired_trigger_id"


async def test_modals_are_pushed_and_updated(slack: FakeSlack, client: AsyncWebClient) -> None:
    def trigger() -> str:
        return slack.site.triggers.issue("T0001", "U1")

    view = (await client.views_open(trigger_id=trigger(), view=form()))["view"]
    for title in ("Two", "Three"):
        await client.views_push(trigger_id=trigger(), view=form(title))
    answer = await refused(client, "views.push", trigger_id=trigger(), view=form("Four"))
    assert answer["error"] == "push_limit_reached"

    await client.views_update(view_id=view["id"], hash=view["hash"], view=form("One"))
    again = {"view_id": view["id"], "hash": view["hash"], "view": form()}
    assert (await refused(client, "views.update", **again))["error"] == "hash_conflict"
    assert (await refused(client, "views.update", view_id="V404", view=form()))["error"] == (
        "not_found"
    )
    assert [each.title for each in slack.actor("anna").modals()] == ["One", "Two", "Three"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"title": plain("x" * 25)}, "must be less than 25 characters [json-pointer:/view/title"),
        ({"submit": plain("x" * 25)}, "[json-pointer:/view/submit/text]"),
        ({"submit": None}, "missing required field: submit"),
        ({"blocks": [section("x")] * 101}, "no more than 100 items allowed"),
        ({"blocks": []}, "must contain at least 1 items"),
        ({"private_metadata": "x" * 3001}, "[json-pointer:/view/private_metadata]"),
        ({"colour": "red"}, "no more properties are allowed: ['colour']"),
        ({"blocks": [chart()]}, "unsupported type: data_visualization"),
    ],
)
async def test_a_modal_that_slack_would_not_take_is_refused_with_the_reason(
    slack: FakeSlack, client: AsyncWebClient, changes: dict[str, Any], problem: str
) -> None:
    trigger_id = slack.site.triggers.issue("T0001", "U1")

    answer = await refused(client, "views.open", trigger_id=trigger_id, view={**form(), **changes})

    assert answer["error"] == "invalid_arguments"
    assert problem in "\n".join(answer["response_metadata"]["messages"])


async def test_everybody_has_a_home_of_their_own(slack: FakeSlack, client: AsyncWebClient) -> None:
    view = {"type": "home", "blocks": [section("Hello Anna")]}
    first = (await client.views_publish(user_id="U1", view=view))["view"]
    await client.views_publish(user_id="U1", view=view, hash=first["hash"])

    home = slack.actor("anna").home()
    assert home is not None
    assert (home.id, text_of(home.blocks)) == (first["id"], "Hello Anna")
    assert slack.actor("ben").home() is None
    answer = await refused(client, "views.publish", user_id="U1", view=view, hash=first["hash"])
    assert answer["error"] == "hash_conflict"
