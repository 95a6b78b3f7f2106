"""Lines as the core has them: what was typed, as its writer sees it, in which conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.payloads import read
from adapters.slack.incoming import Line as Told
from adapters.slack.lines import line_of
from bot.ports import AccountId, Line
from tests.fakes.slack import FakeSlack
from tests.support.small_bot import SmallBot, small_bot

FILE = {"id": "F1", "name": "payslip.pdf", "url_private": "https://files.slack.com/F1"}


def told(text: str) -> Told:
    event = {"user": "U1", "channel": "D1", "channel_type": "im", "ts": "1.1", "text": text}
    return read(Told, {"team_id": "T1", "event_id": "Ev1", "event": event})


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("I can't sleep", "I can't sleep"),
        ("tea &amp; toast &lt;3, and then -&gt; bed", "tea & toast <3, and then -> bed"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("one\ntwo\n\nthree", "one\ntwo\n\nthree"),
        ("*really* _very_ ~not~ `tired` :sob:", "*really* _very_ ~not~ `tired` :sob:"),
        ("see <https://nhs.uk/a?b=1&amp;c=2>", "see https://nhs.uk/a?b=1&c=2"),
        ("see <http://nhs.uk|nhs.uk>", "see nhs.uk"),
        ("see <https://nhs.uk/sleep|this page>", "see this page (https://nhs.uk/sleep)"),
        ("<mailto:me@example.org|me@example.org>", "me@example.org"),
        ("<tel:116123|116 123>", "116 123 (tel:116123)"),
        ("<@U123> was there, and <@W9|anna>", "@somebody was there, and @anna"),
        ("in <#C1|housing> and <#C2|>", "in #housing and #C2"),
        ("<!here> <!channel|@channel> <!everyone>", "@here @channel @everyone"),
        ("<!subteam^S1|@housing> and <!subteam^S2>", "@housing and @somebody"),
        ("on <!date^1392734382^{date_short}|18 Feb>", "on 18 Feb"),
        ("cut short <https://nhs", "cut short <https://nhs"),
        ("<>", ""),
    ],
)
def test_a_line_is_what_its_writer_sees(sent: str, seen: str) -> None:
    assert line_of(told(sent), "somebody").text == seen


@pytest.fixture
async def bot(fake_slack: FakeSlack) -> AsyncIterator[SmallBot]:
    fake_slack.add_user("anna", id="U1")
    async with small_bot(fake_slack) as running:
        yield running


async def test_a_line_is_of_the_conversation_that_it_was_typed_in(
    fake_slack: FakeSlack, bot: SmallBot
) -> None:
    client = AsyncWebClient(token=fake_slack.bot_token(), base_url=fake_slack.api_url)
    anna = fake_slack.actor("anna")
    who = AccountId("slack:T0001", "U1")
    sent = await client.chat_postMessage(channel="U1", text="Somebody would like to talk")
    (root,) = fake_slack.messages("anna")
    thread = f"{sent['channel']}/{sent['ts']}"

    await anna.says("outside")
    assert line_of(read(Told, bot.last()), "somebody") == Line(who, "outside")
    await anna.says("inside", in_thread=root)
    assert line_of(read(Told, bot.last()), "somebody") == Line(who, "inside", thread)
    await anna.says("and outside", in_thread=root, broadcast=True)
    assert line_of(read(Told, bot.last()), "somebody") == Line(who, "and outside", thread)
    await anna.says("", in_thread=anna.thread(root)[-1], files=[FILE])
    assert line_of(read(Told, bot.last()), "somebody") == Line(who, "", thread, has_files=True)


@pytest.mark.parametrize(
    ("event", "has_files"),
    [
        ({}, False),
        ({"files": None}, False),
        ({"files": []}, False),
        ({"files": [FILE]}, True),
        ({"subtype": "file_share"}, True),
        ({"subtype": "thread_broadcast", "files": [FILE]}, True),
    ],
)
def test_that_there_is_a_file_is_all_that_is_read_of_it(
    event: dict[str, object], has_files: bool
) -> None:
    event = {"user": "U1", "channel": "D1", "ts": "1.1", "text": "see this", **event}
    given = read(Told, {"team_id": "T1", "event_id": "Ev1", "event": event})
    assert given.event.is_from_a_person
    assert line_of(given, "somebody").has_files is has_files
    assert "payslip" not in repr(given)
