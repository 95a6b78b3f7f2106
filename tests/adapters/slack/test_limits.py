from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.blocks import message_payload
from adapters.slack.lengths import cut, length, shorten, split, units
from adapters.slack.limits import Json, check
from adapters.slack.views import form_view, home_view, notice_view
from bot.message import (
    Button,
    Buttons,
    Chart,
    Choice,
    ChoiceField,
    FinePrint,
    Form,
    Heading,
    Message,
    Paragraph,
    Series,
    TextField,
)
from tests.support.anything import forms, messages, texts

# The largest examples are larger than Hypothesis likes to print; they are the ones to try.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Generating overly large repr:hypothesis.errors.HypothesisWarning"
)

CHART = Chart("Ends", "bar", ("A", "B"), (Series("From", (1.0, 2.0)),), 1, 5, "A to B.", "Points")
MESSAGE = Message(
    "Summary",
    (
        Heading("Heading"),
        Paragraph("Words"),
        CHART,
        Buttons((Button("One", "do.one", "1", "primary"), Button("Two", "do.two"))),
        FinePrint("Small"),
    ),
)
FORM = Form(
    "Title",
    (Paragraph("Words"),),
    (
        ChoiceField("pick", "Pick", (Choice("a", "A"), Choice("b", "B")), chosen="b"),
        TextField("write", "Write", text="So far"),
    ),
    action="do.it",
    value="it",
    submit="Send",
    cancel="Not now",
)
MESSAGE_BREAKS: list[tuple[str, Any, str]] = [
    ("text", " ", "text: is empty"),
    ("text", "é" * 2_001, "text: 4002 bytes"),
    ("text", "hey <!channel>", "text: something in it could act"),
    ("blocks.0.text.text", "x" * 151, "blocks[0].text: 151 characters are more than 150"),
    ("blocks.0.text.text", "", "blocks[0].text: is empty"),
    ("blocks.0.text.type", "mrkdwn", "blocks[0].text: only plain text"),
    ("blocks.0.type", "video", "blocks[0]: video isn't a block of ours"),
    ("blocks.0.block_id", "x" * 256, "blocks[0].block_id: 256"),
    ("blocks.1.text.text", "x" * 3_001, "blocks[1].text: 3001"),
    ("blocks.1.text.text", "&" * 601, "blocks[1].text: 3005"),
    ("blocks.1.text", {"type": "mrkdwn", "text": "<@U1>"}, "blocks[1].text: something"),
    ("blocks.1.text", {"type": "mrkdwn", "text": " "}, "blocks[1].text: is empty"),
    ("blocks.1.text", {"type": "mrkdwn", "text": "x" * 3_001}, "blocks[1].text: 3001"),
    ("blocks.2.title", "x" * 51, "blocks[2].title: 51"),
    ("blocks.2.chart.type", "pie", "blocks[2].chart.type: pie"),
    ("blocks.2.chart.axis_config.categories", ["A", "A"], "blocks[2].categories: A is there 2"),
    ("blocks.2.chart.axis_config.categories", ["B", "A"], "blocks[2].series[0]: its labels"),
    ("blocks.2.chart.axis_config.y_label", "x" * 51, "blocks[2].y_label: 51"),
    ("blocks.2.chart.series.0.name", "x" * 21, "blocks[2].series: 21"),
    ("blocks.2.chart.series.0.data.0.value", None, "blocks[2].series[0]: has a gap"),
    ("blocks.3.elements", [], "blocks[3].elements: there is none"),
    ("blocks.4.elements.0.text.text", "x" * 76, "blocks[4].elements[0].text: 76"),
    ("blocks.4.elements.0.value", "", "blocks[4].elements[0].value: is empty"),
    ("blocks.4.elements.0.value", "x" * 2_001, "blocks[4].elements[0].value: 2001"),
    ("blocks.4.elements.0.style", "quiet", "blocks[4].elements[0].style: quiet"),
    ("blocks.4.elements.0.action_id", "do.two|1", "action_id: do.two|1 is there 2 times"),
    ("blocks.5.elements", [{"type": "plain_text", "text": "x"}] * 11, "blocks[5].elements: 11"),
    ("blocks", form_view(FORM)["blocks"], "blocks[1]: an input doesn't belong in a message"),
    ("blocks", [{"type": "header"}], "something in it has no 'text'"),
]
VIEW_BREAKS: list[tuple[str, Any, str]] = [
    ("type", "page", "type: page isn't a view"),
    ("title.text", "x" * 25, "title: 25 characters are more than 24"),
    ("submit.text", "x" * 25, "submit: 25"),
    ("close.text", "", "close: is empty"),
    ("callback_id", "", "callback_id: is empty"),
    ("private_metadata", "x" * 3_001, "private_metadata: 3001"),
    ("blocks", [], "blocks: there is none"),
    ("blocks.1.block_id", "write", "block_id: write is there 2 times"),
    ("blocks.1.label.text", "x" * 2_001, "blocks[1].label: 2001"),
    ("blocks.1.hint", {"type": "plain_text", "text": ""}, "blocks[1].hint: is empty"),
    ("blocks.1.element.options", [], "blocks[1].element.options: there is none"),
    ("blocks.1.element.options.0.text.text", "x" * 76, "options[0].text: 76"),
    ("blocks.1.element.options.0.value", "x" * 151, "options[0].value: 151"),
    ("blocks.1.element.options.0.value", "b", "options.value: b is there 2 times"),
    ("blocks.1.element.initial_option", {}, "initial_option: isn't one of the options"),
    ("blocks.2.element.max_length", 3_001, "max_length: 3001 isn't from 1 to 3000"),
    ("blocks.2.element.max_length", 2, "initial_value: 6 characters are more than 2"),
]


