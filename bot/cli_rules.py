"""What `wellbeing rules` does: show which rules keep pulses anonymous, and how they were raised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from bot.app import open_core
from bot.domain.gate import GateRules
from bot.domain.raising import Change, numbers_of, setting
from bot.errors import SettingsError
from bot.settings import Settings
from bot.usecases.core import Core
from bot.usecases.raise_rules import check_asked
from bot.usecases.rules_report import RulesReport, rules_report

MEANING: Final = {
    "answers": "fewer answers to a question aren't shown",
    "counted": "groups of fewer people aren't asked",
    "horizon_weeks": "for so many weeks what was shown is held against what may be shown",
    "insiders": "so many colleagues may tell what they answered, and give nobody else away",
    "spacing_weeks": "the same question is asked again after so many weeks at the earliest",
}


async def show_rules(settings: Settings, out: Console) -> None:
    """Print the rules in force, since when, how they came about, and what they do here."""
    async with open_core(settings) as core:
        report = await rules_report(core)
        problems = await _problems_of(core, settings)
    out.print(_in_force(report))
    if len(report.history) > 1:
        out.print(_history(report))
    for sentence in (*_sentences(report), *problems):
        out.print(sentence, soft_wrap=True, markup=False)


async def _problems_of(core: Core, settings: Settings) -> list[str]:
    """Why the bot would refuse to start with these settings."""
    try:
        await check_asked(core, settings.pulse_rules)
    except SettingsError as refused:
        return [f"The bot won't start: {problem}" for problem in refused.problems]
    return []


def _in_force(report: RulesReport) -> Table:
    table = Table("Rule", "Number", "Least", "Since", "Means", "To raise it")
    least = numbers_of(GateRules())
    for name, number in numbers_of(report.rules).items():
        since = f"{report.since[name]:%d %b %Y}" if report.since else "the launch"
        table.add_row(name, str(number), str(least[name]), since, MEANING[name], setting(name))
    return table


def _history(report: RulesReport) -> Table:
    table = Table("Raised and announced", "What", "First round by it")
    for step in report.history[1:]:
        what = ", ".join(f"{one.rule} {one.before} to {one.after}" for one in step.changes)
        first = f"{step.first_round:%d %b %Y}" if step.first_round else "the next one"
        table.add_row(f"{step.recorded_at:%d %b %Y}", what, first)
    return table


def _sentences(report: RulesReport) -> Iterator[str]:
    if not report.history:
        yield (
            "Nobody has been welcomed yet, so these can still be changed. "
            "From the launch on they can only be raised."
        )
    for opened in report.earlier:
        yield f"The round that opened on {opened:%d %b %Y} keeps the rules from before."
    yield from _next_round(report)
    yield from _asked(report.asked)
    yield from _groups(report)
    yield from _questions(report)
    yield _telling(report)


def _next_round(report: RulesReport) -> Iterator[str]:
    if report.history and report.next_round is not None:
        local = _local(report.next_round.slot.instant, report.next_round.zone)
        yield f"The next round opens on {local} and goes by these rules."


def _local(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%d %b %Y at %H:%M} ({zone})"


def _asked(asked: tuple[Change, ...]) -> Iterator[str]:
    if asked:
        what = ", ".join(f"{one.rule} {one.before} to {one.after}" for one in asked)
        yield (
            f"Your settings raise {what}. The bot records that when it runs with them, tells "
            "everybody, and goes by it from the next round on. It can't be taken back."
        )


def _groups(report: RulesReport) -> Iterator[str]:
    if report.groups:
        large = sum(size >= report.rules.counted for size in report.groups)
        yield (
            f"{large} of {len(report.groups)} groups have the {report.rules.counted} people or "
            "more that it takes to be asked."
        )


def _questions(report: RulesReport) -> Iterator[str]:
    questions, weeks = report.questions, report.rules.spacing_weeks
    yield (
        f"{questions.number} questions, none of them twice in {weeks} weeks: "
        f"{float(questions.possible_a_week):.3g} a week of the {questions.asked_a_week} planned."
    )
    if questions.possible_a_week < questions.asked_a_week:
        yield (
            f"So some weeks have fewer questions, or none. {questions.asked_a_week * weeks} "
            "questions would do for all of them: add some to pulse_items.yaml."
        )


def _telling(report: RulesReport) -> str:
    if report.telling is None:
        return "With so many insiders no summary would ever say anything."
    return (
        f"On a scale from 1 to 5, a mean of {report.telling} answers or more can say more than "
        "'between 1 and 5'."
    )
