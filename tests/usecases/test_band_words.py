from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.content import PromptLibrary
from bot.domain.bands import publish
from bot.domain.gate import GateRules
from bot.domain.library import Scale
from bot.ports import Texts
from bot.usecases.band_words import labels_in_words

AGREEMENT = Scale(1, 5, ("Strongly disagree", "Disagree", "In between", "Agree", "Strongly agree"))
ENDS_ONLY = Scale(0, 10, ("Not at all", *[""] * 9, "Completely"))
FOUR = Scale(1, 4, ("Never", "", "", "Always"))


@pytest.fixture(scope="module")
def texts(library: PromptLibrary) -> Texts:
    return library.texts("en")


@pytest.mark.parametrize(
    ("scale", "low", "high", "expected"),
    [
        (AGREEMENT, 1, 3, 'from "strongly disagree" to "in between"'),
        (AGREEMENT, 3, 5, 'from "in between" to "strongly agree"'),
        (AGREEMENT, 2, 3, 'from "disagree" to "in between"'),
        (AGREEMENT, 4, 5, 'from "agree" to "strongly agree"'),
        (AGREEMENT, 2.5, 3.5, 'around "in between"'),
        (AGREEMENT, 3.5, 5, 'from "in between" to "strongly agree"'),
        (AGREEMENT, 1, 3.5, 'from "strongly disagree" to "agree"'),
        (AGREEMENT, 1, 5, 'from "strongly disagree" to "strongly agree"'),
        (ENDS_ONLY, 0, 5, 'from "not at all" to the middle'),
        (ENDS_ONLY, 5, 7.5, 'from the middle to "completely"'),
        (ENDS_ONLY, 6.5, 10, 'from the middle to "completely"'),
        (ENDS_ONLY, 3.5, 6.5, "around the middle"),
        (ENDS_ONLY, 0, 6.5, 'from "not at all" to "completely"'),
        (FOUR, 1, 2.5, 'from "never" to the middle'),
    ],
)
def test_a_band_has_the_words_of_its_own_scale(
    texts: Texts, scale: Scale, low: float, high: float, expected: str
) -> None:
    assert labels_in_words(texts, scale, Fraction(low), Fraction(high)) == expected


@given(st.data())
def test_every_band_that_can_be_published_has_words(texts: Texts, data: st.DataObject) -> None:
    scale = data.draw(st.sampled_from([AGREEMENT, ENDS_ONLY, FOUR]))
    counts = data.draw(
        st.lists(st.integers(0, 9), min_size=scale.span + 1, max_size=scale.span + 1)
    )
    rules = GateRules(insiders=data.draw(st.integers(1, 4)))
    band = publish(counts, scale.low, scale.high, rules)
    if band is not None:
        said = labels_in_words(texts, scale, band.mean_low, band.mean_high)
        assert said.startswith(("from ", "around "))
