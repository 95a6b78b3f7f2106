"""Start a made-up Slack, to try a bot on this machine with.

    python -m tests.fakes.slack --request-url http://127.0.0.1:8080/slack/events

Prints the settings that the bot needs. Open its address in a browser, and be anybody there.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib

from tests.fakes.slack.made_up import populate
from tests.fakes.slack.server import FakeSlack

PORT, PEOPLE = 8090, 200
BOT = "http://127.0.0.1:8080/slack/events"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.slack", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="where it listens; 0: anywhere free")
    parser.add_argument("--request-url", default=BOT, help="where the bot takes what Slack sends")
    parser.add_argument("--people", type=int, default=PEOPLE, help="how many made-up people")
    parser.add_argument("--signing-secret", default="", help="default: a made-up one")
    parser.add_argument("--socket-mode", action="store_true", help="wait for the bot to connect")
    parser.add_argument("--many", action="store_true", help="the app isn't installed anywhere yet")
    parser.add_argument("--rotate", action="store_true", help="with --many: tokens that expire")
    parser.add_argument("--seed", type=int, default=1, help="who the people are")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    return parser.parse_args()


def settings(slack: FakeSlack, *, socket_mode: bool, many: bool) -> dict[str, str]:
    """What the bot needs to work with this Slack."""
    app, given = slack.app, {"SLACK_API_URL": slack.api_url}
    if socket_mode:
        given["SLACK_APP_TOKEN"] = app.app_token
    else:
        given["SLACK_SIGNING_SECRET"] = app.signing_secret
    if many:
        given |= {"SLACK_CLIENT_ID": app.client_id, "SLACK_CLIENT_SECRET": app.client_secret}
    else:
        given["SLACK_BOT_TOKEN"] = slack.bot_token()
    return given


async def run(given: argparse.Namespace) -> None:
    url = "" if given.socket_mode else given.request_url
    async with FakeSlack.running(port=given.port, request_url=url) as slack:
        slack.app.signing_secret = given.signing_secret or slack.app.signing_secret
        slack.app.rotates_tokens = given.rotate
        populate(slack.workspace, given.people, seed=given.seed)
        if given.many:
            slack.site.tokens.revoke_team(slack.workspace.id)
        shown = settings(slack, socket_mode=given.socket_mode, many=given.many)
        say("\n".join(f"{name}={value}" for name, value in shown.items()))
        say(f"\nOpen {slack.url} in a browser, and be anybody. Ctrl+C ends it.")
        await asyncio.Event().wait()


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - it is for who started this


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(arguments()))
