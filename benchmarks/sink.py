"""`python -m benchmarks.sink`: where a bot's answers to taps go, whichever platform's they are.

It reads them, answers as a platform does, and says how many there were to whoever asks (GET).
"""

from __future__ import annotations

import asyncio

from aiohttp import web

from benchmarks.child import end_with_parent
from benchmarks.serving import serve


def sink() -> list[web.RouteDef]:
    came = 0

    async def respond(request: web.Request) -> web.Response:
        """A response URL of Slack's."""
        await take(request)
        return web.Response(text="ok")

    async def update(request: web.Request) -> web.Response:
        """A message of Teams' that is replaced."""
        await take(request)
        return web.json_response({"id": "1"})

    async def take(request: web.Request) -> None:
        nonlocal came
        await request.read()
        came += 1

    async def how_many(_request: web.Request) -> web.Response:
        return web.Response(text=str(came))

    return [
        web.get("/", how_many),
        web.post("/{any:.+}", respond),
        web.put("/{any:.+}", update),
    ]


if __name__ == "__main__":
    end_with_parent()
    asyncio.run(serve("sink", sink()))
