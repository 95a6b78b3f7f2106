"""Strategies for any message and any form whatsoever, with much that chat platforms interpret."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.message import (
    MAX_BUTTONS,
    Button,
    Buttons,
    Chart,
    Choice,
    ChoiceField,
    Field,
    FinePrint,
    Form,
    Heading,
    Item,
    Items,
    Kind,
    Message,
    Paragraph,
    Part,
    Series,
    TextField,
)

HOSTILE = (
    *("", " ", "\n", "\u200b", "*x*", "_x_", "~x~", "`x`", "```", "<!channel>", "<!here|x>"),
    *("<@U1>", "<#C1|x>", "<https://evil.example|x>", "&amp;", "&", "<", ">", "\n> quoted"),
    *(
        "@here",
        "#general",
        ":smile:",
        "12:30:45",
        "|",
        "\\",
        "\u202egnp",
        "مرحبا",
        "\u2068שרה\u2069",
        "\u2068",
        "\u2069",
        "👩🏽‍🚒",
        "\x00",
    ),
    *("\ud83d", "a_b_c@example.com", "https://example.com", "long " * 700, "x" * 3_100, "🙂" * 80),
)
texts = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=12), max_size=5).map("".join)
labels = st.sampled_from(HOSTILE) | st.text(max_size=40)
urls = st.sampled_from(
    [
        "",
        "tel:999",
        "sms:85258",
        "https://a.example/?b=1&c=*~_",
        "javascript:x",
        "https://<!channel>|x",
    ]
)
buttons = st.builds(Button, labels, labels, labels, st.sampled_from(["plain", "primary", "quiet"]))
rows = st.lists(buttons, min_size=1, max_size=MAX_BUTTONS).map(lambda row: Buttons(tuple(row)))
lists = st.lists(st.builds(Item, texts, texts, urls), max_size=6).map(
    lambda items: Items(tuple(items))
)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    points = draw(st.integers(1, 20))
    values = st.none() | st.floats() | st.integers(0, 10).map(float)
    rows_of_values = st.lists(values, min_size=points, max_size=points)
    kinds: tuple[Kind, ...] = ("bar", "line", "range")
    kind = draw(st.sampled_from(kinds))
    fewest, most = (2, 2) if kind == "range" else (1, 6)
    one = st.builds(Series, labels, rows_of_values.map(tuple))
    series = draw(st.lists(one, min_size=fewest, max_size=most))
    return Chart(
        title=draw(labels)[:50],
        kind=kind,
        categories=tuple(draw(st.lists(labels, min_size=points, max_size=points))),
        series=tuple(Series(each.name[:20], each.values) for each in series),
        low=0,
        high=10,
        text=f"In words. {draw(texts)}",
        value_label=draw(labels),
    )


parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Heading, texts),
    st.builds(Paragraph, texts),
    st.builds(FinePrint, texts),
    lists,
    rows,
    charts(),
)
some_parts = st.lists(parts, max_size=8).flatmap(
    lambda few: st.sampled_from([1, 1, 1, 20, 60]).map(lambda times: tuple(few * times))
)
messages = st.builds(Message, texts, some_parts)
choices = st.lists(st.builds(Choice, labels, labels), max_size=12).flatmap(
    lambda few: st.sampled_from([1, 1, 15]).map(lambda times: tuple(few * times))
)
choice_fields = st.builds(ChoiceField, labels, texts, choices, st.booleans(), labels, texts, labels)
text_fields = st.builds(
    TextField, labels, texts, st.booleans(), st.integers(-1, 5_000), st.booleans(), texts, texts
)
fields: st.SearchStrategy[Field] = choice_fields | text_fields
some_fields = st.lists(fields, max_size=4).flatmap(
    lambda few: st.sampled_from([1, 1, 1, 40]).map(lambda times: tuple(few * times))
)
forms = st.builds(Form, texts, some_parts, some_fields, labels, texts, labels, labels)
