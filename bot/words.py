"""A message in words alone, where nothing else can be shown."""

from __future__ import annotations

from collections.abc import Iterator

from bot.message import Buttons, Chart, Items, Message, Part


def words(message: Message) -> Iterator[str]:
    """All that it says below its summary, piece by piece; its buttons are lost."""
    for part in message.parts:
        yield from _words(part)


def _words(part: Part) -> Iterator[str]:
    match part:
        case Buttons():
            return
        case Chart(title=title, text=text):
            yield f"{title}\n{text}"
        case Items(items):
            for item in items:
                yield " ".join(text for text in (item.label, item.text, item.url) if text)
        case _:
            yield part.text
