"""Every table, as SQLModel records. Instants are aware and in UTC; days are local dates.

Nothing here holds an answer, or says who gave one: sealed answers live in the inbox, outside this
database, and what is published of them is a row of `publication`.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import ClassVar

from sqlalchemy import JSON, Column, Index, MetaData, UniqueConstraint
from sqlmodel import Field, SQLModel

# Named constraints, so that a migration can name what it changes.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA: MetaData = SQLModel.metadata


class Organisation(SQLModel, table=True):
    """The one organisation. Nobody is contacted before it has launched."""

    id: int = Field(default=1, primary_key=True)
    name: str
    launched_at: datetime | None = None


class Workspace(SQLModel, table=True):
    """One installed Slack workspace, Teams tenant, or the playground.

    platform   "" once it was uninstalled: its deliveries stay

    Its pace outlives the process that kept it, so that a successor doesn't start afresh:
    rested_at  when everything that was sent there no longer counts against its limit
    pace       the share of its limit that is used, learnt from what the platform refused: (0, 1]
    """

    id: str = Field(primary_key=True)
    platform: str
    rested_at: datetime | None = None
    pace: float = 1.0


class DirectorySync(SQLModel, table=True):
    """The reading of who is in a workspace. Without a row it hasn't been read, and is due.

    due_at    when it is read next; None is at once
    tries     how often it was begun since it last ended well
    read_at   when there was an answer last
    problems  what was wrong with it, a sentence each; they may name people, and are for admins
    """

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    due_at: datetime | None = None
    tries: int = 0
    read_at: datetime | None = None
    problems: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class Block(SQLModel, table=True):
    """The unit that a summary is published for: whole teams. Kept after a re-organisation."""

    id: str = Field(primary_key=True)
    name: str


class Team(SQLModel, table=True):
    """A node of the one tree of teams. Its zone and region are those of most of its people.

    channel  the name of the channel that its summary goes to; "" if the roster names none
    """

    id: str = Field(primary_key=True)
    path: str = Field(unique=True)
    name: str
    channel: str = ""
    parent_id: str | None = Field(default=None, foreign_key="team.id")
    block_id: str | None = Field(default=None, foreign_key="block.id", index=True)
    zone: str
    region: str


class Person(SQLModel, table=True):
    """Somebody on the roster, with their settings and consents.

    ledger_id  what the gate's ledger knows them by: random, and linked from nowhere else
    working_days  weekday numbers in order, Monday is 0: "01234"
    language_given  a roster says the language; otherwise it is the account's, or ours
    is_volunteer, is_coordinator, is_case_handler, is_safeguarding  what the roster says: see
               `bot.domain.roster.ROLES`
    comments   may say something, anonymously, to a pulse; only with pulses
    founding   on the first roster: counted at once; others after they were welcomed for H weeks
    platform   where they chose to be written to, if they have accounts on several; "" for no choice
    """

    id: str = Field(primary_key=True)
    ledger_id: str = Field(unique=True)
    email: str = Field(unique=True)
    name: str
    team_id: str = Field(foreign_key="team.id", index=True)
    manager_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    zone: str = Field(index=True)
    region: str
    language: str
    language_given: bool = True
    working_days: str
    is_admin: bool = False
    is_volunteer: bool = False
    is_coordinator: bool = False
    is_case_handler: bool = False
    is_safeguarding: bool = False
    is_active: bool = True
    founding: bool = False
    welcomed_on: date | None = None

    check_ins: str = "weekly"
    reflections: bool = True
    pulses: bool = False
    comments: bool = False
    summaries: bool = True
    platform: str = ""
    quiet_from: time = time(18, 30)
    quiet_until: time = time(8, 30)
    paused_from: date | None = None
    paused_until: date | None = None


class Account(SQLModel, table=True):
    """A person on one platform.

    zone, language  what the platform says of them, "" where it doesn't: it knows better than a
                    roster, since people travel and choose
    """

    __table_args__: ClassVar = (UniqueConstraint("workspace_id", "external_id"),)

    person_id: str = Field(primary_key=True, foreign_key="person.id")
    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    external_id: str
    zone: str = ""
    language: str = ""


class Claim(SQLModel, table=True):
    """An account that would be of somebody who has one on another platform: it is theirs to say.

    By their address alone; until they have said so, the account is a stranger's.

    is_denied  they have said that it isn't
    """

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    external_id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id")
    is_denied: bool = False


class Channel(SQLModel, table=True):
    """A team's channel on one platform."""

    team_id: str = Field(primary_key=True, foreign_key="team.id")
    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    external_id: str


class Conversation(SQLModel, table=True):
    """Where to post to somebody, or to a channel, on a platform that doesn't find it by their id.

    service_url  the address of the platform's servers that this conversation is on
    """

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    external_id: str = Field(primary_key=True)
    conversation_id: str
    service_url: str


class Secret(SQLModel, table=True):
    """A secret of a chat platform, encrypted."""

    name: str = Field(primary_key=True)
    sealed: bytes


class Handled(SQLModel, table=True):
    """What a platform may tell twice and must have one effect: kept for a day, without content."""

    id: str = Field(primary_key=True)
    at: datetime = Field(index=True)


class Watermark(SQLModel, table=True):
    """Up to which instant the clock's firings have been planned."""

    id: int = Field(default=1, primary_key=True)
    planned_until: datetime


