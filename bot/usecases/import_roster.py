"""Importing a roster: the whole file or nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from bot.domain.blocks import TeamNode, countable, partition
from bot.domain.membership import ANY_LANGUAGE, own_zone
from bot.domain.renames import Path, renamed
from bot.domain.roster import RosterRow
from bot.store import accounts, directory_syncs, people
from bot.store.arrivals import reachable
from bot.store.database import Lock, Session, analyze, hold
from bot.store.tables import Account, Block, Person, Team
from bot.text import isolated
from bot.usecases.accounts import open_accounts
from bot.usecases.arrivals import plan_for_arrivals
from bot.usecases.core import Core
from bot.usecases.rules import coming_rules

log = structlog.get_logger(__name__)

# Told how many people have been read so far.
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `blocks` are (name, how many may be counted in it), by name."""

    added: int
    updated: int
    left: int
    blocks: tuple[tuple[str, int], ...]


async def import_roster(
    core: Core,
    rows: Sequence[RosterRow],
    organisation: str,
    progress: Progress = lambda done: None,
) -> Imported:
    """Make the roster equal to these rows. Whoever isn't in them has left.

    The very first roster is the founding one: its people are counted in pulses at once.
    """
    async with core.database.writing() as session:
        # Nothing is planned for half a roster, and two imports come one after the other.
        await hold(session, Lock.PLANNING)
        before = await reachable(session)
        imported = await import_rows(core, session, rows, organisation, progress)
        # Its people have no accounts yet, and whose bot is running is another process.
        await directory_syncs.ask(session)
        await plan_for_arrivals(core, session, before)
    log.info("roster imported", added=imported.added, left=imported.left)
    return imported


async def import_rows(
    core: Core,
    session: Session,
    rows: Sequence[RosterRow],
    organisation: str,
    progress: Progress = lambda done: None,
) -> Imported:
    """The same in a transaction that holds Lock.PLANNING."""
    await people.found(session, organisation)
    before = {person.email: person for person in await people.all_people(session)}
    rows = await _where_accounts_say(session, rows, before)
    teams = await _save_teams(core, session, rows, before)
    after = await _save_people(core, session, rows, teams, before, progress)
    left = _retire(before, after)
    await session.flush()
    blocks = await assign_blocks(core, session)
    await open_accounts(session)
    await analyze(session, Person, Account)
    added = len(after.keys() - before.keys())
    return Imported(added, len(rows) - added, left, blocks)


async def _where_accounts_say(
    session: Session, rows: Sequence[RosterRow], before: Mapping[str, Person]
) -> list[RosterRow]:
    """The rows with the zone that people's accounts say, where they say any: people travel."""
    said = await accounts.zones(session)
    return [
        replace(row, zone=own_zone(said.get(before[row.email].id, ""), row.zone))
        if row.email in before
        else row
        for row in rows
    ]


async def _save_teams(
    core: Core, session: Session, rows: Sequence[RosterRow], before: dict[str, Person]
) -> dict[Path, Team]:
    """Every team on a path in the file, with the zone and region of most of its people."""
    saved = {tuple(team.path.split(" / ")): team for team in await people.teams(session)}
    inside: dict[Path, list[RosterRow]] = {}
    for row in rows:
        for depth in range(1, len(row.team) + 1):
            inside.setdefault(row.team[:depth], []).append(row)
    _rename(saved, inside, before)
    for path in sorted(inside, key=lambda path: (len(path), path)):
        team = saved.get(path) or Team(
            id=core.new_id(), path=" / ".join(path), name=path[-1], zone="", region=""
        )
        team.parent_id = saved[path[:-1]].id if path[:-1] else None
        team.channel = next(
            (row.channel for row in inside[path] if row.team == path and row.channel), ""
        )
        team.zone = _commonest(row.zone for row in inside[path])
        team.region = _commonest(row.region for row in inside[path])
        saved[path] = team
        session.add(team)
        await session.flush()
    return saved


def _rename(
    saved: dict[Path, Team], inside: Mapping[Path, Sequence[RosterRow]], before: dict[str, Person]
) -> None:
    """Let teams that go on under another path keep who they are; `saved` is brought up to date."""
    path_of = {team.id: path for path, team in saved.items()}
    gone: dict[Path, list[str]] = {}
    for email, person in before.items():
        if person.is_active and path_of[person.team_id] not in inside:
            gone.setdefault(path_of[person.team_id], []).append(email)
    new = {
        path: [row.email for row in rows if row.team == path]
        for path, rows in inside.items()
        if path not in saved
    }
    for old, path in renamed(gone, new).items():
        saved[path] = saved.pop(old)
        saved[path].path = " / ".join(path)
        saved[path].name = path[-1]


