from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.sealed_answer import (
    MAX_QUESTIONS,
    OpenedAnswer,
    marker,
    marker_key_id,
    new_key_pair,
    new_marker_key,
    seal,
    unseal,
    unseal_all,
)
from bot.errors import MixedKeys, SealedAnswerError

PUBLIC, PRIVATE = new_key_pair()
MARKER_KEY = new_marker_key()
MARK = marker(MARKER_KEY, "round", "person")
KEY_ID = marker_key_id(MARKER_KEY, "round")
values = st.none() | st.integers(0, 254)
answer_lists = st.lists(values, max_size=MAX_QUESTIONS)


def sealed_by_hand(plain: bytes) -> bytes:
    """A box with any plain text, as somebody with the public key could make it."""
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    info = len(b"round").to_bytes(4, "big") + b"round" + MARK
    return suite.encrypt(plain, X25519PublicKey.from_public_bytes(PUBLIC), info=info)


# --- boxes ---------------------------------------------------------------------------------


@settings(max_examples=50)
@given(st.integers(0, 65535), answer_lists)
def test_what_was_sealed_is_what_is_opened(block: int, answers: list[int | None]) -> None:
    opened = unseal(
        PRIVATE, "round", MARK, seal(PUBLIC, "round", MARK, block, answers, key_id=KEY_ID)
    )
    missing = [None] * (MAX_QUESTIONS - len(answers))
    assert opened == OpenedAnswer(block, (*answers, *missing))


@settings(max_examples=50)
@given(st.integers(0, 65535), answer_lists)
def test_every_box_has_the_same_length(block: int, answers: list[int | None]) -> None:
    assert len(seal(PUBLIC, "round", MARK, block, answers, key_id=KEY_ID)) == 80


def test_the_same_answers_are_never_the_same_box() -> None:
    assert seal(PUBLIC, "round", MARK, 1, [3], key_id=KEY_ID) != seal(
        PUBLIC, "round", MARK, 1, [3], key_id=KEY_ID
    )


def test_all_boxes_of_a_round_open_together_in_their_order() -> None:
    marks = [bytes([i]) * 32 for i in range(4)]
    boxes = [
        (mark, seal(PUBLIC, "round", mark, i, [i], key_id=KEY_ID)) for i, mark in enumerate(marks)
    ]
    assert [opened.block for opened in unseal_all(PRIVATE, "round", boxes)] == [0, 1, 2, 3]
    with pytest.raises(SealedAnswerError):
        unseal_all(PRIVATE, "round", [*boxes, (marks[0], boxes[1][1])])


def test_boxes_of_two_marker_keys_are_not_opened_together() -> None:
    keys = [MARKER_KEY, new_marker_key()]
    marks = [marker(key, "round", "person") for key in keys]
    boxes = [
        (mark, seal(PUBLIC, "round", mark, 0, [3], key_id=marker_key_id(key, "round")))
        for key, mark in zip(keys, marks, strict=True)
    ]
    for alone in boxes:
        assert len(unseal_all(PRIVATE, "round", [alone])) == 1
    with pytest.raises(MixedKeys):
        unseal_all(PRIVATE, "round", boxes)


def test_the_id_of_a_marker_key_is_another_in_each_round_and_nobodys_marker() -> None:
    assert marker_key_id(MARKER_KEY, "round") != marker_key_id(MARKER_KEY, "next")
    assert not MARK.startswith(KEY_ID)
    assert len(KEY_ID) == 16
    with pytest.raises(ValueError, match="fit"):
        seal(PUBLIC, "round", MARK, 1, [3], key_id=b"short")


def test_a_box_copied_under_another_marker_does_not_open() -> None:
    box = seal(PUBLIC, "round", MARK, 1, [3], key_id=KEY_ID)
    with pytest.raises(SealedAnswerError):
        unseal(PRIVATE, "round", bytes(32), box)


def test_a_box_does_not_open_in_another_round() -> None:
    box = seal(PUBLIC, "round", MARK, 1, [3], key_id=KEY_ID)
    with pytest.raises(SealedAnswerError):
        unseal(PRIVATE, "another", MARK, box)


def test_round_and_marker_can_not_be_mistaken_for_each_other() -> None:
    box = seal(PUBLIC, "round", b"-marker", 1, [3], key_id=KEY_ID)
    with pytest.raises(SealedAnswerError):
        unseal(PRIVATE, "round-", b"marker", box)


