"""The admin's page: how sending goes, and trying again or calling off what failed.

GET  /playground/sending              the page
GET  /playground/api/sending          what it shows, for `?person=ID`
POST /playground/api/sending/retry    send what failed once more
POST /playground/api/sending/expire   call it off

Who may see and do this is for the use cases to say: here anybody may ask.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated, Protocol

from aiohttp import web
from pydantic import StringConstraints

from adapters.playground.bodies import Body, Id, body_of
from adapters.playground.partner import Bot
from adapters.playground.wire import Json
from bot.domain.outcomes import (
    Changed,
    Choice,
    Count,
    Outcomes,
    Overview,
    WorkspacePace,
    duration_in_words,
    in_words,
)

PAGE = Path(__file__).parent / "static" / "sending.html"

Chosen = Annotated[str, StringConstraints(max_length=200)]
Change = Callable[[str, Choice], Awaitable[Changed]]


class Desk(Protocol):
    """What the page asks of the bot. Each raises NotAllowed for whoever isn't an admin."""

    async def sending(self, person_id: str) -> Overview:
        """How sending goes, in counts."""
        ...

    async def retry(self, person_id: str, choice: Choice) -> Changed:
        """Have what failed sent once more."""
        ...

    async def expire(self, person_id: str, choice: Choice) -> Changed:
        """Call off what waits or failed."""
        ...


class BotWithDesk(Bot, Desk, Protocol):
    """A bot that can be talked to, and looked after."""


class ChoiceBody(Body):
    """`person` asks; the rest says which deliveries, and null leaves none out."""

    person: Id
    programme: Chosen | None = None
    local_at: Chosen | None = None
    reason: Chosen | None = None


def sending_routes(desk: Desk) -> list[web.AbstractRouteDef]:
    """The routes of the page, below the playground's own address."""

    async def page(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE)

    async def overview(request: web.Request) -> web.Response:
        seen = await desk.sending(request.query.get("person", ""))
        return web.json_response(_overview_json(seen))

    async def retry(request: web.Request) -> web.Response:
        return await _change(
            request,
            desk.retry,
            "Will be sent again: {}.",
            "There is nothing that can be sent again.",
        )

    async def expire(request: web.Request) -> web.Response:
        return await _change(
            request, desk.expire, "Called off: {}.", "There is nothing to call off."
        )

    return [
        web.get("/sending", page),
        web.get("/api/sending", overview),
        web.post("/api/sending/retry", retry),
        web.post("/api/sending/expire", expire),
    ]


async def _change(request: web.Request, change: Change, done: str, nothing: str) -> web.Response:
    sent = await body_of(request, ChoiceBody)
    changed = await change(sent.person, Choice(sent.programme, sent.local_at, sent.reason))
    return web.json_response({"text": done.format(changed) if changed else nothing})


# --- as JSON: words where a number would say too much -----------------------------------------


def _overview_json(seen: Overview) -> Json:
    return {
        "now": seen.at.isoformat(),
        "since": seen.since.isoformat(),
        "lag": None if seen.lag is None else duration_in_words(seen.lag),
        "running": len(seen.running),
        "outcomes": [_outcomes_json(one) for one in seen.outcomes],
        "workspaces": [_workspace_json(one) for one in seen.workspaces],
    }


def _outcomes_json(one: Outcomes) -> Json:
    return {
        "programme": one.programme_id,
        "local_at": one.local_at,
        "running": one.is_running,
        "progress": one.progress,
        "sent": str(one.sent),
        "waiting": _some(one.waiting),
        "later": _some(one.later),
        "in_hand": _some(one.in_hand),
        "unknown": _some(one.unknown),
        "failed": _reasons_json(one.failed),
        "skipped": _reasons_json(one.skipped),
        "expired": _reasons_json(one.expired),
        "missed_in": one.missed_in,
    }


def _some(count: Count) -> str | None:
    return str(count) if count else None


def _reasons_json(counts: Mapping[str, Count]) -> list[Json]:
    return [
        {"reason": reason, "words": in_words(reason), "count": str(count)}
        for reason, count in counts.items()
    ]


def _workspace_json(one: WorkspacePace) -> Json:
    return {
        "id": one.workspace_id,
        "platform": one.platform,
        "share": round(100 * one.share),
        "rests_until": None if one.rests_until is None else one.rests_until.isoformat(),
        "lag": None if one.lag is None else duration_in_words(one.lag),
    }
