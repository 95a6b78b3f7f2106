"""A message in words alone, for a workspace that refuses its blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from adapters.slack.lengths import shorten
from adapters.slack.mrkdwn import inert
from bot.message import Buttons, Chart, Items, Message, Part
from bot.text import is_blank

# Slack asks for messages of up to 4,000 characters.
LONGEST: Final = 3_900


def words_of(message: Message) -> str:
    """All that it says; its buttons are lost."""
    parts = (text for part in message.parts for text in _texts(part))
    texts = [text for text in (message.summary, *parts) if not is_blank(text)]
    return inert(shorten("\n\n".join(texts), LONGEST))


def _texts(part: Part) -> Iterator[str]:
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
