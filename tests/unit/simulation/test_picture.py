from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from bot.errors import FindingsError
from bot.simulation.findings import Knows
from bot.simulation.picture import BAR, BAR_END, RIGHT, chosen, draw
from tests.unit.simulation.made_up import a_finding

SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_says_in_words_what_it_shows() -> None:
    drawn = draw([a_finding("a & b", right=0.61), a_finding("c", right=0.8)])
    words = ET.fromstring(drawn).findtext(f"{SVG}desc")  # noqa: S314 - our own
    assert words is not None
    assert "150 made-up people, re-organised; 75% answer" in words
    assert "a & b, 18% leave in a year: right 61% ±3.9, by reading 60%, learns no more" in words
    assert "c, 18% leave in a year: right 80% ±3.9, by reading 60%, learns more" in words
    assert "84.5% published" in words


def test_who_learns_no_more_is_a_disc_and_who_does_is_an_open_diamond() -> None:
    """Besides the two in the legend."""
    no_more, more = draw([a_finding(right=0.61)]), draw([a_finding(right=0.63)])
    assert (no_more.count("<circle"), no_more.count("<path")) == (2, 1)
    assert (more.count("<circle"), more.count("<path")) == (1, 2)


def test_how_much_was_published_is_the_length_of_a_bar() -> None:
    bars = ET.fromstring(draw([a_finding(published=0.25)])).findall(f"{SVG}rect")  # noqa: S314
    assert [bar.get("width") for bar in bars[1:]] == [
        str(BAR_END - BAR),
        str((BAR_END - BAR) / 4),
    ]


def test_an_interval_never_leaves_the_scale() -> None:
    drawn = draw(
        [a_finding(right=0.99, right_error=0.1), a_finding("other", right=0.3, right_error=0.1)]
    )
    ends = [
        float(line.get(end, 0))
        for line in ET.fromstring(drawn).findall(f"{SVG}line")  # noqa: S314
        for end in ("x1", "x2")
    ]
    assert max(ends) == RIGHT


def test_of_several_sizes_the_largest_with_most_designs_is_shown() -> None:
    found = [
        a_finding("ours", people=12),
        a_finding("weak", people=12),
        a_finding("ours", people=150),
        a_finding("weak", people=150),
        a_finding("ours", people=20_000),
    ]
    assert chosen(found) == found[2:4]


def test_of_several_attackers_the_one_who_knows_most_is_shown() -> None:
    weaker, stronger = a_finding(knows=Knows.ROSTERS), a_finding(knows=Knows.WHO_ANSWERED)
    assert chosen([stronger, weaker]) == chosen([weaker, stronger]) == [stronger]


def test_an_organisation_that_is_re_organised_is_preferred() -> None:
    still, moving = a_finding(reorganises=False), a_finding(reorganises=True)
    assert chosen([moving, still]) == chosen([still, moving]) == [moving]


def test_the_usual_answering_rate_is_shown() -> None:
    found = [a_finding("a"), a_finding("b"), a_finding("a", answering=1.0)]
    assert chosen(found) == found[:2]


def test_a_design_that_was_simulated_for_one_turnover_only_is_left_out() -> None:
    found = [a_finding("ours", 0.08), a_finding("ours", 0.3), a_finding("another", 0.3)]
    assert chosen(found) == found[:2]


def test_what_is_shown_is_all_of_one_attacker() -> None:
    found = [a_finding("a"), a_finding("b"), a_finding("c", knows=Knows.ROSTERS)]
    assert chosen(found) == found[:2]


def test_designs_keep_their_order_and_turnovers_rise() -> None:
    found = [a_finding("z", 0.3), a_finding("z", 0.08), a_finding("a", 0.3), a_finding("a", 0.08)]
    assert [(one.design, one.turnover) for one in chosen(found)] == [
        ("z", 0.08),
        ("z", 0.3),
        ("a", 0.08),
        ("a", 0.3),
    ]


def test_without_an_estimate_there_is_nothing_to_draw() -> None:
    with pytest.raises(FindingsError, match="nothing to draw"):
        draw([a_finding(right=None)])
