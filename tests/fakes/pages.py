"""The files of a fake's page: its own, and those that every fake's page is made with."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from aiohttp import web

SHARED: Final = Path(__file__).parent / "page_files"


def file_routes(folder: Path) -> list[web.RouteDef]:
    """`/` is the folder's index.html, `/page/<name>` a script or a style."""

    async def index(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(folder / "index.html")

    async def file(request: web.Request) -> web.FileResponse:
        name = request.match_info["name"]
        own = folder / name
        return web.FileResponse(own if own.exists() else SHARED / name)

    return [web.get("/", index), web.get("/page/{name:[a-z]+\\.(?:js|css)}", file)]
