"""Messages as activities, in botbuilder's schema."""

from __future__ import annotations

from typing import Any, Final

from botbuilder.schema import Activity, ActivityTypes, Attachment

from adapters.teams.cards import message_card
from bot.message import Message

CARD: Final = "application/vnd.microsoft.card.adaptive"
# What these answer is a form, or more than a line: it is shown in a dialog.
DIALOGS: Final = frozenset(
    {"pulse.form", "pulse.preview", "resources.open", "settings.open", "summary.read"}
)


def message_activity(message: Message) -> Activity:
    """A message as a card. Its summary is what a notification says."""
    return Activity(
        type=ActivityTypes.message,
        summary=message.summary,
        attachments=[Attachment(content_type=CARD, content=message_card(message, dialogs=DIALOGS))],
    )


def attachment_of(card: dict[str, Any]) -> dict[str, Any]:
    """A card as it goes into a dialog."""
    return {"contentType": CARD, "content": card}
