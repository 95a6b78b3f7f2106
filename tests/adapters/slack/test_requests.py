"""What comes to the bot's address, or through its socket, in whatever state it is."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any, Final, Literal
from urllib.parse import urlencode

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.slack.delivering import FORM, Answered, Parcel, Signing, encoded
from tests.fakes.slack.methods.users import user_json
from tests.fakes.slack.payloads import command_parcel, event_parcel
from tests.fakes.slack.reading import text_of
from tests.fakes.slack.signing import signed_headers
from tests.support.away import database_away
from tests.support.printing import printing
from tests.support.slack_bot import TEAM, SlackBot
from tests.support.tables import dump

Json = dict[str, Any]

MONDAY_MORNING = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
SECRET: Final = "canary-5b1e"
JSON: Final = "application/json"

over_http = pytest.mark.parametrize("bot", ["http"], indirect=True)


@pytest.fixture
async def welcomed(bot: SlackBot) -> SlackBot:
    await bot.world.launch()
    await bot.world.live_until(MONDAY_MORNING)
    return bot


class Traces:
    """All that a request could change."""

    def __init__(self, bot: SlackBot) -> None:
        self._bot = bot

    async def now(self) -> object:
        await self._bot.settle()
        slack = self._bot.slack
        calls = [call.method for call in slack.calls()]
        modals = {user: len(stack) for user, stack in slack.workspace.modals.items() if stack}
        said = (slack.everything_said(), len(slack.workspace.ephemeral))
        return await dump(self._bot.core), said, calls, modals


@pytest.fixture
def traces(welcomed: SlackBot) -> Traces:
    return Traces(welcomed)


# --- what people and Slack do, as it is sent -------------------------------------------------


Made = Callable[[SlackBot], Parcel]


def press(bot: SlackBot) -> Parcel:
    return Parcel("interactive", bot.actor("boss-1").press_of("Yes, ask me"))


def shortcut(bot: SlackBot) -> Parcel:
    payload = bot.actor("boss-1")._interaction("shortcut")
    return Parcel("interactive", {**payload, "callback_id": "talk_to_someone", "action_ts": "1.1"})


def command(bot: SlackBot) -> Parcel:
    user = bot.actor("boss-1").user
    return command_parcel(bot.slack.site, bot.slack.workspace, user, "/wellbeing", "pause")


def event(bot: SlackBot, **event: Any) -> Parcel:
    return event_parcel(bot.slack.site, bot.slack.workspace, event)


def line(bot: SlackBot) -> Parcel:
    user = bot.actor("boss-1").user
    channel = bot.slack.workspace.dm(user.id).id
    where = {"channel": channel, "channel_type": "im", "ts": "1.2"}
    return event(bot, type="message", user=user.id, text="help", **where)


def home_opened(bot: SlackBot) -> Parcel:
    return event(bot, type="app_home_opened", user=bot.actor("boss-1").user.id, tab="home")


def profile(bot: SlackBot, kind: str = "user_change") -> Parcel:
    user = bot.actor("boss-1").user
    user.tz = "Europe/Berlin"
    return event(bot, type=kind, user=user_json(bot.slack.site, TEAM, user, locale=True))


def joined(bot: SlackBot) -> Parcel:
    return profile(bot, "team_join")


def revoked(bot: SlackBot) -> Parcel:
    return event(bot, type="tokens_revoked", tokens={"bot": ["UBOT"], "oauth": ["U1"]})


def uninstalled(bot: SlackBot) -> Parcel:
    return event(bot, type="app_uninstalled")


MAKERS: Final = (
    press, shortcut, command, line, home_opened, profile, joined, revoked, uninstalled,
)  # fmt: skip
each_kind = pytest.mark.parametrize("made", MAKERS, ids=lambda made: made.__name__)


async def filled_in(bot: SlackBot) -> Parcel:
    """A form that somebody has filled in, and not sent yet."""
    actor = bot.actor("boss-1")
    await actor.presses("Choose how often")
    await bot.settle()
    return Parcel("interactive", actor.submission_of(actor.modal()))


# --- signatures ------------------------------------------------------------------------------


@over_http
@each_kind
@pytest.mark.parametrize("signing", ["none", "wrong", "stale"])
async def test_a_request_that_slack_did_not_sign_just_now_has_no_effect(
    welcomed: SlackBot, traces: Traces, made: Made, signing: Signing
) -> None:
    parcel, before = made(welcomed), await traces.now()
    answered = await welcomed.slack.delivering.deliver(parcel, signing=signing)
    assert answered.status == 401
    assert await traces.now() == before


@over_http
@pytest.mark.parametrize(("age_s", "status"), [(290, 200), (310, 401), (-310, 401)])
async def test_a_signature_is_good_for_five_minutes(
    welcomed: SlackBot, age_s: int, status: int
) -> None:
    welcomed.slack.delivering.signs_at = lambda: time.time() - age_s
    assert (await welcomed.slack.delivering.deliver(home_opened(welcomed))).status == status


@over_http
@pytest.mark.parametrize(
    "changed",
    [
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "9" * 400},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v1=0"},
        {"X-Slack-Signature": "é"},
    ],
)
async def test_a_signature_that_makes_no_sense_is_refused(
    welcomed: SlackBot, traces: Traces, changed: dict[str, str]
) -> None:
    headers, body = encoded(press(welcomed))
    secret = welcomed.slack.app.signing_secret
    good = signed_headers(secret, body, int(time.time()))
    before = await traces.now()
    answered = await welcomed.slack.delivering.raw(body, {**headers, **good, **changed}, "none")
    assert 400 <= answered.status < 500
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
@pytest.mark.parametrize(
    ("body", "content_type"), BODIES, ids=lambda value: repr(value[:40]).strip("'")
)
async def test_a_body_without_sense_is_refused_with_a_line_in_the_log(
    welcomed: SlackBot, traces: Traces, body: str, content_type: str
) -> None:
    before = await traces.now()
    with printing() as printed:
        answered = await welcomed.slack.sends_raw(body, content_type)
    assert 400 <= answered.status < 500
    assert printed.getvalue().count("\n") == 1
    assert SECRET not in printed.getvalue() + answered.body
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
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
async def test_only_posts_are_taken(welcomed: SlackBot, traces: Traces, method: str) -> None:
    headers, body = encoded(press(welcomed))
    good = signed_headers(welcomed.slack.app.signing_secret, body, int(time.time()))
    before = await traces.now()
    assert await _raw(welcomed, method, body, {**headers, **good}) == 405
    assert await traces.now() == before


@over_http
async def test_bytes_that_are_no_text_are_refused(welcomed: SlackBot) -> None:
    assert await _raw(welcomed, "POST", b"\xff\xfe{", {"Content-Type": JSON}) == 400


async def test_in_socket_mode_nobody_can_send_anything_over_http(
    welcomed: SlackBot, traces: Traces, request: pytest.FixtureRequest
) -> None:
    if welcomed.slack.sockets.connected:
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


# --- kinds that aren't known -----------------------------------------------------------------


def _is_harmless(answered: Answered) -> bool:
    """Refused, or taken note of; a socket knows no refusals."""
    return answered.status == 200 or 400 <= answered.status < 500


@pytest.mark.parametrize(
    "kind", ["", "channel_rename", "app_mention", "reaction_added", "function_executed", SECRET]
)
async def test_an_event_of_a_kind_that_is_not_known_has_no_effect(
    welcomed: SlackBot, traces: Traces, kind: str
) -> None:
    before = await traces.now()
    with printing() as printed:
        answered = await welcomed.slack.delivering.deliver(
            event(welcomed, type=kind, user="U1", text=SECRET, channel="C1")
        )
    assert _is_harmless(answered)
    assert SECRET not in printed.getvalue()
    assert await traces.now() == before


@pytest.mark.parametrize(
    "more",
    [
        {"type": "message_action", "callback_id": SECRET, "message": {"text": SECRET}},
        {"type": "shortcut", "callback_id": SECRET},
        {"type": "block_suggestion", "action_id": SECRET, "block_id": "b", "value": SECRET},
        {"type": "view_closed", "view": {"id": "V1", "callback_id": SECRET}, "is_cleared": True},
        {"type": "workflow_step_edit", "callback_id": SECRET, "workflow_step": {}},
        {"type": "dialog_submission", "callback_id": SECRET, "submission": {"a": SECRET}},
        {"type": "interactive_message", "callback_id": SECRET, "actions": [{"value": SECRET}]},
        {"type": "block_actions", "actions": []},
        {"type": "block_actions", "actions": None},
        {"type": "block_actions"},
        {"type": "view_submission"},
        {"type": "view_submission", "view": {"type": "modal", "state": {"a": SECRET}}},
        {"type": None},
        {"type": SECRET},
    ],
    ids=lambda more: f"{more['type']} {len(more)}",
)
async def test_an_interaction_of_a_kind_that_is_not_known_has_no_effect(
    welcomed: SlackBot, traces: Traces, more: Json
) -> None:
    payload = {**welcomed.actor("boss-1")._interaction("x"), **more}
    before = await traces.now()
    with printing() as printed:
        answered = await welcomed.slack.sends(payload)
    assert _is_harmless(answered)
    assert printed.getvalue().count("\n") == 1
    assert SECRET not in printed.getvalue()
    assert await traces.now() == before


# --- parts that are missing, or something else -----------------------------------------------


@each_kind
async def test_whatever_part_is_missing_it_is_no_error_of_ours(
    welcomed: SlackBot, made: Made
) -> None:
    parcel = made(welcomed)
    for place in places_in(parcel.payload):
        changed = deepcopy(parcel.payload)
        del holder(changed, place)[place[-1]]
        answered = await welcomed.slack.delivering.deliver(Parcel(parcel.kind, changed))
        assert _is_harmless(answered), place
    await welcomed.settle()


Place = tuple[str | int, ...]


def places_in(value: Any, here: Place = ()) -> list[Place]:
    """Where there is something in a payload; what we sent ourselves and Slack sends back apart."""
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner = [(name, each) for name, each in value.items() if name not in {"blocks", "message"}]
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [place for name, each in inner for place in _from(each, (*here, name))]


def _from(value: Any, here: Place) -> list[Place]:
    return [here, *places_in(value, here)]


def holder(value: Any, place: Place) -> Any:
    for name in place[:-1]:
        value = value[name]
    return value


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["\0", "\ud800", "", " ", "x" * 300, "T0001", "modal", "home", "|", "a|1"])
    | st.sampled_from([2**63, -(2**63), 10**400, []]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "values", "value", "team_id", "selected_option", "\0"])
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)
many_examples = settings(
    max_examples=600,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
async def form(welcomed: SlackBot) -> Parcel:
    return await filled_in(welcomed)


@pytest.fixture
def parcel(welcomed: SlackBot, made: Made) -> Parcel:
    return made(welcomed)


@over_http
@each_kind
@many_examples
@given(data=st.data())
async def test_whatever_is_in_the_place_of_a_part_it_is_no_error_of_ours(
    welcomed: SlackBot, parcel: Parcel, data: st.DataObject
) -> None:
    await _send_changed(welcomed, parcel, data)


@over_http
@many_examples
@given(data=st.data())
async def test_whatever_is_in_the_place_of_an_answer_it_is_no_error_of_ours(
    welcomed: SlackBot, form: Parcel, data: st.DataObject
) -> None:
    await _send_changed(welcomed, form, data)


async def _send_changed(bot: SlackBot, parcel: Parcel, data: st.DataObject) -> None:
    changed = deepcopy(parcel.payload)
    for place in data.draw(st.lists(st.sampled_from(places_in(changed)), min_size=1, max_size=2)):
        other = data.draw(anything)
        with suppress(KeyError, IndexError, TypeError):  # it may be in what has been replaced
            holder(changed, place)[place[-1]] = other
    if parcel.kind == "slash_commands":
        changed = {name: str(value).replace("\ud800", "") for name, value in changed.items()}
    answered = await bot.slack.delivering.deliver(Parcel(parcel.kind, changed))
    assert _is_harmless(answered)
    await bot.settle()


# --- repeated --------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [line, profile, joined], ids=lambda made: made.__name__)
async def test_an_event_that_slack_repeats_has_one_effect(
    welcomed: SlackBot, traces: Traces, made: Made
) -> None:
    parcel = made(welcomed)
    first = await welcomed.slack.delivering.deliver(parcel)
    once = await traces.now()
    for number, reason in enumerate(("http_timeout", "http_error", "connection_failed"), start=1):
        repeated = await welcomed.slack.repeats(first, number=number, reason=reason)
        assert repeated.status == 200
    assert await traces.now() == once


# --- while the database is away --------------------------------------------------------------


@over_http
@pytest.mark.parametrize(
    "made", [line, profile, joined, revoked, uninstalled], ids=lambda made: made.__name__
)
async def test_slack_is_asked_to_repeat_an_event_while_the_database_is_away(
    welcomed: SlackBot, made: Made
) -> None:
    parcel = made(welcomed)
    with printing() as printed:
        async with database_away(welcomed.core):
            answered = await welcomed.slack.delivering.deliver(parcel)
    assert answered.status == 503
    assert "OperationalError" in printed.getvalue()
    assert (await welcomed.slack.repeats(answered)).status == 200


async def test_an_event_has_its_effect_when_the_database_is_back(welcomed: SlackBot) -> None:
    slack, before = welcomed.slack, len(welcomed.slack.messages("boss-1"))
    slack.delivering.within_s = 0.5
    async with database_away(welcomed.core):
        answered = await slack.delivering.deliver(line(welcomed))
    assert not answered.acknowledged
    slack.delivering.within_s = 3.0
    assert (await slack.repeats(answered)).status == 200
    await welcomed.settle()
    (answer,) = slack.messages("boss-1")[before:]
    assert "You can type one of these" in text_of(answer.blocks)


async def test_a_press_is_answered_kindly_while_the_database_is_away(welcomed: SlackBot) -> None:
    actor = welcomed.actor("boss-1")
    said = welcomed.slack.everything_said()
    async with database_away(welcomed.core):
        assert (await actor.presses("Yes, ask me")).status == 200
        await welcomed.settle()
    (sorry,) = actor.ephemeral()
    assert "Please try again" in text_of(sorry.blocks)
    assert welcomed.slack.everything_said() == said
    await actor.presses("Yes, ask me")
    await welcomed.settle()
    assert "That's all for now" in text_of(welcomed.last("boss-1").blocks)


@pytest.mark.parametrize("how", ["form", "command", "shortcut"])
async def test_other_ways_are_answered_kindly_while_the_database_is_away(
    welcomed: SlackBot, how: Literal["form", "command", "shortcut"]
) -> None:
    actor = welcomed.actor("boss-1")
    await filled_in(welcomed)
    async with database_away(welcomed.core):
        if how == "form":
            answered = await actor.submits({"check_ins": "off"})
        elif how == "command":
            answered = await actor.runs("/wellbeing", "pause")
        else:
            await actor.closes(every=True)
            answered = await actor.uses_shortcut("talk_to_someone")
        await welcomed.settle()
    assert answered.status == 200
    blocks = actor.ephemeral()[-1].blocks if how == "command" else actor.modal().blocks
    assert "Please try again" in text_of(blocks)


async def test_a_home_page_that_can_not_be_made_is_a_line_in_the_log(welcomed: SlackBot) -> None:
    with printing() as printed:
        async with database_away(welcomed.core):
            assert (await welcomed.actor("boss-1").opens_home()).status == 200
            await welcomed.settle()
    assert '"what": "home page"' in printed.getvalue()


# --- a slow Slack ----------------------------------------------------------------------------


async def test_a_press_is_acknowledged_before_slack_has_opened_its_form(
    welcomed: SlackBot,
) -> None:
    actor = welcomed.actor("boss-1")
    welcomed.slack.faults.slow(1.0, "views.open")
    assert (await actor.presses("Choose how often")).status == 200
    assert actor.modals() == []
    await welcomed.settle()
    assert actor.modal().title == "Your settings"


async def test_a_line_is_acknowledged_before_slack_has_taken_its_answer(
    welcomed: SlackBot,
) -> None:
    welcomed.slack.faults.slow(1.0, "chat.postMessage")
    before = len(welcomed.slack.messages("boss-1"))
    assert (await welcomed.slack.delivering.deliver(line(welcomed))).status == 200
    assert len(welcomed.slack.messages("boss-1")) == before
    await welcomed.settle()
    assert len(welcomed.slack.messages("boss-1")) == before + 1


async def test_a_form_is_acknowledged_before_slack_has_taken_the_home_page(
    welcomed: SlackBot,
) -> None:
    actor = welcomed.actor("boss-1")
    await filled_in(welcomed)
    welcomed.slack.faults.slow(1.0, "views.publish")
    assert (await actor.submits({"check_ins": "off"})).status == 200
    assert actor.home() is None
    await welcomed.settle()
    assert actor.home() is not None
