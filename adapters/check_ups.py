"""What a check-up of any chat platform may find: a clock that is off, and a wrong address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp

from bot.domain.checks import Check
from bot.ports import Clock

# What is signed is refused when it is five minutes old.
MOST_OFF: Final = timedelta(minutes=1)


def clock_checks(date: str, platform: str, clock: Clock) -> list[Check]:
    """How far this machine's clock is from a platform's, to the second.

    `date` is the header of an answer of theirs; without a good one there is nothing to compare.
    """
    try:
        theirs = parsedate_to_datetime(date)
    except ValueError:
        return []
    off = clock.now() - _in_utc(theirs)
    if abs(off) <= MOST_OFF:
        return [Check("Clock", True, f"This machine's clock goes with {platform}'s.")]
    which = "ahead of" if off > timedelta() else "behind"
    seconds = abs(round(off.total_seconds()))
    return [
        Check(
            "Clock",
            False,
            f"This machine's clock is {seconds} seconds {which} {platform}'s.",
            "Have it set by NTP: what is signed more than five minutes off is refused.",
        )
    ]


def _in_utc(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def nothing_there(address: str, platform: str, error: Exception) -> Check:
    """What it comes to when the bot's own address can't be asked."""
    if isinstance(error, aiohttp.ClientSSLError):
        return Check(
            "Address",
            False,
            f"The certificate of {address} isn't one that {platform} would trust.",
            "Use a certificate of a public authority, with its intermediate ones.",
        )
    return Check(
        "Address",
        False,
        f"Nothing answers at {address} ({type(error).__name__}).",
        "See that the bot is running, and that PUBLIC_URL leads to it by DNS and proxy.",
    )


def something_else_there(address: str, status: int) -> Check:
    return Check(
        "Address",
        False,
        f"Something answers at {address}, with status {status}, and not as the bot does.",
        "See that PUBLIC_URL leads to the bot itself, without a sign-in or a redirect.",
    )
