"""A certificate for an app that signs in without a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from tests.fakes.teams.keys import key

CERTIFICATE_KEY, ANOTHER_KEY = -2, -3


@dataclass(frozen=True, slots=True)
class Certified:
    """A key and its certificate. Both are as a file has them, in PEM."""

    private_key: str
    certificate: str

    @property
    def x509(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.certificate.encode())

    @property
    def thumbprint(self) -> str:
        """As Azure's portal shows it."""
        return self.x509.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - it is only a name


def make_certificate(*, another: bool = False) -> Certified:
    """`another`: with a key that isn't the first one's."""
    private = key(ANOTHER_KEY if another else CERTIFICATE_KEY)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Wellbeing")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=90))
        .sign(private, hashes.SHA256())
    )
    return Certified(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode(),
        certificate.public_bytes(serialization.Encoding.PEM).decode(),
    )
