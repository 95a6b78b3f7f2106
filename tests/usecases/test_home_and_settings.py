from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.gate import GateRules
from bot.message import ChoiceField
from bot.ports import Line, Member
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.dispatch import typed
from bot.usecases.home import home
from bot.usecases.sync_directory import sync_directory
from bot.usecases.workspaces import install_workspace, uninstall_workspace
from tests.support.directory import SLACK, MemoryDirectory, member
from tests.support.organisation import World, line, team_of
from tests.support.reading import buttons, words

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
async def welcomed(world: World) -> World:
    await world.import_lines([*team_of(9), line("ada", "Other / One", "boss", roles="admin")])
    await world.launch()
    await world.live_until(MONDAY_NOON)
    return world


async def page(world: World, name: str) -> str:
    return words(await home(world.core, world.ids[name]))


async def test_a_home_page_says_what_comes_next_and_when(welcomed: World) -> None:
    text = await page(welcomed, "boss-1")
    assert "Something to reflect on: Wednesday 25 November at 14:00" in text
    assert "A check-in: Monday 30 November at 10:00" in text


async def test_a_holiday_is_looked_past(welcomed: World) -> None:
    await welcomed.import_lines([*team_of(9)[:1], line("boss-1", region="Scotland")])
    assert "A check-in: Tuesday 1 December at 08:30" in await page(welcomed, "boss-1")


async def test_a_pause_shows_and_can_be_ended(welcomed: World) -> None:
    await welcomed.submit("boss-1", "settings.save", pause="week")
    assert "up to and including Sunday 29 November" in await page(welcomed, "boss-1")
    await welcomed.submit("boss-1", "settings.save", pause="none")
    assert "taking a break" not in await page(welcomed, "boss-1")


async def test_saving_other_settings_keeps_a_pause(welcomed: World) -> None:
    await welcomed.submit("boss-1", "settings.save", pause="open")
    await welcomed.submit("boss-1", "settings.save", check_ins="daily", pause="keep")
    assert "Nothing comes until you end it" in await page(welcomed, "boss-1")


async def test_the_settings_form_shows_what_is_set(welcomed: World) -> None:
    await welcomed.submit("boss-1", "settings.save", check_ins="daily", reflections="off")
    form = (await welcomed.tap("boss-1", "settings.open")).form
    assert form is not None
    chosen = {f.name: f.chosen for f in form.fields if isinstance(f, ChoiceField)}
    assert chosen == {
        "check_ins": "daily",
        "reflections": "off",
        "not_before": "08:30",
        "not_after": "18:30",
        "pause": "none",
    }


async def test_everybody_sets_their_own_quiet_hours(welcomed: World) -> None:
    await welcomed.submit("boss-1", "settings.save", not_before="11:00", not_after="16:00")
    assert "A check-in: Monday 30 November at 11:00" in await page(welcomed, "boss-1")


async def test_a_leader_can_stop_the_summaries_in_their_messages(welcomed: World) -> None:
    form = (await welcomed.tap("boss", "settings.open")).form
    assert form is not None
    assert "summaries" in {field.name for field in form.fields}
    await welcomed.submit("boss", "settings.save", summaries="off")
    await welcomed.live_until(MONDAY_NOON.replace(day=28))
    assert not [p for p in welcomed.inbox("boss") if "pulse of" in p.message.summary]


async def test_a_pulse_is_not_announced_to_those_who_are_not_asked(welcomed: World) -> None:
    for name in ("boss", "boss-1"):
        await welcomed.tap(name, "pulse.consent", "yes")
    assert "The weekly pulse: Tuesday" not in await page(welcomed, "boss")
    assert "The weekly pulse: Tuesday" in await page(welcomed, "boss-1")


async def test_everything_kept_about_a_person_is_shown_to_them(welcomed: World) -> None:
    text = await page(welcomed, "boss-1")
    assert "boss-1@example.org" in text
    assert "Welcomed on: Monday 23 November" in text
    assert "pulse answers are sealed and destroyed when counted" in text


async def test_resources_are_on_every_home_page(welcomed: World) -> None:
    assert "Samaritans" in await page(welcomed, "boss-1")


async def test_people_elsewhere_get_resources_of_their_own(world: World) -> None:
    await world.import_lines([line("jun", manager="", zone="Asia/Tokyo", region="JP")])
    text = words(await home(world.core, world.ids["jun"]))
    assert "Samaritans" not in text


@pytest.mark.parametrize("text", ["help", "Hello!", " HI ", "hey."])
async def test_a_greeting_gets_a_useful_answer(welcomed: World, text: str) -> None:
    answer = await typed(welcomed.core, Line(welcomed.ids["boss-1"], text))
    assert "To choose what comes, type 'home'" in words(answer)


async def test_anything_else_that_is_typed_is_told_that_nobody_reads_it(welcomed: World) -> None:
    answer = await typed(welcomed.core, Line(welcomed.ids["boss-1"], "I feel awful today"))
    assert "nobody reads what is written here" in words(answer)
    assert "Samaritans" in words(answer)
    assert "awful" not in words(answer)


# --- who is there --------------------------------------------------------------------------


async def read_directory(world: World, *people: Member) -> None:
    await uninstall_workspace(world.core, PLAYGROUND)
    await install_workspace(world.core, SLACK, "slack")
    await sync_directory(world.core, SLACK, MemoryDirectory(people), "roster", "GB")


