"""The app's manifest, by Microsoft's own schema and by what its documentation asks beside it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft6Validator

from adapters.content import PromptLibrary
from adapters.teams.manifest import App, manifest
from bot.errors import SettingsError
from bot.ports import Texts
from bot.usecases.commands import COMMANDS
from tests.fakes.teams import text_of
from tests.support.teams_bot import TeamsBot

SCHEMA: Final = Draft6Validator(
    json.loads(Path(__file__).with_name("app-manifest-1.22.json").read_text(encoding="utf-8"))
)
BOT_ID = "7f0e1a52-8c34-4a7e-9d11-2b0c6f6e9a01"
APP = App(
    bot_id=BOT_ID,
    organisation="Larkfield Council",
    version="1.2.3",
    website="https://larkfield.example.org/wellbeing",
    privacy="https://larkfield.example.org/privacy",
    terms="https://larkfield.example.org/terms",
)


@pytest.fixture
def texts(library: PromptLibrary) -> Texts:
    return library.texts("en")


@pytest.fixture
def made(texts: Texts) -> dict[str, Any]:
    return manifest(texts, APP)


def commands_of(made: dict[str, Any]) -> list[dict[str, str]]:
    (bot,) = made["bots"]
    (listed,) = bot["commandLists"]
    assert listed["scopes"] == ["personal"], "in a team the bot hears nothing"
    commands: list[dict[str, str]] = listed["commands"]
    return commands


# --- what Microsoft asks for ---------------------------------------------------------------


def test_it_is_one_by_microsofts_schema(made: dict[str, Any]) -> None:
    assert [each.message for each in SCHEMA.iter_errors(made)] == []


@pytest.mark.parametrize(
    "name", ["manifestVersion", "id", "developer", "bots", "accentColor", "icons"]
)
def test_the_schema_would_find_a_mistake(made: dict[str, Any], name: str) -> None:
    assert not SCHEMA.is_valid({**made, name: "?"})


def test_both_descriptions_differ_and_neither_repeats_the_other(made: dict[str, Any]) -> None:
    short, full = made["description"]["short"], made["description"]["full"]
    assert short not in full
    assert full not in short


def test_commands_are_as_short_as_the_earlier_versions_ask_and_at_most_ten(
    made: dict[str, Any],
) -> None:
    commands = commands_of(made)
    assert 0 < len(commands) <= 10
    for command in commands:
        assert 1 <= len(command["title"]) <= 32
        assert 1 <= len(command["description"]) <= 128


# --- what it asks for: nothing -------------------------------------------------------------


def test_it_asks_for_no_permission_and_no_sign_in(made: dict[str, Any]) -> None:
    assert not {"permissions", "webApplicationInfo", "authorization", "devicePermissions"} & set(
        made
    )
    assert made["validDomains"] == []


def test_it_is_a_bot_for_people_and_teams_which_talks_and_takes_no_files(
    made: dict[str, Any],
) -> None:
    (bot,) = made["bots"]
    assert bot["botId"] == BOT_ID
    assert set(bot["scopes"]) == {"personal", "team"}
    assert bot["isNotificationOnly"] is False
    assert bot["supportsFiles"] is False


# --- what it is the same by ----------------------------------------------------------------


def test_the_same_bot_is_the_same_app_in_every_version(texts: Texts) -> None:
    first, second = (manifest(texts, replace(APP, version=each)) for each in ("1.2.3", "1.3.0"))
    assert first["id"] == second["id"]
    assert first["version"] != second["version"]
    shouted = manifest(texts, replace(APP, bot_id=BOT_ID.upper()))
    assert (shouted["id"], shouted["bots"]) == (first["id"], first["bots"])


def test_another_bot_is_another_app(texts: Texts, made: dict[str, Any]) -> None:
    other = manifest(texts, replace(APP, bot_id=BOT_ID.replace("7f", "8f")))
    assert other["id"] != made["id"]
    assert made["id"] != BOT_ID


def test_a_long_name_of_an_organisation_is_shortened_to_what_fits(texts: Texts) -> None:
    made = manifest(texts, replace(APP, organisation="The Charity of Saint\nSomebody-on-the-Hill"))
    assert made["developer"]["name"] == "The Charity of Saint Somebody-on"
    assert SCHEMA.is_valid(made)


# --- what is missing -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"bot_id": ""}, "set MICROSOFT_APP_ID"),
        ({"bot_id": "wellbeing"}, "MICROSOFT_APP_ID can't be used"),
        ({"version": "1.2"}, "--app-version"),
        ({"version": "01.2.3"}, "--app-version"),
        ({"website": ""}, "give --website"),
        ({"website": "http://127.0.0.1:8080"}, "--website can't be used"),
        ({"privacy": "larkfield.example.org"}, "--privacy can't be used"),
        ({"terms": "https://"}, "--terms can't be used"),
    ],
)
def test_what_is_missing_or_wrong_is_said(
    texts: Texts, changed: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        manifest(texts, replace(APP, **changed))
    (problem,) = raised.value.problems
    assert named in problem


# --- the commands work ---------------------------------------------------------------------


async def test_each_command_in_the_list_has_its_own_answer(bot: TeamsBot) -> None:
    """As if somebody had picked it: Teams types its title for them."""
    actor = bot.actor("boss-1")
    texts = bot.core.library.texts("en")
    answers = set()
    for command in commands_of(manifest(texts, APP)):
        before = len(actor.messages())
        await actor.types(command["title"])
        await bot.settle()
        (answer,) = (sent for sent in actor.messages()[before:] if sent.cards)
        said = "\n".join(map(text_of, answer.cards))
        assert texts.say("help.nobody_reads") not in said, f"{command['title']} isn't understood"
        answers.add(said)
    assert len(answers) == len(COMMANDS)


def test_the_commands_are_those_that_help_lists(made: dict[str, Any]) -> None:
    titles = {command["title"] for command in commands_of(made)}
    assert titles == {
        *("help", "support", "home", "pause", "resume", "settings", "volunteer", "privacy")
    }
    assert all(re.fullmatch("[a-z]+", title) for title in titles)
