from __future__ import annotations

from tests.attacks.place import Place
from tests.attacks.published_silence import KindSilence, our_silence, read_silences


async def test_no_silence_depends_on_a_consent_or_an_answer(place: Place) -> None:
    async with our_silence(place) as design:
        verdicts = await read_silences(design)
        empty, full = design.read
    assert [verdict for verdict in verdicts if verdict.won] == []
    (everywhere,) = set(empty.values())
    assert "Too few" in everywhere
    assert all("Between" in read for read in full.values())


async def test_a_silence_that_depends_on_people_gives_them_away() -> None:
    assert all(verdict.won for verdict in await read_silences(KindSilence()))
