"""What somebody asks for in words, in a command or in a line typed to the bot."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations

import pytest

from adapters.content import PromptLibrary
from bot.errors import NotAllowed, NotFound
from bot.message import Message
from bot.ports import Line, Reply
from bot.usecases.commands import COMMANDS, command, meant
from bot.usecases.dispatch import typed
from bot.usecases.home import home
from bot.usecases.preferences import PAUSES
from tests.support.organisation import World, team_of
from tests.support.printing import printing
from tests.support.reading import buttons, words
from tests.support.tables import dump

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
async def council(world: World) -> World:
    await world.import_lines(team_of(9))
    await world.launch()
    await world.live_until(MONDAY_NOON)
    return world


async def ask(world: World, text: str) -> Reply:
    return await command(world.core, world.ids["boss-1"], text)


async def say(world: World, text: str) -> Message:
    answer = await typed(world.core, Line(world.ids["boss-1"], text))
    assert answer is not None
    return answer


async def page(world: World) -> str:
    return words(await home(world.core, world.ids["boss-1"]))


# --- understanding -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("help", "help"),
        ("", "help"),
        ("   ", "help"),
        ("  HELP!! ", "help"),
        ("Hello.", "help"),
        ("pause", "pause"),
        ("Take  a\tbreak, ", "pause"),
        ("STOP", "pause"),
        ("resume", "resume"),
        ("I'm back!", "resume"),
        ("I\u2019m back", "resume"),
        ("support", "support"),
        ("Talk to someone", "support"),
        ("i need help", "support"),
        ("I need help!!!", "support"),
        ("help me", "support"),
        ("privacy?", "privacy"),
        ("Settings", "settings"),
        ("\uff50\uff41\uff55\uff53\uff45", "pause"),
        ("please delete everything", None),
        ("pausehelp", None),
        ("!?", None),
        ("\U0001f642", None),
        ("pause " * 5000, None),
    ],
)
def test_words_are_understood_in_any_case_and_with_any_punctuation(
    library: PromptLibrary, text: str, name: str | None
) -> None:
    assert meant(library.texts("en"), text) == name


def test_no_words_are_asked_for_two_things(library: PromptLibrary) -> None:
    for texts in (library.texts(language) for language in library.languages):
        said = {
            name: {each.strip() for each in texts.say(f"command.words.{name}").split(",")}
            for name in COMMANDS
        }
        for one, other in combinations(COMMANDS, 2):
            assert said[one].isdisjoint(said[other])
        for name in COMMANDS:
            assert all(meant(texts, each) == name for each in said[name])


# --- answers -------------------------------------------------------------------------------


async def test_help_says_what_can_be_typed_and_where_to_turn(council: World) -> None:
    text = words((await ask(council, "help")).notice)
    assert "pause: a break from all of it" in text
    assert "Samaritans" in text
    assert all(f"{name}:" in text for name in COMMANDS)


async def test_support_opens_the_places_to_turn(council: World) -> None:
    reply = await ask(council, "I need help")
    assert "Samaritans" in words(reply.notice)
    assert "Nobody is told" in words(reply.notice)


async def test_settings_open_as_a_form(council: World) -> None:
    reply = await ask(council, "settings")
    assert reply.form is not None
    assert reply.form.action == "settings.save"


async def test_privacy_says_who_can_see_what_and_gives_the_promise_word_for_word(
    council: World, library: PromptLibrary
) -> None:
    reply = await ask(council, "privacy")
    assert library.texts("en").say("pulse.promise") in words(reply.notice)
    assert reply.notice is not None
    assert "What your manager will see" in {button.label for button in buttons(reply.notice)}


async def test_anything_else_gets_a_useful_answer_and_is_not_echoed(council: World) -> None:
    reply = await ask(council, "xyzzy everything hurts")
    text = words(reply.notice)
    assert "Samaritans" in text
    assert "Type 'help'" in text
    assert "xyzzy" not in text


async def test_what_was_typed_is_kept_nowhere(council: World) -> None:
    before = await dump(council.core)
    with printing() as printed:
        for text in ("xyzzy", "help", "support", "privacy", "settings", "pause", "resume"):
            await ask(council, f"{text}")
            await say(council, f"{text} xyzzy")
    assert "xyzzy" not in printed.getvalue()
    assert await dump(council.core) == before


@pytest.mark.parametrize("stranger", ["", "nobody", "' OR 1=1 --"])
async def test_a_stranger_is_told_whom_to_ask(council: World, stranger: str) -> None:
    for text in (*COMMANDS, "anything"):
        with pytest.raises(NotAllowed, match="I don't know you here"):
            await command(council.core, stranger, text)


@pytest.mark.parametrize("text", [*COMMANDS, "anything"])
async def test_every_answer_to_a_typed_line_has_a_button_or_a_place_to_turn(
    council: World, text: str
) -> None:
    message = await say(council, text)
    assert message.summary
    assert buttons(message) or "Samaritans" in words(message)


async def test_a_typed_line_that_asks_for_settings_gets_a_button_that_opens_them(
    council: World,
) -> None:
    (button,) = buttons(await say(council, "settings"))
    assert button.action == "settings.open"


async def test_a_typed_line_is_answered_as_a_command_is(council: World) -> None:
    for text in ("help", "support", "privacy", "pause", "resume", "anything"):
        assert await say(council, text) == (await ask(council, text)).notice


# --- a break -------------------------------------------------------------------------------


async def test_pause_asks_for_how_long_and_changes_nothing(council: World) -> None:
    before = await dump(council.core)
    reply = await ask(council, "pause")
    assert reply.notice is not None
    found = [(button.action, button.value) for button in buttons(reply.notice)]
    assert found == [("pause.start", length) for length in PAUSES]
    assert await dump(council.core) == before


@pytest.mark.parametrize(
    ("length", "until"),
    [
        ("week", "Sunday 29 November"),
        ("two_weeks", "Sunday 6 December"),
        ("month", "Sunday 20 December"),
    ],
)
async def test_a_break_begins_at_once_and_says_how_long(
    council: World, length: str, until: str
) -> None:
    reply = await council.tap("boss-1", "pause.start", length)
    assert f"up to and including {until}" in words(reply.notice)
    assert reply.home
    assert f"up to and including {until}" in await page(council)


async def test_nothing_comes_during_a_break(council: World) -> None:
    await council.tap("boss-1", "pause.start", "open")
    count = len(council.inbox("boss-1"))
    await council.live_until(MONDAY_NOON.replace(day=28))
    assert len(council.inbox("boss-1")) == count


async def test_whoever_has_a_break_can_change_or_end_it(council: World) -> None:
    await council.tap("boss-1", "pause.start", "week")
    reply = await ask(council, "pause")
    assert "up to and including Sunday 29 November" in words(reply.notice)
    assert reply.notice is not None
    assert buttons(reply.notice)[-1].action == "pause.end"
    await council.tap("boss-1", "pause.start", "open")
    assert "Nothing comes until you end it" in await page(council)
    await council.tap("boss-1", "pause.end")
    assert "taking a break" not in await page(council)


async def test_resume_ends_a_break_now_and_says_so(council: World) -> None:
    await council.tap("boss-1", "pause.start", "month")
    reply = await ask(council, "resume")
    assert "Your break is over" in words(reply.notice)
    assert reply.home
    assert "taking a break" not in await page(council)


async def test_resume_without_a_break_is_harmless(council: World) -> None:
    before = await dump(council.core)
    reply = await ask(council, "resume")
    assert "nothing changes" in words(reply.notice)
    assert await dump(council.core) == before


@pytest.mark.parametrize("length", ["", "none", "keep", "forever"])
async def test_a_length_that_is_not_offered_begins_no_break(council: World, length: str) -> None:
    with pytest.raises(NotFound, match="Nothing has happened"):
        await council.tap("boss-1", "pause.start", length)
    assert "taking a break" not in await page(council)


@pytest.mark.parametrize(
    "asked",
    [
        "I need to talk to someone",
        "Could I speak with somebody, please?",
        "is there SOMEONE TO TALK TO?",
        "I really need help with something",
        "i'd like to talk",
    ],
)
def test_whoever_asks_for_a_person_is_understood_in_any_sentence(
    library: PromptLibrary, asked: str
) -> None:
    assert meant(library.texts("en"), asked) == "support"


@pytest.mark.parametrize("said", ["talkative people", "needy", "that needs helpers", "x" * 500])
def test_words_that_only_look_like_it_are_nobodys(library: PromptLibrary, said: str) -> None:
    assert meant(library.texts("en"), said) is None
