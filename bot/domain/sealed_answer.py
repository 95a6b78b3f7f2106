"""Sealed answers: what the collecting side writes and only the tallying side can read.

    box    = HPKE(public key; plain text; info = round | marker)
    mark   = HMAC-SHA256(marker key; round | person)
    key id = HMAC-SHA256(marker key; round), its first half

HPKE is RFC 9180 (https://www.rfc-editor.org/rfc/rfc9180) with X25519, HKDF-SHA256 and AES-256-GCM.
The plain text always has the same length, so a box's size says nothing. The marker is bound into
the box: copied under another marker, in order to be counted twice, it doesn't open.

Each box holds the id of the marker key that it was made with. Two marker keys would give one person
two places, and then answers would be added that must not be; and whoever has the public key but no
marker key could put in boxes of their own, until all but one person's answers are known to them.
So boxes of one round are only counted if they all hold the same id.
"""

from __future__ import annotations

import hmac
import secrets
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from bot.errors import MixedKeys, SealedAnswerError

MAX_QUESTIONS = 3

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PLAIN = struct.Struct(">BH3s16s10s")  # version, block, answers, key id, padding: 32 bytes
_VERSION = 2
_LEFT_OUT = 255
_KEY_ID_BYTES = 16
_PADDING = bytes(10)
_LONGEST_BLOCK = 0xFFFF


@dataclass(frozen=True, slots=True)
class OpenedAnswer:
    """One person's answers, without the person. `block` is the block's place in the round.

    `answers` always has three places, in the order of the round's questions; None is left out, or
    a question that the round doesn't have. Printing one shows nothing.
    """

    block: int = field(repr=False)
    answers: tuple[int | None, ...] = field(repr=False)


def new_marker_key() -> bytes:
    """A key for the markers of one round: 32 random bytes."""
    return secrets.token_bytes(32)


def new_key_pair() -> tuple[bytes, bytes]:
    """A public and a private key for one round: raw X25519 keys of 32 bytes."""
    private = X25519PrivateKey.generate()
    return private.public_key().public_bytes_raw(), private.private_bytes_raw()


def public_key_of(private_key: bytes) -> bytes:
    """The public key that belongs to a private one. Raises SealedAnswerError."""
    return _load(private_key).public_key().public_bytes_raw()


def marker(marker_key: bytes, round_id: str, person_id: str) -> bytes:
    """The one place of a person in a round's inbox; without the key it's a random number."""
    return hmac.digest(marker_key, _joined(round_id.encode(), person_id.encode()), "sha256")


def marker_key_id(marker_key: bytes, round_id: str) -> bytes:
    """By which a marker key is known in the boxes of a round: 16 bytes that tell nothing of it."""
    # No round is named "", so that this is nobody's marker.
    return hmac.digest(marker_key, _joined(b"", round_id.encode()), "sha256")[:_KEY_ID_BYTES]


def seal(
    public_key: bytes,
    round_id: str,
    marker: bytes,
    block: int,
    answers: Sequence[int | None],
    *,
    key_id: bytes,
) -> bytes:
    """The box for one person's answers, 80 bytes; a None among them is a question left out.

    `key_id` is that of the key which made the marker. Raises ValueError if they don't fit.
    """
    if not 0 <= block <= _LONGEST_BLOCK:
        raise ValueError("the number of a block doesn't fit into two bytes")
    if len(answers) > MAX_QUESTIONS:
        raise ValueError(f"a box has room for {MAX_QUESTIONS} answers")
    if len(key_id) != _KEY_ID_BYTES:
        raise ValueError("the id of a marker key doesn't fit: it has 16 bytes")
    values = bytes(_byte(answer) for answer in answers).ljust(MAX_QUESTIONS, bytes([_LEFT_OUT]))
    plain = _PLAIN.pack(_VERSION, block, values, key_id, _PADDING)
    key = X25519PublicKey.from_public_bytes(public_key)
    return _SUITE.encrypt(plain, key, info=_joined(round_id.encode(), marker))


def unseal(private_key: bytes, round_id: str, marker: bytes, box: bytes) -> OpenedAnswer:
    """What is in a box. Raises SealedAnswerError, which never says what was in it."""
    return _open(_load(private_key), round_id, marker, box)[0]


def unseal_all(
    private_key: bytes, round_id: str, boxes: Iterable[tuple[bytes, bytes]]
) -> list[OpenedAnswer]:
    """What is in the boxes of a round, each with its marker before it.

    The same as `unseal` for each, and nearly twice as fast: reading a private key takes about as
    long as opening a box. Raises SealedAnswerError if a single one doesn't open, and MixedKeys if
    they weren't all made with one marker key.
    """
    key = _load(private_key)
    opened = [_open(key, round_id, marker, box) for marker, box in boxes]
    if len({made_with for _, made_with in opened}) > 1:
        raise MixedKeys("boxes of one round were made with more than one marker key")
    return [answer for answer, _ in opened]


def _load(private_key: bytes) -> X25519PrivateKey:
    try:
        return X25519PrivateKey.from_private_bytes(private_key)
    except ValueError:
        raise SealedAnswerError("the private key isn't one") from None


def _open(
    key: X25519PrivateKey, round_id: str, marker: bytes, box: bytes
) -> tuple[OpenedAnswer, bytes]:
    """What is in a box, and the id of the marker key that it was made with."""
    try:
        plain = _SUITE.decrypt(box, key, info=_joined(round_id.encode(), marker))
    except (InvalidTag, ValueError):
        raise SealedAnswerError("a box doesn't open") from None
    if len(plain) != _PLAIN.size:
        raise SealedAnswerError("a box holds something of another length")
    version, block, values, made_with, padding = _PLAIN.unpack(plain)
    if version != _VERSION:
        raise SealedAnswerError("a box is of another version")
    if padding != _PADDING:
        raise SealedAnswerError("a box isn't padded with zeros")
    answers = tuple(None if value == _LEFT_OUT else value for value in values)
    return OpenedAnswer(block, answers), made_with


def _byte(answer: int | None) -> int:
    if answer is None:
        return _LEFT_OUT
    if not 0 <= answer < _LEFT_OUT:
        raise ValueError("an answer doesn't fit into its byte")
    return answer


def _joined(first: bytes, second: bytes) -> bytes:
    """Two byte strings as one, from which both can be told: the first has its length before it."""
    return len(first).to_bytes(4, "big") + first + second
