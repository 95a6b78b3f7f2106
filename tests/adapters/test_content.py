from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from adapters.content import PromptLibrary, load_library
from bot.domain.library import Commitment
from bot.domain.programme import Cadence, ProgrammeKind
from bot.errors import ContentError
from tests.support.files import change

ROOT = Path(__file__).parent.parent.parent


def problems(prompts: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load_library(prompts)
    return caught.value.problems


# --- good files ----------------------------------------------------------------------------


def test_programmes_are_read_from_their_file(library: PromptLibrary) -> None:
    pulse = next(item for item in library.programmes if item.kind is ProgrammeKind.PULSE)
    assert pulse.cadence == Cadence((1,), time(10))
    assert pulse.closes == Cadence((3,), time(16))
    assert (pulse.late, pulse.questions) == (timedelta(days=2), 2)


def test_days_of_a_programme_may_be_written_in_any_order(prompts: Path) -> None:
    change(prompts / "programmes.yaml", "days: [mon]", "days: [fri, mon, fri]")
    weekly = next(p for p in load_library(prompts).programmes if p.id == "check-in-weekly")
    assert weekly.cadence.weekdays == (0, 4)


def test_a_second_language_is_picked_up_from_its_folder(prompts: Path) -> None:
    shutil.copytree(prompts / "en", prompts / "cy")
    change(prompts / "cy" / "messages.yaml", 'skip: "Skip"', 'skip: "Hepgor"')
    library = load_library(prompts)
    assert sorted(library.languages) == ["cy", "en"]
    assert library.texts("cy").say("check_in.skip") == "Hepgor"
    assert library.texts("en").say("check_in.skip") == "Skip"


def test_a_language_without_texts_gets_english(library: PromptLibrary) -> None:
    assert library.texts("tlh") is library.texts("en")


def test_placeholders_are_filled_in(library: PromptLibrary) -> None:
    assert library.texts("en").say("home.title", name="Ann") == "Hello Ann"


def test_what_is_filled_in_is_never_read_as_a_placeholder(library: PromptLibrary) -> None:
    assert library.texts("en").say("home.title", name="{day} {0}") == "Hello {day} {0}"


def test_a_placeholder_without_a_value_is_an_error(library: PromptLibrary) -> None:
    with pytest.raises(ContentError, match=r"messages.yaml: home.title: 'name' is missing"):
        library.texts("en").say("home.title")


def test_an_unknown_sentence_is_an_error(library: PromptLibrary) -> None:
    with pytest.raises(ContentError, match=r"messages.yaml: home.of.the.brave"):
        library.texts("en").say("home.of.the.brave")


def test_a_date_is_written_in_words(library: PromptLibrary) -> None:
    assert library.texts("en").day(date(2026, 3, 3)) == "Tuesday 3 March"
    assert library.texts("en").day(date(2027, 12, 26)) == "Sunday 26 December"


def test_every_commitment_has_a_name(library: PromptLibrary) -> None:
    names = {library.texts("en").commitment(commitment) for commitment in Commitment}
    assert len(names) == len(Commitment)


# --- where to turn -------------------------------------------------------------------------


def names_of(library: PromptLibrary, region: str) -> list[str]:
    return [entry.name for entry in library.texts("en").resources(region).resources]


@pytest.mark.parametrize(
    ("region", "own"),
    [
        ("GB-ENG", ["NHS 111, option 2"]),
        ("GB-WLS", ["NHS 111 Wales, option 2"]),
        ("GB-SCT", ["NHS 24, on 111", "Breathing Space"]),
        ("GB-NIR", ["Lifeline"]),
    ],
)
def test_each_nation_has_its_own_lines_after_the_emergency_number(
    library: PromptLibrary, region: str, own: list[str]
) -> None:
    of_the_country = names_of(library, "GB")
    assert names_of(library, region) == [of_the_country[0], *own, *of_the_country[1:]]
    assert library.texts("en").resources(region).region == region


def test_the_emergency_number_comes_first_everywhere(library: PromptLibrary) -> None:
    for region in ("GB", "GB-ENG", "GB-WLS", "GB-SCT", "GB-NIR"):
        assert library.texts("en").resources(region).resources[0].url == "tel:999"
    assert "emergency" in names_of(library, "FR")[0]


@pytest.mark.parametrize(
    ("region", "emergency", "listens"),
    [
        ("IE", "tel:112", "116 123"),
        ("IE-D", "tel:112", "50808"),
        ("US-NY", "tel:911", "988"),
        ("CA", "tel:911", "988"),
        ("AU", "tel:000", "13 11 14"),
        ("NZ", "tel:111", "1737"),
    ],
)
def test_other_countries_have_their_own_numbers(
    library: PromptLibrary, region: str, emergency: str, listens: str
) -> None:
    found = library.texts("en").resources(region)
    assert found.resources[0].url == emergency
    assert any(listens in entry.text for entry in found.resources)
    assert "not dialled" in found.source


def test_a_region_without_a_list_gets_that_of_its_country(library: PromptLibrary) -> None:
    texts = library.texts("en")
    assert texts.resources("GB-LND") is texts.resources("GB")


@pytest.mark.parametrize("region", ["FR", "DE-BY", "", "GBX"])
def test_a_country_without_a_list_gets_the_one_for_anywhere(
    library: PromptLibrary, region: str
) -> None:
    assert library.texts("en").resources(region).region == "anywhere"


def test_a_country_is_added_by_a_file(prompts: Path) -> None:
    folder = prompts / "en" / "resources"
    shutil.copy(folder / "anywhere.yaml", folder / "FR.yaml")
    change(folder / "FR.yaml", "Your local emergency number", "15 or 112")
    assert names_of(load_library(prompts), "FR-IDF")[0] == "15 or 112"


# --- words of a crisis ---------------------------------------------------------------------


def test_a_language_hears_english_too(prompts: Path) -> None:
    shutil.copytree(prompts / "en", prompts / "cy")
    file = prompts / "cy" / "crisis_words.yaml"
    change(file, '  - "want to die"\n', '  - "eisiau marw"\n')
    library = load_library(prompts)
    welsh, english = library.texts("cy"), library.texts("en")
    assert welsh.tells_of_crisis("Dw i eisiau marw")
    assert welsh.tells_of_crisis("i want to die")
    assert not english.tells_of_crisis("Dw i eisiau marw")


def test_a_language_without_words_of_its_own_has_those_of_english(prompts: Path) -> None:
    shutil.copytree(prompts / "en", prompts / "cy")
    (prompts / "cy" / "crisis_words.yaml").unlink()
    assert load_library(prompts).texts("cy").tells_of_crisis("i want to die")


# --- broken files --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file",
    [
        "programmes.yaml",
        "en/check_ins.yaml",
        "en/crisis_words.yaml",
        "en/reflections.yaml",
        "en/pulse_items.yaml",
    ],
)
def test_a_missing_file_is_named(prompts: Path, file: str) -> None:
    (prompts / file).unlink()
    assert problems(prompts) == [f"{prompts / file}: this file is missing."]


