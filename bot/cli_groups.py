"""An honest word, at set-up, on what pulses can and can't show of the groups that there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby

from rich.console import Console
from rich.table import Table

from bot.domain.expectations import (
    SCALES,
    Expectation,
    Shown,
    Sizes,
    finer_from,
    finest_small,
    longest_rest,
    sizes,
)
from bot.domain.gate import GateRules

WHAT_STILL_WORKS = "Check-ins, reflections and places to turn work for any number of people."
Groups = Sequence[tuple[str, int]]  # (name, how many may be counted in it)


def print_groups(groups: Groups, rules: GateRules, out: Console) -> None:
    """Print the groups, and a paragraph if any of them is small."""
    table = Table("Counted together in pulses", "People", "A summary can show", "May leave")
    for name, people in groups:
        group = Expectation(people, rules)
        table.add_row(name, str(people), _at_best(group), _may_leave(group))
    out.print(table)
    for sentence in advice(groups, rules):
        out.print(sentence, soft_wrap=True, markup=False)


def advice(groups: Groups, rules: GateRules) -> list[str]:
    """What an admin should know before promising anything; nothing if all groups are large."""
    expected = [Expectation(people, rules) for _, people in groups]
    unasked = sum(not group.is_asked for group in expected)
    small = [group for group in expected if group.is_asked and group.is_small]
    return [
        *([_too_small(unasked, len(expected), rules)] if unasked else []),
        *([_small(small, rules)] if small else []),
    ]


def in_one_line(groups: Groups, rules: GateRules) -> str | None:
    """The same in short, or None if all groups are asked."""
    unasked = sum(not Expectation(people, rules).is_asked for _, people in groups)
    if not unasked:
        return None
    return (
        f"{_share(unasked, len(groups))} too small for pulses. "
        "What can be shown of each: wellbeing roster show"
    )


def _too_small(unasked: int, groups: int, rules: GateRules) -> str:
    return (
        f"{_share(unasked, groups)} too small: pulses need {rules.counted} people who can be "
        "counted, and whoever manages anybody in a group isn't counted in it. Such a group rests: "
        f"it isn't asked. {WHAT_STILL_WORKS} What would help: small teams under the same parent in "
        "the roster are counted together, so put a small team beside another, or merge the two."
    )


def _small(small: Sequence[Expectation], rules: GateRules) -> str:
    fewest = min(group.people for group in small)
    return (
        f"Small groups: at least {rules.answers} have to answer, {_of(rules.answers, fewest)}; "
        f"otherwise a summary says only that there were too few. {changes(rules)}"
    )


def changes(rules: GateRules) -> str:
    """What a small group sees, and what coming and going mean; the README says the same."""
    return (
        f"{_seen(rules)} A group rests while fewer than {rules.counted} can be counted. "
        f"{_resting(rules)} Whoever joins is counted {rules.horizon_weeks} weeks after their "
        "welcome at the earliest."
    )


def _seen(rules: GateRules) -> str:
    return (
        f"A small group sees {_mean(finest_small(rules))}. Most weeks say 'as before': a "
        "smaller change could be chance."
    )


def _resting(rules: GateRules) -> str:
    """Whether a group that is large enough may rest as well."""
    weeks = longest_rest(rules)
    if weeks:
        return f"It may also rest for up to {weeks} weeks after somebody leaves it."
    return (
        "Otherwise nobody's leaving makes it rest, unless you raise the horizon to "
        f"{rules.spacing_weeks} weeks or more: then it may rest for as long."
    )


def _share(few: int, groups: int) -> str:
    if few == groups:
        return "Every group here is" if groups > 1 else "The only group here is"
    return f"{few} of {groups} groups {'is' if few == 1 else 'are'}"


def _of(answers: int, people: int) -> str:
    """Such as "5 of 8, which is more than half"."""
    more = ", which is more than half" if 2 * answers > people else ""
    return f"{answers} of {people}{more}"


# --- the table of the README -----------------------------------------------------------------


def readme_table(rules: GateRules) -> str:
    """What can be shown, by how many people can be counted, as Markdown."""
    titles = ("Can be counted", "Have to answer", "A summary can show", "May leave before it rests")
    rows = [titles, *(_row(some, rules) for some in sizes(rules))]
    first, *others = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([first, "|---" * len(titles) + "|", *others])


def _row(some: Sizes, rules: GateRules) -> tuple[str, ...]:
    least, most = some.fewest, some.most
    group = Expectation(least, rules)
    if not group.is_asked:
        return (f"fewer than {rules.counted}", "nobody is asked", "nothing", "always rests")
    largest, shown = _percent(rules.answers, least), _summary(group)
    if most is None:
        needed = f"{rules.answers}: {largest} at most"
        return (f"{least} and more", needed, shown, f"{group.may_leave} and more")
    needed = f"{rules.answers}: {_percent(rules.answers, most)} to {largest}"
    return (f"{least} to {most}", needed, shown, f"{group.may_leave} to {most - rules.counted}")


def _percent(answers: int, people: int) -> str:
    return f"{100 * answers / people:.0f}%"


def finer(rules: GateRules) -> str:
    """From which size on summaries get finer: said below the table."""
    people = finer_from(rules)
    return f"From {people} people on, many answers are shown in finer bands." if people else ""


def _summary(group: Expectation) -> str:
    """What can be shown on each scale, in one sentence if it is the same on all."""
    on_each = {scale: _on(group.shown(scale)) for scale in SCALES}
    if len(set(on_each.values())) == 1:
        return on_each[SCALES[0]]
    return ". ".join(f"From {low} to {high}: {text}" for (low, high), text in on_each.items())


def _on(shown: Iterable[Shown]) -> str:
    """What can be shown on one scale; bands of answers that show the same are one."""
    alike = {text: list(some) for text, some in groupby(shown, key=_mean)}
    if len(alike) == 1:
        return next(iter(alike))
    return "; ".join(
        f"{_answers(some[0].n_low, some[-1].n_high)}: {text}" for text, some in alike.items()
    )


def _answers(low: int, high: int | None) -> str:
    return f"{low} answers or more" if high is None else f"{low} to {high} answers"


def _mean(shown: Shown) -> str:
    if shown.is_halves:
        return "only whether answers lean to the lower or the upper half"
    if not shown.cuts:
        return "only that enough answered"
    first, last = shown.cuts[0], shown.cuts[-1]
    return (
        f"one of {shown.bands} bands, from {shown.low}-{_figure(first)} "
        f"to {_figure(last)}-{shown.high}"
    )


def _figure(end: Fraction) -> str:
    return f"{float(end):g}"


def _at_best(group: Expectation) -> str:
    """What the most answers would show on the scale of the bot's own questions."""
    if not group.is_asked:
        return f"nothing: fewer than {group.rules.counted}"
    finest = group.shown(SCALES[0])[-1]
    if finest.is_halves:
        return "lower or upper half only"
    return f"{finest.bands} bands at most" if finest.cuts else "only that enough answered"


def _may_leave(group: Expectation) -> str:
    return str(group.may_leave) if group.is_asked else f"{-group.may_leave} too few"
