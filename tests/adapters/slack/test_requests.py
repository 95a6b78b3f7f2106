"""What comes to the bot's address: from Slack, and from others."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.fakes.slack.delivering import FORM, Signing, encoded
from tests.fakes.slack.signing import signed_headers
from tests.support.printing import printing
from tests.support.slack_bot import SlackBot
from tests.support.slack_parcels import MAKERS, Traces, command, home_opened, line, press, revoked

SECRET: Final = "canary-5b1e"
JSON: Final = "application/json"
over_http = pytest.mark.parametrize("bot", ["http"], indirect=True)


# --- signatures ------------------------------------------------------------------------------


@over_http
@pytest.mark.parametrize("signing", ["none", "wrong", "stale"])
async def test_a_request_that_slack_did_not_sign_just_now_has_no_effect(
    welcomed: SlackBot, traces: Traces, signing: Signing
) -> None:
    before = await traces.now()
    for made in MAKERS:
        parcel = made(welcomed)
        answered = await welcomed.slack.delivering.deliver(parcel, signing=signing)
        assert answered.status == 401, made
        assert await traces.now() == before, made


@over_http
@pytest.mark.parametrize(("age_s", "status"), [(290, 200), (310, 401), (-310, 401)])
async def test_a_signature_is_good_for_five_minutes(
    welcomed: SlackBot, age_s: int, status: int
) -> None:
    welcomed.slack.delivering.signs_at = lambda: time.time() - age_s
    assert (await welcomed.slack.delivering.deliver(home_opened(welcomed))).status == status


@over_http
async def test_a_signature_that_makes_no_sense_is_refused(
    welcomed: SlackBot, traces: Traces
) -> None:
    headers, body = encoded(press(welcomed))
    good = signed_headers(welcomed.slack.app.signing_secret, body, int(time.time()))
    before = await traces.now()
    for name, value in (
        ("X-Slack-Request-Timestamp", "soon"),
        ("X-Slack-Request-Timestamp", ""),
        ("X-Slack-Request-Timestamp", "9" * 400),
        ("X-Slack-Signature", ""),
        ("X-Slack-Signature", "v1=0"),
        ("X-Slack-Signature", "é"),
    ):
        changed = {**headers, **good, name: value}
        answered = await welcomed.slack.delivering.raw(body, changed, "none")
        assert 400 <= answered.status < 500, (name, value)
    assert await traces.now() == before


@over_http
async def test_a_signature_is_good_for_what_was_signed_only(
    welcomed: SlackBot, traces: Traces
) -> None:
    headers, body = encoded(press(welcomed))
    good = signed_headers(welcomed.slack.app.signing_secret, body, int(time.time()))
    before = await traces.now()
    answered = await welcomed.slack.delivering.raw(f"{body}+", {**headers, **good}, "none")
    assert answered.status == 401
    assert await traces.now() == before


@over_http
async def test_that_requests_are_not_signed_as_they_should_is_in_the_log(
    welcomed: SlackBot,
) -> None:
    """Whoever has entered the wrong signing secret would look for it there."""
    with printing() as printed:
        await welcomed.slack.delivering.deliver(press(welcomed), signing="wrong")
    assert '"status": 401' in printed.getvalue()


# --- bodies ----------------------------------------------------------------------------------


BODIES: Final = (
    ("", JSON),
    ("", FORM),
    (" ", JSON),
    ("null", JSON),
    ("[]", JSON),
    (f'["{SECRET}"]', JSON),
    (f'"{SECRET}"', JSON),
    ("7", JSON),
    ("{}", JSON),
    (f'{{"{SECRET}"', JSON),
    (f'{{"type": "{SECRET}"}}', JSON),
    ('{"type": "event_callback"}', JSON),
    ('{"type": "block_actions"}', JSON),
    ("[" * 100_000, JSON),
    ('{"type":' * 400 + "1" + "}" * 400, JSON),
    (f'{{"type": {"1" * 5_000}}}', JSON),
    (SECRET, FORM),
    (f"{SECRET}=1&user_id=2", FORM),
    ("payload=", FORM),
    ("payload=null", FORM),
    ("payload=[]", FORM),
    (f"payload={SECRET}", FORM),
    (f"payload=%7B%22type%22%3A%22{SECRET}%22%7D", FORM),
    (f"command=/{SECRET}&team_id=T0001&user_id=U1", FORM),
    ("command=/wellbeing", FORM),
    (f"--b\r\n\r\n{SECRET}\r\n--b--", "multipart/form-data; boundary=b"),
    (f"<{SECRET}/>", "application/xml"),
    (f'{{"{SECRET}": 1}}', "application/json; charset=no-such-thing"),
    (f'{{"{SECRET}": "é"}}', "application/json; charset=ascii"),
    (SECRET, "?"),
)


@over_http
async def test_a_body_without_sense_is_refused_with_a_line_in_the_log(
    welcomed: SlackBot, traces: Traces
) -> None:
    before = await traces.now()
    for body, content_type in BODIES:
        with printing() as printed:
            answered = await welcomed.slack.sends_raw(body, content_type)
        assert 400 <= answered.status < 500, (body, content_type)
        assert printed.getvalue().count("\n") == 1, (body, content_type)
        assert SECRET not in printed.getvalue() + answered.body, (body, content_type)
    assert await traces.now() == before


@over_http
async def test_a_payload_of_another_content_type_is_still_a_payload(welcomed: SlackBot) -> None:
    body = json.dumps(line(welcomed).payload)
    assert (await welcomed.slack.sends_raw(body, "text/plain")).status == 200


@over_http
async def test_a_body_that_is_too_large_is_refused_unread(
    welcomed: SlackBot, traces: Traces
) -> None:
    payload = press(welcomed).payload
    body = urlencode({"payload": json.dumps({**payload, "more": SECRET * 60_000})})
    before = await traces.now()
    with printing() as printed:
        answered = await welcomed.slack.sends_raw(body, FORM)
    assert answered.status == 413
    assert printed.getvalue().count("\n") == 1
    assert SECRET not in printed.getvalue()
    assert await traces.now() == before


async def _raw(bot: SlackBot, method: str, body: Any, headers: dict[str, str]) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, bot.slack.app.request_url, data=body, headers=headers) as response,
    ):
        return response.status


@over_http
async def test_a_body_whose_length_nobody_says_is_refused(
    welcomed: SlackBot, traces: Traces
) -> None:
    headers, body = encoded(press(welcomed))
    good = signed_headers(welcomed.slack.app.signing_secret, body, int(time.time()))

    async def chunks() -> AsyncIterator[bytes]:
        yield body.encode()

    before = await traces.now()
    with printing() as printed:
        assert await _raw(welcomed, "POST", chunks(), {**headers, **good}) == 411
    assert printed.getvalue().count("\n") == 1
    assert await traces.now() == before


@over_http
async def test_only_posts_are_taken(welcomed: SlackBot, traces: Traces) -> None:
    headers, body = encoded(press(welcomed))
    good = signed_headers(welcomed.slack.app.signing_secret, body, int(time.time()))
    before = await traces.now()
    for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS"):
        assert await _raw(welcomed, method, body, {**headers, **good}) == 405, method
    assert await traces.now() == before


@over_http
async def test_bytes_that_are_no_text_are_refused(welcomed: SlackBot) -> None:
    assert await _raw(welcomed, "POST", b"\xff\xfe{", {"Content-Type": JSON}) == 400


@pytest.mark.parametrize("bot", ["socket mode"], indirect=True)
async def test_in_socket_mode_nobody_can_send_anything_over_http(
    welcomed: SlackBot, traces: Traces
) -> None:
    headers, body = encoded(press(welcomed))
    before = await traces.now()
    assert (await welcomed.slack.delivering.raw(body, headers)).status == 404
    assert await traces.now() == before


# --- what Slack asks of an address -----------------------------------------------------------


@over_http
async def test_slack_can_check_the_address(welcomed: SlackBot, traces: Traces) -> None:
    before = await traces.now()
    answered = await welcomed.slack.verifies_url()
    assert answered.status == 200
    assert "fake-challenge" in answered.body
    assert await traces.now() == before


@over_http
@pytest.mark.parametrize("signing", ["none", "wrong", "stale"])
async def test_nobody_else_can(welcomed: SlackBot, signing: Signing) -> None:
    body = json.dumps({"type": "url_verification", "challenge": SECRET})
    answered = await welcomed.slack.sends_raw(body, signing=signing)
    assert answered.status == 401
    assert SECRET not in answered.body


@over_http
async def test_slack_can_check_the_certificate(welcomed: SlackBot) -> None:
    """That is all it does by such a request, and the only one that isn't signed."""
    answered = await welcomed.slack.sends_raw("ssl_check=1&token=x", FORM, signing="none")
    assert answered.status == 200


@over_http
async def test_what_pretends_to_check_the_certificate_has_no_effect(
    welcomed: SlackBot, traces: Traces
) -> None:
    before = await traces.now()
    for made in (press, line, revoked):
        body = json.dumps({**made(welcomed).payload, "ssl_check": "1"})
        await welcomed.slack.sends_raw(body, signing="none")
    form = urlencode({"ssl_check": "1", **command(welcomed).payload})
    await welcomed.slack.sends_raw(form, FORM, signing="none")
    assert await traces.now() == before
