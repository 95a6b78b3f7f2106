"""`/response/<secret>`: where an interaction is answered without a token."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from tests.fakes.slack.arguments import arguments_of
from tests.fakes.slack.faults import UNLIMITED
from tests.fakes.slack.gate import Gate, Passing
from tests.fakes.slack.json_types import Json
from tests.fakes.slack.message_content import Content, content_of
from tests.fakes.slack.refused import Refused
from tests.fakes.slack.response_urls import Reply
from tests.fakes.slack.site import Site
from tests.fakes.slack.state import Posted

NAME: Final = "response_url"
NOT_FOUND: Final = 404


class ResponsePages:
    """In the log and among the faults these are the method `response_url`."""

    def __init__(self, site: Site) -> None:
        self._site, self._gate = site, Gate(site, refused_status=NOT_FOUND)

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/response/{secret}", self._answer)]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            arguments = await arguments_of(request)
        except Refused as refused:
            return self._gate.json(refused.answer(), status=NOT_FOUND)
        known = self._site.response_urls.of(request.match_info["secret"])
        team_id = known.team_id if known else ""
        passing = Passing(request, NAME, arguments, team_id, UNLIMITED, {})
        return await self._gate.let_through(passing, self._use)

    def _use(self, passing: Passing) -> Json:
        reply = self._site.response_urls.use(passing.request.match_info["secret"])
        answer_interaction(self._site, reply, passing.arguments.values)
        return {}


def answer_interaction(site: Site, reply: Reply, body: Json) -> None:
    """Do what an answer says: to the message that was pressed, or as a new one."""
    workspace = site.workspaces[reply.team_id]
    original = workspace.message(reply.channel, reply.message_ts) if reply.message_ts else None
    if body.get("delete_original"):
        if original is not None:
            workspace.remove(original)
        return
    content = content_of(body, workspace)
    if body.get("replace_original") and original is not None:
        changes: dict[str, Any] = {"text": content.text, "blocks": content.blocks}
        workspace.change(original, edited_ts=site.clock.ts(), **changes)
    else:
        _post(site, reply, content, body)


def _post(site: Site, reply: Reply, content: Content, body: Json) -> None:
    """In the conversation, wherever in it somebody pressed; in a thread only if it is named."""
    workspace = site.workspaces[reply.team_id]
    workspace.post(
        Posted(
            ts=site.clock.ts(),
            channel=reply.channel,
            user=workspace.bot.id,
            text=content.text,
            blocks=content.blocks,
            bot_id=workspace.bot_id,
            ephemeral_to="" if body.get("response_type") == "in_channel" else reply.user,
            thread_ts=body.get("thread_ts", ""),
        )
    )
