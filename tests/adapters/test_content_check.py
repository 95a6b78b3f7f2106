from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from adapters.content import load_library
from adapters.content.check import check_library
from adapters.content.reviews import reviews
from tests.support.files import change

ROOT = Path(__file__).parent.parent.parent
TODAY = date(2026, 12, 1)


@pytest.fixture
def welsh(prompts: Path) -> Path:
    """A second language, the same as English to begin with."""
    return shutil.copytree(prompts / "en", prompts / "cy")


def problems(prompts: Path, today: date = TODAY) -> list[str]:
    return check_library(load_library(prompts), today)


def test_two_languages_that_say_the_same_pass(prompts: Path, welsh: Path) -> None:
    assert welsh.is_dir()
    assert problems(prompts) == []


# --- ids -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "name", "old", "twice"),
    [
        ("check_ins.yaml", "check_ins.yaml (choices)", "all-right", "doing-well"),
        ("check_ins.yaml", "check_ins.yaml (openings)", "apart-from-busy", "arriving"),
        ("reflections.yaml", "reflections.yaml", "made-lighter", "the-bigger-thing"),
        ("pulse_items.yaml", "pulse_items.yaml", "enough-time", "listened-to"),
    ],
)
def test_an_id_that_is_there_twice_is_caught(
    prompts: Path, file: str, name: str, old: str, twice: str
) -> None:
    change(prompts / "en" / file, f"id: {old}", f"id: {twice}")
    assert problems(prompts) == [f"en/{name}: the id {twice} is there twice."]


def test_another_order_of_ids_in_a_second_language_is_caught(prompts: Path, welsh: Path) -> None:
    file = welsh / "reflections.yaml"
    change(file, "id: the-bigger-thing", "id: swapped")
    change(file, "id: made-lighter", "id: the-bigger-thing")
    change(file, "id: swapped", "id: made-lighter")
    assert problems(prompts) == [
        "cy/reflections.yaml: the ids, or their order, aren't those of English."
    ]


# --- sentences -----------------------------------------------------------------------------


def test_a_sentence_that_a_second_language_lacks_is_caught(prompts: Path, welsh: Path) -> None:
    change(welsh / "messages.yaml", '  skip: "Skip"\n', "")
    assert problems(prompts) == [
        "cy/messages.yaml: check_in.skip is missing here or unknown in English."
    ]


def test_a_sentence_that_english_lacks_is_caught(prompts: Path, welsh: Path) -> None:
    change(welsh / "messages.yaml", 'skip: "Skip"', 'skip: "Skip"\n  jump: "Jump"')
    assert problems(prompts) == [
        "cy/messages.yaml: check_in.jump is missing here or unknown in English."
    ]


@pytest.mark.parametrize("title", ["Helo", "Helo {enw}", "Helo {name} {enw}"])
def test_other_placeholders_than_in_english_are_caught(
    prompts: Path, welsh: Path, title: str
) -> None:
    change(welsh / "messages.yaml", 'title: "Hello {name}"', f'title: "{title}"')
    assert problems(prompts) == [
        "cy/messages.yaml: welcome.title has other placeholders than English."
    ]


def test_a_placeholder_may_move_within_its_sentence(prompts: Path, welsh: Path) -> None:
    change(welsh / "messages.yaml", 'title: "Hello {name}"', 'title: "{name}, helo"')
    assert problems(prompts) == []


# --- words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old"),
    [
        ("check_ins.yaml", "How are you arriving today?"),
        ("check_ins.yaml", "Good to hear."),
        ("reflections.yaml", "There is not always time to stay for that."),
        ("messages.yaml", "Only you can see this."),
    ],
)
def test_an_unkind_word_is_caught_wherever_people_read_it(
    prompts: Path, file: str, old: str
) -> None:
    change(prompts / "en" / file, old, "You must.")
    (problem,) = problems(prompts)
    assert re.fullmatch(rf"en/{file}: \S+: 'must' isn't a word for this bot\.", problem)


@pytest.mark.parametrize("word", ["Reminder", "score", "disorder", "symptoms", "streak"])
def test_words_that_judge_or_press_or_rank_are_caught(prompts: Path, word: str) -> None:
    change(prompts / "en" / "messages.yaml", "Only you can see this.", f"Here: {word}.")
    assert problems(prompts) == [
        f"en/messages.yaml: notice.only_you: '{word}' isn't a word for this bot."
    ]