async def test_an_admin_is_told_how_many_can_be_reached(world: World) -> None:
    await world.import_lines([*team_of(2), line("ada", roles="admin")])
    text = await page(world, "ada")
    assert "4 of 4 people have an account" in text
    assert "The others" not in text
    await read_directory(world, member("boss"), member("ada"))
    text = await page(world, "ada")
    assert "2 of 4 people have an account" in text
    assert "The others get their welcome once they have one" in text


async def test_an_admin_alone_is_told_what_was_wrong_with_the_directory(world: World) -> None:
    rooms = [f"#room{number}" for number in range(7)]
    lines = [line("ada", "Top", "", roles="admin"), line("boss", "Top", "ada")]
    lines += [line(f"p{number}", f"Team {number}", "boss") for number in range(7)]
    await world.import_lines(
        [f"{each},{room}" for each, room in zip(lines, ["", "", *rooms], strict=True)],
        channel=True,
    )
    await read_directory(world, *(member(name) for name in world.ids))
    text = await page(world, "ada")
    assert "this was to be mended (7)" in text
    assert "Team 0: I'm not in the channel #room0" in text
    assert "#room4" in text
    assert "#room5" not in text
    assert "2 more are listed by: wellbeing doctor" in text
    for name in ("boss", "p0"):
        assert "mended" not in await page(world, name)
        assert "have an account" not in await page(world, name)


# --- small groups --------------------------------------------------------------------------


ADA = line("ada", "Other / One", "boss", roles="admin")


async def test_an_admin_is_told_of_groups_that_are_not_asked_before_the_launch(
    world: World,
) -> None:
    await world.import_lines([*team_of(16), ADA])
    text = await page(world, "ada")
    assert "A pulse needs at least 8 people" in text
    assert "Groups with fewer aren't asked: 1 of 2 here." in text
    assert "One: Counted: 1. Not asked." in text
    assert "Housing: Counted" not in text


async def test_an_admin_is_told_that_no_group_can_be_shown_and_what_still_works(
    world: World,
) -> None:
    await world.import_lines([*team_of(7), ADA])
    text = await page(world, "ada")
    assert "No group here has so many" in text
    assert "Check-ins, reflections and places to turn work" in text
    assert "have to answer before anything shows" not in text


async def test_an_admin_is_told_how_little_is_shown_of_a_small_group(world: World) -> None:
    await world.import_lines([*team_of(7), line("ada", roles="admin")])
    text = await page(world, "ada")
    assert "Housing: Counted: 8. Only whether answers lean to the lower or the upper half." in text
    assert "at least 5 people have to answer" in text
    assert "most weeks it's the same as before" in text
    assert "rests while fewer than 8 people can be counted" in text
    assert "may also rest" not in text
    assert "A pulse needs" not in text


async def test_an_admin_who_looks_back_to_the_same_question_is_told_of_longer_rests(
    world: World,
) -> None:
    weeks = GateRules().spacing_weeks
    world.core = replace(world.core, asked=GateRules(horizon_weeks=weeks))
    await world.import_lines([*team_of(7), line("ada", roles="admin")])
    assert f"it may also rest for up to {weeks} weeks" in await page(world, "ada")


async def test_an_admin_of_large_groups_is_told_nothing_about_small_ones(world: World) -> None:
    await world.import_lines([*team_of(15), line("ada", roles="admin")])
    assert "What a pulse can show here" not in await page(world, "ada")


async def test_a_list_of_many_small_groups_is_cut_short(world: World) -> None:
    teams = [row for n in range(7) for row in team_of(2, f"Office {n} / Team", f"boss{n}")]
    await world.import_lines([*teams, ADA.replace("boss@", "boss0@")])
    text = await page(world, "ada")
    assert text.count("Not asked.") == 5
    assert "Small groups that aren't listed here: 3." in text


async def test_nobody_else_is_told_of_small_groups(welcomed: World) -> None:
    for name in ("boss", "boss-1"):
        assert "What a pulse can show here" not in await page(welcomed, name)


# --- what your manager will see ------------------------------------------------------------


async def test_a_person_sees_with_whom_they_are_counted(welcomed: World) -> None:
    reply = await welcomed.tap("boss-1", "pulse.preview")
    assert "counted together with Housing: 9 people in all" in words(reply.notice)


async def test_a_manager_is_told_why_they_are_not_asked(welcomed: World) -> None:
    reply = await welcomed.tap("boss", "pulse.preview")
    assert "You manage people in the group" in words(reply.notice)


async def test_a_joiner_is_told_why_they_are_not_asked_yet(welcomed: World) -> None:
    await welcomed.import_lines([*team_of(9), line("newcomer")])
    await welcomed.live_until(MONDAY_NOON.replace(day=24))
    reply = await welcomed.tap("newcomer", "pulse.preview")
    assert "counted once they have been here for 6 weeks" in words(reply.notice)


async def test_a_group_that_is_too_small_is_told_so_privately(welcomed: World) -> None:
    reply = await welcomed.tap("ada", "pulse.preview")
    assert "isn't asked" in words(reply.notice)


async def test_every_preview_carries_the_promise_word_for_word(welcomed: World) -> None:
    for name in ("boss", "boss-1", "ada"):
        reply = await welcomed.tap(name, "pulse.preview")
        assert "No manager, admin, database copy or backup can show" in words(reply.notice)


async def test_every_message_has_a_way_out(welcomed: World) -> None:
    await welcomed.tap("boss-1", "pulse.consent", "yes")
    await welcomed.live_until(MONDAY_NOON.replace(day=27))
    for posted in welcomed.inbox("boss-1"):
        labels = " ".join(button.label for button in buttons(posted.message))
        assert any(way in labels for way in ("Not now", "No, thank you")), posted.message.summary
