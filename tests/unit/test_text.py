from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import clean, is_blank, one_line, place_to_cut
from tests.support.anything import texts


@given(st.text() | texts)
def test_a_clean_text_can_be_sent_and_turns_nothing_around(text: str) -> None:
    words = clean(text)
    words.encode()
    assert not any(
        unicodedata.category(character) == "Cc"
        for character in words.replace("\n", "").replace("\t", "")
    )
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", words)


def test_words_from_right_to_left_stay_whole() -> None:
    assert clean("مرحبا \u202eevil") == "مرحبا evil"


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\u2060 \ufe0f", "\x00", "\u202e"])
def test_a_text_in_which_nothing_can_be_seen_is_blank(text: str) -> None:
    assert is_blank(text)


def test_line_ends_become_newlines_or_go() -> None:
    assert clean("a\r\nb\rc\u2028d") == "a\nb\nc\nd"
    assert one_line("a\r\n  b\tc") == "a b c"


@pytest.mark.parametrize(
    ("text", "most", "before"),
    [
        ("What your manager will see", 23, "What your manager will"),
        ("x" * 30, 23, "x" * 23),
        ("Short " + "x" * 30, 23, "Short " + "x" * 17),
        ("x" * 8 + "👩🏽\u200d🚒", 10, "x" * 8),
    ],
)
def test_a_text_is_cut_between_words_and_never_within_a_character(
    text: str, most: int, before: str
) -> None:
    assert text[: place_to_cut(text, most)] == before
