"""Lines as the core has them: what was typed, as its writer sees it, and whether with a file."""

from __future__ import annotations

import logging

import pytest

from adapters.payloads import read
from adapters.teams.incoming import Turn
from adapters.teams.lines import line_of
from bot.ports import AccountId, Line
from tests.fakes.teams import activities
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.reading import text_of
from tests.support.printing import printing
from tests.support.tables import dump
from tests.support.teams_bot import TeamsBot

CARD: Json = {"contentType": "application/vnd.microsoft.card.adaptive", "content": {}}
QUOTE: Json = {"contentType": "messageReference", "content": "{}"}


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("I can't sleep", "I can't sleep"),
        ("tea &amp; toast &lt;3, and then -&gt; bed", "tea & toast <3, and then -> bed"),
        ("I&nbsp;can&#39;t&nbsp; sleep\N{NO-BREAK SPACE}", "I can't  sleep"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("one\r\ntwo\n\nthree\n", "one\ntwo\n\nthree"),
        ("**really** _very_ tired", "**really** _very_ tired"),
        ("<at>Wellbeing Warrior</at> hello", "Wellbeing Warrior hello"),
        ('<at id="0">Anna &amp; Ben</at>, or a &lt; b', "Anna & Ben, or a < b"),
        ("a < b", "a < b"),
    ],
)
async def test_a_line_is_what_its_writer_sees(bot: TeamsBot, sent: str, seen: str) -> None:
    told = read(Turn, bot.actor("boss-1").line_of(sent))
    assert line_of(told) == Line(AccountId(f"teams:{told.tenant_id}", told.user_id), seen)


@pytest.mark.parametrize(
    ("attached", "has_files"),
    [
        ([], False),
        ([CARD], False),
        ([QUOTE], False),
        ([activities.file("payslip.pdf")], True),
        ([activities.picture("payslip")], True),
        ([CARD, activities.picture("payslip")], True),
    ],
)
async def test_that_there_is_a_file_is_all_that_is_read_of_it(
    bot: TeamsBot, attached: list[Json], has_files: bool
) -> None:
    told = read(Turn, bot.actor("boss-1").line_of("see this", files=attached))
    assert line_of(told).has_files is has_files
    assert "payslip" not in repr(told)


def test_where_teams_sends_no_list_there_are_no_files() -> None:
    who = {"id": "29:1", "aadObjectId": "1"}
    told = {"type": "message", "serviceUrl": "https://x", "from": who, "conversation": {"id": "a"}}
    assert not line_of(read(Turn, {**told, "attachments": None})).has_files


async def test_a_file_without_a_word_is_answered_once(welcomed: TeamsBot) -> None:
    actor = welcomed.actor("boss-1")
    for files in ([activities.file("payslip.pdf")], [activities.picture("payslip")]):
        before = len(actor.messages())
        await actor.types("", files=files)
        await actor.repeats()
        await welcomed.settle()
        theirs, bots = actor.messages()[before:]
        assert theirs.sender_id == actor.person.id
        assert "help" in text_of(bots.cards[0])


async def test_nothing_of_a_line_or_its_file_is_kept_or_logged(
    welcomed: TeamsBot, caplog: pytest.LogCaptureFixture
) -> None:
    actor = welcomed.actor("boss-1")
    file = activities.file("payslip.pdf")
    with printing() as printed, caplog.at_level(logging.DEBUG):
        await actor.types("I can't pay my mortgage", files=[file])
        await welcomed.teams.sends({**actor.line_of("payslip"), "attachments": "payslip"})
        await welcomed.settle()
    told = f"{printed.getvalue()}{caplog.text}{await dump(welcomed.core)}"
    assert "was refused" in told
    assert not any(words in told for words in ("mortgage", "payslip"))


async def test_nothing_at_all_is_not_a_line(welcomed: TeamsBot) -> None:
    actor = welcomed.actor("boss-1")
    before = len(actor.messages())
    await actor.types("&nbsp;\n")
    await welcomed.settle()
    assert len(actor.messages()) == before + 1


async def test_a_word_that_the_bot_knows_is_known_however_teams_spaces_it(
    welcomed: TeamsBot,
) -> None:
    actor = welcomed.actor("boss-1")
    await actor.types("take&nbsp;a&nbsp;break")
    await welcomed.settle()
    assert "break" in text_of(actor.messages()[-1].cards[0])
