"""What becomes of each answer of Slack, one by one, through the real SDK."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from adapters.slack.client import SlackClient
from adapters.slack.failures import (
    BUSY_S,
    MEANINGS,
    MENDED_S,
    SOON_S,
    BlocksRefused,
    Gone,
    Kind,
    ScopeMissing,
    ShutOut,
    failure_of,
)
from bot.errors import OutcomeUnknown, PlatformError, TryLater, Undeliverable
from tests.fakes.slack import FakeSlack
from tests.support.slack import TEAM, FixedTokens, slack_client

SECRET_WORDS = "I feel a bit low this week"
POST = "chat.postMessage"


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.running() as running:
        running.add_user("anne", id="U1")
        yield running


async def refusal(slack: FakeSlack, method: str = POST, within_s: float = 10.0) -> PlatformError:
    """What is raised for one request, which goes out once."""
    async with slack_client(slack, within_s=within_s) as client:
        return await _refusal(client, method)


async def _refusal(client: SlackClient, method: str = POST) -> PlatformError:
    arguments = {"channel": "U1", "text": SECRET_WORDS} if method == POST else {}
    with pytest.raises(PlatformError) as refused:
        await client.call(TEAM, method, **arguments)
    assert SECRET_WORDS not in _all_of(refused.value)
    return refused.value


def _all_of(error: BaseException | None) -> str:
    """All that a traceback would print of an error."""
    if error is None or error.__suppress_context__:
        return f"{error!r}{error}"
    return f"{error!r}{error}{_all_of(error.__cause__ or error.__context__)}"


# --- codes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("channel_not_found", Gone),
        ("user_not_found", Gone),
        ("user_disabled", Gone),
        ("cannot_dm_bot", Gone),
        ("not_in_channel", Gone),
        ("is_archived", Gone),
        ("restricted_action", Gone),
        ("message_not_found", Gone),
        ("account_inactive", ShutOut),
        ("token_revoked", ShutOut),
        ("invalid_auth", TryLater),
        ("token_expired", TryLater),
        ("missing_scope", ScopeMissing),
        ("messages_tab_disabled", TryLater),
        ("internal_error", OutcomeUnknown),
        ("fatal_error", OutcomeUnknown),
        ("service_unavailable", OutcomeUnknown),
        ("request_timeout", TryLater),
        ("invalid_blocks", BlocksRefused),
        ("invalid_blocks_format", BlocksRefused),
        ("msg_too_long", PlatformError),
        ("something_new", PlatformError),
    ],
)
async def test_each_code_has_its_outcome(
    slack: FakeSlack, code: str, expected: type[PlatformError]
) -> None:
    slack.faults.answer(code, POST)

    assert type(await refusal(slack)) is expected
    assert len(slack.calls(POST)) == 1


@pytest.mark.parametrize("code", sorted(MEANINGS))
async def test_every_code_of_the_table_becomes_what_its_kind_says(
    slack: FakeSlack, code: str
) -> None:
    slack.faults.answer(code, POST)

    assert isinstance(await refusal(slack), _EXPECTED[MEANINGS[code].kind])


_EXPECTED: dict[Kind, type[PlatformError]] = {
    Kind.GONE: Undeliverable,
    Kind.SHUT_OUT: Undeliverable,
    Kind.TO_BE_MENDED: TryLater,
    Kind.BUSY: TryLater,
    Kind.UNKNOWN: OutcomeUnknown,
    Kind.BLOCKS: BlocksRefused,
    Kind.REFUSED: PlatformError,
}


def test_every_code_has_a_reason() -> None:
    assert all(meaning.why.endswith(".") for meaning in MEANINGS.values())


async def test_what_slack_refuses_without_having_posted_is_never_unknown(slack: FakeSlack) -> None:
    slack.faults.answer("something_new", POST)

    refused = await refusal(slack)

    assert not isinstance(refused, OutcomeUnknown | TryLater | Undeliverable)
    assert str(refused) == "something_new"


async def test_a_code_that_looks_like_content_is_not_repeated(slack: FakeSlack) -> None:
    slack.faults.answer(SECRET_WORDS, POST)

    assert SECRET_WORDS not in str(await refusal(slack))


async def test_somebody_has_to_mend_a_missing_scope_so_there_is_time(slack: FakeSlack) -> None:
    slack.set_scopes([])

    refused = await refusal(slack)

    assert isinstance(refused, ScopeMissing)
    assert refused.retry_after_s == MENDED_S


@pytest.mark.parametrize(("token", "expected"), [("xoxb-wrong", TryLater), ("", TryLater)])
async def test_a_token_that_is_wrong_may_be_put_right(
    slack: FakeSlack, token: str, expected: type[PlatformError]
) -> None:
    async with SlackClient.connected(FixedTokens(token), slack.api_url) as client:
        assert type(await _refusal(client)) is expected


async def test_an_app_that_was_removed_is_shut_out(slack: FakeSlack) -> None:
    token = slack.bot_token()
    slack.site.tokens.revoke_team(TEAM, inactive=True)

    async with SlackClient.connected(FixedTokens(token), slack.api_url) as client:
        assert type(await _refusal(client)) is ShutOut


# --- limits --------------------------------------------------------------------------------


async def test_slack_says_for_how_long_to_wait(slack: FakeSlack) -> None:
    slack.faults.answer("ratelimited", POST, details={"retry_after": 17})

    refused = await refusal(slack)

    assert isinstance(refused, TryLater)
    assert refused.retry_after_s == 17
    assert not slack.messages("anne")


async def test_a_limit_without_a_time_is_waited_for_all_the_same() -> None:
    async with _answering(web.Response(status=429)) as url:
        refused = await _refused_by(url)

    assert isinstance(refused, TryLater)
    assert refused.retry_after_s == BUSY_S


# --- answers that aren't Slack's ------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 503, 504, 200])
async def test_a_page_of_html_says_nothing_about_the_message(slack: FakeSlack, status: int) -> None:
    slack.faults.html_page(POST, status=status)

    assert type(await refusal(slack)) is OutcomeUnknown
    assert len(slack.calls(POST)) == 1


@pytest.mark.parametrize("status", [403, 407, 413])
async def test_a_proxy_that_lets_nothing_through_may_be_put_right(
    slack: FakeSlack, status: int
) -> None:
    slack.faults.html_page(POST, status=status)

    refused = await refusal(slack)

    assert isinstance(refused, TryLater)
    assert refused.retry_after_s == MENDED_S


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "text/html"])
@pytest.mark.parametrize(
    "body", ["", "ok", "null", "[]", '"ok"', "{", '{"ok": false}', f'{{"echo": "{SECRET_WORDS}"}}']
)
async def test_an_answer_that_can_not_be_read_leaves_it_unknown(body: str, kind: str) -> None:
    async with _answering(web.Response(text=body, content_type=kind)) as url:
        assert type(await _refused_by(url)) is OutcomeUnknown


async def test_a_server_that_broke_down_is_not_believed() -> None:
    answer = web.json_response({"ok": False, "error": "something_new"}, status=500)
    async with _answering(answer) as url:
        assert type(await _refused_by(url)) is OutcomeUnknown


class _answering:  # noqa: N801 - reads as a phrase
    """A server that answers everything alike."""

    def __init__(self, response: web.Response) -> None:
        self._response = response

    async def __aenter__(self) -> str:
        async def answer(_request: web.Request) -> web.Response:
            return self._response

        app = web.Application()
        app.router.add_route("*", "/{anything:.*}", answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/"

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()


async def _refused_by(url: str) -> PlatformError:
    async with SlackClient.connected(FixedTokens("xoxb-any"), url) as client:
        return await _refusal(client)


# --- connections ---------------------------------------------------------------------------


async def test_a_lost_reply_leaves_it_unknown_and_is_not_sent_again(slack: FakeSlack) -> None:
    slack.faults.lose_replies(POST)

    assert type(await refusal(slack)) is OutcomeUnknown
    assert len(slack.messages("anne")) == len(slack.calls(POST)) == 1


async def test_a_cut_connection_leaves_it_unknown_and_is_not_sent_again(slack: FakeSlack) -> None:
    async with slack_client(slack) as client:
        await client.call(TEAM, POST, channel="U1", text="Hello")  # over a connection that is there
        slack.faults.cut(POST)
        assert type(await _refusal(client)) is OutcomeUnknown

    assert len(slack.calls(POST)) == 2


async def test_a_reply_that_takes_too_long_leaves_it_unknown(slack: FakeSlack) -> None:
    slack.faults.slow(0.6, POST)

    assert type(await refusal(slack, within_s=0.2)) is OutcomeUnknown
    await slack.settle()


async def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    refused = await _refused_by(f"http://127.0.0.1:{port}/api/")

    assert isinstance(refused, TryLater)
    assert refused.retry_after_s == SOON_S


async def test_a_name_that_is_not_known_means_nothing_was_sent() -> None:
    assert isinstance(await _refused_by("http://slack.invalid/api/"), TryLater)


def test_an_error_that_nobody_thought_of_leaves_it_unknown() -> None:
    assert type(failure_of(asyncio.IncompleteReadError(b"", None))) is OutcomeUnknown


async def test_what_the_sdk_refuses_to_send_was_not_sent(slack: FakeSlack) -> None:
    refused = await refusal(slack, "conversations.open")  # without saying with whom

    assert type(refused) is PlatformError
    assert not slack.calls()
