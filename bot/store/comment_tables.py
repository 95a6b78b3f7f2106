"""The tables of comments. None of them says who wrote one, in which round, or when.

A comment is here once its round has closed; until then it is sealed in an inbox.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Final

from sqlmodel import Field, SQLModel

# All tables: those of `bot.store.tables`, of the support desk, and these.
from bot.store.support_tables import METADATA as METADATA  # noqa: PLC0414 - others have it from here

# SQLite would number rows in the order in which they come.
_NO_ORDER: Final = {"sqlite_with_rowid": False}


class HeldComment(SQLModel, table=True):
    """A comment that nobody has read, or that a coordinator checks.

    team_id  the department that it is for; None is the organisation
    state    waiting, checking or approved: see `bot.domain.comments`
    """

    __table_args__: ClassVar = _NO_ORDER

    id: str = Field(primary_key=True)
    team_id: str | None = Field(default=None, foreign_key="team.id")
    state: str
    text: str


class CommentBatch(SQLModel, table=True):
    """Comments that were released together. The day is for forgetting them, and isn't shown."""

    id: str = Field(primary_key=True)
    team_id: str | None = Field(default=None, foreign_key="team.id")
    released_on: date = Field(index=True)


class ReleasedComment(SQLModel, table=True):
    """A comment that its department reads; its id isn't the one that it was held under."""

    __table_args__: ClassVar = _NO_ORDER

    id: str = Field(primary_key=True)
    batch_id: str = Field(foreign_key="commentbatch.id", ondelete="CASCADE")
    text: str


class CommentReply(SQLModel, table=True):
    """What somebody who leads a department answered; one reply from each, which they can change."""

    comment_id: str = Field(primary_key=True, foreign_key="releasedcomment.id", ondelete="CASCADE")
    person_id: str = Field(primary_key=True, foreign_key="person.id")
    text: str
    answered_at: datetime
