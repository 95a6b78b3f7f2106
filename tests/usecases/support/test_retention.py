from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from bot.store import support
from bot.store.database import Database, is_sqlite
from bot.store.support_tables import AskingPause
from bot.usecases.core import Core
from tests.support.desk import PEOPLE, ask, last, pick_up, press, request_of, say
from tests.support.organisation import World
from tests.support.reading import words
from tests.support.tables import dump, rows_of

TWO_WEEKS = timedelta(days=14)


async def whole_conversation(world: World) -> tuple[str, str]:
    """All that a conversation leaves behind, from asking to its end. The volunteer, and its id."""
    await ask(world, "ann", urgency="today", topic="loss")
    request_id = (await request_of(world, "ann")).id
    first = await pick_up(world)
    await press(world, first, "support.hand_back")
    name = await pick_up(world)
    for who in ("ann", name):
        await say(world, who, "hello", last(world, who, "support.write").id)
    await press(world, "ann", "support.show")
    await press(world, name, "support.hand_over")
    await press(world, "ann", "support.hand_over.answer", ":no")
    await press(world, "ann", "support.close")
    return name, request_id


def joins(rows: Iterable[Mapping[str, Any]], one: str, other: str) -> bool:
    return any({one, other} <= {str(value) for value in row.values()} for row in rows)


def files(core: Core) -> dict[str, bytes]:
    """The files of the database, but for PostgreSQL's."""
    url = make_url(str(core.database.url))
    if not is_sqlite(url):
        return {}
    path = Path(url.database or "")
    return {each.name: each.read_bytes() for each in path.parent.glob(f"{path.name}*")}


async def test_two_weeks_after_the_end_nothing_says_who_talked_with_whom(desk: World) -> None:
    name, request_id = await whole_conversation(desk)
    ann, volunteer_id = desk.ids["ann"], desk.ids[name]
    letters = [row["occurrence_id"] for row in await rows_of(desk.core, "supportnotice")]
    before = await dump(desk.core)
    assert request_id in str(before)
    assert any(joins(rows, ann, volunteer_id) for rows in before.values())
    await desk.live_until(desk.clock.now() + TWO_WEEKS - timedelta(days=1))
    assert request_id in str(await dump(desk.core))
    await desk.live_until(desk.clock.now() + timedelta(days=1))
    after = await dump(desk.core)
    assert not any(each in str(after) for each in (request_id, *letters))
    assert not any(joins(rows, ann, volunteer_id) for rows in after.values())
    for table in ("supportrequest", "supportoffer", "supportnotice"):
        assert after[table] == []
    for content in files(desk.core).values():
        assert request_id.encode() not in content
        assert not any(letter.encode() in content for letter in letters)


async def test_nor_among_hundreds_that_stay(desk: World) -> None:
    """Pages of the file that are shared with what stays are overwritten as well."""
    name, request_id = await whole_conversation(desk)
    desk.clock.move_to(desk.clock.now() + timedelta(days=8))
    async with desk.core.database.writing() as session:
        for _ in range(300):
            await support.note_day(session, desk.core.new_id(), desk.clock.now().date(), "ask")
    await ask(desk, "amir", wanted=desk.ids[name])
    kept = (await request_of(desk, "amir")).id
    await desk.live_until(desk.clock.now() + timedelta(days=6))
    tables = await dump(desk.core)
    assert request_id not in str(tables)
    assert kept in str(tables)
    assert not any(request_id.encode() in content for content in files(desk.core).values())


async def test_the_days_stay_and_link_to_nobody(desk: World) -> None:
    await whole_conversation(desk)
    before = await rows_of(desk.core, "supportday")
    await desk.live_until(desk.clock.now() + TWO_WEEKS)
    after = await rows_of(desk.core, "supportday")
    assert after == before
    assert {row["event"] for row in after} >= {"ask", "claim", "hand_back", "close"}
    assert not any(each in str(after) for each in desk.ids.values())


async def test_letters_about_no_request_go_two_weeks_later(desk: World) -> None:
    await desk.tap("amir", "support.apply")
    await desk.live_until(desk.clock.now() + timedelta(hours=1))
    (letter,) = await rows_of(desk.core, "supportnotice")
    await desk.live_until(desk.clock.now() + TWO_WEEKS)
    assert letter["occurrence_id"] not in str(await dump(desk.core))


async def test_a_pause_that_is_over_is_forgotten(desk: World) -> None:
    today = desk.clock.now().date()
    async with desk.core.database.writing() as session:
        for name, days in (("ann", 0), ("amir", 2)):
            until = today + timedelta(days=days)
            pause = AskingPause(person_id=desk.ids[name], id=name, alias="", until=until)
            await support.pause_asking(session, pause)
    await desk.live_until(desk.clock.now() + timedelta(days=1))
    paused = [row["person_id"] for row in await rows_of(desk.core, "askingpause")]
    assert paused == [desk.ids["amir"]]


async def test_who_has_left_waits_for_nobody_and_the_volunteer_is_told(desk: World) -> None:
    await ask(desk, "ann")
    name = await pick_up(desk)
    await ask(desk, "amir")
    await desk.import_lines([each for each in PEOPLE if not each.startswith(("Ann,", "Amir,"))])
    count = len(desk.inbox(name))
    await desk.live_until(desk.clock.now() + timedelta(minutes=1))
    states = {row["state"] for row in await rows_of(desk.core, "supportrequest")}
    assert states == {"closed"}
    told = [words(posted.message) for posted in desk.inbox(name)[count:]]
    assert len(told) == 1
    assert "has ended" in told[0]
    assert "Ann" not in told[0]
    await desk.live_until(desk.clock.now() + TWO_WEEKS)
    assert await rows_of(desk.core, "supportrequest") == []


@pytest.mark.parametrize("turns", [1, 2])
async def test_leaving_no_trace_is_harmless_at_any_time(
    databases: tuple[Database, Database], turns: int
) -> None:
    """Also while another process reads."""
    ours, theirs = databases
    async with theirs.reading() as session:
        await support.alive(session)
        for _ in range(turns):
            await ours.leave_no_trace()
        assert await support.alive(session) == []
