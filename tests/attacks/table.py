"""All verdicts as a table: attackers, and how each did against ours and against weak designs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tests.attacks.verdict import EITHER, POSTGRESQL, SQLITE, Verdict

HEAD = (
    "Attacker",
    "Has",
    "Ours on SQLite",
    "Ours on PostgreSQL",
    "By guessing",
    "A weak design that it beats",
)
NOTHING = ""


def markdown(verdicts: Sequence[Verdict]) -> str:
    """One row an attacker, in the order in which they were first tried."""
    by_attacker: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_attacker.setdefault(verdict.attacker, []).append(verdict)
    lines = [HEAD, ("---",) * len(HEAD), *map(_row, by_attacker.values())]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _row(verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    ours = [verdict for verdict in verdicts if verdict.ours]
    first = (ours or verdicts)[0]
    return (
        first.attacker,
        first.has,
        _cell(_on(SQLITE, ours)),
        _cell(_on(POSTGRESQL, ours)),
        f"{first.by_chance:.0%}",
        "; ".join(_weak(verdicts)) or NOTHING,
    )


def _on(database: str, verdicts: Iterable[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.database in {database, EITHER}]


def _cell(verdicts: Sequence[Verdict]) -> str:
    return "; ".join(map(_figures, verdicts)) or NOTHING


def _figures(verdict: Verdict) -> str:
    """How many answers were right; and whose box or row was found, which isn't an answer."""
    linked = "" if verdict.linked is None or not verdict.ours else f" (boxes: {verdict.linked})"
    won = " **lost**" if verdict.ours and verdict.won else ""
    return f"{verdict.figures}{linked}{won}"


def _weak(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """Each weak design once, with the databases on which it was tried."""
    by_design: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if not verdict.ours:
            by_design.setdefault(verdict.design, []).append(verdict)
    for design, tried in by_design.items():
        tried.sort(key=lambda verdict: verdict.database, reverse=True)
        yield f"{design}: {', '.join(map(_where, tried))}"


def _where(verdict: Verdict) -> str:
    on = "" if verdict.database == EITHER else f" on {verdict.database}"
    stood = "" if verdict.won else " **stood**"
    return f"{_figures(verdict)}{on}{stood}"
