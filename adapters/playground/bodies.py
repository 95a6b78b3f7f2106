"""What the page sends, checked before anything else is done with it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from adapters.playground.interactions import HOME, Place

MAX_BODY = 64 * 1024

Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Argument = Annotated[str, StringConstraints(max_length=2_000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Press(Body):
    """The person, and where the button was: a message, or "home"."""

    person: Id
    conversation: Argument = ""
    message_id: Id = HOME
    action: Id
    value: Argument = ""

    @property
    def place(self) -> Place:
        return Place(self.conversation, self.message_id)


class TapBody(Press):
    pass


class SubmitBody(Press):
    fields: dict[Id, Annotated[str, StringConstraints(max_length=10_000)]] = Field(
        default_factory=dict, max_length=50
    )


class SayBody(Body):
    """`thread` is the message that the conversation began with, if it is one of its own."""

    person: Id
    text: Line
    thread: Argument = ""


class ClockBody(Body):
    """`people` are those shown: "next" is the next message for one of them, or for anybody."""

    move: Literal["next", "day", "friday"]
    people: list[Id] = Field(default_factory=list, max_length=50)


class EveryoneBody(Body):
    leaving_out: list[Id] = Field(default_factory=list, alias="except", max_length=50)


Some = TypeVar("Some", bound=Body)


async def body_of(request: web.Request, kind: type[Some]) -> Some:
    """The request's body. Raises HTTPBadRequest, which names fields and never what they held."""
    sent = await request.read()
    if len(sent) > MAX_BODY:
        raise web.HTTPRequestEntityTooLarge(MAX_BODY, len(sent), reason="That's too much at once.")
    try:
        return kind.model_validate_json(sent)
    except ValidationError as error:
        where = {".".join(str(step) for step in each["loc"][:1]) for each in error.errors()}
        named = ", ".join(sorted(where - {""}))
        about = f"Please check: {named}." if named else "It should be one JSON object."
        raise web.HTTPBadRequest(reason=f"The request isn't as expected. {about}") from None