def changed(payload: Json, path: str, value: object) -> Json:
    """The payload with another value at a place."""
    payload = deepcopy(payload)
    *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
    inner: Any = payload
    for step in way:
        inner = inner[step]
    inner[last] = value
    return payload


def test_what_is_within_the_limits_has_no_problems() -> None:
    assert check(message_payload(MESSAGE)) == []
    assert check(form_view(FORM)) == []


@pytest.mark.parametrize(("path", "value", "problem"), MESSAGE_BREAKS)
def test_each_limit_of_a_message_is_named_with_its_place(
    path: str, value: object, problem: str
) -> None:
    problems = check(changed(message_payload(MESSAGE), path, value))
    assert any(problem in each for each in problems), problems


@pytest.mark.parametrize(("path", "value", "problem"), VIEW_BREAKS)
def test_each_limit_of_a_view_is_named_with_its_place(
    path: str, value: object, problem: str
) -> None:
    problems = check(changed(form_view(FORM), path, value))
    assert any(problem in each for each in problems), problems


def test_too_many_blocks_charts_and_characters_are_named() -> None:
    section, chart = (message_payload(MESSAGE)["blocks"][index] for index in (1, 2))
    assert "blocks: 51 are more than 50" in check({"text": "x", "blocks": [section] * 51})
    assert "blocks: 3 charts are more than 2" in check({"text": "x", "blocks": [chart] * 3})
    long = changed(section, "text.text", "x" * 3_000)
    assert any("9000" in problem for problem in check({"text": "x", "blocks": [long] * 4}))


def test_a_view_that_is_too_heavy_or_has_no_way_to_be_sent_is_named() -> None:
    view = form_view(FORM)
    del view["submit"], view["title"]
    assert {"submit: a view with inputs needs one", "title: a modal needs one"} <= {*check(view)}
    long = {"type": "section", "text": {"type": "plain_text", "text": "é" * 3_000}}
    heavy = {"type": "home", "blocks": [long] * 14}
    assert any("bytes are more than 250000" in problem for problem in check(heavy))


@settings(max_examples=150)
@given(messages, st.booleans())
def test_any_message_is_within_all_limits(message: Message, with_charts: bool) -> None:
    assert check(message_payload(message, with_charts=with_charts)) == []


@settings(max_examples=100)
@given(messages, texts)
def test_any_notice_and_any_home_page_are_within_all_limits(message: Message, title: str) -> None:
    assert check(notice_view(message, title, with_charts=True)) == []
    assert check(home_view(message)) == []


@settings(max_examples=150)
@given(forms)
def test_any_form_is_within_all_limits(form: Form) -> None:
    assert check(form_view(form)) == []


def test_the_heaviest_form_is_within_all_limits_and_keeps_its_introduction() -> None:
    choices = tuple(Choice(f"{number}{'🙂' * 70}", "🙂" * 37) for number in range(100))
    heavy = tuple(ChoiceField(f"f{n}", "🙂" * 1_000, choices, help="🙂" * 1_000) for n in range(9))
    introduction = tuple(Paragraph("🙂" * 1_500) for _ in range(30))
    view = form_view(Form("Title", introduction, heavy, "do.it", "🙂" * 1_500, "Send"))
    assert check(view) == []
    kinds = [block["type"] for block in view["blocks"]]
    assert (kinds[0], kinds[-1]) == ("section", "input")


def test_heavy_buttons_are_within_all_limits() -> None:
    row = Buttons(tuple(Button("🙂" * 37, "do.it", "🙂" * 1_000) for _ in range(6)))
    view = home_view(Message("Summary", (Paragraph("Words"), *[row] * 110)))
    assert check(view) == []
    assert len(view["blocks"]) > 2


def test_the_longest_summary_is_within_all_limits() -> None:
    for summary in ("€" * 9_000, "&" * 9_000, "*" * 9_000, "🙂" * 9_000):
        assert check(message_payload(Message(summary, ()))) == []


@given(st.text() | texts, st.integers(10, 200))
def test_a_shortened_text_fits_and_starts_as_it_did(text: str, most: int) -> None:
    short = shorten(text, most)
    assert length(short) <= most
    assert text.startswith(short.removesuffix("…"))


@given(st.text() | texts, st.integers(10, 200))
def test_a_text_in_pieces_loses_nothing_but_spaces(text: str, most: int) -> None:
    pieces = split(text, most)
    assert all(length(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_text_is_shortened_between_words() -> None:
    assert shorten("What your manager will see", 24) == "What your manager will…"


@pytest.mark.parametrize("whole", ["👩🏽\u200d🚒", "e\u0301", "👍🏽"])
def test_what_is_seen_as_one_character_is_never_cut_in_two(whole: str) -> None:
    text = "x" * 8 + whole * 3
    for most in range(9, units(text)):
        rest = shorten(text, most).removesuffix("…").lstrip("x")
        assert rest == whole * (len(rest) // len(whole))


def test_what_must_come_back_is_cut_without_an_ellipsis() -> None:
    assert cut("abcdef", 3) == "abc"
    assert cut("a🙂b", 2) == "a"
