"""What Slack sends, and what only pretends to be Slack's."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.payloads import Malformed, Payload, read
from adapters.slack.incoming import (
    Command,
    HomeOpened,
    Line,
    Pressed,
    ProfileChanged,
    Shortcut,
    Submitted,
    TokensRevoked,
    Uninstalled,
)

KINDS: tuple[type[Payload], ...] = (
    Command,
    HomeOpened,
    Line,
    Pressed,
    ProfileChanged,
    Shortcut,
    Submitted,
    TokensRevoked,
    Uninstalled,
)
ENVELOPE = {"team_id": "T1", "event_id": "Ev1", "event_time": 1_800_000_000}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["user", "team", "id", "event", "view", "actions", "type", "tokens"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=8), anything, max_size=6))
def test_whatever_comes_is_read_or_malformed(body: dict[str, Any]) -> None:
    for kind in KINDS:
        with suppress(Malformed):
            read(kind, body)


def test_what_was_sent_is_not_in_the_error() -> None:
    with pytest.raises(Malformed) as caught:
        read(Pressed, {"user": {"id": 7}, "secret": "everything is awful"})
    assert "awful" not in repr(caught.value)
    assert caught.value.__cause__ is None


def pressed(**rest: object) -> Pressed:
    acting = {"user": {"id": "U1"}, "team": {"id": "T1"}, "actions": [{"action_id": "a"}]}
    return read(Pressed, {**acting, **rest})


def test_a_button_is_on_a_message_the_home_page_or_a_modal() -> None:
    assert pressed().place == "message"
    assert pressed(view={"id": "V1", "type": "home"}).place == "home"
    assert pressed(view={"id": "V1", "type": "modal"}).place == "modal"


def test_where_slack_names_no_workspace_it_is_the_persons() -> None:
    assert pressed(team=None, user={"id": "U1", "team_id": "T2"}).team_id == "T2"


def test_what_slack_leaves_out_is_empty() -> None:
    command = read(Command, {"team_id": "T1", "user_id": "U1", "text": None})
    assert (command.text, command.trigger_id) == ("", "")


@pytest.mark.parametrize(
    ("event", "is_from_a_person"),
    [
        ({"user": "U1"}, True),
        ({"user": "U1", "bot_id": "B1"}, False),
        ({"user": "U1", "subtype": "message_changed"}, False),
        ({}, False),
    ],
)
def test_only_what_a_person_wrote_is_a_line(
    event: dict[str, object], is_from_a_person: bool
) -> None:
    line = read(Line, {**ENVELOPE, "event": {"channel": "D1", **event}})
    assert line.event.is_from_a_person is is_from_a_person


def test_an_event_says_when_it_happened() -> None:
    assert read(Uninstalled, ENVELOPE).at.isoformat() == "2027-01-15T08:00:00+00:00"
