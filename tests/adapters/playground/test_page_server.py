from __future__ import annotations

import asyncio
import json
import logging
import re
from datetime import datetime

import pytest
from aiohttp import StreamReader

from adapters.playground import PREFIX, PlaygroundStore
from adapters.playground.server import STATIC
from tests.adapters.playground.conftest import Json, Page


def parts_of(message: Json, kind: str) -> list[Json]:
    return [part for part in message["body"]["parts"] if part["type"] == kind]


def buttons_of(message: Json) -> list[Json]:
    return [button for row in parts_of(message, "buttons") for button in row["buttons"]]


async def first_welcome(page: Page) -> Json:
    await page.move("next")
    return (await page.direct("boss-1"))[-1]


async def check_in(page: Page) -> Json:
    """Move on until a check-in has come."""
    for _ in range(10):
        await page.move("next")
        last = (await page.direct("boss-1"))[-1]
        if any(button["action"] == "check_in.answer" for button in buttons_of(last)):
            return last
    raise AssertionError("no check-in came")


# --- the page


async def test_the_page_needs_nothing_from_outside(page: Page) -> None:
    response = await page.client.get(PREFIX)
    text = await response.text()

    assert response.status == 200
    assert not re.findall(r"(?:src|href)=\"(?!/playground/static/|#)", text)
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]


