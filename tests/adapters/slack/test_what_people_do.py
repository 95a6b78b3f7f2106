"""What people do in Slack, over HTTP and by Socket Mode: a real Bolt before a fake Slack."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from bot.usecases.home import home
from tests.fakes.slack.methods.users import user_json
from tests.fakes.slack.reading import text_of
from tests.fakes.slack.state import Posted
from tests.support.slack_bot import SlackBot
from tests.support.tables import dump, rows_of

MONDAY_MORNING = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def words(posted: Posted) -> str:
    return text_of(posted.blocks)


@pytest.fixture
async def welcomed(bot: SlackBot) -> SlackBot:
    await bot.world.launch()
    await bot.world.live_until(MONDAY_MORNING)
    bot.tell_slack_the_time()
    return bot


# --- messages ------------------------------------------------------------------------------


async def test_everybody_is_welcomed_once(welcomed: SlackBot) -> None:
    await welcomed.world.live_until(MONDAY_MORNING)
    for name in welcomed.world.ids:
        messages = welcomed.slack.messages(name)
        assert [posted.text for posted in messages] == ["Hello from the Wellbeing Warrior"]


async def test_a_press_replaces_the_message_with_words_that_are_the_same_for_everybody(
    welcomed: SlackBot,
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


async def test_what_depends_on_the_choice_only_its_writer_sees(welcomed: SlackBot) -> None:
    actor = welcomed.actor("boss-1")
    await actor.presses("Yes, ask me")
    await welcomed.settle()
    (said,) = actor.ephemeral()
    assert "I'll ask you once a week" in words(said)
    assert "I'll ask you once a week" not in welcomed.slack.everything_said()


async def test_pressing_twice_at_once_has_one_effect(welcomed: SlackBot) -> None:
    actor = welcomed.actor("boss-1")
    press = actor.press_of("Yes, ask me")
    answers = await asyncio.gather(*(welcomed.slack.sends(press) for _ in range(2)))
    assert [answer.status for answer in answers] == [200, 200]
    await welcomed.settle()
    assert len(welcomed.slack.messages("boss-1")) == 1


async def test_a_check_in_put_off_comes_again_once_however_often_that_is_pressed(
    welcomed: SlackBot,
) -> None:
    await welcomed.world.live_until(MONDAY_NOON)
    actor = welcomed.actor("boss-1")
    before = len(welcomed.slack.messages("boss-1"))
    put_off = actor.press_of("delivery.snooze")
    for _ in range(3):
        assert (await welcomed.slack.sends(put_off)).status == 200
    await welcomed.settle()
    planned = [row for row in await rows_of(welcomed.core, "delivery") if row["turn"] == 1]
    assert len(planned) == 1
    assert len(welcomed.slack.messages("boss-1")) == before


async def test_a_button_of_another_person_does_nothing_for_them(welcomed: SlackBot) -> None:
    """A value that is forged, or pressed in a message that was shared, is checked in the core."""
    await welcomed.world.live_until(MONDAY_NOON)
    press = welcomed.actor("boss-1").press_of("delivery.snooze")
    stranger = welcomed.actor("boss-2").user
    press["user"] = {**press["user"], "id": stranger.id}
    assert (await welcomed.slack.sends(press)).status == 200
    await welcomed.settle()
    assert not [row for row in await rows_of(welcomed.core, "delivery") if row["turn"] == 1]


async def test_a_button_that_is_not_known_any_more_is_answered_kindly(welcomed: SlackBot) -> None:
    actor = welcomed.actor("boss-1")
    press = actor.press_of("Yes, ask me")
    press["actions"][0]["action_id"] = "something.old|1"
    assert (await welcomed.slack.sends(press)).status == 200
    await welcomed.settle()
    assert "isn't one I can use any more" in words(actor.ephemeral()[-1])


# --- forms ---------------------------------------------------------------------------------


async def test_settings_are_a_modal_and_come_back_saved(welcomed: SlackBot) -> None:
    actor = welcomed.actor("boss-1")
    await actor.presses("Choose how often")
    await welcomed.settle()
    assert actor.modal().title == "Your settings"
    answered = await actor.submits({"check_ins": "off", "reflections": "off"})
    assert answered.json()["response_action"] == "update"
    await welcomed.settle()
    assert "Saved." in text_of(actor.modal().blocks)
    (row,) = [
        row
        for row in await rows_of(welcomed.core, "person")
        if row["email"] == "boss-1@example.org"
    ]
    assert (row["check_ins"], bool(row["reflections"])) == ("off", False)


async def test_a_form_that_slack_does_not_open_any_more_is_said(welcomed: SlackBot) -> None:
    actor = welcomed.actor("boss-1")
    welcomed.slack.faults.answer("expired_trigger_id", "views.open")
    await actor.presses("Choose how often")
    await welcomed.settle()
    assert actor.modals() == []
    assert "Please try again" in words(actor.ephemeral()[-1])


async def test_a_pulse_is_answered_in_a_modal_and_never_echoed(welcomed: SlackBot) -> None:
    await welcomed.actor("boss-1").presses("Yes, ask me")
    await welcomed.settle()
    await welcomed.world.live_until(WEDNESDAY)
    actor = welcomed.actor("boss-1")
    before = welcomed.slack.everything_said()
    await actor.presses("pulse.form")
    await welcomed.settle()
    form = actor.modal()
    fields = [block for block in form.blocks if block["type"] == "input"]
    assert len(fields) == 2
    assert not any("initial_option" in block["element"] for block in fields)
    answered = await actor.submits({block["block_id"]: "4" for block in fields})
    assert answered.status == 200
    await welcomed.settle()
    assert "What you chose is sealed" in text_of(actor.modal().blocks)
    assert welcomed.slack.everything_said() == before
    round_id = next(row["id"] for row in await rows_of(welcomed.core, "round"))
    assert len(await welcomed.core.inbox.boxes(str(round_id))) == 1


# --- home, commands, shortcut, typed lines -------------------------------------------------


async def test_the_home_page_is_shown_when_it_is_opened_and_renewed_when_it_changes(
    welcomed: SlackBot,
) -> None:
    actor = welcomed.actor("boss-1")
    await actor.opens_home()
    await welcomed.settle()
    first = actor.home()
    assert first is not None
    page = await home(welcomed.core, welcomed.world.ids["boss-1"])
    assert page.summary
    assert "Hello Boss-1" in text_of(first.blocks)
    await actor.presses("pulse.consent", on="home")
    await welcomed.settle()
    second = actor.home()
    assert second is not None
    assert "You said yes to two anonymous questions" in text_of(second.blocks)
    assert "I'll ask you once a week" in text_of(actor.modal().blocks)


async def test_of_two_home_pages_at_once_the_newer_one_stays(welcomed: SlackBot) -> None:
    actor, slack = welcomed.actor("boss-1"), welcomed.slack
    await actor.opens_home()
    await welcomed.settle()
    slack.faults.slow(0.5, "views.publish")
    await actor.opens_home()
    async with asyncio.timeout(10):
        while len(slack.calls("views.publish")) < 2:  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.01)
    await actor.presses("pulse.consent", on="home")
    await welcomed.settle()
    page = actor.home()
    assert page is not None
    assert "You said yes to two anonymous questions" in text_of(page.blocks)


async def test_a_notice_over_a_modal_is_put_on_top_of_it(welcomed: SlackBot) -> None:
    actor = welcomed.actor("boss-1")
    await actor.runs("/wellbeing", "privacy")
    await welcomed.settle()
    await actor.opens_home()
    await welcomed.settle()
    await actor.presses("pulse.preview", on="home")
    await welcomed.settle()
    assert len(actor.modals()) == 1
    assert "You're counted together" in text_of(actor.modal().blocks)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("help", "You can type one of these"),
        ("", "You can type one of these"),
        ("  HELP!  ", "You can type one of these"),
        ("pause", "For how long would you like a break"),
        ("resume", "You aren't taking a break"),
        ("support", "If you'd like to talk"),
        ("privacy", "What is kept, and who can see it"),
        ("what on earth", "nobody reads what is written here"),
    ],
)
async def test_a_command_is_answered_at_once_to_who_typed_it(
    welcomed: SlackBot, text: str, expected: str
) -> None:
    actor = welcomed.actor("boss-1")
    assert (await actor.runs("/wellbeing", text)).status == 200
    await welcomed.settle()
    (said,) = actor.ephemeral()
    assert expected in words(said)
    assert len(welcomed.slack.messages("boss-1")) == 1  # nothing of it stays


async def test_the_settings_command_opens_the_modal(welcomed: SlackBot) -> None:
    actor = welcomed.actor("boss-1")
    await actor.runs("/wellbeing", "settings")
    await welcomed.settle()
    assert actor.modal().title == "Your settings"


async def test_a_break_begins_with_a_press_on_the_commands_answer(welcomed: SlackBot) -> None:
    actor = welcomed.actor("boss-1")
    await actor.runs("/wellbeing", "pause")
    await welcomed.settle()
    await actor.presses("pause.start", "week")
    await welcomed.settle()
    (row,) = [
        row
        for row in await rows_of(welcomed.core, "person")
        if row["email"] == "boss-1@example.org"
    ]
    assert row["paused_from"]


async def test_the_shortcut_opens_the_places_to_turn(welcomed: SlackBot) -> None:
    actor = welcomed.actor("boss-1")
    assert (await actor.uses_shortcut("talk_to_someone")).status == 200
    await welcomed.settle()
    assert "116 123" in text_of(actor.modal().blocks)


async def test_a_typed_line_is_answered_once_however_often_slack_tells_of_it(
    welcomed: SlackBot,
) -> None:
    actor = welcomed.actor("boss-1")
    before = len(welcomed.slack.messages("boss-1"))
    answered = await actor.says("hello")
    repeated = [await welcomed.slack.repeats(answered, number=number) for number in (1, 2, 3)]
    assert {each.status for each in (answered, *repeated)} == {200}
    await welcomed.settle()
    theirs, bots = welcomed.slack.messages("boss-1")[before:]
    assert theirs.text == "hello"
    assert "You can type one of these" in words(bots)


async def test_whoever_writes_a_lot_is_answered(welcomed: SlackBot) -> None:
    actor = welcomed.actor("boss-1")
    much = "I don't know where to begin. " * 700
    assert (await actor.says(much)).status == 200
    await welcomed.settle()
    assert "nobody reads what is written here" in words(welcomed.last("boss-1"))
    assert (await actor.runs("/wellbeing", much)).status == 200
    assert "nobody reads what is written here" in words(actor.ephemeral()[-1])


async def test_a_typed_line_is_answered_when_slack_is_no_longer_busy(welcomed: SlackBot) -> None:
    actor = welcomed.actor("boss-1")
    welcomed.slack.faults.answer("ratelimited", "chat.postMessage")
    answered = await actor.says("hello")
    assert (await welcomed.slack.repeats(answered)).status == 200
    await welcomed.settle()
    _theirs, bots = welcomed.slack.messages("boss-1")[-2:]
    assert "You can type one of these" in words(bots)


async def test_what_the_bot_writes_itself_is_not_answered(welcomed: SlackBot) -> None:
    posted = welcomed.last("boss-1")
    event = {
        "type": "message",
        "channel": posted.channel,
        "channel_type": "im",
        "user": posted.user,
        "bot_id": posted.bot_id,
        "text": "help",
        "ts": posted.ts,
    }
    assert (await welcomed.slack.sends_event(event)).status == 200
    await welcomed.settle()
    assert len(welcomed.slack.messages("boss-1")) == 1


# --- strangers -----------------------------------------------------------------------------


async def test_somebody_who_is_not_on_the_roster_is_told_so_kindly_everywhere(
    welcomed: SlackBot,
) -> None:
    welcomed.slack.add_user("visitor")
    visitor = welcomed.actor("visitor")
    await visitor.says("hello")
    await visitor.runs("/wellbeing", "settings")
    await visitor.uses_shortcut("talk_to_someone")
    await visitor.opens_home()
    await welcomed.settle()
    home_page = visitor.home()
    assert home_page is not None
    seen = [
        words(welcomed.last("visitor")),
        words(visitor.ephemeral()[-1]),
        text_of(visitor.modal().blocks),
        text_of(home_page.blocks),
    ]
    assert all("I don't know you here" in text for text in seen)
    assert all("116 123" in text for text in seen)


async def test_whatever_is_done_in_a_workspace_that_is_not_ours_a_stranger_does(
    welcomed: SlackBot,
) -> None:
    """The app is there, and somebody has the id and the address of one of ours."""
    elsewhere = welcomed.slack.add_workspace("Elsewhere", team_id="T0009")
    ours = welcomed.actor("boss-1")
    impostor = elsewhere.add_user("boss-1", email="boss-1@example.org")
    elsewhere.users[ours.user.id] = elsewhere.users.pop(impostor.id)
    impostor.id = ours.user.id
    actor = welcomed.slack.actor(impostor, "T0009")
    before = await dump(welcomed.core)
    press = ours.press_of("Yes, ask me")
    press["team"]["id"] = press["user"]["team_id"] = "T0009"
    assert (await welcomed.slack.sends(press)).status == 200
    for asks in (actor.runs("/wellbeing", "settings"), actor.says("pause"), actor.opens_home()):
        assert (await asks).status == 200
    assert (await actor.uses_shortcut("talk_to_someone")).status == 200
    shown = user_json(welcomed.slack.site, "T0009", impostor)
    told = await welcomed.slack.sends_event({"type": "user_change", "user": shown}, "T0009")
    assert told.status == 200
    await welcomed.settle()
    assert "I don't know you here" in words(actor.ephemeral()[-1])
    assert actor.home() is None
    assert await dump(welcomed.core) == before


# --- the week's summary --------------------------------------------------------------------


async def everybody_answers(bot: SlackBot) -> None:
    team = [bot.actor(f"boss-{number}") for number in range(1, 10)]
    for actor in team:
        await actor.presses("Yes, ask me")
    await bot.settle()
    await bot.world.live_until(WEDNESDAY)
    for actor in team:
        await actor.presses("pulse.form")
        await bot.settle()
        fields = [block for block in actor.modal().blocks if block["type"] == "input"]
        await actor.submits({block["block_id"]: "4" for block in fields})
        await actor.closes(every=True)


async def test_a_manager_gets_the_weeks_summary_with_its_chart(welcomed: SlackBot) -> None:
    await everybody_answers(welcomed)
    await welcomed.world.live_until(SATURDAY)
    summary = welcomed.last("boss")
    charts = [block for block in summary.blocks if block["type"] == "data_visualization"]
    assert charts
    assert len(charts) <= 2  # one for each scale
    assert "between 3 and 5" in words(summary)


async def test_a_manager_reads_how_it_went_over_time_and_only_they_see_it(
    welcomed: SlackBot,
) -> None:
    await everybody_answers(welcomed)
    await welcomed.world.live_until(SATURDAY)
    actor = welcomed.actor("boss")
    await actor.presses("How it went over time")
    await welcomed.settle()
    assert "24 Nov 2026: between 3 and 5." in words(actor.ephemeral()[-1])
    assert "24 Nov 2026" not in welcomed.slack.everything_said()
    await actor.opens_home()
    await welcomed.settle()
    await actor.presses("history.read", on="home")
    await welcomed.settle()
    assert "24 Nov 2026: between 3 and 5." in text_of(actor.modal().blocks)


async def test_where_charts_are_refused_the_summary_comes_once_in_words(
    welcomed: SlackBot,
) -> None:
    welcomed.slack.workspace.refuses_charts = True
    await everybody_answers(welcomed)
    await welcomed.world.live_until(SATURDAY)
    summary = welcomed.last("boss")
    assert not [block for block in summary.blocks if block["type"] == "data_visualization"]
    assert "between 3 and 5" in words(summary)
    texts = [posted.text for posted in welcomed.slack.messages("boss")]
    assert texts.count(summary.text) == 1
