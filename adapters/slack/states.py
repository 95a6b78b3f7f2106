"""Installations under way: each has a state that only the browser which began it knows."""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta
from logging import Logger
from typing import Any, Final

from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.ports import Clock, Vault

PREFIX: Final = "slack.state."
LASTS: Final = timedelta(minutes=10)


class VaultStates(AsyncOAuthStateStore):
    """Bolt's state store, on `bot.ports.Vault`. A state is random, and good once, for a while."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault, self._clock = vault, clock

    @property
    def logger(self) -> Logger:
        return logging.getLogger(__name__)

    async def async_issue(self, *_args: Any, **_named: Any) -> str:
        state = secrets.token_urlsafe(32)
        await self._vault.keep(PREFIX + state, state, self._clock.now() + LASTS)
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether it is one of ours and still good; it is used up by asking."""
        return await self._vault.take(PREFIX + state) is not None