async def test_every_asset_is_served_with_a_type_that_browsers_take(page: Page) -> None:
    types = {
        ".js": {"text/javascript", "application/javascript"},
        ".css": {"text/css"},
        ".svg": {"image/svg+xml"},
        ".html": {"text/html"},
    }

    for path in STATIC.iterdir():
        response = await page.client.get(f"{PREFIX}/static/{path.name}")
        assert response.status == 200
        assert response.content_type in types[path.suffix]
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_no_script_writes_markup_or_evaluates_text() -> None:
    forbidden = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(")

    assert not [path for path in STATIC.glob("*.js") if forbidden.search(path.read_text())]


# --- who may come in


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1:80", "["])
async def test_another_host_name_is_refused(page: Page, host: str) -> None:
    response = await page.client.get(f"{PREFIX}/api/people", headers={"Host": host})

    assert response.status in {400, 403}


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:1", "[::1]:8080"])
async def test_this_machine_is_let_in_under_its_own_names(page: Page, host: str) -> None:
    response = await page.client.get(f"{PREFIX}/api/people", headers={"Host": host})

    assert response.status == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", None])
async def test_another_site_cannot_press_buttons(page: Page, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}

    response = await page.client.post(f"{PREFIX}/api/clock", json={"move": "day"}, headers=headers)

    assert response.status == 403


async def test_a_plain_form_of_another_site_is_refused(page: Page) -> None:
    response = await page.client.post(
        f"{PREFIX}/api/clock", data={"move": "day"}, headers={"Origin": page.origin}
    )

    assert response.status == 415


# --- what is sent


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", "{}", '{"person": 1}', '{"person": "\\ud800", "text": "x"}'],
)
@pytest.mark.parametrize("path", ["tap", "submit", "say", "clock"])
async def test_a_malformed_request_gets_a_sentence(page: Page, path: str, body: str) -> None:
    headers = {"Origin": page.origin, "Content-Type": "application/json"}

    response = await page.client.post(f"{PREFIX}/api/{path}", data=body, headers=headers)

    assert response.status == 400
    assert (await response.json())["error"].startswith("The request isn't as expected.")


async def test_an_unknown_person_is_not_found(page: Page) -> None:
    status, answer = await page.post("say", {"person": "nobody", "text": "hello"})

    assert (status, answer["error"]) == (404, "There's nobody here with that id.")


async def test_a_request_that_is_too_large_is_refused(page: Page) -> None:
    status, _ = await page.post("say", {"person": page.ids["boss"], "text": "x" * 100_000})

    assert status == 413


# --- what people do


async def test_everybody_can_be_picked(page: Page) -> None:
    response = await page.client.get(f"{PREFIX}/api/people")
    people = (await response.json())["people"]

    assert {person["name"].lower() for person in people} == set(page.ids)
    assert {"id", "name", "team", "roles", "zone"} == set(people[0])


async def test_a_person_sees_their_messages_their_channels_and_their_home_page(page: Page) -> None:
    await page.move("next")

    state = await page.state("boss-1")

    assert state["direct"]["messages"][-1]["author"] == "bot"
    assert state["channels"][0]["name"]
    assert state["home"]["parts"]


async def test_a_tap_updates_the_message_in_place_and_tells_the_rest_to_this_tab_only(
    page: Page, store: PlaygroundStore
) -> None:
    message = await check_in(page)
    answer = next(each for each in buttons_of(message) if each["action"] == "check_in.answer")

    status, reply = await page.tap("boss-1", message, answer)

    changed = (await page.direct("boss-1"))[-1]
    assert status == 200
    assert (changed["id"], changed["revision"]) == (message["id"], 1)
    assert reply["notice"]["summary"] not in json.dumps(changed)
    kept = await store.message(f"dm:{page.ids['boss-1']}", message["id"])
    assert reply["notice"]["summary"] not in repr(kept)


async def test_a_tap_in_somebody_elses_conversation_is_refused(page: Page) -> None:
    message = await first_welcome(page)
    body = {
        "person": page.ids["boss-2"],
        "conversation": f"dm:{page.ids['boss-1']}",
        "message_id": message["id"],
        "action": "pulse.consent",
        "value": "yes",
    }

    status, answer = await page.post("tap", body)

    assert status == 409
    assert "isn't in this conversation" in answer["error"]


async def test_a_tap_on_a_message_that_is_not_there_is_refused(page: Page) -> None:
    status, _ = await page.tap("boss-1", {"id": "999999"}, {"action": "x", "value": ""})

    assert status == 409


async def test_a_forged_button_gets_the_bots_own_sentence(page: Page) -> None:
    message = await first_welcome(page)

    status, answer = await page.tap("boss-1", message, {"action": "no.such", "value": ""})

    assert status == 404
    assert answer["error"]


async def test_what_is_not_allowed_is_refused_with_a_sentence(page: Page) -> None:
    body = {"person": page.ids["boss-1"], "message_id": "home", "action": "admin.launch"}

    status, answer = await page.post("tap", body)

    assert status == 403
    assert answer["error"]


async def test_a_settings_form_opens_from_the_home_page_and_is_saved(page: Page) -> None:
    body = {"person": page.ids["boss-1"], "message_id": "home", "action": "settings.open"}
    _, reply = await page.post("tap", body)
    form = reply["form"]
    fields = {field["name"]: field.get("chosen") or "" for field in form["fields"]}

    status, saved = await page.post(
        "submit",
        {
            "person": page.ids["boss-1"],
            "action": form["action"],
            "value": form["value"],
            "fields": fields,
        },
    )

    assert status == 200
    assert saved["errors"] == {}


async def test_a_typed_line_is_answered_in_the_conversation(page: Page) -> None:
    status, _ = await page.post("say", {"person": page.ids["boss-1"], "text": "help <b>me</b>"})

    mine, bots = (await page.direct("boss-1"))[-2:]
    assert status == 200
    assert mine["author"] == page.ids["boss-1"]
    assert mine["body"]["parts"][0]["text"] == "help <b>me</b>"
    assert bots["author"] == "bot"


async def test_nothing_that_people_do_is_logged(
    page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    message = await check_in(page)
    answer = next(each for each in buttons_of(message) if each["action"] == "check_in.answer")
    caplog.clear()

    with caplog.at_level(logging.DEBUG):
        await page.tap("boss-1", message, answer)
        await page.post("say", {"person": page.ids["boss-1"], "text": "a secret of mine"})

    said = [
        record.getMessage() for record in caplog.records if not record.name.startswith("aiosqlite")
    ]
    assert not [line for line in said if page.ids["boss-1"] in line or "secret" in line]


# --- time and the others


async def test_moving_time_brings_the_welcome(page: Page) -> None:
    before = datetime.fromisoformat((await page.state("boss-1"))["now"])

    outcome = await page.move("next")

    after = await page.state("boss-1")
    assert "went out" in outcome
    assert datetime.fromisoformat(after["now"]) >= before
    assert len(after["direct"]["messages"]) == 1


async def test_everybody_else_answers_and_the_person_being_played_does_not(page: Page) -> None:
    await page.move("next")
    me = {"except": [page.ids["boss-1"]]}

    status, answer = await page.post("everyone", me)
    _, again = await page.post("everyone", me)

    assert status == 200
    assert answer["text"] == "9 people answered 9 messages."
    assert again["text"] == "Nobody else has anything to answer just now."


# --- live


async def test_a_second_tab_sees_a_change_at_once(page: Page) -> None:
    message = await check_in(page)
    answer = next(each for each in buttons_of(message) if each["action"] == "check_in.answer")
    url = f"{PREFIX}/events?person={page.ids['boss-1']}&person={page.ids['boss']}"

    async with page.client.get(url) as stream:
        assert await stream.content.readline() == b"retry: 1500\n"
        await page.tap("boss-1", message, answer)
        event = await next_event(stream.content)

    assert event["people"] == [page.ids["boss-1"]]
    assert event["message"]["id"] == message["id"]
    assert event["message"]["revision"] == 1


async def test_a_stream_for_nobody_known_is_not_found(page: Page) -> None:
    response = await page.client.get(f"{PREFIX}/events?person=nobody")

    assert response.status == 404


async def next_event(lines: StreamReader) -> Json:
    while True:
        line = await asyncio.wait_for(lines.readline(), 5)
        if line.startswith(b"data: "):
            return dict(json.loads(line.removeprefix(b"data: ")))


async def test_a_forged_place_replaces_nothing(page: Page) -> None:
    """A button pressed on one message can't change another, such as a summary for everybody."""
    await page.move("day")
    (welcome, *_) = await page.direct("boss-2")
    button = next(
        b for row in buttons_of(welcome) for b in [row] if b["action"] == "welcome.answer"
    )
    await page.post("say", {"person": page.ids["boss-2"], "text": "help"})
    other = (await page.direct("boss-2"))[-1]

    status, _ = await page.tap("boss-2", other, button)

    assert status == 200
    assert (await page.direct("boss-2"))[-1]["body"] == other["body"]
