"""The schema of the files under the prompts folder.

Lengths are those that fit a phone, a Slack button (75 characters) and a tired reader; counts are
those of the first library.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from adapters.content.phrases import MARKUP
from bot.domain.crisis import plain_words
from bot.domain.library import Commitment, Theme
from bot.domain.programme import Audience, ProgrammeKind, Weekday
from bot.domain.sealed_answer import MAX_QUESTIONS

DURATION = re.compile(r"([1-9]\d{0,3})([mhd])")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


AUDIENCES = {
    ProgrammeKind.WELCOME: (Audience.NOT_WELCOMED,),
    ProgrammeKind.CHECK_IN: (Audience.DAILY_CHECK_INS, Audience.WEEKLY_CHECK_INS),
    ProgrammeKind.REFLECTION: (Audience.REFLECTIONS,),
    ProgrammeKind.PULSE: (Audience.PULSES,),
    ProgrammeKind.SUMMARY: (Audience.LEADERS_AND_CHANNELS,),
}


def _no_markup(text: str) -> str:
    if any(mark in text for mark in MARKUP):
        raise ValueError("has markup; texts are plain")
    return text


def _duration(text: str) -> str:
    if DURATION.fullmatch(text) is None:
        raise ValueError("isn't a duration; write it like 30m, 4h or 3d")
    return text


def _time_of_day(text: object) -> time:
    """YAML reads an unquoted 10:00 as the number 600."""
    if not isinstance(text, str) or TIME.fullmatch(text) is None:
        raise ValueError('isn\'t a time; write it in quotes, like "09:30"')
    return time.fromisoformat(text)


def _region(code: str) -> str:
    if REGION.fullmatch(code) is None:
        raise ValueError("isn't a country or region; write it like GB or GB-SCT, as ISO 3166 does")
    return code


def _phrase(text: str) -> str:
    if not plain_words(text):
        raise ValueError("has no words in it")
    return text


def _link(url: str) -> str:
    if url and not url.startswith(("https:", "tel:", "sms:")):
        raise ValueError("isn't a link that may be used: https:, tel: or sms:")
    return url


Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Plain = Annotated[str, Field(min_length=1), AfterValidator(_no_markup)]
Label = Annotated[Plain, Field(max_length=40)]
Sentence = Annotated[Plain, Field(max_length=140)]
Paragraph = Annotated[Plain, Field(max_length=320)]
Duration = Annotated[str, AfterValidator(_duration)]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day, json_schema_input_type=str)]
Link = Annotated[str, AfterValidator(_link)]
Region = Annotated[str, AfterValidator(_region)]
Phrase = Annotated[str, Field(max_length=80), AfterValidator(_phrase)]
# All but the announcements to everybody, which the bot makes by itself.
Kind = Literal[
    ProgrammeKind.WELCOME,
    ProgrammeKind.CHECK_IN,
    ProgrammeKind.REFLECTION,
    ProgrammeKind.PULSE,
    ProgrammeKind.SUMMARY,
]
Reader = Literal[
    Audience.NOT_WELCOMED,
    Audience.DAILY_CHECK_INS,
    Audience.WEEKLY_CHECK_INS,
    Audience.REFLECTIONS,
    Audience.PULSES,
    Audience.LEADERS_AND_CHANNELS,
]


class Strict(BaseModel):
    """Unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CheckInChoiceEntry(Strict):
    id: Id
    label: Annotated[Plain, Field(max_length=24)]
    emoji: Annotated[str, Field(min_length=1, max_length=4)]
    reply: Annotated[Plain, Field(max_length=240)]


class TextEntry(Strict):
    id: Id
    text: Sentence


class CheckInsFile(Strict):
    choices: Annotated[list[CheckInChoiceEntry], Field(min_length=5, max_length=5)]
    openings: Annotated[list[TextEntry], Field(min_length=1)]


class ReflectionEntry(Strict):
    id: Id
    commitment: Commitment
    theme: Theme
    text: Paragraph


class ReflectionsFile(Strict):
    reflections: Annotated[list[ReflectionEntry], Field(min_length=1)]


class ScaleEntry(Strict):
    low: int
    high: int
    labels: list[str]

    @model_validator(mode="after")
    def _one_label_a_value(self) -> Self:
        if not 0 <= self.low < self.high <= 10:  # noqa: PLR2004 - the longest scale that fits
            raise ValueError("needs 0 <= low < high <= 10")
        if len(self.labels) != self.high - self.low + 1:
            raise ValueError("needs one label for each value; they may be empty between the ends")
        if not (self.labels[0] and self.labels[-1]):
            raise ValueError("needs words at both ends")
        return self


