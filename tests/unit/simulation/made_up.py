"""Findings that no simulation found."""

from __future__ import annotations

from bot.simulation.findings import Finding, Knows


def a_finding(
    design: str = "ours",
    turnover: float = 0.18,
    right: float | None = 0.62,
    *,
    people: int = 150,
    reorganises: bool = True,
    answering: float = 0.75,
    knows: Knows = Knows.WHO_ANSWERED,
    published: float = 0.845,
    determined: int | None = 0,
    ruled_out: float | None = 0.025,
    undecided: float | None = 0.0,
    by_reading: float | None = 0.6,
    right_error: float = 0.02,
    gain_error: float = 0.01,
) -> Finding:
    return Finding(
        people=people,
        turnover=turnover,
        design=design,
        reorganises=reorganises,
        answering=answering,
        knows=knows,
        published=published,
        blocks=14,
        determined=determined,
        ruled_out=ruled_out,
        undecided=undecided,
        right=right,
        by_reading=by_reading if right is not None else None,
        right_error=right_error,
        gain_error=gain_error,
    )
