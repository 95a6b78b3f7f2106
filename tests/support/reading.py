"""Reading a message as a person does."""

from __future__ import annotations

from bot.message import Button, Buttons, Chart, FinePrint, Heading, Items, Message, Paragraph, Part


def words(message: Message | None) -> str:
    """Every word of a message, in order."""
    assert message is not None
    return "\n".join(_words(part) for part in message.parts)


def buttons(message: Message) -> list[Button]:
    rows = [part for part in message.parts if isinstance(part, Buttons)]
    return [button for row in rows for button in row.buttons]


def charts(message: Message) -> list[Chart]:
    return [part for part in message.parts if isinstance(part, Chart)]


def _words(part: Part) -> str:
    match part:
        case Heading() | Paragraph() | FinePrint() | Chart():
            return part.text
        case Items():
            return "\n".join(f"{item.label}: {item.text}" for item in part.items)
        case Buttons():
            return "\n".join(f"[{button.label}]" for button in part.buttons)
