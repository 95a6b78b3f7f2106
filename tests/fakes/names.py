"""Names for made-up people and teams, for trying a bot by hand."""

from __future__ import annotations

from typing import Final

FIRST: Final = (
    "Ada", "Amir", "Bea", "Cem", "Chidi", "Dora", "Elif", "Emre", "Freya", "Goran", "Hana",
    "Idris", "Ines", "Jonas", "Kaya", "Lena", "Malik", "Mina", "Noor", "Oskar", "Priya", "Rosa",
    "Sami", "Tomas", "Uma", "Vera", "Wanja", "Yuki", "Zain", "Zoe",
)  # fmt: skip
LAST: Final = (
    "Ashby", "Birch", "Cole", "Dale", "Elm", "Field", "Grove", "Heath", "Ivy", "Lake", "Marsh",
    "North", "Oak", "Pine", "Reed", "Stone", "Thorn", "Vale", "Wells", "Young",
)  # fmt: skip
TEAMS: Final = (
    "housing", "finance", "care-east", "care-west", "digital", "people", "kitchen", "night-shift",
)  # fmt: skip
ZONES: Final = (
    "Europe/London", "Europe/London", "Europe/London", "Europe/Berlin", "America/New_York",
    "Asia/Kolkata", "Australia/Sydney",
)  # fmt: skip
LOCALES: Final = ("en-GB", "en-GB", "en-US", "de-DE")


def full_name(number: int) -> tuple[str, str, str]:
    """The first and the last name of the so-manieth, and what tells two of one name apart."""
    first, last = FIRST[number % len(FIRST)], LAST[number // len(FIRST) % len(LAST)]
    again = number // (len(FIRST) * len(LAST))
    return first, last, str(again or "")
