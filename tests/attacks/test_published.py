from __future__ import annotations

from tests.attacks.place import Place
from tests.attacks.published import reorganised


async def test_no_reorganisation_singles_anybody_out(place: Place) -> None:
    ours, plain_threshold = await reorganised(place)
    assert not ours.won
    assert plain_threshold.won
