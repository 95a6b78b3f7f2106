"""The manifest, by what Slack's own schema asks for, and the scopes with their reasons."""

from __future__ import annotations

import re
from itertools import product
from typing import Any, get_args

import pytest

from adapters.content import PromptLibrary
from adapters.slack.manifest import (
    COMMAND,
    EVENTS,
    ONLY_FOR,
    OPTIONAL,
    SCOPES,
    TALK,
    TeamsFrom,
    manifest,
    scopes,
)
from bot.errors import SettingsError
from bot.ports import Texts

URL = "https://wellbeing.example.org"
# What bots may ask for, of what this one could want (docs.slack.dev/reference/scopes).
KNOWN_SCOPES = {
    "app_mentions:read", "channels:history", "channels:manage", "channels:read", "chat:write",
    "chat:write.public", "commands", "dnd:read", "groups:history", "groups:read", "im:history",
    "im:read", "im:write", "mpim:history", "mpim:read", "reactions:read", "team:read",
    "usergroups:read", "users.profile:read", "users:read", "users:read.email",
}  # fmt: skip
# Event → a scope without which Slack doesn't take the subscription; "" if it needs none.
SCOPE_OF_EVENT = {
    "app_home_opened": "",
    "app_uninstalled": "",
    "message.im": "im:history",
    "team_join": "users:read",
    "tokens_revoked": "",
    "user_change": "users:read",
}
# Method that the adapter calls → the scopes that it needs.
SCOPES_OF_METHOD = {
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.members": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "dnd.teamInfo": {"dnd:read"},
    "usergroups.list": {"usergroups:read"},
    "users.conversations": {"channels:read", "groups:read"},
    "users.list": {"users:read", "users:read.email"},
}
SOURCES: tuple[TeamsFrom, ...] = get_args(TeamsFrom)


@pytest.fixture
def texts(library: PromptLibrary) -> Texts:
    return library.texts("en")


def made(
    texts: Texts, url: str = URL, source: TeamsFrom = "roster", **ways: bool
) -> dict[str, Any]:
    chosen = {"socket_mode": False, "many_workspaces": False, **ways}
    return manifest(texts, public_url=url, teams_from=source, **chosen)


def every(texts: Texts) -> list[dict[str, Any]]:
    return [
        made(texts, source=source, socket_mode=socket, many_workspaces=many)
        for source, socket, many in product(SOURCES, (False, True), (False, True))
    ]


# --- what Slack asks for -------------------------------------------------------------------


def test_texts_are_within_slacks_lengths(texts: Texts) -> None:
    one = made(texts)
    about, features = one["display_information"], one["features"]
    assert 1 <= len(about["name"]) <= 35
    assert 1 <= len(about["description"]) <= 140
    assert 175 <= len(about["long_description"]) <= 4000
    assert 1 <= len(features["bot_user"]["display_name"]) <= 80
    (command,) = features["slash_commands"]
    assert 1 <= len(command["description"]) <= 2000
    assert 1 <= len(command["usage_hint"]) <= 1000
    (shortcut,) = features["shortcuts"]
    assert 1 <= len(shortcut["name"]) <= 24
    assert 1 <= len(shortcut["description"]) <= 150


def test_there_is_nothing_in_it_that_slack_does_not_know(texts: Texts) -> None:
    known = {
        "": {"display_information", "features", "oauth_config", "settings"},
        "display_information": {"name", "description", "long_description"},
        "features": {"app_home", "bot_user", "shortcuts", "slash_commands"},
        "oauth_config": {"redirect_urls", "scopes"},
        "settings": {
            "event_subscriptions", "interactivity", "org_deploy_enabled", "socket_mode_enabled",
            "token_rotation_enabled",
        },
    }  # fmt: skip
    for one in every(texts):
        for place, names in known.items():
            assert set(one[place] if place else one) <= names


def test_every_scope_and_event_is_one_of_slacks_and_there_once(texts: Texts) -> None:
    for one in every(texts):
        asked = one["oauth_config"]["scopes"]["bot"]
        assert set(asked) <= KNOWN_SCOPES
        assert len(asked) == len(set(asked))
        assert set(one["oauth_config"]["scopes"]) == {"bot"}, "nothing in anybody's own name"
        events = one["settings"]["event_subscriptions"]["bot_events"]
        assert len(events) == len(set(events))
        for event in events:
            assert SCOPE_OF_EVENT[event] in {"", *asked}


