"""The admin's page: what the server tells it, to whom, and what a press of a button does."""

from __future__ import annotations

import asyncio
import json

import pytest

from adapters.playground.server import PREFIX
from bot.domain.delivery import DeliveryState
from bot.store.tables import Person
from bot.usecases.core import Core
from tests.adapters.playground.conftest import Json, Page
from tests.support.sendings import deliveries, occurrence
from tests.support.tables import rows_of

WITHIN_S = 30
WEEKLY, PULSE = "check-in-weekly", "pulse"


@pytest.fixture
async def admin(page: Page, town: Core) -> Page:
    """The page, where the boss is an admin."""
    async with town.database.writing() as session:
        boss = await session.get_one(Person, page.ids["boss"])
        boss.is_admin = True
    return page


async def sending(page: Page, name: str) -> tuple[int, Json]:
    response = await page.client.get(f"{PREFIX}/api/sending", params={"person": page.ids[name]})
    return response.status, dict(await response.json())


async def test_the_page_is_there(page: Page) -> None:
    response = await page.client.get(f"{PREFIX}/sending")
    assert response.status == 200
    assert "Content-Security-Policy" in response.headers
    assert "sending.js" in await response.text()


async def test_somebody_who_is_no_admin_is_refused_kindly(page: Page) -> None:
    status, answer = await sending(page, "boss-1")
    assert status == 403
    assert answer == {"error": "That page is for somebody else, so I can't open it for you."}


@pytest.mark.parametrize("path", ["sending/retry", "sending/expire"])
async def test_somebody_who_is_no_admin_changes_nothing(page: Page, town: Core, path: str) -> None:
    firing = await occurrence(town, WEEKLY)
    await deliveries(town, firing, 1, DeliveryState.FAILED, "refused")
    before = await rows_of(town, "delivery")
    status, _ = await page.post(path, {"person": page.ids["boss-1"]})
    assert status == 403
    assert await rows_of(town, "delivery") == before


async def test_an_admin_sees_counts_with_their_reasons(admin: Page, town: Core) -> None:
    firing = await occurrence(town, WEEKLY)
    await deliveries(town, firing, 6, DeliveryState.SENT)
    await deliveries(town, firing, 2, DeliveryState.FAILED, "refused")
    await deliveries(town, firing, 2, DeliveryState.PLANNED)
    status, seen = await sending(admin, "boss")
    assert status == 200
    assert seen["running"] == 1
    assert seen["lag"] == "0 s"
    (one,) = seen["outcomes"]
    assert (one["sent"], one["waiting"], one["in_hand"], one["progress"]) == ("6", "2", None, 80)
    assert one["failed"] == [
        {"reason": "refused", "words": "refused by the platform", "count": "2"}
    ]


async def test_nothing_exact_of_a_pulse_leaves_the_server(admin: Page, town: Core) -> None:
    told = []
    for number, local_at in ((9, "2026-11-23T10:00"), (14, "2026-11-24T10:00")):
        firing = await occurrence(town, PULSE, local_at=local_at)
        await deliveries(town, firing, number, DeliveryState.SENT)
        await deliveries(town, firing, number - 8, DeliveryState.SKIPPED, "opted_out")
        await deliveries(town, firing, number, DeliveryState.PLANNED)
    _, seen = await sending(admin, "boss")
    for one in seen["outcomes"]:
        assert one["sent"] == "8 to 15"
        assert one["progress"] is None
        told.append(json.dumps({key: one[key] for key in ("sent", "waiting", "progress")}))
    assert told[0] == told[1]


async def test_what_failed_is_tried_again_once_an_admin_says_so(admin: Page, town: Core) -> None:
    firing = await occurrence(town, WEEKLY)
    await deliveries(town, firing, 2, DeliveryState.FAILED, "refused")
    await deliveries(town, firing, 1, DeliveryState.FAILED, "undeliverable")
    body = {
        "person": admin.ids["boss"],
        "programme": WEEKLY,
        "local_at": "2026-11-23T10:00",
        "reason": "refused",
    }
    assert await admin.post("sending/retry", body) == (
        200,
        {"text": "Will be sent again: check-in-weekly (2)."},
    )
    async with asyncio.timeout(WITHIN_S):
        await town.queue.rest()
    assert [
        row["reason"] for row in await rows_of(town, "delivery") if row["state"] == "failed"
    ] == ["undeliverable"]
    assert await admin.post("sending/retry", body) == (
        200,
        {"text": "There is nothing that can be sent again."},
    )


async def test_what_waits_is_called_off_once_an_admin_says_so(admin: Page, town: Core) -> None:
    firing = await occurrence(town, WEEKLY)
    await deliveries(town, firing, 3, DeliveryState.PLANNED)
    body = {"person": admin.ids["boss"], "programme": WEEKLY}
    assert await admin.post("sending/expire", body) == (
        200,
        {"text": "Called off: check-in-weekly (3)."},
    )
    assert {row["state"] for row in await rows_of(town, "delivery")} == {"expired"}


async def test_a_request_that_is_not_as_expected_changes_nothing(admin: Page, town: Core) -> None:
    firing = await occurrence(town, WEEKLY)
    await deliveries(town, firing, 1, DeliveryState.FAILED, "refused")
    status, _ = await admin.post("sending/expire", {"person": admin.ids["boss"], "all": True})
    assert status == 400
    assert [row["state"] for row in await rows_of(town, "delivery")] == ["failed"]
