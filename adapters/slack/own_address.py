"""Whether the bot is where Slack looks for it, and tells Slack's requests from others'."""

from __future__ import annotations

import json
import secrets
from typing import Final

import aiohttp
from slack_sdk.signature import SignatureVerifier

from adapters.check_ups import nothing_there, something_else_there
from bot.domain.checks import Check
from bot.ports import Clock

WITHIN: Final = aiohttp.ClientTimeout(total=10)
REFUSED: Final = frozenset({401, 403})
LONGEST: Final = 10_000


async def answers_at(address: str, signing_secret: str, clock: Clock) -> Check:
    """Ask as Slack does when an address is entered, and then as somebody who isn't Slack."""
    challenge = secrets.token_urlsafe(16)
    try:
        async with aiohttp.ClientSession(timeout=WITHIN) as session:
            status, body = await _ask(session, address, challenge, signing_secret, clock)
            if status != 200 or challenge not in body:  # noqa: PLR2004
                return _wrong(address, status)
            forged, _ = await _ask(session, address, challenge, secrets.token_hex(16), clock)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return nothing_there(address, "Slack", error)
    if forged not in REFUSED:
        return Check(
            "Address",
            False,
            f"{address} takes what isn't signed by Slack.",
            "See what answers there: it isn't this bot with its signing secret.",
        )
    return Check("Address", True, f"The bot answers at {address}, and knows Slack's signature.")


async def _ask(
    session: aiohttp.ClientSession, address: str, challenge: str, secret: str, clock: Clock
) -> tuple[int, str]:
    body = json.dumps({"type": "url_verification", "challenge": challenge})
    timestamp = str(int(clock.now().timestamp()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature or "",
    }
    async with session.post(address, data=body, headers=headers, allow_redirects=False) as response:
        return response.status, (await response.content.read(LONGEST)).decode(errors="replace")


def _wrong(address: str, status: int) -> Check:
    if status in REFUSED:
        return Check(
            "Address",
            False,
            f"The bot at {address} refuses what is signed with SLACK_SIGNING_SECRET.",
            "Give the running bot the same secret and start it again, and see that both clocks "
            "are right.",
        )
    return something_else_there(address, status)
