"""A round that has been counted and published, as the database has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from bot.store.database import Database
from bot.store.rounds import FINISHED
from bot.store.tables import Block, Publication, Round, RoundTeam, RuleSet, Team

Band = tuple[float, float]


async def publish(url: str, now: datetime, bands: Mapping[str, Band]) -> None:
    """Have a round of the day before, with a band of the only block for each question."""
    database = Database(url)
    opened = now - timedelta(days=1)
    async with database.writing() as session:
        rules_id = (await session.execute(select(col(RuleSet.id)))).scalars().all()[-1]
        block_id = (await session.execute(select(col(Block.id)))).scalar_one()
        team_ids = (await session.execute(select(col(Team.id)))).scalars().all()
        session.add(
            Round(
                id="published",
                programme_id="pulse",
                local_date=opened.date(),
                opens_at=opened,
                closes_at=opened + timedelta(hours=8),
                question_ids=list(bands),
                rules_id=rules_id,
                state=FINISHED,
            )
        )
        await session.flush()
        for team_id in team_ids:
            session.add(RoundTeam(round_id="published", team_id=team_id, block_id=block_id))
        for question_id, (low, high) in bands.items():
            session.add(
                Publication(
                    round_id="published",
                    block_id=block_id,
                    question_id=question_id,
                    outcome="published",
                    mean_low_halves=round(low * 2),
                    mean_high_halves=round(high * 2),
                    n_low=5,
                    n_high=7,
                )
            )
    await database.close()
