"""Text for people, as any chat platform takes it: cleaned, on one line, cut between words."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

ELLIPSIS: Final = "…"
_LINE_ENDS: Final = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Controls, and what changes the direction of the text that follows; plain RTL letters stay.
_DROPPED: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\u202a-\u202e\u2066\u2067\ufeff\ufff9-\ufffb]"
)
_ISOLATE: Final = "\N{FIRST STRONG ISOLATE}"
_END: Final = "\N{POP DIRECTIONAL ISOLATE}"
# One that ends on its own line turns nothing around but what is in it.
_ISOLATED: Final = re.compile(f"{_ISOLATE}[^{_ISOLATE}{_END}\n]*{_END}")
_UNPAIRED: Final = re.compile(f"({_ISOLATED.pattern})|[{_ISOLATE}{_END}]")
_FROM_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
_INVISIBLE: Final = frozenset("CMZ")
_JOINER: Final = "\N{ZERO WIDTH JOINER}"
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)


def clean(text: str) -> str:
    """The text without characters that can't be sent, or that would turn what follows around."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = _DROPPED.sub("", _LINE_ENDS.sub("\n", whole))
    return _UNPAIRED.sub(lambda found: found[1] or "", text).strip()


def isolated(text: str) -> str:
    """A name, so that it turns nothing around in the sentence that it is put into.

    Without an isolate, punctuation and numbers that follow a name from right to left are drawn as
    a part of it. All other names, and what is isolated already, stay as they are.
    """
    name = clean(text)
    if "\n" in name or not _is_from_right_to_left(_ISOLATED.sub("", name)):
        return text
    return f"{_ISOLATE}{name.replace(_ISOLATE, '').replace(_END, '')}{_END}"


def one_line(text: str) -> str:
    """The same on one line."""
    return " ".join(clean(text).split())


def is_blank(text: str) -> bool:
    """Whether there is nothing to be seen in a text: platforms refuse those."""
    return all(unicodedata.category(character)[0] in _INVISIBLE for character in clean(text))


def place_to_cut(text: str, most: int) -> int:
    """Where to cut a text of more than `most` characters: at the last space, if it isn't far back.

    Without one, not within what people see as one character.
    """
    earliest = most * 2 // 3
    space = max(text.rfind(" ", earliest, most + 1), text.rfind("\n", earliest, most + 1))
    if space > 0:
        return space
    whole = most
    while whole > earliest and _belongs_together(text[whole - 1], text[whole]):
        whole -= 1
    return max(whole if whole > earliest else most, 1)


def _is_from_right_to_left(text: str) -> bool:
    """Whether any of it is."""
    return any(unicodedata.bidirectional(each) in _FROM_RIGHT_TO_LEFT for each in text)


def _belongs_together(before: str, after: str) -> bool:
    """Whether two code points are parts of what people see as one character."""
    return (
        _JOINER in {before, after}
        or unicodedata.category(after).startswith("M")
        or ord(after) in _SKIN_TONES
    )
