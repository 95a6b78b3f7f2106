"""Which use case answers a tap, a form or a typed line: few listeners, then a dictionary.

An adapter vouches for who acts. Action, value and fields are treated as forged: each use case
checks what this person may do.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.errors import NotAllowed, NotFound
from bot.message import Message, sentence
from bot.ports import Line, Reply, Submission, Tap, Who
from bot.usecases import second_account
from bot.usecases.actions import ending, page, saying
from bot.usecases.answer_pulse import (
    answer_welcome,
    consent,
    open_pulse,
    submit_pulse,
    withdraw_answer,
)
from bot.usecases.check_in import answer_check_in, decline_reflection, snooze
from bot.usecases.commands import as_message, command
from bot.usecases.comments import answering, checking, consenting, reading, writing
from bot.usecases.core import Core
from bot.usecases.crisis import above, crisis_card, crisis_card_for, with_crisis_card
from bot.usecases.history import read_history
from bot.usecases.launch import launch
from bot.usecases.pausing import end_pause, start_pause
from bot.usecases.people import acting_texts
from bot.usecases.preferences import open_settings, save_settings
from bot.usecases.preview import preview
from bot.usecases.resources import resources
from bot.usecases.summary import read_summary
from bot.usecases.support import (
    after_a_report,
    aftercare,
    applications,
    asking,
    claiming,
    coordinating,
    harm,
    lines,
    looking_in,
    queue_page,
    reporting,
    revealing,
    talking,
    volunteer_page,
    volunteering,
    wishes,
)


async def open_resources(core: Core, tap: Tap) -> Reply:
    """Show where to turn."""
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
    return Reply(notice=resources(texts, person.region))


TAPS: Final[Mapping[str, Callable[[Core, Tap], Awaitable[Reply]]]] = {
    "account.confirm": second_account.confirm,
    "account.deny": second_account.deny,
    "account.link": second_account.link,
    "account.refuse": second_account.refuse,
    "action.change": saying.open_change,
    "action.done": ending.done,
    "action.drop": ending.open_dropping,
    "action.list": page.list_actions,
    "action.new": saying.open_saying,
    "admin.launch": launch,
    "check_in.answer": answer_check_in,
    "comments.answer": answering.open_answer,
    "comments.consent": consenting.consent_to_comments,
    "comments.read": reading.read_comments,
    "comments.review": checking.review,
    "comments.withdraw": writing.withdraw_comment,
    "comments.write": writing.write_comment,
    "delivery.snooze": snooze,
    "history.read": read_history,
    "pause.end": end_pause,
    "pause.start": start_pause,
    "pulse.consent": consent,
    "pulse.form": open_pulse,
    "pulse.preview": preview,
    "pulse.withdraw": withdraw_answer,
    "reflection.decline": decline_reflection,
    "resources.open": open_resources,
    "settings.open": open_settings,
    "summary.read": read_summary,
    "support.apply": applications.apply,
    "support.approve": applications.approve,
    "support.back": volunteering.come_back,
    "support.claim": claiming.claim,
    "support.close": talking.close,
    "support.coordinator_close": coordinating.close,
    "support.debrief": aftercare.debrief,
    "support.decline": claiming.decline,
    "support.fine": aftercare.fine,
    "support.goodbye": talking.open_goodbye,
    "support.hand_back": talking.hand_back,
    "support.hand_over": talking.ask_to_hand_over,
    "support.hand_over.answer": talking.answer_hand_over,
    "support.harm": harm.open_harm,
    "support.harm.call": harm.call,
    "support.harm.on_it": harm.on_it,
    "support.leave": volunteering.leave,
    "support.longer_break": aftercare.longer_break,
    "support.look_in": looking_in.open_look_in,
    "support.look_on": asking.look_on,
    "support.not_now": applications.decline,
    "support.open": asking.open_asking,
    "support.pause": after_a_report.pause_asking,
    "support.pause.lift": after_a_report.lift_pause,
    "support.queue": queue_page.open_queue,
    "support.reassign": coordinating.reassign,
    "support.report": reporting.open_report,
    "support.report.block": reporting.block,
    "support.report.tell": reporting.tell,
    "support.reveal": revealing.ask,
    "support.reveal.answer": revealing.answer,
    "support.script": aftercare.show_script,
    "support.show": talking.show_more,
    "support.stop_volunteer": after_a_report.stop_volunteer,
    "support.take_over": coordinating.take_over,
    "support.tough": aftercare.tough,
    "support.volunteer": volunteer_page.open_page,
    "support.volunteering": volunteering.open_form,
    "support.volunteering.pause": volunteering.pause,
    "support.withdraw": asking.withdraw,
    "support.wishes": wishes.open_wishes,
    "support.wishes.forget": wishes.forget_wishes,
    "support.write": lines.open_writing,
    "welcome.answer": answer_welcome,
}

SUBMISSIONS: Final[Mapping[str, Callable[[Core, Submission], Awaitable[Reply]]]] = {
    "action.drop.save": ending.drop,
    "action.save": saying.save,
    "comments.answer.save": answering.save_answer,
    "comments.decide": checking.decide,
    "comments.preview": writing.preview_comment,
    "comments.seal": writing.seal,
    "pulse.submit": submit_pulse,
    "settings.save": save_settings,
    "support.look_in.save": looking_in.save_look_in,
    "support.say": lines.say,
    "support.say_goodbye": talking.say_goodbye,
    "support.send": asking.send_request,
    "support.volunteering.save": volunteering.save_form,
}


async def tap(core: Core, tapped: Tap) -> Reply:
    """Answer a pressed button. Raises NotAllowed or NotFound, with a sentence for the person."""
    use_case = TAPS.get(tapped.action)
    if use_case is None:
        raise NotFound(await _unknown_button(core, tapped.who))
    return await use_case(core, tapped)


async def submit(core: Core, submitted: Submission) -> Reply:
    """Answer a form. Raises NotAllowed or NotFound, with a sentence for the person."""
    use_case = SUBMISSIONS.get(submitted.action)
    if use_case is None:
        raise NotFound(await _unknown_button(core, submitted.who))
    try:
        reply = await use_case(core, submitted)
    except (NotAllowed, NotFound) as refused:
        # Whoever can't send a form any more may need somebody all the same.
        said = Reply(notice=sentence(str(refused)))
        reply = await with_crisis_card(core, submitted, said)
        if reply is said:
            raise
        return reply
    return await with_crisis_card(core, submitted, reply)


async def asked(core: Core, who: Who, words: str) -> Reply:
    """Answer the words of a command. Raises Stranger.

    The words are looked at and forgotten.
    """
    crisis = await crisis_card_for(core, who, words)
    return Reply(notice=crisis) if crisis is not None else await command(core, who, words)


async def typed(core: Core, line: Line) -> Message | None:
    """Answer a typed line: what it asks for, and a kind word to all else. Raises Stranger.

    In a conversation it is passed on, and there may be nothing to say. The text is looked at and
    forgotten. Words of a crisis are answered before anything else, wherever they are written.
    """
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, line.who)
    try:
        said = await lines.line_in_conversation(core, line)
    except lines.NotOurs:
        crisis = crisis_card(texts, person.region, line.text)
        return crisis or as_message(texts, await command(core, line.who, line.text))
    crisis = crisis_card(texts, person.region, line.text, is_passed_on=True)
    return said if crisis is None else above(crisis, said)


async def _unknown_button(core: Core, who: Who) -> str:
    async with core.database.reading() as session:
        _, texts = await acting_texts(core, session, who)
    return texts.say("error.unknown_button")