class Occurrence(SQLModel, table=True):
    """One firing of a programme for one zone and local time: once, by constraint.

    round_id  of a pulse or a summary: what it asks, or tells of
    rules_id  of an announcement: the rules that it announces
    """

    __table_args__: ClassVar = (UniqueConstraint("programme_id", "zone", "local_at"),)

    id: str = Field(primary_key=True)
    programme_id: str
    zone: str
    local_at: str
    due_at: datetime
    expires_at: datetime
    was_skipped: bool = False
    round_id: str | None = Field(default=None, foreign_key="round.id", index=True)
    rules_id: int | None = Field(default=None, foreign_key="ruleset.id")


class Delivery(SQLModel, table=True):
    """One occurrence for one person or one team's channel: once a turn, by constraint.

    id     the delivery key, which the message carries
    turn   0, and one more for each "not now"
    epoch  grows with every claim; whoever sends checks that theirs still stands
    priority  what is smaller goes first: see `bot.domain.delivery.Priority`
    losses    how often it was looked up because nobody knew, and hadn't arrived
    due_at    when it is sent; of an unknown one, when the platform is asked
    """

    __table_args__: ClassVar = (
        UniqueConstraint("occurrence_id", "recipient", "turn"),
        # What a worker claims: in one workspace the most urgent, of these the longest due.
        Index(None, "workspace_id", "state", "priority", "due_at"),
    )

    id: str = Field(primary_key=True)
    occurrence_id: str = Field(foreign_key="occurrence.id")
    workspace_id: str = Field(foreign_key="workspace.id")
    recipient: str
    person_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    team_id: str | None = Field(default=None, foreign_key="team.id")
    turn: int = 0
    due_at: datetime
    expires_at: datetime
    state: str
    reason: str = ""
    epoch: int = 0
    priority: int
    losses: int = 0
    message_id: str | None = None


class RuleSet(SQLModel, table=True):
    """The gate's numbers, one row for each time that they were raised: 1, 2, 3 and so on.

    The numbers are those of `bot.domain.gate.GateRules`, under the same names. The last row holds
    for the rounds that open from now on. All but the first were announced in the transaction that
    recorded them: the occurrences with their `rules_id`.
    """

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    recorded_at: datetime
    answers: int
    counted: int
    horizon_weeks: int
    insiders: int
    spacing_weeks: int


class Round(SQLModel, table=True):
    """One opening of a pulse. `state` is open, closing, closed (published or not) or finished.

    rules_id  the rules that it opened with; they hold for it until its end
    """

    __table_args__: ClassVar = (UniqueConstraint("programme_id", "local_date"),)

    id: str = Field(primary_key=True)
    programme_id: str
    local_date: date
    opens_at: datetime
    closes_at: datetime
    question_ids: list[str] = Field(sa_column=Column(JSON, nullable=False))
    rules_id: int = Field(foreign_key="ruleset.id")
    state: str
    unpublished_because: str = ""


class RoundBlock(SQLModel, table=True):
    """The blocks of a round as they were when it opened; `position` stands for one in the box."""

    __table_args__: ClassVar = (UniqueConstraint("round_id", "position"),)

    round_id: str = Field(primary_key=True, foreign_key="round.id")
    block_id: str = Field(primary_key=True, foreign_key="block.id")
    position: int


class RoundTeam(SQLModel, table=True):
    """Which teams a block held when a round opened: a re-organisation changes no past result."""

    round_id: str = Field(primary_key=True, foreign_key="round.id")
    team_id: str = Field(primary_key=True, foreign_key="team.id")
    block_id: str = Field(foreign_key="block.id")


class LedgerEntry(SQLModel, table=True):
    """A counted set: chosen by the gate when the round opened, before any answer existed."""

    __table_args__: ClassVar = (UniqueConstraint("round_id", "block_id", "question_id"),)

    id: str = Field(primary_key=True)
    round_id: str = Field(foreign_key="round.id")
    block_id: str = Field(foreign_key="block.id")
    question_id: str = Field(index=True)
    opened_on: date


class LedgerMember(SQLModel, table=True):
    """A random id that outlives its person by the horizon, and links to nobody after that."""

    entry_id: str = Field(primary_key=True, foreign_key="ledgerentry.id", ondelete="CASCADE")
    ledger_id: str = Field(primary_key=True, index=True)


class Publication(SQLModel, table=True):
    """All that ever comes out of a round, for one block and question.

    outcome    `published`, `too_few`, `rests` or `unpublished`
    *_halves   the band's ends in half points of the question's scale: cut points are half points
    """

    round_id: str = Field(primary_key=True, foreign_key="round.id")
    block_id: str = Field(primary_key=True, foreign_key="block.id")
    question_id: str = Field(primary_key=True)
    outcome: str
    mean_low_halves: int | None = None
    mean_high_halves: int | None = None
    n_low: int | None = None
    n_high: int | None = None


class Action(SQLModel, table=True):
    """What was said will happen ("you said, we did"). Who wrote it isn't kept.

    commitment, state  see `bot.domain.library` and `bot.domain.actions`
    reason      why it can't be done, if it was dropped
    changed_at  since when it is as it is: a check-in tells of what its reader hasn't been told
    ended_on    when it was done or dropped
    """

    id: str = Field(primary_key=True)
    commitment: str
    words: str
    due_on: date
    state: str
    reason: str = ""
    changed_at: datetime
    ended_on: date | None = None


class ActionTeam(SQLModel, table=True):
    """Which teams it was said to: they keep it through a re-organisation."""

    team_id: str = Field(primary_key=True, foreign_key="team.id")
    action_id: str = Field(primary_key=True, foreign_key="action.id", index=True)
