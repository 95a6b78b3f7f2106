"""A browser page that is a third chat platform, behind the same ports as Slack and Teams."""

from adapters.playground.clock import PlaygroundClock, SharedClock
from adapters.playground.events import Hub
from adapters.playground.following import following
from adapters.playground.journeys import after_journeys
from adapters.playground.messenger import PlaygroundMessenger
from adapters.playground.partner import Bot, CoreBot
from adapters.playground.server import PREFIX, playground_app
from adapters.playground.store import PlaygroundStore

__all__ = [
    "PREFIX",
    "Bot",
    "CoreBot",
    "Hub",
    "PlaygroundClock",
    "PlaygroundMessenger",
    "PlaygroundStore",
    "SharedClock",
    "after_journeys",
    "following",
    "playground_app",
]
