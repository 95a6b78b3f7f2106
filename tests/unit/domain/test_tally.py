from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.library import PulseItem, Scale
from bot.domain.sealed_answer import OpenedAnswer
from bot.domain.tally import count
from bot.errors import SealedAnswerError

AGREEMENT = PulseItem("listened", "?", "Listened", Scale(1, 5, ("a", "", "", "", "b")), "own")
ZERO_TO_TEN = PulseItem("happy", "?", "Happy", Scale(0, 10, ("a", *[""] * 9, "b")), "ONS")
ITEMS = [AGREEMENT, ZERO_TO_TEN]
BLOCKS = {0: "north", 1: "south"}


def test_answers_are_counted_by_block_and_question() -> None:
    tally = count(
        [OpenedAnswer(0, (1, 10)), OpenedAnswer(0, (5, 10)), OpenedAnswer(1, (5, 0))], BLOCKS, ITEMS
    )
    assert tally == {
        ("north", "listened"): [1, 0, 0, 0, 1],
        ("north", "happy"): [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2],
        ("south", "listened"): [0, 0, 0, 0, 1],
        ("south", "happy"): [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    }


def test_a_question_that_was_left_out_is_not_counted() -> None:
    assert count([OpenedAnswer(0, (None, 3))], BLOCKS, ITEMS).keys() == {("north", "happy")}


def test_no_answers_make_an_empty_tally() -> None:
    assert count([], BLOCKS, ITEMS) == {}


def test_a_box_for_a_block_that_is_not_in_the_round_is_refused() -> None:
    with pytest.raises(SealedAnswerError, match="a block that the round doesn't have"):
        count([OpenedAnswer(7, (1, 1))], BLOCKS, ITEMS)


@pytest.mark.parametrize("answers", [(0, None), (6, None), (None, 11), (-1, None)])
def test_a_value_outside_the_scale_is_refused(answers: tuple[int | None, ...]) -> None:
    with pytest.raises(SealedAnswerError, match="outside its question's scale"):
        count([OpenedAnswer(0, answers)], BLOCKS, ITEMS)


ANSWERS = st.builds(
    OpenedAnswer,
    st.sampled_from(sorted(BLOCKS)),
    st.tuples(st.one_of(st.none(), st.integers(1, 5)), st.one_of(st.none(), st.integers(0, 10))),
)


@given(answers=st.lists(ANSWERS))
def test_the_order_of_the_boxes_makes_no_difference_and_nothing_gets_lost(
    answers: list[OpenedAnswer],
) -> None:
    expected = Counter(
        (BLOCKS[answer.block], item.id)
        for answer in answers
        for item, value in zip(ITEMS, answer.answers, strict=True)
        if value is not None
    )
    tally = count(answers, BLOCKS, ITEMS)
    assert {key: sum(counts) for key, counts in tally.items()} == dict(expected)
    assert count(reversed(answers), BLOCKS, ITEMS) == tally
