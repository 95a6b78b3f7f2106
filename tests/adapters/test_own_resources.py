"""Places to turn that an organisation adds itself: WELLBEING_RESOURCES."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from adapters.content import PromptLibrary, load_library
from adapters.content.check import check_library
from bot.errors import ContentError, Stranger
from bot.message import Message
from bot.usecases import compose
from bot.usecases.crisis import crisis_card
from bot.usecases.resources import for_a_stranger, not_now, resources
from tests.support.files import change
from tests.support.reading import words

OWN = """
source: "The intranet's page on wellbeing"
owner: "Ann in Human Resources"
reviewed_on: 2026-11-20
review_by: 2027-02-20

resources:
  - name: "Employee assistance"
    text: "Somebody to talk to, day and night, paid for by us: 0800 555 0100."
    url: "tel:08005550100"

regions:
  GB:
    - name: "Occupational health"
      text: "When work and health get in each other's way. Ask for a call back."
      url: "https://example.org/occupational-health"
  GB-SCT:
    - name: "The Glasgow quiet room"
      text: "On the third floor, open all day."
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    file = tmp_path / "own.yaml"
    file.write_text(OWN, encoding="utf-8")
    return file


@pytest.fixture
def with_own(prompts: Path, own: Path) -> PromptLibrary:
    return load_library(prompts, own)


def names(library: PromptLibrary, region: str) -> Sequence[str]:
    return [entry.name for entry in library.texts("en").resources(region).resources]


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("GB", ["Employee assistance", "Occupational health"]),
        ("GB-ENG", ["Employee assistance", "Occupational health"]),
        (
            "GB-SCT",
            ["Employee assistance", "Occupational health", "The Glasgow quiet room"],
        ),
        ("IE", ["Employee assistance"]),
        ("FR", ["Employee assistance"]),
        ("", ["Employee assistance"]),
    ],
)
def test_they_come_right_after_the_emergency_number(
    library: PromptLibrary, with_own: PromptLibrary, region: str, expected: list[str]
) -> None:
    first, *rest = names(library, region)
    assert names(with_own, region) == [first, *expected, *rest]


def test_they_are_in_every_language(prompts: Path, own: Path) -> None:
    shutil.copytree(prompts / "en", prompts / "cy")
    library = load_library(prompts, own)
    assert library.texts("cy").resources("GB").resources[1].name == "Employee assistance"


def test_they_are_wherever_places_to_turn_are(with_own: PromptLibrary) -> None:
    texts = with_own.texts("en")
    shown: list[Message | None] = [
        resources(texts, "GB"),
        not_now(texts, "GB"),
        for_a_stranger(texts, "GB", Stranger("Who?")),
        compose.settled(texts, "GB"),
        crisis_card(texts, "GB", "i want to die"),
    ]
    for message in shown:
        said = words(message)
        assert said.index("999") < said.index("Employee assistance") < said.index("Samaritans")


def test_regions_alone_will_do(prompts: Path, own: Path) -> None:
    text = OWN[: OWN.index("resources:")] + OWN[OWN.index("regions:") :]
    own.write_text(text, encoding="utf-8")
    library = load_library(prompts, own)
    assert names(library, "GB")[1] == "Occupational health"
    assert names(library, "FR") == names(load_library(prompts), "FR")


# --- mistakes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tel:08005550100", "0800 555 0100", "resources, entry 1, url"),
        ("Employee assistance", "x" * 41, "resources, entry 1, name"),
        ("Somebody to talk to", "*Somebody*", "resources, entry 1, text"),
        ("GB-SCT:", "Scotland:", "regions, Scotland, [key]: Value error, isn't a country"),
        ('owner: "Ann in Human Resources"', "", "owner: Field required"),
        ('owner: "Ann in Human Resources"', 'owner: ""', "owner: "),
        ("review_by: 2027-02-20", "", "review_by: Field required"),
        ("review_by: 2027-02-20", "review_by: 2026-02-20", "mend review_by"),
        ("review_by: 2027-02-20", "review_by: soon", "review_by: "),
        ("resources:", "resource:", "resource: Extra inputs are not permitted"),
    ],
)
def test_a_mistake_is_told_with_the_file_and_the_entry(
    prompts: Path, own: Path, old: str, new: str, said: str
) -> None:
    change(own, old, new)
    with pytest.raises(ContentError) as caught:
        load_library(prompts, own)
    assert all(problem.startswith(f"{own}: ") for problem in caught.value.problems)
    assert any(said in problem for problem in caught.value.problems)


def test_a_file_without_entries_is_a_mistake(prompts: Path, own: Path) -> None:
    own.write_text(OWN[: OWN.index("resources:")], encoding="utf-8")
    with pytest.raises(ContentError, match="has no entries; write some under"):
        load_library(prompts, own)


def test_a_file_that_is_not_there_is_told_with_what_to_do(prompts: Path, tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="Mend WELLBEING_RESOURCES, or leave it out"):
        load_library(prompts, tmp_path / "nowhere.yaml")


def test_it_is_told_beside_the_mistakes_of_other_files(prompts: Path, own: Path) -> None:
    change(own, "tel:08005550100", "0800")
    change(prompts / "programmes.yaml", "late: 6h", "late: soon")
    with pytest.raises(ContentError) as caught:
        load_library(prompts, own)
    assert len(caught.value.problems) == 2


def test_it_is_due_for_review_with_its_owner(prompts: Path, own: Path) -> None:
    library = load_library(prompts, own)
    assert check_library(library, date(2027, 2, 20)) == []
    assert check_library(library, date(2027, 2, 21)) == [
        (
            f"{own} was due for review on 2027-02-20. Ann in Human Resources: please check every "
            "number, then change reviewed_on and review_by."
        )
    ]
