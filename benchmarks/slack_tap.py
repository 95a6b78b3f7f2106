"""Answering a tap on Slack: the real bot over HTTP, against a bare Bolt app.

Each runs in a process of its own, and gets the same signed requests from the same number of
connections. Both acknowledge, and answer twice by the response URL; the bot decides and commits
besides. A turn ends when the last answer has arrived: none is left for the other's turn, or out of
the rate.
"""

from __future__ import annotations

import asyncio
import csv
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

import aiohttp

from benchmarks.bench import Bench, DatabaseName, Place
from benchmarks.child import Child
from benchmarks.load import Answered, load_requests
from benchmarks.report import Row
from benchmarks.slack_tap_peer import SECRET
from benchmarks.tap import tap_rows
from benchmarks.world import ROOT
from bot.playground import EXAMPLE
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.filling_in import CantDo
from tests.fakes.slack.signing import signed_headers

SECONDS, WARM_UP_S = 1.8, 0.6
PEOPLE: Final = 16
MOVES: Final = 40  # a fortnight has fewer events
ANSWERS: Final = 2  # to each tap
LOOKS_EVERY_S: Final = 0.01
LONGEST_S: Final = 20.0
AGAINST: Final = "bare Bolt with the same answers"


async def slack_tap(bench: Bench) -> list[Row]:
    return [row for database in bench.databases for row in await _tap(bench, database)]


async def _tap(bench: Bench, database: DatabaseName) -> list[Row]:
    ours, peer = await _measure(bench, database)
    return tap_rows(f"Answering a tap on Slack, on {database}", ours, peer, AGAINST, "≥ 0.4")


async def _measure(bench: Bench, database: DatabaseName) -> tuple[list[Answered], list[Answered]]:
    place = bench.place("slack-tap", database)
    children: list[Child] = []
    async with FakeSlack.running() as slack:
        slack.app.signing_secret = SECRET
        for row in csv.DictReader(EXAMPLE.read_text(encoding="utf-8").splitlines()):
            slack.add_user(row["email"].partition("@")[0], email=row["email"])
        try:
            bot = Child(
                place.directory / "log", "bot", "run", "--example", settings=_settings(place, slack)
            )
            children.append(bot)
            for kind in ("bolt", "sink"):
                log = place.directory / kind
                children.append(Child(log, "benchmarks.slack_tap_peer", kind))
            # In a thread: the bot asks the fake Slack, which is here, who it is.
            peer, sink, playground = await asyncio.gather(
                *(asyncio.to_thread(_address, child) for child in (*children[1:], bot))
            )
            ours = f"{playground.rpartition('/')[0]}/slack/events"
            slack.app.request_url = ours
            taps = await _taps(slack, playground, sink)
            return await _by_turns(bench, taps, sink, ours, f"{peer}/slack/events")
        finally:
            for child in children:
                child.end()


async def _taps(slack: FakeSlack, playground: str, sink: str) -> list[str]:
    """Move the bot's clock on until check-ins have arrived, and give the bodies of taps on some."""
    origin = playground.rpartition("/")[0]
    async with aiohttp.ClientSession(headers={"Origin": origin}) as session:
        for _ in range(MOVES):
            async with session.post(f"{playground}/api/clock", json={"move": "next"}) as moved:
                moved.raise_for_status()
            if len(found := _answers(slack, sink)) >= PEOPLE:
                return found[:PEOPLE]
    raise RuntimeError("no check-in arrived in Slack")


def _answers(slack: FakeSlack, sink: str) -> list[str]:
    found = []
    for user in slack.workspace.people():
        try:
            press = slack.actor(user).press_of("check_in.answer")
        except CantDo:
            continue
        pressed = {**press, "response_url": f"{sink}/{user.id}"}
        found.append(urlencode({"payload": json.dumps(pressed)}, quote_via=quote))
    return found


async def _by_turns(
    bench: Bench, taps: Sequence[str], sink: str, *both: str
) -> tuple[list[Answered], list[Answered]]:
    async with aiohttp.ClientSession() as session:
        for url in both:
            await _turn(session, taps, sink, url, WARM_UP_S)
        turns = [
            [await _turn(session, taps, sink, url, SECONDS) for url in both]
            for _ in range(bench.turns)
        ]
    return [turn[0] for turn in turns], [turn[1] for turn in turns]


async def _turn(
    session: aiohttp.ClientSession, taps: Sequence[str], sink: str, url: str, seconds: float
) -> Answered:
    before, began = await _arrived(session, sink), time.perf_counter()
    run = await load_requests(url, _signed(url, taps), seconds)
    await asyncio.wait_for(_all_arrived(session, sink, before + ANSWERS * run.count), LONGEST_S)
    return replace(run, per_second=run.count / (time.perf_counter() - began))


async def _all_arrived(session: aiohttp.ClientSession, sink: str, count: int) -> None:
    while await _arrived(session, sink) < count:  # noqa: ASYNC110 - it is in another process
        await asyncio.sleep(LOOKS_EVERY_S)


async def _arrived(session: aiohttp.ClientSession, sink: str) -> int:
    """How many answers have come so far."""
    async with session.get(sink) as response:
        return int(await response.text())


def _signed(url: str, taps: Sequence[str]) -> list[bytes]:
    """Whole requests as Slack sends them, signed just now."""
    address = urlsplit(url)
    return [_request(address.netloc, address.path, tap) for tap in taps]


def _request(host: str, path: str, body: str) -> bytes:
    headers = {
        "Host": host,
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Length": str(len(body)),
        **signed_headers(SECRET, body, int(time.time())),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n{body}".encode()


def _address(server: Child) -> str:
    return server.wait_for("The ").split()[-1]


def _settings(place: Place, slack: FakeSlack) -> dict[str, str]:
    """Slack for messages, and the playground for its clock."""
    return {
        "DATABASE_URL": place.url,
        "HOST": "127.0.0.1",
        "PORT": "0",
        "LOG_LEVEL": "error",
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token(),
        "SLACK_SIGNING_SECRET": SECRET,
        "WELLBEING_DATA": str(place.directory),
        "WELLBEING_KEYS": str(place.directory / "keys"),
        "WELLBEING_PLAYGROUND": "on",
        "WELLBEING_PROMPTS": str(ROOT / "prompts"),
        "WELLBEING_SLACK_PER_MINUTE": "60000",
    }
