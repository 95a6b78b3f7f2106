"""A message in words alone, for a workspace that refuses its blocks."""

from __future__ import annotations

from typing import Final

from adapters.slack.lengths import shorten
from adapters.slack.mrkdwn import inert
from bot.message import Message
from bot.text import is_blank
from bot.words import words

# Slack asks for messages of up to 4,000 characters.
LONGEST: Final = 3_900


def words_of(message: Message) -> str:
    """All that it says; its buttons are lost."""
    texts = [text for text in (message.summary, *words(message)) if not is_blank(text)]
    return inert(shorten("\n\n".join(texts), LONGEST))
