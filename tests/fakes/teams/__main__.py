"""Start a made-up Microsoft Teams, to try a bot on this machine with.

    python -m tests.fakes.teams --request-url http://127.0.0.1:8080/api/messages

Prints the settings that the bot needs. Open its address in a browser, and be anybody there.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib

from tests.fakes.teams.made_up import populate
from tests.fakes.teams.server import FakeTeams

PORT, PEOPLE = 8091, 200
BOT = "http://127.0.0.1:8080/api/messages"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.teams", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="where it listens; 0: anywhere free")
    parser.add_argument("--request-url", default=BOT, help="where the bot takes activities")
    parser.add_argument("--people", type=int, default=PEOPLE, help="how many made-up people")
    parser.add_argument("--password", default="", help="the app's secret; default: a made-up one")
    parser.add_argument("--multi-tenant", action="store_true", help="the app is any tenant's")
    parser.add_argument("--seed", type=int, default=1, help="who the people are")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    return parser.parse_args()


def settings(teams: FakeTeams) -> dict[str, str]:
    """What the bot needs to work with this Teams."""
    return {
        "MICROSOFT_APP_ID": teams.app.id,
        "MICROSOFT_APP_PASSWORD": teams.app.password,
        "MICROSOFT_APP_TYPE": teams.app.kind,
        "MICROSOFT_APP_TENANT_ID": teams.app.tenant_id,
        "WELLBEING_TEAMS_LOGIN_URL": teams.login_url,
        "WELLBEING_TEAMS_OPENID_URL": teams.openid_url,
    }


async def run(given: argparse.Namespace) -> None:
    async with FakeTeams.running(port=given.port, request_url=given.request_url) as teams:
        teams.app.password = given.password or teams.app.password
        teams.app.kind = "MultiTenant" if given.multi_tenant else "SingleTenant"
        populate(teams.tenant, given.people, seed=given.seed)
        say("\n".join(f"{name}={value}" for name, value in settings(teams).items()))
        say(f"\nOpen {teams.url} in a browser, and be anybody. Ctrl+C ends it.")
        await asyncio.Event().wait()


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - it is for who started this


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(arguments()))
