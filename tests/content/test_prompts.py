from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.content import PromptLibrary
from adapters.content.check import check_library
from adapters.content.texts import LanguageTexts
from bot.domain.bands import Change
from bot.domain.library import Commitment, Theme
from bot.domain.programme import ProgrammeKind
from bot.message import Message
from bot.store.tables import Occurrence, Person
from bot.usecases import compose
from tests.support.reading import buttons, words

ROOT = Path(__file__).parent.parent.parent
ADAPTERS = ROOT / "adapters"
ONS4 = {
    "ons-satisfied": "Overall, how satisfied are you with your life nowadays?",
    "ons-worthwhile": (
        "Overall, to what extent do you feel that the things you do in your life are worthwhile?"
    ),
    "ons-happy": "Overall, how happy did you feel yesterday?",
    "ons-anxious": (
        'On a scale where 0 is "not at all anxious" and 10 is "completely anxious", overall, '
        "how anxious did you feel yesterday?"
    ),
}


@pytest.fixture(scope="module")
def english(library: PromptLibrary) -> LanguageTexts:
    return library.texts("en")


# --- the first library ---------------------------------------------------------------------


def test_the_shipped_prompts_pass_every_check(
    library: PromptLibrary, english: LanguageTexts
) -> None:
    reviewed_on = max(found.reviewed_on for found in english.resource_lists.values())
    assert check_library(library, reviewed_on) == []


def test_there_are_twenty_openings_and_none_is_there_twice(english: LanguageTexts) -> None:
    openings = english.check_ins.openings
    assert len(openings) == len({opening.text for opening in openings}) == 20
    assert all(opening.text.count("?") == 1 for opening in openings)


def test_five_answers_have_different_words_and_an_emoji_beside_them(
    english: LanguageTexts,
) -> None:
    choices = english.check_ins.choices
    assert len({choice.label for choice in choices}) == 5
    assert all(re.fullmatch(r"[A-Z][A-Za-z ]+", choice.label) for choice in choices)
    assert not any(re.search(r"\w", choice.emoji) for choice in choices)


def test_there_are_four_reflections_on_each_commitment(english: LanguageTexts) -> None:
    found = Counter(reflection.commitment for reflection in english.reflections)
    assert found == dict.fromkeys(Commitment, 4)


def test_every_theme_has_reflections(english: LanguageTexts) -> None:
    assert {reflection.theme for reflection in english.reflections} == set(Theme)


def test_reflections_take_the_commitments_in_turn(english: LanguageTexts) -> None:
    length = len(Commitment)
    weeks = [reflection.commitment for reflection in english.reflections]
    for start in range(len(weeks) - length + 1):
        assert set(weeks[start : start + length]) == set(Commitment)


def test_sixteen_pulse_questions_are_our_own_and_each_is_on_a_commitment(
    english: LanguageTexts,
) -> None:
    own = [item for item in english.pulse_items if item.id not in ONS4]
    assert len(own) == 16
    assert {item.commitment for item in own} == set(Commitment)
    assert all(item.source.startswith("Own wording") for item in own)
    assert all((item.scale.low, item.scale.high) == (1, 5) for item in own)


def test_the_four_ons_questions_are_word_for_word_with_their_citation(
    english: LanguageTexts,
) -> None:
    ons = [item for item in english.pulse_items if item.id in ONS4]
    assert {item.id: item.text for item in ons} == ONS4
    for item in ons:
        assert (item.scale.low, item.scale.high) == (0, 10)
        assert item.source.startswith("ONS4, verbatim, from the Personal wellbeing harmonised")
        assert "Open Government Licence v3.0" in item.source
    assert [item.id for item in ons if not item.higher_is_better] == ["ons-anxious"]


def test_no_round_asks_two_of_the_ons_questions(library: PromptLibrary) -> None:
    pulse = next(item for item in library.programmes if item.kind is ProgrammeKind.PULSE)
    ids = [item.id for item in library.texts("en").pulse_items]
    rounds = [ids[n : n + pulse.questions] for n in range(0, len(ids), pulse.questions)]
    assert all(len(ONS4.keys() & set(asked)) <= 1 for asked in rounds)


def longest(texts: Iterable[str]) -> int:
    return max(len(text) for text in texts)


