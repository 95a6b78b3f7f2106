"""What people do in Teams: press, send a form, type.

Microsoft vouches for who acts; the core decides what they may do. The reply is committed before
Teams is answered, and carried out by `replies`. Nothing of what somebody chose is kept or logged.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import partial
from typing import Any, Final

import structlog

from adapters.payloads import Malformed
from adapters.teams.arrivals import Arrivals
from adapters.teams.buttons import mapping_in, tapped
from adapters.teams.cards import submitted
from adapters.teams.fields import fields_of
from adapters.teams.incoming import Turn
from adapters.teams.lines import line_of
from adapters.teams.people import who_of
from adapters.teams.replies import Replies
from bot.errors import NotAllowed, NotFound, Stranger
from bot.message import sentence
from bot.ports import Reply, Submission, Tap
from bot.usecases.conversations import place_of
from bot.usecases.core import Core
from bot.usecases.crisis import crisis_card, crisis_card_for
from bot.usecases.dispatch import submit, tap, typed
from bot.usecases.handled import first_time
from bot.usecases.resources import for_a_stranger

log = structlog.get_logger(__name__)

Json = dict[str, Any]
Handler = Callable[[Turn], Awaitable[Json | None]]


class Interactions:
    """`tenants` are those that the bot is for; whoever comes from another one isn't heard."""

    def __init__(
        self,
        core: Core,
        arrivals: Arrivals,
        replies: Replies,
        tenants: Collection[str],
        region: str,
    ) -> None:
        self._core, self._tenants, self._region = core, tenants, region
        self._arrivals, self._replies = arrivals, replies
        self._texts = core.library.texts("en")  # of what is said to nobody known
        self._handlers: Final[Mapping[tuple[str, str], Handler]] = {
            ("invoke", "adaptiveCard/action"): self.pressed,
            ("invoke", "task/fetch"): self.opened,
            ("invoke", "task/submit"): self.submitted,
            ("message", ""): self.line,
            ("installationUpdate", ""): arrivals.installation,
            ("conversationUpdate", ""): arrivals.conversation,
        }

    async def on_turn(self, turn: Turn) -> Json | None:
        """What an invoke is answered with, or None if there is no answer to it.

        Raises Malformed.
        """
        handler = self._handlers.get(turn.key)
        if handler is None:
            return None
        if turn.tenant_id not in self._tenants:
            log.warning("somebody from another tenant isn't heard")
            return None
        return await handler(turn)

    async def pressed(self, turn: Turn) -> Json:
        action, value = tapped(_dictionary(turn.value))
        reply = await self._said(self._tap(turn, action, value))
        return await self._replies.to_press(turn, reply, action, value, self._texts)

    async def opened(self, turn: Turn) -> Json:
        reply = await self._said(self._tap(turn, *tapped(_dictionary(turn.value))))
        return await self._replies.to_opening(turn, reply, self._texts)

    async def submitted(self, turn: Turn) -> Json:
        """A form, or a button in a dialog."""
        sent = _dictionary(turn.value)
        form, value = submitted(sent)
        if not form:
            return await self.opened(turn)
        fields = fields_of(mapping_in(sent, "data"))
        submission = Submission(who_of(turn), form, value, fields)
        # What can't be taken now is refused as it is: the dialog stays, with all that is filled in.
        reply = await self._refusing(self._acting(turn, partial(submit, self._core, submission)))
        return self._replies.to_submission(reply, fields, self._texts)

    async def line(self, turn: Turn) -> None:
        """A line typed to the bot. Its answer is posted once, however often Teams tells of it."""
        said = line_of(turn)
        if not said.text and not said.has_files:
            return
        # In a channel an answer shows to everybody in it, so it never depends on the words.
        written = turn.text if turn.is_personal else ""
        reply = await self._replies.while_typing(turn, self._said(self._answer(turn), written))
        if reply.notice is not None:
            self._replies.say(turn, reply.notice)

    async def _tap(self, turn: Turn, action: str, value: str) -> Reply:
        return await self._acting(turn, partial(tap, self._core, Tap(who_of(turn), action, value)))

    async def _answer(self, turn: Turn) -> Reply:
        if not await first_time(self._core, turn.event_id):
            return Reply()
        if not turn.is_personal:
            await self._look_after(turn)
            return Reply(notice=sentence(self._texts.say("teams_app.in_channel")))
        return await self._acting(turn, partial(self._typed, turn))

    async def _look_after(self, turn: Turn) -> None:
        """Words of a crisis in a channel are answered in their writer's own chat, if there is one.

        Teams shows nothing in a channel to one person alone.
        """
        who = who_of(turn)
        try:
            card = await crisis_card_for(self._core, who, turn.text)
        except Stranger:
            card = crisis_card(self._texts, self._region, turn.text)
        if card is not None and (place := await place_of(self._core, who)) is not None:
            self._replies.say_at(place, card)

    async def _typed(self, turn: Turn) -> Reply:
        return Reply(notice=await typed(self._core, line_of(turn)))

    async def _acting(self, turn: Turn, act: Callable[[], Awaitable[Reply]]) -> Reply:
        """What comes of it. Whoever isn't known yet is met first: news of them may be lost."""
        await self._arrivals.seen(turn)
        try:
            return await act()
        except Stranger:
            await self._arrivals.meet(turn)
        return await act()

    async def _said(self, work: Awaitable[Reply], written: str = "") -> Reply:
        """A use case's reply; what it refuses, or can't do now, is said kindly.

        `written` is what somebody typed: words of a crisis are answered whoever it is, and whatever
        fails.
        """
        try:
            return await self._refusing(work, written)
        except Malformed:
            raise
        except Exception as error:  # noqa: BLE001 - nothing above would answer kindly
            # Its message, or a value in its traceback, could be what somebody chose.
            log.error("what somebody did in Teams failed", kind=type(error).__name__)  # noqa: TRY400
            card = crisis_card(self._texts, self._region, written)
            return Reply(notice=card or sentence(self._texts.say("error.try_again")))

    async def _refusing(self, work: Awaitable[Reply], written: str = "") -> Reply:
        """A use case's reply; what it refuses is said kindly."""
        try:
            return await work
        except Stranger as stranger:
            card = crisis_card(self._texts, self._region, written)
            return Reply(notice=card or for_a_stranger(self._texts, self._region, stranger))
        except (NotAllowed, NotFound) as error:
            return Reply(notice=sentence(str(error)))


def _dictionary(value: object) -> Json:
    """Raises Malformed."""
    if not isinstance(value, dict):
        raise Malformed("not the value of a button or form")
    return value
