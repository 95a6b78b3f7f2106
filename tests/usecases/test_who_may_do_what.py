"""Every action by every role: what isn't theirs is refused, whatever the value says."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest

from bot.errors import NotAllowed, NotFound
from bot.ports import Submission, Tap
from bot.usecases.dispatch import SUBMISSIONS, TAPS, submit, tap
from bot.usecases.home import home
from tests.support.organisation import World, line, team_of
from tests.support.reading import buttons, words

SATURDAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
FORGED = ["", "x", "../..", "' OR 1=1 --", "<script>", "0" * 5000, "pulse-2026-11-24"]

# What anybody may press at the support desk: it is about themselves, whatever the value says, or
# only says that there is nothing.
ONE_S_OWN = {
    "support.apply",
    "support.back",
    "support.goodbye",
    "support.leave",
    "support.open",
    "support.volunteer",
    "support.volunteering",
    "support.volunteering.pause",
    "support.wishes",
    "support.wishes.forget",
    "support.write",
}


@pytest.fixture
async def council(world: World) -> World:
    """Two teams under one director, an admin and a volunteer, after their first week."""
    await world.import_lines(
        [
            line("director", "Services", ""),
            *team_of(9, "Services / Housing", "one")[1:],
            line("one", "Services / Housing", "director"),
            *team_of(9, "Services / Libraries", "two")[1:],
            line("two", "Services / Libraries", "director"),
            line("ada", "Services / Libraries", "two", roles="admin"),
            line("vera", "Services / Libraries", "two", roles="volunteer"),
        ]
    )
    await world.launch()
    await world.live_until(SATURDAY)
    return world


async def block_on_home_page(world: World, leader: str, name: str) -> str:
    page = await home(world.core, world.ids[leader])
    return next(b.value for b in buttons(page) if b.label == name)


async def test_a_manager_reads_the_summary_of_the_block_they_lead(council: World) -> None:
    block = await block_on_home_page(council, "one", "Housing")
    reply = await council.tap("one", "summary.read", block)
    assert "Housing" in words(reply.notice)


async def test_whoever_is_above_reads_the_summaries_below(council: World) -> None:
    for name in ("Housing", "Libraries"):
        block = await block_on_home_page(council, "director", name)
        await council.tap("director", "summary.read", block)


async def test_nobody_else_reads_it_the_admin_included(council: World) -> None:
    block = await block_on_home_page(council, "one", "Housing")
    for reader in ("two", "one-1", "ada", "vera"):
        with pytest.raises(NotAllowed):
            await council.tap(reader, "summary.read", block)


async def test_a_manager_does_not_find_other_blocks_on_their_home_page(council: World) -> None:
    page = await home(council.core, council.ids["one"])
    assert [b.label for b in buttons(page) if b.action == "summary.read"] == ["Housing"]


async def test_staff_find_no_summaries_on_their_home_page(council: World) -> None:
    page = await home(council.core, council.ids["one-1"])
    assert not [button for button in buttons(page) if button.action == "summary.read"]


async def test_only_an_admin_launches(world: World) -> None:
    await world.import_lines([line("ada", roles="admin", manager=""), line("ben", manager="ada")])
    with pytest.raises(NotAllowed):
        await world.tap("ben", "admin.launch")
    await world.tap("ada", "admin.launch")
    await world.live_until(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    assert len(world.inbox("ben")) == 2


async def test_a_home_page_names_nobody_else(council: World) -> None:
    for name, person_id in council.ids.items():
        page = words(await home(council.core, person_id)).lower()
        others = [other for other in council.ids if other not in name and f"{other}@" in page]
        assert others == []


async def test_a_forged_tap_is_refused_or_harmless(council: World) -> None:
    harmless = {"resources.open", "settings.open", "pulse.preview", "pause.end", *ONE_S_OWN}
    for action in sorted(TAPS.keys() - harmless):
        for value in FORGED:
            with pytest.raises((NotAllowed, NotFound), match=r"\.$"):
                await tap(council.core, Tap(council.ids["one-1"], action, value))
    for action in harmless:
        for value in FORGED:
            reply = await tap(council.core, Tap(council.ids["one-1"], action, value))
            assert reply.notice or reply.form


async def test_a_forged_form_is_refused_or_harmless(council: World) -> None:
    fields = {"check_ins": "hourly", "reflections": "maybe", "pause": "forever", "name": "Mallory"}
    person = council.ids["one-1"]
    before = words(await home(council.core, person))
    for action in SUBMISSIONS:
        with suppress(NotAllowed, NotFound):
            await submit(council.core, Submission(person, action, "x", fields))
    assert words(await home(council.core, person)) == before


async def test_a_stranger_gets_nowhere(council: World) -> None:
    for stranger in ("", "nobody", "' OR 1=1 --"):
        for action in TAPS:
            with pytest.raises((NotAllowed, NotFound)):
                await tap(council.core, Tap(stranger, action, "yes"))
        with pytest.raises(NotAllowed):
            await home(council.core, stranger)


async def test_somebody_who_has_left_gets_nowhere(council: World) -> None:
    gone = council.ids["one-9"]
    keep = [name for name in council.ids if name != "one-9"]
    assert keep
    await council.import_lines([line("director", "Services", "")])
    with pytest.raises(NotAllowed):
        await home(council.core, gone)


async def test_an_unknown_action_is_refused_in_the_persons_language(council: World) -> None:
    with pytest.raises(NotFound, match="Nothing has happened"):
        await council.tap("one-1", "roster.delete", "everything")
    with pytest.raises(NotFound):
        await council.submit("one-1", "roster.delete")
