from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.blocks import action_of, blocks_of, has_charts, message_payload, value_of
from adapters.slack.limits import Json, check
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
from tests.support.anything import messages
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


def blocks(*parts: Part, with_charts: bool = True) -> list[Json]:
    return blocks_of(Message("Summary", parts), with_charts=with_charts)


def types(rendered: list[Json]) -> list[str]:
    return [block["type"] for block in rendered]


def entry(label: str, text: str = "", url: str = "") -> str:
    (block,) = blocks(Items((Item(label, text, url),)))
    return str(block["text"]["text"])


def buttons(rendered: list[Json]) -> list[Json]:
    return [each for block in rendered if block["type"] == "actions" for each in block["elements"]]


def test_a_heading_is_a_header() -> None:
    text = {"type": "plain_text", "text": "Hello <!channel> *x*", "emoji": True}
    assert blocks(Heading("Hello\n<!channel> *x*")) == [{"type": "header", "text": text}]


def test_a_paragraph_is_plain_and_never_hidden_behind_see_more() -> None:
    text = {"type": "plain_text", "text": "See <@U1> & _you_\n@here", "emoji": True}
    assert blocks(Paragraph("See <@U1> & _you_\n@here")) == [
        {"type": "section", "text": text, "expand": True}
    ]


def test_fine_print_is_context() -> None:
    text = {"type": "plain_text", "text": "Only you.", "emoji": True}
    assert blocks(FinePrint("Only you.")) == [{"type": "context", "elements": [text]}]


def test_a_long_paragraph_is_split_between_words() -> None:
    rendered = blocks(Paragraph("word " * 1_000))
    assert types(rendered) == ["section", "section"]
    assert all(block["text"]["text"].startswith("word") for block in rendered)


@pytest.mark.parametrize(
    "part",
    [
        *(Heading(" "), Paragraph("\u200b"), FinePrint(""), Items(()), Items((Item("", " "),))),
        Buttons((Button("", "do.it"),)),
    ],
)
def test_what_shows_nothing_is_no_block(part: Part) -> None:
    assert blocks(part) == []


# --- lists


def test_an_entry_has_its_name_in_bold_and_its_text_below() -> None:
    assert entry("A check-in", "Monday at 10:00") == "*A check-in*\nMonday at 10:00"


def test_an_entry_can_lead_to_a_page_or_a_phone() -> None:
    page = entry("Find A Helpline", "By country.", "https://findahelpline.com")
    assert page == "*<https://findahelpline.com|Find A Helpline>*\nBy country."
    assert entry("999", "Call.", "tel:999") == "*<tel:999|999>*\nCall."


def test_a_text_message_stays_words_that_say_the_number() -> None:
    assert entry("Shout", "Text SHOUT to 85258.", "sms:85258") == "*Shout*\nText SHOUT to 85258."
    assert entry("Shout", "Send a text.", "sms:85258") == "*Shout*\nSend a text.\n85258"


@pytest.mark.parametrize(
    ("text", "below"),
    [
        ("Call 0800 83 85 87. Free.", "Call 0800 83 85 87. Free."),
        ("Call us.", "Call us.\n0800838587"),
        ("Room 10800838587", "Room 10800838587\n0800838587"),
    ],
)
def test_a_number_can_always_be_read(text: str, below: str) -> None:
    name = "*<tel:0800838587|Breathing Space>*"
    assert entry("Breathing Space", text, "tel:0800838587") == f"{name}\n{below}"


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "http://a.example", "!channel", "@U1", "tel:1|<!here>"),
        *(
            "https://a.example/|x",
            "https://a.example/ b",
            "https://<!channel>",
            "https://" + "x" * 999,
        ),
    ],
)
def test_an_address_that_is_not_safe_is_no_link(url: str) -> None:
    assert entry("Name", "Text", url) == "*Name*\nText"


def test_an_address_keeps_its_meaning_and_formats_nothing() -> None:
    url = "https://a.example/~b?c=*&d=_"
    assert entry("Name", url=url) == "*<https://a.example/%7Eb?c=%2A&amp;d=_|Name>*"


def test_names_in_a_list_are_inert() -> None:
    name, words = entry("<!channel> *x*", "<@U1> _y_ :z:").split("\n")
    assert name == f"*&lt;!channel&gt; {lookalike('*x*')}*"
    assert words == f"&lt;@U1&gt; {lookalike('_y_ :')}z:"


def test_an_entry_without_a_name_is_its_text() -> None:
    assert entry(" ", "Only this") == "Only this"


def test_a_very_long_entry_loses_nothing_that_it_says() -> None:
    rendered = blocks(Items((Item("Name", "word " * 1_500, "https://a.example"),)))
    assert sum(block["text"]["text"].count("word") for block in rendered) == 1_500


# --- buttons


def test_buttons_are_a_row_and_each_has_its_own_id() -> None:
    row = Buttons(
        (Button("Yes", "answer", "yes", "primary"), Button("No", "answer", "no", "quiet"))
    )
    yes, no = buttons(blocks(row))
    assert (yes["action_id"], yes["value"], yes["style"]) == ("answer|0", "yes", "primary")
    assert (no["action_id"], no["value"]) == ("answer|1", "no")
    assert "style" not in no


