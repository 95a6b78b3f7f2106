from __future__ import annotations

import json

from adapters.playground.events import BACKLOG, Event, Hub, home_changed, progress


async def test_every_open_tab_hears_of_an_event() -> None:
    hub = Hub()
    with hub.tab("ada") as one, hub.tab("ada", "bo") as other:
        hub.publish(progress("Moving", running=True))

        heard = [await one.next(), await other.next()]

    assert [event.kind for event in heard if event] == ["progress", "progress"]


async def test_a_tab_hears_nothing_of_other_peoples_direct_messages() -> None:
    hub = Hub()
    with hub.tab("bo") as tab:
        hub.publish(Event("posted", conversation="dm:ada"))
        hub.publish(home_changed("bo"))

        heard = await tab.next()

    assert heard is not None
    assert heard.kind == "home"


async def test_a_slow_tab_is_told_to_reload_and_its_backlog_goes() -> None:
    hub = Hub()
    with hub.tab("ada") as tab:
        for number in range(BACKLOG + 1):
            hub.publish(progress(f"{number}", running=True))
        hub.publish(progress("last", running=False))

        heard = [await tab.next(), await tab.next()]

    assert [event.kind for event in heard if event] == ["reload", "progress"]


async def test_a_closed_tab_is_forgotten() -> None:
    hub = Hub()
    with hub.tab("ada") as tab:
        pass
    hub.publish(progress("late", running=True))
    tab.end()

    assert await tab.next() is None


async def test_closing_the_hub_ends_every_tab() -> None:
    hub = Hub()
    with hub.tab("ada") as tab:
        hub.publish(progress("waiting", running=True))
        hub.close()

        assert await tab.next() is None


def test_an_event_is_written_as_a_server_sent_event() -> None:
    event = Event("clock", {"now": "2026-03-02T09:00:00+00:00"}, number=7)

    number, kind, data, *end = event.encoded(["ada"]).decode().split("\n")

    assert (number, kind, end) == ("id: 7", "event: clock", ["", ""])
    told = json.loads(data.removeprefix("data: "))
    assert told == {"people": ["ada"], "now": "2026-03-02T09:00:00+00:00"}
