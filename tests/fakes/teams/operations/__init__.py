"""The operations of the Bot Connector, a module for each family. Importing one fills the table."""

from __future__ import annotations

from tests.fakes.teams.operations import activities, conversations, rosters, teams
from tests.fakes.teams.operations.asked import OPERATIONS, Asked, Operation

FAMILIES = (activities, conversations, rosters, teams)

__all__ = ["FAMILIES", "OPERATIONS", "Asked", "Operation"]
