from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
import pytest_asyncio

from adapters.content import PromptLibrary
from tests.attacks import attackers, stored
from tests.attacks.linking import Links
from tests.attacks.place import Place
from tests.attacks.plot import ANSWERING, TICK_EVERY, WITHDRAWING
from tests.attacks.postgres_copies import BASE_BACKUP, DUMPS, WRITE_AHEAD_LOG
from tests.attacks.verdict import POSTGRESQL, SQLITE, Verdict, at_least_by_chance
from tests.attacks.watching import Watched

ON_BOTH = pytest.mark.parametrize("database", [SQLITE, POSTGRESQL], scope="module")
SINCE_THE_LAST_TICK = ANSWERING % TICK_EVERY


@dataclass(frozen=True, slots=True)
class Attacked:
    """A round of ours, and what each attacker got, by name."""

    watched: Watched
    verdicts: Mapping[str, Verdict]


@pytest.fixture(scope="module")
def a_place(
    request: pytest.FixtureRequest,
    database: str,
    library: PromptLibrary,
    tmp_path_factory: pytest.TempPathFactory,
) -> Place:
    server = request.getfixturevalue("postgres") if database == POSTGRESQL else None
    return Place(tmp_path_factory.mktemp("attacked"), library, server)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ours(a_place: Place) -> Attacked:
    """Played once for each database."""
    watched, reports = await stored.watch_ours(a_place)
    verdicts = stored.of_ours(watched, reports)
    return Attacked(watched, {verdict.attacker: verdict for verdict in verdicts})


# --- ours ----------------------------------------------------------------------------------


@ON_BOTH
def test_nobody_learns_an_answer_from_what_is_stored_or_printed(ours: Attacked) -> None:
    assert [verdict for verdict in ours.verdicts.values() if verdict.won] == []
    # It isn't for want of answers: this round was counted, and published.
    assert '"published": true' in ours.watched.closed.printed


@ON_BOTH
def test_attackers_do_reach_the_boxes_between_two_ticks(ours: Attacked, database: str) -> None:
    """Who copies the inbox after each tap knows whose box is whose, and can't read it."""
    assert ours.verdicts[attackers.EACH_TAP.name].linked == ANSWERING
    assert (ours.verdicts[attackers.BYTES_IN_PAGES.name].linked or 0) >= SINCE_THE_LAST_TICK
    if database == POSTGRESQL:
        assert (ours.verdicts[attackers.ROW_NUMBERS.name].linked or 0) >= SINCE_THE_LAST_TICK
        assert (ours.verdicts[attackers.DUMP.name].linked or 0) >= SINCE_THE_LAST_TICK
        assert attackers.FREED_PAGES.links
        assert len(attackers.FREED_PAGES.links(ours.watched)) == WITHDRAWING


@ON_BOTH
@pytest.mark.parametrize("attacker", [attackers.ROW_NUMBERS_LATER, attackers.BYTES_IN_PAGES_LATER])
def test_after_a_tick_the_order_of_rows_links_nobody_to_a_box(
    ours: Attacked, attacker: attackers.Attacker
) -> None:
    assert attacker.links
    links: Links = attacker.links(ours.watched)
    assert len(links) == ANSWERING
    linked = ours.verdicts[attacker.name].linked or 0
    assert at_least_by_chance(linked, ANSWERING, 1 / ANSWERING) > 1e-6


@ON_BOTH
def test_no_box_is_in_a_write_ahead_log_or_in_a_backup_made_as_the_guide_says(
    ours: Attacked,
) -> None:
    answered = ours.watched.answered
    assert len(answered.rows) == ANSWERING
    guide, everything = DUMPS
    kept_out = {
        name: content
        for name, content in {**answered.files, **answered.copies}.items()
        if name.startswith(("backup", BASE_BACKUP, guide, WRITE_AHEAD_LOG)) or "-wal" in name
    }
    boxes = [row.content for row in answered.rows]
    assert kept_out
    assert [name for name, content in kept_out.items() if any(_spelt(boxes, content))] == []
    # It would have been found.
    found = {**answered.files, everything: answered.copies.get(everything, b"")}
    assert any(any(_spelt(boxes, content)) for content in found.values())


@ON_BOTH
def test_nothing_of_a_box_is_left_anywhere_after_the_close(ours: Attacked) -> None:
    closed = ours.watched.closed
    boxes = {row.content for _, haul in ours.watched.after for row in haul.rows}
    assert closed.rows == []
    assert [name for name, content in closed.files.items() if any(_spelt(boxes, content))] == []


def _spelt(boxes: list[bytes] | set[bytes], content: bytes) -> Iterator[bool]:
    for box in boxes:
        yield box in content
        yield box.hex().encode() in content


# --- weak designs --------------------------------------------------------------------------


@ON_BOTH
async def test_each_attacker_wins_against_a_weak_design(a_place: Place, database: str) -> None:
    verdicts = await stored.weak(a_place)

    assert [verdict for verdict in verdicts if not verdict.won] == []
    elsewhere = attackers.ON_SQLITE_ALONE if database == POSTGRESQL else ()
    expected = {
        attacker.name for attacker in attackers.ON_EVERY_DATABASE if attacker not in elsewhere
    }
    assert {verdict.attacker for verdict in verdicts} >= expected
