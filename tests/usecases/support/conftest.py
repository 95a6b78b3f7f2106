from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.support.desk import PEOPLE, VOLUNTEERS, volunteer
from tests.support.organisation import World
from tests.support.platform import WITH_THREADS, MemoryPlatform

TUESDAY_MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture
def platform() -> MemoryPlatform:
    return MemoryPlatform(WITH_THREADS)


@pytest.fixture
async def desk(world: World) -> World:
    """An organisation on a Tuesday morning, with its volunteers there."""
    await world.import_lines(PEOPLE)
    await world.launch()
    await volunteer(world, *VOLUNTEERS)
    world.clock.move_to(TUESDAY_MORNING)
    await world.live_until(TUESDAY_MORNING)
    return world
