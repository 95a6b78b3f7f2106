from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.cards import form_card, message_card
from adapters.teams.limits import Json, check, weight
from adapters.teams.markdown import shorten
from bot.message import (
    Button,
    Buttons,
    Chart,
    Choice,
    ChoiceField,
    FinePrint,
    Form,
    Heading,
    Item,
    Items,
    Message,
    Paragraph,
    Series,
    TextField,
)
from tests.adapters.teams.schema import problems
from tests.support.anything import texts

RANGE = Chart("Ends", "range", ("A",), (Series("From", (1.0,)), Series("To", (2.0,))), 1, 5, "A.")
CHART = Chart("Ends", "bar", ("A", "B"), (Series("From", (1.0, 2.0)),), 1, 5, "A to B.", "Points")
MESSAGE = Message(
    "Summary",
    (
        Heading("Heading"),
        Paragraph("*Words*"),
        CHART,
        Buttons(tuple(Button(str(number), "do.it", "1", "primary") for number in range(6))),
        Buttons((Button("Form", "open.it"),)),
        Items((Item("Name", "", "https://a.example"),)),
        FinePrint("Small"),
        RANGE,
    ),
)
FORM = Form(
    "Title",
    (),
    (
        ChoiceField("pick", "Pick", (Choice("a", "A"), Choice("b", "B")), chosen="b"),
        TextField("write", "Write", text="So far", required=True),
    ),
    action="do.it",
    value="it",
    submit="Send",
)
MESSAGE_BREAKS: list[tuple[str, Any, str]] = [
    ("version", "1.6", "type: only Adaptive Cards 1.5"),
    ("fallbackText", " ", "fallbackText: is empty"),
    ("speak", "x" * 301, "speak: 301 characters are more than 300"),
    ("speak", "<b>", "speak: something in it could act"),
    ("body", [], "body: there is none"),
    ("body.0.type", "Media", "body[0]: Media isn't an element of ours"),
    ("body.0.text", "", "body[0].text: is empty"),
    ("body.0.text", "*x*", "body[0].text: something in it could act"),
    ("body.0.text", "1. x", "body[0].text: something in it could act"),
    ("body.0.text", "[a*](https://a.example)", "body[0].text: something in it could act"),
    ("body.0.text", "[a](javascript:x)", "body[0].text: something in it could act"),
    ("body.0.text", "x" * 151, "body[0].text: 151"),
    ("body.0.wrap", False, "body[0].wrap"),
    ("body.1.inlines", [], "body[1].inlines: there is none"),
    ("body.1.inlines.0.text", " ", "body[1].inlines[0]: is empty"),
    ("body.1.inlines.0.selectAction", {}, "body[1].inlines[0]: Teams shows an action"),
    ("body.3.title", "x" * 51, "body[3].title: 51"),
    ("body.3.yAxisTitle", "x" * 41, "body[3].yAxisTitle: 41"),
    ("body.3.yMin", 5, "body[3].yMin: isn't below yMax"),
    ("body.3.data.0.legend", "", "body[3].data: is empty"),
    ("body.3.data.0.values.0.x", "B", "body[3].data[0]: B is there 2 times"),
    ("body.3.data.0.values.0.y", None, "body[3].data[0]: has a gap"),
    ("body.3.fallback.facts.0.value", "_x_", "fallback.value: something in it could act"),
    ("body.10.items.0.text", "*x*", "body[10]: something in it could act"),
    ("body.10.items.1.columns.0.width", 24, "body[10]: a bar isn't as wide as the scale"),
    ("body.10.items.1.columns.0.style", "emphasis", "body[10]: a bar shows no range"),
    ("body.10.items.2.columns.0.items.0.text", " ", "body[10].text: is empty"),
    ("body.5.actions", [], "body[5].actions: there is none"),
    ("body.5.actions.0.title", "x" * 76, "body[5].actions[0].title: 76"),
    ("body.5.actions.0.verb", "", "body[5].actions[0].verb: is empty"),
    ("body.5.actions.0.style", "quiet", "body[5].actions[0].style: quiet"),
    ("body.5.actions.0.type", "Action.OpenUrl", "body[5].actions[0]: Action.OpenUrl isn't"),
    ("body.5.actions.0.data.value", "x" * 501, "body[5].actions[0].data.value: 501"),
    ("body.5.actions.0.data", {}, "something in it has no 'value'"),
    ("body.6.columns", [], "body[6].columns: there is none"),
    ("body.6.columns.0.items.0.text", "", "body[6].columns[0].text: is empty"),
    ("body.6.columns.0.selectAction.data.action", "", "selectAction.data: is empty"),
    ("body.6.columns.0.selectAction.data.msteams", {}, "data.msteams: opens no dialog"),
]
FORM_BREAKS: list[tuple[str, Any, str]] = [
    ("actions.0.data.form", "", "actions[0].data: is empty"),
    ("body.0.id", "write", "id: write is there 2 times"),
    ("body.0.id", "value", "body[0].id: value is taken"),
    ("body.0.label", "x" * 1_001, "body[0].label: 1001"),
    ("body.0.choices", [], "body[0].choices: there is none"),
    ("body.0.choices.0.title", "x" * 76, "choices[0].title: 76"),
    ("body.0.choices.0.title", "*x*", "choices[0].title: something in it could act"),
    ("body.0.choices.0.value", "", "choices[0].value: is empty"),
    ("body.0.choices.0.value", "b", "choices.value: b is there 2 times"),
    ("body.0.choices.0.value", "a,b", "choices[0].value: a comma"),
    ("body.0.value", "c", "body[0].value: isn't one of the choices"),
    ("body.1.errorMessage", " ", "body[1].errorMessage: is empty"),
    ("body.1.maxLength", 3_001, "body[1].maxLength: 3001 isn't from 1 to 3000"),
    ("body.1.maxLength", 2, "body[1].value: 6 characters are more than 2"),
]


