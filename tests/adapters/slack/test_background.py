"""What is done after an acknowledgement."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from adapters.background import Background
from bot.errors import PlatformError, TryLater

SECRET = "everything is awful"


async def test_what_is_begun_is_finished_before_the_bot_stops() -> None:
    background, done = Background(), list[str]()

    async def work() -> None:
        await asyncio.sleep(0)
        done.append("done")

    background.start("a reply", work())
    await background.close()
    assert done == ["done"]


async def test_what_takes_too_long_is_cut_off_when_the_bot_stops() -> None:
    background, forever = Background(patience_s=0.01), asyncio.Event()
    background.start("a reply", forever.wait())
    await background.close()
    await background.rest()  # nothing is running


@pytest.mark.parametrize("error", [TryLater(3), PlatformError(SECRET), ValueError(SECRET)])
async def test_an_error_is_logged_without_its_words(error: Exception) -> None:
    async def fail() -> None:
        raise error

    background = Background()
    with capture_logs() as logs:
        background.start("a reply", fail())
        await background.rest()
    (line,) = logs
    assert line["what"] == "a reply"
    assert SECRET not in str(line)
