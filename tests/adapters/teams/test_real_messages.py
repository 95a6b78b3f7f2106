"""What the bot really says over a few weeks, as Teams gets it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from adapters.content import PromptLibrary
from adapters.teams.cards import form_card, message_card, notice_card
from adapters.teams.fields import fields_of
from adapters.teams.limits import Json, check, weight
from bot.message import Form
from bot.ports import Reply
from bot.usecases.home import home
from bot.usecases.resources import resources
from tests.adapters.teams.reading import actions, inputs, invoke, kinds, words
from tests.adapters.teams.schema import problems
from tests.support import four_teams
from tests.support.lookalikes import lookalike
from tests.support.organisation import World, line, team_of
from tests.support.reading import buttons
from tests.support.recurring import HIGH, LOW, a_history

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NEXT_MONDAY = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
ROUND = "pulse-2026-11-24"
TEAM = [f"boss-{number}" for number in range(1, 11)]
HOSTILE = "<at>Ada *x* [y]"
DIALOGS = ("pulse.form", "settings.open")


@pytest.fixture
async def council(world: World) -> World:
    """Two teams, one of them with a name that Teams would act on, on the day of a pulse."""
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


def wrong_with(card: Json) -> list[str]:
    return [*check(card), *problems(card)]


async def test_every_message_of_a_week_is_a_card_with_all_its_buttons(council: World) -> None:
    await answer(council)
    await council.live_until(NEXT_MONDAY)
    posted = [each.message for each in council.platform.posted]
    cards = [message_card(message, dialogs=DIALOGS, language="en") for message in posted]
    assert len(cards) > 50
    assert [wrong_with(card) for card in cards] == [[]] * len(cards)
    assert any("Container" in kinds(card) for card in cards)
    for message, card in zip(posted, cards, strict=True):
        titles = [action["title"] for action in actions(card)]
        assert titles == [button.label for button in buttons(message)]
        assert "…" not in json.dumps(card, ensure_ascii=False)


async def test_a_check_in_takes_one_tap(council: World) -> None:
    asked = next(
        posted.message
        for posted in council.platform.posted
        if any(button.action == "check_in.answer" for button in buttons(posted.message))
    )
    card = message_card(asked, dialogs=DIALOGS)
    assert len(actions(card)) == 8
    assert inputs(card) == []
    assert all(action["type"] == "Action.Execute" for action in actions(card))


async def test_every_home_page_is_whole(council: World) -> None:
    for name in council.ids:
        page = await home(council.core, council.ids[name])
        card = message_card(page, dialogs=DIALOGS)
        assert wrong_with(card) == []
        assert len(actions(card)) == len(buttons(page))
        assert "…" not in json.dumps(card, ensure_ascii=False)


async def test_a_team_whose_name_teams_would_act_on_is_inert(council: World) -> None:
    card = message_card(await home(council.core, council.ids["ada"]))
    marked = [each["text"] for each in card["body"] if each["type"] == "TextBlock"]
    assert any(lookalike(HOSTILE) in text for text in marked)
    assert wrong_with(card) == []


async def test_the_settings_form_shows_what_is_set(council: World) -> None:
    form = (await council.tap("boss", "settings.open")).form
    assert form is not None
    card = form_card(form)
    assert wrong_with(card) == []
    shown = {element["id"]: element["value"] for element in inputs(card)}
    assert shown == {field.name: field.chosen for field in form.fields if hasattr(field, "chosen")}
    assert len(shown) == len(form.fields)


async def test_the_form_of_a_pulse_is_the_same_before_and_after_an_answer(council: World) -> None:
    before = form_card(await pulse_form(council))
    await answer(council)
    after = form_card(await pulse_form(council))
    assert after == before
    assert wrong_with(after) == []
    assert not any("value" in element for element in inputs(after))
    assert after["actions"][0]["data"] == {"form": "pulse.submit", "value": ROUND}


async def test_an_answer_to_a_pulse_can_be_left_out_again(council: World) -> None:
    card = form_card(await pulse_form(council))
    for element in inputs(card):
        last = element["choices"][-1]
        assert last["title"] == "Leave this one out"
        sent = invoke(card["actions"][0], **{element["id"]: last["value"]})
        assert fields_of(sent["data"]) == {element["id"]: ""}


async def test_every_question_of_the_pulse_fits_into_a_form(
    council: World, library: PromptLibrary
) -> None:
    longest = max(library.texts("en").pulse_items, key=lambda item: len(item.source))
    card = form_card(await pulse_form(council))
    for item in library.texts("en").pulse_items:
        assert len(item.text) < 1_000
        assert len(item.source) <= len(longest.source) < 1_900
    assert len(inputs(card)) == len((await pulse_form(council)).fields)
    assert weight(card) < 5_000


async def test_every_notice_is_a_card_with_all_its_words(council: World) -> None:
    for reply in (
        await council.tap("boss-1", "pulse.preview", ROUND),
        await council.tap("boss", "pulse.preview"),
        await council.tap("boss-1", "resources.open"),
        await council.submit("boss-1", "settings.save", pause="week"),
        await answer(council),
    ):
        assert reply.notice is not None
        card = notice_card(reply.notice, reply.notice.summary)
        assert wrong_with(card) == []
        assert inputs(card) == []
        assert "…" not in json.dumps(card, ensure_ascii=False)


@pytest.mark.parametrize("between", [HIGH, []], ids=["whole", "with a gap"])
async def test_a_history_is_drawn_where_it_is_whole_and_has_all_its_words(
    world: World, library: PromptLibrary, between: list[str]
) -> None:
    notice = await a_history(world, library, [HIGH, between, LOW], f"Services / {HOSTILE}")
    card = notice_card(notice, notice.summary)
    assert wrong_with(card) == []
    said = json.dumps(card, ensure_ascii=False)
    assert "16 Mar 2027: between 1 and 3, clearly lower than the result before." in said
    assert kinds(card).count("Chart.Line") == (2 if between else 0)
    drawn = [each for each in card["body"] if each["type"] == "Chart.Line"]
    assert all((each["yMin"], each["yMax"]) == (1, 5) for each in drawn)


async def test_the_summary_for_a_leader_of_several_groups_fits_into_a_card(
    world: World, library: PromptLibrary
) -> None:
    await four_teams.found(world, library)
    await four_teams.a_round(world, [four_teams.HIGH, four_teams.LOW] * 2)
    card = message_card(await four_teams.to_leader(world), dialogs=DIALOGS)
    assert wrong_with(card) == []
    assert "Your groups together" in words(card)
    assert kinds(card).count("Container") == 3
    assert "…" not in json.dumps(card, ensure_ascii=False)


def test_places_to_turn_can_be_tapped_and_read(library: PromptLibrary) -> None:
    texts = library.texts("en")
    for region in ("GB-ENG", "GB-SCT", "GB-NIR", "FR"):
        said = "\n".join(words(message_card(resources(texts, region))))
        for entry in texts.resources(region).resources:
            scheme, _, number = entry.url.partition(":")
            assert scheme != "tel" or f"](tel:{number})" in said
            assert "sms:" not in said
