from __future__ import annotations

import asyncio
import itertools
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import InboxGone
from bot.store.inbox import SealedInbox

MARKERS = [bytes([n]) * 32 for n in (0x10, 0x80, 0xF0)]
MARKER, OTHER, THIRD = MARKERS
BOX = b"a box that is easily found".ljust(120, b"!")
NEW_BOX = b"a second box, of one length".ljust(120, b"?")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "inbox"


@pytest.fixture
async def inbox(directory: Path) -> SealedInbox:
    """An inbox in which the round r1 is open."""
    made = SealedInbox(directory)
    await made.create("r1")
    return made


def names(directory: Path) -> list[str]:
    return sorted(file.name for file in directory.iterdir())


def file_of(directory: Path) -> Path:
    (name,) = names(directory)
    return directory / name


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- what is kept --------------------------------------------------------------------------


async def test_a_new_inbox_is_empty(inbox: SealedInbox) -> None:
    assert await inbox.boxes("r1") == []


async def test_a_box_comes_back_as_it_was(inbox: SealedInbox) -> None:
    await inbox.put("r1", MARKER, BOX)
    assert await inbox.boxes("r1") == [(MARKER, BOX)]


async def test_a_second_box_replaces_the_first(inbox: SealedInbox) -> None:
    await inbox.put("r1", MARKER, BOX)
    await inbox.put("r1", MARKER, NEW_BOX)
    assert await inbox.boxes("r1") == [(MARKER, NEW_BOX)]


async def test_a_withdrawn_box_is_gone_and_the_others_stay(inbox: SealedInbox) -> None:
    await inbox.put("r1", MARKER, BOX)
    await inbox.put("r1", OTHER, NEW_BOX)
    await inbox.withdraw("r1", MARKER)
    assert await inbox.boxes("r1") == [(OTHER, NEW_BOX)]


async def test_withdrawing_without_a_box_does_nothing(inbox: SealedInbox) -> None:
    await inbox.put("r1", OTHER, BOX)
    await inbox.withdraw("r1", MARKER)
    assert await inbox.boxes("r1") == [(OTHER, BOX)]


async def test_each_round_has_an_inbox_of_its_own(inbox: SealedInbox) -> None:
    await inbox.create("r2")
    await inbox.put("r1", MARKER, BOX)
    assert await inbox.boxes("r2") == []


async def test_an_inbox_that_an_opening_left_behind_is_replaced(inbox: SealedInbox) -> None:
    await inbox.put("r1", MARKER, BOX)
    await inbox.create("r1")
    assert await inbox.boxes("r1") == []


async def test_people_who_answer_at_the_same_time_all_get_in(inbox: SealedInbox) -> None:
    markers = [bytes([n]) * 32 for n in range(20)]
    await asyncio.gather(*(inbox.put("r1", marker, BOX) for marker in markers))
    assert await inbox.boxes("r1") == [(marker, BOX) for marker in markers]


async def test_an_answer_to_a_round_that_is_gone_is_not_kept(
    inbox: SealedInbox, directory: Path
) -> None:
    await inbox.drop("r1")
    with pytest.raises(InboxGone):
        await inbox.put("r1", MARKER, BOX)
    with pytest.raises(InboxGone):
        await inbox.withdraw("r1", MARKER)
    assert names(directory) == []


# --- what a file tells ---------------------------------------------------------------------


@pytest.mark.parametrize("order", list(itertools.permutations(MARKERS)))
async def test_rows_come_back_in_the_same_order_whoever_was_first(
    inbox: SealedInbox, order: tuple[bytes, ...]
) -> None:
    for marker in order:
        await inbox.put("r1", marker, BOX)
    assert await inbox.boxes("r1") == [(marker, BOX) for marker in MARKERS]


async def test_a_table_holds_markers_and_boxes_and_no_row_numbers(
    inbox: SealedInbox, directory: Path
) -> None:
    await inbox.put("r1", MARKER, BOX)
    with closing(sqlite3.connect(file_of(directory))) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(sealed)")]
        with pytest.raises(sqlite3.OperationalError, match="rowid"):
            connection.execute("SELECT rowid FROM sealed")
    assert columns == ["marker", "box"]


