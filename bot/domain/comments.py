"""Comments on a pulse: how many there have to be, and how long they stay.

Ten, as Glint has it for comments
(https://learn.microsoft.com/en-us/viva/glint/setup/privacy-protection-reporting): a way of writing
tells more than a number does. It is ten comments, not ten people: who wrote one is known nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

MIN_HELD: Final = 10
KEPT_FOR: Final = timedelta(weeks=26)


class Held(StrEnum):
    """What becomes of a comment before anybody but a coordinator reads it."""

    WAITING = "waiting"
    CHECKING = "checking"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class CommentRules:
    """What an organisation has decided about comments."""

    is_on: bool = False
