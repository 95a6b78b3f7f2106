"""Becoming a volunteer, being one, and stopping: by one's own wish or by what the roster says."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from adapters.content import PromptLibrary, load_library
from bot.domain.shifts import Shift
from bot.domain.volunteering import CameBy, SupportRules, WarriorState
from bot.errors import NotAllowed, NotFound
from bot.message import ChoiceField, Form
from bot.ports import Line, Reply
from bot.store import warriors
from bot.store.support_tables import Warrior
from bot.usecases.dispatch import typed
from bot.usecases.home import home
from bot.usecases.support.standing import keep_volunteers
from tests.support.desk import PEOPLE, VOLUNTEERS, ask, last, press, request_of
from tests.support.organisation import World, line
from tests.support.reading import buttons, words
from tests.support.tables import dump
from tests.support.ticking import tick

TUESDAY_MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ROOT = Path(__file__).parent.parent.parent.parent
FILLED_IN = {
    "trained": "2026-11",
    "confidential": "yes",
    "shift": "working_hours",
    "second_shift": "evenings",
    "third_shift": "",
    "cap": "2",
    "by_name": "no",
}


async def warrior(world: World, name: str) -> Warrior | None:
    async with world.core.database.reading() as session:
        return await warriors.warrior(session, world.ids[name])


async def state(world: World, name: str) -> str | None:
    found = await warrior(world, name)
    return found.state if found else None


async def own_page(world: World, name: str, typing: str = "volunteer") -> str:
    message = await typed(world.core, Line(world.ids[name], typing))
    return words(message)


async def shown(world: World, name: str) -> set[str]:
    """The actions on somebody's own page."""
    message = await typed(world.core, Line(world.ids[name], "volunteer"))
    assert message is not None
    return {button.action for button in buttons(message)}


def said_to(world: World, name: str) -> list[str]:
    return [post.message.summary for post in world.inbox(name)]


def without(name: str) -> list[str]:
    return [each for each in PEOPLE if not each.startswith(f"{name.title()},")]


async def apply(world: World, name: str) -> Reply:
    reply = await world.tap(name, "support.apply")
    await tick(world.core)
    return reply


async def claimed_by(world: World) -> str:
    """Who has picked ann's request up, by name."""
    warrior_id = (await request_of(world, "ann")).warrior_id
    return next(name for name, id_ in world.ids.items() if id_ == warrior_id)


@pytest.fixture
async def talking(desk: World) -> World:
    """Ann talks to one of the volunteers."""
    await ask(desk, "ann")
    name = next(n for n in VOLUNTEERS if _is_asked(desk, n))
    await press(desk, name, "support.claim")
    return desk


def _is_asked(world: World, name: str) -> bool:
    return any(b.action == "support.claim" for post in world.inbox(name) for b in post.buttons())


# --- offering ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["volunteer", "I want to volunteer!", "Become a Wellbeing Warrior", "How can I help?"]
)
async def test_whoever_types_it_reads_what_volunteering_is(desk: World, text: str) -> None:
    said = await own_page(desk, "amir", text)
    assert "isn't treatment" in said
    assert "Whoever manages somebody" in said
    assert "pause and stop" in said


async def test_an_offer_goes_to_the_coordinator_by_name_and_once(desk: World) -> None:
    await apply(desk, "amir")
    await apply(desk, "amir")
    assert sum("Amir would like" in each for each in said_to(desk, "cora")) == 1
    assert await state(desk, "amir") == WarriorState.APPLIED


async def test_an_offer_can_be_taken_back_and_made_again(desk: World) -> None:
    await apply(desk, "amir")
    await desk.tap("amir", "support.leave")
    await tick(desk.core)
    assert "answered or taken back" in said_to(desk, "cora")[-1]
    await apply(desk, "amir")
    assert await state(desk, "amir") == WarriorState.APPLIED


@pytest.mark.parametrize("name", ["mia", "top", "hal"])
async def test_whoever_manages_or_handles_cases_is_told_kindly_that_they_cannot(
    desk: World, name: str
) -> None:
    assert "can't be a volunteer" in await own_page(desk, name)
    for action in ("support.apply", "support.volunteering"):
        reply = await desk.tap(name, action)
        assert "can't be a volunteer" in words(reply.notice)
    reply = await desk.submit(name, "support.volunteering.save", **FILLED_IN)
    assert "can't be a volunteer" in words(reply.notice)
    assert await warrior(desk, name) is None


async def test_without_a_coordinator_nobody_waits_for_an_answer(desk: World) -> None:
    await desk.import_lines(without("cora"))
    reply = await apply(desk, "amir")
    assert "nobody yet who looks after volunteers" in words(reply.notice)
    assert await warrior(desk, "amir") is None


