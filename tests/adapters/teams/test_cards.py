from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.teams.activities import message_activity
from adapters.teams.cards import message_card, notice_card, summary_of
from adapters.teams.limits import MESSAGE_BYTES, Json, check, weight
from bot.message import (
    Button,
    Buttons,
    Chart,
    FinePrint,
    Heading,
    Item,
    Items,
    Message,
    Paragraph,
    Part,
    Series,
)
from bot.text import is_blank
from tests.adapters.teams.reading import actions, kinds, words
from tests.adapters.teams.schema import problems
from tests.support.anything import messages, texts
from tests.support.lookalikes import lookalike

# The largest examples are larger than Hypothesis likes to print; they are the ones to try.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Generating overly large repr:hypothesis.errors.HypothesisWarning"
)

CHART = Chart(
    title="A rough picture, from 1 to 5",
    kind="bar",
    categories=("Being listened to", "Satisfied with life (ONS)"),
    series=(Series("From", (3.0, 4.0)), Series("To", (3.5, 5.0))),
    low=1,
    high=5,
    text="Being listened to: between 3 and 3.5.",
    value_label="Points",
)
WAY_OUT: tuple[Part, ...] = (
    Buttons((Button("Not now", "delivery.snooze", "d1", "quiet"),)),
    FinePrint("Pause or stop on my home page."),
)


def card(*parts: Part) -> Json:
    made = message_card(Message("Summary", parts))
    assert check(made) == []
    assert problems(made) == []
    return made


def entry(label: str, text: str = "", url: str = "") -> list[str]:
    return words(card(Items((Item(label, text, url),))))


# --- the whole card


def test_a_card_says_what_it_is_for_who_can_not_see_it() -> None:
    made = message_card(
        Message("New <at>Ada</at>\nfor *you*", (Paragraph("Words"),)), language="de"
    )
    assert made["fallbackText"] == made["speak"] == lookalike("New <at>Ada</at> for *you*")
    assert (made["type"], made["version"], made["lang"]) == ("AdaptiveCard", "1.5", "de")
    assert made["msteams"] == {"width": "Full"}
    assert problems(made) == []


def test_without_a_language_the_client_has_its_own() -> None:
    assert "lang" not in message_card(Message("Summary", ()))


def test_a_message_without_a_summary_takes_its_first_words() -> None:
    assert summary_of(Message(" ", (*WAY_OUT, Paragraph("Words")))) == (
        "Pause or stop on my home page."
    )
    assert summary_of(Message("", ())) == "…"


def test_an_empty_message_still_shows() -> None:
    assert words(card()) == ["…"]
    assert words(notice_card(Message("", ()), "")) == ["…"]


def test_a_notice_does_not_say_its_title_twice() -> None:
    message = Message("Summary", (Heading("Places to turn"), Paragraph("Words")))
    assert words(notice_card(message, "Places to turn")) == ["Words"]
    assert words(notice_card(message, "Else")) == ["Places to turn", "Words"]


# --- parts


def test_parts_are_told_apart_by_how_they_look() -> None:
    heading, paragraph, fine_print = card(Heading("One"), Paragraph("Two"), FinePrint("3"))["body"]
    assert heading["style"] == "heading"
    assert paragraph == {"type": "TextBlock", "text": "Two", "wrap": True}
    assert fine_print == paragraph | {"text": "3", "size": "Small", "isSubtle": True}


def test_names_stay_as_they_are_where_nothing_is_interpreted() -> None:
    hostile = "# <at>Ada</at> *x* _y_ [a](https://a.example) &amp; `z`"
    assert words(card(Paragraph(hostile), FinePrint(hostile))) == [hostile, hostile]


@pytest.mark.parametrize(
    "part",
    [
        *(Heading(" "), Paragraph("\u200b"), FinePrint(""), Items(()), Items((Item("", " "),))),
        Buttons((Button("", "do.it"),)),
    ],
)
def test_what_shows_nothing_is_no_element(part: Part) -> None:
    assert words(card(part, Paragraph("Words"))) == ["Words"]


# --- lists


def test_an_entry_has_its_name_in_bold_and_its_text_below() -> None:
    name, text = card(Items((Item("A check-in", "Monday at 10:00"),)))["body"]
    assert (name["text"], name["weight"]) == ("A check-in", "Bolder")
    assert (words({"body": [text]}), text["spacing"]) == (["Monday at 10:00"], "None")


@pytest.mark.parametrize(
    "url",
    ["https://findahelpline.com", "http://a.example/?b=1&c=2", "tel:999", "mailto:a+b@c.example"],
)
def test_an_entry_can_lead_to_a_page_a_phone_or_a_letter(url: str) -> None:
    assert entry("Name 999", "Words", url) == [f"[Name 999]({url})", "Words"]


