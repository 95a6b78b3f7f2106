"""What an admin is told of who is there: how many can be reached, and what is to be mended."""

from __future__ import annotations

from bot.message import Paragraph, Part
from bot.ports import Texts
from bot.store import directory_syncs, people
from bot.store.database import Session
from bot.usecases.core import Core

# `wellbeing doctor` lists them all.
MOST_PROBLEMS = 5


async def reached(core: Core) -> tuple[int, int]:
    """How many people have an account on a chat platform, and how many there are."""
    async with core.database.reading() as session:
        return await people.reached(session)


async def who_is_there_parts(session: Session, texts: Texts) -> list[Part]:
    """For an admin alone: the problems may name people."""
    reached, everybody = await people.reached(session)
    sentences = [texts.say("admin.reached", reached=reached, people=everybody)]
    if reached < everybody:
        sentences.append(texts.say("admin.not_reached"))
    parts: list[Part] = [Paragraph(" ".join(sentences))]
    problems = [each for sync in await directory_syncs.synced(session) for each in sync.problems]
    if problems:
        parts.append(Paragraph(texts.say("admin.directory.problems", count=len(problems))))
    parts += [Paragraph(problem) for problem in problems[:MOST_PROBLEMS]]
    if (more := len(problems) - MOST_PROBLEMS) > 0:
        parts.append(Paragraph(texts.say("admin.directory.more", number=more)))
    return parts
