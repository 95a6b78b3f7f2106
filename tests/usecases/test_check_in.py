from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import NotFound
from bot.message import Button
from tests.support.organisation import World, line, team_of
from tests.support.reading import buttons, words
from tests.support.tables import dump

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ANSWERS = ["doing-well", "all-right", "up-and-down", "finding-it-hard", "struggling", "skip"]


@pytest.fixture
async def asked(world: World) -> World:
    """A small team on its first Monday, welcomed and asked how they are."""
    await world.import_lines(team_of(2))
    await world.launch()
    await world.live_until(MONDAY_NOON)
    return world


def check_in_button(world: World, name: str, ends: str) -> Button:
    return world.inbox(name)[1].button("check_in.answer", ends)


async def test_a_check_in_comes_after_the_welcome(asked: World) -> None:
    assert [post.message.summary for post in asked.inbox("boss-1")] == [
        "Hello from the Wellbeing Warrior",
        "How are you arriving today?",
    ]


async def test_a_check_in_has_five_answers_in_words_and_three_ways_not_to_answer(
    asked: World,
) -> None:
    shown = [button.label for button in buttons(asked.inbox("boss-1")[1].message)]
    assert len(shown) == 8
    assert all(any(letter.isalpha() for letter in label) for label in shown)
    assert shown[5:] == ["Not now", "Skip", "Talk to someone"]


async def test_what_stays_in_the_chat_is_the_same_whatever_was_tapped(asked: World) -> None:
    stays = set()
    for answer in ANSWERS:
        button = check_in_button(asked, "boss-1", f":{answer}")
        stays.add((await asked.tap("boss-1", button.action, button.value)).replace)
    button = asked.inbox("boss-1")[1].button("delivery.snooze")
    stays.add((await asked.tap("boss-1", button.action, button.value)).replace)
    assert len(stays) == 1


async def test_the_words_that_fit_an_answer_are_shown_to_its_writer_alone(asked: World) -> None:
    button = check_in_button(asked, "boss-1", ":struggling")
    reply = await asked.tap("boss-1", button.action, button.value)
    assert "sorry it is this hard" in words(reply.notice)
    assert "sorry it is this hard" not in words(reply.replace)


async def test_resources_stay_on_the_message(asked: World) -> None:
    button = check_in_button(asked, "boss-1", ":doing-well")
    reply = await asked.tap("boss-1", button.action, button.value)
    assert "Samaritans" in words(reply.replace)


async def test_answering_twice_is_answered_twice(asked: World) -> None:
    button = check_in_button(asked, "boss-1", ":doing-well")
    first = await asked.tap("boss-1", button.action, button.value)
    second = await asked.tap("boss-1", button.action, button.value)
    assert first == second


async def test_a_late_answer_is_told_so_kindly(asked: World) -> None:
    asked.clock.move_to(TUESDAY_NOON)
    button = check_in_button(asked, "boss-1", ":doing-well")
    reply = await asked.tap("boss-1", button.action, button.value)
    assert "Monday 23 November, so it has closed" in words(reply.notice)


async def test_no_row_is_written_by_an_answer(asked: World) -> None:
    before = await dump(asked.core)
    for answer in ANSWERS:
        button = check_in_button(asked, "boss-1", f":{answer}")
        await asked.tap("boss-1", button.action, button.value)
    assert await dump(asked.core) == before


# --- not now -------------------------------------------------------------------------------


async def test_not_now_asks_again_in_an_hour(asked: World) -> None:
    button = asked.inbox("boss-1")[1].button("delivery.snooze")
    reply = await asked.tap("boss-1", button.action, button.value)
    assert "at 13:00" in words(reply.notice)
    await asked.live_until(MONDAY_NOON.replace(hour=14))
    assert len(asked.inbox("boss-1")) == 3


async def test_a_double_tap_on_not_now_asks_again_once(asked: World) -> None:
    button = asked.inbox("boss-1")[1].button("delivery.snooze")
    await asked.tap("boss-1", button.action, button.value)
    await asked.tap("boss-1", button.action, button.value)
    await asked.live_until(MONDAY_NOON.replace(hour=16))
    assert len(asked.inbox("boss-1")) == 3


async def test_not_now_on_the_first_message_of_several_is_about_the_last(asked: World) -> None:
    first = asked.inbox("boss-1")[1].button("delivery.snooze")
    await asked.tap("boss-1", first.action, first.value)
    await asked.live_until(MONDAY_NOON.replace(hour=14))
    reply = await asked.tap("boss-1", first.action, first.value)
    assert "at 15:00" in words(reply.notice)
    await asked.live_until(MONDAY_NOON.replace(hour=16))
    assert len(asked.inbox("boss-1")) == 4


async def test_not_now_late_in_the_day_leaves_it_for_today(asked: World) -> None:
    asked.clock.move_to(MONDAY_NOON.replace(hour=18))
    button = asked.inbox("boss-1")[1].button("delivery.snooze")
    reply = await asked.tap("boss-1", button.action, button.value)
    assert "won't ask again today" in words(reply.notice)


async def test_not_now_works_three_times_and_no_more(asked: World) -> None:
    for hour in (13, 14, 15):
        button = asked.inbox("boss-1")[-1].button("delivery.snooze")
        await asked.tap("boss-1", button.action, button.value)
        await asked.live_until(MONDAY_NOON.replace(hour=hour, minute=30))
    button = asked.inbox("boss-1")[-1].button("delivery.snooze")
    reply = await asked.tap("boss-1", button.action, button.value)
    assert "won't ask again today" in words(reply.notice)


async def test_answering_after_all_calls_off_what_was_put_off(asked: World) -> None:
    later = asked.inbox("boss-1")[1].button("delivery.snooze")
    await asked.tap("boss-1", later.action, later.value)
    button = check_in_button(asked, "boss-1", ":all-right")
    await asked.tap("boss-1", button.action, button.value)
    await asked.live_until(MONDAY_NOON.replace(hour=16))
    assert len(asked.inbox("boss-1")) == 2


# --- forged values -------------------------------------------------------------------------


async def test_somebody_elses_check_in_cannot_be_answered(asked: World) -> None:
    button = check_in_button(asked, "boss-1", ":doing-well")
    with pytest.raises(NotFound):
        await asked.tap("boss-2", button.action, button.value)


@pytest.mark.parametrize("forged", ["", ":", "nothing", "nothing:doing-well", ":doing-well"])
async def test_a_forged_delivery_is_refused(asked: World, forged: str) -> None:
    with pytest.raises(NotFound):
        await asked.tap("boss-1", "check_in.answer", forged)


async def test_an_unknown_choice_is_refused(asked: World) -> None:
    key = check_in_button(asked, "boss-1", ":doing-well").value.partition(":")[0]
    with pytest.raises(NotFound):
        await asked.tap("boss-1", "check_in.answer", f"{key}:ecstatic")


# --- reflections ---------------------------------------------------------------------------


async def test_a_reflection_can_be_put_away_and_nothing_is_stored(world: World) -> None:
    await world.import_lines([line("ada", manager="")])
    await world.launch()
    await world.live_until(datetime(2026, 11, 25, 15, 0, tzinfo=UTC))
    reflection = world.inbox("ada")[-1]
    assert reflection.message.summary == "Something to reflect on"
    before = await dump(world.core)
    button = reflection.button("reflection.decline")
    reply = await world.tap("ada", button.action, button.value)
    assert "No reason needed" in words(reply.notice)
    assert await dump(world.core) == before
