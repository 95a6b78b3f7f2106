"""The peer of answering a tap: a bare aiohttp handler. `python -m benchmarks.tap_peer URL`.

It does the same network work, parses the same JSON, commits one UPDATE durably through SQLAlchemy
and answers with JSON of about the same size. It doesn't ask who taps what.
"""

from __future__ import annotations

import asyncio
import sys

from aiohttp import web
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.child import end_with_parent
from benchmarks.peers import bare_engine

ENGINE = web.AppKey("engine", AsyncEngine)
ANSWER = {
    "notice": {
        "summary": "Thank you for telling me. " * 4,
        "parts": [{"type": "paragraph", "text": "Thank you for telling me. " * 4}],
    },
    "form": None,
    "errors": {},
}
_TABLE = text("CREATE TABLE message (id TEXT PRIMARY KEY, body TEXT)")
_MESSAGE = text("INSERT INTO message VALUES ('1', 'a check-in')")
_UPDATE = text("UPDATE message SET body = :value WHERE id = '1'")


async def tap(request: web.Request) -> web.Response:
    sent = await request.json()
    async with request.app[ENGINE].begin() as connection:
        await connection.execute(_UPDATE, {"value": sent["value"]})
    return web.json_response(ANSWER)


async def main(url: str) -> None:
    engine = bare_engine(url)
    async with engine.begin() as connection:
        await connection.execute(_TABLE)
        await connection.execute(_MESSAGE)
    app = web.Application()
    app[ENGINE] = engine
    app.add_routes([web.post("/tap", tap)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    print(f"The peer is at http://{host}:{port}/tap", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    end_with_parent()
    asyncio.run(main(sys.argv[1]))
