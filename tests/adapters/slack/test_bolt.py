"""How Bolt is set up: by what the bot says, and by nothing that lies about."""

from __future__ import annotations

import os

import pytest

from adapters.slack.bolt import bolt_app
from tests.support.printing import printing
from tests.support.slack_handlers import Nothing

# All that Bolt reads by itself.
ENVIRONMENT = {
    "SLACK_BOT_TOKEN": "xoxb-fake",
    "SLACK_SIGNING_SECRET": "another",
    "SLACK_VERIFICATION_TOKEN": "verified",
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "client",
    "SLACK_SCOPES": "chat:write",
    "SLACK_REDIRECT_URI": "https://example.org",
}


def test_what_the_environment_says_to_bolt_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with printing() as printed:
        app = bolt_app(Nothing(), "")
    assert (app.oauth_flow, app.installation_store, app.client.token) == (None, None, None)
    assert printed.getvalue() == ""
    assert {name: os.environ.get(name) for name in ENVIRONMENT} == ENVIRONMENT
