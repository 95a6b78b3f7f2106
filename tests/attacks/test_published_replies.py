from __future__ import annotations

from tests.attacks.place import Place
from tests.attacks.published_replies import ThankYou, compare_traces, our_replies


async def test_no_reply_tells_a_value_a_change_or_a_withdrawal(place: Place) -> None:
    async with our_replies(place) as design:
        verdicts = await compare_traces(design)
        traces = [await design.answer("boss-1", value) for value in (1, 1, 5)]
    assert [verdict for verdict in verdicts if verdict.won] == []
    assert traces[0] == traces[1] == traces[2]
    assert "sealed" in traces[0].shown
    assert "pulse.form" in traces[0].stays
    assert "SELECT" in traces[0].worked


async def test_a_reply_that_differs_by_answer_gives_it_away() -> None:
    verdicts = await compare_traces(ThankYou())
    assert all(verdict.won for verdict in verdicts)
