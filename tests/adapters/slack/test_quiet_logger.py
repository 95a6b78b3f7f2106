"""What Bolt and slack_sdk log: nothing that anybody wrote, chose or was sent."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import pytest
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.quiet_logger import SENTENCE, quiet_logger
from bot.errors import PlatformError
from tests.fakes.slack import FakeSlack
from tests.support.printing import printing
from tests.support.slack import TEAM, slack_client

CONTENT = "sensitive-answer-4711"


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.running() as running:
        yield running


@pytest.fixture
def printed() -> Iterator[io.StringIO]:
    with printing() as everything:
        yield everything


# --- what is logged ------------------------------------------------------------------------


@pytest.mark.parametrize("level", [logging.WARNING, logging.ERROR, logging.CRITICAL])
def test_a_line_says_where_it_comes_from_and_nothing_else(printed: io.StringIO, level: int) -> None:
    quiet_logger("slack_sdk").log(level, f"body: {CONTENT} %s", CONTENT, stack_info=True)

    assert CONTENT not in printed.getvalue()
    line = json.loads(printed.getvalue())
    assert line["event"] == SENTENCE
    assert line["library"] == "slack_sdk.quiet"
    assert line["place"].startswith("test_quiet_logger:")


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
def test_below_warnings_nothing_is_logged(printed: io.StringIO, level: int) -> None:
    logger = quiet_logger("slack_bolt")

    logger.log(level, CONTENT)

    # The SDK asks for this number before it puts a request into a sentence.
    assert logger.level > level
    assert printed.getvalue() == ""


@pytest.mark.parametrize(
    ("code", "is_shown"), [("channel_not_found", True), (CONTENT, False), ("sensitive_word", False)]
)
def test_of_an_error_only_its_kind_and_a_known_code_are_logged(
    printed: io.StringIO, code: str, is_shown: bool
) -> None:
    error = SlackApiError(CONTENT, _Answer({"error": code}))  # type: ignore[no-untyped-call]

    quiet_logger("slack_bolt").error("failed with %s", CONTENT, exc_info=error)

    assert CONTENT not in printed.getvalue()
    assert "SlackApiError" in printed.getvalue()
    assert (code in printed.getvalue()) is is_shown


class _Answer:
    def __init__(self, data: dict[str, str]) -> None:
        self.data = data


def test_all_loggers_of_both_libraries_are_quiet(printed: io.StringIO) -> None:
    quiet_logger()

    for name in ("slack_bolt.AsyncApp", "slack_sdk.web.async_base_client", "slack_sdk"):
        logging.getLogger(name).warning("body: %s", CONTENT)

    assert printed.getvalue().count(SENTENCE) == 3
    assert CONTENT not in printed.getvalue()


def test_each_line_is_printed_once(printed: io.StringIO) -> None:
    for _ in range(3):
        quiet_logger("slack_bolt").warning("a warning")

    assert printed.getvalue().count(SENTENCE) == 3


# --- the real libraries --------------------------------------------------------------------


def _app(logger: logging.Logger) -> AsyncApp:
    return AsyncApp(
        name="wellbeing",
        signing_secret="s",
        request_verification_enabled=False,
        client=AsyncWebClient(token="xoxb-unused"),
        authorize=_everybody,
        logger=logger,
        process_before_response=True,
    )


async def _everybody(**_rest: object) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token="xoxb-unused")


def _sent(payload: dict[str, object]) -> AsyncBoltRequest:
    return AsyncBoltRequest(
        body=json.dumps({"team_id": TEAM, **payload}),
        headers={"content-type": "application/json"},
    )


def _press() -> AsyncBoltRequest:
    return _sent({"type": "block_actions", "actions": [{"action_id": CONTENT, "block_id": "b"}]})


async def test_bolts_warning_about_a_request_that_nobody_takes_has_no_body(
    printed: io.StringIO,
) -> None:
    await _app(quiet_logger("slack_bolt")).async_dispatch(_press())

    assert SENTENCE in printed.getvalue()
    assert CONTENT not in printed.getvalue()


async def test_bolts_own_logger_would_have_printed_it(caplog: pytest.LogCaptureFixture) -> None:
    await _app(logging.getLogger("loud")).async_dispatch(_press())

    assert CONTENT in caplog.text


async def test_a_listeners_error_is_logged_without_what_it_held(
    printed: io.StringIO,
) -> None:
    app = _app(quiet_logger("slack_bolt"))

    @app.event("message")
    async def fails() -> None:
        raise ValueError(CONTENT)

    await app.async_dispatch(
        _sent({"type": "event_callback", "event": {"type": "message", "text": CONTENT}})
    )

    assert "ValueError" in printed.getvalue()
    assert CONTENT not in printed.getvalue()


@pytest.mark.parametrize("code", ["", "channel_not_found", "internal_error"])
async def test_slack_sdk_prints_neither_requests_nor_answers(
    slack: FakeSlack, printed: io.StringIO, code: str
) -> None:
    slack.add_user("anne", id="U1")
    if code:
        slack.faults.answer(code, "chat.postMessage", details={"echo": CONTENT})

    async with slack_client(slack) as client:
        with suppress(PlatformError):
            await client.call(TEAM, "chat.postMessage", channel="U1", text=CONTENT)

    assert CONTENT not in printed.getvalue()