def test_no_text_is_longer_than_the_tone_guide_allows(english: LanguageTexts) -> None:
    own = [item for item in english.pulse_items if item.id not in ONS4]
    places = [entry for found in english.resource_lists.values() for entry in found.resources]
    assert longest(choice.label for choice in english.check_ins.choices) <= 24
    assert longest(choice.reply for choice in english.check_ins.choices) <= 240
    assert longest(opening.text for opening in english.check_ins.openings) <= 140
    assert longest(reflection.text for reflection in english.reflections) <= 320
    assert longest(item.text for item in own) <= 140
    assert longest(item.short for item in english.pulse_items) <= 40
    assert longest(entry.name for entry in places) <= 40
    assert longest(entry.text for entry in places) <= 120


@pytest.mark.parametrize("id_", ["finding-it-hard", "struggling", "up-and-down"])
def test_the_harder_answers_hear_of_a_person_and_of_places_to_turn(
    english: LanguageTexts, id_: str
) -> None:
    (reply,) = (choice.reply for choice in english.check_ins.choices if choice.id == id_)
    assert "person" in reply
    assert "places to turn" in reply


def test_every_sentence_fits_a_phone(english: LanguageTexts) -> None:
    sentences = [english.phrases.sentence(key) for key in english.phrases.keys]
    assert longest(sentences) <= 320
    assert not [text for text in sentences if re.search(r"[<>*`]|  ", text)]


# --- sentences and the code that says them -------------------------------------------------


@dataclass(frozen=True)
class Said:
    """A call of `say`: a key, or a pattern of keys, and the placeholders that are filled in."""

    place: str
    key: str
    filled: frozenset[str]

    def matches(self, key: str) -> bool:
        if values := ENUMERATED.get(self.key):
            return key in {self.key.format(value) for value in values}
        pattern = "[a-z_]+".join(re.escape(part) for part in self.key.split("{}"))
        return re.fullmatch(pattern, key) is not None


# Patterns that would match more than the code ever says.
ENUMERATED: dict[str, list[str]] = {"summary.{}": list(Change)}


def source_files() -> list[Path]:
    adapters = (
        path for name in ("content", "slack", "teams") for path in (ADAPTERS / name).glob("*.py")
    )
    return sorted([*(ROOT / "bot").rglob("*.py"), *adapters])


def template(node: ast.expr) -> Iterator[str]:
    """A string, or an f-string with `{}` for what it fills in; both, if it depends."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            texts = (str(p.value) if isinstance(p, ast.Constant) else "{}" for p in parts)
            yield "".join(texts)
        case ast.IfExp(body=one, orelse=other):
            yield from template(one)
            yield from template(other)


def said_in(path: Path) -> Iterator[Said]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(attr="say"), args=[first, *_], keywords=keywords):
                filled = frozenset(word.arg or "**" for word in keywords)
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                yield from (Said(place, key, filled) for key in template(first))


SAID = [said for path in source_files() for said in said_in(path)]


def strings_in_the_code() -> set[str]:
    """Keys may go through a helper: every string of the code, and every f-string's shape."""
    found: set[str] = set()
    for path in source_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.Constant, ast.JoinedStr)):
                found |= set(template(node))
    return found


def test_the_code_says_a_good_many_sentences() -> None:
    assert len(SAID) > 80
    assert any("{}" in said.key for said in SAID)


@pytest.mark.parametrize("said", SAID, ids=lambda said: f"{said.key} ({said.place})")
def test_what_the_code_says_exists_with_the_placeholders_that_it_fills_in(
    english: LanguageTexts, said: Said
) -> None:
    matching = [key for key in english.phrases.keys if said.matches(key)]
    assert matching
    for key in matching:
        assert english.phrases.placeholders(key) == said.filled


def test_every_sentence_is_said_somewhere(english: LanguageTexts) -> None:
    shapes = {text for text in strings_in_the_code() if re.match(r"[a-z_]+\.", text)}
    used = [Said("", shape, frozenset()) for shape in shapes]
    assert [key for key in english.phrases.keys if not any(u.matches(key) for u in used)] == []


@pytest.mark.parametrize(
    "key",
    [
        *(f"commitment.{commitment}" for commitment in Commitment),
        *(f"programme.{kind}" for kind in ProgrammeKind),
        *(f"summary.{change}" for change in Change),
        *(f"summary.{outcome}_question" for outcome in ("too_few", "rests", "unpublished")),
    ],
)
def test_every_value_that_has_to_be_put_in_words_has_them(english: LanguageTexts, key: str) -> None:
    assert english.say(key)


