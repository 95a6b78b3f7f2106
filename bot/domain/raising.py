"""Raising the gate's rules: what a setting may ask for, and what changes by it.

The numbers of a rule set are kept apart from `GateRules`, which holds what this version of the bot
goes by: a round that opened under an earlier version may have smaller numbers than it allows now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from bot.domain.bands import cut_points
from bot.domain.gate import GateRules

# Rule → its number. The names are those of GateRules' fields.
Numbers = Mapping[str, int]

# A rule can't be lowered again, so that a slip of the finger must not end pulses for good.
MOST: Final[Numbers] = {
    "answers": 30,
    "counted": 100,
    "horizon_weeks": 52,
    "insiders": 10,
    "spacing_weeks": 52,
}
# The scale of the bot's own questions, and the most answers that a telling band may need.
LOW, HIGH, MANY = 1, 5, 200


@dataclass(frozen=True, slots=True)
class Change:
    """One rule that was raised."""

    rule: str
    before: int
    after: int


def numbers_of(holder: object) -> dict[str, int]:
    """The numbers of anything that has an attribute for each rule, in the order of GateRules."""
    return {rule.name: getattr(holder, rule.name) for rule in fields(GateRules)}


def at_least_the_defaults(numbers: Numbers) -> GateRules:
    """The numbers as rules; what is below this version's default is raised to it."""
    least = numbers_of(GateRules())
    return GateRules(**{name: max(number, numbers[name]) for name, number in least.items()})


def raised(held: Numbers, asked: Numbers) -> dict[str, int]:
    """Each rule as it holds, or as it is asked for if that is more. Nothing is ever lowered."""
    return {name: max(number, asked.get(name, number)) for name, number in held.items()}


def changes(before: Numbers, after: Numbers) -> list[Change]:
    """What was raised between two rule sets."""
    return [
        Change(name, before[name], number)
        for name, number in after.items()
        if number != before[name]
    ]


def fewest_telling(rules: GateRules) -> int | None:
    """With how many answers a summary first says more than the whole scale; None: it never does.

    It goes by the bot's own questions, on a scale from 1 to 5.
    """
    enough = range(rules.answers, MANY)
    return next((n for n in enough if cut_points(LOW, HIGH, n, rules.insiders)), None)


# --- in words --------------------------------------------------------------------------------


def setting(rule: str) -> str:
    """The setting that raises a rule."""
    return f"WELLBEING_PULSE_{rule.upper()}"


def out_of_bounds(asked: Numbers) -> list[str]:
    """A sentence for each setting that no installation may have."""
    least = numbers_of(GateRules())
    low = [
        f"{setting(name)} is {number}, and nothing below {least[name]} keeps answers anonymous. "
        f"Set {least[name]} or more, or leave it out."
        for name, number in asked.items()
        if number < least[name]
    ]
    high = [
        f"{setting(name)} is {number}, and {MOST[name]} is the most: what is set can't be lowered "
        f"again. Set {MOST[name]} or less, or leave it out."
        for name, number in asked.items()
        if number > MOST[name]
    ]
    return low + high


def out_of_place(held: Numbers, since: Mapping[str, datetime], asked: Numbers) -> list[str]:
    """A sentence for each setting that is below what holds, and since when that does."""
    return [
        f"{setting(name)} is {number}, but {held[name]} has held since {since[name]:%d %B %Y}: "
        f"rules can be raised, never lowered. Set {held[name]} or more, or leave it out."
        for name, number in asked.items()
        if number < held[name]
    ]


def impossible(numbers: Numbers, people: int | None = None) -> list[str]:
    """A sentence for each reason why pulses couldn't show anything any more.

    `people` is how many could be counted in the whole organisation, if that is known.
    """
    found: list[str] = []
    counted, answers = numbers["counted"], numbers["answers"]
    if counted < answers:
        found.append(
            f"{setting('answers')} is {answers}, but groups of {counted} are asked, which could "
            f"never give so many answers. Set {setting('counted')} to {answers} or more."
        )
    if people is not None and people < counted:
        found.append(
            f"{setting('counted')} is {counted}, but only {people} people can be counted in the "
            "whole organisation: nobody would ever be asked. Set it lower, or leave it out."
        )
    if fewest_telling(at_least_the_defaults(numbers)) is None:
        found.append(
            f"{setting('insiders')} is {numbers['insiders']}, with which a summary would never say "
            "anything. Set it lower, or leave it out."
        )
    return found
