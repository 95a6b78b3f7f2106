"""Answers that can't be mistaken for anything else are searched for in all that a bot writes."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import yaml

from tests.acceptance.bot_process import ROOT, Home
from tests.acceptance.townsfolk import answer_the_pulse, everybody_checks_in

pytestmark = pytest.mark.slow

MONDAY_AT_TEN = datetime(2027, 6, 21, 9, tzinfo=UTC)
TUESDAY_AT_TEN = datetime(2027, 6, 22, 9, tzinfo=UTC)
FRIDAY_AT_TEN = datetime(2027, 6, 25, 9, tzinfo=UTC)

CHOICES = [f"canary-3f9a-{number}" for number in range(1, 6)]
REPLY, PULSE, SKIPPED = "CANARY-REPLY-3f9a", "CANARY-PULSE-3f9a", "CANARY-SKIPPED-3f9a"
# What depends on an answer, and is in no message that stays.
SECRETS = (REPLY, PULSE, SKIPPED)
# A question's id before a number, as in a dictionary of answers: {"listened-to": "4"}.
ANSWER = re.compile(rb"\bcanary-question-\d+(?:[\"' ]*[:=,][\"' ]*|[\"' ]+)\d")
# The choices stand in the question that everybody got, and so in the platform's own file.
PLATFORM = "playground.db"

Counts = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Leak:
    """Something that should be nowhere, and the file that it was found in."""

    file: str
    what: str


def files(home: Home) -> Iterator[tuple[str, bytes]]:
    """Everything that a bot has written: its data of whatever kind, and what it printed."""
    for path in sorted(home.directory.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(home.directory)), _content(path)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:  # a journal that has just gone
        return b""


def leaks(home: Home) -> list[Leak]:
    """Where an answer shows, in any of the encodings that SQLite and Python write."""
    found: list[Leak] = []
    for name, content in files(home):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            found += [
                Leak(name, secret) for secret in SECRETS if secret.encode(encoding) in content
            ]
        found += [Leak(name, match.decode()) for match in ANSWER.findall(content)]
        if not Path(name).name.startswith(PLATFORM):
            found += [Leak(name, choice) for choice in CHOICES if choice.encode() in content]
    return found


def choices_in(home: Home) -> Counts:
    """File → how often each choice occurs in it, also in what was deleted or overwritten."""
    return {
        name: tuple(content.count(choice.encode()) for choice in CHOICES)
        for name, content in files(home)
    }


# --- a library in which every answer is a canary ---------------------------------------------


def _canary_prompts(folder: Path) -> Path:
    shutil.copytree(ROOT / "prompts", folder)
    with _edited(folder / "en" / "check_ins.yaml") as check_ins:
        for number, (choice, canary) in enumerate(zip(check_ins["choices"], CHOICES, strict=True)):
            choice.update(id=canary, label=f"Label {number}", reply=f"{REPLY}-{number}")
    with _edited(folder / "en" / "messages.yaml") as messages:
        messages["check_in"]["skipped"] = SKIPPED
    with _edited(folder / "en" / "pulse_items.yaml") as pulse:
        for scale in pulse["scales"].values():
            scale["labels"] = [f"{PULSE}-{number}" for number in range(len(scale["labels"]))]
        for number, item in enumerate(pulse["items"]):
            item["id"] = f"canary-question-{number}"
    return folder


class _edited:  # noqa: N801 - reads as a verb where it is used
    """A YAML file, to be changed in place."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Any:
        self._content = yaml.safe_load(self._path.read_text(encoding="utf-8"))
        return self._content

    def __exit__(self, *_: object) -> None:
        self._path.write_text(yaml.safe_dump(self._content, allow_unicode=True), encoding="utf-8")


