"""`wellbeing summaries export`, as somebody at a terminal meets it."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.content import PromptLibrary
from bot.usecases.launch import start_welcomes
from bot.usecases.raise_rules import raise_rules
from tests.cli.test_command_line import Shell
from tests.support.clock import StillClock
from tests.support.core import open_core
from tests.support.organisation import HEADER, team_of
from tests.support.platform import MemoryPlatform
from tests.support.published_round import publish

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
BANDS = {"listened-to": (3.0, 5.0), "enough-time": (2.5, 3.5)}


@pytest.fixture
async def shell(tmp_path: Path, library: PromptLibrary) -> Shell:
    """A team of ten with a round that was published the day before."""
    shell = Shell(tmp_path)
    roster = shell.write("people.csv", "\n".join([HEADER, *team_of(10)]))
    assert shell.run("roster", "import", roster).status == 0
    async with open_core(tmp_path / "var", library, StillClock(NOW), MemoryPlatform()) as core:
        await start_welcomes(core)
        await raise_rules(core)
    await publish(f"sqlite:///{tmp_path / 'var' / 'wellbeing.db'}", NOW, BANDS)
    return shell


async def test_it_prints_csv(shell: Shell) -> None:
    ran = shell.run("summaries", "export", "--all", COLUMNS="20")
    assert ran.status == 0
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert [(row["group"], row["day"], row["from"], row["to"]) for row in rows] == [
        ("Housing", "2026-11-24", "3", "5"),
        ("Housing", "2026-11-24", "2.5", "3.5"),
    ]
    assert rows[0]["question"].startswith("In the last two weeks, here, somebody listened")
    assert not [name for name in ("boss", "example.org") if name in ran.out.lower()]


async def test_it_prints_json_for_a_leader(shell: Shell) -> None:
    ran = shell.run("summaries", "export", "--leader", "boss@example.org", "--format", "json")
    assert ran.status == 0
    assert [row["outcome"] for row in json.loads(ran.out)] == ["published"] * 2


async def test_it_can_begin_on_a_day(shell: Shell) -> None:
    for day, lines in {NOW - timedelta(days=1): 3, NOW: 1}.items():
        ran = shell.run("summaries", "export", "--all", "--since", day.date().isoformat())
        assert len(ran.out.splitlines()) == lines


async def test_it_has_to_be_said_whose(shell: Shell) -> None:
    for whose in ([], ["--all", "--leader", "boss@example.org"]):
        ran = shell.run("summaries", "export", *whose)
        assert ran.status == 2
        assert "--leader ADDRESS, or --all" in ran.err


@pytest.mark.parametrize("address", ["boss-1@example.org", "nobody@example.org"])
async def test_whoever_leads_no_group_gets_a_sentence(shell: Shell, address: str) -> None:
    ran = shell.run("summaries", "export", "--leader", address)
    assert ran.status == 1
    assert address in ran.err
    assert ran.out == ""
