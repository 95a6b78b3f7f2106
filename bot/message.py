"""What the bot says, free of any platform: messages, forms and charts.

Every text is plain: no markup, so that a name like `<!channel>` or `*x*` is inert. An adapter
decides how a heading or fine print looks, and escapes what its platform would interpret.

Limits that hold on Slack and Teams alike are kept here, because they shape what may be said at all:
at most 6 buttons in a row (Teams' store guidelines), and in a chart 6 series of 20 points, a title
of 50 characters and series names of 20 (Slack's `data_visualization` block).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MAX_BUTTONS = 6
MAX_CHART_SERIES = 6
MAX_CHART_POINTS = 20
MAX_CHART_TITLE = 50
MAX_SERIES_NAME = 20
RANGE_SERIES = 2


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    type: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    type: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class FinePrint:
    """Small, quiet text: who can see what, and how to opt out."""

    text: str
    type: Literal["fine_print"] = "fine_print"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list: a name, what it says, and where it leads (`https:`, `tel:`, `sms:`)."""

    label: str
    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[Item, ...]
    type: Literal["items"] = "items"


@dataclass(frozen=True, slots=True)
class Button:
    """A tap. `action` names the use case, `value` is its argument; both are treated as forged."""

    label: str
    action: str
    value: str = ""
    style: Literal["plain", "primary", "quiet"] = "plain"


@dataclass(frozen=True, slots=True)
class Buttons:
    buttons: tuple[Button, ...]
    type: Literal["buttons"] = "buttons"

    def __post_init__(self) -> None:
        if not 1 <= len(self.buttons) <= MAX_BUTTONS:
            raise ValueError(f"1 to {MAX_BUTTONS} buttons fit in one row, not {len(self.buttons)}")


Kind = Literal["bar", "line", "range"]


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and its text equivalent, which says everything that the picture shows.

    `series[i].values[j]` belongs to `categories[j]`; `None` leaves a gap. `low` and `high` are the
    ends of the value axis. A range has two series: where each begins, and where it ends.
    """

    title: str
    kind: Kind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    low: float
    high: float
    text: str
    value_label: str = ""
    type: Literal["chart"] = "chart"

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= MAX_CHART_SERIES:
            raise ValueError(f"a chart has 1 to {MAX_CHART_SERIES} series")
        if self.kind == "range" and len(self.series) != RANGE_SERIES:
            raise ValueError("a range has two ends")
        if not 1 <= len(self.categories) <= MAX_CHART_POINTS:
            raise ValueError(f"a chart has 1 to {MAX_CHART_POINTS} categories")
        if any(len(series.values) != len(self.categories) for series in self.series):
            raise ValueError("every series needs one value a category")
        if len(self.title) > MAX_CHART_TITLE:
            raise ValueError(f"a chart's title has up to {MAX_CHART_TITLE} characters")
        if any(len(series.name) > MAX_SERIES_NAME for series in self.series):
            raise ValueError(f"a series' name has up to {MAX_SERIES_NAME} characters")
        if not self.text.strip():
            raise ValueError("a chart needs a text equivalent")


Part = Heading | Paragraph | FinePrint | Items | Buttons | Chart


@dataclass(frozen=True, slots=True)
class Message:
    """One message, or a page such as the bot's home.

    `summary` is one line that stands for the whole: notifications and screen readers use it.
    """

    summary: str
    parts: tuple[Part, ...]


def sentence(words: str) -> Message:
    """A message of one sentence."""
    return Message(summary=words, parts=(Paragraph(words),))


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """Pick one. Optional fields carry their own way to leave them out (no choice at all).

    `leave_out` are the words for that, on platforms that can't take a choice back without them.
    """

    name: str
    label: str
    choices: tuple[Choice, ...]
    required: bool = False
    chosen: str = ""
    help: str = ""
    leave_out: str = ""
    type: Literal["choice"] = "choice"


@dataclass(frozen=True, slots=True)
class TextField:
    name: str
    label: str
    multiline: bool = False
    max_length: int = 300
    required: bool = False
    text: str = ""
    help: str = ""
    type: Literal["text"] = "text"


Field = ChoiceField | TextField


@dataclass(frozen=True, slots=True)
class Form:
    """A dialog: a modal on Slack, a task module on Teams. Without fields it is only read.

    `action` and `value` come back with what was filled in; `submit` is "" on a dialog that is
    only read.
    """

    title: str
    intro: tuple[Part, ...]
    fields: tuple[Field, ...] = ()
    action: str = ""
    value: str = ""
    submit: str = ""
    cancel: str = ""
