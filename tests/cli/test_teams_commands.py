"""`wellbeing teams package` and `doctor` with Teams, as somebody would type them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import AsyncIterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pytest

from bot.store.migrate import upgrade
from tests.fakes.teams import FakeTeams
from tests.support.clock import StillClock
from tests.support.organisation import team_of
from tests.support.shell import Shell
from tests.support.teams_bot import TeamsBot, running, settings_of

BOT: Final[Mapping[str, str]] = {
    "MICROSOFT_APP_ID": "7f0e1a52-8c34-4a7e-9d11-2b0c6f6e9a01",
    "MICROSOFT_APP_PASSWORD": "sesame",
    "MICROSOFT_APP_TENANT_ID": "0b1f7c8e-52a3-4f41-8f0a-6f1a2d3c4b5a",
    "WELLBEING_ORGANISATION": "Larkfield Council",
}


def manifest_in(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as package:
        made: dict[str, Any] = json.loads(package.read("manifest.json"))
    return made


async def test_the_package_goes_by_the_settings(shell: Shell) -> None:
    ran = await shell.run("teams", "package", PUBLIC_URL="https://w.example.org", **BOT)
    assert (ran.status, ran.err) == (0, "")
    file = shell.folder / "wellbeing-teams.zip"
    assert list(shell.folder.iterdir()) == [file]
    made = manifest_in(file)
    assert made["bots"][0]["botId"] == BOT["MICROSOFT_APP_ID"]
    assert made["version"] == version("wellbeing-warrior")
    assert made["developer"] == {
        "name": "Larkfield Council",
        "websiteUrl": "https://w.example.org",
        "privacyUrl": "https://w.example.org",
        "termsOfUseUrl": "https://w.example.org",
    }
    assert "sesame" not in ran.out
    assert b"sesame" not in file.read_bytes()


async def test_options_go_first(shell: Shell) -> None:
    ran = await shell.run(
        *("teams", "package", "--output", "ours.zip", "--app-version", "2.0.1"),
        *("--website", "https://a.example.org", "--privacy", "https://b.example.org"),
        PUBLIC_URL="https://w.example.org",
        **BOT,
    )
    assert "ours.zip is version 2.0.1" in ran.out
    made = manifest_in(shell.folder / "ours.zip")
    assert made["version"] == "2.0.1"
    assert made["developer"]["websiteUrl"] == "https://a.example.org"
    assert made["developer"]["privacyUrl"] == "https://b.example.org"
    assert made["developer"]["termsOfUseUrl"] == "https://a.example.org"


async def test_the_same_command_makes_the_same_file(shell: Shell) -> None:
    files = []
    for name in ("one.zip", "two.zip"):
        await shell.run(
            "teams", "package", "--output", name, PUBLIC_URL="https://w.example.org", **BOT
        )
        files.append((shell.folder / name).read_bytes())
    assert files[0] == files[1]


async def test_what_is_missing_is_said_and_nothing_is_written(shell: Shell) -> None:
    ran = await shell.run("teams", "package")
    assert (ran.status, ran.out) == (1, "")
    assert "MICROSOFT_APP_ID" in ran.err
    assert "--website" in ran.err
    assert list(shell.folder.iterdir()) == []
    ran = await shell.run("teams", "package", "--website", "http://w.example.org", **BOT)
    assert ran.status == 1
    assert "--website can't be used" in ran.err
    ran = await shell.run(
        *("teams", "package", "--website", "https://w.example.org", "--output", "no/where.zip"),
        **BOT,
    )
    assert ran.status == 1
    assert "no/where.zip can't be written" in ran.err


# --- doctor --------------------------------------------------------------------------------


@pytest.fixture
async def bot(shell: Shell, clock: StillClock) -> AsyncIterator[TeamsBot]:
    """A bot that runs on the command's database."""
    upgrade(shell.url)
    async with FakeTeams.running() as teams:
        settings = settings_of(shell.folder, shell.url, teams)
        async with running(settings, clock, teams) as bot:
            yield bot


def environment(bot: TeamsBot, **more: str) -> dict[str, str]:
    return {
        "MICROSOFT_APP_ID": bot.teams.app.id,
        "MICROSOFT_APP_PASSWORD": bot.teams.app.password,
        "MICROSOFT_APP_TENANT_ID": bot.teams.tenant.id,
        "WELLBEING_TEAMS_LOGIN_URL": bot.teams.login_url,
        "WELLBEING_TEAMS_OPENID_URL": bot.teams.openid_url,
        "PUBLIC_URL": bot.url,
        **more,
    }


async def test_a_check_up_with_teams_says_how_many_have_the_app(
    shell: Shell, bot: TeamsBot
) -> None:
    await bot.world.import_lines(team_of(9))
    ran = await shell.run("doctor", **environment(bot))
    assert (ran.status, ran.wrong) == (1, ["App"])
    assert "0 of 10 people of the roster have the app" in ran.out
    assert "setup policy" in ran.out
    for name in ("boss-1", "boss-2"):
        await bot.teams.actor(bot.teams.add_person(name)).installs()
    await bot.teams.actor(bot.teams.add_person("somebody-else")).installs()
    await bot.settle()
    ran = await shell.run("doctor", **environment(bot))
    assert (ran.status, ran.wrong) == (0, []), ran.out
    assert "2 of 10 people of the roster have the app" in ran.out
    assert bot.teams.app.password not in ran.out + ran.err
    await bot.actor("boss-1").uninstalls()
    await bot.settle()
    assert "1 of 10 people" in (await shell.run("doctor", **environment(bot))).out


async def test_a_check_up_names_teams_whose_channel_was_not_found(
    shell: Shell, bot: TeamsBot
) -> None:
    await bot.has([f"{line},Council / Housing" for line in team_of(9)], channel=True)
    ran = await shell.run("doctor", **environment(bot))
    assert ran.wrong == ["Channels"], ran.out
    assert "(Council / Housing)" in ran.out
    team = bot.teams.add_team("Council", ["boss"])
    bot.teams.add_channel(team, "Housing")
    await bot.actor("boss").adds_bot_to(team)
    await bot.settle()
    assert (await shell.run("doctor", **environment(bot))).wrong == []


async def test_a_check_up_finds_a_wrong_secret_and_certificates_that_are_not_there(
    shell: Shell, bot: TeamsBot
) -> None:
    ran = await shell.run("doctor", **environment(bot, MICROSOFT_APP_PASSWORD="sesame"))
    assert (ran.status, ran.wrong) == (1, ["Token"])
    assert "AADSTS7000215" in ran.out
    assert "sesame" not in ran.out + ran.err
    files = {
        "MICROSOFT_APP_PASSWORD": "",
        "WELLBEING_TEAMS_CERTIFICATE": "bot.pem",
        "WELLBEING_TEAMS_CERTIFICATE_KEY": "bot.key",
    }
    ran = await shell.run("doctor", **environment(bot, **files))
    assert (ran.status, ran.wrong) == (1, ["Certificate"])
    assert "bot.pem can't be read" in ran.out