def test_a_text_message_stays_words_that_say_the_number() -> None:
    assert entry("Shout", "Text SHOUT to 85258.", "sms:85258") == ["Shout", "Text SHOUT to 85258."]
    assert entry("Shout", "Send a text.", "sms:85258") == ["Shout", "Send a text.", "85258"]


@pytest.mark.parametrize(
    ("text", "below"),
    [
        ("Call 0800 83 85 87. Free.", ["Call 0800 83 85 87. Free."]),
        ("Call us.", ["Call us.", "0800838587"]),
        ("Room 10800838587", ["Room 10800838587", "0800838587"]),
    ],
)
def test_a_number_can_always_be_read(text: str, below: list[str]) -> None:
    name = "[Breathing Space](tel:0800838587)"
    assert entry("Breathing Space", text, "tel:0800838587") == [name, *below]


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "data:text/html,x", "msteams:/x", "//a.example", "tel:1)x"),
        *("https://a.example/ b", "https://[a](b)", "https://a.example/&lt;", "mailto:a?bcc=b"),
        *("https://" + "x" * 999, "https://a.example/\\"),
    ],
)
def test_an_address_that_is_not_safe_is_no_link(url: str) -> None:
    assert entry("Name", "Text", url) == ["Name", "Text"]


def test_an_address_keeps_its_meaning_and_formats_nothing() -> None:
    url = "https://a.example/~b_(c)?d=*&e=f"
    assert entry("Name", url=url) == ["[Name](https://a.example/%7Eb%5F%28c%29?d=%2A&e=f)"]


def test_names_in_a_list_are_inert() -> None:
    shown = entry("<at>Ada</at> [x](https://evil.example)", "*y*", "https://a.example")
    label = f"{lookalike('<at>Ada</at> [x]')}(https://evil.example)"
    assert shown == [f"[{label}](https://a.example)", "*y*"]


def test_an_entry_without_a_name_is_its_text() -> None:
    assert entry(" ", "Only this") == ["Only this"]


# --- charts


def test_a_chart_is_drawn_and_said_in_words() -> None:
    title, picture, said = card(CHART)["body"]
    first, last = CHART.categories
    assert picture == {
        "type": "Chart.VerticalBar.Grouped",
        "title": CHART.title,
        "showTitle": False,
        "yAxisTitle": "Points",
        "yMin": 1,
        "yMax": 5,
        "data": [
            {"legend": "From", "values": [{"x": first, "y": 3.0}, {"x": last, "y": 4.0}]},
            {"legend": "To", "values": [{"x": first, "y": 3.5}, {"x": last, "y": 5.0}]},
        ],
        "fallback": picture["fallback"],
    }
    assert words({"body": [title, said]}) == [CHART.title, CHART.text]


def test_a_line_is_drawn_as_one() -> None:
    _, picture, _ = card(replace(CHART, kind="line"))["body"]
    assert picture["type"] == "Chart.Line"


def bars(chart: Chart) -> dict[str, list[tuple[str, int]]]:
    """The bar of each category of a range: its cells' styles and widths."""
    _, picture, said = card(chart)["body"]
    assert said["text"] == chart.text
    *rows, _ = picture["items"]
    return {
        name["text"]: [(cell["style"], cell["width"]) for cell in bar["columns"]]
        for name, bar in zip(rows[::2], rows[1::2], strict=True)
    }


def test_a_range_is_drawn_to_scale_and_not_as_two_results() -> None:
    chart = replace(CHART, kind="range")
    assert bars(chart) == {
        "Being listened to": [("emphasis", 50), ("accent", 12), ("emphasis", 38)],
        "Satisfied with life (ONS)": [("emphasis", 75), ("accent", 25)],
    }
    ends = card(chart)["body"][1]["items"][-1]["columns"]
    assert [cell["items"][0]["text"] for cell in ends] == ["1", "5"]


@pytest.mark.parametrize(
    ("low", "high", "cells"),
    [
        (1.0, 5.0, [("accent", 100)]),
        (1.0, 1.0, [("accent", 1), ("emphasis", 99)]),
        (5.0, 5.0, [("emphasis", 99), ("accent", 1)]),
        (-9.0, 99.0, [("accent", 100)]),
    ],
)
def test_every_range_can_be_seen_and_stays_on_the_scale(
    low: float, high: float, cells: list[tuple[str, int]]
) -> None:
    ends = (Series("From", (low,)), Series("To", (high,)))
    shown = bars(replace(CHART, kind="range", categories=("One",), series=ends))
    assert shown == {"One": cells}