async def test_before_the_launch_nobody_is_written_to(world: World) -> None:
    await world.import_lines(PEOPLE)
    reply = await apply(world, "amir")
    assert "haven't been started" in words(reply.notice)
    assert world.platform.posted == []


# --- the coordinator's answer --------------------------------------------------------------


async def test_whoever_is_approved_fills_the_form_in_and_is_asked(desk: World) -> None:
    await apply(desk, "amir")
    await press(desk, "cora", "support.approve")
    assert await state(desk, "amir") == WarriorState.APPROVED
    begin = last(desk, "amir", "support.volunteering")
    form = (await desk.tap("amir", begin.button("support.volunteering").action)).form
    assert form is not None
    await desk.submit("amir", form.action, form.value, **FILLED_IN)
    found = await warrior(desk, "amir")
    assert found is not None
    assert (found.state, found.came_by) == (WarriorState.ACTIVE, CameBy.APPLYING)
    assert found.shifts == [Shift.WORKING_HOURS, Shift.EVENINGS]
    assert (found.cap, found.is_listed, found.languages) == (2, False, ["en"])
    assert found.trained_on == date(2026, 11, 1)
    for name in VOLUNTEERS:
        await desk.tap(name, "support.leave")
    await ask(desk, "val")
    assert _is_asked(desk, "amir")


async def test_an_offer_that_does_not_fit_now_is_answered_kindly(desk: World) -> None:
    await apply(desk, "amir")
    await press(desk, "cora", "support.not_now")
    assert "says nothing about you" in said_to(desk, "amir")[-1]
    await apply(desk, "amir")
    assert await state(desk, "amir") == WarriorState.APPLIED


@pytest.mark.parametrize("action", ["support.approve", "support.not_now"])
async def test_only_a_coordinator_answers_and_not_themselves(desk: World, action: str) -> None:
    await apply(desk, "amir")
    for name in ("amir", "asha", "mia", "sam", "hal", "wes"):
        with pytest.raises(NotAllowed):
            await desk.tap(name, action, desk.ids["amir"])
    with pytest.raises(NotAllowed):
        await desk.tap("cora", action, desk.ids["cora"])
    assert await state(desk, "amir") == WarriorState.APPLIED


@pytest.mark.parametrize("name", ["asha", "mia", "wes"])
async def test_nobody_is_approved_who_has_not_offered(desk: World, name: str) -> None:
    before = await state(desk, name)
    reply = await desk.tap("cora", "support.approve", desk.ids[name])
    assert "answered or taken back" in words(reply.notice)
    assert await state(desk, name) == before


async def test_whoever_manages_by_now_is_not_approved(desk: World) -> None:
    await apply(desk, "amir")
    await desk.import_lines([*PEOPLE, line("new", "Council / Parks / Trees", "amir")])
    reply = await desk.tap("cora", "support.approve", desk.ids["amir"])
    assert "can't be a volunteer" in words(reply.notice)
    await tick(desk.core)
    assert await state(desk, "amir") == WarriorState.LEFT
    assert "can't be a volunteer" in said_to(desk, "amir")[-1]


# --- the form ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("trained", ""),
        ("trained", "2025-01"),
        ("trained", "2027-01"),
        ("confidential", "no"),
        ("confidential", ""),
        ("shift", "always"),
        ("cap", "3"),
        ("cap", "99"),
        ("by_name", "perhaps"),
    ],
)
async def test_what_is_missing_or_forged_is_said_and_nothing_is_saved(
    desk: World, field: str, value: str
) -> None:
    await apply(desk, "amir")
    await press(desk, "cora", "support.approve")
    fields = FILLED_IN | {field: value} | ({"second_shift": ""} if field == "shift" else {})
    reply = await desk.submit("amir", "support.volunteering.save", **fields)
    assert set(reply.errors) == {field}
    assert reply.form is not None
    assert await state(desk, "amir") == WarriorState.APPROVED


async def test_whoever_is_not_trained_yet_is_asked_for_nothing(desk: World) -> None:
    await apply(desk, "amir")
    await press(desk, "cora", "support.approve")
    fields = FILLED_IN | {"trained": "not_yet"}
    reply = await desk.submit("amir", "support.volunteering.save", **fields)
    assert "when you've been trained" in words(reply.notice)
    assert await state(desk, "amir") == WarriorState.APPROVED


