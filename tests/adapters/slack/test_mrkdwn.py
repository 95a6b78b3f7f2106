from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.lengths import length, units
from adapters.slack.mrkdwn import bold, inert, link, marked, plain
from bot.text import clean
from tests.support.anything import texts
from tests.support.lookalikes import lookalike

SHORTCODE = re.compile(r":[^\s:]+:")


@given(st.text() | texts)
def test_nothing_that_could_act_is_left_in_an_inert_text(text: str) -> None:
    words = inert(text)
    assert not set("*~`<>") & set(words)
    assert re.fullmatch(r"(?:[^&]|&(?:amp|lt|gt);)*", words, re.DOTALL)
    assert not SHORTCODE.search(words)
    assert not re.search(r"(?m)^\s*&gt;", words)
    assert not re.search(r"(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])", words)


@given(st.text() | texts)
def test_an_inert_text_is_no_longer_than_was_counted(text: str) -> None:
    assert units(inert(text)) <= length(clean(text))


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize(
    "text",
    ["a_b_c@example.com", "snake_case", "half past 12:30, 13:00", "#general", "@here", "a|b"],
)
def test_what_does_nothing_in_the_middle_of_a_word_stays(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U1>", "&lt;@U1&gt;"),
        ("&amp;", "&amp;amp;"),
        ("*x*", lookalike("*x*")),
        ("_x_", lookalike("_x_")),
        ("~x~", lookalike("~x~")),
        ("`x`", lookalike("`x`")),
        (":smile:", lookalike(":") + "smile:"),
        ("::smile:", 2 * lookalike(":") + "smile:"),
        ("one\n> two", lookalike("one\n> two")),
        (">>> three", lookalike(">>> three")),
    ],
)
def test_what_slack_would_interpret_is_shown_instead(text: str, words: str) -> None:
    assert inert(text) == words


def test_marked_text_keeps_slack_from_making_links_by_itself() -> None:
    assert marked(inert("@here #general")) == {
        "type": "mrkdwn",
        "text": "@here #general",
        "verbatim": True,
    }


def test_a_link_shows_its_label() -> None:
    text = bold(link("tel:999", inert("Call <now>")))
    assert html.unescape(text) == "*<tel:999|Call <now>>*"


@pytest.mark.parametrize(
    ("text", "pictures"), [("☀️ Doing well", True), ("Team :tada:", False), ("At 12:30", True)]
)
def test_a_shortcode_in_a_plain_text_never_becomes_a_picture(text: str, pictures: bool) -> None:
    assert plain(text, 75) == {"type": "plain_text", "text": text, "emoji": pictures}


def test_words_from_right_to_left_stay_whole() -> None:
    assert inert("שלום *x*") == lookalike("שלום *x*")
