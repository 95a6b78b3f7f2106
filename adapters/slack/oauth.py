"""Installing the app in a workspace, from a browser (OAuth 2).

GET /slack/install          what this is, and a link to Slack
GET /slack/oauth_redirect   where Slack sends the browser back to

The pages are ours: Bolt's own flow writes the code that Slack gave into the log when it is refused,
and lets a time-out of Slack's through as an error page.

The browser that begins gets a state in the link and the same in a cookie; who comes back without
both is sent away, so that nobody can be made to finish somebody else's installation. Nothing is
written before Slack has said that it is for one of our workspaces: anybody can open these pages.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final, Literal

import aiohttp
import structlog
from aiohttp import web
from slack_sdk.errors import SlackClientError
from yarl import URL

from adapters.slack.exchange import Exchange, Granted
from adapters.slack.install_page import Link, page
from adapters.slack.installations import Installed, VaultInstallations
from adapters.slack.states import LASTS, SignedStates, same_state
from adapters.slack.tokens import InstalledTokens
from bot.ports import Clock, Texts

log = structlog.get_logger(__name__)

INSTALL: Final = "/slack/install"
REDIRECT: Final = "/slack/oauth_redirect"
COOKIE: Final = "wellbeing-slack-install"

Problem = Literal[
    "declined",
    "another_browser",
    "too_late",
    "whole_organisation",
    "not_ours",
    "not_accepted",
    "unreachable",
    "not_finished",
]
STATUS: Final[dict[Problem, int]] = {
    "declined": 200,
    "another_browser": 400,
    "too_late": 400,
    "whole_organisation": 400,
    "not_ours": 403,
    "not_accepted": 400,
    "unreachable": 502,
    "not_finished": 500,
}


def authorize_url(api_url: str) -> str:
    """Where people say yes: beside the API, on the same host."""
    return str(URL(api_url).with_path("/oauth/v2/authorize"))


class _Stopped(Exception):
    """The installation ends here, with a page that says why."""

    def __init__(self, problem: Problem, why: str) -> None:
        self.problem = problem
        super().__init__(why)


class InstallPages:
    """The two pages. `installed` is called with the workspace's id at Slack once it is kept.

    Anybody can have a workspace, and say in it what anybody's email address is: so the app goes
    into `ours` only, or somebody could answer in another one's name.
    """

    def __init__(
        self,
        *,
        client_id: str,
        scopes: Sequence[str],
        public_url: str,
        authorize_url: str,
        installations: VaultInstallations,
        states: SignedStates,
        exchange: Exchange,
        tokens: InstalledTokens,
        clock: Clock,
        texts: Texts,
        installed: Callable[[str], Awaitable[None]],
        ours: Collection[str],
    ) -> None:
        self._client_id, self._scopes = client_id, scopes
        self._public_url, self._authorize_url = public_url.rstrip("/"), authorize_url
        self._installations, self._states = installations, states
        self._exchange, self._tokens, self._clock = exchange, tokens, clock
        self._texts, self._installed, self._ours = texts, installed, frozenset(ours)

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.get(INSTALL, self.install), web.get(REDIRECT, self.redirect)]

    # --- there -----------------------------------------------------------------------------

    async def install(self, _request: web.Request) -> web.Response:
        state = self._states.issue()
        texts = self._texts
        response = page(
            texts.language,
            texts.say("install.title"),
            [texts.say("install.what"), texts.say("install.nobody_yet"), texts.say("install.next")],
            Link(texts.say("install.button"), self._link(state)),
        )
        response.set_cookie(
            COOKIE,
            state,
            max_age=int(LASTS.total_seconds()),
            path=self._cookie_path,
            httponly=True,
            secure=self._public_url.startswith("https:"),
            samesite="Lax",
        )
        return response

    def _link(self, state: str) -> str:
        asked = {
            "client_id": self._client_id,
            "scope": ",".join(self._scopes),
            "redirect_uri": self._redirect_uri,
            "state": state,
        }
        return str(URL(self._authorize_url).with_query(asked))

    @property
    def _cookie_path(self) -> str:
        """As the browser sees it: the pages may be below a path of a proxy's."""
        return f"{URL(self._public_url).raw_path.rstrip('/')}/slack"

    @property
    def _redirect_uri(self) -> str:
        return f"{self._public_url}{REDIRECT}"

    # --- and back --------------------------------------------------------------------------

    async def redirect(self, request: web.Request) -> web.Response:
        try:
            response = self._done(await self._finish(request))
        except _Stopped as stopped:
            log.warning("an installation was not finished", why=str(stopped))
            response = self._problem(stopped.problem)
        response.del_cookie(COOKIE, path=self._cookie_path)
        return response

    async def _finish(self, request: web.Request) -> Installed:
        state = self._state(request)
        if "error" in request.query:
            raise _Stopped("declined", "declined at Slack")
        there = await self._there()
        granted = await self._granted(request.query.get("code", ""))
        try:
            bot_id = await self._exchange.bot_id(granted.token)
            installed = self._record(granted, bot_id)
            is_first = await self._states.use_up(state)
            if is_first:
                await self._installations.keep(installed)
        except Exception as error:  # noqa: BLE001 - the code is used up, whatever it was
            # Giving a token back removes the app, also one that somebody installed before.
            if granted.team_id not in there:
                await self._give_back(granted)
            raise _Stopped("not_finished", type(error).__name__) from None
        if not is_first:
            raise _Stopped("too_late", "the state is used up")
        self._tokens.look_again(installed.team_id)
        try:
            await self._installed(installed.team_id)
        except Exception as error:
            log.exception("an installation could not be set up", team=installed.team_id)
            raise _Stopped("not_finished", type(error).__name__) from None
        log.info("installed", team=installed.team_id)
        return installed

    async def _there(self) -> Collection[str]:
        """Where the app is installed. Without the vault a code isn't redeemed at all."""
        try:
            return await self._installations.team_ids()
        except Exception as error:  # noqa: BLE001 - it may hold content
            raise _Stopped("not_finished", type(error).__name__) from None

    def _state(self, request: web.Request) -> str:
        state, cookie = request.query.get("state", ""), request.cookies.get(COOKIE, "")
        if not same_state(state, cookie):
            raise _Stopped("another_browser", "the state isn't this browser's")
        if not self._states.is_good(state):
            raise _Stopped("too_late", "the state isn't ours, or is over")
        return state

    async def _granted(self, code: str) -> Granted:
        if not code:
            raise _Stopped("not_accepted", "no code came back")
        try:
            granted = await self._exchange.redeem(code, self._redirect_uri)
        except SlackClientError:
            raise _Stopped("not_accepted", "Slack refused the code") from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _Stopped("unreachable", type(error).__name__) from None
        await self._check(granted)
        return granted

    async def _check(self, granted: Granted) -> None:
        """What isn't for one of our workspaces is given back: the app isn't left in there."""
        if not granted.token:
            raise _Stopped("not_accepted", "there was no token for a bot")
        if granted.is_for_enterprise or not granted.team_id:
            await self._give_back(granted)
            raise _Stopped("whole_organisation", "it was for a whole organisation")
        if granted.team_id not in self._ours:
            await self._give_back(granted)
            raise _Stopped("not_ours", f"WELLBEING_SLACK_WORKSPACES hasn't {granted.team_id}")

    async def _give_back(self, granted: Granted) -> None:
        try:
            await self._exchange.revoke(granted.token)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            kind = type(error).__name__
            log.warning("a token could not be revoked", team=granted.team_id, kind=kind)

    def _record(self, granted: Granted, bot_id: str) -> Installed:
        now = self._clock.now()
        return Installed(
            team_id=granted.team_id,
            team_name=granted.team_name,
            app_id=granted.app_id,
            bot_id=bot_id,
            bot_user_id=granted.bot_user_id,
            scopes=granted.scopes,
            installed_at=now.timestamp(),
            bot_token=granted.token,
            refresh_token=granted.refresh_token,
            expires_at=granted.expires_at(now),
        )

    # --- what people see -------------------------------------------------------------------

    def _done(self, installed: Installed) -> web.Response:
        texts = self._texts
        workspace = installed.team_name or installed.team_id
        open_slack = URL("https://slack.com/app_redirect").with_query(
            {"app": installed.app_id, "team": installed.team_id}
        )
        return page(
            texts.language,
            texts.say("install.done.title"),
            [
                texts.say("install.done.text", workspace=workspace),
                texts.say("install.done.next"),
            ],
            Link(texts.say("install.done.open"), str(open_slack)),
        )

    def _problem(self, problem: Problem) -> web.Response:
        texts = self._texts
        return page(
            texts.language,
            texts.say(f"install.problem.{problem}.title"),
            [texts.say(f"install.problem.{problem}.text")],
            Link(texts.say("install.again"), f"{self._public_url}{INSTALL}"),
            status=STATUS[problem],
        )