def test_a_box_does_not_open_with_another_key() -> None:
    _, another = new_key_pair()
    with pytest.raises(SealedAnswerError):
        unseal(another, "round", MARK, seal(PUBLIC, "round", MARK, 1, [3], key_id=KEY_ID))


@pytest.mark.parametrize("key", [b"", b"short", bytes(33)])
def test_something_that_is_no_key_opens_nothing(key: bytes) -> None:
    with pytest.raises(SealedAnswerError):
        unseal(key, "round", MARK, seal(PUBLIC, "round", MARK, 1, [3], key_id=KEY_ID))


@given(st.binary(max_size=100))
def test_bytes_that_are_no_box_do_not_open(box: bytes) -> None:
    with pytest.raises(SealedAnswerError):
        unseal(PRIVATE, "round", MARK, box)


def test_a_box_with_any_byte_changed_does_not_open() -> None:
    box = seal(PUBLIC, "round", MARK, 1, [3], key_id=KEY_ID)
    for place in range(len(box)):
        changed = bytearray(box)
        changed[place] ^= 1
        with pytest.raises(SealedAnswerError):
            unseal(PRIVATE, "round", MARK, bytes(changed))


@pytest.mark.parametrize(
    "plain",
    [
        bytes([1, 0, 1, 3, 255, 255, *bytes(26)]),  # another version
        bytes([2, 0, 1, 3, 255, 255, *bytes(25), 1]),  # something hidden in the padding
        bytes([2, 0, 1, 3, 255, 255, *bytes(25)]),  # shorter
        bytes([2, 0, 1, 3, 255, 255, *bytes(27)]),  # longer
        b"",
    ],
)
def test_a_box_of_another_shape_is_refused(plain: bytes) -> None:
    with pytest.raises(SealedAnswerError):
        unseal(PRIVATE, "round", MARK, sealed_by_hand(plain))


def test_a_box_made_by_hand_in_the_right_shape_opens() -> None:
    plain = bytes([2, 2, 1, 3, 255, 0, *bytes(26)])
    assert unseal(PRIVATE, "round", MARK, sealed_by_hand(plain)) == OpenedAnswer(513, (3, None, 0))


@pytest.mark.parametrize(
    ("block", "answers"),
    [(-1, [3]), (65536, [3]), (1, [1, 2, 3, 4]), (1, [255]), (1, [-1])],
)
def test_what_does_not_fit_into_a_box_is_refused(block: int, answers: list[int | None]) -> None:
    with pytest.raises(ValueError, match=r"fit|room"):
        seal(PUBLIC, "round", MARK, block, answers, key_id=KEY_ID)


# --- markers -------------------------------------------------------------------------------


def test_a_person_has_one_marker_in_a_round_and_another_in_the_next() -> None:
    key = new_marker_key()
    assert marker(key, "round", "person") == marker(key, "round", "person")
    assert marker(key, "round", "person") != marker(key, "next", "person")
    assert marker(key, "round", "person") != marker(key, "round", "another")
    assert marker(key, "round", "person") != marker(new_marker_key(), "round", "person")


def test_markers_do_not_depend_on_where_the_round_ends_and_the_person_begins() -> None:
    key = new_marker_key()
    assert marker(key, "a", "bc") != marker(key, "ab", "c")


def test_keys_and_markers_have_their_lengths_and_are_new_each_time() -> None:
    assert {len(key) for key in (*new_key_pair(), new_marker_key(), MARK)} == {32}
    assert new_marker_key() != new_marker_key()
    assert new_key_pair() != new_key_pair()


# --- nothing shows -------------------------------------------------------------------------


def test_printing_an_opened_answer_shows_nothing() -> None:
    assert repr(OpenedAnswer(1, (2, 3, None))) == repr(OpenedAnswer(7, (9, 9, 9)))
    assert str(OpenedAnswer(1, (2, 3, None))) == "OpenedAnswer()"


def test_errors_name_no_content_and_hide_their_causes() -> None:
    box = sealed_by_hand(bytes([2, 0, 77, 88, 99, 255, *bytes(20), *b"secret"]))
    with pytest.raises(SealedAnswerError) as caught:
        unseal(PRIVATE, "round", MARK, box)
    assert not any(hint in str(caught.value) for hint in ("77", "88", "99", "secret"))
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    with pytest.raises(ValueError, match="doesn't fit") as refused:
        seal(PUBLIC, "round", MARK, 1, [4711], key_id=KEY_ID)
    assert "4711" not in str(refused.value)
