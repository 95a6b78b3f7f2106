"""What platforms send, checked for its shape before anything else is done with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
)

from bot.errors import WellbeingError

Json = Mapping[str, Any]

# Longer than anything that a platform gives out, or that is used of what people type.
LONGEST: Final = 10_000


def storable(value: Any) -> Any:
    """Refuse texts that no database takes: platforms send none, and they would fail each time."""
    if isinstance(value, str):
        value.encode()  # fails at half a character
        if "\0" in value:
            raise ValueError("a text that can't be stored")
    if isinstance(value, dict | list):
        for each in [*value, *value.values()] if isinstance(value, dict) else value:
            storable(each)
    return value


Id = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(storable)]
# Platforms leave some texts out by sending null.
Text = Annotated[
    str,
    BeforeValidator(lambda value: value or ""),
    StringConstraints(max_length=LONGEST),
    AfterValidator(storable),
]


def _cut(value: Any) -> Any:
    """What somebody types is answered, however long it is; only its beginning can be a command."""
    return value[:LONGEST] if isinstance(value, str) else value or ""


Typed = Annotated[str, BeforeValidator(_cut), AfterValidator(storable)]


class Malformed(WellbeingError):
    """A request isn't as its platform's documents say. Nothing of it is in the message."""


class Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


Some = TypeVar("Some", bound=Payload)


def read(kind: type[Some], body: Json) -> Some:
    """The payload as a value. Raises Malformed."""
    try:
        return kind.model_validate(dict(body))
    except (ValidationError, RecursionError):
        raise Malformed(f"not a {kind.__name__}") from None