@pytest.mark.parametrize("name", ["asha", "mia", "cora"])
async def test_nobody_makes_themselves_a_volunteer(desk: World, name: str) -> None:
    await desk.submit(name, "support.volunteering.save", **FILLED_IN)
    for action in ("support.back", "support.volunteering.pause", "support.leave"):
        await desk.tap(name, action)
    assert await warrior(desk, name) is None


async def test_an_offer_that_waits_is_not_turned_into_a_yes(desk: World) -> None:
    await apply(desk, "amir")
    await desk.submit("amir", "support.volunteering.save", **FILLED_IN)
    await desk.tap("amir", "support.back")
    assert await state(desk, "amir") == WarriorState.APPLIED


async def test_the_form_shows_what_was_chosen(desk: World) -> None:
    await desk.submit("wes", "support.volunteering.save", **FILLED_IN)
    form = (await desk.tap("wes", "support.volunteering")).form
    assert form is not None
    chosen = {f.name: f.chosen for f in form.fields if isinstance(f, ChoiceField)}
    assert chosen == FILLED_IN


async def test_everybody_says_which_languages_they_talk_in(desk: World, tmp_path: Path) -> None:
    desk.core = replace(desk.core, library=_with_welsh(tmp_path))
    form = (await desk.tap("wes", "support.volunteering")).form
    assert form is not None
    assert _labels(form, "language_") == ["I can talk in Cymraeg", "I can talk in English"]
    none = {"language_cy": "no", "language_en": "no"}
    reply = await desk.submit("wes", "support.volunteering.save", **FILLED_IN, **none)
    assert set(reply.errors) == {"language_cy"}
    both = {"language_cy": "yes", "language_en": "yes"}
    await desk.submit("wes", "support.volunteering.save", **FILLED_IN, **both)
    found = await warrior(desk, "wes")
    assert found is not None
    assert found.languages == ["cy", "en"]


def _with_welsh(directory: Path) -> PromptLibrary:
    """The library with a second language, whose texts are the English ones."""
    shutil.copytree(ROOT / "prompts", directory / "prompts")
    messages = directory / "prompts" / "en" / "messages.yaml"
    messages.write_text(
        messages.read_text(encoding="utf-8").replace(
            '  en: "English"\n', '  en: "English"\n  cy: "Cymraeg"\n'
        ),
        encoding="utf-8",
    )
    shutil.copytree(directory / "prompts" / "en", directory / "prompts" / "cy")
    return load_library(directory / "prompts")


def _labels(form: Form, begins: str) -> list[str]:
    return [field.label for field in form.fields if field.name.startswith(begins)]


# --- one's own page ------------------------------------------------------------------------


async def test_a_volunteer_finds_whom_they_are_there_for(talking: World) -> None:
    name = await claimed_by(talking)
    alias = (await request_of(talking, "ann")).alias
    assert f"You're there for: {alias}" in await own_page(talking, name)
    assert "Ann" not in await own_page(talking, name)


async def test_a_pause_is_one_tap_and_so_is_its_end(desk: World) -> None:
    await ask(desk, "ann")
    name = next(n for n in VOLUNTEERS if _is_asked(desk, n))
    await desk.tap(name, "support.volunteering.pause")
    await tick(desk.core)
    assert not _is_asked(desk, name)
    assert "taking a break" in await own_page(desk, name)
    await desk.tap(name, "support.back")
    assert await state(desk, name) == WarriorState.ACTIVE


async def test_a_pause_leaves_a_conversation_where_it_is(talking: World) -> None:
    name = await claimed_by(talking)
    await talking.tap(name, "support.volunteering.pause")
    await tick(talking.core)
    assert await claimed_by(talking) == name


async def test_whoever_stops_hands_everything_over_and_is_thanked(talking: World) -> None:
    name = await claimed_by(talking)
    reply = await talking.tap(name, "support.leave")
    await tick(talking.core)
    assert "Thank you" in words(reply.notice)
    assert (await request_of(talking, "ann")).state == "offered"
    assert "can't go on" in said_to(talking, "ann")[-1]
    assert not _is_asked(talking, name)


async def test_their_page_says_in_which_year_their_training_ends(desk: World) -> None:
    """A year on, the day alone would be read as yesterday."""
    assert " Nov 2027" in await own_page(desk, "wes")


async def test_the_place_where_volunteers_talk_is_shown_to_them_alone(desk: World) -> None:
    link = "https://example.org/warriors"
    desk.core = replace(desk.core, support=SupportRules(channel=link))
    reply = await desk.submit("wes", "support.volunteering.save", **FILLED_IN)
    assert link in repr(reply.notice)
    assert link in repr(await typed(desk.core, Line(desk.ids["wes"], "volunteer")))
    assert link not in repr(await typed(desk.core, Line(desk.ids["amir"], "volunteer")))


