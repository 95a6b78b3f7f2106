"""A quarter of weekly summaries with a re-organisation half-way, read in Teams."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pytest
import pytest_asyncio

from adapters.content import PromptLibrary
from bot.ports import Texts
from tests.fakes.teams import FakeTeams, text_of
from tests.support import quarter
from tests.support.clock import StillClock
from tests.support.organisation import World
from tests.support.teams_bot import TeamsBot, running, settings_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="module"),
]

Json = dict[str, Any]
OPEN: Final = "How it went over time"
COUNCIL: Final = "Council"


@dataclass(frozen=True)
class InTeams:
    bot: TeamsBot

    @property
    def world(self) -> World:
        return self.bot.world

    async def has(self, lines: Sequence[str]) -> None:
        there = set(self.world.ids)
        written = f"{COUNCIL} / {{name}}"
        await self.world.import_lines(quarter.with_channels(lines, written), channel=True)
        for name in sorted(self.world.ids.keys() - there):
            await self.bot.teams.actor(self.bot.teams.add_person(name)).installs()
        await self.bot.settle()
        await self.bot.platform.sync_all()

    async def opts_in(self, name: str) -> None:
        await self.bot.actor(name).presses("Yes, ask me")

    async def answers(self, name: str, value: str) -> None:
        actor = self.bot.actor(name)
        await actor.opens("Answer")
        body = actor.dialog().card["body"]
        fields = [each["id"] for each in body if each["type"].startswith("Input")]
        await actor.submits(dict.fromkeys(fields, value))
        actor.closes()

    async def history(self, name: str, label: str = OPEN) -> Json:
        """How it went, in a dialog for whoever asked alone."""
        actor = self.bot.actor(name)
        await actor.opens(label)
        card: Json = actor.dialog().card
        actor.closes()
        return card

    async def home(self, name: str) -> str:
        await self.bot.actor(name).types("home")
        await self.bot.settle()
        return "\n".join(map(text_of, self.bot.last(name).cards))

    def summaries(self, where: str) -> list[Json]:
        cards = [card for sent in self.bot.teams.messages(where) for card in sent.cards]
        return [card for card in cards if "The pulse of Tuesday" in text_of(card)]


@pytest.fixture(scope="module")
def texts(library: PromptLibrary) -> Texts:
    return library.texts("en")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def friday(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[InTeams]:
    """The last Friday of the quarter."""
    directory = tmp_path_factory.mktemp("quarter")
    async with FakeTeams.running() as teams:
        settings = settings_of(directory, f"sqlite:///{directory / 'wellbeing.db'}", teams)
        async with running(settings, StillClock(), teams) as bot:
            council = teams.add_team(COUNCIL, [teams.add_person("founder")])
            for name in sorted(set(quarter.CHANNELS.values())):
                teams.add_channel(council, name)
            await bot.actor("founder").adds_bot_to(council)
            await bot.settle()
            place = InTeams(bot)
            await quarter.live_through_it(place)
            await bot.settle()
            yield place


def _elements(value: Any, kind: str) -> Iterator[Json]:
    """The elements of a kind in a card, in order, without what stands for them elsewhere."""
    if isinstance(value, list):
        for each in value:
            yield from _elements(each, kind)
    elif isinstance(value, dict):
        if value.get("type") == kind:
            yield value
        for name, inner in value.items():
            if name != "fallback":
                yield from _elements(inner, kind)


def _charts(card: Json) -> list[Json]:
    return list(_elements(card["body"], "Chart.Line"))


def _points(chart: Json) -> dict[str, list[tuple[str, float]]]:
    return {
        line["legend"]: [(point["x"], point["y"]) for point in line["values"]]
        for line in chart["data"]
    }


async def test_a_renamed_team_goes_on_in_charts_with_every_point_in_words_beside_them(
    friday: InTeams, texts: Texts
) -> None:
    shown = await friday.history("norah")
    charts = _charts(shown)
    assert [chart["title"] for chart in charts] == quarter.titles(texts)
    for chart in charts:
        assert _points(chart) == quarter.POINTS
        assert (chart["yMin"], chart["yMax"]) == (1, 5)
        assert [(fact["title"], fact["value"]) for fact in chart["fallback"]["facts"]] == [
            (quarter.ASKED_EARLIER, "From 3, To 5"),
            (quarter.ASKED_LATER, "From 1, To 3"),
        ]
    assert text_of(shown).count(quarter.WENT_ON) == 2
    await friday.home("norah")
    title = texts.say("history.title", block="Northern homes")
    assert await friday.history("norah", title) == shown


async def test_a_merged_team_begins_anew_and_a_manager_who_was_reads_no_more(
    friday: InTeams, texts: Texts
) -> None:
    shown = await friday.history("esther")
    assert _charts(shown) == []
    assert text_of(shown).count(quarter.BEGAN_ANEW) == 2
    assert quarter.ASKED_EARLIER not in text_of(shown)
    assert text_of(friday.summaries("esther")[-1]).count(texts.say("summary.first_time")) == 2
    assert "over time" not in await friday.home("wes")


async def test_a_team_that_became_too_small_rests_and_no_cause_is_given(
    friday: InTeams, texts: Texts
) -> None:
    shown = await friday.history("nia")
    assert _charts(shown) == []
    assert text_of(shown).count(quarter.RESTS_NOW) == 2
    summary = friday.summaries("nia")[-1]
    assert not list(_elements(summary["body"], "ColumnSet"))
    assert texts.say("summary.rests") in text_of(summary)


async def test_a_head_of_department_reads_the_groups_there_are_now_together(
    friday: InTeams, texts: Texts
) -> None:
    summary = friday.summaries("chief")[-1]
    for read in (text_of(summary), await friday.home("chief")):
        assert texts.say("roll_up.title") in read
        assert read.count(quarter.TWO_OF_TWO) == 2
        assert "Northern homes" in read
        assert "Riverside" in read
        assert "Nights" not in read


async def test_manager_and_channel_read_the_same_all_the_time_and_nothing_of_anybody(
    friday: InTeams,
) -> None:
    for manager, channel in (("norah", "north"), ("esther", "riverside"), ("nia", "nights")):
        told = friday.summaries(manager)
        read = friday.summaries(f"{COUNCIL}/{channel}")
        assert len(told) == quarter.WEEKS
        assert len(read) == quarter.WEEKS - (manager == "esther") * quarter.REORGANISED_AFTER
        assert list(map(_read, told[-len(read) :])) == list(map(_read, read))
        assert "Action." not in str(read)
        assert [quarter.tells_too_much(text_of(each)) for each in told] == [[]] * quarter.WEEKS


def _read(card: Json) -> list[Json]:
    """A card without its buttons."""
    return [element for element in card["body"] if "Action." not in str(element)]