# --- fewest scopes -------------------------------------------------------------------------


def test_each_scope_has_its_reason_in_a_sentence() -> None:
    for scope, reason in SCOPES.items():
        assert re.fullmatch(r"[A-Z].{20,250}\.", reason), scope


def test_no_scope_is_asked_for_that_no_method_event_or_surface_needs() -> None:
    needed = set().union(*SCOPES_OF_METHOD.values()) | set(SCOPE_OF_EVENT.values())
    assert set(SCOPES) - needed == {"commands"}, "that one is for the command and the shortcut"
    assert needed - {""} <= set(SCOPES)


def test_user_groups_are_read_only_if_teams_or_their_leads_come_from_there() -> None:
    assert scopes("usergroups") == scopes("channels") == list(SCOPES)
    assert scopes("roster") == [scope for scope in SCOPES if scope not in ONLY_FOR]
    assert set(ONLY_FOR) == {"usergroups:read"}


def test_what_is_optional_is_one_of_the_scopes() -> None:
    assert set(SCOPES) >= OPTIONAL


# --- ways to connect -----------------------------------------------------------------------


def test_over_http_everything_comes_to_one_address(texts: Texts) -> None:
    one = made(texts, f"{URL}/")
    settings, features = one["settings"], one["features"]
    assert settings["event_subscriptions"]["request_url"] == f"{URL}/slack/events"
    assert settings["interactivity"]["request_url"] == f"{URL}/slack/events"
    assert features["slash_commands"][0]["url"] == f"{URL}/slack/events"
    assert settings["socket_mode_enabled"] is False


def test_in_socket_mode_no_address_is_needed_or_given(texts: Texts) -> None:
    one = made(texts, "", socket_mode=True)
    assert one["settings"]["socket_mode_enabled"] is True
    assert one["settings"]["interactivity"] == {"is_enabled": True}
    assert "url" not in repr(one["settings"]) + repr(one["features"])


def test_for_many_workspaces_there_is_a_way_back_and_tokens_that_expire(texts: Texts) -> None:
    one = made(texts, many_workspaces=True)
    assert one["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]
    assert one["settings"]["token_rotation_enabled"] is True
    assert made(texts)["settings"]["token_rotation_enabled"] is False
    assert "redirect_urls" not in made(texts)["oauth_config"]


def test_it_is_never_for_a_whole_organisation(texts: Texts) -> None:
    assert not any(one["settings"]["org_deploy_enabled"] for one in every(texts))


@pytest.mark.parametrize(("many", "socket"), [(False, False), (True, False), (True, True)])
def test_without_an_address_it_says_what_to_do(texts: Texts, many: bool, socket: bool) -> None:
    with pytest.raises(SettingsError, match="PUBLIC_URL"):
        made(texts, "", many_workspaces=many, socket_mode=socket)


# --- surfaces ------------------------------------------------------------------------------


def test_people_can_open_the_home_page_write_and_talk_to_someone(texts: Texts) -> None:
    features = made(texts)["features"]
    assert features["app_home"]["home_tab_enabled"] is True
    assert features["app_home"]["messages_tab_enabled"] is True
    assert features["app_home"]["messages_tab_read_only_enabled"] is False
    (command,), (shortcut,) = features["slash_commands"], features["shortcuts"]
    assert command["command"] == COMMAND == "/wellbeing"
    assert (shortcut["type"], shortcut["callback_id"]) == ("global", TALK)


def test_the_commands_that_are_hinted_at_are_the_ones_there_are(texts: Texts) -> None:
    hint = made(texts)["features"]["slash_commands"][0]["usage_hint"]
    for word in ("help", "pause", "resume", "support", "privacy", "settings"):
        assert re.search(rf"\b{word}\b", hint)


def test_removals_are_heard_of() -> None:
    assert {"app_uninstalled", "tokens_revoked"} <= set(EVENTS)
