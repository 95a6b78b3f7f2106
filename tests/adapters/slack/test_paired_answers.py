"""The same days twice, one answer apart: what can be seen is the same, but for ids and times."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from tests.fakes.slack import FakeSlack
from tests.fakes.slack.call_log import Call
from tests.fakes.slack.delivering import Answered
from tests.support.clock import StillClock
from tests.support.organisation import team_of
from tests.support.printing import printing
from tests.support.slack_bot import SlackBot, running, settings_of
from tests.support.tables import dump

MONDAY_MORNING = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
TEAM: Final = [f"boss-{number}" for number in range(1, 10)]
SOMEBODY: Final = TEAM[0]
SKIP: Final = 5
# All of them are as long as each other: ids of ours, what Slack gives out, and its times.
IDS: Final = re.compile(
    r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+\.\d{6}|\d+\.[0-9a-f]{8}"
    r"|\d+\.T0001\.[0-9a-f]{16}|[UDV]0001\d{5}"
)


@dataclass(frozen=True, slots=True)
class Answers:
    """What one person does; everybody else does the same in every run.

    check_in  which button of the check-in: 0 to 4, or to skip it
    pulse     what they answer to both questions, each time in place of the answer before
    """

    check_in: int = 0
    pulse: tuple[int, ...] = (4,)


@dataclass(slots=True)
class Traces:
    """All that somebody with Slack's own records, or beside its network, could compare."""

    answered: list[object] = field(default_factory=list)
    messages: dict[str, list[str]] = field(default_factory=dict)
    everything_said: list[str] = field(default_factory=list)
    homes: list[str] = field(default_factory=list)
    modals: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)


def without_ids(value: Any) -> str:
    return IDS.sub("<id>", json.dumps(value, ensure_ascii=False, sort_keys=True))


def _answer(answered: Answered) -> object:
    headers = sorted(pair for pair in answered.headers if pair[0] != "date")
    return answered.status, headers, len(answered.body), without_ids(answered.body)


def _call(call: Call) -> str:
    """What an ephemeral message says depends on what its only reader has chosen."""
    arguments: Any = call.arguments
    if arguments.get("response_type") == "ephemeral":
        arguments = sorted(arguments)
    return without_ids([call.method, call.outcome, call.status, arguments])


@dataclass(frozen=True, slots=True)
class Story:
    directory: Path
    empty_database: Path
    way: str

    async def with_(self, name: str, answers: Answers) -> Traces:
        directory = self.directory / name
        directory.mkdir()
        url = f"sqlite:///{shutil.copy(self.empty_database, directory / 'wellbeing.db')}"
        clock, traces = StillClock(), Traces()
        async with FakeSlack.running() as slack:
            more = {"slack_app_token": slack.app.app_token} if self.way != "http" else {}
            settings = settings_of(directory, url, slack, **more)
            with printing() as printed:
                async with running(settings, clock, slack) as bot:
                    await bot.has(team_of(9))
                    await _some_days(bot, answers, traces)
            traces.log = sorted(map(_without_time, printed.getvalue().splitlines()))
        return traces


def _without_time(line: str) -> str:
    read = json.loads(line) if line.startswith("{") else {"line": line}
    return without_ids({name: value for name, value in read.items() if name != "timestamp"})


async def _some_days(bot: SlackBot, answers: Answers, traces: Traces) -> None:
    await bot.world.launch()
    await bot.world.live_until(MONDAY_MORNING)
    for name in TEAM:
        await bot.actor(name).presses("Yes, ask me")
    await bot.settle()
    await bot.actor(SOMEBODY).opens_home()
    await bot.world.live_until(MONDAY_NOON)
    traces.answered.append(await _check_in(bot, answers.check_in))
    await bot.world.live_until(WEDNESDAY)
    for value in answers.pulse:
        traces.answered += await _pulse(bot, SOMEBODY, value, traces)
    for name in TEAM[1:]:
        await _pulse(bot, name, 4, traces)
    await bot.actor(SOMEBODY).opens_home()
    await bot.settle()
    await _look(bot, traces)


async def _check_in(bot: SlackBot, which: int) -> object:
    actor = bot.actor(SOMEBODY)
    elements = [each for block in bot.last(SOMEBODY).blocks for each in block.get("elements", [])]
    labels = [
        str(each["text"]["text"])
        for each in elements
        if str(each.get("action_id")).startswith("check_in.answer|")
    ]
    answered = _answer(await actor.presses(labels[which]))
    await bot.settle()
    return answered


async def _pulse(bot: SlackBot, name: str, value: int, traces: Traces) -> list[object]:
    actor = bot.actor(name)
    pressed = await actor.presses("pulse.form")
    await bot.settle()
    traces.modals.append(without_ids(actor.modal().payload))
    fields = [block["block_id"] for block in actor.modal().blocks if block["type"] == "input"]
    submitted = await actor.submits(dict.fromkeys(fields, str(value)))
    await bot.settle()
    traces.modals.append(without_ids(actor.modal().payload))
    await actor.closes(every=True)
    return [_answer(pressed), _answer(submitted)]


async def _look(bot: SlackBot, traces: Traces) -> None:
    slack = bot.slack
    traces.messages = {
        name: [without_ids([posted.text, posted.blocks]) for posted in slack.messages(name)]
        for name in ("boss", *TEAM)
    }
    traces.everything_said = sorted(map(without_ids, slack.everything_said().splitlines()))
    # Shown in the background, so in no order that means anything.
    traces.homes = sorted(without_ids(home.payload) for home in slack.workspace.homes.values())
    traces.calls = sorted(map(_call, slack.calls()))
    traces.rows = {table: len(rows) for table, rows in (await dump(bot.core)).items()}


@pytest.fixture(params=["http", "socket mode"])
def story(request: pytest.FixtureRequest, tmp_path: Path, empty_database: Path) -> Story:
    return Story(tmp_path, empty_database, request.param)


async def test_the_best_and_the_hardest_answer_look_the_same(story: Story) -> None:
    best = await story.with_("best", Answers(check_in=0, pulse=(1,)))
    hardest = await story.with_("last", Answers(check_in=4, pulse=(5,)))
    assert best == hardest
    assert len(best.answered) == 3
    assert best.homes
    assert any("chat.postMessage" in call for call in best.calls)


async def test_an_answer_to_a_check_in_and_a_skip_look_the_same(story: Story) -> None:
    answered = await story.with_("answered", Answers(check_in=2))
    skipped = await story.with_("skipped!", Answers(check_in=SKIP))
    assert answered == skipped


async def test_a_changed_answer_looks_the_same_whatever_it_was_before(story: Story) -> None:
    one = await story.with_("one", Answers(pulse=(1, 5)))
    two = await story.with_("two", Answers(pulse=(4, 4)))
    assert one == two


async def test_the_comparison_sees_a_single_word(story: Story) -> None:
    one = await story.with_("one", Answers())
    two = await story.with_("two", Answers(pulse=(4, 4)))
    assert one != two
    assert len(one.calls) < len(two.calls)
