from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from benchmarks.fake_platform import Behaviour, HttpMessenger, Platform, platform_process


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """One fake platform for all tests of a module: it takes a second to start."""
    with platform_process(tmp_path_factory.mktemp("platform") / "log.txt") as platform:
        yield platform


@pytest.fixture
def platform(running: Platform) -> Platform:
    """A fake platform to which nothing has happened yet."""
    running.behave(Behaviour())
    running.forget()
    return running


@pytest.fixture
async def messenger(platform: Platform) -> AsyncIterator[HttpMessenger]:
    async with HttpMessenger.connected(platform.address, within_s=5) as messenger:
        yield messenger
