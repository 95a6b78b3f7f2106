"""docs/performance.md and its picture show what is kept, and nothing else."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from benchmarks import document, picture, results
from benchmarks.measure import Spread
from benchmarks.report import Machine, Row
from benchmarks.results import Results

MACHINE = Machine(
    cores=2, load=0.1, python="3.11.7", system="Linux x86_64", date="2026-11-23T10:00"
)
EMPTY = (
    "<!-- figures: measured -->\n<!-- figures: end -->\n"
    "words\n<!-- faults: measured -->\n<!-- faults: end -->\n"
)


def a_row(work: str, ratio: float, goal: str, mind: str = "", load: float = 0) -> Row:
    one, spread = Spread(1, 1, 1), Spread(ratio, ratio / 2, ratio * 2)
    return Row(work, "s", one, one, spread, 3, "bare", goal, mind, at="2026-11-23T10:00", load=load)


def page_of(*rows: Row) -> str:
    return document.page(EMPTY, Results(MACHINE, rows), None)


# --- what is in the repository -------------------------------------------------------------


def test_the_page_shows_the_figures_that_are_kept() -> None:
    shown = document.PAGE.read_text(encoding="utf-8")
    kept = results.read(results.LATEST)
    assert document.page(shown, kept, document.read_faults()) == shown


def test_the_picture_shows_the_figures_that_are_kept() -> None:
    drawn = picture.draw(results.read(results.LATEST))
    assert document.PICTURE.read_text(encoding="utf-8") == drawn


# --- the page ------------------------------------------------------------------------------


def test_a_goal_is_said_to_be_met_or_missed_in_words() -> None:
    page = page_of(
        a_row("fast", 0.9, "≥ 0.8"), a_row("slow", 0.7, "≥ 0.8"), a_row("odd", 1, "none")
    )
    assert "| fast | 1.00 s | 1.00: bare | 0.90 (0.45-1.80) | ≥ 0.8: met |" in page
    assert "| slow | 1.00 s | 1.00: bare | 0.70 (0.35-1.40) | ≥ 0.8: **missed** |" in page
    assert "| odd | 1.00 s | 1.00: bare | 1.00 (0.50-2.00) |  |" in page


def test_what_is_to_be_minded_stands_under_the_table() -> None:
    assert "**Mind:** work: one was missed." in page_of(a_row("work", 1, "< 3", "one was missed"))


def test_a_busy_machine_is_owned_up_to() -> None:
    assert "busy" in page_of(a_row("work", 1, "< 3", load=2.5))
    assert "busy" not in page_of(a_row("work", 1, "< 3", load=1.5))


def test_renewing_a_page_again_changes_nothing_and_keeps_the_words() -> None:
    kept = Results(MACHINE, [a_row("work", 1, "< 3")])
    once = document.page(EMPTY, kept, None)
    assert document.page(once, kept, None) == once
    assert "\nwords\n" in once


def test_a_page_without_its_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="figures"):
        document.page("words", Results(MACHINE, []), None)


def test_faults_of_a_kind_are_counted_together_for_each_database() -> None:
    wrong = dict.fromkeys(document.WRONG, 0)
    row = {"fault": "kill -9", "database": "postgresql", "looked_up": 1, **wrong}
    faults = {
        "machine": {
            "cores": 2, "load": 0, "python": "3.11", "system": "Linux", "date": "2026-11-23T10:00",
        },
        "rows": [
            {**row, "replicas": 1, "messages": 1000, "kills": 3},
            {**row, "replicas": 2, "messages": 500, "kills": 4, "twice": 1},
            {**row, "database": "sqlite", "replicas": 1, "messages": 7, "kills": 2},
        ],
    }  # fmt: skip

    table = document.fault_figures(faults)

    assert "| kill -9 | postgresql | 1, 2 | 1,500 | 7 | 2 | 0 | 1 | 0 | 0 | 0 |" in table
    assert "| kill -9 | sqlite | 1 | 7 | 2 | 1 | 0 | 0 | 0 | 0 | 0 |" in table


# --- the picture ---------------------------------------------------------------------------


def test_the_picture_says_in_words_what_it_shows() -> None:
    drawn = picture.draw(Results(MACHINE, [a_row("a & b", 0.7, "≥ 0.8"), a_row("c", 2, "< 3")]))

    image = ET.fromstring(drawn)  # noqa: S314 - our own
    spoken = " ".join(text for element in image for text in [element.text or ""])
    assert "1 of 2 goals are met" in spoken
    assert "a & b: 0.70, misses ≥ 0.8" in spoken
    assert "c: 2.00, meets < 3" in spoken


def test_a_missed_goal_has_another_shape_and_lies_left_of_the_line() -> None:
    image = ET.fromstring(  # noqa: S314
        picture.draw(Results(MACHINE, [a_row("slow", 0.7, "≥ 0.8"), a_row("fast", 0.9, "≥ 0.8")]))
    )
    [goal] = [float(part.get("x1", 0)) for part in image if part.get("class") == "goal"]
    [disc] = [part for part in image if part.get("class") == "met"]
    [diamond] = [part for part in image if part.get("class") == "missed"]
    assert float(disc.get("cx", 0)) > goal
    assert float((diamond.get("d") or "").removeprefix("M").split()[0]) < goal


def test_what_lies_beyond_the_scale_is_drawn_at_its_end() -> None:
    image = ET.fromstring(picture.draw(Results(MACHINE, [a_row("far", 1000, "≥ 0.8")])))  # noqa: S314
    [disc] = [part for part in image if part.get("class") == "met"]
    assert float(disc.get("cx", 0)) == picture.RIGHT


def test_rows_without_a_goal_are_not_drawn() -> None:
    drawn = picture.draw(
        Results(MACHINE, [a_row("aimless", 1, "none"), a_row("zero", 1, "ours = 0")])
    )
    assert "aimless" not in drawn
    assert "0 of 0 goals" in drawn