async def test_the_home_page_leads_to_it_and_says_how_a_request_stands(talking: World) -> None:
    pages = {
        name: await home(talking.core, talking.ids[name]) for name in ("ann", "wes", "mia", "amir")
    }
    actions = {name: {b.action for b in buttons(page)} for name, page in pages.items()}
    assert "support.withdraw" in actions["ann"]
    assert "A volunteer is there for you" in words(pages["ann"])
    assert "support.open" in actions["amir"]
    assert "[My volunteering]" in words(pages["wes"])
    assert "[Becoming a warrior]" in words(pages["amir"])
    assert "support.volunteer" not in actions["mia"]


# --- the roster ----------------------------------------------------------------------------


@pytest.fixture
async def by_roster(desk: World) -> World:
    """The roster has amir as a volunteer."""
    lines = [line("amir", "Council / Parks / Trees", "mia", roles="volunteer")]
    await desk.import_lines([*without("amir"), *lines])
    await tick(desk.core)
    return desk


def welcomes(world: World, name: str) -> int:
    return sum("you're welcome as a Wellbeing Warrior" in each for each in said_to(world, name))


async def test_whom_the_roster_has_as_a_volunteer_is_asked_once_and_no_coordinator(
    by_roster: World,
) -> None:
    await tick(by_roster.core)
    assert welcomes(by_roster, "amir") == 1
    assert not any("Amir" in each for each in said_to(by_roster, "cora"))
    await by_roster.submit("amir", "support.volunteering.save", **FILLED_IN)
    assert await state(by_roster, "amir") == WarriorState.ACTIVE


async def test_before_the_launch_the_roster_makes_nobody_a_volunteer(world: World) -> None:
    await world.import_lines([line("amir", "Trees", "", roles="volunteer")])
    await tick(world.core)
    assert await warrior(world, "amir") is None
    await world.launch()
    await world.live_until(TUESDAY_MORNING)
    assert "Wellbeing Warrior" in said_to(world, "amir")[0]
    assert welcomes(world, "amir") == 1


async def test_whoever_left_by_themselves_stays_away_whatever_is_imported(
    by_roster: World,
) -> None:
    await by_roster.submit("amir", "support.volunteering.save", **FILLED_IN)
    await by_roster.tap("amir", "support.leave")
    for lines in (PEOPLE, [*without("amir"), _as_volunteer("amir")]):
        await by_roster.import_lines(lines)
        await tick(by_roster.core)
        assert await state(by_roster, "amir") == WarriorState.LEFT
    assert welcomes(by_roster, "amir") == 1
    reply = await by_roster.submit("amir", "support.volunteering.save", **FILLED_IN)
    assert "Thank you" in words(reply.notice)
    assert await state(by_roster, "amir") == WarriorState.ACTIVE


def _as_volunteer(name: str) -> str:
    return line(name, "Council / Parks / Trees", "mia", roles="volunteer")


async def test_without_the_role_one_is_a_volunteer_no_more_and_with_it_again_one_is_asked(
    by_roster: World,
) -> None:
    await by_roster.submit("amir", "support.volunteering.save", **FILLED_IN)
    await by_roster.import_lines(PEOPLE)
    await tick(by_roster.core)
    assert await state(by_roster, "amir") == WarriorState.LEFT
    assert "Thank you for having been there" in said_to(by_roster, "amir")[-1]
    await by_roster.import_lines([*without("amir"), _as_volunteer("amir")])
    await tick(by_roster.core)
    assert await state(by_roster, "amir") == WarriorState.APPROVED
    assert welcomes(by_roster, "amir") == 2


async def test_nobody_who_manages_is_made_one_by_the_roster(desk: World) -> None:
    mia = line("mia", "Council / Parks", "top", roles="volunteer")
    await desk.import_lines([*without("mia"), mia])
    await tick(desk.core)
    assert await warrior(desk, "mia") is None


async def test_whoever_becomes_a_manager_is_suspended_with_thanks(talking: World) -> None:
    name = await claimed_by(talking)
    await talking.import_lines([*PEOPLE, line("new", "Council / New", name)])
    await tick(talking.core)
    assert await state(talking, name) == WarriorState.SUSPENDED
    assert sum("Thank you for wanting" in each for each in said_to(talking, name)) == 1
    assert "can't go on" in said_to(talking, "ann")[-1]
    assert (await request_of(talking, "ann")).warrior_id is None
    for action in ("support.back", "support.volunteering"):
        await talking.tap(name, action)
    await talking.submit(name, "support.volunteering.save", **FILLED_IN)
    assert await state(talking, name) == WarriorState.SUSPENDED


