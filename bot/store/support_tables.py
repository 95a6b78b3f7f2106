"""The tables of the support desk. No word that anybody wrote is in any of them.

While a request is alive, its rows say who asked and who picked it up: the bot has to know. All of
them are deleted fourteen days after its end; what stays is `SupportDay`, which names nobody.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from bot.domain.volunteering import CameBy

# All tables: those of `bot.store.tables` and these. It names their constraints, so it comes first.
from bot.store.tables import METADATA as METADATA  # noqa: PLC0414 - others have it from here


class Warrior(SQLModel, table=True):
    """Somebody who volunteers, has volunteered, or would like to.

    state         see `bot.domain.volunteering`; also for came_by
    languages     those that they talk in
    shifts        when they are there: see `bot.domain.shifts`
    cap           how many conversations they want to have at once
    trained_on    when they were trained last, as they and the coordinator have said
    is_listed     may be asked for by name
    rests_until   no offers until then: after a tough one, or because they said so
    asked_on      when they were asked last
    told_on       when they were told last that their training needs renewing
    """

    person_id: str = Field(primary_key=True, foreign_key="person.id")
    state: str
    came_by: str = CameBy.APPLYING
    languages: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    shifts: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    cap: int = 2
    trained_on: date | None = None
    is_listed: bool = True
    rests_until: datetime | None = None
    asked_on: date | None = None
    told_on: date | None = None


class SupportRequest(SQLModel, table=True):
    """Somebody who would like to talk to a volunteer.

    state      see `bot.domain.support`; also for urgency, contact, topic ("" for none) and shown
    alias      what its writer is called: a pseudonym, until they show more of themselves
    warrior_alias  what the volunteer is called, as long as they go by pseudonyms
    wanted_id  whom its writer asked for by name
    since      since when the clock has run; its steps are at `next_at`, and `done` was the last
    expires_at  it is over then, whatever happens
    asks_to_hand_over  the volunteer would like to hand over, and its writer hasn't answered yet
    look_in_at, look_in_by  when its writer wants to be asked how it goes, and by whom
    harm_at       when a volunteer last called the coordinators, because a life may be at risk
    caller_id     which volunteer that was: they may have handed the conversation back since
    may_reveal    its writer was told beforehand that two named people may then learn who they are
    helper_id     the coordinator who answered that call
    revealing_id  the coordinator who asked whose pseudonym it is, and hasn't had an answer
    """

    __table_args__: ClassVar = (Index(None, "state", "next_at"),)

    id: str = Field(primary_key=True)
    state: str
    requester_id: str = Field(foreign_key="person.id", index=True)
    warrior_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    wanted_id: str | None = Field(default=None, foreign_key="person.id")
    urgency: str
    contact: str
    language: str
    topic: str = ""
    alias: str
    warrior_alias: str = ""
    shown: str
    opened_on: date
    since: datetime
    done: str = ""
    next_at: datetime | None = None
    expires_at: datetime
    asks_to_hand_over: bool = False
    look_in_at: datetime | None = None
    look_in_by: str = ""
    harm_at: datetime | None = None
    caller_id: str | None = Field(default=None, foreign_key="person.id")
    helper_id: str | None = Field(default=None, foreign_key="person.id")
    may_reveal: bool = False
    revealing_id: str | None = Field(default=None, foreign_key="person.id")
    closed_on: date | None = Field(default=None, index=True)


class SupportOffer(SQLModel, table=True):
    """A volunteer who was asked: `state` is asked, declined, taken, gone or handed_back."""

    request_id: str = Field(primary_key=True, foreign_key="supportrequest.id")
    warrior_id: str = Field(primary_key=True, foreign_key="person.id", index=True)
    state: str
    taken_on: date | None = None


class SupportNotice(SQLModel, table=True):
    """What one letter of the desk is about: its occurrence, which has one delivery.

    kind      see `bot.usecases.support.letters`
    about_id  whom it is about, where that is neither its reader nor in the request
    on_day    its reader's local day when it goes out
    outdated  how often what it says has stopped being so: where it was sent, it is replaced in
              place, and this is 0 again
    """

    occurrence_id: str = Field(primary_key=True, foreign_key="occurrence.id")
    kind: str
    person_id: str = Field(foreign_key="person.id", index=True)
    request_id: str | None = Field(default=None, foreign_key="supportrequest.id", index=True)
    about_id: str | None = Field(default=None, foreign_key="person.id")
    on_day: date = Field(index=True)
    outdated: int = Field(default=0, index=True)


class SupportDay(SQLModel, table=True):
    """That something happened on a day, for quarterly bands and the audit. It links to nobody."""

    id: str = Field(primary_key=True)
    day: date = Field(index=True)
    event: str


class NotThese(SQLModel, table=True):
    """Somebody's private wish never to be put together with somebody: theirs alone to read."""

    person_id: str = Field(primary_key=True, foreign_key="person.id")
    other_id: str = Field(primary_key=True, foreign_key="person.id")


class NotAgain(SQLModel, table=True):
    """The same wish about somebody whom they have met, perhaps by a pseudonym.

    It never shows who that is. It is apart from `NotThese` because somebody may have both, and
    neither may give the other away.
    """

    person_id: str = Field(primary_key=True, foreign_key="person.id")
    other_id: str = Field(primary_key=True, foreign_key="person.id")


class AskingPause(SQLModel, table=True):
    """Somebody who can't ask for a volunteer until a day, because a coordinator said so.

    id, alias  all that a coordinator sees of it: the pseudonym of the conversation that it was for
    """

    person_id: str = Field(primary_key=True, foreign_key="person.id")
    id: str = Field(unique=True)
    alias: str
    until: date
