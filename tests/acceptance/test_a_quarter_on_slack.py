"""A quarter of weekly summaries with a re-organisation half-way, read on Slack by the real Bolt."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pytest
import pytest_asyncio

from adapters.content import PromptLibrary
from bot.ports import Texts
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.reading import text_of
from tests.support import quarter
from tests.support.clock import StillClock
from tests.support.organisation import World
from tests.support.slack_bot import SlackBot, running, settings_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="module"),
]

Json = dict[str, Any]
OPEN: Final = "How it went over time"


@dataclass(frozen=True)
class OnSlack:
    bot: SlackBot

    @property
    def world(self) -> World:
        return self.bot.world

    async def has(self, lines: Sequence[str]) -> None:
        await self.world.import_lines(quarter.with_channels(lines, "#{name}"), channel=True)
        there = {user.name for user in self.bot.slack.workspace.users.values()}
        for name in sorted(self.world.ids.keys() - there):
            self.bot.slack.add_user(name)
        await self.bot.platform.sync_all()

    async def opts_in(self, name: str) -> None:
        await self.bot.actor(name).presses("Yes, ask me")

    async def answers(self, name: str, value: str) -> None:
        actor = self.bot.actor(name)
        await actor.presses("pulse.form")
        await self.bot.settle()
        inputs = [block for block in actor.modal().blocks if block["type"] == "input"]
        await actor.submits({block["block_id"]: value for block in inputs})
        await actor.closes(every=True)

    async def history(self, name: str) -> list[Json]:
        """How it went, from the newest summary: shown beside it, to whoever asked alone."""
        actor = self.bot.actor(name)
        await actor.presses(OPEN)
        await self.bot.settle()
        return actor.ephemeral()[-1].blocks

    async def history_from_home(self, name: str, label: str) -> list[Json]:
        actor = self.bot.actor(name)
        await actor.presses(label, on="home")
        await self.bot.settle()
        blocks = actor.modal().blocks
        await actor.closes(every=True)
        return blocks

    async def home(self, name: str) -> str:
        await self.bot.actor(name).opens_home()
        await self.bot.settle()
        home = self.bot.actor(name).home()
        assert home is not None
        return text_of(home.blocks)


@pytest.fixture(scope="module")
def texts(library: PromptLibrary) -> Texts:
    return library.texts("en")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def friday(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OnSlack]:
    """The last Friday of the quarter."""
    directory = tmp_path_factory.mktemp("quarter")
    async with FakeSlack.running() as slack:
        for name in sorted(set(quarter.CHANNELS.values())):
            slack.workspace.add_channel(name, [], bot_is_member=True)
        settings = settings_of(directory, f"sqlite:///{directory / 'wellbeing.db'}", slack)
        async with running(settings, StillClock(), slack) as bot:
            place = OnSlack(bot)
            await quarter.live_through_it(place)
            await bot.settle()
            yield place


def _charts(blocks: list[Json]) -> list[Json]:
    return [block for block in blocks if block["type"] == "data_visualization"]


def _points(block: Json) -> dict[str, list[tuple[str, float]]]:
    return {
        series["name"]: [(point["label"], point["value"]) for point in series["data"]]
        for series in block["chart"]["series"]
    }


async def test_a_renamed_team_goes_on_in_charts_with_every_point_in_words_beside_them(
    friday: OnSlack, texts: Texts
) -> None:
    shown = await friday.history("norah")
    charts = _charts(shown)
    assert [chart["title"] for chart in charts] == quarter.titles(texts)
    for chart in charts:
        assert chart["chart"]["type"] == "line"
        assert _points(chart) == quarter.POINTS
        assert quarter.WENT_ON in text_of([shown[shown.index(chart) + 1]])


async def test_from_the_home_tab_it_is_all_in_words_because_views_have_no_charts(
    friday: OnSlack, texts: Texts
) -> None:
    await friday.home("norah")
    title = texts.say("history.title", block="Northern homes")
    shown = await friday.history_from_home("norah", title)
    assert _charts(shown) == []
    for short in quarter.titles(texts):
        assert f"{short}\n{quarter.WENT_ON}" in text_of(shown)


async def test_a_merged_team_begins_anew_and_a_manager_who_was_reads_no_more(
    friday: OnSlack, texts: Texts
) -> None:
    shown = await friday.history("esther")
    assert _charts(shown) == []
    assert text_of(shown).count(quarter.BEGAN_ANEW) == 2
    assert quarter.ASKED_EARLIER not in text_of(shown)
    assert text_of(friday.bot.last("esther").blocks).count(texts.say("summary.first_time")) == 2
    assert "over time" not in await friday.home("wes")


async def test_a_team_that_became_too_small_rests_and_no_cause_is_given(
    friday: OnSlack, texts: Texts
) -> None:
    shown = await friday.history("nia")
    assert _charts(shown) == []
    assert text_of(shown).count(quarter.RESTS_NOW) == 2
    summary = friday.bot.last("nia").blocks
    assert _charts(summary) == []
    assert texts.say("summary.rests") in text_of(summary)


async def test_a_head_of_department_reads_the_groups_there_are_now_together(
    friday: OnSlack, texts: Texts
) -> None:
    for read in (text_of(friday.bot.last("chief").blocks), await friday.home("chief")):
        assert texts.say("roll_up.title") in read
        assert read.count(quarter.TWO_OF_TWO) == 2
        assert "Northern homes" in read
        assert "Riverside" in read
        assert "Nights" not in read
    assert len(_charts(friday.bot.last("chief").blocks)) == 2


async def test_manager_and_channel_read_the_same_all_the_time_and_nothing_of_anybody(
    friday: OnSlack, texts: Texts
) -> None:
    for manager, channel in (("norah", "north"), ("esther", "riverside"), ("nia", "nights")):
        told = _summaries(friday, manager)
        read = _summaries(friday, channel)
        assert len(told) == quarter.WEEKS
        assert len(read) == quarter.WEEKS - (manager == "esther") * quarter.REORGANISED_AFTER
        assert list(map(_without_buttons, told[-len(read) :])) == list(map(_without_buttons, read))
        assert not [block for each in read for block in each if block["type"] == "actions"]
        assert [quarter.tells_too_much(text_of(each)) for each in told] == [[]] * quarter.WEEKS


def _summaries(friday: OnSlack, where: str) -> list[list[Json]]:
    posted = friday.bot.slack.messages(where)
    return [each.blocks for each in posted if each.text.startswith("The weekly pulse of")]


def _without_buttons(blocks: list[Json]) -> list[Json]:
    """What can be read; a block's id says only where it stands."""
    read = (block for block in blocks if block["type"] != "actions")
    return [{name: block[name] for name in block if name != "block_id"} for block in read]
