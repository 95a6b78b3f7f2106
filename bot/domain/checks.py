"""What a check-up found: one thing that was looked at, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that `wellbeing doctor` looked at. No secret is ever in it.

    name        what was looked at, in a few words
    finding     what was found, as a sentence
    what_to_do  how to mend it, or make it better; "" if there is nothing to do
    """

    name: str
    is_well: bool
    finding: str
    what_to_do: str = ""
