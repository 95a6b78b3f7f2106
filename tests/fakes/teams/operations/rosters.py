"""Who is in a chat or in a team."""

from __future__ import annotations

from base64 import b64decode, b64encode

from tests.fakes.teams.gate import Answer
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.operations.asked import Asked, bad_argument, operation
from tests.fakes.teams.refused import Refused
from tests.fakes.teams.state import Person, Team
from tests.fakes.teams.tenant import Tenant

# Smaller and larger pages than these aren't given, whatever is asked for.
PAGE_AT_LEAST, PAGE_AT_MOST, PAGE = 50, 500, 200


@operation("members", "GET", "conversations/{conversation}/pagedmembers")
def paged_members(asked: Asked) -> Answer:
    tenant, place = readable(asked)
    people = tenant.members_of(place)
    start, size = _start(asked.query.get("continuationToken")), _size(asked.query.get("pageSize"))
    page: Json = {"members": [account(tenant, each) for each in people[start : start + size]]}
    if start + size < len(people):
        page["continuationToken"] = b64encode(str(start + size).encode()).decode()
    return 200, page


@operation("member", "GET", "conversations/{conversation}/members/{member}")
def member(asked: Asked) -> Answer:
    tenant, place = readable(asked)
    person = tenant.account(asked.path["member"])
    if person is None or person not in tenant.members_of(place):
        raise Refused("MemberNotFoundInConversation")
    return 200, account(tenant, person)


def readable(asked: Asked) -> tuple[Tenant, Person | Team]:
    tenant, place = asked.site.find(asked.conversation)
    if not (place.has_bot if isinstance(place, Team) else place.installed):
        raise Refused("BotNotInConversationRoster")
    return tenant, place


def account(tenant: Tenant, person: Person) -> Json:
    """A TeamsChannelAccount."""
    shown: Json = {
        "id": person.id,
        "name": person.name,
        "aadObjectId": person.aad_id,
        "objectId": person.aad_id,
        "givenName": person.given_name,
        "surname": person.surname,
        "userPrincipalName": person.email,
        "tenantId": tenant.id,
        "userRole": "guest" if person.is_guest else "user",
    }
    if person.email:
        shown["email"] = person.email
    return shown


def _size(given: str | None) -> int:
    if given is None:
        return PAGE
    if not given.isdigit():
        raise bad_argument("pageSize isn't a number.")
    return min(max(int(given), PAGE_AT_LEAST), PAGE_AT_MOST)


def _start(token: str | None) -> int:
    if token is None:
        return 0
    try:
        return int(b64decode(token))
    except ValueError as error:
        raise bad_argument("The continuation token is invalid.") from error
