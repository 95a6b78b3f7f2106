"""One entry of a list: its name in bold, where it leads, and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from adapters.slack.lengths import cut, shorten, split
from adapters.slack.limits import TEXT
from adapters.slack.mrkdwn import bold, inert, link
from bot.message import Item
from bot.text import clean, is_blank, one_line

_NAME: Final = 300
_ADDRESS: Final = 1_000
_PAGE: Final = re.compile(r"https:[^\s<>|\"`\\^{}]+")
# Slack shows `tel:` links and, as far as is known, no `sms:` ones: those stay words.
_PHONE: Final = re.compile(r"tel:[0-9+().-]+")
_NUMBER: Final = re.compile(r"(?:tel|sms):([0-9+(). -]+)")
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)[\s().-]+(?=\d)")

_IN_AN_ADDRESS: Final = str.maketrans({"&": "&amp;", "*": "%2A", "~": "%7E"})


def entry_texts(item: Item) -> Iterator[str]:
    """An entry as `mrkdwn`, in as many pieces as its length needs."""
    name = "" if is_blank(item.label) else _name(one_line(item.label), item.url)
    words = "\n".join(filter(None, (clean(item.text), _number_to_read(item))))
    # The name and the address take up to 1,300 characters of the first piece.
    room = TEXT - _NAME - _ADDRESS if name else TEXT
    pieces = [inert(piece) for piece in split(words, room) if not is_blank(piece)]
    first = "\n".join(filter(None, (name, *pieces[:1])))
    if first:
        yield first
    yield from pieces[1:]


def _name(label: str, url: str) -> str:
    """In bold, and a link if it leads somewhere that Slack can open."""
    words = inert(shorten(label, _NAME - 10))
    return bold(link(url.translate(_IN_AN_ADDRESS), words) if _can_be_opened(url) else words)


def _can_be_opened(url: str) -> bool:
    known = _PAGE.fullmatch(url) or _PHONE.fullmatch(url)
    return known is not None and cut(url, _ADDRESS - 100) == url


def _number_to_read(item: Item) -> str:
    """The number that an entry leads to, if its words don't have it: not everybody can tap it."""
    found = _NUMBER.fullmatch(item.url)
    if found is None:
        return ""
    words = _BETWEEN_DIGITS.sub("", f"{item.label}\n{item.text}")
    digits = re.sub(r"\D", "", found[1])
    return "" if re.search(rf"(?<!\d){digits}(?!\d)", words) else found[1].strip()
