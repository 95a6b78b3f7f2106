"""The real bot as a newcomer starts it, in a process of its own, driven through its page's API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp

MOVES = 40  # a fortnight has fewer events
PEOPLE = 16


async def check_in_taps(address: str) -> list[bytes]:
    """Move the clock on until check-ins have arrived, and return taps on some of them, as JSON."""
    async with aiohttp.ClientSession(headers={"Origin": address.rpartition("/")[0]}) as session:
        people = [person["id"] for person in (await _get(session, address, "people"))["people"]]
        people = people[:PEOPLE]
        for _ in range(MOVES):
            await _move_on(session, address)
            taps = await _taps(session, address, people[0])
            if taps:
                every = [await _taps(session, address, person) for person in people]
                return [tap for found in every for tap in found]
    raise RuntimeError("the playground sent no check-in")


async def move_on_until(address: str, is_there: Callable[[], bool]) -> None:
    """Move the clock on until something has arrived on another platform. Raises RuntimeError."""
    async with aiohttp.ClientSession(headers={"Origin": address.rpartition("/")[0]}) as session:
        for _ in range(MOVES):
            await _move_on(session, address)
            if is_there():
                return
    raise RuntimeError("no check-in arrived")


async def _move_on(session: aiohttp.ClientSession, address: str) -> None:
    """To the next thing that happens."""
    async with session.post(f"{address}/api/clock", json={"move": "next"}) as moved:
        moved.raise_for_status()


async def _taps(session: aiohttp.ClientSession, address: str, person: str) -> list[bytes]:
    room = (await _get(session, address, f"state?person={person}"))["direct"]
    return [
        json.dumps({"person": person, "conversation": room["id"], **tap}).encode()
        for message in room["messages"]
        for tap in _answers(message)
    ][:1]


def _answers(message: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The buttons of a check-in that answer it."""
    parts = message["body"]["parts"]
    for button in (button for part in parts for button in part.get("buttons", ())):
        if button["action"] == "check_in.answer":
            yield {
                "message_id": message["id"],
                "action": button["action"],
                "value": button["value"],
            }


async def _get(session: aiohttp.ClientSession, address: str, path: str) -> dict[str, Any]:
    async with session.get(f"{address}/api/{path}") as answer:
        answer.raise_for_status()
        return dict(await answer.json())
