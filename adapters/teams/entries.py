"""One entry of a list: its name in bold, where it leads, and what it says."""

from __future__ import annotations

import re
from typing import Final

from adapters.teams.limits import ADDRESS, HEADING, Json
from adapters.teams.markdown import inert, link, marked, plain
from bot.message import Item
from bot.text import is_blank

_PAGE: Final = re.compile(r"https?:[^\s<>|\"`\\^{}\[\]]+")
_PHONE: Final = re.compile(r"tel:[0-9+.-]+")
_MAIL: Final = re.compile(r"mailto:[0-9A-Za-z.+-]+@[0-9A-Za-z.-]+")
_ENTITY: Final = re.compile(r"&#?\w+;")
_NUMBER: Final = re.compile(r"(?:tel|sms):([0-9+(). -]+)")
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d)[\s().-]+(?=\d)")

_IN_AN_ADDRESS: Final = str.maketrans({"(": "%28", ")": "%29", "*": "%2A", "_": "%5F", "~": "%7E"})


def entry(item: Item) -> list[Json]:
    """An entry as elements: none if it says nothing."""
    text = plain("\n".join(filter(None, (item.text, _number_to_read(item)))))
    if is_blank(item.label):
        return text
    name = marked(_name(item.label, item.url))
    return [name, *({**line, "spacing": "None"} for line in text)]


def _name(label: str, url: str) -> str:
    """A link if it leads somewhere that Teams opens."""
    words = inert(label, HEADING)
    address = url.translate(_IN_AN_ADDRESS)
    return link(address, words) if _can_be_opened(url) and len(address) <= ADDRESS else words


def _can_be_opened(url: str) -> bool:
    known = (kind.fullmatch(url) for kind in (_PAGE, _PHONE, _MAIL))
    return any(known) and _ENTITY.search(url) is None


def _number_to_read(item: Item) -> str:
    """The number that an entry leads to, if its words don't have it: not everybody can tap it."""
    found = _NUMBER.fullmatch(item.url)
    if found is None:
        return ""
    words = _BETWEEN_DIGITS.sub("", f"{item.label}\n{item.text}")
    digits = re.sub(r"\D", "", found[1])
    return "" if re.search(rf"(?<!\d){digits}(?!\d)", words) else found[1].strip()
