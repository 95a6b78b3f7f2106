from __future__ import annotations

from asyncio import gather
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.content import PromptLibrary
from bot.domain.sealed_answer import marker_key_id, seal
from bot.errors import NotAllowed, NotFound
from bot.message import ChoiceField
from bot.store import rounds
from bot.store.tables import METADATA, Person, Publication, Round
from bot.usecases.close_rounds import close_rounds
from tests.support.organisation import World, line, team_of
from tests.support.reading import words
from tests.support.tables import dump
from tests.support.ticking import tick

TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
THURSDAY_EVENING = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
ROUND = "pulse-2026-11-24"
TEAM = [f"boss-{number}" for number in range(1, 11)]


@pytest.fixture
async def open_round(world: World) -> World:
    """A team of ten and its manager, all opted in, on the Tuesday of their first pulse."""
    await world.import_lines(team_of(10))
    await world.launch()
    await world.live_until(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    for name in world.ids:
        await world.tap(name, "pulse.consent", "yes")
    await world.live_until(TUESDAY_NOON)
    return world


async def questions(world: World, name: str = "boss-1") -> list[ChoiceField]:
    form = (await world.tap(name, "pulse.form", ROUND)).form
    assert form is not None
    return [field for field in form.fields if isinstance(field, ChoiceField)]


async def answer(world: World, name: str, value: str = "4") -> str:
    fields = {field.name: value for field in await questions(world, name)}
    return words((await world.submit(name, "pulse.submit", ROUND, **fields)).notice)


async def published(world: World) -> list[Publication]:
    async with world.core.database.reading() as session:
        asked = await rounds.round_by_id(session, ROUND)
        assert asked is not None
        blocks = await rounds.block_positions(session, ROUND)
        return [
            row
            for block_id in blocks.values()
            for row in await rounds.publications(session, ROUND, block_id)
        ]


async def the_round(world: World) -> Round:
    async with world.core.database.reading() as session:
        found = await rounds.round_by_id(session, ROUND)
    assert found is not None
    return found


def key_files(directory: Path) -> list[Path]:
    return [path for path in (directory / "keys").iterdir() if path.is_file()]


async def lose_boxes(world: World, directory: Path) -> None:
    """As a broken disk does to a file, and an unclean stop of the server to a table."""
    if world.core.database.is_sqlite:
        (directory / "inbox" / f"{ROUND}.inbox").write_bytes(b"junk" * 1000)
        return
    async with world.core.database.writing() as session:
        await session.execute(text(f'TRUNCATE "sealed\\:{ROUND}"'))


# --- collecting ----------------------------------------------------------------------------


async def test_only_people_who_said_yes_are_asked(world: World) -> None:
    await world.import_lines(team_of(10))
    await world.launch()
    await world.live_until(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    await world.tap("boss-1", "pulse.consent", "yes")
    await world.live_until(TUESDAY_NOON)
    assert [post.message.summary for post in world.inbox("boss-1")][-1].startswith("Two anonymous")
    assert len(world.inbox("boss-2")) == 2


async def test_a_manager_is_not_asked_about_the_block_they_lead(open_round: World) -> None:
    assert not [post for post in open_round.inbox("boss") if "anonymous" in post.message.summary]
    with pytest.raises(NotAllowed):
        await open_round.tap("boss", "pulse.form", ROUND)


async def test_a_new_a_changed_and_an_empty_answer_get_the_same_reply(open_round: World) -> None:
    first = await answer(open_round, "boss-1", "1")
    changed = await answer(open_round, "boss-1", "5")
    empty = await answer(open_round, "boss-1", "")
    assert first == changed == empty
    assert "1" not in first


async def test_a_changed_answer_replaces_the_first(open_round: World) -> None:
    await answer(open_round, "boss-1", "1")
    await answer(open_round, "boss-1", "5")
    assert len(await open_round.core.inbox.boxes(ROUND) or ()) == 1


async def test_an_answer_can_be_taken_back(open_round: World) -> None:
    await answer(open_round, "boss-1")
    with_one = await open_round.tap("boss-1", "pulse.withdraw", ROUND)
    with_none = await open_round.tap("boss-1", "pulse.withdraw", ROUND)
    assert with_one == with_none
    assert await open_round.core.inbox.boxes(ROUND) == []


async def test_opting_out_takes_open_answers_back(open_round: World) -> None:
    await answer(open_round, "boss-1")
    await open_round.tap("boss-1", "pulse.consent", "no")
    assert await open_round.core.inbox.boxes(ROUND) == []


async def test_the_invitation_stays_as_it_is(open_round: World) -> None:
    invitation = open_round.inbox("boss-1")[-1]
    for action, value in [("pulse.form", ROUND), ("pulse.withdraw", ROUND), ("pulse.preview", "")]:
        reply = await open_round.tap("boss-1", action, value)
        assert reply.replace is None
    later = invitation.button("delivery.snooze")
    assert (await open_round.tap("boss-1", later.action, later.value)).replace is None


async def test_no_row_of_the_database_is_written_by_an_answer(open_round: World) -> None:
    before = await dump(open_round.core)
    await answer(open_round, "boss-1")
    await open_round.tap("boss-1", "pulse.withdraw", ROUND)
    assert await dump(open_round.core) == before


@pytest.mark.parametrize("forged", ["0", "6", "-1", "4.5", "five", "44"])
async def test_a_value_outside_the_scale_is_refused(open_round: World, forged: str) -> None:
    names = [field.name for field in await questions(open_round)]
    with pytest.raises(NotFound):
        await open_round.submit("boss-1", "pulse.submit", ROUND, **{names[0]: forged})


async def test_an_answer_to_a_question_that_is_not_asked_counts_for_nothing(
    open_round: World,
) -> None:
    await open_round.submit("boss-1", "pulse.submit", ROUND, **{"told-why": "5"})
    await open_round.live_until(THURSDAY_EVENING)
    assert {row.outcome for row in await published(open_round)} == {"too_few"}


async def test_a_forged_round_is_refused(open_round: World) -> None:
    with pytest.raises(NotFound):
        await open_round.tap("boss-1", "pulse.form", "pulse-1999-01-01")
    with pytest.raises(NotFound):
        await open_round.submit("boss-1", "pulse.submit", "../../etc/passwd")


async def test_who_said_no_cannot_answer(open_round: World) -> None:
    await open_round.tap("boss-1", "pulse.consent", "no")
    with pytest.raises(NotAllowed):
        await open_round.submit("boss-1", "pulse.submit", ROUND)


async def test_an_answer_after_the_close_is_refused_kindly(open_round: World) -> None:
    await open_round.live_until(THURSDAY_EVENING)
    with pytest.raises(NotAllowed, match="There will be others"):
        await open_round.submit("boss-1", "pulse.submit", ROUND)


async def test_an_answer_between_closing_time_and_the_tick_is_refused(open_round: World) -> None:
    open_round.clock.move_to(THURSDAY_EVENING)
    with pytest.raises(NotAllowed):
        await open_round.submit("boss-1", "pulse.submit", ROUND)


# --- closing -------------------------------------------------------------------------------


async def test_five_answers_are_published_as_bands(open_round: World) -> None:
    for name in TEAM[:5]:
        await answer(open_round, name, "4")
    await open_round.live_until(THURSDAY_EVENING)
    rows = [row for row in await published(open_round) if row.outcome == "published"]
    agreement = [row for row in rows if not row.question_id.startswith("ons")]
    assert {(row.mean_low_halves, row.mean_high_halves) for row in agreement} == {(6, 10)}
    assert {(row.n_low, row.n_high) for row in rows} == {(5, None)}


async def test_four_answers_are_too_few(open_round: World) -> None:
    for name in TEAM[:4]:
        await answer(open_round, name)
    await open_round.live_until(THURSDAY_EVENING)
    assert {row.outcome for row in await published(open_round)} == {"too_few"}


async def test_keys_and_inbox_are_destroyed_at_the_close(open_round: World, tmp_path: Path) -> None:
    await answer(open_round, "boss-1")
    assert len(key_files(tmp_path)) == 2
    await open_round.live_until(THURSDAY_EVENING)
    assert key_files(tmp_path) == []
    assert await open_round.core.inbox.rounds() == frozenset()


async def test_too_few_answers_are_destroyed_all_the_same(
    open_round: World, tmp_path: Path
) -> None:
    await open_round.live_until(THURSDAY_EVENING)
    assert key_files(tmp_path) == []
    assert (await the_round(open_round)).state == rounds.FINISHED


async def test_a_block_that_is_too_small_rests_and_is_not_asked(world: World) -> None:
    await world.import_lines([*team_of(5), *team_of(10, "Other / Large", "chief")])
    await world.launch()
    await world.live_until(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    for name in world.ids:
        await world.tap(name, "pulse.consent", "yes")
    await world.live_until(TUESDAY_NOON)
    assert not [post for post in world.inbox("boss-1") if "anonymous" in post.message.summary]
    await world.live_until(THURSDAY_EVENING)
    assert sorted(row.outcome for row in await published(world)) == [
        "rests",
        "rests",
        "too_few",
        "too_few",
    ]


# --- faults --------------------------------------------------------------------------------


async def test_lost_keys_end_the_round_unpublished(open_round: World) -> None:
    for name in TEAM:
        await answer(open_round, name)
    await open_round.core.tallying_keys.destroy(ROUND)
    await open_round.live_until(THURSDAY_EVENING)
    assert {row.outcome for row in await published(open_round)} == {"unpublished"}
    assert (await the_round(open_round)).unpublished_because == "keys_lost"


async def test_without_keys_an_answer_is_refused_and_nothing_breaks(open_round: World) -> None:
    await open_round.core.tallying_keys.destroy(ROUND)
    with pytest.raises(NotAllowed):
        await open_round.submit("boss-1", "pulse.submit", ROUND)


async def test_a_lost_inbox_ends_the_round_unpublished(open_round: World) -> None:
    for name in TEAM:
        await answer(open_round, name)
    await open_round.core.inbox.drop(ROUND)
    await open_round.live_until(THURSDAY_EVENING)
    assert (await the_round(open_round)).unpublished_because == "inbox_lost"


async def test_a_box_copied_under_another_marker_ends_the_round_unpublished(
    open_round: World,
) -> None:
    for name in TEAM[:6]:
        await answer(open_round, name)
    boxes = await open_round.core.inbox.boxes(ROUND) or []
    await open_round.core.inbox.put(ROUND, bytes(32), boxes[0][1])
    await open_round.live_until(THURSDAY_EVENING)
    assert (await the_round(open_round)).unpublished_because == "box_damaged"


async def test_more_boxes_than_counted_people_end_the_round_unpublished(open_round: World) -> None:
    keys = await open_round.core.collecting_keys.collecting(ROUND)
    key_id = marker_key_id(keys.marker_key, ROUND)
    for number in range(11):
        mark = bytes([number]) * 32
        box = seal(keys.public_key, ROUND, mark, 0, [5, 5], key_id=key_id)
        await open_round.core.inbox.put(ROUND, mark, box)
    await open_round.live_until(THURSDAY_EVENING)
    assert (await the_round(open_round)).unpublished_because == "too_many_boxes"


async def test_a_round_that_was_published_and_not_cleaned_is_cleaned_at_the_next_tick(
    open_round: World,
) -> None:
    await open_round.live_until(THURSDAY_EVENING)
    before = await published(open_round)
    async with open_round.core.database.writing() as session:
        asked = await rounds.round_by_id(session, ROUND)
        assert asked is not None
        asked.state = rounds.CLOSED
    await open_round.core.inbox.create(ROUND)
    await tick(open_round.core)
    assert await open_round.core.inbox.rounds() == frozenset()
    assert await published(open_round) == before


async def test_an_opening_that_was_cut_short_is_done_again_with_new_keys(world: World) -> None:
    await world.import_lines([*team_of(9), line("late", zone="Asia/Tokyo")])
    await world.core.inbox.create(ROUND)
    await world.core.inbox.put(ROUND, bytes(32), b"left behind")
    await world.launch()
    await world.live_until(TUESDAY_NOON)
    assert await world.core.inbox.boxes(ROUND) == []


async def test_an_answer_that_comes_while_boxes_are_counted_is_not_called_sealed(
    open_round: World,
) -> None:
    async with open_round.core.database.writing() as session:
        asked = await rounds.round_by_id(session, ROUND)
        assert asked is not None
        asked.state = rounds.CLOSING
    with pytest.raises(NotAllowed):
        await open_round.submit("boss-1", "pulse.submit", ROUND)


async def test_a_round_whose_counting_was_cut_short_is_counted_at_the_next_tick(
    open_round: World,
) -> None:
    for name in TEAM[:6]:
        await answer(open_round, name)
    async with open_round.core.database.writing() as session:
        asked = await rounds.round_by_id(session, ROUND)
        assert asked is not None
        asked.state = rounds.CLOSING
    open_round.clock.move_to(THURSDAY_EVENING)
    await tick(open_round.core)
    assert {row.outcome for row in await published(open_round)} == {"published"}


async def test_a_question_that_is_taken_out_of_the_prompts_ends_the_round_unpublished(
    open_round: World, library: PromptLibrary, tmp_path: Path
) -> None:
    for name in TEAM[:6]:
        await answer(open_round, name)
    english = library.languages["en"]
    fewer = replace(english, pulse_items=[i for i in english.pulse_items if i.id != "trusted"])
    without = replace(library, languages={"en": fewer})
    open_round.core = replace(open_round.core, library=without)
    open_round.clock.move_to(THURSDAY_EVENING)
    await tick(open_round.core)
    assert (await the_round(open_round)).unpublished_because == "question_gone"
    assert key_files(tmp_path) == []


async def test_a_tick_that_was_overtaken_changes_nothing(open_round: World) -> None:
    for name in TEAM[:6]:
        await answer(open_round, name)
    open_round.clock.move_to(THURSDAY_EVENING)
    await gather(*(close_rounds(open_round.core, THURSDAY_EVENING) for _ in range(4)))
    assert {row.outcome for row in await published(open_round)} == {"published"}
    assert (await the_round(open_round)).unpublished_because == ""
    assert (await the_round(open_round)).state == rounds.FINISHED


async def test_keys_and_answers_that_the_database_knows_nothing_of_are_destroyed(
    open_round: World, tmp_path: Path
) -> None:
    """As after a restore of a copy from before the round."""
    await answer(open_round, "boss-1")
    async with open_round.core.database.writing() as session:
        for table in ("roundteam", "roundblock", "ledgermember", "ledgerentry"):
            await session.execute(METADATA.tables[table].delete())
        await session.execute(METADATA.tables["delivery"].delete())
        await session.execute(METADATA.tables["occurrence"].delete())
        await session.execute(METADATA.tables["round"].delete())
    await tick(open_round.core)
    assert key_files(tmp_path) == []
    assert await open_round.core.inbox.rounds() == frozenset()


async def test_an_inbox_that_cannot_be_read_ends_the_round_and_nothing_else(
    open_round: World, tmp_path: Path
) -> None:
    await answer(open_round, "boss-1")
    await lose_boxes(open_round, tmp_path)
    await open_round.live_until(datetime(2026, 11, 30, 12, tzinfo=UTC))
    assert (await the_round(open_round)).unpublished_because == "inbox_lost"
    assert key_files(tmp_path) == []
    assert await open_round.core.inbox.rounds() == frozenset()
    assert open_round.inbox("boss-1")[-1].message.summary == "How are you arriving today?"


async def test_an_answer_can_be_taken_back_by_somebody_who_has_opted_out(
    open_round: World,
) -> None:
    await answer(open_round, "boss-1")
    async with open_round.core.database.writing() as session:
        person = await session.get(Person, open_round.ids["boss-1"])
        assert person is not None
        person.pulses = False  # as if the bot had died in the middle of opting out
    await open_round.tap("boss-1", "pulse.withdraw", ROUND)
    assert await open_round.core.inbox.boxes(ROUND) == []


async def test_no_answer_outlives_an_opt_out_in_another_tab(open_round: World) -> None:
    fields = {field.name: "4" for field in await questions(open_round)}
    for _ in range(5):
        await gather(
            open_round.submit("boss-1", "pulse.submit", ROUND, **fields),
            open_round.tap("boss-1", "pulse.consent", "no"),
            return_exceptions=True,
        )
        assert await open_round.core.inbox.boxes(ROUND) == []
        await open_round.tap("boss-1", "pulse.consent", "yes")


# --- re-organisations ----------------------------------------------------------------------


async def test_a_result_stays_readable_when_its_block_is_split(world: World) -> None:
    """Two small teams are one block; then one of them grows, and there are two."""
    small = [*team_of(5, "S / Housing", "one"), *team_of(5, "S / Kitchens", "two")]
    await world.import_lines(small)
    await world.launch()
    await world.live_until(datetime(2026, 11, 23, 12, tzinfo=UTC))
    for name in world.ids:
        await world.tap(name, "pulse.consent", "yes")
    await world.live_until(TUESDAY_NOON)
    for name in [f"{boss}-{n}" for boss in ("one", "two") for n in range(1, 6)]:
        await answer(world, name)
    await world.live_until(THURSDAY_EVENING)
    grown = [*small, *(line(f"new-{n}", "S / Kitchens", "two") for n in range(9))]
    await world.import_lines([*grown, *(line(f"x-{n}", "S / Housing", "one") for n in range(9))])
    await world.live_until(datetime(2026, 11, 27, 12, tzinfo=UTC))
    for boss in ("one", "two"):
        text = words(world.inbox(boss)[-1].message)
        assert "Housing + Kitchens" in text
        assert "people or more answered" in text


async def test_whoever_moves_during_a_round_is_told_with_whom_they_are_still_counted(
    world: World,
) -> None:
    here, there = team_of(9, "S / Housing", "one"), team_of(9, "S / Kitchens", "two")
    await world.import_lines([*here, *there])
    await world.launch()
    await world.live_until(datetime(2026, 11, 23, 12, tzinfo=UTC))
    await world.tap("one-1", "pulse.consent", "yes")
    await world.live_until(TUESDAY_NOON)
    moved = [row for row in here if not row.startswith("One-1,")]
    await world.import_lines([*moved, *there, line("one-1", "S / Kitchens", "two")])
    reply = await world.tap("one-1", "pulse.preview", ROUND)
    assert "counted together with Housing: 9 people" in words(reply.notice)
