"""What `wellbeing simulate anonymity` does: play a year with made-up people, and attack it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.errors import FindingsError
from bot.simulation import findings, picture, table
from bot.simulation.findings import Finding

HOW_TO_READ: Final = (
    "How to read this: everybody here is made up, and nobody ever changes an answer, which is the "
    "worst for them. The attacker has all rosters, everything that was published and a few "
    "colleagues' own answers and, where it says so, knows who answered each time. Published is the "
    "share of results that could be shown; the others were held back. Determined is how many "
    "people had an answer that follows for certain. Ruled out is the share of answers of which "
    "some value from 1 to 5 can't be (with a question mark: for how many that was too hard to "
    "say). Right of two is how often the attacker is right about which of two people of one group "
    "is the more content, if one of them left, joined or moved; by chance it is half of the time. "
    "Gain is what the attacker has over somebody who reads what was published while each was "
    "there, and works nothing out, in percentage points; one below what stands behind ± may be "
    "chance."
)


class Study(Protocol):
    """Simulates organisations of these sizes and turnovers, which are shares."""

    def __call__(
        self,
        people: Sequence[int],
        turnovers: Sequence[float],
        seed: int,
        *,
        quick: bool,
        progress: Callable[[str], None],
    ) -> list[Finding]: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to simulate, and which files to write.

    people, percents   sizes of organisations; how many of 100 leave in a year
    results            a JSON file of what is found
    picture, page      an SVG file, and a Markdown file with a place for the table
    redraw             read `results` instead of simulating
    """

    people: Sequence[int]
    percents: Sequence[float]
    seed: int
    quick: bool
    results: Path | None = None
    picture: Path | None = None
    page: Path | None = None
    redraw: bool = False


def simulate_anonymity(wanted: Wanted, study: Study, out: Console) -> None:
    """Simulate, print the table, write the files. Raises FindingsError."""
    _check(wanted)
    found = _found(wanted, study, out)
    for each in table.for_terminal(found):
        out.print(each)
    out.print(HOW_TO_READ)
    _write(wanted, found)


def _check(wanted: Wanted) -> None:
    """A simulation takes long: what would make writing fail afterwards is said before."""
    if wanted.redraw and wanted.results is None:
        raise FindingsError(["Which findings are to be drawn again? Say: --results FILE"])
    for file in (wanted.results, wanted.picture):
        if file is not None and not file.absolute().parent.is_dir():
            raise FindingsError([f"{file} can't be written: there is no folder {file.parent}."])
    if wanted.page is not None:
        table.check_page(wanted.page)


def _found(wanted: Wanted, study: Study, out: Console) -> list[Finding]:
    if wanted.redraw and wanted.results is not None:
        return findings.read(wanted.results)
    turnovers = [percent / 100 for percent in wanted.percents]
    with _progress(out) as progress:
        task = progress.add_task("Starting", total=None)
        return study(
            wanted.people,
            turnovers,
            wanted.seed,
            quick=wanted.quick,
            progress=lambda done: progress.update(task, description=done),
        )


def _progress(out: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
        console=out,
        transient=True,
    )


def _write(wanted: Wanted, found: Sequence[Finding]) -> None:
    if wanted.results is not None:
        findings.write(found, wanted.results)
    if wanted.page is not None:
        table.write_into(wanted.page, found)
    if wanted.picture is not None:
        picture.write(found, wanted.picture)
