"""The crisis card: for whoever wrote the words, and for nobody else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.content import PromptLibrary
from bot.errors import NotFound, Stranger
from bot.message import Message
from bot.ports import AccountId, Line, Submission
from bot.usecases.crisis import crisis_card
from bot.usecases.dispatch import asked, submit, typed
from tests.support.organisation import World, team_of
from tests.support.reading import buttons, words
from tests.support.tables import dump

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CRISIS = "pause? honestly i want to die"


@pytest.fixture
async def council(world: World) -> World:
    await world.import_lines(team_of(9))
    await world.launch()
    await world.live_until(MONDAY_NOON)
    return world


def is_card(message: Message | None) -> bool:
    return "This is automatic" in words(message)


def test_the_card_leads_to_the_regions_own_places_and_the_emergency_number_first(
    library: PromptLibrary,
) -> None:
    card = crisis_card(library.texts("en"), "GB-SCT", CRISIS)
    assert card is not None
    said = words(card)
    assert said.index("999, in an emergency") < said.index("Breathing Space")
    assert [(each.label, each.action) for each in buttons(card)] == [
        ("Talk to someone", "resources.open")
    ]


def test_the_card_says_that_it_is_automatic_and_that_nobody_has_seen_it(
    library: PromptLibrary,
) -> None:
    said = words(crisis_card(library.texts("en"), "GB", CRISIS))
    assert "This is automatic" in said
    assert "Nobody has seen it or is told of it, and I keep nothing of it" in said
    assert "You can also ask for a person" in said


def test_the_card_is_the_same_whatever_the_words_were_and_has_none_of_them(
    library: PromptLibrary,
) -> None:
    texts = library.texts("en")
    cards = {crisis_card(texts, "GB", text) for text in (CRISIS, "my friend is in danger", "kms")}
    assert len(cards) == 1
    assert crisis_card(texts, "GB", "the printer is killing me") is None


@pytest.mark.parametrize("thread", ["", "1700000000.000100"])
async def test_a_typed_line_is_answered_with_the_card_before_anything_else(
    council: World, thread: str
) -> None:
    before = await dump(council.core)
    assert is_card(await typed(council.core, Line(council.ids["boss-1"], CRISIS, thread)))
    assert await dump(council.core) == before


async def test_a_command_is_answered_with_it_too(council: World) -> None:
    before = await dump(council.core)
    assert is_card((await asked(council.core, council.ids["boss-1"], CRISIS)).notice)
    assert not is_card((await asked(council.core, council.ids["boss-1"], "pause")).notice)
    assert await dump(council.core) == before


async def test_somebody_unknown_is_left_to_the_adapter_which_knows_the_region(
    council: World,
) -> None:
    with pytest.raises(Stranger):
        await typed(council.core, Line(AccountId("slack:T9", "U9"), CRISIS))


# --- forms ---------------------------------------------------------------------------------


def sent(council: World, text: str, action: str = "settings.save") -> Submission:
    fields = {"reflections": "off", "note": text}
    return Submission(council.ids["boss-1"], action, "", fields)


async def test_a_form_does_its_work_and_the_card_stands_above_its_own_words(
    council: World,
) -> None:
    plain = await submit(council.core, sent(council, "thank you"))
    reply = await submit(council.core, sent(council, CRISIS))
    assert plain.notice is not None
    assert words(plain.notice) in words(reply.notice)
    assert words(reply.notice).index("This is automatic") < words(reply.notice).index("Saved.")
    assert (reply.home, reply.errors) == (plain.home, plain.errors)
    assert not is_card(plain.notice)


async def test_a_form_that_is_refused_still_shows_the_card(council: World) -> None:
    with pytest.raises(NotFound) as refused:
        await submit(council.core, sent(council, "thank you", "pulse.submit"))
    reply = await submit(council.core, sent(council, CRISIS, "pulse.submit"))
    assert is_card(reply.notice)
    assert str(refused.value) in words(reply.notice)


async def test_nothing_of_a_form_is_kept_with_the_card(council: World) -> None:
    await submit(council.core, sent(council, "thank you"))
    before = await dump(council.core)
    await submit(council.core, sent(council, CRISIS))
    assert await dump(council.core) == before
