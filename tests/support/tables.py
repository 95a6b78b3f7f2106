"""Every row of the bot's own tables."""

from __future__ import annotations

from typing import Any

from bot.store.tables import METADATA
from bot.usecases.core import Core


async def rows_of(core: Core, table: str) -> list[dict[str, Any]]:
    async with core.database.reading() as session:
        found = await session.execute(METADATA.tables[table].select())
        return [dict(row._mapping) for row in found]


async def dump(core: Core) -> dict[str, list[dict[str, Any]]]:
    return {table.name: await rows_of(core, table.name) for table in METADATA.sorted_tables}
