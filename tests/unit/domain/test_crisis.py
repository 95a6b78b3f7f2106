from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.crisis import CrisisWords, plain_words

WORDS = CrisisWords(
    phrases=["want to fall", "ends here"],
    alone=["fall"],
    harmless=["fall asleep"],
    spellings={"want to": ["wanna"], "here": ["h*re"]},
)


@pytest.mark.parametrize(
    "text",
    [
        "want to fall",
        "I WANT, to -- fall!",
        "w\u00e1nt to f\u0101ll",
        "wan't to fa\u2019ll",
        "want\u00a0to\nfall",
        "want&nbsp;to fall",
        "wa\u200bnt to fall",
        "want too faaaalll",
        "\uff57\uff41\uff4e\uff54 to fall",
        "wanna fall",
        "it ends h*re",
        "*want* _to_ ~fall~",
        "fall",
        " Fall... ",
        "want to fall asleep? no: i want to fall",
    ],
)
def test_a_phrase_is_found_however_it_is_written(text: str) -> None:
    assert WORDS.are_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "\U0001f642",
        "want to falter",
        "unwant to fall in",
        "a fall",
        "I want to fall asleep",
        "want to fa ll",
        "wannabe fall",
    ],
)
def test_other_words_are_not(text: str) -> None:
    assert not WORDS.are_in(text)


def test_a_letter_counts_once_and_a_digit_each_time() -> None:
    assert plain_words("Hello 1000 bookkeepers") == ("helo", "1000", "bokepers")


@given(st.text())
def test_a_phrase_is_found_after_any_text(text: str) -> None:
    assert WORDS.are_in(f"{text} . want to fall")


@given(st.text(alphabet=" .,!?-\u2019'\n", max_size=5), st.booleans())
def test_punctuation_and_case_change_nothing(between: str, upper: bool) -> None:
    text = f" {between} ".join(["i", "want", "to", "fall"])
    assert WORDS.are_in(text.upper() if upper else text)
