"""Somebody who reads all summaries, and works nothing out: what attackers are measured against.

They think that whoever was there while results were high is the more content. Bands say that much
of everybody who was counted in them; anonymity can't be better without publishing less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean

from bot.simulation import organisation as made
from bot.simulation.releases import Release

DIGITS = 9  # equal results must come out equal


def read(
    releases: Sequence[Release], question_means: Sequence[float], *, knows_who_answered: bool
) -> Mapping[str, float]:
    """Each person → the middle of the results that they were part of, beside their questions'."""
    seen: defaultdict[str, list[float]] = defaultdict(list)
    for one in releases:
        beside = _middle(one) - question_means[one.question]
        for person in one.answered if knows_who_answered else one.counted:
            seen[person].append(beside)
    return {person: round(fmean(found), DIGITS) for person, found in seen.items()}


def _middle(release: Release) -> float:
    low, high = float(release.low), float(release.high)
    return (max(low, made.LOWEST) + min(high, made.HIGHEST)) / 2
