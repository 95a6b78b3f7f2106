"""`wellbeing simulate anonymity`, with a study that finds at once what it is told to find."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from rich.console import Console

from bot.cli_simulate import HOW_TO_READ, Wanted, simulate_anonymity
from bot.errors import FindingsError
from bot.simulation.findings import Finding, read, write
from bot.simulation.picture import draw
from bot.simulation.table import BEGIN, END, as_markdown
from tests.cli.test_command_line import Shell
from tests.unit.simulation.made_up import a_finding

FOUND = [a_finding("ours", right=0.52), a_finding("weak", right=0.9, determined=12)]


def study(
    people: Sequence[int],
    turnovers: Sequence[float],
    seed: int,
    *,
    quick: bool,
    progress: Callable[[str], None],
) -> list[Finding]:
    progress("Finding it")
    assert (people, turnovers, seed, quick) == ([150], [0.18], 1, True)
    return FOUND


def fail(*_: object, **__: object) -> list[Finding]:
    raise AssertionError("nothing is to be simulated")


def wanted(
    results: Path | None = None,
    picture: Path | None = None,
    page: Path | None = None,
    *,
    redraw: bool = False,
) -> Wanted:
    return Wanted([150], [18], 1, True, results, picture, page, redraw)


@pytest.fixture
def out() -> Console:
    return Console(file=io.StringIO(), width=120)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.md"
    file.write_text(f"{BEGIN}\n{END}\n", encoding="utf-8")
    return file


def shown(out: Console) -> str:
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def test_it_shows_what_was_found_and_how_to_read_it(out: Console) -> None:
    simulate_anonymity(wanted(), study, out)
    assert "90% ±3.9" in shown(out)
    assert " ".join(shown(out).split()).endswith(HOW_TO_READ)


def test_it_keeps_what_was_found_and_draws_it(out: Console, page: Path, tmp_path: Path) -> None:
    results, picture = tmp_path / "found.json", tmp_path / "found.svg"
    simulate_anonymity(wanted(results, picture, page), study, out)
    assert read(results) == FOUND
    assert picture.read_text(encoding="utf-8") == draw(FOUND)
    assert as_markdown(FOUND) in page.read_text(encoding="utf-8")


def test_it_draws_again_what_was_kept_without_simulating(
    out: Console, page: Path, tmp_path: Path
) -> None:
    results = tmp_path / "found.json"
    simulate_anonymity(wanted(results), study, out)
    simulate_anonymity(wanted(results, page=page, redraw=True), fail, out)
    assert as_markdown(FOUND) in page.read_text(encoding="utf-8")


def test_a_page_without_a_place_is_refused_before_anything_is_simulated(
    out: Console, tmp_path: Path
) -> None:
    bare = tmp_path / "page.md"
    bare.write_text("words\n", encoding="utf-8")
    with pytest.raises(FindingsError, match="no place for the table"):
        simulate_anonymity(wanted(page=bare), fail, out)


def test_a_folder_that_is_not_there_is_refused_before_anything_is_simulated(
    out: Console, tmp_path: Path
) -> None:
    with pytest.raises(FindingsError, match="there is no folder"):
        simulate_anonymity(wanted(tmp_path / "nowhere" / "found.json"), fail, out)


def test_drawing_again_needs_a_file_to_draw_from(out: Console) -> None:
    with pytest.raises(FindingsError, match="--results FILE"):
        simulate_anonymity(wanted(redraw=True), fail, out)


# --- the real command ----------------------------------------------------------------------


def test_the_command_shows_what_was_kept(tmp_path: Path, page: Path) -> None:
    write(FOUND, tmp_path / "found.json")
    ran = Shell(tmp_path).run(
        "simulate", "anonymity", "--redraw", "--results", "found.json", "--page", page.name
    )
    assert ran.status == 0, ran.err
    assert "150 people, 18% leave in a year" in ran.out
    assert "How to read this" in ran.out
    assert as_markdown(FOUND) in page.read_text(encoding="utf-8")


def test_the_command_needs_neither_settings_nor_a_database(tmp_path: Path) -> None:
    write(FOUND, tmp_path / "found.json")
    wrong = {"DATABASE_URL": "nonsense", "WELLBEING_PROMPTS": "nowhere"}
    ran = Shell(tmp_path, wrong).run("simulate", "anonymity", "--redraw", "--results", "found.json")
    assert ran.status == 0, ran.err
    assert [file.name for file in tmp_path.iterdir()] == ["found.json"]


def test_the_command_says_kindly_what_is_wrong(tmp_path: Path) -> None:
    ran = Shell(tmp_path).run("simulate", "anonymity", "--page", "nowhere.md")
    assert ran.status == 1
    assert ran.sentences == ["nowhere.md can't be read."]
