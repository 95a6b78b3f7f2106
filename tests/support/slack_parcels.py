"""What people do in Slack, and what Slack tells: as it is sent, to be changed or sent again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.fakes.slack.delivering import Answered, Parcel
from tests.fakes.slack.methods.users import user_json
from tests.fakes.slack.payloads import command_parcel, event_parcel
from tests.support.slack_bot import TEAM, SlackBot
from tests.support.tables import dump

Made = Callable[[SlackBot], Parcel]


def press(bot: SlackBot) -> Parcel:
    return Parcel("interactive", bot.actor("boss-1").press_of("Yes, ask me"))


def shortcut(bot: SlackBot) -> Parcel:
    payload = bot.actor("boss-1")._interaction("shortcut")
    return Parcel("interactive", {**payload, "callback_id": "talk_to_someone", "action_ts": "1.1"})


def command(bot: SlackBot) -> Parcel:
    user = bot.actor("boss-1").user
    return command_parcel(bot.slack.site, bot.slack.workspace, user, "/wellbeing", "pause")


def event(bot: SlackBot, **event: Any) -> Parcel:
    return event_parcel(bot.slack.site, bot.slack.workspace, event)


def line(bot: SlackBot) -> Parcel:
    user = bot.actor("boss-1").user
    channel = bot.slack.workspace.dm(user.id).id
    where = {"channel": channel, "channel_type": "im", "ts": "1.2"}
    return event(bot, type="message", user=user.id, text="help", **where)


def home_opened(bot: SlackBot) -> Parcel:
    return event(bot, type="app_home_opened", user=bot.actor("boss-1").user.id, tab="home")


def profile(bot: SlackBot, kind: str = "user_change") -> Parcel:
    user = bot.actor("boss-1").user
    user.tz = "Europe/Berlin"
    return event(bot, type=kind, user=user_json(bot.slack.site, TEAM, user, locale=True))


def joined(bot: SlackBot) -> Parcel:
    return profile(bot, "team_join")


def revoked(bot: SlackBot) -> Parcel:
    return event(bot, type="tokens_revoked", tokens={"bot": ["UBOT"], "oauth": ["U1"]})


def uninstalled(bot: SlackBot) -> Parcel:
    return event(bot, type="app_uninstalled")


MAKERS: Final = (
    press, shortcut, command, line, home_opened, profile, joined, revoked, uninstalled,
)  # fmt: skip


async def filled_in(bot: SlackBot) -> Parcel:
    """A form that somebody has filled in, and not sent yet."""
    actor = bot.actor("boss-1")
    await actor.presses("Choose how often")
    await bot.settle()
    return Parcel("interactive", actor.submission_of(actor.modal()))


def is_harmless(answered: Answered) -> bool:
    """Refused, or taken note of; a socket knows no refusals."""
    return answered.status == 200 or 400 <= answered.status < 500


class Traces:
    """All that a request could change."""

    def __init__(self, bot: SlackBot) -> None:
        self._bot = bot

    async def now(self) -> object:
        await self._bot.settle()
        slack = self._bot.slack
        calls = [call.method for call in slack.calls()]
        modals = {user: len(stack) for user, stack in slack.workspace.modals.items() if stack}
        said = (slack.everything_said(), len(slack.workspace.ephemeral))
        return await dump(self._bot.core), said, calls, modals


def places_of(value: Any) -> list[tuple[Any, Any]]:
    """Every part of a payload: its name, and what it is in. Messages that we sent are left out."""
    inner = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    inner = [(name, each) for name, each in inner if name not in {"blocks", "message"}]
    deeper = [each for _, each in inner if isinstance(each, dict | list)]
    return [(name, value) for name, _ in inner] + [
        place for each in deeper for place in places_of(each)
    ]
