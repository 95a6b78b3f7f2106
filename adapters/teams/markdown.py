"""Text as an Adaptive Card shows it, so that nothing in it can act.

A `TextBlock` is Markdown, and so is what stands beside a round button. Teams has no way to escape
it that holds everywhere: its apps for phones show a backslash, and an entity too, which its desktop
takes away. So a text with something in it that could act is in a `RichTextBlock`, which is never
interpreted. Headings and links can't be: there, the characters that could act are replaced by
others that look the same and never do. All other texts are in a `TextBlock`: it alone breaks a word
that is too long for its line, on every client.

A text on several lines is a block for each: a line end within a block is lost on some clients.
"""

from __future__ import annotations

import re
from typing import Final

from adapters.teams.limits import HEADING, Json
from bot.text import ELLIPSIS, clean, is_blank, one_line, place_to_cut

_LOOKALIKES: Final = str.maketrans(
    {
        "*": "\N{ASTERISK OPERATOR}",
        "~": "\N{TILDE OPERATOR}",
        "`": "\N{MODIFIER LETTER GRAVE ACCENT}",
        "<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
        ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
        "[": "\N{FULLWIDTH LEFT SQUARE BRACKET}",
        "]": "\N{FULLWIDTH RIGHT SQUARE BRACKET}",
        "\\": "\N{REVERSE SOLIDUS OPERATOR}",
    }
)
_FREE_UNDERSCORE: Final = re.compile(r"(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")
_LOW_LINE: Final = "\N{MODIFIER LETTER LOW MACRON}"
_ENTITY: Final = re.compile(r"&(?=#?\w+;)")
_AMPERSAND: Final = "\N{FULLWIDTH AMPERSAND}"
# What makes a line an entry of a list, or a heading.
_BULLET: Final = re.compile(r"^[-+#]")
_BULLETS: Final = {
    "-": "\N{HYPHEN}",
    "+": "\N{FULLWIDTH PLUS SIGN}",
    "#": "\N{FULLWIDTH NUMBER SIGN}",
}
_NUMBERED: Final = re.compile(r"^(\d+)([.)])")
_STOPS: Final = {".": "\N{ONE DOT LEADER}", ")": "\N{FULLWIDTH RIGHT PARENTHESIS}"}
# What only some clients make something of: a `_` within a word, and an address.
_DOUBTFUL: Final = re.compile(r"_|://")


def inert(text: str, most: int | None = None) -> str:
    """A text on one line of Markdown in which nothing is formatting, a mention or a link.

    It is shortened to `most` characters: a text that is cut afterwards may act again.
    """
    words = one_line(text) if most is None else shorten(one_line(text), most)
    words = words.translate(_LOOKALIKES)
    words = _FREE_UNDERSCORE.sub(_LOW_LINE, words)
    words = _ENTITY.sub(_AMPERSAND, words)
    words = _BULLET.sub(lambda found: _BULLETS[found[0]], words)
    return _NUMBERED.sub(lambda found: found[1] + _STOPS[found[2]], words)


def link(url: str, label: str) -> str:
    """A label of Markdown that leads somewhere; the caller vouches for the address."""
    return f"[{label}]({url})"


def shorten(text: str, most: int) -> str:
    """The text, or as many of its words as fit, and an ellipsis."""
    if len(text) <= most:
        return text
    return text[: place_to_cut(text, most - 1)].rstrip() + ELLIPSIS


def heading(text: str) -> Json:
    """A heading, for screen readers too."""
    return {
        "type": "TextBlock",
        "text": inert(text, HEADING),
        "style": "heading",
        "size": "Medium",
        "weight": "Bolder",
        "wrap": True,
    }


def marked(text: str) -> Json:
    """A line in bold of Markdown that was put together by `inert` and `link`."""
    return {"type": "TextBlock", "text": text, "weight": "Bolder", "wrap": True}


def plain(text: str, **style: object) -> list[Json]:
    """A text as blocks in which nothing acts, one for each line with something on it."""
    lines = [line.strip() for line in clean(text).split("\n")]
    blocks = [_line(line, style) for line in lines if not is_blank(line)]
    return blocks[:1] + [{**block, "spacing": "None"} for block in blocks[1:]]


def _line(text: str, style: dict[str, object]) -> Json:
    if inert(text) == text and _DOUBTFUL.search(text) is None:
        return {"type": "TextBlock", "text": text, "wrap": True, **style}
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **style}]}
