"""What was published last for each block and question, on both databases."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.gate import GateRules
from bot.store import rounds
from bot.store.database import Database
from bot.store.tables import Block, Publication, Round, RuleSet

START = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)


@pytest.fixture
def database_url(each_database: str) -> str:
    return each_database


def closing(number: int) -> datetime:
    return START + timedelta(weeks=number)


async def publish(database: Database, rows: list[tuple[int, str, str, str]]) -> None:
    """Rounds with what came out of them: (number, block, question, outcome)."""
    async with database.writing() as session:
        session.add(RuleSet(id=1, recorded_at=START, **asdict(GateRules())))
        session.add_all(Block(id=block, name=block) for block in {block for _, block, _, _ in rows})
        await session.flush()
        session.add_all(a_round(number) for number in {number for number, *_ in rows})
        await session.flush()
        session.add_all(
            Publication(round_id=f"r{number}", block_id=block, question_id=item, outcome=outcome)
            for number, block, item, outcome in rows
        )


def a_round(number: int) -> Round:
    return Round(
        id=f"r{number}",
        programme_id="pulse",
        local_date=closing(number).date(),
        opens_at=closing(number) - timedelta(days=2),
        closes_at=closing(number),
        question_ids=[],
        rules_id=1,
        state=rounds.FINISHED,
    )


async def last(
    database: Database, questions: list[str], before: datetime, block: str | None = None
) -> set[tuple[str, str, str]]:
    async with database.reading() as session:
        rows = await rounds.last_published(session, questions, before, block)
    return {(row.block_id, row.question_id, row.round_id) for row in rows}


async def test_the_newest_is_found_for_every_block_and_question(database: Database) -> None:
    await publish(
        database,
        [
            (2, "a", "q", "published"),
            (1, "a", "q", "published"),
            (1, "a", "p", "published"),
            (1, "b", "q", "published"),
            (2, "b", "p", "published"),
            (2, "b", "unasked", "published"),
        ],
    )
    found = await last(database, ["q", "p"], closing(3))
    assert found == {("a", "q", "r2"), ("a", "p", "r1"), ("b", "q", "r1"), ("b", "p", "r2")}
    assert await last(database, ["q"], closing(3), "a") == {("a", "q", "r2")}


@pytest.mark.parametrize("outcome", ["too_few", "rests", "unpublished"])
async def test_a_round_without_a_result_is_passed_over(database: Database, outcome: str) -> None:
    await publish(database, [(1, "a", "q", "published"), (2, "a", "q", outcome)])
    assert await last(database, ["q"], closing(3)) == {("a", "q", "r1")}


async def test_neither_the_round_itself_nor_a_later_one_is_earlier(database: Database) -> None:
    await publish(database, [(number, "a", "q", "published") for number in (1, 2, 3)])
    assert await last(database, ["q"], closing(2)) == {("a", "q", "r1")}
    assert await last(database, ["q"], closing(1)) == set()
