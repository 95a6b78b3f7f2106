"""`wellbeing support export`, as somebody at a terminal meets it."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.test_command_line import Shell

LAST_YEAR = datetime.now(UTC).year - 1


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    assert shell.run("db", "upgrade").status == 0
    return shell


def test_a_quarter_is_printed_as_rows_that_read_back(shell: Shell) -> None:
    ran = shell.run("support", "export", "--quarter", f"{LAST_YEAR}Q4")
    assert ran.status == 0
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert {"quarter": f"{LAST_YEAR}Q4", "what": "ask", "at least": "0", "at most": "4"} in rows
    ran = shell.run("support", "export", "--quarter", f"{LAST_YEAR}-Q4", "--format", "json")
    assert json.loads(ran.out)[0] == {
        "quarter": f"{LAST_YEAR}Q4",
        "what": "ask",
        "at least": 0,
        "at most": 4,
    }


def test_one_that_is_not_over_is_refused_with_the_day_when_it_is(shell: Shell) -> None:
    ran = shell.run("support", "export", "--quarter", "9998Q4")
    assert ran.status == 1
    assert "9998-12-31" in ran.err


@pytest.mark.parametrize("quarter", ["", "2026", "2026Q5", "last"])
def test_what_is_no_quarter_is_refused_with_an_example(shell: Shell, quarter: str) -> None:
    ran = shell.run("support", "export", "--quarter", quarter)
    assert ran.status == 2
    assert "2026Q3" in ran.err
