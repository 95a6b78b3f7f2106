"""Messages as activities, in the Bot Connector's JSON."""

from __future__ import annotations

from typing import Any, Final

from adapters.teams.cards import message_card
from bot.message import Message

CARD: Final = "application/vnd.microsoft.card.adaptive"
# What these answer is a form, or more than a line: it is shown in a dialog.
DIALOGS: Final = frozenset(
    {
        "action.change",
        "action.drop",
        "action.list",
        "action.new",
        "comments.answer",
        "comments.read",
        "comments.review",
        "comments.write",
        "history.read",
        "pulse.form",
        "pulse.preview",
        "resources.open",
        "settings.open",
        "summary.read",
        "support.back",
        "support.coordinator_close",
        "support.goodbye",
        "support.harm",
        "support.look_in",
        "support.open",
        "support.queue",
        "support.report",
        "support.reveal",
        "support.script",
        "support.stop_volunteer",
        "support.volunteer",
        "support.volunteering",
        "support.wishes",
        "support.write",
    }
)


def message_activity(message: Message) -> dict[str, Any]:
    """A message as a card. What it says in brief is what a notification says.

    As the connector takes it: botbuilder's own schema takes half a millisecond to write a card.
    """
    card = message_card(message, dialogs=DIALOGS)
    return {"type": "message", "summary": card["speak"], "attachments": [attachment_of(card)]}


def attachment_of(card: dict[str, Any]) -> dict[str, Any]:
    """A card as it goes into a message or a dialog."""
    return {"contentType": CARD, "content": card}
