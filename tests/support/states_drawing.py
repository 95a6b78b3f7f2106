"""The states of a support request as a drawing, from the code: for `docs/support.md`.

`python -m tests.support.states_drawing` puts the present one into the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from bot.domain.support import ENDED, HELD, TRANSITIONS, WAITING, Event, RequestState

PAGE: Final = Path(__file__).parents[2] / "docs" / "support.md"
FENCED: Final = re.compile(r"```mermaid\n.*?```\n", re.DOTALL)
# Sets of states that have a box of their own, the widest first.
BOXES: Final = {"alive": (*WAITING, *HELD), "waiting": WAITING, "held": HELD}


def drawing() -> str:
    """A state diagram in Mermaid: an arrow from a box stands for one from each state in it."""
    lines = ["stateDiagram-v2", "    direction LR", f"    [*] --> {RequestState.DRAFT}"]
    lines += [
        "    state alive {",
        *_box("waiting", WAITING),
        *_box("held", HELD),
        "    }",
    ]
    lines += [f"    {start} --> {end}: {what}" for start, end, what in _arrows()]
    lines += [f"    {state} --> [*]" for state in ENDED]
    return "```mermaid\n" + "\n".join(lines) + "\n```\n"


def _box(name: str, states: Iterable[RequestState]) -> list[str]:
    inside = [f"            {state}" for state in states]
    return [f"        state {name} {{", *inside, "        }"]


def _arrows() -> Iterator[tuple[str, str, str]]:
    """From where, to where, and by which events; arrows between the same two are one."""
    found: dict[tuple[str, str], list[str]] = {}
    for event in Event:
        for end in RequestState:
            starts = {state for (state, by), to in TRANSITIONS.items() if (by, to) == (event, end)}
            for start in _boxed(starts):
                found.setdefault((start, end), []).append(event)
    for (source, target), events in found.items():
        yield source, target, ", ".join(events)


def _boxed(states: set[RequestState]) -> list[str]:
    """The same states, with the name of a box in the place of all that are in it."""
    names: list[str] = []
    for name, inside in BOXES.items():
        if states >= set(inside):
            names.append(name)
            states = states - set(inside)
    return [*names, *(state for state in RequestState if state in states)]


def drawn_in(page: str) -> str:
    found = FENCED.search(page)
    return found.group() if found else ""


if __name__ == "__main__":
    PAGE.write_text(FENCED.sub(drawing(), PAGE.read_text(encoding="utf-8"), count=1), "utf-8")
