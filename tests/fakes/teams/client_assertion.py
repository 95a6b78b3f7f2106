"""The signed assertion with which an app signs in that has a certificate in place of a password."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Collection, Sequence
from typing import Final

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import Certificate

from tests.fakes.teams.json_types import Json
from tests.fakes.teams.login_refused import LoginRefused

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def check_assertion(
    assertion: str,
    certificates: Sequence[Certificate],
    app_id: str,
    audiences: Collection[str],
    now: float,
) -> None:
    """Raises LoginRefused for what Entra refuses: another signer, audience or app, or too late."""
    claims = _signed(assertion, certificates)
    if claims.get("iss") != app_id or claims.get("sub") != app_id:
        raise LoginRefused("invalid_client", "Client assertion is not the app's.", number=700_021)
    if claims.get("aud") not in audiences:
        raise LoginRefused(
            "invalid_client", "Client assertion audience claim is wrong.", number=700_023
        )
    if not claims.get("nbf", 0) <= now < claims.get("exp", 0):
        raise LoginRefused(
            "invalid_client", "Client assertion is not within its valid time range.", number=700_024
        )


def _signed(assertion: str, certificates: Sequence[Certificate]) -> Json:
    try:
        certificate = _certificate_of(jwt.get_unverified_header(assertion), certificates)
        public_key = certificate.public_key()
        assert isinstance(public_key, RSAPublicKey)
        options = {
            "verify_aud": False,
            "verify_exp": False,
            "verify_nbf": False,
            "verify_iat": False,
        }
        claims: Json = jwt.decode(assertion, public_key, ["RS256", "PS256"], options)  # type: ignore[arg-type]
    except jwt.PyJWTError as error:
        raise LoginRefused(
            "invalid_client", "Client assertion contains an invalid signature.", number=700_027
        ) from error
    return claims


def _certificate_of(header: Json, certificates: Sequence[Certificate]) -> Certificate:
    """The one that the assertion names by its thumbprint."""
    for certificate in certificates:
        named = {
            "x5t": certificate.fingerprint(hashes.SHA1()),  # noqa: S303 - it is only a name
            "x5t#S256": certificate.fingerprint(hashes.SHA256()),
        }
        for name, thumbprint in named.items():
            # Microsoft's own library leaves the padding there.
            if str(header.get(name)).rstrip("=") == encoded(thumbprint):
                return certificate
    raise LoginRefused("invalid_client", "The key was not found.", number=700_027)


def encoded(thumbprint: bytes) -> str:
    return urlsafe_b64encode(thumbprint).decode().rstrip("=")
