"""Sealed comments: as sealed answers, with a text in place of numbers.

    box  = HPKE(public key; plain text; info = "comment" | round | marker)
    mark = HMAC-SHA256(marker key; "comment" | round | person)

The plain text is the place of the writer's block and a text that was redacted, and always has the
same length. The marker has another label than an answer's: without the key nobody can tell which
answer came from whoever wrote a comment, and the side that opens both has no such key.
"""

from __future__ import annotations

import hmac
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from bot.errors import MixedKeys, SealedAnswerError

# In characters; each takes four bytes of UTF-8 at most.
LONGEST: Final = 500

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_PLAIN = struct.Struct(">BH16sH2027s")  # version, block, key id, length, text: 2,048 bytes
_VERSION = 1
_LABEL = b"comment\0"
# No programme's id has it, so it is no round's own inbox; PostgreSQL's names leave room for one.
_SUFFIX: Final = "+"


@dataclass(frozen=True, slots=True)
class OpenedComment:
    """What somebody wrote, without them. `block` is the block's place in the round."""

    block: int = field(repr=False)
    text: str = field(repr=False)


def inbox_of_comments(round_id: str) -> str:
    """The id of the inbox in which a round's comments are."""
    return round_id + _SUFFIX


def round_of_inbox(inbox_id: str) -> str:
    """The round that an inbox belongs to, be it that of answers or that of comments."""
    return inbox_id.removesuffix(_SUFFIX)


def comment_marker(marker_key: bytes, round_id: str, person_id: str) -> bytes:
    """The one place of a person among a round's comments."""
    return hmac.digest(marker_key, _info(round_id, person_id.encode()), "sha256")


def seal_comment(
    public_key: bytes, round_id: str, marker: bytes, block: int, text: str, *, key_id: bytes
) -> bytes:
    """The box for one comment: as long whatever it says. Raises ValueError if it is too long."""
    if len(text) > LONGEST:
        raise ValueError(f"a comment has up to {LONGEST} characters")
    written = text.encode()
    plain = _PLAIN.pack(_VERSION, block, key_id, len(written), written)
    key = X25519PublicKey.from_public_bytes(public_key)
    return _SUITE.encrypt(plain, key, info=_info(round_id, marker))


def unseal_comments(
    private_key: bytes, round_id: str, boxes: Iterable[tuple[bytes, bytes]]
) -> list[OpenedComment]:
    """What is in the boxes of a round, each with its marker before it.

    Raises SealedAnswerError if a single one doesn't open, and MixedKeys if they weren't all made
    with one marker key; neither says what was in it.
    """
    try:
        key = X25519PrivateKey.from_private_bytes(private_key)
    except ValueError:
        raise SealedAnswerError("the private key isn't one") from None
    opened = [_open(key, round_id, marker, box) for marker, box in boxes]
    if len({made_with for _, made_with in opened}) > 1:
        raise MixedKeys("comments of one round were made with more than one marker key")
    return [comment for comment, _ in opened]


def _open(
    key: X25519PrivateKey, round_id: str, marker: bytes, box: bytes
) -> tuple[OpenedComment, bytes]:
    try:
        plain = _SUITE.decrypt(box, key, info=_info(round_id, marker))
        version, block, made_with, length, written = _PLAIN.unpack(plain)
        text = written[:length].decode()
    except (InvalidTag, ValueError, struct.error):
        raise SealedAnswerError("a comment doesn't open") from None
    if version != _VERSION or len(text) > LONGEST or any(written[length:]):
        raise SealedAnswerError("a comment isn't written as it should be")
    return OpenedComment(block, text), made_with


def _info(round_id: str, rest: bytes) -> bytes:
    """All of it, so that each part can be told: the round has its length before it."""
    first = round_id.encode()
    return _LABEL + len(first).to_bytes(4, "big") + first + rest
