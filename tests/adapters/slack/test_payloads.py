"""Payloads that Slack signed and that aren't as they should: no effect, and no error of ours."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.slack.delivering import Parcel
from tests.support.printing import printing
from tests.support.slack_bot import SlackBot
from tests.support.slack_parcels import (
    MAKERS,
    Made,
    Traces,
    event,
    filled_in,
    is_harmless,
)

Json = dict[str, Any]
SECRET: Final = "canary-5b1e"
over_http = pytest.mark.parametrize("bot", ["http"], indirect=True)
each_kind = pytest.mark.parametrize("made", MAKERS, ids=lambda made: made.__name__)


# --- kinds that aren't known -----------------------------------------------------------------


async def test_an_event_of_a_kind_that_is_not_known_has_no_effect(
    welcomed: SlackBot, traces: Traces
) -> None:
    before = await traces.now()
    for kind in ("", "channel_rename", "app_mention", "reaction_added", SECRET):
        with printing() as printed:
            answered = await welcomed.slack.delivering.deliver(
                event(welcomed, type=kind, user="U1", text=SECRET, channel="C1")
            )
        assert is_harmless(answered), kind
        assert printed.getvalue().count("\n") == 1, kind
        assert SECRET not in printed.getvalue(), kind
    assert await traces.now() == before


UNKNOWN: Final[tuple[Json, ...]] = (
    {"type": "message_action", "callback_id": SECRET, "message": {"text": SECRET}},
    {"type": "shortcut", "callback_id": SECRET},
    {"type": "block_suggestion", "action_id": SECRET, "block_id": "b", "value": SECRET},
    {"type": "view_closed", "view": {"id": "V1", "callback_id": SECRET}, "is_cleared": True},
    {"type": "workflow_step_edit", "callback_id": SECRET, "workflow_step": {}},
    {"type": "dialog_submission", "callback_id": SECRET, "submission": {"a": SECRET}},
    {"type": "interactive_message", "callback_id": SECRET, "actions": [{"value": SECRET}]},
    {"type": "block_actions", "actions": []},
    {"type": "block_actions", "actions": None},
    {"type": "block_actions"},
    {"type": "view_submission"},
    {"type": "view_submission", "view": {"type": "modal", "state": {"a": SECRET}}},
    {"type": None},
    {"type": SECRET},
)


async def test_an_interaction_of_a_kind_that_is_not_known_has_no_effect(
    welcomed: SlackBot, traces: Traces
) -> None:
    before = await traces.now()
    for more in UNKNOWN:
        payload = {**welcomed.actor("boss-1")._interaction("x"), **more}
        with printing() as printed:
            answered = await welcomed.slack.sends(payload)
        assert is_harmless(answered), more
        assert printed.getvalue().count("\n") == 1, more
        assert SECRET not in printed.getvalue(), more
    assert await traces.now() == before


# --- parts that are missing, or something else -----------------------------------------------


@each_kind
async def test_whatever_part_is_missing_it_is_no_error_of_ours(
    welcomed: SlackBot, made: Made
) -> None:
    parcel = made(welcomed)
    for place in places_in(parcel.payload):
        changed = deepcopy(parcel.payload)
        del holder(changed, place)[place[-1]]
        answered = await welcomed.slack.delivering.deliver(Parcel(parcel.kind, changed))
        assert is_harmless(answered), place
    await welcomed.settle()


Place = tuple[str | int, ...]


def places_in(value: Any, here: Place = ()) -> list[Place]:
    """Where there is something in a payload; what we sent ourselves and Slack sends back apart."""
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner = [(name, each) for name, each in value.items() if name not in {"blocks", "message"}]
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [place for name, each in inner for place in _from(each, (*here, name))]


def _from(value: Any, here: Place) -> list[Place]:
    return [here, *places_in(value, here)]


def holder(value: Any, place: Place) -> Any:
    for name in place[:-1]:
        value = value[name]
    return value


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["\0", "\ud800", "", " ", "x" * 300, "T0001", "modal", "home", "|", "a|1"])
    | st.sampled_from([2**63, -(2**63), 10**400, []]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "values", "value", "team_id", "selected_option", "\0"])
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)
many_examples = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
async def form(welcomed: SlackBot) -> Parcel:
    return await filled_in(welcomed)


@pytest.fixture
def parcel(welcomed: SlackBot, made: Made) -> Parcel:
    return made(welcomed)


@over_http
@each_kind
@many_examples
@given(data=st.data())
async def test_whatever_is_in_the_place_of_a_part_it_is_no_error_of_ours(
    welcomed: SlackBot, parcel: Parcel, data: st.DataObject
) -> None:
    await _send_changed(welcomed, parcel, data)


@over_http
@many_examples
@given(data=st.data())
async def test_whatever_is_in_the_place_of_an_answer_it_is_no_error_of_ours(
    welcomed: SlackBot, form: Parcel, data: st.DataObject
) -> None:
    await _send_changed(welcomed, form, data)


async def _send_changed(bot: SlackBot, parcel: Parcel, data: st.DataObject) -> None:
    changed = deepcopy(parcel.payload)
    for place in data.draw(st.lists(st.sampled_from(places_in(changed)), min_size=1, max_size=2)):
        other = data.draw(anything)
        with suppress(KeyError, IndexError, TypeError):  # it may be in what has been replaced
            holder(changed, place)[place[-1]] = other
    if parcel.kind == "slash_commands":
        changed = {name: str(value).replace("\ud800", "") for name, value in changed.items()}
    answered = await bot.slack.delivering.deliver(Parcel(parcel.kind, changed))
    assert is_harmless(answered)
    await bot.settle()