def test_where_charts_are_not_known_a_table_has_their_numbers() -> None:
    table = card(CHART)["body"][1]["fallback"]
    assert [(fact["title"], fact["value"]) for fact in table["facts"]] == [
        ("Being listened to", "From 3, To 3.5"),
        ("Satisfied with life (ONS)", "From 4, To 5"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"series": (Series("From", (3.0, None)),)},
        {"kind": "range", "series": (Series("From", (3.0, None)), Series("To", (4.0, 5.0)))},
        {"series": (Series("From", (3.0, float("nan"))),)},
        {"series": (Series("Same", (3.0, 1.0)), Series("Same", (3.0, 1.0)))},
        {"categories": (f"{'Seen as the same ' * 3}here", f"{'Seen as the same ' * 3}there")},
        {"categories": ("A", " ")},
        {"low": 5},
        {"high": float("inf")},
    ],
)
def test_what_teams_can_not_draw_truthfully_is_said_in_words_alone(change: dict[str, Any]) -> None:
    assert words(card(replace(CHART, **change))) == [CHART.title, CHART.text]


def test_a_chart_without_a_title_is_said_in_words_alone() -> None:
    assert words(card(replace(CHART, title=" "))) == [CHART.text]


# --- what is too much


def test_a_picture_goes_before_any_word() -> None:
    wide = Chart(
        "Title",
        "line",
        tuple(f"Category number {number}" for number in range(20)),
        tuple(Series(f"Series {number}", tuple(range(20))) for number in range(6)),
        0,
        20,
        "In words.",
    )
    paragraph = Paragraph("word " * 400)
    assert "Chart.Line" in kinds(card(paragraph, wide, *WAY_OUT))
    made = card(*[paragraph] * 9, wide, *WAY_OUT)
    assert "Chart.Line" not in kinds(made)
    assert words(made)[9:] == ["Title", "In words.", "Pause or stop on my home page."]


def test_the_longest_texts_are_shortened_first() -> None:
    short = [Paragraph(f"Paragraph {number}.") for number in range(20)]
    made = card(Paragraph("word " * 9_000), *short, *WAY_OUT)
    assert words(made)[0].endswith("word…")
    assert words(made)[1:] == [
        *(paragraph.text for paragraph in short),
        "Pause or stop on my home page.",
    ]


def test_too_long_a_message_loses_its_end_and_keeps_the_way_out() -> None:
    said = tuple(Paragraph(f"{number} " + "word " * 500) for number in range(200))
    made = card(*said, *WAY_OUT)
    assert words(made)[0].startswith("0 word")
    assert words(made)[-2:] == ["…", "Pause or stop on my home page."]
    assert actions(made)[-1]["verb"] == "delivery.snooze"


def test_no_heading_is_left_over_nothing() -> None:
    pairs = [part for n in range(90) for part in (Heading(str(n)), Paragraph("word " * 100))]
    made = card(*pairs, *WAY_OUT)
    *_, before, marker = made["body"][: kinds(made).index("ActionSet")]
    assert marker["text"] == "…"
    assert "style" not in before


@settings(max_examples=25)
@given(st.lists(st.one_of(st.builds(Heading, texts), st.builds(Paragraph, texts)), max_size=9))
def test_no_button_is_lost_however_much_is_said(said: list[Part]) -> None:
    row = Buttons(tuple(Button(f"Button {n}", "do.it", "x" * 30) for n in range(6)))
    parts = [part for part in said * 20 for part in (part, Paragraph("word " * 90))]
    message = Message("Summary", (*parts, row, *parts, row, row, *WAY_OUT))
    made = message_card(message)
    assert check(made) == []
    assert len(actions(made)) == 19
    assert words(made)[-1] == "Pause or stop on my home page."


@settings(max_examples=60, deadline=None)
@given(messages)
def test_any_message_can_be_sent_as_json(message: Message) -> None:
    made = message_card(message, dialogs=("",))
    assert json.loads(json.dumps(made, allow_nan=False).encode()) == made
    assert check(made) == []
    assert problems(made) == []


@settings(max_examples=40, deadline=None)
@given(messages)
def test_any_message_is_light_enough_and_has_a_line_for_notifications(message: Message) -> None:
    activity = message_activity(message)
    assert weight(activity) <= MESSAGE_BYTES
    assert activity["summary"] == summary_of(message)
    assert not is_blank(activity["summary"])


@settings(max_examples=40, deadline=None)
@given(messages, texts)
def test_any_notice_is_a_card(message: Message, title: str) -> None:
    made = notice_card(message, title)
    assert check(made) == []
    assert problems(made) == []
