from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters.teams.markdown import heading, inert, link, plain
from bot.text import one_line
from tests.adapters.teams.reading import text_of
from tests.support.anything import texts
from tests.support.lookalikes import lookalike

# Teams' clients for the desktop read cards with markdown-it, of which this is the Python edition.
MARKDOWN = MarkdownIt("commonmark").enable(["strikethrough", "table"])
MARKS = st.text(st.sampled_from("*_~`[]()<>!#+-=|\\&;:.{}1a \n\t"), max_size=30)


def read(text: str) -> str:
    """What is seen of a line of Markdown in which nothing acts."""
    shown = MARKDOWN.render(text).removeprefix("<p>").removesuffix("</p>\n")
    assert "<" not in shown, shown
    return html.unescape(shown)


@given(st.text() | texts | MARKS)
def test_nothing_acts_in_an_inert_text(text: str) -> None:
    words = inert(text)
    assert read(words) == words


@given(st.text() | texts | MARKS)
def test_an_inert_text_is_as_long_as_the_text(text: str) -> None:
    assert len(inert(text)) == len(one_line(text))


@given(st.text() | texts | MARKS)
def test_nothing_acts_in_an_inert_text_that_is_shortened(text: str) -> None:
    words = inert(text, 12)
    assert len(words) <= 12
    assert read(words) == words


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("a_b_c@example.com", "snake_case", "half past 12:30, 13:00", "in #general", "a|b"),
        *("Tom & Ann", "Housing (North) - South", "from 3.5 to 4"),
    ],
)
def test_what_does_nothing_in_the_middle_of_a_line_stays(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("*x*", lookalike("*x*")),
        ("_x_", lookalike("_x_")),
        ("~~x~~", lookalike("~~x~~")),
        ("`x`", lookalike("`x`")),
        ("[a](b)", f"{lookalike('[a]')}(b)"),
        ("<at>Ada</at>", lookalike("<at>Ada</at>")),
        ("&lt;b&gt;", lookalike("&lt;b&gt;")),
        ("# Title", lookalike("# Title")),
        ("- entry", lookalike("- entry")),
        ("+ entry", lookalike("+ entry")),
        ("1. first", lookalike("1. first")),
        ("2) second", lookalike("2) second")),
        ("one\n- two", "one - two"),
        ("\\*x", lookalike("\\*x")),
    ],
)
def test_what_teams_would_interpret_is_shown_instead(text: str, words: str) -> None:
    assert inert(text) == words


def test_a_link_shows_its_label() -> None:
    shown = MARKDOWN.render(link("tel:999", inert("Call *now*")))
    assert shown == f'<p><a href="tel:999">Call {lookalike("*now*")}</a></p>\n'


def test_a_heading_is_one_for_screen_readers_and_wraps() -> None:
    made = heading("Hello\n*x*")
    assert (made["text"], made["style"], made["wrap"]) == (
        f"Hello {lookalike('*x*')}",
        "heading",
        True,
    )


def test_a_text_that_could_act_is_never_interpreted_and_stays_as_it_is() -> None:
    assert plain("# <at>Ada</at> *x* &amp;", isSubtle=True) == [
        {
            "type": "RichTextBlock",
            "inlines": [{"type": "TextRun", "text": "# <at>Ada</at> *x* &amp;", "isSubtle": True}],
        }
    ]


@pytest.mark.parametrize("text", ["Words", "12:30", "ada@a.example", "Tom & Ann", "مرحبا"])
def test_a_text_in_which_nothing_could_act_wraps_on_every_client(text: str) -> None:
    assert plain(text) == [{"type": "TextBlock", "text": text, "wrap": True}]


@pytest.mark.parametrize("text", ["snake_case", "https://a.example", "*x", "1. x", "- x", "a\\"])
def test_a_text_that_some_client_could_interpret_is_kept_from_it(text: str) -> None:
    (block,) = plain(text)
    assert (block["type"], text_of(block)) == ("RichTextBlock", text)


def test_every_line_of_a_text_is_a_block_close_to_the_one_above() -> None:
    blocks = plain("one\r\n two\n\n\u200b\nthree")
    assert [text_of(block) for block in blocks] == ["one", "two", "three"]
    assert [block.get("spacing") for block in blocks] == [None, "None", "None"]


@given(st.text() | texts)
def test_no_block_of_a_text_is_empty_or_has_a_control_character(text: str) -> None:
    assert all(line.strip() and "\n" not in line for line in map(text_of, plain(text)))
