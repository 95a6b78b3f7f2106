"""What an admin is told of small groups on the home page, before they promise anything."""

from __future__ import annotations

from bot.domain.expectations import SCALES, Expectation, longest_rest
from bot.domain.gate import GateRules
from bot.message import Heading, Item, Items, Paragraph, Part
from bot.ports import Texts
from bot.store.database import Session
from bot.usecases.core import Core
from bot.usecases.directory import groups
from bot.usecases.rules import coming_rules

# `wellbeing roster show` lists them all.
MOST_GROUPS = 5


async def small_group_parts(core: Core, session: Session, texts: Texts) -> list[Part]:
    """What pulses can and can't show of the small groups that there are; nothing without any."""
    rules = await coming_rules(core, session)
    expected = [(name, Expectation(people, rules)) for name, people in await groups(session)]
    small = [(name, group) for name, group in expected if group.is_small]
    if not small:
        return []
    asked = [group for _, group in expected if group.is_asked]
    return [
        Heading(texts.say("admin.groups.title")),
        *_unasked(texts, rules, len(expected) - len(asked), len(expected)),
        *_small(texts, rules, asked),
        Items(tuple(Item(name, _outlook(texts, group)) for name, group in small[:MOST_GROUPS])),
        *_more(texts, len(small) - MOST_GROUPS),
    ]


def _unasked(texts: Texts, rules: GateRules, few: int, of_all: int) -> list[Part]:
    if not few:
        return []
    needs = texts.say("admin.groups.needs", counted=rules.counted)
    which = (
        texts.say("admin.groups.none_asked")
        if few == of_all
        else texts.say("admin.groups.some_asked", few=few, all=of_all)
    )
    return [Paragraph(f"{needs} {which}"), Paragraph(texts.say("admin.groups.what_helps"))]


def _small(texts: Texts, rules: GateRules, asked: list[Expectation]) -> list[Part]:
    if not any(group.is_small for group in asked):
        return []
    small = texts.say("admin.groups.small", answers=rules.answers, counted=rules.counted)
    weeks = longest_rest(rules)
    may_rest = [texts.say("admin.groups.may_rest", weeks=weeks)] if weeks else []
    return [Paragraph(" ".join([small, *may_rest]))]


def _outlook(texts: Texts, group: Expectation) -> str:
    """What the most answers would show of a group, on the scale of the bot's own questions."""
    if not group.is_asked:
        return texts.say("admin.groups.not_asked", people=group.people)
    finest = group.shown(SCALES[0])[-1]
    if finest.is_halves:
        return texts.say("admin.groups.halves", people=group.people)
    if not finest.cuts:
        return texts.say("admin.groups.enough", people=group.people)
    return texts.say("admin.groups.bands", people=group.people, bands=finest.bands)


def _more(texts: Texts, number: int) -> list[Part]:
    return [Paragraph(texts.say("admin.groups.more", number=number))] if number > 0 else []
