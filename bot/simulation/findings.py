"""What a year's simulation found, and the file that it is kept in.

The file is JSON, so that the table and the picture can be drawn again without simulating again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from bot.errors import FindingsError

NINETY_FIVE: Final = 1.96  # so many standard errors to each side hold 95 of 100


class Knows(StrEnum):
    """What an attacker knows besides everything published; each knows more than the one before."""

    ROSTERS = "rosters"
    WHO_ANSWERED = "who answered"


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both included."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One organisation under one design for a year, and what one attacker made of it.

    turnover    the share of people who leave in a year
    answering   the share of the counted who answer a round
    published   the share of block-rounds with a result; the others rested or had too few answers
    blocks      how many blocks there were, at the start of the year
    determined  how many people had an answer to some question that follows from what is published;
                None: this wasn't looked for
    ruled_out   of the answers looked at, the share of which some value from 1 to 5 can't be; None:
                this wasn't looked for
    undecided   of the answers looked at, the share of which this was too hard to say
    right       how often the attacker is right about which of two people of one group is the more
                content, if one of them left, joined or moved. By chance: half of the time. None:
                there were no such people
    by_reading  the same for somebody who reads what was published while each was there, no more
    right_error, gain_error  the standard errors of `right`, and of what it has over `by_reading`
    """

    people: int
    turnover: float
    design: str
    reorganises: bool
    answering: float
    knows: Knows
    published: float
    blocks: int
    determined: int | None
    ruled_out: float | None
    undecided: float | None
    right: float | None
    by_reading: float | None
    right_error: float
    gain_error: float

    @property
    def right_interval(self) -> Interval | None:
        """Where `right` lies in 95 of 100 such simulations."""
        return None if self.right is None else _around(self.right, self.right_error)

    @property
    def gain(self) -> float | None:
        """What the attacker works out beyond what was published: nothing at 0."""
        if self.right is None or self.by_reading is None:
            return None
        return self.right - self.by_reading

    @property
    def gain_interval(self) -> Interval | None:
        """Where `gain` lies in 95 of 100 such simulations."""
        return None if self.gain is None else _around(self.gain, self.gain_error)


def _around(middle: float, error: float) -> Interval:
    return Interval(middle - NINETY_FIVE * error, middle + NINETY_FIVE * error)


_FINDINGS: Final = TypeAdapter(list[Finding])


def write(findings: Iterable[Finding], file: Path) -> None:
    """Keep findings in a file. Raises FindingsError."""
    rows = [asdict(finding) for finding in findings]
    try:
        file.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise FindingsError([f"{file} can't be written: {error.strerror}."]) from None


def read(file: Path) -> list[Finding]:
    """The findings that a file keeps. Raises FindingsError."""
    try:
        return _FINDINGS.validate_json(file.read_bytes())
    except OSError as error:
        raise FindingsError([f"{file} can't be read: {error.strerror}."]) from None
    except ValidationError:
        raise FindingsError([f"{file} doesn't hold findings: simulate again."]) from None
