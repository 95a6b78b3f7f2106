"""Nothing that somebody types or chooses is in a line of the log, and nor is any secret."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from tests.fakes.slack import FakeSlack
from tests.fakes.slack.delivering import FORM, Parcel
from tests.support.away import database_away
from tests.support.canary_prompts import CANARY, QUESTION, canary_prompts
from tests.support.clock import StillClock
from tests.support.organisation import team_of
from tests.support.printing import printing
from tests.support.slack_bot import SlackBot, running, settings_of
from tests.support.slack_parcels import MAKERS, event, line, places_of
from tests.support.tables import dump

MONDAY_MORNING = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
TEAM = [f"boss-{number}" for number in range(1, 10)]
# A question's id before a number, as in a dictionary of answers: {"asked-4": "5"}.
ANSWER: Final = re.compile(rf"\b{QUESTION}-\d+(?:[\"' ]*[:=,][\"' ]*|[\"' ]+)\d")
WHEN: Final = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]+Z?")
LIBRARIES: Final = ("slack_bolt", "slack_sdk", "bolt", "socket mode", "aiohttp", "asyncio")


class Log:
    """Everything that is logged by anybody, at the most talkative."""

    def __init__(self, printed: io.StringIO, caught: pytest.LogCaptureFixture) -> None:
        self._printed, self._caught = printed, caught

    @property
    def text(self) -> str:
        records = "\n".join(str(vars(record)) for record in self._caught.records)
        return f"{self._printed.getvalue()}\n{self._caught.text}\n{records}"

    @property
    def of_the_bot(self) -> list[str]:
        """The bot's own lines, without when they were written."""
        return [WHEN.sub("", line) for line in self._printed.getvalue().splitlines()]

    def is_clean(self, bot: SlackBot) -> bool:
        text = self.text
        found = [secret for secret in secrets_of(bot.slack) if secret in text]
        assert [*found, *ANSWER.findall(text)] == []
        return True


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[Log]:
    with printing() as printed:
        yield Log(printed, caplog)


def secrets_of(slack: FakeSlack) -> list[str]:
    """What should be nowhere in a log."""
    site = slack.site
    return [
        CANARY,
        slack.app.signing_secret,
        slack.app.client_secret,
        slack.app.verification_token,
        "/response/",
        *site.tokens.all,
        *site.triggers._all,
        *site.response_urls._all,
    ]


