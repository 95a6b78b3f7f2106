"""Keys of rounds, wrapped and signed for the way through a database that others can read and write.

    wrapped   = tag | nonce | AES-256-GCM(key of the secret; a round's key; side | round)
    signature = Ed25519(key of the tallying secret; prefix | round | public key)

Each side has a secret of its own, in its environment alone; what is used as a key is derived from
it (HKDF-SHA256), one for each purpose. The tag says which secret it was, and nothing about it: so a
wrong secret, which can be put right, isn't taken for a damaged key, which can't.

The public key is signed, and whoever collects verifies it: otherwise somebody who can write to the
database could put a public key of their own in its place, and read what is sealed with it.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import Final, Literal

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import KeyringError, KeysGone

Side = Literal["collecting", "tallying"]

SECRET_BYTES: Final = 32
_TAG_BYTES, _NONCE_BYTES = 8, 12
_SIGNED: Final = b"Wellbeing Warrior: the public key of a round, version 1\0"


def new_secret() -> str:
    """A secret for one side, as it is written into an environment."""
    return _written(secrets.token_bytes(SECRET_BYTES))


class Wrapping:
    """Wraps the keys of one side. Raises ValueError if its secret can't be one."""

    def __init__(self, side: Side, secret: str) -> None:
        self._side, self._name = side, f"WELLBEING_{side.upper()}_SECRET"
        raw = _read(secret)
        self._cipher = AESGCM(_derived(raw, f"wrapping the {side} side's keys", 32))
        self._tag = _derived(raw, f"naming the {side} side's secret", _TAG_BYTES)

    def wrap(self, round_id: str, key: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return self._tag + nonce + self._cipher.encrypt(nonce, key, self._bound_to(round_id))

    def unwrap(self, round_id: str, wrapped: bytes) -> bytes:
        """Raises KeysGone if it is damaged, and KeyringError if it takes another secret."""
        tag, rest = wrapped[:_TAG_BYTES], wrapped[_TAG_BYTES:]
        if len(rest) < _NONCE_BYTES:
            raise KeysGone("a round's key is damaged")
        if not secrets.compare_digest(tag, self._tag):
            raise KeyringError(
                f"A key of the open round {round_id} was wrapped with another secret than "
                f"{self._name}. Put that one back, or give the round up: wellbeing keys forget"
            )
        try:
            return self._cipher.decrypt(
                rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], self._bound_to(round_id)
            )
        except InvalidTag:
            raise KeysGone("a round's key is damaged") from None

    def _bound_to(self, round_id: str) -> bytes:
        return f"{self._side}|{round_id}".encode()


class Signing:
    """Signs public keys for the tallying side. Raises ValueError if its secret can't be one."""

    def __init__(self, secret: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(
            _derived(_read(secret), "signing the public keys of rounds", 32)
        )

    @property
    def public(self) -> str:
        """What the collecting side verifies with, as it is written into its environment."""
        return _written(self._key.public_key().public_bytes_raw())

    def sign(self, round_id: str, public_key: bytes) -> bytes:
        return self._key.sign(_to_sign(round_id, public_key))


class Verifying:
    """Verifies public keys for the collecting side. Raises ValueError if `public` can't be one."""

    def __init__(self, public: str) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(_read(public))

    def verify(self, round_id: str, public_key: bytes, signature: bytes) -> None:
        """Raises KeyringError if the tallying side hasn't signed this key for this round."""
        try:
            self._key.verify(signature, _to_sign(round_id, public_key))
        except InvalidSignature:
            raise KeyringError(
                f"The public key of the open round {round_id} isn't signed by the worker that "
                "WELLBEING_TALLYING_PUBLIC stands for. If that setting is right, somebody has "
                "written to the database. No answers are taken."
            ) from None


def _to_sign(round_id: str, public_key: bytes) -> bytes:
    name = round_id.encode()
    return _SIGNED + len(name).to_bytes(4, "big") + name + public_key


def _derived(secret: bytes, purpose: str, length: int) -> bytes:
    info = f"Wellbeing Warrior, version 1: {purpose}".encode()
    return HKDF(SHA256(), length, salt=None, info=info).derive(secret)


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _read(written: str) -> bytes:
    try:
        raw = base64.b64decode(written + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != SECRET_BYTES:
        raise ValueError("it isn't 43 letters, digits, - and _; make one with: wellbeing keys new")
    return raw
