"""Tokens that aren't Microsoft's, each wrong in one way."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Final, Literal, get_args

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.utils import base64url_encode

from tests.fakes.teams.json_types import Json

# A foreign key comes with the id of one that is published, an unknown one with its own.
Signing = Literal[
    "good",
    "none",
    "garbage",
    "unsigned",
    "public key as secret",
    "tampered",
    "foreign key",
    "unknown key",
    "no key id",
    "not endorsed",
    "expired",
    "not yet valid",
    "wrong audience",
    "wrong issuer",
    "wrong service url",
    "no service url",
]
FORGERIES: Final[tuple[Signing, ...]] = tuple(
    signing for signing in get_args(Signing) if signing != "good"
)
HOURS_S: Final = 2 * 3_600


def wrong_claims(signing: Signing, claims: Json) -> Json:
    """What is claimed wrongly, for a token that is otherwise signed well."""
    wrong: dict[str, Json] = {
        "expired": {"nbf": claims["nbf"] - HOURS_S, "exp": claims["exp"] - HOURS_S},
        "not yet valid": {"nbf": claims["nbf"] + HOURS_S, "exp": claims["exp"] + HOURS_S},
        "wrong audience": {"aud": "00000000-0000-4000-8000-000000000000"},
        "wrong issuer": {"iss": "https://api.example.org"},
        "wrong service url": {"serviceurl": "https://smba.example.org/emea/"},
    }
    return wrong.get(signing, {})


def signed_by_nobody(claims: Json, headers: dict[str, str]) -> str:
    return jwt.encode(claims, "", "none", headers)


def signed_with_public_key(claims: Json, headers: dict[str, str], key: RSAPublicKey) -> str:
    """HS256, with what everybody can read in place of a secret; PyJWT wouldn't do it."""
    pem = key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    parts = ({"alg": "HS256", "typ": "JWT", **headers}, claims)
    signed = b".".join(base64url_encode(json.dumps(part).encode()) for part in parts)
    signature = base64url_encode(hmac.new(pem, signed, hashlib.sha256).digest())
    return b".".join((signed, signature)).decode()


def tampered(token: str) -> str:
    """The same signature over claims that hold for longer."""
    header, _, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False})
    longer = base64url_encode(json.dumps({**claims, "exp": claims["exp"] + 1}).encode())
    return f"{header}.{longer.decode()}.{signature}"
