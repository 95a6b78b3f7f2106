"""Messages and forms as JSON: in the playground's store and on the way to the page."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from bot.message import Form, Message

Json = dict[str, Any]

_MESSAGE = TypeAdapter(Message)
_FORM = TypeAdapter(Form)


def message_text(message: Message) -> str:
    """A message as one line of JSON, for the store."""
    return _MESSAGE.dump_json(message).decode()


def message_from(text: str) -> Message:
    """The message that `message_text` wrote."""
    return _MESSAGE.validate_json(text)


def message_json(message: Message) -> Json:
    """A message as plain JSON values, for the page."""
    return dict(_MESSAGE.dump_python(message, mode="json"))


def form_json(form: Form) -> Json:
    """A form as plain JSON values, for the page."""
    return dict(_FORM.dump_python(form, mode="json"))
