"""The form in which a volunteer says that they are trained, and when they are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.domain.shifts import Shift
from bot.domain.volunteering import CAPS
from bot.message import Choice, ChoiceField, Form, Paragraph
from bot.ports import Texts
from bot.store.support_tables import Warrior
from bot.store.tables import Person
from bot.usecases.core import Core
from bot.usecases.people import today

NOT_YET: Final = "not_yet"
YES, NO = "yes", "no"
SHIFTS: Final = ("shift", "second_shift", "third_shift")
# Training that is older has ended.
MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody chose; `trained_on` is None if they say that they aren't trained yet."""

    trained_on: date | None
    languages: tuple[str, ...]
    shifts: tuple[Shift, ...]
    cap: int
    is_listed: bool


def volunteering_form(core: Core, texts: Texts, person: Person, warrior: Warrior | None) -> Form:
    """The form, with what was chosen before."""
    caps = _caps(core)
    known = warrior if warrior is not None and warrior.shifts else None
    spoken = set(known.languages) if known else {person.language}
    shifts = [Shift(each) for each in known.shifts] if known else [Shift.WORKING_HOURS]
    languages = _languages(core)
    return Form(
        title=texts.say("support.volunteer.title"),
        intro=(Paragraph(texts.say("support.volunteer.form.intro")),),
        fields=(
            _trained(texts, today(core, person), warrior),
            _choice(texts, "confidential", (YES, NO), YES if known else ""),
            *(
                _yes_no(texts, f"language_{each}", _speaks(texts, each), is_on=each in spoken)
                for each in languages
                if len(languages) > 1
            ),
            *_shifts(texts, shifts),
            _cap(texts, caps, min(known.cap if known else 1, caps[-1])),
            _choice(texts, "by_name", (YES, NO), YES if not known or known.is_listed else NO),
        ),
        action="support.volunteering.save",
        submit=texts.say("settings.save"),
        cancel=texts.say("form.cancel"),
    )


def read_form(
    core: Core, texts: Texts, person: Person, fields: Mapping[str, str]
) -> Chosen | dict[str, str]:
    """What was chosen; or field → what to mend, for what is missing or can't be."""
    months = _months(today(core, person))
    languages = _languages(core)
    spoken = tuple(each for each in languages if fields.get(f"language_{each}") == YES)
    chosen = [Shift(fields[name]) for name in SHIFTS if fields.get(name) in set(Shift)]
    wrong = {
        "trained": fields.get("trained") not in {NOT_YET, *months},
        "confidential": fields.get("confidential") != YES,
        f"language_{languages[0]}": len(languages) > 1 and not spoken,
        "shift": not chosen,
        "cap": fields.get("cap") not in set(map(str, _caps(core))),
        "by_name": fields.get("by_name") not in {YES, NO},
    }
    if any(wrong.values()):
        return {name: _to_mend(texts, name) for name, is_wrong in wrong.items() if is_wrong}
    return Chosen(
        trained_on=months.get(fields["trained"]),
        languages=spoken or tuple(languages),
        shifts=tuple(dict.fromkeys(chosen)),
        cap=int(fields["cap"]),
        is_listed=fields["by_name"] == YES,
    )


def _to_mend(texts: Texts, name: str) -> str:
    if name == "confidential":
        return texts.say("support.volunteer.form.has_to_be_kept")
    return texts.say("support.volunteer.form.please_choose")


def _months(day: date) -> dict[str, date]:
    """The last months, each by its first day, the latest first: `2026-11`."""
    count = day.year * 12 + day.month - 1
    firsts = [date(each // 12, each % 12 + 1, 1) for each in range(count, count - MONTHS, -1)]
    return {f"{first:%Y-%m}": first for first in firsts}


def _trained(texts: Texts, day: date, warrior: Warrior | None) -> ChoiceField:
    names = texts.say("date.months").split()
    months = _months(day)
    options = [
        Choice(value, texts.say("date.month", month=names[first.month - 1], year=first.year))
        for value, first in months.items()
    ]
    before = f"{warrior.trained_on:%Y-%m}" if warrior and warrior.trained_on else ""
    return ChoiceField(
        name="trained",
        label=texts.say("support.volunteer.form.trained.label"),
        choices=(*options, Choice(NOT_YET, texts.say("support.volunteer.form.trained.not_yet"))),
        required=True,
        chosen=before if before in months else "",
        help=texts.say("support.volunteer.form.trained.help"),
    )


def _shifts(texts: Texts, chosen: Sequence[Shift]) -> list[ChoiceField]:
    options = tuple(
        Choice(each, texts.say(f"support.volunteer.form.shift.{each}")) for each in Shift
    )
    return [
        ChoiceField(
            name=name,
            label=texts.say(
                "support.volunteer.form.shift.label"
                if number == 0
                else "support.volunteer.form.also"
            ),
            choices=options,
            required=number == 0,
            chosen=chosen[number] if number < len(chosen) else "",
            leave_out="" if number == 0 else texts.say("support.volunteer.form.no_more"),
        )
        for number, name in enumerate(SHIFTS)
    ]


def _cap(texts: Texts, caps: Sequence[int], chosen: int) -> ChoiceField:
    return ChoiceField(
        name="cap",
        label=texts.say("support.volunteer.form.cap.label"),
        choices=tuple(
            Choice(str(cap), texts.say("support.volunteer.at_once", number=cap)) for cap in caps
        ),
        required=True,
        chosen=str(chosen),
    )


def _choice(texts: Texts, name: str, values: tuple[str, ...], chosen: str) -> ChoiceField:
    return ChoiceField(
        name=name,
        label=texts.say(f"support.volunteer.form.{name}.label"),
        choices=tuple(
            Choice(value, texts.say(f"support.volunteer.form.{name}.{value}")) for value in values
        ),
        required=True,
        chosen=chosen,
    )


def _yes_no(texts: Texts, name: str, label: str, *, is_on: bool) -> ChoiceField:
    options = tuple(
        Choice(each, texts.say(f"support.volunteer.form.language.{each}")) for each in (YES, NO)
    )
    return ChoiceField(
        name=name, label=label, choices=options, required=True, chosen=YES if is_on else NO
    )


def _speaks(texts: Texts, language: str) -> str:
    name = texts.say(f"language.{language}")
    return texts.say("support.volunteer.speaks", language=name)


def _languages(core: Core) -> Sequence[str]:
    """Those that there are texts in: whoever asks reads in one of them."""
    return sorted(core.library.languages)


def _caps(core: Core) -> Sequence[int]:
    """How many conversations somebody may choose to have at once."""
    return [cap for cap in CAPS if cap <= core.support.most_open]
