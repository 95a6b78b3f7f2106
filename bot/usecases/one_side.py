"""What a process has in place of the keys of a side that isn't its own: nothing at all."""

from __future__ import annotations

from collections.abc import Collection

from bot.errors import KeyringError
from bot.ports import CollectingKeys, TallyingKey


class CollectsNothing:
    """Implements `bot.ports.CollectingKeyring` in a process that must not mark answers."""

    async def probe(self, round_ids: Collection[str]) -> None:
        return None

    async def collecting(self, round_id: str) -> CollectingKeys:
        raise KeyringError("This process doesn't collect answers, and has no keys for it.")


class TalliesNothing:
    """Implements `bot.ports.TallyingKeyring` in a process that must not open answers."""

    async def probe(self, round_ids: Collection[str]) -> None:
        return None

    async def create(self, round_id: str) -> None:
        raise _doesnt_tally()

    async def tallying(self, round_id: str) -> TallyingKey:
        raise _doesnt_tally()

    async def is_collected(self, round_id: str) -> bool:
        raise _doesnt_tally()

    async def destroy(self, round_id: str) -> None:
        raise _doesnt_tally()

    async def rounds(self) -> frozenset[str]:
        raise _doesnt_tally()


def _doesnt_tally() -> KeyringError:
    return KeyringError("This process doesn't open or count rounds, and has no keys for it.")
