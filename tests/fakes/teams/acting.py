"""Somebody in an organisation, and what they do in their Teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tests.fakes.teams import activities
from tests.fakes.teams.delivering import Answered
from tests.fakes.teams.filling_in import CantDo, Value, filled_in
from tests.fakes.teams.finding import find, opens_dialog, pressable
from tests.fakes.teams.in_teams import InTeams
from tests.fakes.teams.invoke_answers import Shown, of_card_action, of_task
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.state import Dialog, Sent


@dataclass(frozen=True, slots=True)
class Found:
    """Something to press, in the card of a message."""

    sent: Sent
    card: Json
    action: Json


class Actor(InTeams):
    """One person at their client. Most methods give back the bot's answer to what was sent."""

    # --- what they see ---------------------------------------------------------------------

    def messages(self, where: str = "") -> list[Sent]:
        """Their chat with the bot, or a channel, as they see it now; the newest last."""
        conversation_id = self.tenant.conversation_id(where or self.person)
        sent = self.tenant.messages(conversation_id)
        return [self.tenant.as_seen(each, self.person) for each in sent]

    def cards(self, where: str = "") -> list[Json]:
        return [card for sent in self.messages(where) for card in sent.cards]

    def dialog(self) -> Dialog:
        if (dialog := self.tenant.dialogs.get(self.person.id)) is None:
            raise CantDo("no dialog is open")
        return dialog

    @property
    def has_dialog(self) -> bool:
        return self.person.id in self.tenant.dialogs

    def notices(self) -> list[str]:
        """What Teams told them for a moment: a bot's short answer, or that something failed."""
        return self.tenant.notices.setdefault(self.person.id, [])

    # --- the app ---------------------------------------------------------------------------

    async def installs(self, *, backwards: bool = False) -> list[Answered]:
        """Two activities come of it, in no promised order."""
        self.person.installed = True
        told = [
            activities.added_to_chat(self._site, self.tenant, self.person),
            activities.installation(self._site, self.tenant, self.person, "add"),
        ]
        return [await self._send(each) for each in (reversed(told) if backwards else told)]

    async def gets_new_version(self) -> Answered:
        """The app is upgraded for them."""
        told = activities.installation(self._site, self.tenant, self.person, "add-upgrade")
        return await self._send(told)

    async def uninstalls(self) -> Answered:
        self.person.installed = False
        return await self._send(
            activities.installation(self._site, self.tenant, self.person, "remove")
        )

    def blocks(self, worded: Literal["code", "sub_code"] = "code") -> None:
        """The bot isn't told; its messages are refused, in either form that Microsoft uses."""
        self.person.blocking = worded

    def unblocks(self) -> None:
        self.person.blocking = ""

    # --- writing ---------------------------------------------------------------------------

    async def types(self, text: str, where: str = "", files: Sequence[Json] = ()) -> Answered:
        """Write to the bot in their chat, or mention it in a channel.

        `text` is as Teams sends it; `files` are such as those that `activities` makes.
        """
        return await self._send(self.line_of(text, where, files))

    def line_of(self, text: str, where: str = "", files: Sequence[Json] = ()) -> Json:
        """The activity of a line that they write now, not sent to the bot yet."""
        if not where:
            if not self.person.installed:
                raise CantDo(f"{self.person.name} doesn't have the app")
            sent = self._write(self.person.chat_id, text, files)
            return activities.message(self._site, self.tenant, self.person, sent)
        place = self.tenant.channel(where)
        if not place[0].has_bot:
            raise CantDo(f"the app isn't in {place[0].name}")
        sent = self._write(place[1].id, f"<at>{self._site.app.name}</at> {text}")
        return activities.mention(self._site, self.tenant, self.person, place, sent)

    def activity_of(self, kind: str, **more: Any) -> Json:
        """Any other activity from them, such as a reaction, not sent to the bot yet."""
        return activities.activity(self._site, self.tenant, self.person, kind, **more)

    def _write(self, conversation_id: str, text: str, files: Sequence[Json] = ()) -> Sent:
        message_id = self._site.clock.message_id()
        sent = Sent(message_id, conversation_id, self.person.id, text, list(files))
        return self.tenant.post(sent)

    # --- pressing --------------------------------------------------------------------------

    async def presses(
        self,
        what: str,
        fields: Mapping[str, Value] | None = None,
        *,
        data: Json | None = None,
        where: str = "",
        message_id: str = "",
    ) -> Answered:
        """Press a button in the newest card that has it, by its label or its verb."""
        found = self._find(what, data, where, message_id)
        answered = await self._send(self._press(found, fields or {}))
        if found.action["type"] == "Action.Execute":
            self._show(of_card_action(answered), found.sent)
        elif opens_dialog(found.action):
            self._show(of_task(answered, may_close=False), found.sent)
        return answered

    async def opens(self, what: str, **more: Any) -> Answered:
        """Press a button that opens a dialog."""
        answered = await self.presses(what, **more)
        self.dialog()
        return answered

    def press_of(
        self,
        what: str,
        fields: Mapping[str, Value] | None = None,
        *,
        data: Json | None = None,
        where: str = "",
        message_id: str = "",
    ) -> Json:
        """The activity of a press, not sent to the bot."""
        return self._press(self._find(what, data, where, message_id), fields or {})

    def _press(self, found: Found, fields: Mapping[str, Value]) -> Json:
        action, sent = found.action, found.sent
        data = {**(action.get("data") or {}), **_inputs(action, found.card, fields)}
        if action["type"] == "Action.Execute":
            value: Json = {"action": {"type": action["type"], "data": data}, "trigger": "manual"}
            value["action"] |= {
                name: action[name] for name in ("title", "verb", "id") if name in action
            }
            return self._invoke("adaptiveCard/action", value, sent)
        if opens_dialog(action):
            return self._invoke("task/fetch", _in_theme(data), sent)
        if "msteams" in data:
            raise CantDo(f"a button of the kind {data['msteams']} isn't played here")
        return activities.submitted(self._site, self.tenant, self.person, sent, data)

    def _find(self, what: str, data: Json | None, where: str, message_id: str) -> Found:
        if self.has_dialog:
            raise CantDo("a dialog covers the chat")
        for sent in reversed(self.messages(where)):
            for card in sent.cards if message_id in {"", sent.id} else []:
                if (action := find(card, what, data)) is not None:
                    return Found(sent, card, action)
        raise CantDo(f"{self.person.name} sees nothing called {what}")

    # --- dialogs ---------------------------------------------------------------------------

    async def submits(
        self, fields: Mapping[str, Value] | None = None, *, action: str = ""
    ) -> Answered:
        """Fill in the open dialog, by ids or labels, and send it; by the button `action`."""
        answered = await self._send(self.submission_of(fields, action=action))
        shown = of_task(answered, may_close=True)
        # A bot that failed can be asked again: what is filled in isn't lost.
        if answered.status == 200:
            del self.tenant.dialogs[self.person.id]
        self._show(shown, None)
        return answered

    def submission_of(self, fields: Mapping[str, Value] | None = None, *, action: str = "") -> Json:
        """The activity of a submission, not sent to the bot. It says no more which card it was."""
        card = self.dialog().card
        pressed = find(card, action) if action else _only_submit(card)
        if pressed is None or pressed["type"] != "Action.Submit":
            raise CantDo(f"the dialog has no button {action or 'to send it'}")
        data = {**(pressed.get("data") or {}), **_inputs(pressed, card, fields or {})}
        return self._invoke("task/submit", _in_theme(data), None)

    def closes(self) -> None:
        """Close the dialog. The bot isn't told."""
        self.dialog()
        del self.tenant.dialogs[self.person.id]

    def _show(self, shown: Shown, sent: Sent | None) -> None:
        if shown.card is not None and sent is not None:
            self.tenant.show(sent, self.person, shown.card)
        if shown.dialog is not None:
            self.tenant.dialogs[self.person.id] = shown.dialog
        if shown.notice:
            self.notices().append(shown.notice)

    # --- sending ---------------------------------------------------------------------------

    async def repeats(self) -> Answered:
        """What was sent to the bot last is sent again, as Teams does when it heard nothing."""
        for answered in reversed(self._delivering.answers):
            if answered.activity and answered.activity["from"]["id"] == self.person.id:
                return await self._send(answered.activity)
        raise CantDo(f"{self.person.name} has done nothing yet")

    def _invoke(self, name: str, value: Json, sent: Sent | None) -> Json:
        return activities.invoke(self._site, self.tenant, self.person, name, value, sent)


def _inputs(action: Json, card: Json, fields: Mapping[str, Value]) -> dict[str, str]:
    return {} if action.get("associatedInputs") == "none" else filled_in(card, fields)


def _in_theme(data: Json) -> Json:
    return {"data": data, "context": {"theme": "default"}}


def _only_submit(card: Json) -> Json | None:
    """The one button that sends it; where there are several, it has to be said which."""
    buttons = [each for each in pressable(card) if each["type"] == "Action.Submit"]
    return buttons[0] if len(buttons) == 1 else None