@pytest.fixture(params=["http", "socket mode"])
async def bot(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    sqlite_url: str,
    clock: StillClock,
    fake_slack: FakeSlack,
    log: Log,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[SlackBot]:
    """A bot whose every answer is a canary, with libraries that are asked to tell everything."""
    more: dict[str, str | int] = {"wellbeing_prompts": str(canary_prompts(tmp_path / "prompts"))}
    if request.param != "http":
        more["slack_app_token"] = fake_slack.app.app_token
    settings = settings_of(tmp_path, sqlite_url, fake_slack, **more)
    async with running(settings, clock, fake_slack) as bot:
        await bot.has(team_of(9))
        with ExitStack() as stack:
            for name in LIBRARIES:
                stack.enter_context(caplog.at_level(logging.DEBUG, logger=name))
            yield bot


async def ask_everybody(bot: SlackBot) -> None:
    await bot.world.launch()
    await bot.world.live_until(MONDAY_MORNING)
    for name in TEAM:
        await bot.actor(name).presses("Yes, ask me")
    await bot.settle()


def choices_of(bot: SlackBot, name: str) -> list[str]:
    """The labels of a check-in's answers, from best to hardest, and then the one to skip it."""
    elements = [each for block in bot.last(name).blocks for each in block.get("elements", [])]
    answers = [
        each for each in elements if str(each.get("action_id")).startswith("check_in.answer|")
    ]
    return [str(each["text"]["text"]) for each in answers]


async def open_pulse(bot: SlackBot, name: str) -> list[str]:
    """The fields of the form that is open then."""
    await bot.actor(name).presses("pulse.form")
    await bot.settle()
    return [each["block_id"] for each in bot.actor(name).modal().blocks if each["type"] == "input"]


# --- all is well -----------------------------------------------------------------------------


async def test_no_line_tells_how_somebody_is(bot: SlackBot, log: Log) -> None:
    await ask_everybody(bot)
    await bot.world.live_until(MONDAY_NOON)
    labels = choices_of(bot, "boss-1")
    assert len(labels) == 6
    for number, label in enumerate(labels):
        assert (await bot.actor(f"boss-{number + 1}").presses(label)).status == 200
    await bot.settle()
    assert bot.actor("boss-1").ephemeral()
    assert log.is_clean(bot)


async def test_no_line_tells_what_somebody_answered_in_a_pulse(bot: SlackBot, log: Log) -> None:
    await ask_everybody(bot)
    await bot.world.live_until(WEDNESDAY)
    for number, name in enumerate(TEAM):
        fields = await open_pulse(bot, name)
        assert all(field.startswith(QUESTION) for field in fields)
        answered = await bot.actor(name).submits(dict.fromkeys(fields, str(number % 5 + 1)))
        assert answered.status == 200
    await bot.settle()
    await bot.actor("boss-1").closes(every=True)
    await bot.actor("boss-1").opens_home()
    await bot.settle()
    assert log.is_clean(bot)


async def test_no_line_tells_what_somebody_typed(bot: SlackBot, log: Log) -> None:
    await ask_everybody(bot)
    actor = bot.actor("boss-1")
    for words in (CANARY, f"help {CANARY}", CANARY * 400, f"pause\n{CANARY}"):
        assert (await actor.says(words)).status == 200
        assert (await actor.runs("/wellbeing", words)).status == 200
    await bot.settle()
    root = bot.last("boss-1")
    file = {"id": "F1", "name": CANARY, "url_private": f"https://files.slack.com/{CANARY}"}
    assert (await actor.says(CANARY, in_thread=root, files=[file])).status == 200
    await bot.settle()
    assert actor.thread(root)[-1].bot_id
    assert log.is_clean(bot)
    theirs = [posted for posted in actor.messages() if posted.user == actor.user.id]
    assert not [each for each in actor.messages() if each not in theirs and CANARY in each.text]
    assert CANARY not in str(await dump(bot.core))


async def test_words_of_a_crisis_leave_the_lines_that_any_words_leave(
    bot: SlackBot, log: Log
) -> None:
    await ask_everybody(bot)
    actor = bot.actor("boss-1")
    left = []
    for words in (f"{CANARY} all is well", f"{CANARY} i want to die"):
        before = len(log.of_the_bot)
        await actor.says(words)
        await actor.runs("/wellbeing", words)
        await bot.settle()
        left.append(log.of_the_bot[before:])
    assert "This is automatic" in str(actor.ephemeral()[-1].blocks)
    assert left[0] == left[1]
    assert log.is_clean(bot)


async def test_words_of_a_crisis_leave_no_line_of_their_own_when_things_fail(
    bot: SlackBot, log: Log
) -> None:
    await ask_everybody(bot)
    actor = bot.actor("boss-1")
    bot.slack.faults.answer("invalid_arguments", "chat.postMessage", times=None)
    left = []
    for words in (f"{CANARY} all is well", f"{CANARY} i want to die"):
        before = len(log.of_the_bot)
        await actor.says(words)
        async with database_away(bot.core):
            await actor.runs("/wellbeing", words)
        await bot.settle()
        left.append(log.of_the_bot[before:])
    assert left[0] == left[1] != []
    assert log.is_clean(bot)


# --- all goes wrong --------------------------------------------------------------------------


async def test_no_line_tells_anything_while_the_database_is_away(bot: SlackBot, log: Log) -> None:
    await ask_everybody(bot)
    await bot.world.live_until(MONDAY_NOON)
    check_in = bot.actor("boss-1").press_of(choices_of(bot, "boss-1")[4])
    await bot.world.live_until(WEDNESDAY)
    fields = await open_pulse(bot, "boss-2")
    bot.slack.delivering.within_s = 0.5
    async with database_away(bot.core):
        await bot.slack.sends(check_in)
        await bot.actor("boss-2").submits(dict.fromkeys(fields, "5"))
        await bot.actor("boss-3").says(CANARY)
        await bot.actor("boss-3").runs("/wellbeing", CANARY)
        await bot.actor("boss-3").opens_home()
        await bot.settle()
    assert "OperationalError" in log.text
    assert log.is_clean(bot)


@pytest.mark.parametrize("way", ["refused", "broken down", "cut", "replies lost"])
async def test_no_line_tells_anything_when_slack_fails(bot: SlackBot, log: Log, way: str) -> None:
    """What it answers may have in it what it was sent."""
    await ask_everybody(bot)
    await bot.world.live_until(MONDAY_NOON)
    faults = bot.slack.faults
    for method in ("views.open", "views.publish", "chat.postMessage", "response_url"):
        match way:
            case "refused":
                echo = {"response_metadata": {"messages": [CANARY]}, "needed": CANARY}
                faults.answer("invalid_arguments", method, times=None, details=echo)
            case "broken down":
                faults.html_page(method, times=None)
            case "cut":
                faults.cut(method, times=None)
            case _:
                faults.lose_replies(method, times=None)
    faults.html_page("conversations.history")  # where an answer is looked for
    actor = bot.actor("boss-1")
    await actor.presses(choices_of(bot, "boss-1")[4])
    await actor.says(CANARY)
    await actor.presses("settings.open")
    await actor.uses_shortcut("talk_to_someone")
    await actor.opens_home()
    await bot.settle()
    await bot.world.live_until(WEDNESDAY)
    assert "Slack refused or failed" in log.text
    assert log.is_clean(bot)


async def test_no_line_has_anything_of_a_payload_that_is_malformed(bot: SlackBot, log: Log) -> None:
    await bot.world.launch()
    await bot.world.live_until(MONDAY_NOON)
    made = [each(bot) for each in MAKERS if each.__name__ not in {"revoked", "uninstalled"}]
    made.append(Parcel("interactive", bot.actor("boss-1").press_of(choices_of(bot, "boss-1")[4])))
    made.append(event(bot, type="app_mention", text=CANARY))
    for parcel in made:
        for name, holder in places_of(parcel.payload):
            kept = holder[name]
            for other in (CANARY, [CANARY], {"id": [CANARY]}):
                holder[name] = other
                await bot.slack.delivering.deliver(Parcel(parcel.kind, deepcopy(parcel.payload)))
            holder[name] = kept
    await bot.settle()
    assert "was malformed" in log.text
    assert log.is_clean(bot)


@pytest.mark.parametrize("bot", ["http"], indirect=True)
async def test_no_line_has_anything_of_a_request_that_slack_did_not_send(
    bot: SlackBot, log: Log
) -> None:
    await ask_everybody(bot)
    headers = {"X-Slack-Signature": CANARY, "X-Slack-Request-Timestamp": CANARY}
    for body, kind in (
        (CANARY, FORM),
        (f"payload={CANARY}", FORM),
        (json.dumps({"type": CANARY}), "application/json"),
        (json.dumps(line(bot).payload | {"text": CANARY}), "application/json"),
    ):
        for signing in ("none", "wrong", "stale"):
            await bot.slack.sends_raw(body, kind, signing=signing)
        await bot.slack.delivering.raw(body, {"Content-Type": kind, **headers}, "none")
        await bot.slack.delivering.raw(body, {"Content-Type": CANARY})
    assert "refused" in log.text
    assert log.is_clean(bot)


# --- the search itself -----------------------------------------------------------------------


async def test_the_search_finds_what_a_library_or_the_bot_would_print(
    bot: SlackBot, log: Log
) -> None:
    await ask_everybody(bot)
    logging.getLogger("aiohttp.client").debug("sent %s", CANARY)
    with pytest.raises(AssertionError):
        log.is_clean(bot)
