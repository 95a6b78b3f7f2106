"""Comments on a pulse: sealed, held until ten, checked, released to a whole department."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.comments import CommentRules
from bot.domain.sealed_answer import marker
from bot.domain.sealed_comment import comment_marker, inbox_of_comments
from bot.errors import NotAllowed, NotFound
from bot.store import people
from bot.store.vault import TextCipher, new_vault_key
from bot.usecases.comments.groups import departments
from bot.usecases.dispatch import SUBMISSIONS, TAPS
from bot.usecases.home import home
from bot.usecases.tick import tick
from tests.support.commenting import (
    FRIDAY_NOON,
    HOUSING,
    LIBRARIES,
    ROUND,
    STAFF,
    WRITERS,
    check_all,
    commenting,
    text_of,
    write,
    write_many,
)
from tests.support.organisation import World, line
from tests.support.reading import buttons, words
from tests.support.tables import rows_of

INBOX = inbox_of_comments(ROUND)


@pytest.fixture
async def council(world: World) -> World:
    return await commenting(world)


async def department(world: World, name: str) -> str:
    async with world.core.database.reading() as session:
        return next(team.id for team in await people.teams(session) if team.name == name)


async def released(world: World) -> list[str]:
    rows = await rows_of(world.core, "releasedcomment")
    return [world.core.kept_texts.opened(str(row["text"])) for row in rows]


# --- writing -------------------------------------------------------------------------------


async def test_where_comments_are_off_nothing_offers_them(world: World) -> None:
    await commenting(world)
    on = {b.action for b in buttons(world.inbox("one-1")[-1].message)}
    assert "comments.write" in on
    world.core = replace(world.core, comments=CommentRules())
    for action in ("comments.write", "comments.review", "comments.read", "comments.withdraw"):
        with pytest.raises(NotAllowed, match="switched off"):
            await world.tap("one-1", action, ROUND)
    with pytest.raises(NotAllowed, match="switched off"):
        await world.submit("one-1", "comments.seal", ROUND, comment="Something")
    page = await home(world.core, world.ids["one-1"])
    assert not [b for b in buttons(page) if b.action.startswith("comments.")]


async def test_switched_on_while_a_round_is_open_they_begin_with_the_next(
    council: World,
) -> None:
    await council.core.inbox.drop(INBOX)
    with pytest.raises(NotAllowed, match="next questions"):
        await council.tap("one-1", "comments.write", ROUND)
    with pytest.raises(NotAllowed):
        await council.submit("one-1", "comments.seal", ROUND, comment="Something")


async def test_the_invitation_does_not_promise_of_a_comment_what_holds_for_answers(
    council: World,
) -> None:
    invitation = words(council.inbox("one-1")[-1].message)
    assert "After they close, nobody can." in invitation
    assert "That's about the questions. A comment is meant to be read" in invitation


async def test_the_invitation_is_the_same_whether_or_not_somebody_may_comment(
    council: World,
) -> None:
    await council.tap("one-2", "comments.consent", "no")
    await write(council, "one-1", "Something")
    first, second = (council.inbox(name)[-1].message for name in ("one-1", "one-2"))
    assert words(first) == words(second)
    assert [b.action for b in buttons(first)] == [b.action for b in buttons(second)]


async def test_without_the_consent_the_button_leads_to_it(council: World) -> None:
    await council.tap("one-1", "comments.consent", "no")
    reply = await council.tap("one-1", "comments.write", ROUND)
    assert reply.form is None
    assert reply.notice is not None
    assert [(b.action, b.value) for b in buttons(reply.notice)] == [("comments.consent", "yes")]
    with pytest.raises(NotAllowed, match="said yes"):
        await council.submit("one-1", "comments.seal", ROUND, comment="Something")
    await council.tap("one-1", "comments.consent", "yes")
    assert (await council.tap("one-1", "comments.write", ROUND)).form is not None


async def test_only_who_opted_in_to_pulses_may_opt_in_to_comments(council: World) -> None:
    await council.tap("one-1", "pulse.consent", "no")
    with pytest.raises(NotAllowed):
        await council.tap("one-1", "comments.consent", "yes")
    await council.tap("one-1", "pulse.consent", "yes")
    reply = await council.tap("one-1", "comments.write", ROUND)
    assert reply.form is None  # the consent to comments doesn't come back by itself


async def test_whoever_leads_the_group_can_not_comment_in_it(council: World) -> None:
    with pytest.raises(NotAllowed):
        await council.tap("one", "comments.write", ROUND)


async def test_the_writer_sees_what_is_left_before_anything_is_kept(council: World) -> None:
    said = "Cora (cora@example.org, 020 7946 0958, @cora) is never asked"
    reply = await council.submit("one-1", "comments.preview", ROUND, comment=said)
    assert text_of(reply.form) == "[…] ([…], […], […]) is never asked"
    assert await council.core.inbox.boxes(INBOX) == []


async def test_what_comes_back_from_the_preview_is_redacted_and_shown_again(
    council: World,
) -> None:
    reply = await council.submit("one-1", "comments.seal", ROUND, comment="Director said no")
    assert text_of(reply.form) == "[…] said no"
    assert await council.core.inbox.boxes(INBOX) == []
    reply = await council.submit("one-1", "comments.seal", ROUND, comment="[…] said no")
    assert reply.form is None
    assert len(await council.core.inbox.boxes(INBOX)) == 1


@pytest.mark.parametrize("text", ["", "  \n", "x" * 501, "\U0001f600" * 501])
async def test_a_comment_is_neither_empty_nor_too_long(council: World, text: str) -> None:
    for action in ("comments.preview", "comments.seal"):
        reply = await council.submit("one-1", action, ROUND, comment=text)
        assert reply.form is not None
        assert "comment" in reply.errors
    assert await council.core.inbox.boxes(INBOX) == []


async def test_words_of_a_crisis_bring_the_card_and_the_preview(council: World) -> None:
    said = "I want to kill myself"
    reply = await council.submit("one-1", "comments.preview", ROUND, comment=said)
    assert reply.form is not None
    assert "Samaritans" in str(reply.form.intro)
    assert text_of(reply.form) == said
    sealed = await council.submit("one-1", "comments.seal", ROUND, comment=said)
    assert "Samaritans" in words(sealed.notice)


async def test_a_second_comment_replaces_the_first_and_boxes_have_one_size(
    council: World,
) -> None:
    first = await write(council, "one-1", "a")
    [before] = await council.core.inbox.boxes(INBOX)
    again = await write(council, "one-1", "\U0001f600" * 500)
    [after] = await council.core.inbox.boxes(INBOX)
    assert first == again
    assert before[0] == after[0]
    assert len(before[1]) == len(after[1])


async def test_a_comment_is_taken_back_and_the_reply_is_the_same_without_one(
    council: World,
) -> None:
    await write(council, "one-1", "Something")
    with_one = await council.tap("one-1", "comments.withdraw", ROUND)
    assert await council.core.inbox.boxes(INBOX) == []
    assert await council.tap("one-1", "comments.withdraw", ROUND) == with_one


@pytest.mark.parametrize("action", ["comments.consent", "pulse.consent"])
async def test_opting_out_takes_the_comment_back(council: World, action: str) -> None:
    await write(council, "one-1", "Something")
    await council.tap("one-1", action, "no")
    assert await council.core.inbox.boxes(INBOX) == []


async def test_the_marker_of_a_comment_is_none_of_an_answer(council: World) -> None:
    await write(council, "one-1", "Something")
    keys = await council.core.collecting_keys.collecting(ROUND)
    person = council.ids["one-1"]
    [(found, _)] = await council.core.inbox.boxes(INBOX)
    assert found == comment_marker(keys.marker_key, ROUND, person)
    assert found != marker(keys.marker_key, ROUND, person)


@pytest.mark.parametrize("value", ["", "x", "' OR 1=1 --", "0" * 5000, "pulse-2020-01-01"])
async def test_a_forged_tap_or_form_is_refused(council: World, value: str) -> None:
    for action in sorted(each for each in TAPS if each.startswith("comments.")):
        with pytest.raises((NotAllowed, NotFound), match=r"\.$"):
            await council.tap("one-1", action, value)
    for action in sorted(each for each in SUBMISSIONS if each.startswith("comments.")):
        with pytest.raises((NotAllowed, NotFound), match=r"\.$"):
            await council.submit("one-1", action, value, comment="x", answer="x")


# --- held ----------------------------------------------------------------------------------


async def test_nine_are_held_and_shown_to_nobody(council: World) -> None:
    await write_many(council, 9)
    await council.live_until(FRIDAY_NOON)
    assert [row["state"] for row in await rows_of(council.core, "heldcomment")] == ["waiting"] * 9
    assert await check_all(council) == []
    assert await released(council) == []
    page = await home(council.core, council.ids["cora"])
    assert "comments.review" not in [b.action for b in buttons(page)]


async def test_ten_are_checked_and_read_by_the_whole_department(council: World) -> None:
    written = await write_many(council, 10)
    await council.live_until(FRIDAY_NOON)
    seen = await check_all(council)
    assert sorted(seen) == sorted(written)
    assert seen != written
    assert sorted(await released(council)) == sorted(written)
    assert await rows_of(council.core, "heldcomment") == []
    housing = await department(council, "Housing")
    for reader in ("one-1", "one-12", "one", "director"):
        read = [
            words((await council.tap(reader, "comments.read", f"{housing}:{skipped}")).notice)
            for skipped in (0, 5)
        ]
        assert all(any(text in page for page in read) for text in written)
        assert "2026" not in "".join(read)
    for stranger in ("two-1", "two", "cora"):
        with pytest.raises(NotAllowed):
            await council.tap(stranger, "comments.read", housing)


async def test_nothing_is_released_before_all_are_checked(council: World) -> None:
    await write_many(council, 11)
    await council.live_until(FRIDAY_NOON)
    form = (await council.tap("cora", "comments.review")).form
    assert form is not None
    choices = {field.name: "release" for field in form.fields[1::2]}
    await council.submit("cora", "comments.decide", **choices)
    assert await released(council) == []


async def test_what_is_withheld_is_deleted_and_what_is_edited_is_read_as_it_was_edited(
    council: World,
) -> None:
    await write_many(council, 9)
    await write(council, "one-12", "Whoever has the red bicycle is a fool")
    await council.live_until(FRIDAY_NOON)
    form = (await council.tap("cora", "comments.review")).form
    assert form is not None
    text, choice = form.fields[:2]
    await council.submit("cora", "comments.decide", **{text.name: "Edited", choice.name: "release"})
    was_edited = "bicycle" in getattr(text, "text", "")
    await check_all(council, withheld="bicycle")
    found = await released(council)
    assert "Edited" in found
    assert len(found) == (10 if was_edited else 9)
    assert not any("bicycle" in each for each in found)


async def test_only_a_coordinator_who_leads_nobody_there_may_check(council: World) -> None:
    await council.import_lines(
        [
            *STAFF,
            *HOUSING[:-1],
            line("one", "Services / Housing", "director", roles="coordinator"),
            *LIBRARIES,
        ]
    )
    await write_many(council, 10)
    await council.live_until(FRIDAY_NOON)
    assert await check_all(council, "one") == []
    held = await rows_of(council.core, "heldcomment")
    forged = {f"decide-{row['id']}": "withhold" for row in held}
    await council.submit("one", "comments.decide", **forged)
    assert await rows_of(council.core, "heldcomment") == held
    for nobody in ("one-1", "director", "two"):
        with pytest.raises(NotAllowed):
            await council.tap(nobody, "comments.review")
        with pytest.raises(NotAllowed):
            await council.submit(nobody, "comments.decide", **forged)


async def test_comments_of_two_departments_are_not_put_together(council: World) -> None:
    for number in range(1, 6):
        await write(council, f"one-{number}", "From the one")
        await write(council, f"two-{number}", "From the other")
    await council.live_until(FRIDAY_NOON)
    assert await check_all(council) == []


async def test_what_waits_for_a_team_that_is_gone_goes_to_the_whole_organisation(
    council: World,
) -> None:
    written = await write_many(council, 10)
    moved = [each.replace("Services / Housing", "Services / Libraries") for each in HOUSING]
    await council.import_lines([*STAFF, *moved, *LIBRARIES])
    await council.live_until(FRIDAY_NOON)
    async with council.core.database.reading() as session:
        found = await departments(session)
    [team_id] = {row["team_id"] for row in await rows_of(council.core, "heldcomment")}
    assert team_id is None or found.names[str(team_id)] == "Libraries"
    await check_all(council)
    assert sorted(await released(council)) == sorted(written)


async def test_what_is_off_when_the_round_closes_is_dropped_unread(council: World) -> None:
    await write_many(council, 10)
    council.core = replace(council.core, comments=CommentRules())
    await council.live_until(FRIDAY_NOON)
    assert await rows_of(council.core, "heldcomment") == []
    assert await council.core.inbox.rounds() == frozenset()


async def test_a_damaged_comment_drops_them_all_and_leaves_the_answers(council: World) -> None:
    await write_many(council, 10)
    await council.core.inbox.put(INBOX, b"x" * 32, b"y" * 2096)
    await council.live_until(FRIDAY_NOON)
    assert await rows_of(council.core, "heldcomment") == []
    assert {row["state"] for row in await rows_of(council.core, "round")} == {"finished"}
    assert {row["unpublished_because"] for row in await rows_of(council.core, "round")} == {""}


async def test_with_a_key_the_words_are_in_no_table_in_plain(council: World) -> None:
    council.core = replace(council.core, kept_texts=TextCipher([new_vault_key()]))
    written = await write_many(council, 10)
    await council.live_until(FRIDAY_NOON)
    assert "quieter" not in str(await rows_of(council.core, "heldcomment"))
    assert sorted(await check_all(council)) == sorted(written)
    assert "quieter" not in str(await rows_of(council.core, "releasedcomment"))
    housing = await department(council, "Housing")
    assert "quieter" in words((await council.tap("one-1", "comments.read", housing)).notice)


# --- answered and forgotten ----------------------------------------------------------------


async def test_an_answer_reaches_the_whole_group(council: World) -> None:
    await write_many(council, 10)
    await council.live_until(FRIDAY_NOON)
    await check_all(council)
    housing = await department(council, "Housing")
    page = (await council.tap("one", "comments.read", housing)).notice
    assert page is not None
    comment = next(b.value for b in buttons(page) if b.action == "comments.answer")
    assert (await council.tap("one", "comments.answer", comment)).form is not None
    await council.submit("one", "comments.answer.save", comment, answer="We ordered screens")
    for reader in ("one-3", "one-7"):
        assert "We ordered screens" in words(
            (await council.tap(reader, "comments.read", housing)).notice
        )
    for nobody in ("one-1", "two", "cora"):
        with pytest.raises(NotAllowed):
            await council.submit(nobody, "comments.answer.save", comment, answer="Me too")
    with pytest.raises(NotFound):
        await council.tap("one", "comments.answer", "x")
    await council.submit("one", "comments.answer.save", comment, answer="")
    assert await rows_of(council.core, "commentreply") == []


async def test_everybody_in_the_group_gets_an_answer_with_their_next_check_in_once(
    council: World,
) -> None:
    await write_many(council, 10)
    await council.live_until(FRIDAY_NOON)
    await check_all(council)
    comment = str((await rows_of(council.core, "releasedcomment"))[0]["id"])
    await council.submit("one", "comments.answer.save", comment, answer="We ordered screens")
    await council.live_until(FRIDAY_NOON + timedelta(days=3))
    for reader in ("one-1", "one-12"):
        told = council.inbox(reader)[-1].message
        assert "One answers: We ordered screens" in words(told)
        assert "quieter" not in words(told)  # the comment is read on its page
        page = next(b for b in buttons(told) if b.action == "comments.read")
        shown = await council.tap(reader, page.action, page.value)
        assert "We ordered screens" in words(shown.notice)
    assert "screens" not in words(council.inbox("two-1")[-1].message)
    await council.live_until(FRIDAY_NOON + timedelta(days=10))
    assert "screens" not in words(council.inbox("one-1")[-1].message)


async def test_from_a_comment_to_what_will_happen_to_the_next_check_in(council: World) -> None:
    await write_many(council, 10)
    await council.live_until(FRIDAY_NOON)
    await check_all(council)
    housing = await department(council, "Housing")
    page = (await council.tap("director", "comments.read", housing)).notice
    assert page is not None
    say = next(b for b in buttons(page) if b.action == "action.new")
    form = (await council.tap("director", say.action, say.value)).form
    assert form is not None
    await council.submit(
        "director",
        form.action,
        form.value,
        words="A quiet room from January",
        commitment="systemic",
        due="2026-12-25",
    )
    await council.live_until(FRIDAY_NOON + timedelta(days=3))
    assert "A quiet room from January" in words(council.inbox("one-1")[-1].message)
    assert "A quiet room" not in words(council.inbox("two-1")[-1].message)
    staff = (await council.tap("one-1", "comments.read", housing)).notice
    assert staff is not None
    assert not [b for b in buttons(staff) if b.action.startswith("action.")]


async def test_released_comments_and_their_answers_are_forgotten_after_half_a_year(
    council: World,
) -> None:
    await write_many(council, 10)
    await council.live_until(FRIDAY_NOON)
    await check_all(council)
    comment = str((await rows_of(council.core, "releasedcomment"))[0]["id"])
    await council.submit("director", "comments.answer.save", comment, answer="Thank you")
    council.clock.move_to(FRIDAY_NOON + timedelta(weeks=26, days=-1))
    await tick(council.core)
    assert len(await released(council)) == 10
    council.clock.move_to(FRIDAY_NOON + timedelta(weeks=26))
    await tick(council.core)
    for table in ("releasedcomment", "commentreply", "commentbatch"):
        assert await rows_of(council.core, table) == []


async def test_home_leads_to_what_there_is(council: World) -> None:
    await write_many(council, 10)
    await council.live_until(FRIDAY_NOON)
    cora = await home(council.core, council.ids["cora"])
    assert "comments.review" in [b.action for b in buttons(cora)]
    await check_all(council)
    reader = await home(council.core, council.ids["one-1"])
    assert [b.label for b in buttons(reader) if b.action == "comments.read"] == [
        "Comments: Housing"
    ]
    other = await home(council.core, council.ids["two-1"])
    assert "comments.read" not in [b.action for b in buttons(other)]


async def test_no_table_and_no_line_of_the_log_says_who_wrote(
    council: World, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "canary-7c21 has something to say"
    await write(council, WRITERS[0], text)
    await write_many(council, 0)
    for table in ("heldcomment", "releasedcomment", "commentbatch", "commentreply"):
        assert await rows_of(council.core, table) == []
    await council.live_until(FRIDAY_NOON)
    [row] = await rows_of(council.core, "heldcomment")
    assert set(row) == {"id", "team_id", "state", "text"}
    printed = "".join(capsys.readouterr())
    assert "canary" not in printed
    assert council.ids[WRITERS[0]] not in printed
