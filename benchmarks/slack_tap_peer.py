"""The peers of answering a tap on Slack: `python -m benchmarks.slack_tap_peer bolt|sink`.

`bolt` is a bare Bolt app behind the same route: it checks the signature, acknowledges, and answers
twice by the response URL, as the bot does; it decides and commits nothing. `sink` is where such
answers of either go: it reads them, says ok, and how many there were to whoever asks (GET).
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from typing import Any, Final

from aiohttp import ClientSession, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from benchmarks.child import end_with_parent

SECRET: Final = "benchmark"  # noqa: S105 - made up, for loopback
WORDS: Final = "Thank you. That's all for now. " * 6
BLOCKS: Final = [{"type": "section", "text": {"type": "plain_text", "text": WORDS}}] * 3


async def everybody(**_: object) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T0001", bot_token="unused")  # noqa: S106


def bare_bolt(session: ClientSession) -> list[web.RouteDef]:
    logger = logging.getLogger("bare")
    logger.setLevel(logging.ERROR)
    app = AsyncApp(
        signing_secret=SECRET, authorize=everybody, process_before_response=True, logger=logger
    )
    running: set[asyncio.Task[None]] = set()

    async def respond(url: str) -> None:
        for replaces in (True, False):
            answer = {"text": WORDS, "blocks": BLOCKS, "replace_original": replaces}
            async with session.post(url, json=answer) as response:
                await response.read()

    @app.action(re.compile(".*"))
    async def pressed(ack: Any, body: dict[str, Any]) -> None:
        task = asyncio.create_task(respond(body["response_url"]))
        running.add(task)
        task.add_done_callback(running.discard)
        await ack()

    async def receive(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    return [web.post("/slack/events", receive)]


def sink() -> list[web.RouteDef]:
    came: list[None] = []

    async def take(request: web.Request) -> web.Response:
        await request.read()
        came.append(None)
        return web.Response(text="ok")

    async def count(_request: web.Request) -> web.Response:
        return web.Response(text=str(len(came)))

    return [web.get("/", count), web.post("/{any:.+}", take)]


async def main(kind: str) -> None:
    async with ClientSession() as session:
        routes = bare_bolt(session) if kind == "bolt" else sink()
        app = web.Application()
        app.add_routes(routes)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        print(f"The {kind} is at http://{host}:{port}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    end_with_parent()
    asyncio.run(main(sys.argv[1]))
