from __future__ import annotations

import itertools
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import InboxGone
from bot.store.inbox_files import FileInbox

MARKERS = [bytes([n]) * 32 for n in (0x10, 0x80, 0xF0)]
MARKER, OTHER, THIRD = MARKERS
BOX = b"a box that is easily found".ljust(120, b"!")
NEW_BOX = b"a second box, of one length".ljust(120, b"?")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "inbox"


@pytest.fixture
async def inbox(directory: Path) -> FileInbox:
    """An inbox in which the round r1 is open."""
    made = FileInbox(directory)
    await made.create("r1")
    return made


def names(directory: Path) -> list[str]:
    return sorted(file.name for file in directory.iterdir())


def file_of(directory: Path) -> Path:
    (name,) = names(directory)
    return directory / name


def places(directory: Path, name: str = "r1.inbox") -> list[bytes]:
    """The markers in the order in which they lie in a file."""
    content = (directory / name).read_bytes()
    return sorted((marker for marker in MARKERS if marker in content), key=content.index)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- what a file tells ---------------------------------------------------------------------


async def test_a_table_holds_markers_and_boxes_and_no_row_numbers(
    inbox: FileInbox, directory: Path
) -> None:
    await inbox.put("r1", MARKER, BOX)
    with closing(sqlite3.connect(file_of(directory))) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(sealed)")]
        with pytest.raises(sqlite3.OperationalError, match="rowid"):
            connection.execute("SELECT rowid FROM sealed")
    assert columns == ["marker", "box"]


async def test_the_time_of_the_file_does_not_move_with_answers(
    inbox: FileInbox, directory: Path
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


async def test_only_the_bot_can_read_an_inbox(inbox: FileInbox, directory: Path) -> None:
    await inbox.put("r1", MARKER, BOX)
    assert mode(file_of(directory)) == 0o600
    assert mode(directory) == 0o700


async def test_no_journal_stays_beside_an_inbox(inbox: FileInbox, directory: Path) -> None:
    await inbox.put("r1", MARKER, BOX)
    await inbox.withdraw("r1", MARKER)
    await inbox.boxes("r1")
    assert names(directory) == ["r1.inbox"]


async def test_no_write_ahead_log_ever_holds_answers_in_their_order(
    inbox: FileInbox, directory: Path
) -> None:
    await inbox.put("r1", MARKER, BOX)
    # The two bytes of SQLite's header that say how it is written: 1 a rollback journal, 2 a log.
    assert file_of(directory).read_bytes()[18:20] == b"\x01\x01"


async def test_a_box_that_was_withdrawn_is_not_in_the_file(
    inbox: FileInbox, directory: Path
) -> None:
    await inbox.put("r1", MARKER, BOX)
    assert BOX in file_of(directory).read_bytes()
    await inbox.withdraw("r1", MARKER)
    left = file_of(directory).read_bytes()
    assert BOX[:8] not in left
    assert MARKER[:8] not in left


async def test_a_box_that_was_changed_is_not_in_the_file(inbox: FileInbox, directory: Path) -> None:
    await inbox.put("r1", MARKER, BOX)
    await inbox.put("r1", MARKER, NEW_BOX)
    left = file_of(directory).read_bytes()
    assert NEW_BOX in left
    assert BOX[:8] not in left


async def test_an_answer_that_was_taken_back_leaves_the_same_file_as_none(
    inbox: FileInbox, directory: Path
) -> None:
    await inbox.put("r1", OTHER, BOX)
    before = file_of(directory).stat().st_size
    await inbox.put("r1", MARKER, NEW_BOX)
    await inbox.withdraw("r1", MARKER)
    assert file_of(directory).stat().st_size == before


@pytest.mark.parametrize("order", list(itertools.permutations(MARKERS)))
async def test_after_a_tick_nothing_tells_in_which_order_answers_came(
    inbox: FileInbox, directory: Path, order: tuple[bytes, ...]
) -> None:
    for marker in order:
        await inbox.put("r1", marker, BOX)
    before = places(directory)
    await inbox.blur()
    assert before == sorted(before, key=order.index, reverse=True)
    assert places(directory) == sorted(MARKERS, reverse=True)


async def test_a_tick_leaves_an_inbox_alone_in_which_nothing_has_happened(
    inbox: FileInbox, directory: Path
) -> None:
    await inbox.put("r1", MARKER, BOX)
    await inbox.blur()
    before = file_of(directory).read_bytes()
    await inbox.blur()
    assert file_of(directory).read_bytes() == before


async def test_a_damaged_inbox_does_not_keep_a_tick_from_the_others(
    inbox: FileInbox, directory: Path
) -> None:
    await inbox.create("r2")
    for marker in (OTHER, MARKER):
        await inbox.put("r2", marker, BOX)
    (directory / "r1.inbox").write_bytes(b"not a database at all, and long enough to show it" * 9)
    await inbox.blur()
    assert places(directory, "r2.inbox") == [OTHER, MARKER]


# --- closing -------------------------------------------------------------------------------


async def test_a_dropped_inbox_leaves_no_file(inbox: FileInbox, directory: Path) -> None:
    await inbox.put("r1", MARKER, BOX)
    await inbox.drop("r1")
    assert names(directory) == []


async def test_an_inbox_that_cannot_be_read_is_gone_and_can_be_dropped(
    inbox: FileInbox, directory: Path
) -> None:
    (directory / "r1.inbox").write_bytes(b"not a database at all, and long enough to show it" * 9)
    with pytest.raises(InboxGone):
        await inbox.boxes("r1")
    await inbox.drop("r1")
    assert await inbox.rounds() == frozenset()


async def test_boxes_are_overwritten_before_the_file_is_removed(
    inbox: FileInbox, directory: Path, tmp_path: Path
) -> None:
    for n in range(30):
        await inbox.put("r1", bytes([n]) * 32, BOX)
    kept = tmp_path / "kept"
    kept.hardlink_to(file_of(directory))
    assert BOX in kept.read_bytes()
    await inbox.drop("r1")
    assert BOX[:8] not in kept.read_bytes()
