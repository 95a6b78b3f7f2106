"""`wellbeing teams package`, as somebody would type it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from tests.support.shell import Shell

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