class PulseItemEntry(Strict):
    id: Id
    text: Sentence
    short: Label
    scale: str
    source: str
    commitment: Commitment | None = None
    higher_is_better: bool = True


class PulseItemsFile(Strict):
    scales: dict[str, ScaleEntry]
    items: Annotated[list[PulseItemEntry], Field(min_length=1)]

    @model_validator(mode="after")
    def _known_scales(self) -> Self:
        unknown = [item.id for item in self.items if item.scale not in self.scales]
        if unknown:
            raise ValueError(f"has items on scales that don't exist: {', '.join(unknown)}")
        return self


class ResourceEntry(Strict):
    name: Label
    text: Annotated[Plain, Field(max_length=120)]
    url: Link = ""


class Reviewed(Strict):
    """A file that goes out of date by itself: somebody has to look at it again."""

    source: str
    owner: Annotated[str, Field(min_length=1)]
    reviewed_on: date
    review_by: date

    @model_validator(mode="after")
    def _reviewed_before_it_is_due(self) -> Self:
        if self.review_by <= self.reviewed_on:
            raise ValueError("is due for review before it was reviewed; mend review_by")
        return self


class ResourcesFile(Reviewed):
    resources: Annotated[list[ResourceEntry], Field(min_length=1, max_length=8)]
    regions: dict[str, list[ResourceEntry]] = Field(default_factory=dict)


class OwnResourcesFile(Reviewed):
    """What an organisation adds to every list; `regions` are shown in those regions alone."""

    resources: Annotated[list[ResourceEntry], Field(max_length=4)] = Field(default_factory=list)
    regions: dict[Region, Annotated[list[ResourceEntry], Field(min_length=1, max_length=4)]] = (
        Field(default_factory=dict)
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.resources and not self.regions:
            raise ValueError("has no entries; write some under `resources` or `regions`")
        return self


class CrisisWordsFile(Reviewed):
    phrases: Annotated[list[Phrase], Field(min_length=1)]
    alone: list[Phrase] = Field(default_factory=list)
    harmless: list[Phrase] = Field(default_factory=list)
    spellings: dict[Phrase, list[Phrase]] = Field(default_factory=dict)


class ClosingEntry(Strict):
    day: Weekday
    at: TimeOfDay


class ProgrammeEntry(Strict):
    id: Id
    kind: Kind
    audience: Reader
    days: Annotated[list[Weekday], Field(min_length=1)]
    at: TimeOfDay
    late: Duration
    closes: ClosingEntry | None = None
    questions: Annotated[int, Field(ge=0, le=MAX_QUESTIONS)] = 0

    @model_validator(mode="after")
    def _fitting_audience(self) -> Self:
        if self.audience not in AUDIENCES[self.kind]:
            fitting = " or ".join(AUDIENCES[self.kind])
            raise ValueError(f"is a {self.kind}, so its audience is {fitting}")
        return self

    @model_validator(mode="after")
    def _whole_pulses(self) -> Self:
        is_pulse = self.kind is ProgrammeKind.PULSE
        if is_pulse and (self.closes is None or self.questions == 0):
            raise ValueError("is a pulse, so it needs `closes` and `questions`")
        if not is_pulse and (self.closes is not None or self.questions):
            raise ValueError("isn't a pulse, so it has no `closes` and no `questions`")
        return self


class ProgrammesFile(Strict):
    programmes: Annotated[list[ProgrammeEntry], Field(min_length=1)]

    @model_validator(mode="after")
    def _unique_ids(self) -> Self:
        ids = [programme.id for programme in self.programmes]
        if len(ids) != len(set(ids)):
            raise ValueError("has two programmes with one id")
        return self


def duration(text: str) -> timedelta:
    """`30m`, `4h` or `3d` as a timedelta."""
    match = DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"{text} isn't a duration")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def json_schemas() -> dict[str, dict[str, object]]:
    """The JSON schema of each kind of file, by the file's name."""
    files: dict[str, type[Strict]] = {
        "check_ins": CheckInsFile,
        "crisis_words": CrisisWordsFile,
        "own_resources": OwnResourcesFile,
        "programmes": ProgrammesFile,
        "pulse_items": PulseItemsFile,
        "reflections": ReflectionsFile,
        "resources": ResourcesFile,
    }
    return {name: model.model_json_schema() for name, model in files.items()}
