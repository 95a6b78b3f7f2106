"""Letters for when a life may be at risk."""

from __future__ import annotations

from bot.domain.support import Shown
from bot.message import Button, Buttons, FinePrint, Message, Paragraph
from bot.store import people
from bot.usecases.support.desk import name_of
from bot.usecases.support.letter import (
    Letter,
    once_over,
    to_coordinator,
    to_volunteer,
    with_places_to_turn,
)


async def harm(letter: Letter) -> Message | None:
    """A coordinator is called to a volunteer."""
    texts, request = letter.texts, letter.request
    name = (await people.any_person(letter.session, letter.notice.about_id or "")).name
    on_it = Button(texts.say("support.harm.on_it"), "support.harm.on_it", request.id, "primary")
    words, buttons = texts.say("support.letter.harm.text", name=name), [on_it]
    if request.helper_id is not None:
        helper = await people.any_person(letter.session, request.helper_id)
        words = texts.say("support.letter.harm.seen_to", name=name, helper=helper.name)
        buttons = []
    if letter.rules.reveal and request.may_reveal:
        buttons.append(Button(texts.say("support.reveal.button"), "support.reveal", request.id))
    return to_coordinator(texts, words, *buttons)


async def help_comes(letter: Letter) -> Message | None:
    """The volunteer hears which coordinator sees to it."""
    helper = await people.person(letter.session, letter.notice.about_id or "")
    if helper is None:
        return None
    words = letter.texts.say("support.letter.help_comes.text", name=helper.name)
    return to_volunteer(letter.texts, words)


async def help_asked(letter: Letter) -> Message | None:
    """Whoever asked hears that their volunteer asked for help, as they were promised."""
    return with_places_to_turn(letter, letter.texts.say("support.letter.help_asked.text"))


async def reveal_asked(letter: Letter) -> Message | None:
    """The second person is asked."""
    texts, request = letter.texts, letter.request
    if request.revealing_id is None:
        return once_over(letter, texts.say("support.reveal.answered"))
    first = await people.any_person(letter.session, letter.notice.about_id or "")
    yes = Button(texts.say("support.reveal.yes"), "support.reveal.answer", f"{request.id}:yes")
    no = Button(texts.say("support.reveal.no"), "support.reveal.answer", f"{request.id}:no")
    words = texts.say("support.letter.reveal_asked.text", name=first.name)
    return _to_the_two(letter, words, yes, no)


async def revealed(letter: Letter) -> Message | None:
    """The two named people learn who it is."""
    texts, request = letter.texts, letter.request
    person = await people.any_person(letter.session, request.requester_id)
    name = await name_of(letter.session, texts, person, Shown.NAME_AND_TEAM)
    words = texts.say("support.letter.revealed.text", alias=request.alias, name=name)
    return _to_the_two(letter, words)


async def reveal_refused(letter: Letter) -> Message | None:
    return _to_the_two(letter, letter.texts.say("support.letter.reveal_refused.text"))


async def you_were_named(letter: Letter) -> Message | None:
    """Whoever it is about is told, as they were before they asked."""
    return with_places_to_turn(letter, letter.texts.say("support.letter.you_were_named.text"))


def _to_the_two(letter: Letter, words: str, *buttons: Button) -> Message:
    """News for the coordinator and the second person, of whom one may be no coordinator."""
    rows = (Buttons(buttons),) if buttons else ()
    who_sees = FinePrint(letter.texts.say("support.reveal.who_sees"))
    return Message(summary=words, parts=(Paragraph(words), *rows, who_sees))
