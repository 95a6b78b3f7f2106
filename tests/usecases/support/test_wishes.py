from __future__ import annotations

from tests.support.desk import VOLUNTEERS, ask, asked, press
from tests.support.organisation import World
from tests.support.reading import words


async def test_whoever_is_named_is_not_asked_now_nor_later(desk: World) -> None:
    await ask(desk, "ann", not_this=desk.ids["wes"], nor_this=desk.ids["val"])
    assert not {"wes", "val"} & set(asked(desk))
    await press(desk, "ann", "support.withdraw")
    await ask(desk, "ann")
    assert not {"wes", "val"} & set(asked(desk))


async def test_it_holds_both_ways(desk: World) -> None:
    await ask(desk, "wes", not_this=desk.ids["val"])
    await press(desk, "wes", "support.withdraw")
    await ask(desk, "val")
    assert "wes" not in asked(desk)


async def test_only_a_volunteer_can_be_named(desk: World) -> None:
    await ask(desk, "ann", not_this=desk.ids["mia"], nor_this="nobody")
    reply = await desk.tap("ann", "support.wishes")
    assert "nobody on your list" in words(reply.notice)


async def test_they_are_read_and_forgotten_by_whoever_named_them_alone(desk: World) -> None:
    await ask(desk, "ann", not_this=desk.ids["wes"])
    assert "Wes" in words((await desk.tap("ann", "support.wishes")).notice)
    for name in ("wes", "mia", "cora"):
        assert "nobody on your list" in words((await desk.tap(name, "support.wishes")).notice)
    await desk.tap("wes", "support.wishes.forget")
    assert "Wes" in words((await desk.tap("ann", "support.wishes")).notice)
    await desk.tap("ann", "support.wishes.forget")
    assert "nobody on your list" in words((await desk.tap("ann", "support.wishes")).notice)


async def test_with_everybody_named_it_is_said_that_nobody_is_there(desk: World) -> None:
    for first, second in (("wes", "walt"), ("wu", "val"), ("vic", "wes")):
        await ask(desk, "ann", not_this=desk.ids[first], nor_this=desk.ids[second])
        await press(desk, "ann", "support.withdraw")
    form = (await desk.tap("ann", "support.open")).form
    assert form is not None
    assert len(VOLUNTEERS) == 5
    assert "Nobody is there just now" in "".join(str(part) for part in form.intro)
