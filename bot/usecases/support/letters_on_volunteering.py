"""Letters on being a volunteer: becoming one, stopping, training, and the day after a tough one."""

from __future__ import annotations

from bot.domain.availability import is_paused
from bot.domain.volunteering import TRAINING_LASTS, WarriorState
from bot.message import Button, Buttons, FinePrint, Message, Paragraph
from bot.store import people, warriors
from bot.usecases.support.letter import Letter, to_coordinator, to_volunteer, turn_button


async def approved(letter: Letter) -> Message | None:
    if await _state_of(letter, letter.reader.id) is not WarriorState.APPROVED:
        return None
    texts = letter.texts
    begin = Button(texts.say("support.volunteer.begin"), "support.volunteering", style="primary")
    leave = Button(texts.say("support.volunteer.decline"), "support.leave", style="quiet")
    return to_volunteer(texts, texts.say("support.letter.approved.text"), begin, leave)


async def not_now(letter: Letter) -> Message | None:
    words = letter.texts.say("support.letter.not_now.text")
    return to_volunteer(letter.texts, words, turn_button(letter))


async def suspended(letter: Letter) -> Message | None:
    return to_volunteer(letter.texts, letter.texts.say("support.letter.suspended.text"))


async def may_return(letter: Letter) -> Message | None:
    if await _state_of(letter, letter.reader.id) is not WarriorState.MAY_RETURN:
        return None
    back = Button(letter.texts.say("support.volunteer.back"), "support.back", style="primary")
    return to_volunteer(letter.texts, letter.texts.say("support.letter.may_return.text"), back)


async def no_longer(letter: Letter) -> Message | None:
    return to_volunteer(letter.texts, letter.texts.say("support.letter.no_longer.text"))


async def training_ends(letter: Letter) -> Message | None:
    warrior = await warriors.warrior(letter.session, letter.reader.id)
    if warrior is None or warrior.trained_on is None:
        return None
    until = letter.texts.day(warrior.trained_on + TRAINING_LASTS)
    words = letter.texts.say("support.letter.training_ends.text", until=until)
    return to_volunteer(letter.texts, words, _change(letter))


async def training_ended(letter: Letter) -> Message | None:
    words = letter.texts.say("support.letter.training_ended.text")
    return to_volunteer(letter.texts, words, _change(letter))


async def how_are_you(letter: Letter) -> Message | None:
    """The day after a tough one; nothing during a break, which is a break from this too."""
    if is_paused(people.availability(letter.reader), letter.day):
        return None
    texts = letter.texts
    words = texts.say("support.letter.how_are_you.text")
    return Message(
        summary=words,
        parts=(
            Paragraph(words),
            Buttons(
                (
                    Button(texts.say("support.tough.fine"), "support.fine"),
                    Button(texts.say("support.tough.debrief"), "support.debrief"),
                    Button(texts.say("support.tough.longer"), "support.longer_break"),
                    turn_button(letter),
                )
            ),
            FinePrint(texts.say("support.volunteer.way_out")),
        ),
    )


async def application(letter: Letter) -> Message | None:
    texts, applicant_id = letter.texts, letter.notice.about_id or ""
    if await _state_of(letter, applicant_id) is not WarriorState.APPLIED:
        answered = texts.say("support.apply.answered")
        return to_coordinator(texts, answered) if letter.was_sent else None
    words = texts.say("support.letter.application.text", name=await _name(letter))
    approve = Button(texts.say("support.apply.approve"), "support.approve", applicant_id, "primary")
    decline = Button(texts.say("support.apply.not_now"), "support.not_now", applicant_id)
    return to_coordinator(texts, words, approve, decline)


async def debrief(letter: Letter) -> Message | None:
    words = letter.texts.say("support.letter.debrief.text", name=await _name(letter))
    return to_coordinator(letter.texts, words)


async def _state_of(letter: Letter, person_id: str) -> WarriorState | None:
    warrior = await warriors.warrior(letter.session, person_id)
    return WarriorState(warrior.state) if warrior else None


async def _name(letter: Letter) -> str:
    """Of the volunteer whom it is about."""
    return (await people.any_person(letter.session, letter.notice.about_id or "")).name


def _change(letter: Letter) -> Button:
    return Button(letter.texts.say("support.volunteer.change"), "support.volunteering")
