"""A council in which comments are on, and people who write some."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.message import Form
from bot.ports import Reply
from tests.support.core import with_comments
from tests.support.organisation import World, line, team_of

ROUND = "pulse-2026-11-24"
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FRIDAY_NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)

HOUSING = [
    *team_of(12, "Services / Housing", "one")[1:],
    line("one", "Services / Housing", "director"),
]
LIBRARIES = [
    *team_of(12, "Services / Libraries", "two")[1:],
    line("two", "Services / Libraries", "director"),
]
STAFF = [
    line("director", "Services", ""),
    line("cora", "Services / Libraries", "two", roles="coordinator"),
]
WRITERS = [f"one-{number}" for number in range(1, 13)]


async def commenting(world: World) -> World:
    """Two departments under one director; everybody has opted in, and a round is open."""
    world.core = with_comments(world.core)
    await world.import_lines([*STAFF, *HOUSING, *LIBRARIES])
    await world.launch()
    await world.live_until(MONDAY_NOON)
    for name in world.ids:
        await world.tap(name, "pulse.consent", "yes")
        await world.tap(name, "comments.consent", "yes")
    await world.live_until(TUESDAY_NOON)
    return world


def text_of(form: Form | None) -> str:
    """What stands in the first field of a form."""
    assert form is not None
    return getattr(form.fields[0], "text", "")


async def write(world: World, name: str, text: str, round_id: str = ROUND) -> Reply:
    """Write a comment, look at what is left, and seal it."""
    shown = await world.submit(name, "comments.preview", round_id, comment=text)
    left = text_of(shown.form)
    return await world.submit(name, "comments.seal", round_id, comment=left)


async def write_many(world: World, number: int) -> list[str]:
    """So many people of Housing write a comment each; what they wrote."""
    written = [f"We need quieter rooms, please: {number}" for number in range(number)]
    for name, text in zip(WRITERS, written, strict=False):
        await write(world, name, text)
    return written


async def check_all(world: World, name: str = "cora", withheld: str = "") -> list[str]:
    """Release all comments but those that hold some words; what was shown, in that order."""
    seen: list[str] = []
    form = (await world.tap(name, "comments.review")).form
    while form is not None:
        fields: dict[str, str] = {}
        for text, choice in zip(form.fields[::2], form.fields[1::2], strict=True):
            words = getattr(text, "text", "")
            seen.append(words)
            is_withheld = bool(withheld) and withheld in words
            fields |= {text.name: words, choice.name: "withhold" if is_withheld else "release"}
        form = (await world.submit(name, "comments.decide", form.value, **fields)).form
    return seen
