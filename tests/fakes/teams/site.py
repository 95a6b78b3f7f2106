"""All of the fake Teams' state: tenants, the app, keys and tokens, and what goes wrong."""

from __future__ import annotations

from tests.fakes.teams.access_tokens import AccessTokens
from tests.fakes.teams.call_log import CallLog
from tests.fakes.teams.clock import TeamsClock
from tests.fakes.teams.faults import Faults
from tests.fakes.teams.refused import Refused
from tests.fakes.teams.signing import Signer
from tests.fakes.teams.state import Person, Team
from tests.fakes.teams.teams_app import FIRST_TENANT, TeamsApp
from tests.fakes.teams.tenant import Tenant


class Site:
    """What every part of the server shares. `url` is set once it listens.

    `region` is a part of the service URL; Microsoft may move a tenant to another.
    """

    def __init__(self) -> None:
        self.url = ""
        self.region = "emea"
        self.clock = TeamsClock()
        self.app = TeamsApp()
        self.access_tokens = AccessTokens(self.clock)
        self.signer = Signer(self.clock, self.app)
        self.faults = Faults()
        self.log = CallLog()
        self.tenants: dict[str, Tenant] = {}

    @property
    def service_url(self) -> str:
        return f"{self.url}/{self.region}/"

    @property
    def tenant(self) -> Tenant:
        """The first one."""
        return self.tenants[FIRST_TENANT]

    def add_tenant(self, name: str) -> Tenant:
        tenant = Tenant(name)
        self.tenants[tenant.id] = tenant
        return tenant

    def find(self, conversation_id: str) -> tuple[Tenant, Person | Team]:
        """Whose conversation this is, whether or not a thread in it is meant."""
        for tenant in self.tenants.values():
            if (place := tenant.place(conversation_id)) is not None:
                return tenant, place
        raise Refused("ConversationNotFound")