def test_what_is_tapped_comes_back_as_it_was() -> None:
    row = Buttons((Button("A", "settings.open"), Button("B", "a|b", "-"), Button("C", "c", "d:e")))
    tapped = [(action_of(b["action_id"]), value_of(b["value"])) for b in buttons(blocks(row))]
    assert tapped == [("settings.open", ""), ("a|b", "-"), ("c", "d:e")]


@given(st.text(st.characters(categories=["L", "N", "P"]), max_size=50))
def test_every_value_comes_back(value: str) -> None:
    (button,) = buttons(blocks(Buttons((Button("A", "do.it", value),))))
    assert value_of(button["value"]) == value


# --- charts


def test_a_chart_is_drawn_and_said_in_words() -> None:
    picture, words = blocks(CHART)
    first, last = "Being listened to", "Satisfied with life…"
    assert picture == {
        "type": "data_visualization",
        "title": "A rough picture, from 1 to 5",
        "chart": {
            "type": "bar",
            "series": [
                {"name": "From", "data": points({first: 3.0, last: 4.0})},
                {"name": "To", "data": points({first: 3.5, last: 5.0})},
            ],
            "axis_config": {"categories": [first, last], "y_label": "Points"},
        },
    }
    assert words["type"] == "context"
    assert words["elements"][0]["text"] == CHART.text


def test_a_range_is_drawn_as_its_two_ends() -> None:
    assert blocks(replace(CHART, kind="range")) == blocks(CHART)


def points(values: dict[str, float]) -> list[Json]:
    return [{"label": label, "value": value} for label, value in values.items()]


def test_without_charts_its_words_stand_for_it() -> None:
    (words,) = blocks(CHART, with_charts=False)
    assert words["text"]["text"] == f"{CHART.title}\n{CHART.text}"


@pytest.mark.parametrize(
    "change",
    [
        {"series": (Series("From", (3.0, None)),)},
        {"series": (Series("From", (3.0, float("nan"))),)},
        {"series": (Series("Same", (3.0, 1.0)), Series("Same", (3.0, 1.0)))},
        {"categories": ("Seen as the same till here", "Seen as the same till there")},
        {"categories": ("A", " ")},
        {"title": ""},
    ],
)
def test_what_slack_can_not_draw_truthfully_is_said_in_words_alone(change: dict[str, Any]) -> None:
    chart = replace(CHART, **change)
    assert types(blocks(chart)) == ["section"]
    assert CHART.text in blocks(chart)[0]["text"]["text"]
    assert not has_charts(Message("Summary", (chart,)))


def test_a_third_chart_is_said_in_words() -> None:
    rendered = blocks(CHART, CHART, CHART)
    assert types(rendered) == ["data_visualization", "context"] * 2 + ["section"]


def test_whether_a_message_draws_anything_is_known() -> None:
    assert has_charts(Message("Summary", (Paragraph("Words"), CHART)))
    assert not has_charts(Message("Summary", (Paragraph("Words"),)))


# --- the whole message


def test_a_message_has_one_line_for_notifications_and_unfurls_nothing() -> None:
    payload = message_payload(Message("New <!channel>\nfor *you*", (Paragraph("Words"),)))
    assert payload["text"] == f"New &lt;!channel&gt; for {lookalike('*you*')}"
    assert not payload["unfurl_links"]
    assert not payload["unfurl_media"]


def test_a_message_without_a_summary_takes_its_first_words() -> None:
    assert message_payload(Message(" ", (*WAY_OUT, Paragraph("Words"))))["text"] == (
        "Pause or stop on my home page."
    )
    assert message_payload(Message("", ()))["text"] == "…"


def test_many_short_paragraphs_are_put_together_and_nothing_goes() -> None:
    said = tuple(Paragraph(f"Paragraph {number}.") for number in range(80))
    rendered = blocks(*said, *WAY_OUT)
    assert types(rendered) == ["section", "actions", "context"]
    assert "Paragraph 0.\n\nParagraph 1." in rendered[0]["text"]["text"]
    assert "Paragraph 79." in rendered[0]["text"]["text"]


def test_too_long_a_message_loses_its_end_and_keeps_the_way_out() -> None:
    said = tuple(Paragraph(f"{number} " + "word " * 500) for number in range(20))
    rendered = blocks(*said, *WAY_OUT)
    assert types(rendered) == ["section"] * 4 + ["actions", "context"]
    assert rendered[-3]["text"]["text"] == "…"
    assert rendered[-1]["elements"][0]["text"] == "Pause or stop on my home page."
    assert buttons(rendered)[-1]["action_id"].startswith("delivery.snooze")


def test_no_heading_is_left_over_nothing() -> None:
    pairs = [part for n in range(60) for part in (Heading(str(n)), CHART)]
    rendered = blocks(*pairs, *WAY_OUT, with_charts=False)
    before = types(rendered)[types(rendered).index("actions") - 2]
    assert len(rendered) <= 50
    assert before == "section"


def test_several_rows_of_buttons_keep_ids_of_their_own_when_put_together() -> None:
    rows = [Buttons((Button(str(n), "summary.read", f"b{n}"),)) for n in range(60)]
    ids = [button["action_id"] for button in buttons(blocks(*rows))]
    assert ids == [f"summary.read|{n}" for n in range(60)]


@given(messages)
def test_any_message_can_be_sent_as_json(message: Message) -> None:
    payload = message_payload(message)
    assert json.loads(json.dumps(payload, allow_nan=False).encode()) == payload
    assert check(payload) == []
