"""What the people of the example organisation do in these tests, through the page's requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from tests.acceptance.bot_process import Json, Page


@dataclass(frozen=True, slots=True)
class Found:
    """A button on a message, and where the message is."""

    action: str
    value: str
    label: str
    message: tuple[str, str]


def buttons(room: Json) -> Iterator[Found]:
    """The buttons in a conversation, those of the newest message first."""
    for message in reversed(room["messages"]):
        place = (room["id"], message["id"])
        for button in buttons_of(message["body"]):
            yield Found(button["action"], button["value"], button["label"], place)


def buttons_of(body: Json) -> Iterator[Json]:
    for part in body["parts"]:
        if part["type"] == "buttons":
            yield from part["buttons"]


def words_of(body: Json) -> str:
    """All that a message says, but for its buttons."""
    items = [item for part in body["parts"] for item in part.get("items", ())]
    said = [part["text"] for part in body["parts"] if "text" in part]
    return "\n".join([*said, *(f"{item['label']} {item['text']}" for item in items)])


async def everybody_opts_in(bot: Page) -> None:
    for person in await bot.people():
        await bot.tap(person["id"], "pulse.consent", "yes")


async def asks_daily(bot: Page, people: list[Json]) -> None:
    """These people would like to be asked how they are on every working day."""
    for person in people:
        await bot.submit(person["id"], "settings.save", "", {"check_ins": "daily"})


async def everybody_checks_in(
    bot: Page, people: list[Json], choose: Callable[[list[Found]], Found]
) -> list[str]:
    """Those of these people who have been asked how they are tap an answer.

    `choose` gets the buttons from best to hardest, then the one to skip. Says what they heard.
    """
    heard = []
    for person in people:
        answers = await _answers(bot, person["id"])
        if answers:
            chosen = choose(answers)
            reply = await bot.tap(person["id"], chosen.action, chosen.value, chosen.message)
            heard.append(words_of(reply["notice"]))
    return heard


async def _answers(bot: Page, person_id: str) -> list[Found]:
    """The buttons that answer the newest check-in."""
    room = (await bot.state(person_id))["direct"]
    found = [button for button in buttons(room) if button.action == "check_in.answer"]
    return [button for button in found if button.message == found[0].message]


async def answer_the_pulse(
    bot: Page, people: list[Json], choose: Callable[[int, list[str]], str]
) -> list[Json]:
    """Those of these people who have been asked answer all questions. Gives the bot's replies.

    `choose` gets a number, which is another for each person, and a question's values.
    """
    replies = []
    for number, person in enumerate(people):
        room = (await bot.state(person["id"]))["direct"]
        invitation = next((found for found in buttons(room) if found.action == "pulse.form"), None)
        if invitation is not None:
            fills_in = partial(choose, number)
            replies.append(await _answers_in_the_form(bot, person["id"], invitation, fills_in))
    return replies


async def _answers_in_the_form(
    bot: Page, person_id: str, invitation: Found, choose: Callable[[list[str]], str]
) -> Json:
    opened = await bot.tap(person_id, invitation.action, invitation.value, invitation.message)
    form = opened["form"]
    fields = {
        field["name"]: choose([choice["value"] for choice in field["choices"]])
        for field in form["fields"]
    }
    return await bot.submit(person_id, form["action"], form["value"], fields, invitation.message)
