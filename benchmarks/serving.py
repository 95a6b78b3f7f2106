"""What processes that serve something share."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable

from aiohttp import web

HOST = "127.0.0.1"


async def serve(name: str, routes: Iterable[web.AbstractRouteDef]) -> None:
    """Serve on a free port, say where, and go on until the process is ended."""
    stop = stop_sign()
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, 0).start()
        print(f"The {name} is at http://{HOST}:{runner.addresses[0][1]}", flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()


def stop_sign() -> asyncio.Event:
    """Set by SIGTERM or SIGINT, from now on."""
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    return stop