def test_what_managers_read_has_no_rate_no_rank_and_no_target(english: LanguageTexts) -> None:
    """Participation isn't a target, and no group or person is held against another."""
    read = [
        re.sub(r"{\w+}", "", english.phrases.sentence(key))
        for key in english.phrases.keys
        if key.startswith(("summary.", "history.", "roll_up.", "home.summaries", "home.history"))
    ]
    ranking = re.compile(
        r"%|\b(rate|percent|rank\w*|league|best|worst|better|worse|average"
        r"|benchmark|top|bottom|least|than (other|another)\w*|participat\w+|target)\b",
        re.IGNORECASE,
    )
    named = [text for text in read if ranking.search(text.replace("a score or a target", ""))]
    assert len(read) > 30
    assert named == []


def test_a_week_has_seven_days_and_a_year_twelve_months(english: LanguageTexts) -> None:
    assert len(set(english.say("date.weekdays").split())) == 7
    assert len(set(english.say("date.months").split())) == 12


# --- a way out -----------------------------------------------------------------------------

PERSON = Person(
    id="p1",
    ledger_id="l1",
    email="ann@example.org",
    name="Ann",
    team_id="t1",
    zone="Europe/London",
    region="GB-SCT",
    language="en",
    working_days="01234",
)
OCCURRENCE = Occurrence(
    id="o1",
    programme_id="any",
    zone="Europe/London",
    local_at="2026-11-24T10:00:00",
    due_at=datetime(2026, 11, 24, 10, tzinfo=UTC),
    expires_at=datetime(2026, 11, 26, 16, tzinfo=UTC),
    round_id="pulse-2026-11-24",
)


@pytest.fixture
def messages(library: PromptLibrary, english: LanguageTexts) -> dict[str, Message]:
    """What a person is sent, by kind."""
    programmes = {programme.kind: programme for programme in library.programmes}
    return {
        "welcome": compose.welcome(english, PERSON),
        "check_in": compose.check_in(
            english, programmes[ProgrammeKind.CHECK_IN], OCCURRENCE, "key"
        ),
        "reflection": compose.reflection(
            english, programmes[ProgrammeKind.REFLECTION], OCCURRENCE, "key"
        ),
        "pulse": compose.pulse(english, PERSON, OCCURRENCE, "key"),
        "settled": compose.settled(english, PERSON.region),
    }


@pytest.mark.parametrize("kind", ["welcome", "check_in", "reflection", "pulse", "settled"])
def test_every_message_says_how_to_stop(messages: dict[str, Message], kind: str) -> None:
    assert re.search(r"\b(stop|pause)\b", words(messages[kind]), re.IGNORECASE)


def test_nobody_is_sent_to_a_page_that_their_platform_hasnt(english: LanguageTexts) -> None:
    """In Teams the home page is the answer to a word, which can be typed on every platform."""
    sentences = {key: english.phrases.sentence(key) for key in english.phrases.keys}
    naming = {key for key, sentence in sentences.items() if "home page" in sentence}
    assert naming == {"home.summary", "command.words.home"}
    assert any("type 'home'" in sentence for sentence in sentences.values())


@pytest.mark.parametrize("kind", ["check_in", "reflection", "pulse"])
def test_every_prompt_can_be_put_off_and_leads_to_places_to_turn(
    messages: dict[str, Message], kind: str
) -> None:
    actions = {button.action for button in buttons(messages[kind])}
    assert actions >= {"delivery.snooze", "support.open"}


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("welcome", "No, thank you"),
        ("check_in", "Skip"),
        ("reflection", "I'd rather not"),
        ("pulse", "Stop asking me"),
    ],
)
def test_every_question_can_be_declined_in_words(
    messages: dict[str, Message], kind: str, label: str
) -> None:
    assert label in {button.label for button in buttons(messages[kind])}


def test_what_stays_after_a_tap_holds_the_places_to_turn(messages: dict[str, Message]) -> None:
    said = words(messages["settled"])
    assert "999" in said
    assert "Breathing Space" in said


def test_every_message_has_a_line_that_stands_for_the_whole(messages: dict[str, Message]) -> None:
    assert all(message.summary.strip() for message in messages.values())
    assert not any("\n" in message.summary for message in messages.values())


def test_a_name_from_right_to_left_leaves_the_sentence_in_order(english: LanguageTexts) -> None:
    title = english.say("welcome.title", name="שרה")
    assert title == "Hello \u2068שרה\u2069"
    assert english.say("welcome.title", name="Ada") == "Hello Ada"
    assert english.say("account.question", name=title).startswith(f"It looks as if you're {title},")
