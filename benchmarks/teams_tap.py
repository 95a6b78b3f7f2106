"""Answering a tap on Teams: the real bot over HTTP, against a bare turn of botbuilder's.

Each runs in a process of its own, and gets the same activities, with tokens signed by a fake
Microsoft, from the same number of connections. Both check the token, answer, and replace the
message by a request to the connector; the bot decides and commits besides.
"""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any, Final

from adapters.teams.endpoint import MESSAGES
from benchmarks.bench import Bench, DatabaseName, Place
from benchmarks.child import Child
from benchmarks.load import Answered, post_bytes
from benchmarks.playground import PEOPLE, move_on_until
from benchmarks.report import Row
from benchmarks.tap import tap_rows
from benchmarks.tap_turns import Sink, address_of, by_turns
from benchmarks.world import ROOT
from bot.playground import EXAMPLE
from tests.fakes.teams import FakeTeams
from tests.fakes.teams.filling_in import CantDo

ANSWERS: Final = 1  # to each tap, beside what it is answered with itself
AGAINST: Final = "a bare BotFrameworkAdapter with the same answers"

Json = dict[str, Any]


async def teams_tap(bench: Bench) -> list[Row]:
    return [row for database in bench.databases for row in await _tap(bench, database)]


async def _tap(bench: Bench, database: DatabaseName) -> list[Row]:
    ours, peer = await _measure(bench, database)
    return tap_rows(f"Answering a tap on Teams, on {database}", ours, peer, AGAINST, "≥ 0.4")


async def _measure(bench: Bench, database: DatabaseName) -> tuple[list[Answered], list[Answered]]:
    place = bench.place("teams-tap", database)
    async with FakeTeams.running() as teams:
        with ExitStack() as stack:
            children = [
                Child(place.directory / name, *command, settings=settings)
                for name, command, settings in (
                    ("bot", ("bot", "run", "--example"), _settings(place, teams)),
                    ("peer", ("benchmarks.teams_tap_peer", teams.app.id, teams.openid_url), {}),
                    ("sink", ("benchmarks.sink",), {}),
                )
            ]
            for child in children:
                stack.callback(child.end)
            # In threads: while they start, they may ask the fake Teams, which is here.
            playground, peer, sink = await asyncio.gather(
                *(asyncio.to_thread(address_of, child) for child in children)
            )
            ours = f"{playground.rpartition('/')[0]}{MESSAGES}"
            teams.app.request_url = ours
            taps = await _taps(teams, playground, f"{sink}/")
            signed = partial(_signed, teams, taps, f"{sink}/")
            return await by_turns(bench, signed, Sink(sink, ANSWERS), ours, f"{peer}{MESSAGES}")


async def _taps(teams: FakeTeams, playground: str, service_url: str) -> list[bytes]:
    """The bodies of taps on check-ins, once there are enough of them."""
    for row in csv.DictReader(EXAMPLE.read_text(encoding="utf-8").splitlines()):
        person = teams.add_person(row["email"].partition("@")[0], email=row["email"])
        await teams.actor(person).installs()
    await move_on_until(playground, lambda: len(_answers(teams)) >= PEOPLE)
    # Where the bot answers to is in the activity.
    return [
        json.dumps({**press, "serviceUrl": service_url}).encode()
        for press in _answers(teams)[:PEOPLE]
    ]


def _answers(teams: FakeTeams) -> list[Json]:
    found = []
    for person in teams.tenant.people.values():
        try:
            found.append(teams.actor(person).press_of("check_in.answer"))
        except CantDo:
            continue
    return found


def _signed(teams: FakeTeams, taps: Sequence[bytes], service_url: str, url: str) -> list[bytes]:
    """Whole requests as Teams sends them."""
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Authorization": f"Bearer {teams.token(service_url=service_url)}",
    }
    return [post_bytes(url, tap, headers) for tap in taps]


def _settings(place: Place, teams: FakeTeams) -> dict[str, str]:
    """Teams for messages, and the playground for its clock."""
    return {
        "DATABASE_URL": place.url,
        "HOST": "127.0.0.1",
        "PORT": "0",
        "LOG_LEVEL": "error",
        "MICROSOFT_APP_ID": teams.app.id,
        "MICROSOFT_APP_PASSWORD": teams.app.password,
        "MICROSOFT_APP_TENANT_ID": teams.tenant.id,
        "WELLBEING_DATA": str(place.directory),
        "WELLBEING_KEYS": str(place.directory / "keys"),
        "WELLBEING_PLAYGROUND": "on",
        "WELLBEING_PROMPTS": str(ROOT / "prompts"),
        "WELLBEING_TEAMS_LOGIN_URL": teams.login_url,
        "WELLBEING_TEAMS_OPENID_URL": teams.openid_url,
    }
