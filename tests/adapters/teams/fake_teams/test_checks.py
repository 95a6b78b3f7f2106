"""The Adaptive Cards that the fake Teams takes, and those it doesn't."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.teams.card_checks import problems_of_attachment, problems_of_card
from tests.support.small_teams_bot import (
    CARD,
    DAYS,
    MOOD,
    NOTE,
    SURE,
    card,
    execute,
    opening,
    submit,
    words,
)


def test_a_card_of_all_kinds_is_taken() -> None:
    chart = {"type": "Chart.Line", "title": "A week", "data": [], "fallback": words("A week")}
    columns = {"type": "ColumnSet", "columns": [{"type": "Column", "items": [words("One")]}]}
    later = {"type": "Action.ShowCard", "title": "More", "card": card(words("More"))}
    actions = [execute("Yes", "yes"), submit("No"), opening("Why", verb="why"), later]

    assert (
        problems_of_card(card(words("x"), chart, columns, MOOD, DAYS, NOTE, SURE, actions=actions))
        == []
    )


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("nothing", "isn't an AdaptiveCard"),
        ({"type": "AdaptiveCard", "version": "1.6", "body": []}, "version 1.6"),
        ({"type": "AdaptiveCard", "body": []}, "version None"),
        (card({"type": "TextBlok", "text": "x"}), "isn't an element"),
        (card({"type": "TextBlock"}), "needs a text"),
        (card({"type": "Image", "url": "https://example.org/x.png"}), "altText"),
        (card(words("x"), actions=[execute("a", str(n)) for n in range(7)]), "7 actions"),
        (
            card({"type": "ActionSet", "actions": [submit("a") for _ in range(7)]}),
            "7 actions",
        ),
        ({**card(words("x"), actions=[execute("a", "a")]), "version": "1.3"}, "needs version 1.4"),
        (card(actions=[{"type": "Action.Submit", "title": "x", "data": "x"}]), "isn't an object"),
        (card(actions=[{"type": "Action.Http", "title": "x"}]), "isn't an element"),
        (
            card(actions=[{"type": "Action.OpenUrl", "title": "x", "url": "http://example.org"}]),
            "https",
        ),
        (card({**NOTE, "label": ""}), "needs a label"),
        (card({**NOTE, "id": ""}), "needs an id"),
        (card({**MOOD, "errorMessage": ""}), "needs an errorMessage"),
        (card({**MOOD, "choices": []}), "no choices"),
        (card({**MOOD, "choices": [{"title": "x", "value": 1}]}), "both texts"),
        (card(NOTE, NOTE), "2 times"),
    ],
)
def test_what_a_client_wouldnt_show_is_a_problem(given: Any, problem: str) -> None:
    found = problems_of_card(given)

    assert any(problem in each for each in found), found


def test_an_attachment_is_of_a_kind_that_teams_shows() -> None:
    assert problems_of_attachment({"contentType": CARD, "content": card(words("x"))}) == []
    assert problems_of_attachment({"contentType": "application/x", "content": {}}) != []
