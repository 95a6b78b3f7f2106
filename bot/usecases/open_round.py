"""Opening a round: its questions, whom the gate counts, and its keys."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.domain.blocks import countable, counted_before
from bot.domain.cadence import Slot, next_local, to_instant, turn
from bot.domain.gate import BlockRoster, GateRules, plan_question
from bot.domain.programme import Programme
from bot.domain.rotation import choose_questions
from bot.domain.sealed_comment import inbox_of_comments
from bot.store import people, rounds
from bot.store.database import Session, analyze
from bot.store.tables import LedgerEntry, LedgerMember, Person, Round, RoundBlock, RoundTeam
from bot.usecases.core import Core
from bot.usecases.people import today
from bot.usecases.rules import as_rules, recorded_rules

log = structlog.get_logger(__name__)


async def open_round(
    core: Core, session: Session, programme: Programme, slot: Slot, now: datetime
) -> Round | None:
    """The round of a pulse's local day, opened if this is its first firing; None if it's over.

    The counted sets enter the ledger here, before any answer exists. Key pair and inbox are made
    before the round is committed: an opening that is cut short leaves them without a round, and the
    next try replaces them. The marker key isn't made here: whoever tallies never has it. The round
    keeps the newest rules to its end, whatever is raised meanwhile.
    """
    day = slot.local.date()
    found = await rounds.round_on(session, programme.id, day)
    if found is not None:
        return found if found.state == rounds.OPEN and now < found.closes_at else None
    closes_at = _closes_at(programme, slot.local, await people.zones(session))
    recorded = await recorded_rules(core, session, now)
    rules = as_rules(recorded)
    questions = await _questions(core, session, programme, rules, day)
    if not questions or now >= closes_at:
        return None
    opened = Round(
        id=f"{programme.id}-{day.isoformat()}",
        programme_id=programme.id,
        local_date=day,
        opens_at=slot.instant,
        closes_at=closes_at,
        question_ids=questions,
        rules_id=recorded.id,
        state=rounds.OPEN,
    )
    await core.tallying_keys.create(opened.id)
    await core.inbox.create(opened.id)
    if core.comments.is_on:
        await core.inbox.create(inbox_of_comments(opened.id))
    session.add(opened)
    await session.flush()
    await _enter_counted_sets(core, session, opened, rules)
    log.info("round opened", round=opened.id)
    return opened


def _closes_at(programme: Programme, opens: datetime, zones: list[str]) -> datetime:
    """A round closes for everybody at once: when its closing time has come in the last zone."""
    if programme.closes is None:
        raise ValueError(f"the pulse {programme.id} doesn't say when it closes")
    closes = next_local(programme.closes, opens)
    return max(to_instant(closes, ZoneInfo(zone)) for zone in zones)


async def _questions(
    core: Core, session: Session, programme: Programme, rules: GateRules, day: date
) -> list[str]:
    chosen = choose_questions(
        core.library.texts("en").pulse_items,
        turn=turn(programme.cadence, day),
        how_many=programme.questions,
        last_asked=await rounds.last_asked(session),
        on=day,
        spacing=timedelta(weeks=rules.spacing_weeks),
    )
    return [item.id for item in chosen]


async def _enter_counted_sets(
    core: Core, session: Session, opened: Round, rules: GateRules
) -> None:
    """Let the gate choose whom to count, for each question, block by block in a fixed order.

    The ledger reaches back as far as it was kept: after a raise of the horizon it takes until the
    new one is over before it holds all of it. What was forgotten is nowhere any more.
    """
    horizon_starts = opened.local_date - timedelta(weeks=rules.horizon_weeks)
    await rounds.forget_ledger(session, before=horizon_starts)
    rosters = await _block_rosters(session, rules, opened.local_date)
    for position, block in enumerate(rosters):
        session.add(RoundBlock(round_id=opened.id, block_id=block, position=position))
    for team in await people.teams(session):
        if team.block_id in rosters:
            session.add(RoundTeam(round_id=opened.id, team_id=team.id, block_id=team.block_id))
    for question_id in opened.question_ids:
        released = await rounds.released(session, question_id, since=horizon_starts)
        ledger = [entry.members for entry in released]
        last = counted_before(rosters, ledger)
        plan = plan_question(
            [BlockRoster(block, roster, last.get(block)) for block, roster in rosters.items()],
            ledger,
            rules,
        )
        for block_id, counted in plan.items():
            if counted is not None:
                entry = LedgerEntry(
                    id=core.new_id(),
                    round_id=opened.id,
                    block_id=block_id,
                    question_id=question_id,
                    opened_on=opened.local_date,
                )
                await rounds.enter(session, entry, counted)
    await analyze(session, LedgerEntry, LedgerMember)


async def _block_rosters(
    session: Session, rules: GateRules, day: date
) -> dict[str, frozenset[str]]:
    """Block → the ledger ids of those who are counted in it if a round opens on a day.

    Whatever their consents, leave or pauses: nothing about a person shows. Only blocks that hold a
    team today; sorted, so that the order is fixed.
    """
    manager_of = await people.manager_of(session)
    by_block = await people.members_by_block(session)
    return {
        block_id: _counted(rules, members, manager_of, day)
        for block_id, members in sorted(by_block.items())
    }


def _counted(
    rules: GateRules, members: list[Person], manager_of: dict[str, str | None], day: date
) -> frozenset[str]:
    allowed = countable((person.id for person in members), manager_of)
    return frozenset(
        person.ledger_id
        for person in members
        if person.id in allowed and is_settled_in(rules, person, day)
    )


async def counted_with(
    core: Core, session: Session, rules: GateRules, person: Person
) -> frozenset[str]:
    """The ledger ids with whom a person would be counted today, their own included; or none."""
    team = await people.find_team(session, person.team_id)
    if team is None or team.block_id is None:
        return frozenset()
    members = await people.members(session, team.block_id)
    counted = _counted(rules, members, await people.manager_of(session), today(core, person))
    return counted if person.ledger_id in counted else frozenset()


def is_settled_in(rules: GateRules, person: Person, day: date) -> bool:
    """On the founding roster, or welcomed at least a horizon ago: inventing people takes time."""
    if person.founding:
        return True
    if person.welcomed_on is None:
        return False
    return day - person.welcomed_on >= timedelta(weeks=rules.horizon_weeks)
