"""`oauth.v2.*`: from a code to a token, and from one token to the next."""

from __future__ import annotations

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.methods.asked import Asked, method
from tests.fakes.slack.refused import Refused
from tests.fakes.slack.tokens import LASTS_S, Token


@method("oauth.v2.access", tier=4, by="none")
def access(asked: Asked) -> Json:
    _check_client(asked)
    if asked.arguments.text("grant_type") == "refresh_token":
        return _refreshed(asked)
    site, code = asked.site, asked.arguments.text("code")
    if (granted := site.codes.get(code)) is None:
        raise Refused("invalid_code")
    if granted.used:
        raise Refused("code_already_used")
    given = asked.arguments.text("redirect_uri")
    if given and given != granted.redirect_uri:
        raise Refused("bad_redirect_uri")
    granted.used = True
    scopes = set(granted.scopes)
    token = site.tokens.issue("bot", granted.team_id, scopes, expires=site.app.rotates_tokens)
    return {**_token_json(asked, token), "authed_user": {"id": granted.user_id}}


def _check_client(asked: Asked) -> None:
    client_id, secret = asked.client
    if client_id != asked.site.app.client_id:
        raise Refused("invalid_client_id")
    if secret != asked.site.app.client_secret:
        raise Refused("bad_client_secret")


def _refreshed(asked: Asked) -> Json:
    """A refresh token is good for once; the token that it came with stays good until it ends."""
    tokens = asked.site.tokens
    refresh = tokens.all.get(asked.arguments.text("refresh_token"))
    if refresh is None or refresh.kind != "refresh" or refresh.revoked:
        raise Refused("invalid_refresh_token")
    refresh.revoked = True
    token = tokens.issue("bot", refresh.team_id, refresh.scopes, expires=True)
    return _token_json(asked, token)


@method("oauth.v2.exchange", tier=4, by="none")
def exchange(asked: Asked) -> Json:
    """A token that never ends becomes one that does."""
    _check_client(asked)
    old = asked.site.tokens.check(asked.bearer)
    if old.expires_at is not None:
        raise Refused("token_already_exchanged")
    old.revoked = True
    token = asked.site.tokens.issue("bot", old.team_id, old.scopes, expires=True)
    return _token_json(asked, token)


def _token_json(asked: Asked, token: Token) -> Json:
    workspace = asked.site.workspaces[token.team_id]
    answer: Json = {
        "app_id": asked.site.app.id,
        "scope": ",".join(sorted(token.scopes)),
        "token_type": "bot",
        "access_token": token.value,
        "bot_user_id": workspace.bot.id,
        "team": {"id": workspace.id, "name": workspace.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    if token.expires_at is None:
        return answer
    refresh = asked.site.tokens.issue("refresh", token.team_id, token.scopes)
    return {**answer, "expires_in": LASTS_S, "refresh_token": refresh.value}
