from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from bot.errors import FindingsError
from bot.simulation.table import (
    BEGIN,
    END,
    as_markdown,
    check_page,
    for_terminal,
    percent,
    write_into,
)
from tests.unit.simulation.made_up import a_finding


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0, "0%"),
        (1, "100%"),
        (0.9999, "over 99.9%"),
        (0.845, "84.5%"),
        (0.18, "18%"),
        (0.0251, "2.5%"),
        (0.001, "0.1%"),
        (0.0004, "under 0.1%"),
    ],
)
def test_shares_are_said_as_people_read_them(share: float, said: str) -> None:
    assert percent(share) == said


def test_a_row_holds_all_that_was_found() -> None:
    row = as_markdown([a_finding(determined=12, undecided=0.01)]).splitlines()[-1]
    assert row == (
        "| 150 | 18% | yes | 75% | ours | who answered | 84.5% | 12 | 2.5% (+1%?) | 62% ±3.9 | 60% "
        "| +2.0 ±2.0 | 14 |"
    )


def test_what_was_not_looked_for_is_not_said_to_be_nothing() -> None:
    finding = a_finding(determined=None, ruled_out=None, undecided=None, right=None)
    assert as_markdown([finding]).endswith("| 84.5% | - | - | - | - | - | 14 |")


def test_a_markdown_table_has_a_cell_for_each_column() -> None:
    lines = as_markdown([a_finding(), a_finding()]).splitlines()
    assert len(lines) == 4
    assert {line.count("|") for line in lines} == {14}


def test_every_figure_fits_a_terminal_of_80_columns() -> None:
    out = io.StringIO()
    console = Console(file=out, width=80)
    design = "the rules with something else about them"
    for each in for_terminal(
        [a_finding(design, people=20_000, determined=12_345, ruled_out=0.216, undecided=0.015)]
    ):
        console.print(each)
    shown = out.getvalue()
    for figure in (
        "84.5%",
        "12,345",
        "21.6% (+1.5%?)",
        "62% ±3.9",
        "+2.0 ±2.0",
        "something",
        "answered",
    ):
        assert figure in shown
    assert "20,000 people, 18% leave in a year, re-organised" in shown


def test_each_organisation_has_a_table_of_its_own() -> None:
    found = [a_finding("a"), a_finding("b"), a_finding("a", turnover=0.3)]
    assert [each.row_count for each in for_terminal(found)] == [2, 1]


def test_the_table_replaces_what_stands_in_its_place_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    write_into(page, [a_finding()])
    once = page.read_text(encoding="utf-8")
    assert once == f"before\n{BEGIN}\n{as_markdown([a_finding()])}\n{END}\nafter\n"
    write_into(page, [a_finding()])
    assert page.read_text(encoding="utf-8") == once


@pytest.mark.parametrize("text", ["", BEGIN, f"{END}\n{BEGIN}"])
def test_a_page_without_a_place_for_the_table_stays_as_it_is(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    with pytest.raises(FindingsError, match="no place for the table"):
        write_into(page, [a_finding()])
    with pytest.raises(FindingsError, match="no place for the table"):
        check_page(page)
    assert page.read_text(encoding="utf-8") == text
