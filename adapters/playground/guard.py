"""What stands before every request: only this machine, only this page, only kind errors.

The playground lets anybody be anybody, so nothing but a browser on this machine may reach it. A
page elsewhere could try through that browser: the Host header stops a name that was rebound to this
machine, the Origin header and the content type stop a request from another site.
"""

from __future__ import annotations

import traceback
from ipaddress import ip_address

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from adapters.playground.interactions import NotThere
from bot.errors import NotAllowed, NotFound

log = structlog.get_logger(__name__)

LOCAL_NAMES = {"localhost", "127.0.0.1", "::1"}

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
        " require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Security headers on every answer, also on streams and refusals."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")


@web.middleware
async def kind_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Say what went wrong in one sentence; never log what somebody sent."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return _refusal(error.status, error.reason)
    except NotAllowed as error:
        return _refusal(403, str(error))
    except NotFound as error:
        return _refusal(404, str(error))
    except NotThere as error:
        return _refusal(409, str(error))
    except Exception as error:  # noqa: BLE001 - the edge: nothing above would answer kindly
        _log_without_contents(error)
        return _refusal(500, "Something went wrong here. Nothing of yours was lost.")


@web.middleware
async def only_this_page(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let in only a browser on this machine, showing this very page."""
    if not _from_this_machine(request):
        raise web.HTTPForbidden(reason="The playground can only be opened on its own machine.")
    if request.method not in {"GET", "HEAD"}:
        _check_written_by_this_page(request)
    return await handler(request)


def _from_this_machine(request: web.Request) -> bool:
    try:
        peer = ip_address((request.remote or "").partition("%")[0])
        host = URL(f"http://{request.host}").host
    except ValueError:
        return False
    return peer.is_loopback and host in LOCAL_NAMES


def _check_written_by_this_page(request: web.Request) -> None:
    if request.headers.get("Origin") != f"{request.scheme}://{request.host}":
        raise web.HTTPForbidden(reason="Only the playground's own page may do that.")
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(reason="Please send JSON.")


def _refusal(status: int, sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=status)


def _log_without_contents(error: Exception) -> None:
    """Log the kind of error and its lines of code: its message could hold what somebody chose."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("the playground met an unexpected error", kind=type(error).__name__, where=where)
