from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack with two people, Anna (U1) and Ben (U2)."""
    async with FakeSlack.running() as running:
        running.add_user("anna", id="U1")
        running.add_user("ben", id="U2")
        yield running


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    """Slack's own client, which tries nothing a second time."""
    return AsyncWebClient(slack.bot_token(), base_url=slack.api_url, retry_handlers=[])
