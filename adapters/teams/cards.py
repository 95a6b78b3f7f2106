"""Messages, notices and forms as Adaptive Cards, within Teams' limits.

No card holds an answer. A form shows what it says is chosen, and, if it comes back to be mended,
what was filled in; it is only ever in a dialog, which isn't kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from adapters.teams.buttons import in_chat, in_dialog, mapping_in, sent, text_in
from adapters.teams.elements import elements_of
from adapters.teams.fields import field_elements, name_of
from adapters.teams.fitting import fit, left_out
from adapters.teams.limits import ACTIONS, BUTTON, CARD_BYTES, SUMMARY, Json, weight
from adapters.teams.markdown import inert, shorten
from bot.message import Form, Heading, Message, Part
from bot.text import ELLIPSIS, is_blank, one_line

# What a card may weigh, apart from its frame, which says its summary twice.
_ROOM: Final = CARD_BYTES - 3_000
# The same of a form, apart from its button, which carries a value too.
_ROOM_OF_A_FORM: Final = _ROOM - 3_000
# A form's introduction gives way to its fields.
_INTRODUCTION: Final = 6_000
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def message_card(message: Message, *, dialogs: Collection[str] = (), language: str = "") -> Json:
    """A message as a card in a chat. `dialogs` are the actions that are answered by a dialog."""
    body = elements_of(message.parts, in_chat(dialogs))
    return _card(summary_of(message), fit(body, _ROOM), language)


def notice_card(message: Message, title: str, *, language: str = "") -> Json:
    """A message as a card that is only read, in a dialog of this title; its buttons work there."""
    parts = message.parts
    if parts[:1] == (Heading(title),):
        parts = parts[1:]
    return _card(summary_of(message), fit(elements_of(parts, in_dialog), _ROOM), language)


def form_card(
    form: Form,
    *,
    errors: Mapping[str, str] = _NONE,
    values: Mapping[str, str] = _NONE,
    language: str = "",
) -> Json:
    """A form as a card in a dialog, whose title and way to close it are the dialog's own.

    `errors` and `values` are by field name: what was wrong with a field, and what was filled in,
    when the form comes back to be mended. They aren't for answers.
    """
    inputs = list(_inputs(form, errors, values))
    introduction = elements_of(form.intro, in_dialog, ACTIONS - 1)
    fitted = fit(introduction, _INTRODUCTION if inputs else _ROOM_OF_A_FORM)
    card = _card(_in_brief((form.title,)), [*fitted, *inputs], language)
    if not inputs and is_blank(form.submit):
        return card
    # A form that can't be sent would hold what was filled in for nothing.
    name = form.title if is_blank(form.submit) else form.submit
    submit = {
        "type": "Action.Submit",
        "title": ELLIPSIS if is_blank(name) else shorten(one_line(name), BUTTON),
        "style": "positive",
        "data": sent("form", form.action, form.value),
    }
    return card | {"actions": [submit]}


def submitted(value: Mapping[str, Any]) -> tuple[str, str]:
    """The action and the value of a form, from the `value` of a `task/submit`; "" if it is none."""
    data = mapping_in(value, "data")
    return text_in(data, "form"), text_in(data, "value")


def summary_of(message: Message) -> str:
    """One line that stands for the whole: for notifications, screen readers, and old clients."""
    return _in_brief((message.summary, *map(_text, message.parts)))


def _text(part: Part) -> str:
    return getattr(part, "text", "")


def _in_brief(texts: tuple[str, ...]) -> str:
    first = next((text for text in texts if not is_blank(text)), ELLIPSIS)
    return inert(first, SUMMARY)


def _card(summary: str, body: list[Json], language: str) -> Json:
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        **({"lang": language} if language else {}),
        "fallbackText": summary,
        "speak": summary,
        "body": body or left_out(),
        "msteams": {"width": "Full"},
    }


def _inputs(form: Form, errors: Mapping[str, str], values: Mapping[str, str]) -> Iterator[Json]:
    """The fields, as many as fit."""
    room = _ROOM_OF_A_FORM - _INTRODUCTION
    taken: set[str] = set()
    for number, field in enumerate(form.fields):
        name = name_of(field, number, taken)
        elements = field_elements(field, name, values.get(field.name), errors.get(field.name, ""))
        room -= weight(elements)
        if room < 0:
            return
        taken.add(name)
        yield from elements
