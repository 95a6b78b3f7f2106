"""The methods of the Web API, a module for each family. Importing one fills the table."""

from __future__ import annotations

from tests.fakes.slack.methods import (
    auth,
    chat,
    conversations,
    dnd,
    oauth,
    usergroups,
    users,
    views,
)
from tests.fakes.slack.methods.asked import METHODS, Asked, Method

FAMILIES = (auth, chat, conversations, dnd, oauth, usergroups, users, views)

__all__ = ["FAMILIES", "METHODS", "Asked", "Method"]
