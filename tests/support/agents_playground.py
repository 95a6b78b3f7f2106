"""Microsoft's own Agents Playground: the release that is pinned, as a process of its own.

It shows what a bot says by the same renderer of cards as Teams, without a tenant. It opens no
dialogs, and takes no part in who may do what: for these there is `tests/fakes/teams`.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NoReturn

import pytest

from tests.support.processes import ENDS_WITHIN_S, ROOT, Process

PINNED = ROOT / "tests" / "agents_playground"
PACKAGE = "@microsoft/m365agentsplayground"
CACHE = ROOT / ".cache"
INSTALLED_WITHIN_S = 100.0
LISTENS = re.compile(r"^Listening on (?P<port>\d+)$", re.MULTILINE)

# It opens no browser by itself, and reports nothing to Microsoft.
QUIET = {"TEAMSAPPTESTER_BROWSER": "none", "APPLICATION_INSIGHTS_NO_STATSBEAT": "1"}
NO_TELEMETRY = ("--disable-telemetry",)
AS_IT_IS = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")


@asynccontextmanager
async def agents_playground(
    endpoint: str, directory: Path, zone: str = "UTC"
) -> AsyncIterator[str]:
    """Talk to the bot at `endpoint` from this time zone; yields the address of its page.

    The test is skipped where the Playground can't be installed, but not in CI.
    """
    program = await asyncio.to_thread(_installed)
    process = _started(program, endpoint, directory, zone)
    try:
        port = (await process.says(LISTENS))["port"]
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.child.kill()
        process.child.wait(ENDS_WITHIN_S)


def _started(program: Path, endpoint: str, directory: Path, zone: str) -> Process:
    output = directory / "agents playground.txt"
    with output.open("wb") as log:
        child = subprocess.Popen(
            [_found("node"), program, "-e", endpoint, "-c", "msteams", "-p", "0", *NO_TELEMETRY],
            cwd=directory,
            env={
                **QUIET,
                "PATH": os.environ["PATH"],
                "HOME": str(directory),
                "TZ": zone,
                "M365_AGENTS_PLAYGROUND_LOGFILE": str(directory / "agents playground.log"),
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    return Process(child, output)


def _installed() -> Path:
    """Its program, installed once for each release that is pinned, as the lock file has it."""
    version = json.loads((PINNED / "package.json").read_text())["dependencies"][PACKAGE]
    folder = CACHE / f"agents-playground-{version}"
    if not folder.exists():
        _install(folder)
    return folder / "node_modules" / PACKAGE / "cli.js"


def _install(folder: Path) -> None:
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as new:
        made = Path(new) / "made"
        made.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(PINNED / name, made)
        done = subprocess.run(
            [_found("npm"), "ci", *AS_IT_IS],
            cwd=made,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=INSTALLED_WITHIN_S,
            check=False,
        )
        if done.returncode:
            _without(f"npm can't install the Agents Playground: {done.stderr[-500:]}")
        # Another run may have been quicker, with the same.
        with suppress(OSError):
            made.rename(folder)


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        _without(f"There is no {program} on this machine.")
    return path


def _without(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"Continuous integration needs the Agents Playground. {reason}")
    pytest.skip(reason)
