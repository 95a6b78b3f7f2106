"""The keys that activities are signed with, and how Microsoft publishes them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.fakes.teams.json_types import Json

STRANGERS_KEY: Final = -1
WEB_CHAT_KEY: Final = 0
FIRST_KEY: Final = 1


@cache
def key(number: int) -> rsa.RSAPrivateKey:
    """Making one takes a while, so all fakes of a process have the same ones."""
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def key_id(number: int) -> str:
    return f"fake-key-{number}"


def published(number: int, endorsements: list[str]) -> dict[str, Any]:
    """A key as a JSON Web Key. `endorsements` are the channels that may sign with it."""
    written: Json = json.loads(RSAAlgorithm.to_jwk(key(number).public_key()))
    del written["key_ops"]
    kid = key_id(number)
    return {**written, "use": "sig", "kid": kid, "x5t": kid, "endorsements": endorsements}
