from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import RosterError
from bot.usecases.directory import blocks, everyone
from tests.support.organisation import World, line, team_of

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


async def test_people_teams_and_managers_are_imported(world: World) -> None:
    await world.import_lines([*team_of(2), line("vera", roles="volunteer")])
    cards = {card.name: card for card in await everyone(world.core)}
    assert cards["Boss"].roles == ("manager",)
    assert cards["Vera"].roles == ("volunteer",)
    assert cards["Boss-1"].roles == ("staff",)
    assert {card.team for card in cards.values()} == {"Housing"}


async def test_a_bad_row_imports_nothing(world: World) -> None:
    await world.import_lines(team_of(2))
    with pytest.raises(RosterError, match="Line 4"):
        await world.import_lines([*team_of(1), line("zed", zone="Europe/Atlantis")])
    assert len(await everyone(world.core)) == 3


async def test_importing_again_keeps_settings_and_ids(world: World) -> None:
    await world.import_lines(team_of(2))
    before = dict(world.ids)
    await world.tap("boss-1", "pulse.consent", "yes")
    await world.import_lines(team_of(3))
    assert {name: world.ids[name] for name in before} == before


async def test_whoever_is_missing_from_the_file_has_left(world: World) -> None:
    await world.import_lines(team_of(3))
    await world.import_lines(team_of(2))
    assert sorted(world.ids) == ["boss", "boss-1", "boss-2"]


async def test_whoever_has_left_gets_nothing_more(world: World) -> None:
    await world.import_lines(team_of(2))
    await world.launch()
    gone = world.ids["boss-2"]
    await world.live_until(MONDAY_NOON.replace(hour=9, minute=30))
    count = len(world.platform.to(gone))
    await world.import_lines(team_of(1))
    await world.live_until(MONDAY_NOON)
    assert len(world.platform.to(gone)) == count == 1


async def test_whoever_comes_back_is_known_again(world: World) -> None:
    await world.import_lines(team_of(2))
    before = world.ids["boss-2"]
    await world.import_lines(team_of(1))
    await world.import_lines(team_of(2))
    assert world.ids["boss-2"] == before


async def test_small_teams_are_counted_with_their_siblings(world: World) -> None:
    await world.import_lines(
        [
            *team_of(5, "Services / Libraries", "lib"),
            *team_of(5, "Services / Youth", "you"),
            *team_of(3, "Wales / Links", "wal"),
        ]
    )
    assert await blocks(world.core) == (("Libraries + Youth", 10), ("Links", 3))


async def test_managers_can_swap_places(world: World) -> None:
    await world.import_lines([line("a", manager=""), line("b", manager="a")])
    await world.import_lines([line("a", manager="b"), line("b", manager="")])
    roles = {card.name: card.roles for card in await everyone(world.core)}
    assert roles == {"A": ("staff",), "B": ("manager",)}


async def test_a_team_whose_subteam_has_gone_is_counted_with_its_siblings_again(
    world: World,
) -> None:
    two = [*team_of(5, "Services / Libraries", "lib"), *team_of(5, "Services / Youth", "you")]
    night = line("nell", "Services / Youth / Night", "you")
    await world.import_lines([*two, night])
    apart = await blocks(world.core)
    await world.import_lines(two)
    assert apart != await blocks(world.core) == (("Libraries + Youth", 10),)


async def test_a_renamed_team_keeps_its_channel(world: World) -> None:
    await world.import_lines(team_of(9, "Services / Libraries"))
    channels = {card.channels[0][0] for card in await everyone(world.core)}
    await world.import_lines(team_of(10, "Culture / Reading"))
    assert {card.channels[0] for card in await everyone(world.core)} == {
        (channel, "Reading") for channel in channels
    }


async def test_a_team_that_keeps_its_path_is_the_same_whoever_is_in_it(world: World) -> None:
    one, two = "Services / Libraries", "Services / Youth"
    await world.import_lines([*team_of(9, one, "lib"), *team_of(9, two, "you")])
    before = {card.name: card.channels for card in await everyone(world.core)}
    await world.import_lines([*team_of(9, two, "lib"), *team_of(9, one, "you")])
    after = {card.name: card.channels for card in await everyone(world.core)}
    assert (after["Lib-1"], after["You-1"]) == (before["You-1"], before["Lib-1"])
