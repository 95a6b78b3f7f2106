"""What people do in Teams: the real Bot Framework SDK before a fake Microsoft."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from tests.fakes.teams import Sent, text_of
from tests.support.tables import rows_of
from tests.support.teams_bot import TeamsBot

MONDAY_MORNING = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def words(sent: Sent) -> str:
    return "\n".join(map(text_of, sent.cards))


# --- installing ----------------------------------------------------------------------------


async def test_whoever_installs_the_app_is_greeted_once_and_connected(bot: TeamsBot) -> None:
    (hello,) = bot.actor("boss-1").messages()
    assert "you can type" in words(hello).lower()
    accounts = await rows_of(bot.core, "account")
    assert len(accounts) == 10
    assert {row["workspace_id"] for row in accounts} == {bot.workspace_id}


# --- messages ------------------------------------------------------------------------------


async def test_everybody_is_welcomed_once(welcomed: TeamsBot) -> None:
    await welcomed.world.live_until(MONDAY_MORNING)
    for name in welcomed.world.ids:
        assert len(welcomed.actor(name).messages()) == 2  # and the greeting
        assert "Hello" in words(welcomed.last(name))


async def test_a_press_replaces_the_message_with_words_that_are_the_same_for_everybody(
    welcomed: TeamsBot,
) -> None:
    for name, label in (("boss-1", "Yes, ask me"), ("boss-2", "No, thank you")):
        answered = await welcomed.actor(name).presses(label)
        assert answered.status == 200
    await welcomed.settle()
    yes, no = welcomed.last("boss-1"), welcomed.last("boss-2")
    assert words(yes) == words(no)
    assert "That's all for now" in words(yes)
    kept = {row["email"]: row["pulses"] for row in await rows_of(welcomed.core, "person")}
    assert kept["boss-1@example.org"]
    assert not kept["boss-2@example.org"]


async def test_what_depends_on_the_choice_only_its_writer_sees(welcomed: TeamsBot) -> None:
    actor = welcomed.actor("boss-1")
    await actor.presses("Yes, ask me")
    await welcomed.settle()
    (said,) = actor.notices()
    assert "I'll ask you once a week" in said
    assert "I'll ask you once a week" not in welcomed.teams.everything_said()


async def test_pressing_twice_at_once_has_one_effect(welcomed: TeamsBot) -> None:
    press = welcomed.actor("boss-1").press_of("Yes, ask me")
    answers = await asyncio.gather(*(welcomed.teams.sends(press) for _ in range(2)))
    assert [answer.status for answer in answers] == [200, 200]
    await welcomed.settle()
    assert len(welcomed.actor("boss-1").messages()) == 2


async def test_what_a_press_has_posted_is_posted_once_and_each_repetition_is_answered(
    welcomed: TeamsBot,
) -> None:
    actor = welcomed.actor("boss-1")
    await actor.types("pause")
    await welcomed.settle()
    before = len(actor.messages())
    press = actor.press_of("For a week")
    answers = [await welcomed.teams.sends(press)]
    answers += await asyncio.gather(*(welcomed.teams.sends(press) for _ in range(2)))
    await welcomed.settle()
    assert len(actor.messages()) == before + 1
    assert ["below" in str(answer.body) for answer in answers] == [True, True, True]
    await welcomed.teams.sends(actor.press_of("For a week"))
    await welcomed.settle()
    assert len(actor.messages()) == before + 2  # another press of it is another one


async def test_a_press_without_an_id_is_never_taken_for_another(welcomed: TeamsBot) -> None:
    actor = welcomed.actor("boss-1")
    await actor.types("pause")
    await welcomed.settle()
    before = len(actor.messages())
    for label in ("For a week", "For two weeks"):
        await welcomed.teams.sends({**actor.press_of(label), "id": ""})
    await welcomed.settle()
    assert len(actor.messages()) == before + 2


async def test_the_way_to_a_form_is_posted_once_however_often_it_is_asked_for(
    welcomed: TeamsBot,
) -> None:
    actor = welcomed.actor("boss-1")
    before = len(actor.messages())
    action = {"type": "Action.Execute", "verb": "settings.open", "data": {"value": ""}}
    press = actor.activity_of("invoke", name="adaptiveCard/action", value={"action": action})
    answers = [await welcomed.teams.sends(press) for _ in range(2)]
    await welcomed.settle()
    assert [answer.status for answer in answers] == [200, 200]
    assert len(actor.messages()) == before + 1


async def test_a_check_in_is_answered_with_one_tap(welcomed: TeamsBot) -> None:
    await welcomed.world.live_until(MONDAY_NOON)
    actor = welcomed.actor("boss-1")
    before = len(actor.messages())
    await actor.presses("check_in.answer")
    await welcomed.settle()
    assert len(actor.messages()) == before
    assert "That's all for now" in words(welcomed.last("boss-1"))
    assert len(actor.notices()) == 1


# --- dialogs -------------------------------------------------------------------------------


async def test_a_pulse_is_answered_in_a_dialog(welcomed: TeamsBot) -> None:
    for name in welcomed.world.ids:
        if name != "boss":
            await welcomed.actor(name).presses("Yes, ask me")
    await welcomed.settle()
    await welcomed.world.live_until(WEDNESDAY)
    actor = welcomed.actor("boss-1")
    await actor.opens("Answer")
    fields = [
        each["id"] for each in actor.dialog().card["body"] if each["type"].startswith("Input")
    ]
    await actor.submits(dict.fromkeys(fields, "4"))
    assert "sealed" in text_of(actor.dialog().card)
    actor.closes()


async def test_settings_are_a_dialog_and_hold(welcomed: TeamsBot) -> None:
    actor = welcomed.actor("boss-1")
    await actor.types("settings")
    await welcomed.settle()
    await actor.opens("Change settings")
    await actor.submits({"reflections": "off"})
    rows = {row["email"]: row for row in await rows_of(welcomed.core, "person")}
    assert not rows["boss-1@example.org"]["reflections"]


# --- lines ---------------------------------------------------------------------------------


async def test_whoever_writes_a_lot_is_answered(welcomed: TeamsBot) -> None:
    actor = welcomed.actor("boss-1")
    assert (await actor.types("I don't know where to begin. " * 700)).status == 200
    await welcomed.settle()
    assert "nobody reads what is written here" in words(welcomed.last("boss-1"))


async def test_a_line_is_answered_once_however_often_it_is_told(welcomed: TeamsBot) -> None:
    actor = welcomed.actor("boss-1")
    before = len(actor.messages())
    await actor.types("Hello!")
    await actor.repeats()
    await welcomed.settle()
    assert len(actor.messages()) == before + 2  # the line, and its answer


# --- summaries -----------------------------------------------------------------------------


async def test_a_manager_reads_how_it_went_over_time_in_a_dialog(welcomed: TeamsBot) -> None:
    team = [welcomed.actor(f"boss-{number}") for number in range(1, 10)]
    for actor in team:
        await actor.presses("Yes, ask me")
    await welcomed.settle()
    await welcomed.world.live_until(WEDNESDAY)
    for actor in team:
        await actor.opens("Answer")
        fields = actor.dialog().card["body"]
        await actor.submits(
            {each["id"]: "4" for each in fields if each["type"].startswith("Input")}
        )
        actor.closes()
    await welcomed.world.live_until(SATURDAY)
    boss = welcomed.actor("boss")
    await boss.opens("How it went over time")
    assert "24 Nov 2026: between 3 and 5." in text_of(boss.dialog().card)
    boss.closes()
    await boss.types("home")
    await welcomed.settle()
    await boss.opens("Housing")
    await boss.submits(action="How it went over time")
    assert "24 Nov 2026: between 3 and 5." in text_of(boss.dialog().card)
    assert "24 Nov 2026" not in welcomed.teams.everything_said()
