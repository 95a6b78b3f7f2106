"""The collecting side: it marks and seals answers with keys that can't open them.

The reply is the same whether an answer is new, changed or empty, and never repeats it. Nothing is
written to the database: only a box to the round's inbox. Nothing is logged of anybody.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.library import PulseItem
from bot.domain.sealed_answer import marker, marker_key_id, seal
from bot.errors import NotAllowed, NotFound
from bot.message import Choice, ChoiceField, Form, Paragraph
from bot.ports import Reply, Submission, Tap, Texts
from bot.store import rounds
from bot.usecases.compose import notice, settled
from bot.usecases.core import Core
from bot.usecases.invitation import Invitation, closed_if_gone, invitation_to, keys_of
from bot.usecases.people import acting_texts
from bot.usecases.taking_back import take_back_unwanted


async def open_pulse(core: Core, tap: Tap) -> Reply:
    """Open the form of a round: `value` is the round."""
    async with core.database.reading() as session:
        invitation = await invitation_to(core, session, tap.who, tap.value)
    return Reply(form=_form(invitation))


async def submit_pulse(core: Core, submission: Submission) -> Reply:
    """Seal an answer and put it into the round's inbox, in place of an earlier one."""
    async with core.database.reading() as session:
        invitation = await invitation_to(core, session, submission.who, submission.value)
    values = [_value(invitation, item, submission) for item in invitation.questions]
    round_id = invitation.round.id
    keys = await keys_of(core, invitation)
    mark = marker(keys.marker_key, round_id, invitation.person.id)
    box = seal(
        keys.public_key,
        round_id,
        mark,
        invitation.position,
        values,
        key_id=marker_key_id(keys.marker_key, round_id),
    )
    with closed_if_gone(invitation):
        await core.inbox.put(round_id, mark, box)
        await _check_still_wanted(core, invitation, mark)
    return Reply(notice=notice(invitation.texts, invitation.texts.say("pulse.sealed")))


async def withdraw_answer(core: Core, tap: Tap) -> Reply:
    """Take an answer back. Without one, the reply is the same."""
    async with core.database.reading() as session:
        invitation = await invitation_to(core, session, tap.who, tap.value, needs_consent=False)
    keys = await keys_of(core, invitation)
    mark = marker(keys.marker_key, tap.value, invitation.person.id)
    with closed_if_gone(invitation):
        await core.inbox.withdraw(tap.value, mark)
    return Reply(notice=notice(invitation.texts, invitation.texts.say("pulse.withdrawn")))


async def consent(core: Core, tap: Tap) -> Reply:
    """Opt in to pulses or out of them: `value` is `yes` or `no`. Out takes open answers back."""
    async with core.database.writing() as session:
        person, texts = await acting_texts(core, session, tap.who, to_change=True)
        if tap.value not in {"yes", "no"}:
            raise NotFound(texts.say("error.unknown_button"))
        person.pulses = tap.value == "yes"
        person.comments = person.comments and person.pulses
        is_out = not person.pulses
        open_now = await rounds.open_rounds(session, core.clock.now()) if is_out else []
        # Before it is committed: no opt-out holds while an answer that can be found is there.
        await take_back_unwanted(core, person, open_now)
    # And after, for an answer that another tab was sending meanwhile.
    await take_back_unwanted(core, person, open_now)
    return Reply(notice=notice(texts, texts.say(f"pulse.consent.{tap.value}")), home=True)


async def answer_welcome(core: Core, tap: Tap) -> Reply:
    """The same, from the welcome: what stays there is the same for yes and for no."""
    reply = await consent(core, tap)
    async with core.database.reading() as session:
        person, texts = await acting_texts(core, session, tap.who)
    return replace(reply, replace=settled(texts, person.region))


def _form(invitation: Invitation) -> Form:
    texts = invitation.texts
    own_words = {item.id: item for item in texts.pulse_items}
    asked = [own_words[item.id] for item in invitation.questions if item.id in invitation.counted]
    return Form(
        title=texts.say("pulse.title"),
        intro=(Paragraph(texts.say("pulse.form_intro")),),
        fields=tuple(
            ChoiceField(
                name=item.id,
                label=item.text,
                choices=tuple(
                    Choice(str(value), label or str(value))
                    for value, label in zip(item.scale.values, _labels(item), strict=True)
                ),
                help=_help(texts, item),
                leave_out=texts.say("pulse.leave_this_out"),
            )
            for item in asked
        ),
        action="pulse.submit",
        value=invitation.round.id,
        submit=texts.say("pulse.seal"),
        cancel=texts.say("form.cancel"),
    )


def _help(texts: Texts, item: PulseItem) -> str:
    """Questions that aren't our own are cited where they are asked."""
    leave_out = texts.say("pulse.leave_out")
    return (
        leave_out if item.commitment else f"{leave_out} {texts.say('pulse.source')} {item.source}"
    )


def _labels(item: PulseItem) -> tuple[str, ...]:
    """Numbered scales keep their numbers beside the words at their ends."""
    if all(item.scale.labels):
        return item.scale.labels
    return tuple(
        f"{value} ({label})" if label else str(value)
        for value, label in zip(item.scale.values, item.scale.labels, strict=True)
    )


def _value(invitation: Invitation, item: PulseItem, submission: Submission) -> int | None:
    """The value for one question of the box; None if it was left out or isn't this person's."""
    given = submission.fields.get(item.id, "")
    if not given or item.id not in invitation.counted:
        return None
    if given not in {str(value) for value in item.scale.values}:
        raise NotFound(invitation.texts.say("error.unknown_button"))
    return int(given)


async def _check_still_wanted(core: Core, invitation: Invitation, mark: bytes) -> None:
    """Look again once the box is in: the round may have closed, or the person opted out elsewhere.

    Nobody is told that their answer is sealed when the counting had begun before it came.
    """
    async with core.database.reading() as session:
        asked = await rounds.round_by_id(session, invitation.round.id)
        person, texts = await acting_texts(core, session, invitation.person.id)
    if asked is None or asked.state != rounds.OPEN:
        raise NotAllowed(texts.say("pulse.closed"))
    if not person.pulses:
        await core.inbox.withdraw(invitation.round.id, mark)
        raise NotAllowed(texts.say("pulse.not_opted_in"))
