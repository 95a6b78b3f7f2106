"""A quarter of an organisation that is re-organised half-way, told once for every platform.

Four teams, of which three are under a head of department. Half-way one gets another name,
two become one, and one loses so many that it rests from then on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Protocol

from bot.ports import Texts
from tests.support.organisation import World, line

# A quarter without a public holiday on a Tuesday, Thursday or Friday, and without a clock change.
FIRST_MONDAY: Final = date(2027, 6, 21)
WEEKS: Final = 13
REORGANISED_AFTER: Final = 6  # weeks
# The questions of the third week come back ten weeks later, in the last.
EARLIER, LATER = 2, WEEKS - 1
ASKED_EARLIER, ASKED_LATER = "6 Jul 2027", "14 Sep 2027"

SIZES: Final = {"norah": 12, "esther": 9, "wes": 9, "nia": 9}
LEFT_AT_NIGHTS = 6
NORTH, NORTHERN = "Services / North", "Services / Northern homes"
EAST, WEST, RIVERSIDE = "Services / East", "Services / West", "Services / Riverside"
NIGHTS: Final = "Care / Nights"
# The channels of teams, where a platform has channels of its own; a renamed team keeps its own.
CHANNELS: Final = {NORTH: "north", NORTHERN: "north", RIVERSIDE: "riverside", NIGHTS: "nights"}
OFFICE: Final = [line("chief", "Services", ""), line("ada", "Office", "", roles="admin")]

# What all of a team say: between 3 and 5, between 1 and 3.
HIGH, LOW = "4", "2"

# What is read in the end, of both questions alike.
WENT_ON: Final = (
    "6 Jul 2027: between 3 and 5. "
    "14 Sep 2027: between 1 and 3, clearly lower than the result before."
)
BEGAN_ANEW: Final = "(strongly agree). 14 Sep 2027: between 3 and 5."
RESTS_NOW: Final = "6 Jul 2027: between 3 and 5. 14 Sep 2027: nothing to show."
TWO_OF_TWO: Final = "There is something to show in 2 of 2 groups."
TOGETHER: Final = re.compile(rf"^Between 1 and 5, .* {re.escape(TWO_OF_TWO)}$")
POINTS: Final = {
    "From": [(ASKED_EARLIER, 3), (ASKED_LATER, 1)],
    "To": [(ASKED_EARLIER, 5), (ASKED_LATER, 3)],
}

# How many answered is said by these ends of bands alone.
ENDS_OF_BANDS: Final = {"5", "7", "8", "15", "16", "29", "30"}


def on(week: int, day: int, hour: int) -> datetime:
    """An hour in London's summer on a day (0 is Monday) of a week; the first week is 0."""
    local = datetime.combine(FIRST_MONDAY + timedelta(weeks=week, days=day), time(hour), UTC)
    return local - timedelta(hours=1)


def before() -> list[str]:
    """The first roster, without its header."""
    return [
        *OFFICE,
        *_team("norah", NORTH),
        *_team("esther", EAST),
        *_team("wes", WEST),
        *_team("nia", NIGHTS, ""),
    ]


def after() -> list[str]:
    """The roster of the second half."""
    return [
        *OFFICE,
        *_team("norah", NORTHERN),
        *_team("esther", RIVERSIDE),
        line("wes", RIVERSIDE, "esther"),
        *_members("wes", RIVERSIDE, "esther"),
        *_team("nia", NIGHTS, "", LEFT_AT_NIGHTS),
    ]


def members(week: int) -> list[str]:
    """Everybody who is counted in the pulse of a week, by name."""
    sizes = SIZES if week < REORGANISED_AFTER else {**SIZES, "nia": 0}
    return [f"{boss}-{number}" for boss, size in sizes.items() for number in range(1, size + 1)]


def says(name: str, week: int) -> str:
    """What somebody answers to every question of the earlier and the later round."""
    fell = name.startswith("norah") and week == LATER
    return LOW if fell else HIGH


def with_channels(lines: Sequence[str], written: str) -> list[str]:
    """The same with one more column; `written` is how a roster writes a channel, with {name}."""
    channels = [CHANNELS.get(row.split(",")[2], "") for row in lines]
    return [
        f"{row},{written.format(name=name) if name else ''}"
        for row, name in zip(lines, channels, strict=True)
    ]


class Place(Protocol):
    """A chat platform with a bot on it."""

    @property
    def world(self) -> World: ...

    async def has(self, lines: Sequence[str]) -> None:
        """Import a roster; whoever is new in it has an account from then on."""

    async def opts_in(self, name: str) -> None: ...

    async def answers(self, name: str, value: str) -> None:
        """Answer all questions of the newest pulse alike."""


async def live_through_it(place: Place) -> None:
    """The whole quarter, up to its last Friday. Two of its pulses are answered, by everybody."""
    place.world.clock.move_to(on(0, -1, 12))
    await place.has(before())
    await place.world.launch()
    await place.world.live_until(on(0, 0, 9) + timedelta(minutes=5))
    for name in members(0):
        await place.opts_in(name)
    for name in place.world.ids:  # these have tests of their own, and would be most messages
        await place.world.submit(name, "settings.save", check_ins="off", reflections="off")
    for week in range(WEEKS):
        if week == REORGANISED_AFTER:
            await place.has(after())
        if week in {EARLIER, LATER}:
            await place.world.live_until(on(week, 1, 12))
            for name in members(week):
                await place.answers(name, says(name, week))
        await place.world.live_until(on(week, 4, 12))


def titles(texts: Texts) -> list[str]:
    """What the two questions of the earlier and the later round are called for short."""
    return [item.short for item in texts.pulse_items[:2]]


def tells_too_much(words: str) -> list[str]:
    """Whatever in a summary names somebody, or counts anything but answers in bands and groups."""
    names = [row.partition(",")[0] for row in before()]
    counted = re.findall(r"(\d+) (?:people|persons|colleagues|were asked)", words)
    counted += re.findall(r"(\d+) to \d+ people", words)
    return [
        *(name for name in names if re.search(rf"\b{name}\b", words)),
        *(number for number in counted if number not in ENDS_OF_BANDS),
        *re.findall(r"\d+ of \d+(?! groups)\b|\d+ ?%", words),
    ]


def _team(boss: str, path: str, manager: str = "chief", size: int = 0) -> list[str]:
    return [line(boss, path, manager), *_members(boss, path, boss, size)]


def _members(boss: str, path: str, manager: str, size: int = 0) -> list[str]:
    size = size or SIZES[boss]
    return [line(f"{boss}-{number}", path, manager) for number in range(1, size + 1)]
