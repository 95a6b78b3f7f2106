"""The app as it is registered at Microsoft: its id, secret, certificates and addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from cryptography.x509 import Certificate

from tests.fakes.teams.ids import guid

FIRST_TENANT: Final = guid("tenant", "Example")
MULTI_TENANT_AUTHORITY: Final = "botframework.com"


@dataclass(slots=True)
class TeamsApp:
    """`request_url` takes all activities. `certificates` are those it may sign in with."""

    id: str = guid("app", "Wellbeing")
    name: str = "Wellbeing"
    password: str = "fake-client-secret"
    password_ended: bool = False
    kind: Literal["SingleTenant", "MultiTenant"] = "SingleTenant"
    tenant_id: str = FIRST_TENANT
    request_url: str = ""
    certificates: list[Certificate] = field(default_factory=list)

    @property
    def bot_id(self) -> str:
        """Its account in every conversation."""
        return f"28:{self.id}"

    @property
    def authority(self) -> str:
        """Where alone it gets tokens."""
        return self.tenant_id if self.kind == "SingleTenant" else MULTI_TENANT_AUTHORITY