def test_without_english_there_is_nothing_to_fall_back_on(prompts: Path) -> None:
    (prompts / "en").rename(prompts / "cy")
    assert problems(prompts) == [f"{prompts}: there must be texts in English, in {prompts / 'en'}."]


def test_without_a_folder_there_are_no_prompts(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert problems(nowhere) == [f"{nowhere}: there is no prompts folder here."]


@pytest.mark.parametrize("content", [b"choices: [", b"\t- a", b"\xff\xfe\x00", b"a: b: c"])
@pytest.mark.parametrize("file", ["programmes.yaml", "en/check_ins.yaml", "en/messages.yaml"])
def test_a_file_that_is_not_yaml_is_named(prompts: Path, file: str, content: bytes) -> None:
    (prompts / file).write_bytes(content)
    found = problems(prompts)
    assert len(found) == 1
    assert found[0].startswith(f"{prompts / file}: this isn't YAML in UTF-8: ")


@pytest.mark.parametrize("content", ["", "just words", "- a\n- b", "7"])
def test_sentences_come_in_a_table(prompts: Path, content: str) -> None:
    file = prompts / "en" / "messages.yaml"
    file.write_text(content)
    assert problems(prompts) == [f"{file}: this should be a table of sentences."]


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("programmes.yaml", "late: 6h", "latest: 6h", "programmes, entry 1, latest"),
        ("programmes.yaml", "late: 6h", "late: soon", "programmes, entry 1, late"),
        ("programmes.yaml", "late: 6h", "late: -6h", "programmes, entry 1, late"),
        ("programmes.yaml", "kind: welcome", "kind: greeting", "programmes, entry 1, kind"),
        ("programmes.yaml", "kind: welcome", "kind: announcement", "programmes, entry 1, kind"),
        ("programmes.yaml", '"09:00"', '"25:00"', "programmes, entry 1, at"),
        ("programmes.yaml", "[mon]", "[moon]", "programmes, entry 3, days, entry 1"),
        ("programmes.yaml", "[mon]", "[]", "programmes, entry 3, days"),
        ("programmes.yaml", "questions: 2", "questions: 4", "programmes, entry 5, questions"),
        ("programmes.yaml", "questions: 2", "", "programmes, entry 5"),
        ("programmes.yaml", "late: 6h", "late: 6h\n    questions: 1", "programmes, entry 1"),
        ("programmes.yaml", "id: check-in-daily", "id: welcome", "Value error"),
        ("en/check_ins.yaml", "id: arriving", "id: Arriving!", "openings, entry 1, id"),
        ("en/check_ins.yaml", "How are you arriving", "x" * 140, "openings, entry 1, text"),
        ("en/check_ins.yaml", "How are you arriving", "*How*", "openings, entry 1, text"),
        ("en/check_ins.yaml", "Doing well", "x" * 25, "choices, entry 1, label"),
        ("en/check_ins.yaml", '"Good to hear.', f'"{"x" * 320}', "choices, entry 1, reply"),
        ("en/check_ins.yaml", 'emoji: "☀️"', "", "choices, entry 1, emoji"),
        ("en/check_ins.yaml", "choices:", "choices: []\nothers:", "choices"),
        ("en/reflections.yaml", "commitment: listening", "commitment: hearing", "commitment"),
        ("en/reflections.yaml", "theme: holistic_wellbeing", "theme: profit", "theme"),
        ("en/reflections.yaml", "Somebody asks you", "x" * 320, "reflections, entry 1, text"),
        ("en/pulse_items.yaml", "high: 5", "high: 6", "scales, agreement"),
        ("en/pulse_items.yaml", "high: 10", "high: 11", "scales, ons_0_10"),
        ("en/pulse_items.yaml", "scale: agreement", "scale: of-one", "Value error"),
        ("en/pulse_items.yaml", "Being listened to", "x" * 41, "items, entry 1, short"),
        ("en/pulse_items.yaml", "In the last two weeks", "x" * 180, "items, entry 1, text"),
        ("en/resources/GB.yaml", "review_by: 2027-02-22", "review_by: soon", "review_by"),
        ("en/resources/GB.yaml", 'owner: "Wellbeing lead"', "", "owner"),
        ("en/resources/GB.yaml", "review_by: 2027", "review_by: 2025", "mend review_by"),
        ("en/crisis_words.yaml", 'owner: "Wellbeing lead"', "", "owner"),
        ("en/crisis_words.yaml", '"want to die"', '"..."', "phrases, entry 1"),
        ("en/crisis_words.yaml", "alone:", "lonely:", "lonely"),
        ("en/crisis_words.yaml", '"wanna"', '"!"', "spellings, want to, entry 1"),
        ("en/resources/GB.yaml", "tel:999", "javascript:alert(1)", "resources, entry 1, url"),
        ("en/resources/GB.yaml", "resources:", "resources: []\nother:", "resources"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_file_and_its_place(
    prompts: Path, file: str, old: str, new: str, place: str
) -> None:
    change(prompts / file, old, new)
    found = problems(prompts)
    assert any(place in problem for problem in found)
    for problem in found:
        assert problem.startswith(f"{prompts / file}: ")
        assert problem.endswith(".")
        assert "\n" not in problem


@pytest.mark.parametrize("key", ["yes", "no", "on", "off"])
def test_a_key_that_yaml_reads_as_true_or_false_has_to_be_quoted(prompts: Path, key: str) -> None:
    file = prompts / "en" / "messages.yaml"
    change(file, "settings:\n", f'settings:\n  {key}: "Words"\n')
    reading = key in {"yes", "on"}
    assert problems(prompts) == [
        f"{file}: quote the key settings.{reading}: YAML reads it as {reading}."
    ]


@pytest.mark.parametrize("value", ['""', '"  "', "", "5", "[a, b]", "no", "2026-11-23"])
def test_what_is_said_has_to_be_a_sentence(prompts: Path, value: str) -> None:
    file = prompts / "en" / "messages.yaml"
    change(file, 'skip: "Skip"', f"skip: {value}")
    assert problems(prompts) == [f"{file}: check_in.skip: this should be a sentence."]


def break_english(prompts: Path) -> None:
    change(prompts / "en" / "check_ins.yaml", "Doing well", "x" * 25)


def break_welsh(prompts: Path) -> None:
    change(prompts / "cy" / "reflections.yaml", "theme: holistic_wellbeing", "theme: profit")


def break_programmes(prompts: Path) -> None:
    change(prompts / "programmes.yaml", "late: 6h", "late: soon")


@pytest.mark.parametrize(
    "breaks",
    [(break_english, break_welsh), (break_english, break_programmes)],
    ids=["two languages", "a language and the programmes"],
)
def test_mistakes_in_several_places_are_told_at_once(
    prompts: Path, breaks: tuple[Callable[[Path], None], ...]
) -> None:
    shutil.copytree(prompts / "en", prompts / "cy")
    for spoil in breaks:
        spoil(prompts)
    assert len(problems(prompts)) == len(breaks)


@pytest.mark.parametrize("at", ["10:00", '"10:00Z"', '"24:00"', '"9:30"', "600"])
def test_a_time_that_yaml_would_misread_is_refused(prompts: Path, at: str) -> None:
    path = prompts / "programmes.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('"10:00"', at), encoding="utf-8")
    with pytest.raises(ContentError, match="write it in quotes"):
        load_library(prompts)


@pytest.mark.parametrize("late", ["0m", "99999999999d", "4", "h", "4 h"])
def test_a_duration_that_cannot_be_used_is_refused(prompts: Path, late: str) -> None:
    path = prompts / "programmes.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("late: 4h", f'late: "{late}"'))
    with pytest.raises(ContentError, match="write it like 30m, 4h or 3d"):
        load_library(prompts)


@pytest.mark.parametrize("sentence", ["Hello {name", "Hello {}", "Hello {0}", "Hello {name:d}"])
def test_a_placeholder_that_could_never_be_filled_in_is_refused(
    prompts: Path, sentence: str
) -> None:
    path = prompts / "en" / "messages.yaml"
    path.write_text(path.read_text(encoding="utf-8") + f'\nextra: "{sentence}"\n')
    with pytest.raises(ContentError, match="write placeholders as"):
        load_library(prompts)


def test_the_problems_of_all_files_are_told_at_once(prompts: Path) -> None:
    for name in ("check_ins", "reflections"):
        (prompts / "en" / f"{name}.yaml").write_text("nonsense: true\n")
    with pytest.raises(ContentError) as error:
        load_library(prompts)
    assert {problem.partition(":")[0].rpartition("/")[2] for problem in error.value.problems} == {
        "check_ins.yaml",
        "reflections.yaml",
    }