@pytest.mark.parametrize("words", ["mustard", "underscored", "It isn't a score."])
def test_words_that_only_look_unkind_pass(prompts: Path, words: str) -> None:
    change(prompts / "en" / "messages.yaml", "Only you can see this.", f"Here is {words}.")
    assert problems(prompts) == []


# --- completeness --------------------------------------------------------------------------


def test_a_commitment_without_a_reflection_is_caught(prompts: Path) -> None:
    file = prompts / "en" / "reflections.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("commitment: systemic", "commitment: learning"), encoding="utf-8")
    assert problems(prompts) == ["en/reflections.yaml: none is on systemic."]


def test_a_theme_without_a_reflection_is_caught(prompts: Path) -> None:
    file = prompts / "en" / "reflections.yaml"
    text = file.read_text(encoding="utf-8")
    moved = text.replace("theme: recalculating_risk", "theme: working_together")
    file.write_text(moved, encoding="utf-8")
    assert problems(prompts) == ["en/reflections.yaml: none is on recalculating_risk."]


def test_a_language_without_a_list_for_anywhere_is_caught(prompts: Path) -> None:
    (prompts / "en" / "resources" / "anywhere.yaml").unlink()
    assert problems(prompts) == ["en/resources: anywhere.yaml is missing."]


# --- the calendar --------------------------------------------------------------------------


def test_places_to_turn_may_be_reviewed_up_to_the_last_day(prompts: Path) -> None:
    change(prompts / "en/resources/anywhere.yaml", "review_by: 2027-02-22", "review_by: 2028-01-01")
    change(prompts / "en/resources/GB.yaml", "review_by: 2027-02-22", "review_by: 2026-12-01")
    assert problems(prompts, date(2026, 12, 1)) == []


def test_places_to_turn_that_are_due_for_review_are_caught_with_their_owner(prompts: Path) -> None:
    change(prompts / "en/resources/anywhere.yaml", "review_by: 2027-02-22", "review_by: 2026-12-01")
    assert problems(prompts, date(2026, 12, 2)) == [
        (
            "en/resources: anywhere was due for review on 2026-12-01. Wellbeing lead: please check "
            "every number, then change reviewed_on and review_by."
        )
    ]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_crisis_words_that_are_due_for_review_are_caught_once_with_their_owner(
    prompts: Path, welsh: Path, language: str
) -> None:
    assert welsh.is_dir()
    file = prompts / language / "crisis_words.yaml"
    change(file, "review_by: 2027-02-22", "review_by: 2026-12-01")
    assert problems(prompts, date(2026, 12, 2)) == [
        (
            f"{language}/crisis_words.yaml was due for review on 2026-12-01. Wellbeing lead: "
            "please read every phrase, then change reviewed_on and review_by."
        )
    ]


def test_a_file_with_several_regions_is_due_once(prompts: Path) -> None:
    change(prompts / "en/resources/GB.yaml", "review_by: 2027-02-22", "review_by: 2026-12-01")
    (problem,) = problems(prompts, date(2026, 12, 2))
    assert problem.startswith("en/resources: GB was due for review on 2026-12-01.")


def test_an_owner_is_told_a_month_before(prompts: Path) -> None:
    change(prompts / "en/resources/GB.yaml", "review_by: 2027-02-22", "review_by: 2026-12-31")
    library = load_library(prompts)
    days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1)]
    soon = [[each.place for each in reviews(library) if each.is_soon(day)] for day in days]
    assert soon == [[], ["en/resources: GB"], ["en/resources: GB"], []]


def test_too_few_questions_for_the_spacing_are_caught(prompts: Path) -> None:
    change(prompts / "programmes.yaml", "questions: 2", "questions: 3")
    assert problems(prompts) == [
        (
            "programmes.yaml: pulse asks 3 questions a round and needs 24 to ask none twice in "
            "8 weeks; pulse_items.yaml has 20."
        )
    ]


def test_a_pulse_on_two_days_a_week_needs_twice_the_questions(prompts: Path) -> None:
    change(prompts / "programmes.yaml", "days: [tue]", "days: [tue, thu]")
    (problem,) = problems(prompts)
    assert "needs 32 to ask none twice" in problem
