"""What is wrong with something that was sent, and where, in Slack's manner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

ID_AT_MOST: Final = 255


def units(text: str) -> int:
    """The length as a client counts it: an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


class Problems:
    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, what: str, where: str) -> None:
        self.messages.append(f"[ERROR] {what} [json-pointer:{where}]")

    # --- texts -----------------------------------------------------------------------------

    def text(self, text: object, where: str, most: int) -> None:
        """A text that may not be empty."""
        if not isinstance(text, str):
            self.add("must be a string", where)
        elif not text.strip():
            self.add("must be more than 0 characters", where)
        elif units(text) > most:
            self.add(f"must be less than {most + 1} characters", where)

    def text_object(self, given: object, where: str, most: int, *, plain: bool = False) -> None:
        if not isinstance(given, dict):
            self.add("must provide an object", where)
            return
        kinds = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
        if given.get("type") not in kinds:
            self.add(f"must be one of {sorted(kinds)}", f"{where}/type")
        self.text(given.get("text"), f"{where}/text", most)
        if strange := set(given) - {"type", "text", "emoji", "verbatim"}:
            self.add(f"no more properties are allowed: {sorted(strange)}", where)
        if "emoji" in given and given.get("type") == "mrkdwn":
            self.add("no more properties are allowed: ['emoji']", where)

    def optional_text(self, owner: dict[str, Any], name: str, where: str, most: int) -> None:
        if name in owner:
            self.text(owner[name], f"{where}/{name}", most)

    # --- counts, and what there may be only once -------------------------------------------

    def count(self, items: object, where: str, most: int, least: int = 1) -> list[Any]:
        if not isinstance(items, list):
            self.add("must be an array", where)
            return []
        if len(items) < least:
            self.add(f"must contain at least {least} items", where)
        if len(items) > most:
            self.add(f"no more than {most} items allowed", where)
        return items

    def unique(self, what: str, values: Iterable[str], where: str) -> None:
        for value, times in Counter(values).items():
            if times > 1:
                self.add(f"`{what}` `{value}` already exists", where)