def message() -> Json:
    return message_card(MESSAGE, dialogs=("open.it",))


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
    for card in (message(), form_card(FORM)):
        assert check(card) == []
        assert problems(card) == []


@pytest.mark.parametrize(("path", "value", "problem"), MESSAGE_BREAKS)
def test_each_limit_of_a_message_is_named_with_its_place(
    path: str, value: object, problem: str
) -> None:
    found = check(changed(message(), path, value))
    assert any(problem in each for each in found), found


@pytest.mark.parametrize(("path", "value", "problem"), FORM_BREAKS)
def test_each_limit_of_a_form_is_named_with_its_place(
    path: str, value: object, problem: str
) -> None:
    found = check(changed(form_card(FORM), path, value))
    assert any(problem in each for each in found), found


def test_too_many_actions_and_bytes_are_named() -> None:
    card = message()
    row = card["body"][5]
    assert "actions: 7 are more than 6" in check({**card, "actions": row["actions"][:1]})
    run = {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "é" * 13_000}]}
    found = check({**card, "body": [run]})
    assert found == [f"card: {weight({**card, 'body': [run]})} bytes are more than 25600"]


def test_heavy_buttons_are_within_all_limits() -> None:
    row = Buttons(tuple(Button("🙂" * 75, "do.it", "🙂" * 500) for _ in range(6)))
    card = message_card(Message("🙂" * 999, (Paragraph("Words"), *[row] * 110)))
    assert check(card) == []
    assert len(card["body"]) > 2


def test_the_heaviest_form_is_within_all_limits_and_keeps_its_introduction() -> None:
    choices = tuple(Choice(f"{number}{'🙂' * 9}", "🙂" * 20) for number in range(60))
    heavy = tuple(ChoiceField(f"f{n}", "🙂" * 300, choices, help="🙂" * 300) for n in range(9))
    introduction = tuple(Paragraph("🙂" * 1_500) for _ in range(30))
    card = form_card(Form('"' * 99, introduction, heavy, '"' * 99, '"' * 999, '"' * 99))
    assert check(card) == []
    kinds = [element["type"] for element in card["body"]]
    assert (kinds[0], kinds[-2]) == ("TextBlock", "Input.ChoiceSet")


@given(st.text() | texts, st.integers(10, 200))
def test_a_shortened_text_fits_and_starts_as_it_did(text: str, most: int) -> None:
    short = shorten(text, most)
    assert len(short) <= most
    assert text.startswith(short.removesuffix("…"))
