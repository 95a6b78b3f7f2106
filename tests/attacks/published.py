"""Attackers on what is published, shown and replied: ours, and weak designs.

As in `stored`, each attacker is the same against every design.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tests.attacks import published_figures, published_sets
from tests.attacks.place import Place
from tests.attacks.published_boxes import Unbound, copy_a_box, our_rounds
from tests.attacks.published_invented import CountedAtOnce, answer_for_the_invented, our_roster
from tests.attacks.published_ledger import (
    rounds_of_a_restless_organisation,
    subtract_rounds,
)
from tests.attacks.published_live import RunningMean, our_round, read_every_number
from tests.attacks.published_replies import ThankYou, compare_traces, our_replies
from tests.attacks.published_sets import PLAIN_THRESHOLD
from tests.attacks.published_silence import KindSilence, our_silence, read_silences
from tests.attacks.verdict import OURS, Verdict

EVERY_TRACE: Final = "the chat, the screen, the log at debug, what the database does"


async def ours(place: Place) -> list[Verdict]:
    """The real bot on one database, attacked by everybody."""
    async with our_round(place) as live:
        found = await read_every_number(live)
    async with our_replies(place) as replies:
        found += together(await compare_traces(replies))
    async with our_rounds(place) as boxes:
        found.append(await copy_a_box(boxes))
    async with our_silence(place) as silence:
        found += await read_silences(silence)
    async with our_roster(place) as roster:
        found.append(await answer_for_the_invented(roster))
    return found


async def reorganised(place: Place) -> list[Verdict]:
    """Ours and a plain threshold, on the same rosters of the same database."""
    rounds = await rounds_of_a_restless_organisation(place)
    return [subtract_rounds(each, place.database, rounds) for each in (OURS, PLAIN_THRESHOLD)]


async def without_a_database() -> list[Verdict]:
    """The gate and the bands by themselves, and all the weak designs."""
    return [
        *published_figures.verdicts(),
        *published_sets.verdicts(),
        *await read_every_number(RunningMean()),
        *together(await compare_traces(ThankYou())),
        await copy_a_box(Unbound()),
        *await read_silences(KindSilence()),
        await answer_for_the_invented(CountedAtOnce()),
    ]


def together(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """One verdict for each attacker, over all that it compared."""
    by_attacker: dict[str, Verdict] = {}
    for one in verdicts:
        so_far = by_attacker.get(one.attacker)
        by_attacker[one.attacker] = replace(
            one,
            has=EVERY_TRACE,
            tried=one.tried + (so_far.tried if so_far else 0),
            right=one.right + (so_far.right if so_far else 0),
        )
    return list(by_attacker.values())
