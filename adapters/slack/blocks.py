"""Messages as Block Kit: every part as one or several blocks, within Slack's limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from adapters.slack.charts import chart_block
from adapters.slack.entries import entry_texts
from adapters.slack.fitting import fit
from adapters.slack.lengths import cut, shorten, split
from adapters.slack.limits import (
    BUTTON,
    BUTTON_VALUE,
    CHARTS,
    HEADER,
    ID,
    MESSAGE_BLOCKS,
    MESSAGE_CHARACTERS,
    SUMMARY,
    TEXT,
    Json,
    characters,
)
from adapters.slack.mrkdwn import inert, marked, plain
from bot.message import (
    Button,
    Buttons,
    Chart,
    FinePrint,
    Heading,
    Items,
    Message,
    Paragraph,
    Part,
)
from bot.text import ELLIPSIS, clean, is_blank, one_line

# Stands for an empty value, which Slack refuses.
_NOTHING = "-"
# Leaves room for the number that tells two buttons of the same action apart.
_LONGEST_ACTION = ID - 10


def message_payload(message: Message, *, with_charts: bool = True) -> Json:
    """What a message is on its way to Slack: `text` for notifications, `blocks` for the eye."""
    return {
        "text": _summary(message),
        "blocks": blocks_of(message, with_charts=with_charts),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def blocks_of(message: Message, *, with_charts: bool = True) -> list[Json]:
    """A message's parts as blocks, at most 50."""
    blocks = parts_of(message.parts, with_charts=with_charts)
    return fit(blocks, MESSAGE_BLOCKS, MESSAGE_CHARACTERS, characters)


def parts_of(parts: Iterable[Part], *, with_charts: bool) -> list[Json]:
    """Parts as blocks, as many as there are."""
    return list(_Rendering(charts_left=CHARTS if with_charts else 0).blocks(parts))


def has_charts(message: Message) -> bool:
    """Whether something in a message is drawn, which a workspace may refuse."""
    return any(isinstance(part, Chart) and chart_block(part) for part in message.parts)


def action_of(action_id: str) -> str:
    """The action of the button that Slack names so."""
    return action_id.rpartition("|")[0]


def value_of(value: str) -> str:
    """The value of the button or choice that Slack sends so."""
    return value.removeprefix(_NOTHING)


def sent_value(value: str, most: int) -> str:
    """A value as Slack takes it. One that is too long is cut, and then known by nobody."""
    whole = clean(value)
    return cut(_NOTHING + whole if not whole or whole.startswith(_NOTHING) else whole, most)


def _summary(message: Message) -> str:
    """One line for notifications and screen readers."""
    words = (message.summary, *(getattr(part, "text", "") for part in message.parts))
    first = next((text for text in words if not is_blank(text)), ELLIPSIS)
    return inert(shorten(one_line(first), SUMMARY))


@dataclass(slots=True)
class _Rendering:
    """One message or view on its way: its buttons' numbers, and the charts it may still have."""

    charts_left: int
    numbers: Iterator[int] = field(default_factory=count)

    def blocks(self, parts: Iterable[Part]) -> Iterator[Json]:
        for part in parts:
            yield from self._part(part)

    def _part(self, part: Part) -> Iterable[Json]:
        match part:
            case Heading(text):
                return [] if is_blank(text) else [_header(text)]
            case Paragraph(text):
                return map(_section, _pieces(text))
            case FinePrint(text):
                return map(_context, _pieces(text))
            case Items(items):
                return (_marked_section(text) for item in items for text in entry_texts(item))
            case Buttons(buttons):
                return self._row(buttons)
            case Chart():
                return self._chart(part)

    def _row(self, buttons: tuple[Button, ...]) -> list[Json]:
        elements = [self._button(button) for button in buttons if not is_blank(button.label)]
        return [{"type": "actions", "elements": elements}] if elements else []

    def _button(self, button: Button) -> Json:
        element: Json = {
            "type": "button",
            "text": plain(one_line(button.label), BUTTON),
            "action_id": f"{cut(clean(button.action), _LONGEST_ACTION)}|{next(self.numbers)}",
            "value": sent_value(button.value, BUTTON_VALUE),
        }
        return element | ({"style": "primary"} if button.style == "primary" else {})

    def _chart(self, chart: Chart) -> list[Json]:
        """The picture with its words under it, or the words alone with the picture's title."""
        picture = chart_block(chart) if self.charts_left else None
        if picture is None:
            return [_section(text) for text in _pieces(f"{chart.title}\n{chart.text}")]
        self.charts_left -= 1
        return [picture, *map(_context, _pieces(chart.text))]


def _pieces(text: str) -> list[str]:
    return [piece for piece in split(clean(text), TEXT) if not is_blank(piece)]


def _header(text: str) -> Json:
    return {"type": "header", "text": plain(one_line(text), HEADER)}


def _section(text: str) -> Json:
    """`expand`: nothing of what we say hides behind "see more"."""
    return {"type": "section", "text": plain(text, TEXT), "expand": True}


def _marked_section(text: str) -> Json:
    return {"type": "section", "text": marked(text), "expand": True}


def _context(text: str) -> Json:
    return {"type": "context", "elements": [plain(text, TEXT)]}
