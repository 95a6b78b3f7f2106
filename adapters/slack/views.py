"""Forms and notices as modals, and the bot's page as App Home."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from adapters.slack.blocks import parts_of, value_of
from adapters.slack.fields import ELEMENT, input_block
from adapters.slack.fitting import fit, left_out
from adapters.slack.lengths import cut
from adapters.slack.limits import ID, METADATA, TITLE, VIEW_BLOCKS, VIEW_BYTES, Json, weight
from adapters.slack.mrkdwn import plain
from bot.message import Form, Heading, Message
from bot.text import ELLIPSIS, clean, is_blank, one_line

# What a view may weigh, apart from its title and what comes back with it.
_ROOM: Final = VIEW_BYTES - 25_000
# A form's introduction gives way to its fields.
_INTRODUCTION: Final = 40_000


def form_view(form: Form) -> Json:
    """A form as a modal. What was filled in comes back under the names of its fields.

    Nothing that a person chose is in it, save what the form itself says is chosen: `fields_of`
    reads an answer, and nothing here ever writes one.
    """
    inputs = list(_inputs(form))
    introduction = parts_of(form.intro, with_charts=False)
    room = _INTRODUCTION if inputs else _ROOM
    most = VIEW_BLOCKS - len(inputs)
    blocks = [*fit(introduction, most, room, weight), *inputs] if introduction else inputs
    view = _modal(form.title, blocks)
    if inputs or not is_blank(form.submit):
        # Slack wants a name on the button of every form.
        view["submit"] = _short(form.title if is_blank(form.submit) else form.submit)
    if not is_blank(form.cancel):
        view["close"] = _short(form.cancel)
    if not is_blank(form.action):
        view["callback_id"] = cut(clean(form.action), ID)
    return view | {"private_metadata": cut(clean(form.value), METADATA)}


def notice_view(message: Message, title: str, *, with_charts: bool = False) -> Json:
    """A message as a modal that is only read; its buttons work there."""
    parts = message.parts
    if parts[:1] == (Heading(title),):
        parts = parts[1:]
    blocks = parts_of(parts, with_charts=with_charts)
    return _modal(title, fit(blocks, VIEW_BLOCKS, _ROOM, weight))


def home_view(message: Message, *, with_charts: bool = False) -> Json:
    """A message as the page that somebody finds in App Home."""
    blocks = parts_of(message.parts, with_charts=with_charts)
    return {"type": "home", "blocks": fit(blocks, VIEW_BLOCKS, _ROOM, weight) or [left_out()]}


def fields_of(view_state: Mapping[str, Any]) -> dict[str, str]:
    """Field names and what was filled in, from a view's `state`; "" for what was left out."""
    values = view_state.get("values") or {}
    return {name: _filled_in(elements.get(ELEMENT) or {}) for name, elements in values.items()}


def _filled_in(element: Mapping[str, Any]) -> str:
    option = element.get("selected_option")
    if option:
        return value_of(str(option.get("value") or ""))
    return str(element.get("value") or "")


def _modal(title: str, blocks: list[Json]) -> Json:
    return {"type": "modal", "title": _short(title), "blocks": blocks or [left_out()]}


def _short(words: str) -> Json:
    return plain(ELLIPSIS if is_blank(words) else one_line(words), TITLE)


def _inputs(form: Form) -> Iterator[Json]:
    """The fields, as many as fit; one block is kept for the introduction."""
    room = _ROOM - _INTRODUCTION
    taken: set[str] = set()
    for number, field in enumerate(form.fields):
        block = input_block(field, _name(field.name, number, taken))
        room -= 0 if block is None else weight(block)
        if room < 0 or len(taken) == VIEW_BLOCKS - 1:
            return
        if block is not None:
            taken.add(block["block_id"])
            yield block


def _name(name: str, number: int, taken: set[str]) -> str:
    """A field's own name, or one that Slack takes."""
    own = cut(name, ID)
    return f"field {number}" if not own.strip() or own in taken else own