# --- check-ins -------------------------------------------------------------------------------


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def asked(village: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Everybody has been asked how they are, and nobody has answered yet."""
    prompts = _canary_prompts(tmp_path_factory.mktemp("prompts") / "prompts")
    copied = village.copy(tmp_path_factory.mktemp("asked") / "home")
    home = replace(copied, prompts=prompts, log_level="debug")
    async with home.running() as bot:
        await bot.move_until(MONDAY_AT_TEN)
        await bot.stop()
    return home


async def _tapped(home: Home, which: int, reply: str) -> Home:
    """Everybody taps the same answer, and the process is killed: all is as it is on the disk."""
    async with home.running() as bot:
        people = await bot.people()
        heard = await everybody_checks_in(bot, people, lambda answers: answers[which])
        await bot.kill()
    assert len(heard) > 15
    assert all(reply in words for words in heard)
    return home


async def test_nothing_written_tells_which_answer_to_a_check_in_was_tapped(
    asked: Home, tmp_path: Path
) -> None:
    best, hardest, skipped = await asyncio.gather(
        _tapped(asked.copy(tmp_path / "best"), 0, f"{REPLY}-0"),
        _tapped(asked.copy(tmp_path / "hardest"), 4, f"{REPLY}-4"),
        _tapped(asked.copy(tmp_path / "skipped"), 5, SKIPPED),
    )

    assert leaks(best) == leaks(hardest) == leaks(skipped) == []
    # The ids are in the question. Each is left in freed pages and in the journal as often as it is
    # whatever was tapped.
    assert choices_in(best) == choices_in(hardest) == choices_in(skipped)
    assert sum(sum(counts) for counts in choices_in(best).values()) > 0


# --- a pulse ---------------------------------------------------------------------------------


async def test_no_answer_to_a_pulse_is_written_while_it_is_open_nor_after_it_closed(
    asked: Home, tmp_path: Path
) -> None:
    home = asked.copy(tmp_path / "home")
    async with home.running() as bot:
        await bot.move_until(TUESDAY_AT_TEN)
        people = await bot.people()
        replies = await answer_the_pulse(
            bot, people, lambda number, values: values[number % len(values)]
        )
        assert len(replies) > 10
        assert leaks(home) == []
        await bot.kill()
    assert leaks(home) == []

    async with home.running() as bot:
        assert leaks(home) == []
        await bot.move_until(FRIDAY_AT_TEN)
        assert leaks(home) == []
        await bot.kill()
    assert leaks(home) == []


# --- the search itself -----------------------------------------------------------------------


@pytest.mark.parametrize("secret", [f"{REPLY}-2", f"{PULSE}-4", SKIPPED])
@pytest.mark.parametrize(
    "name", ["data/playground.db-wal", "data/wellbeing.db", "data/keys/new", "log.txt"]
)
def test_the_search_finds_a_canary_that_was_written(
    asked: Home, tmp_path: Path, name: str, secret: str
) -> None:
    leaky = asked.copy(tmp_path / "leaky")
    _append(leaky.directory / name, b"\x00\x17" + secret.encode() + b"\xff\x00")

    assert {leak.file for leak in leaks(leaky)} == {name}


def test_the_search_finds_a_log_line_with_what_was_tapped(asked: Home, tmp_path: Path) -> None:
    leaky = asked.copy(tmp_path / "leaky")
    line = f"[debug    ] tapped    action=check_in.answer value=5f0e:{CHOICES[3]}\n"
    _append(leaky.log, line.encode())

    assert leaks(leaky) == [Leak("log.txt", CHOICES[3])]


def test_the_search_finds_a_log_line_with_the_answers_to_a_pulse(
    asked: Home, tmp_path: Path
) -> None:
    leaky = asked.copy(tmp_path / "leaky")
    _append(leaky.log, b"[debug    ] submitted fields={'canary-question-3': '4'}\n")

    assert leaks(leaky) == [Leak("log.txt", "canary-question-3': '4")]


def test_the_count_tells_a_choice_that_is_kept_on_the_platform(asked: Home, tmp_path: Path) -> None:
    leaky = asked.copy(tmp_path / "leaky")
    _append(leaky.data / "playground.db", CHOICES[0].encode())

    assert choices_in(leaky) != choices_in(asked)


def _append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)