def _commonest(values: Iterable[str]) -> str:
    """The value that occurs most often; the first by name among equals."""
    return min(Counter(values).items(), key=lambda item: (-item[1], item[0]))[0]


async def _save_people(
    core: Core,
    session: Session,
    rows: Sequence[RosterRow],
    teams: dict[Path, Team],
    before: dict[str, Person],
    progress: Progress,
) -> dict[str, Person]:
    after: dict[str, Person] = {}
    for done, row in enumerate(rows, start=1):
        person = before.get(row.email) or Person(
            id=core.new_id(),
            ledger_id=core.new_id(),
            email=row.email,
            founding=not before,
            name="",
            team_id="",
            zone="",
            region="",
            language=ANY_LANGUAGE,
            working_days="",
        )
        _describe(person, row, teams[row.team].id)
        after[row.email] = person
        progress(done)
    # Managers are people too: everybody is saved before anybody is tied to a manager.
    managers = {row.email: row.manager for row in rows}
    for person in after.values():
        person.manager_id = None
    session.add_all(after.values())
    await session.flush()
    for email, person in after.items():
        person.manager_id = after[managers[email]].id if managers[email] else None
    return after


def _describe(person: Person, row: RosterRow, team_id: str) -> None:
    person.name = row.name
    person.team_id = team_id
    person.zone = row.zone
    person.region = row.region
    # Without a language here the next sync takes the account's.
    person.language = row.language or person.language
    person.language_given = bool(row.language)
    person.working_days = "".join(map(str, sorted(row.working_days)))
    people.give_roles(person, row.roles)
    person.is_active = True


def _retire(before: dict[str, Person], after: dict[str, Person]) -> int:
    """Mark those who aren't in the file any more as having left."""
    leaving = [person for email, person in before.items() if email not in after]
    leaving = [person for person in leaving if person.is_active]
    for person in leaving:
        person.is_active = False
        person.manager_id = None
    return len(leaving)


async def assign_blocks(core: Core, session: Session) -> tuple[tuple[str, int], ...]:
    """Partition the roster into blocks. A block with the same teams as before keeps its id.

    A team of managers alone, such as a department's head, is in no block.
    """
    rules = await coming_rules(core, session)
    teams = {team.id: team for team in await people.teams(session)}
    manager_of = await people.manager_of(session)
    managers = set(manager_of.values())
    members: dict[str, list[str]] = {}
    for person in await people.active_people(session):
        members.setdefault(person.team_id, []).append(person.id)

    def headcount(team_ids: Collection[str]) -> int:
        inside = (person for team_id in team_ids for person in members[team_id])
        return len(countable(inside, manager_of))

    for team in teams.values():
        team.block_id = None
    sizes: list[tuple[str, int]] = []
    for group in partition(
        [TeamNode(team.id, team.name, team.parent_id) for team in _peopled(teams, members)],
        [team_id for team_id, inside in members.items() if not managers.issuperset(inside)],
        headcount,
        smallest=rules.counted + 1,  # one of them may leave
    ):
        block = Block(id=_block_id(group), name=_block_name([teams[team_id] for team_id in group]))
        await session.merge(block)
        await session.flush()
        for team_id in group:
            teams[team_id].block_id = block.id
        sizes.append((block.name, headcount(group)))
    await session.flush()
    return tuple(sorted(sizes))


def _peopled(teams: Mapping[str, Team], members: Collection[str]) -> list[Team]:
    """The teams that hold people and those above them: a team that was emptied is in no tree."""
    found: dict[str, Team] = {}
    for team_id in members:
        above: str | None = team_id
        while above is not None and above not in found:
            found[above] = teams[above]
            above = teams[above].parent_id
    return list(found.values())


def _block_id(team_ids: frozenset[str]) -> str:
    return hashlib.sha256("|".join(sorted(team_ids)).encode()).hexdigest()[:32]


def _block_name(teams: Sequence[Team]) -> str:
    return " + ".join(isolated(name) for name in sorted(team.name for team in teams))
