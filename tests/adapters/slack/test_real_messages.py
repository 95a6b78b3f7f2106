"""What the bot really says over a few weeks, as Slack gets it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from adapters.content import PromptLibrary
from adapters.slack.blocks import message_payload
from adapters.slack.limits import Json, check
from adapters.slack.views import fields_of, form_view, home_view, notice_view
from bot.message import Form
from bot.ports import Reply
from bot.usecases.home import home
from bot.usecases.resources import resources
from tests.support import four_teams
from tests.support.lookalikes import lookalike
from tests.support.organisation import World, line, team_of
from tests.support.recurring import HIGH, LOW, a_history

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NEXT_MONDAY = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
ROUND = "pulse-2026-11-24"
TEAM = [f"boss-{number}" for number in range(1, 11)]
HOSTILE = "<!channel> *x* :tada:"


@pytest.fixture
async def council(world: World) -> World:
    """Two teams, one of them with a name that Slack would act on, on the day of a pulse."""
    other = team_of(4, f"Other / {HOSTILE}", "chief")
    await world.import_lines(
        [*team_of(10), *other, line("ada", "Other / One", "boss", roles="admin")]
    )
    await world.launch()
    await world.live_until(MONDAY_NOON)
    for name in world.ids:
        await world.tap(name, "pulse.consent", "yes")
    await world.live_until(TUESDAY_NOON)
    return world


async def pulse_form(world: World) -> Form:
    form = (await world.tap("boss-1", "pulse.form", ROUND)).form
    assert form is not None
    return form


async def answer(world: World) -> Reply:
    """Have a team answer 4 throughout; what the last of them is told."""
    fields = {field.name: "4" for field in (await pulse_form(world)).fields}
    replies = [await world.submit(name, "pulse.submit", ROUND, **fields) for name in TEAM]
    return replies[-1]


def types(payload: Json) -> list[str]:
    return [block["type"] for block in payload["blocks"]]


async def test_every_message_of_a_week_is_within_slacks_limits(council: World) -> None:
    await answer(council)
    await council.live_until(NEXT_MONDAY)
    payloads = [message_payload(posted.message) for posted in council.platform.posted]
    assert len(payloads) > 50
    assert [check(payload) for payload in payloads] == [[]] * len(payloads)
    assert any("data_visualization" in types(payload) for payload in payloads)
    assert all(types(payload)[-1] == "context" for payload in payloads)


async def test_every_home_page_is_whole(council: World) -> None:
    for name in council.ids:
        view = home_view(await home(council.core, council.ids[name]))
        assert check(view) == []
        assert types(view)[0] == "header"
        assert "…" not in json.dumps(view, ensure_ascii=False)


async def test_a_team_whose_name_slack_would_act_on_is_inert(council: World) -> None:
    view = home_view(await home(council.core, council.ids["ada"]))
    lists = [b for b in view["blocks"] if b["type"] == "section" and b["text"]["type"] == "mrkdwn"]
    named = [block["text"]["text"] for block in lists if "channel" in block["text"]["text"]]
    assert named
    inert = f"&lt;!channel&gt; {lookalike('*x* :')}tada:"
    assert all(inert in text for text in named)


async def test_the_settings_form_shows_what_is_set(council: World) -> None:
    form = (await council.tap("boss", "settings.open")).form
    assert form is not None
    view = form_view(form)
    assert check(view) == []
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    assert len(inputs) == len(form.fields)
    assert all("initial_option" in block["element"] for block in inputs)


async def test_the_form_of_a_pulse_is_the_same_before_and_after_an_answer(council: World) -> None:
    before = form_view(await pulse_form(council))
    await answer(council)
    after = form_view(await pulse_form(council))
    assert after == before
    assert check(after) == []
    assert "initial" not in json.dumps(after)
    assert after["private_metadata"] == ROUND


async def test_an_answer_to_a_pulse_can_be_left_out_again(council: World) -> None:
    for block in form_view(await pulse_form(council))["blocks"][1:]:
        last = block["element"]["options"][-1]
        assert last["text"]["text"] == "Leave this one out"
        state = {"values": {block["block_id"]: {"value": {"selected_option": last}}}}
        assert fields_of(state) == {block["block_id"]: ""}


async def test_every_question_of_the_pulse_fits_into_a_form(
    council: World, library: PromptLibrary
) -> None:
    longest = max(library.texts("en").pulse_items, key=lambda item: len(item.source))
    form = await pulse_form(council)
    for item in library.texts("en").pulse_items:
        assert len(item.text) < 2_000
        assert len(item.source) <= len(longest.source) < 1_900
    assert len(form_view(form)["blocks"]) == len(form.fields) + 1


async def test_every_notice_is_a_modal_with_all_its_words(council: World) -> None:
    for reply in (
        await council.tap("boss-1", "pulse.preview", ROUND),
        await council.tap("boss", "pulse.preview"),
        await council.tap("boss-1", "resources.open"),
        await council.submit("boss-1", "settings.save", pause="week"),
        await answer(council),
    ):
        assert reply.notice is not None
        view = notice_view(reply.notice, reply.notice.summary)
        assert check(view) == []
        assert "initial" not in json.dumps(view)


@pytest.mark.parametrize("between", [HIGH, []], ids=["whole", "with a gap"])
async def test_a_history_has_all_its_words_in_a_modal_and_in_a_message(
    world: World, library: PromptLibrary, between: list[str]
) -> None:
    notice = await a_history(world, library, [HIGH, between, LOW], f"Services / {HOSTILE}")
    modal, message = notice_view(notice, notice.summary), message_payload(notice)
    assert (check(modal), check(message)) == ([], [])
    for said in (json.dumps(modal), json.dumps(message)):
        assert "16 Mar 2027: between 1 and 3, clearly lower than the result before." in said
    drawn = [block["chart"] for block in message["blocks"] if "chart" in block]
    assert [chart["type"] for chart in drawn] == (["line"] * 2 if between else [])


async def test_the_summary_for_a_leader_of_several_groups_fits_into_a_message(
    world: World, library: PromptLibrary
) -> None:
    await four_teams.found(world, library)
    await four_teams.a_round(world, [four_teams.HIGH, four_teams.LOW] * 2)
    payload = message_payload(await four_teams.to_leader(world))
    assert check(payload) == []
    said = json.dumps(payload, ensure_ascii=False)
    assert "Your groups together" in said
    assert "…" not in said


def test_places_to_turn_can_be_tapped_and_read(library: PromptLibrary) -> None:
    texts = library.texts("en")
    for region in ("GB-ENG", "GB-SCT", "GB-NIR", "FR"):
        said = json.dumps(message_payload(resources(texts, region)), ensure_ascii=False)
        for entry in texts.resources(region).resources:
            scheme, _, number = entry.url.partition(":")
            assert scheme != "tel" or f"<tel:{number}|" in said
            assert "sms:" not in said
