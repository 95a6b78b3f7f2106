"""The consent to comments: one of its own, for those who have opted in to pulses."""

from __future__ import annotations

from bot.errors import NotAllowed, NotFound
from bot.ports import Reply, Tap
from bot.store import rounds
from bot.usecases.compose import notice
from bot.usecases.core import Core
from bot.usecases.people import acting_texts
from bot.usecases.taking_back import take_back_unwanted


async def consent_to_comments(core: Core, tap: Tap) -> Reply:
    """Opt in or out: `value` is `yes` or `no`. Out takes back what is sealed in open rounds.

    Whoever wants out gets out, also where comments have been switched off.
    """
    async with core.database.writing() as session:
        person, texts = await acting_texts(core, session, tap.who, to_change=True)
        if tap.value not in {"yes", "no"}:
            raise NotFound(texts.say("error.unknown_button"))
        if tap.value == "yes" and not core.comments.is_on:
            raise NotAllowed(texts.say("comments.off"))
        if tap.value == "yes" and not person.pulses:
            raise NotAllowed(texts.say("pulse.not_opted_in"))
        person.comments = tap.value == "yes"
        is_out = not person.comments
        open_now = await rounds.open_rounds(session, core.clock.now()) if is_out else []
        # Before it is committed, and after: see `answer_pulse.consent`.
        await take_back_unwanted(core, person, open_now)
    await take_back_unwanted(core, person, open_now)
    return Reply(notice=notice(texts, texts.say(f"comments.consent.{tap.value}")), home=True)
