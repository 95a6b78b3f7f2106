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

from tests.fakes.teams import Actor, Answered, FakeTeams
from tests.support.clock import StillClock
from tests.support.organisation import team_of
from tests.support.printing import printing
from tests.support.tables import dump
from tests.support.teams_bot import TeamsBot, running, settings_of

MONDAY_MORNING = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
TEAM: Final = [f"boss-{number}" for number in range(1, 10)]
SOMEBODY: Final = TEAM[0]
SKIP: Final = 5
# Ids of ours and of Teams', its times, and what changes with each run's server.
IDS: Final = re.compile(
    r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b\d{13}\b|127\.0\.0\.1:\d+"
)


@dataclass(slots=True)
class Traces:
    """All that somebody with Microsoft's own records, or beside its network, could compare."""

    pulse: list[object] = field(default_factory=list)
    messages: dict[str, list[str]] = field(default_factory=dict)
    everything_said: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    directory: Path
    empty_database: Path

    async def with_(self, name: str, check_in: int, pulse: tuple[int, ...]) -> Traces:
        """What one person does; everybody else does the same in every run."""
        directory = self.directory / name
        directory.mkdir()
        url = f"sqlite:///{shutil.copy(self.empty_database, directory / 'wellbeing.db')}"
        traces = Traces()
        async with FakeTeams.running() as teams:
            with printing() as printed:
                async with running(settings_of(directory, url, teams), StillClock(), teams) as bot:
                    await bot.has(team_of(9))
                    await _some_days(bot, check_in, pulse, traces)
            traces.log = sorted(map(_without_time, printed.getvalue().splitlines()))
        return traces


async def _some_days(bot: TeamsBot, check_in: int, pulse: tuple[int, ...], traces: Traces) -> None:
    await bot.world.launch()
    await bot.world.live_until(MONDAY_MORNING)
    for name in TEAM:
        await bot.actor(name).presses("Yes, ask me")
    await bot.settle()
    await bot.world.live_until(MONDAY_NOON)
    await _check_in(bot, check_in)
    await bot.world.live_until(WEDNESDAY)
    for value in pulse:
        traces.pulse += await _answer(bot.actor(SOMEBODY), value, traces)
    for name in TEAM[1:]:
        await _answer(bot.actor(name), 4, traces)
    await bot.settle()
    await _look(bot, traces)


async def _check_in(bot: TeamsBot, which: int) -> None:
    actor = bot.actor(SOMEBODY)
    choices = [
        action
        for action in _actions(bot.last(SOMEBODY).cards)
        if action["verb"] == "check_in.answer"
    ]
    assert (await actor.presses("check_in.answer", data=choices[which]["data"])).status == 200
    await bot.settle()


def _actions(found: Any) -> list[dict[str, Any]]:
    """The actions in a card, wherever they are."""
    if isinstance(found, list):
        return [action for each in found for action in _actions(each)]
    if not isinstance(found, dict):
        return []
    own = [found] if found.get("type") == "Action.Execute" else []
    return [*own, *(action for each in found.values() for action in _actions(each))]


async def _answer(actor: Actor, value: int, traces: Traces) -> list[object]:
    opened = await actor.opens("Answer")
    traces.dialogs.append(without_ids(actor.dialog().card))
    body = actor.dialog().card["body"]
    fields = [each["id"] for each in body if each["type"].startswith("Input")]
    submitted = await actor.submits(dict.fromkeys(fields, str(value)))
    traces.dialogs.append(without_ids(actor.dialog().card))
    actor.closes()
    return [_seen(opened), _seen(submitted)]


def _seen(answered: Answered) -> object:
    return answered.status, len(answered.body), without_ids(answered.json())


async def _look(bot: TeamsBot, traces: Traces) -> None:
    teams = bot.teams
    traces.messages = {
        name: [without_ids([sent.text, sent.summary, sent.cards]) for sent in teams.messages(name)]
        for name in ("boss", *TEAM)
    }
    traces.everything_said = sorted(map(without_ids, teams.everything_said().splitlines()))
    traces.calls = sorted(
        without_ids([call.operation, call.method, call.status, call.arguments])
        for call in teams.calls()
    )
    traces.rows = {table: len(rows) for table, rows in (await dump(bot.core)).items()}


def without_ids(value: Any) -> str:
    return IDS.sub("<id>", json.dumps(value, ensure_ascii=False, sort_keys=True, default=str))


def _without_time(line: str) -> str:
    read = json.loads(line) if line.startswith("{") else {"line": line}
    return without_ids({name: value for name, value in read.items() if name != "timestamp"})


@pytest.fixture
def story(tmp_path: Path, empty_database: Path) -> Story:
    return Story(tmp_path, empty_database)


async def test_the_best_and_the_hardest_answer_look_the_same(story: Story) -> None:
    best = await story.with_("best", 0, (1,))
    hardest = await story.with_("last", 4, (5,))
    assert best == hardest
    assert len(best.pulse) == 2
    assert any("PUT" in call for call in best.calls)


async def test_an_answer_to_a_check_in_and_a_skip_look_the_same(story: Story) -> None:
    answered = await story.with_("answered", 2, (4,))
    skipped = await story.with_("skipped!", SKIP, (4,))
    assert answered == skipped


async def test_the_comparison_sees_a_single_word(story: Story) -> None:
    one = await story.with_("one", 0, (4,))
    two = await story.with_("two", 0, (4, 4))
    assert one != two