async def test_whoever_manages_nobody_any_more_comes_back_only_by_saying_so(desk: World) -> None:
    await desk.import_lines([*PEOPLE, line("new", "Council / New", "wes")])
    await tick(desk.core)
    await desk.import_lines(PEOPLE)
    await tick(desk.core)
    await tick(desk.core)
    assert sum("you can volunteer again" in each for each in said_to(desk, "wes")) == 1
    assert await state(desk, "wes") == WarriorState.MAY_RETURN
    await press(desk, "wes", "support.back")
    assert await state(desk, "wes") == WarriorState.ACTIVE


async def test_a_return_is_no_way_around_the_form(by_roster: World) -> None:
    await by_roster.import_lines(
        [*without("amir"), _as_volunteer("amir"), line("new", "Council / New", "amir")]
    )
    await tick(by_roster.core)
    await by_roster.import_lines([*without("amir"), _as_volunteer("amir")])
    await tick(by_roster.core)
    reply = await by_roster.tap("amir", "support.back")
    assert reply.form is not None
    assert await state(by_roster, "amir") == WarriorState.APPROVED


async def test_whoever_leaves_the_organisation_has_no_conversation_and_no_offer(
    talking: World,
) -> None:
    name = await claimed_by(talking)
    await ask(talking, "asha")
    other = next(n for n in VOLUNTEERS if n != name and _is_asked(talking, n))
    await talking.import_lines([each for each in without(name) if each in without(other)])
    await tick(talking.core)
    assert "can't go on" in said_to(talking, "ann")[-1]
    assert (await request_of(talking, "ann")).state == "offered"
    assert await _asked_now(talking, "asha") & {name, other} == set()


async def _asked_now(world: World, name: str) -> set[str]:
    """Those who are waited for."""
    names = {id_: each for each, id_ in world.ids.items()}
    rows = (await dump(world.core))["supportoffer"]
    request = await request_of(world, name)
    return {
        names.get(row["warrior_id"], row["warrior_id"])
        for row in rows
        if row["request_id"] == request.id and row["state"] == "asked"
    }


async def test_looking_again_changes_nothing(by_roster: World) -> None:
    before = await dump(by_roster.core)
    await keep_volunteers(by_roster.core)
    assert await dump(by_roster.core) == before


# --- training ------------------------------------------------------------------------------


async def test_training_that_ends_is_told_a_month_before_and_at_its_end_once_each(
    desk: World,
) -> None:
    async with desk.core.database.writing() as session:
        found = await warriors.warrior(session, desk.ids["wes"], to_change=True)
        assert found is not None
        found.trained_on = TUESDAY_MORNING.date() - timedelta(days=336)
    await desk.live_until(TUESDAY_MORNING + timedelta(days=3))
    assert sum("There's no hurry" in each for each in said_to(desk, "wes")) == 1
    await desk.live_until(TUESDAY_MORNING + timedelta(days=28))
    assert not any("a year since" in each for each in said_to(desk, "wes"))
    await desk.live_until(TUESDAY_MORNING + timedelta(days=36))
    assert sum("There's no hurry" in each for each in said_to(desk, "wes")) == 1
    assert sum("a year since" in each for each in said_to(desk, "wes")) == 1
    for name in VOLUNTEERS[1:]:
        await desk.tap(name, "support.leave")
    await ask(desk, "ann")
    assert not _is_asked(desk, "wes")
    renewed = FILLED_IN | {"trained": "2026-12"}
    await desk.submit("wes", "support.volunteering.save", **renewed)
    await tick(desk.core)
    assert _is_asked(desk, "wes")


# --- limits --------------------------------------------------------------------------------


async def test_how_many_a_week_and_at_once_is_for_the_organisation_to_say(desk: World) -> None:
    desk.core = replace(desk.core, support=SupportRules(new_a_week=2, most_open=1))
    for name in VOLUNTEERS[1:]:
        await desk.tap(name, "support.leave")
    await ask(desk, "ann")
    await press(desk, "wes", "support.claim")
    await ask(desk, "asha")
    assert not _is_asked(desk, "wes")
    await press(desk, "wes", "support.close")
    assert _is_asked(desk, "wes")


async def test_somebody_unknown_to_the_desk_finds_no_tough_one_and_no_script(desk: World) -> None:
    for action in ("support.tough", "support.debrief", "support.longer_break", "support.script"):
        with pytest.raises(NotFound):
            await desk.tap("amir", action)
