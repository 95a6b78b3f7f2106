"""The fake platform as a process of its own, and how to talk to it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.asking import ask
from benchmarks.child import Child
from benchmarks.fake_platform.behaviour import BEHAVIOUR, Behaviour
from benchmarks.fake_platform.recorder import Arrival, Counts


class Platform:
    """A fake platform that runs. Asking it takes milliseconds, in which the caller waits."""

    def __init__(self, address: str) -> None:
        self.address = address

    def behave(self, behaviour: Behaviour) -> None:
        """Have it behave like this from now on. Its quota is full again."""
        ask(self.address, "PUT", "/admin/behaviour", json.dumps(asdict(behaviour)))

    def behaviour(self) -> Behaviour:
        return BEHAVIOUR.validate_json(ask(self.address, "GET", "/admin/behaviour"))

    def counts(self) -> Counts:
        return Counts(**json.loads(ask(self.address, "GET", "/admin/counts")))

    def arrivals(self) -> Sequence[Arrival]:
        """Every message that was kept, in order."""
        found: list[Any] = json.loads(ask(self.address, "GET", "/admin/arrivals"))
        return [Arrival(*each) for each in found]

    def forget(self) -> None:
        """Have it forget all that has arrived, and start with a full quota."""
        ask(self.address, "POST", "/admin/forget")


@contextmanager
def platform_process(log: Path, behaviour: Behaviour | None = None) -> Iterator[Platform]:
    """A fake platform on a free port, until the end of the block. What it prints goes to `log`."""
    process = Child(log, "benchmarks.fake_platform")
    try:
        platform = Platform(process.wait_for("http://"))
        if behaviour is not None:
            platform.behave(behaviour)
        yield platform
    finally:
        process.end()
