"""The real bot as a process of its own: started, asked over HTTP, stopped and killed.

Every wait has an end, everything that a bot writes is in a directory of the test's own, and the
only process that is ever stopped is the one that was started here.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import aiohttp

from adapters.playground import PlaygroundClock, PlaygroundStore
from adapters.playground.clock import real_time

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("wellbeing")
ADDRESS = re.compile(r"The playground is at (http://\S+)")

START_WITHIN_S = 30.0
STOP_WITHIN_S = 20.0
ANSWER_WITHIN_S = 60.0
LOOKS_EVERY_S = 0.02

# What follows are two weeks without a public holiday or a clock change in any of the example's
# zones, so that what a test sees doesn't depend on the day on which it is run.
SUNDAY = datetime(2027, 6, 20, 12, tzinfo=UTC)
LONG_AGO = timedelta(days=20_000)

Json = dict[str, Any]
Move = Literal["next", "day", "friday"]


@dataclass(frozen=True, slots=True)
class Home:
    """Where a bot lives, from one start to the next, and how it is set up."""

    directory: Path
    prompts: Path = ROOT / "prompts"
    tick_seconds: float = 60
    log_level: str = "info"
    comments: str = "off"

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def log(self) -> Path:
        """All that it has printed, over all its lives."""
        return self.directory / "log.txt"

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": f"sqlite:///{self.data / 'wellbeing.db'}",
            "HOST": "127.0.0.1",
            "LOG_LEVEL": self.log_level,
            "PORT": "0",
            "WELLBEING_DATA": str(self.data),
            "WELLBEING_PULSE_COMMENTS": self.comments,
            "WELLBEING_PROMPTS": str(self.prompts),
            "WELLBEING_TICK_SECONDS": str(self.tick_seconds),
        }

    def copy(self, directory: Path) -> Home:
        """The same once more: whatever happens to either, the other doesn't know."""
        shutil.copytree(self.directory, directory)
        return replace(self, directory=directory)

    async def begin_at(self, instant: datetime = SUNDAY) -> None:
        """Set the bot's clock, to any time, as long as it isn't running."""
        store = await PlaygroundStore.open(self.data / "playground.db")
        try:
            await PlaygroundClock(store, -LONG_AGO, real_time).move_to(instant)
        finally:
            await store.close()

    def import_roster(self, lines: str) -> None:
        """Have these people instead of the example's, as an admin would."""
        roster = self.directory / "roster.csv"
        roster.write_text(lines, encoding="utf-8")
        imported = subprocess.run(
            [COMMAND, "roster", "import", roster],
            cwd=self.directory,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=START_WITHIN_S,
        )
        assert imported.returncode == 0, imported.stderr.decode()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[BotProcess]:
        """The bot, running until the end of the block if it isn't ended before."""
        bot = BotProcess(self)
        try:
            await asyncio.to_thread(bot.wait_for_address)
            await bot.connect()
            yield bot
        finally:
            # Without waiting for others, so that nothing lives on when a test is cancelled.
            try:
                bot.end(signal.SIGTERM)
            finally:
                await bot.disconnect()


class Page:
    """What the playground's page asks of a bot, without a browser."""

    def __init__(self, address: str = "") -> None:
        self.address = address
        self._session: aiohttp.ClientSession | None = None

    @property
    def origin(self) -> str:
        return self.address.removesuffix("/playground")

    async def connect(self) -> None:
        self._session = aiohttp.ClientSession(
            headers={"Origin": self.origin},
            timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN_S),
        )

    async def disconnect(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(self, path: str, **query: str) -> Json:
        return await self._ask("GET", path, params=query)

    async def post(self, path: str, body: Json) -> Json:
        return await self._ask("POST", path, json=body)

    async def _ask(self, method: str, path: str, **sent: Any) -> Json:
        assert self._session is not None
        url = f"{self.address}/api/{path}"
        async with self._session.request(method, url, **sent) as response:
            answer: Json = await response.json()
            assert response.status == 200, f"{path}: {response.status}, {answer}"
            return answer

    async def people(self) -> list[Json]:
        people: list[Json] = (await self.get("people"))["people"]
        return people

    async def now(self) -> datetime:
        return datetime.fromisoformat((await self.get("people"))["now"])

    async def state(self, person_id: str) -> Json:
        return await self.get("state", person=person_id)

    async def move(self, move: Move) -> datetime:
        """Move its clock on, and wait until everything on the way has been done."""
        return datetime.fromisoformat((await self.post("clock", {"move": move}))["now"])

    async def move_until(self, instant: datetime, move: Move = "next") -> None:
        """Move its clock on until this instant has come."""
        for _ in range(100):
            if await self.now() >= instant:
                return
            await self.move(move)
        raise AssertionError(f"the clock never came to {instant}")

    async def set_off(self, move: Move) -> None:
        """Move its clock on, whether it lives to see the end of that or not."""
        with suppress(aiohttp.ClientError):
            await self.move(move)

    async def tap(
        self,
        person_id: str,
        action: str,
        value: str = "",
        message: tuple[str, str] = ("", "home"),
    ) -> Json:
        """Press a button on a message (conversation, id), or on the home page."""
        return await self.post("tap", _press(person_id, action, value, message))

    async def submit(
        self,
        person_id: str,
        action: str,
        value: str,
        fields: Mapping[str, str],
        message: tuple[str, str] = ("", "home"),
    ) -> Json:
        """Send a form that was opened from a message (conversation, id), or from home."""
        pressed = _press(person_id, action, value, message)
        return await self.post("submit", {**pressed, "fields": dict(fields)})


class BotProcess(Page):
    """One life of a bot."""

    def __init__(self, home: Home) -> None:
        super().__init__()
        home.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._log = home.log
        with home.log.open("ab") as log:
            self._printed_before = log.tell()
            self._process = subprocess.Popen(
                [COMMAND, "run", "--example"],
                cwd=home.directory,
                env=home.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait_for_address(self) -> None:
        """Wait until it has printed where it is."""
        until = time.monotonic() + START_WITHIN_S
        while time.monotonic() < until:
            printed = self._log.read_bytes()[self._printed_before :].decode()
            if found := ADDRESS.search(printed):
                self.address = found[1]
                return
            assert self._process.poll() is None, f"the bot didn't start:\n{printed}"
            time.sleep(LOOKS_EVERY_S)
        raise AssertionError(f"the bot printed no address in {START_WITHIN_S:g} s")

    def end(self, sign: signal.Signals) -> int:
        """Send it a signal, if it still lives, and wait until it has gone."""
        if self._process.poll() is None:
            self._process.send_signal(sign)
        try:
            return self._process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(STOP_WITHIN_S)
            raise

    async def stop(self) -> None:
        """End it as an admin would."""
        assert await asyncio.to_thread(self.end, signal.SIGTERM) == 0

    async def kill(self) -> None:
        """End it as a power cut would: it gets no chance to do anything more."""
        assert await asyncio.to_thread(self.end, signal.SIGKILL) == -signal.SIGKILL


def _press(person_id: str, action: str, value: str, message: tuple[str, str]) -> Json:
    conversation, message_id = message
    return {
        "person": person_id,
        "conversation": conversation,
        "message_id": message_id,
        "action": action,
        "value": value,
    }