async def test_the_time_of_the_file_does_not_move_with_answers(
    inbox: SealedInbox, directory: Path
) -> None:
    def times() -> tuple[float, ...]:
        file, folder = file_of(directory).stat(), directory.stat()
        return file.st_mtime, file.st_atime, folder.st_mtime

    before = times()
    await inbox.put("r1", MARKER, BOX)
    after_an_answer = times()
    await inbox.put("r1", MARKER, NEW_BOX)
    await inbox.withdraw("r1", MARKER)
    await inbox.boxes("r1")
    assert before == after_an_answer == times() == (0, 0, 0)


async def test_only_the_bot_can_read_an_inbox(inbox: SealedInbox, directory: Path) -> None:
    await inbox.put("r1", MARKER, BOX)
    assert mode(file_of(directory)) == 0o600
    assert mode(directory) == 0o700


async def test_no_journal_stays_beside_an_inbox(inbox: SealedInbox, directory: Path) -> None:
    await inbox.put("r1", MARKER, BOX)
    await inbox.withdraw("r1", MARKER)
    await inbox.boxes("r1")
    assert names(directory) == ["r1.inbox"]


async def test_no_write_ahead_log_ever_holds_answers_in_their_order(
    inbox: SealedInbox, directory: Path
) -> None:
    await inbox.put("r1", MARKER, BOX)
    # The two bytes of SQLite's header that say how it is written: 1 a rollback journal, 2 a log.
    assert file_of(directory).read_bytes()[18:20] == b"\x01\x01"


async def test_a_box_that_was_withdrawn_is_not_in_the_file(
    inbox: SealedInbox, directory: Path
) -> None:
    await inbox.put("r1", MARKER, BOX)
    assert BOX in file_of(directory).read_bytes()
    await inbox.withdraw("r1", MARKER)
    left = file_of(directory).read_bytes()
    assert BOX[:8] not in left
    assert MARKER[:8] not in left


async def test_a_box_that_was_changed_is_not_in_the_file(
    inbox: SealedInbox, directory: Path
) -> None:
    await inbox.put("r1", MARKER, BOX)
    await inbox.put("r1", MARKER, NEW_BOX)
    left = file_of(directory).read_bytes()
    assert NEW_BOX in left
    assert BOX[:8] not in left


async def test_an_answer_that_was_taken_back_leaves_the_same_file_as_none(
    inbox: SealedInbox, directory: Path
) -> None:
    await inbox.put("r1", OTHER, BOX)
    before = file_of(directory).stat().st_size
    await inbox.put("r1", MARKER, NEW_BOX)
    await inbox.withdraw("r1", MARKER)
    assert file_of(directory).stat().st_size == before


# --- closing -------------------------------------------------------------------------------


async def test_a_dropped_inbox_leaves_no_file(inbox: SealedInbox, directory: Path) -> None:
    await inbox.put("r1", MARKER, BOX)
    await inbox.drop("r1")
    assert names(directory) == []


async def test_a_dropped_inbox_is_gone_rather_than_empty(inbox: SealedInbox) -> None:
    await inbox.drop("r1")
    for gone in ("r1", "never"):
        with pytest.raises(InboxGone):
            await inbox.boxes(gone)


async def test_an_inbox_that_cannot_be_read_is_gone_and_can_be_dropped(
    inbox: SealedInbox, directory: Path
) -> None:
    (directory / "r1.inbox").write_bytes(b"not a database at all, and long enough to show it" * 9)
    with pytest.raises(InboxGone):
        await inbox.boxes("r1")
    await inbox.drop("r1")
    assert await inbox.rounds() == frozenset()


async def test_answers_that_come_while_an_inbox_is_dropped_are_told_that_it_is_gone(
    inbox: SealedInbox,
) -> None:
    puts = [inbox.put("r1", bytes([n]) * 32, b"box") for n in range(12)]
    outcomes = await asyncio.gather(*puts[:6], inbox.drop("r1"), *puts[6:], return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} <= {type(None), InboxGone}


async def test_dropping_twice_does_nothing(inbox: SealedInbox) -> None:
    await inbox.drop("r1")
    await inbox.drop("r1")
    await inbox.drop("never")
    assert await inbox.rounds() == frozenset()


async def test_boxes_are_overwritten_before_the_file_is_removed(
    inbox: SealedInbox, directory: Path, tmp_path: Path
) -> None:
    for n in range(30):
        await inbox.put("r1", bytes([n]) * 32, BOX)
    kept = tmp_path / "kept"
    kept.hardlink_to(file_of(directory))
    assert BOX in kept.read_bytes()
    await inbox.drop("r1")
    assert BOX[:8] not in kept.read_bytes()
