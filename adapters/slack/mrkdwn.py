"""Text as Slack's text objects, so that nothing in it can act.

`plain_text` is never interpreted, save that `emoji` turns a `:shortcode:` into a picture. It is
used wherever a text is neither bold nor a link. Where one is, it has to be `mrkdwn`: there Slack
knows no way to escape its formatting characters (a backslash is shown, and zero-width characters
are a gamble), so those that could act are replaced by others that look the same and never do.
`verbatim` keeps Slack from turning `@here`, `#general` and addresses into links by itself.
"""

from __future__ import annotations

import re
from typing import Final

from adapters.slack.lengths import shorten
from adapters.slack.limits import Json
from bot.text import clean

_SHORTCODE: Final = re.compile(r":(?=[^\s:]+:)")
# Every colon that could begin one, also once the next is replaced.
_COLONS: Final = re.compile(r":+(?=[^\s:]+:)")
_FREE_UNDERSCORE: Final = re.compile(r"(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")
_QUOTE: Final = re.compile(r"^([^\S\n]*)(>+)", re.MULTILINE)
_LOOKALIKES: Final = str.maketrans(
    {
        "*": "\N{ASTERISK OPERATOR}",
        "~": "\N{TILDE OPERATOR}",
        "`": "\N{MODIFIER LETTER GRAVE ACCENT}",
    }
)
_LOW_LINE: Final = "\N{MODIFIER LETTER LOW MACRON}"
_COLON: Final = "\N{RATIO}"
_ANGLE: Final = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
_ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def plain(text: str, most: int) -> Json:
    """A `plain_text` object. The text has something to be seen in it."""
    words = shorten(clean(text), most)
    return {"type": "plain_text", "text": words, "emoji": _SHORTCODE.search(words) is None}


def marked(text: str) -> Json:
    """A `mrkdwn` object of text that was put together by `inert`, `bold` and `link`."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def inert(text: str) -> str:
    """A text in which nothing is formatting, a mention, a link or a picture."""
    words = clean(text).translate(_LOOKALIKES)
    words = _COLONS.sub(lambda found: _COLON * len(found[0]), words)
    words = _FREE_UNDERSCORE.sub(_LOW_LINE, words)
    words = _QUOTE.sub(lambda found: found[1] + _ANGLE * len(found[2]), words)
    return words.translate(_ENTITIES)


def bold(text: str) -> str:
    """A line of `mrkdwn` in bold."""
    return f"*{text}*"


def link(url: str, label: str) -> str:
    """A label of `mrkdwn` that leads somewhere; the caller vouches for the address."""
    return f"<{url}|{label}>"
