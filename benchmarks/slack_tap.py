"""Answering a tap on Slack: the real bot over HTTP, against a bare Bolt app.

Each runs in a process of its own, and gets the same signed requests from the same number of
connections. Both acknowledge, and answer twice by the response URL; the bot decides and commits
besides.
"""

from __future__ import annotations

import asyncio
import csv
import json
import time
from collections.abc import Sequence
from functools import partial
from typing import Final
from urllib.parse import quote, urlencode

from benchmarks.bench import Bench, DatabaseName, Place
from benchmarks.child import Child
from benchmarks.load import Answered, post_bytes
from benchmarks.playground import PEOPLE, move_on_until
from benchmarks.report import Row
from benchmarks.slack_tap_peer import SECRET
from benchmarks.tap import tap_rows
from benchmarks.tap_turns import Sink, address_of, by_turns
from benchmarks.world import ROOT
from bot.playground import EXAMPLE
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.filling_in import CantDo
from tests.fakes.slack.signing import signed_headers

ANSWERS: Final = 2  # to each tap
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
            children += [
                Child(place.directory / module, module)
                for module in ("benchmarks.slack_tap_peer", "benchmarks.sink")
            ]
            # In a thread: the bot asks the fake Slack, which is here, who it is.
            playground, peer, sink = await asyncio.gather(
                *(asyncio.to_thread(address_of, child) for child in children)
            )
            ours = f"{playground.rpartition('/')[0]}/slack/events"
            slack.app.request_url = ours
            signed = partial(_signed, await _taps(slack, playground, sink))
            to = Sink(sink, ANSWERS)
            return await by_turns(bench, signed, to, ours, f"{peer}/slack/events")
        finally:
            for child in children:
                child.end()


async def _taps(slack: FakeSlack, playground: str, sink: str) -> list[str]:
    """The bodies of taps on check-ins, once there are enough of them."""
    await move_on_until(playground, lambda: len(_answers(slack, sink)) >= PEOPLE)
    return _answers(slack, sink)[:PEOPLE]


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


def _signed(taps: Sequence[str], url: str) -> list[bytes]:
    """Whole requests as Slack sends them."""
    return [_request(url, tap) for tap in taps]


def _request(url: str, tap: str) -> bytes:
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        **signed_headers(SECRET, tap, int(time.time())),
    }
    return post_bytes(url, tap.encode(), headers)


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
