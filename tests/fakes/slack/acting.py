"""Somebody in a workspace, and what they do in their client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tests.fakes.slack.delivering import Answered, Delivering, Parcel
from tests.fakes.slack.filling_in import CantDo, Value, check_complete, fill_in, value_for
from tests.fakes.slack.finding import find
from tests.fakes.slack.json_types import Json
from tests.fakes.slack.modals import carry_out
from tests.fakes.slack.payloads import (
    command_parcel,
    event_parcel,
    in_message,
    in_view,
    interaction,
)
from tests.fakes.slack.posting import message_event
from tests.fakes.slack.response_pages import answer_interaction
from tests.fakes.slack.site import Site
from tests.fakes.slack.state import Posted, User, View
from tests.fakes.slack.view_json import view_json
from tests.fakes.slack.workspace import Workspace

Surface = Literal["modal", "message", "home"]
Place = Posted | View


@dataclass(frozen=True, slots=True)
class Found:
    """Something to press, and where it is."""

    place: Place
    block: Json
    element: Json


class Actor:
    """One person at their client. Every method gives back the bot's answer to what was sent."""

    def __init__(
        self, site: Site, delivering: Delivering, workspace: Workspace, user: User
    ) -> None:
        self._site, self._delivering = site, delivering
        self.workspace, self.user = workspace, user

    # --- what they see ---------------------------------------------------------------------

    def messages(self) -> list[Posted]:
        """All of their conversation with the bot, the newest last; and what only they see."""
        channel_id = self.workspace.dm(self.user.id).id
        kept = self.workspace.in_channel(channel_id)
        shown = [each for each in [*kept, *self.ephemeral()] if not each.is_only_in_its_thread]
        return sorted(shown, key=lambda posted: posted.ts)

    def thread(self, root: Posted) -> list[Posted]:
        """A thread, from what it began with on; and what only they see in it."""
        kept = self.workspace.thread(root.channel, root.ts)
        theirs = [each for each in self.ephemeral() if each.thread_ts == root.ts]
        return sorted([*kept, *theirs], key=lambda posted: posted.ts)

    def ephemeral(self) -> list[Posted]:
        return [each for each in self.workspace.ephemeral if each.ephemeral_to == self.user.id]

    def modals(self) -> list[View]:
        """Those that are open, the top one last."""
        return list(self.workspace.stack(self.user.id))

    def modal(self) -> View:
        if not (stack := self.workspace.stack(self.user.id)):
            raise CantDo("no modal is open")
        return stack[-1]

    def home(self) -> View | None:
        return self.workspace.homes.get(self.user.id)

    # --- messages, the home tab, commands and shortcuts ------------------------------------

    async def says(
        self,
        text: str,
        *,
        in_thread: Posted | None = None,
        broadcast: bool = False,
        files: Sequence[Json] = (),
    ) -> Answered:
        """Write to the bot, in their DM, or there in a thread; `text` is as Slack escapes it."""
        channel = self.workspace.dm(self.user.id)
        posted = Posted(
            self._site.clock.ts(), channel.id, self.user.id, text, rich_text(text),
            thread_ts=(in_thread.thread_ts or in_thread.ts) if in_thread else "",
            broadcast=broadcast, extra={"files": list(files)} if files else {},
        )  # fmt: skip
        self.workspace.post(posted)
        event = message_event(self._site, self.workspace, channel, posted)
        return await self._event({**event, "client_msg_id": f"fake-{posted.ts}"})

    async def opens_home(self, tab: Literal["home", "messages"] = "home") -> Answered:
        event: Json = {"type": "app_home_opened", "user": self.user.id, "tab": tab}
        event["channel"] = self.workspace.dm(self.user.id).id
        if tab == "home" and (home := self.home()) is not None:
            event["view"] = view_json(self._site, self.workspace, home)
        return await self._event(event)

    async def runs(self, command: str, text: str = "") -> Answered:
        """Run a slash command. What the bot says at once only they see, unless it says else."""
        parcel = command_parcel(self._site, self.workspace, self.user, command, text)
        answered = await self._delivering.deliver(parcel)
        body = answered.json() or ({"text": answered.body} if answered.body.strip() else {})
        if answered.acknowledged and body:
            secret = parcel.payload["response_url"].rsplit("/", 1)[1]
            if (reply := self._site.response_urls.of(secret)) is not None:
                answer_interaction(self._site, reply, body)
        return answered

    async def uses_shortcut(self, callback_id: str) -> Answered:
        """Use a global shortcut."""
        shortcut = self._interaction("shortcut")
        shortcut |= {"callback_id": callback_id, "action_ts": self._site.clock.ts()}
        return await self._send(shortcut)

    # --- pressing and choosing -------------------------------------------------------------

    async def presses(
        self, what: str, value: str | None = None, *, on: Surface | None = None, ts: str = ""
    ) -> Answered:
        """Press a button, found by its action or label: in the modal, the newest message that
        has it, or the home tab. `ts` is the one message that it should be in."""
        return await self._send(self.press_of(what, value, on=on, ts=ts))

    def press_of(
        self, what: str, value: str | None = None, *, on: Surface | None = None, ts: str = ""
    ) -> Json:
        """What a press sends, for a test that wants to change it or to send it twice."""
        found = self._find(what, value, on, ts)
        if found.element["type"] != "button":
            raise CantDo(f"{what} isn't a button")
        names = ("action_id", "text", "value", "type", "style", "url")
        action = {name: found.element[name] for name in names if name in found.element}
        return self._block_actions(found, action)

    async def chooses(
        self, what: str, option: Value, *, on: Surface | None = None, ts: str = ""
    ) -> Answered:
        """Choose in a menu outside of a form's fields."""
        found = self._find(what, None, on, ts)
        chosen = value_for(found.element, option)
        if isinstance(found.place, View):
            state = found.place.state.setdefault(found.block["block_id"], {})
            state[found.element["action_id"]] = chosen
        action = {"action_id": found.element["action_id"], **chosen}
        return await self._send(self._block_actions(found, action))

    def _find(self, what: str, value: str | None, on: Surface | None, ts: str) -> Found:
        for place in self._places(on, ts):
            if (pair := find(place.blocks, what, value)) is not None:
                return Found(place, *pair)
        raise CantDo(f"{self.user.name} sees nothing called {what}")

    def _places(self, on: Surface | None, ts: str) -> list[Place]:
        """Where they may press, the likeliest first. An open modal covers all the rest."""
        modals: list[Place] = [*self.modals()[-1:]]
        if on == "modal" or (modals and on is None and not ts):
            return modals
        homes: list[Place] = [home] if (home := self.home()) is not None else []
        messages: list[Place] = [
            posted for posted in reversed(self._everywhere()) if ts in {"", posted.ts}
        ]
        return {"home": homes, "message": messages}.get(on or "", [*messages, *homes])

    def _everywhere(self) -> list[Posted]:
        """The messages of all of their conversations."""
        found = list(self.ephemeral())
        for channel in self.workspace.channels.values():
            if self.user.id in channel.members:
                found += self.workspace.in_channel(channel.id)
        return sorted(found, key=lambda posted: posted.ts)

    def _block_actions(self, found: Found, action: Json) -> Json:
        payload = self._interaction("block_actions")
        if isinstance(found.place, View):
            payload |= in_view(self._site, self.workspace, found.place)
        else:
            payload |= in_message(self._site, self.workspace, self.user, found.place)
            payload["state"] = {"values": {}}
        where = {"block_id": found.block["block_id"], "action_ts": self._site.clock.ts()}
        return {**payload, "actions": [{**action, **where}]}

    # --- forms -----------------------------------------------------------------------------

    async def submits(self, values: Mapping[str, Value] | None = None) -> Answered:
        """Fill in the modal on top, by block id or label, and send it."""
        view = self.modal()
        if not view.payload.get("submit"):
            raise CantDo("this modal is only read")
        fill_in(view, values or {})
        check_complete(view)
        view.errors = {}
        answered = await self._send(self.submission_of(view))
        carry_out(self._site, self.workspace, view, answered)
        return answered

    def submission_of(self, view: View) -> Json:
        submission = self._interaction("view_submission")
        shown = view_json(self._site, self.workspace, view)
        return {**submission, "view": shown, "response_urls": []}

    async def closes(self, *, every: bool = False) -> Answered | None:
        """Close the modal on top, or all. The bot hears of it only if it asked for that."""
        view = self.modal()
        stack = self.workspace.stack(self.user.id)
        if every or view.payload.get("clear_on_close"):
            stack.clear()
        else:
            stack.remove(view)
        if not view.payload.get("notify_on_close"):
            return None
        closed = self._interaction("view_closed")
        del closed["trigger_id"]
        shown = view_json(self._site, self.workspace, view)
        return await self._send({**closed, "view": shown, "is_cleared": every})

    # --- sending ---------------------------------------------------------------------------

    def _interaction(self, kind: str) -> dict[str, Any]:
        return interaction(self._site, self.workspace, self.user, kind)

    async def _send(self, payload: Json) -> Answered:
        return await self._delivering.deliver(Parcel("interactive", payload))

    async def _event(self, event: Json) -> Answered:
        parcel = event_parcel(self._site, self.workspace, event)
        return await self._delivering.deliver_event(parcel)


def rich_text(text: str) -> list[Json]:
    """What somebody writes comes as rich text too."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [{"type": "rich_text", "block_id": "b0", "elements": [section]}]
