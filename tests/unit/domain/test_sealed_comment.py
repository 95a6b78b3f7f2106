from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.sealed_answer import MAX_QUESTIONS, marker, new_key_pair, seal
from bot.domain.sealed_comment import (
    LONGEST,
    OpenedComment,
    comment_marker,
    inbox_of_comments,
    round_of_inbox,
    seal_comment,
    unseal_comments,
)
from bot.errors import MixedKeys, SealedAnswerError

PUBLIC, PRIVATE = new_key_pair()
ROUND, MARK, KEY_ID = "pulse-2026-11-24", b"m" * 32, b"k" * 16


def box(text: str, mark: bytes = MARK, key_id: bytes = KEY_ID) -> bytes:
    return seal_comment(PUBLIC, ROUND, mark, 3, text, key_id=key_id)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=LONGEST))
def test_what_is_sealed_opens_as_it_was_and_every_box_is_as_long(text: str) -> None:
    sealed = box(text)
    assert len(sealed) == len(box(""))
    assert unseal_comments(PRIVATE, ROUND, [(MARK, sealed)]) == [OpenedComment(3, text)]


def test_the_longest_fits_in_whatever_letters() -> None:
    assert len(box("\U0001f600" * LONGEST)) == len(box("a"))
    with pytest.raises(ValueError, match="500"):
        box("a" * (LONGEST + 1))


def test_a_box_opens_under_its_own_marker_and_round_alone() -> None:
    sealed = box("Something")
    for round_id, mark in ((ROUND, b"n" * 32), ("pulse-2026-12-01", MARK)):
        with pytest.raises(SealedAnswerError):
            unseal_comments(PRIVATE, round_id, [(mark, sealed)])


def test_an_answer_is_no_comment() -> None:
    answer = seal(PUBLIC, ROUND, MARK, 3, [1] * MAX_QUESTIONS, key_id=KEY_ID)
    with pytest.raises(SealedAnswerError):
        unseal_comments(PRIVATE, ROUND, [(MARK, answer)])


def test_boxes_of_two_marker_keys_are_refused() -> None:
    other = b"n" * 32
    with pytest.raises(MixedKeys):
        unseal_comments(
            PRIVATE, ROUND, [(MARK, box("a")), (other, box("b", other, key_id=b"l" * 16))]
        )


@given(st.binary(min_size=32, max_size=32), st.text(max_size=9), st.text(max_size=9))
def test_a_persons_two_markers_differ(key: bytes, round_id: str, person_id: str) -> None:
    assert comment_marker(key, round_id, person_id) != marker(key, round_id, person_id)


def test_printing_an_opened_comment_shows_nothing() -> None:
    assert "quiet" not in repr(OpenedComment(1, "quiet rooms"))


def test_an_inbox_of_comments_leads_back_to_its_round_and_fits_postgresql() -> None:
    longest = f"{'p' * 40}-2026-11-24"
    assert round_of_inbox(inbox_of_comments(longest)) == longest == round_of_inbox(longest)
    assert len(f"sealed.old:{inbox_of_comments(longest)}".encode()) <= 63
