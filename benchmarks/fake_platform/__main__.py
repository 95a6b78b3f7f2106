"""`python -m benchmarks.fake_platform [port]`: serve on loopback until told to stop."""

from __future__ import annotations

import asyncio
import sys

from aiohttp import web

from benchmarks.child import end_with_parent
from benchmarks.fake_platform.server import FakePlatform
from benchmarks.serving import HOST, stop_sign


async def serve(port: int) -> None:
    """Print the address once it answers, and serve until SIGTERM or SIGINT."""
    runner = web.AppRunner(FakePlatform().app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, HOST, port)
    stop = stop_sign()
    try:
        await site.start()
        print(f"http://{HOST}:{runner.addresses[0][1]}", flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    end_with_parent()
    asyncio.run(serve(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
