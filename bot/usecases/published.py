"""What was published, as the values that rules go by."""

from __future__ import annotations

from fractions import Fraction

from bot.domain.bands import Band
from bot.store.tables import Publication


def band_of(row: Publication) -> Band:
    """The band that a published row holds. Its ends are half points of the question's scale."""
    return Band(
        mean_low=Fraction(row.mean_low_halves or 0, 2),
        mean_high=Fraction(row.mean_high_halves or 0, 2),
        n_low=row.n_low or 0,
        n_high=row.n_high,
    )
