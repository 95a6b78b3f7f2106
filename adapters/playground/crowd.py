"""Everybody else answers by themselves, so that a newcomer soon sees what a summary looks like.

Each person reads their latest messages and does what a person would: mostly the button that stands
out, else any of the plain ones, now and then "not now". Whoever said yes to the pulse stays with
it: after some weeks of chance there would be nobody left to sum up. And nobody says by chance what
will happen in their team. The same seed and messages give the same answers. Everything goes through
the same functions as a tap on the page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from random import Random

from adapters.playground.conversations import direct
from adapters.playground.events import Hub, progress
from adapters.playground.interactions import Interactions, Place, buttons_of
from adapters.playground.people import People
from adapters.playground.store import PlaygroundStore, PostedMessage
from bot.errors import WellbeingError
from bot.message import Button, ChoiceField, Field, Form
from bot.ports import Reply
from bot.usecases.directory import PersonCard

READS_BACK = 8
FOLLOWS_FORMS = 3
TAKES_PRIMARY = 0.85
TAKES_QUIET = 0.1
SHOWS_PROGRESS_EVERY = 10
STOPS = ("pulse.consent", "no")
PROMISES = "action.new"


class Crowd:
    """Answers for everybody but the people who are being played."""

    def __init__(
        self,
        people: People,
        store: PlaygroundStore,
        hub: Hub,
        interactions: Interactions,
        seed: str,
    ) -> None:
        self._people, self._store, self._hub = people, store, hub
        self._interactions, self._seed = interactions, seed
        self._dealt_with: set[tuple[str, int]] = set()
        self._one_at_a_time = asyncio.Lock()

    async def answer(self, leaving_out: Collection[str]) -> str:
        """Everybody but `leaving_out` answers what they have to answer. Says what came of it."""
        async with self._one_at_a_time:
            outcome = "Not everybody could answer. Please try again."
            try:
                outcome = await self._all_answer(leaving_out)
            finally:
                self._hub.publish(progress(outcome, running=False))
            return outcome

    async def _all_answer(self, leaving_out: Collection[str]) -> str:
        cards = [card for card in await self._people.all() if card.id not in leaving_out]
        answers = people = 0
        for number, card in enumerate(cards):
            if number % SHOWS_PROGRESS_EVERY == 0:
                share = f"{number} of {len(cards)} people"
                self._hub.publish(progress(f"Others are answering: {share}…", running=True))
            answered = await self._one_answers(card)
            answers, people = answers + answered, people + bool(answered)
        return _outcome(people, answers)

    async def _one_answers(self, card: PersonCard) -> int:
        answered = 0
        for message in await self._store.latest(direct(card.id), READS_BACK):
            reader = Reader.of(self._seed, card.id, message.id)
            button = reader.button(message)
            if button is not None and self._is_new(message):
                answered += await self._taps(card.id, message, button, reader)
        return answered

    def _is_new(self, message: PostedMessage) -> bool:
        """Whether it's seen for the first time: some look the same after an answer."""
        version = (message.id, message.revision)
        new = version not in self._dealt_with
        self._dealt_with.add(version)
        return new

    async def _taps(
        self, person_id: str, message: PostedMessage, button: Button, reader: Reader
    ) -> bool:
        """Tap, and fill in what opens. False if the bot wouldn't have it."""
        place = Place(message.conversation, message.id)
        try:
            reply = await self._interactions.tap(person_id, place, button.action, button.value)
            for _ in range(FOLLOWS_FORMS):
                if reply.form is None or not reply.form.submit or button.style == "quiet":
                    break
                reply = await self._sends(person_id, place, reply.form, reader)
        except WellbeingError:
            return False
        return True

    async def _sends(self, person_id: str, place: Place, form: Form, reader: Reader) -> Reply:
        fields = {field.name: reader.fill(field) for field in form.fields}
        return await self._interactions.submit(person_id, place, form.action, form.value, fields)


@dataclass(frozen=True, slots=True)
class Reader:
    """How one person deals with one message. `leaning` is where on a scale they tend to be."""

    random: Random
    leaning: float

    @classmethod
    def of(cls, seed: str, person_id: str, message_id: str) -> Reader:
        leaning = Random(f"{seed}/{person_id}").betavariate(3, 2)  # noqa: S311
        return cls(Random(f"{seed}/{person_id}/{message_id}"), leaning)  # noqa: S311

    def button(self, message: PostedMessage) -> Button | None:
        """The button they press, if any: a message that was answered needs nothing more."""
        buttons = [each for each in buttons_of(message) if _is_left_to_chance(each)]
        primary = [button for button in buttons if button.style == "primary"]
        plain = [button for button in buttons if button.style == "plain"]
        quiet = [button for button in buttons if button.style == "quiet"]
        if primary:
            return self._either(primary, plain + quiet, TAKES_PRIMARY)
        if message.revision or not plain:
            return None
        return self._either(quiet, plain, TAKES_QUIET)

    def fill(self, field: Field) -> str:
        """A choice near where they lean; what is filled in already stays, as settings are."""
        if not isinstance(field, ChoiceField):
            return field.text or ("All well, thank you." if field.required else "")
        if field.chosen or not field.choices:
            return field.chosen
        last = len(field.choices) - 1
        nearby = round(self.random.gauss(self.leaning * last, max(0.5, last / 6)))
        return field.choices[min(last, max(0, nearby))].value

    def _either(self, some: list[Button], others: list[Button], chance: float) -> Button:
        taken = some if some and (not others or self.random.random() < chance) else others
        return self.random.choice(taken)


def _is_left_to_chance(button: Button) -> bool:
    return button.action != PROMISES and (button.action, button.value) != STOPS


def _outcome(people: int, answers: int) -> str:
    if not answers:
        return "Nobody else has anything to answer just now."
    who = "One person" if people == 1 else f"{people} people"
    what = "one message" if answers == 1 else f"{answers} messages"
    return f"{who} answered {what}."
