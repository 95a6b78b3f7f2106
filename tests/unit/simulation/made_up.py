"""Findings that no simulation found."""

from __future__ import annotations

from bot.simulation.findings import Finding, Knows


def a_finding(
    design: str = "ours",
    turnover: float = 0.18,
    auc: float | None = 0.62,
    *,
    people: int = 150,
    reorganises: bool = True,
    answering: float = 0.75,
    knows: Knows = Knows.WHO_ANSWERED,
    published: float = 0.845,
    determined: int | None = 0,
    ruled_out: float | None = 0.025,
    undecided: float | None = 0.0,
    band_auc: float = 0.6,
    gain_error: float = 0.02,
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
        auc=auc,
        band_auc=None if auc is None else band_auc,
        gain_error=gain_error,
    )
