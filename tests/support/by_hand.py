"""Trying a fake by hand, as a test does it: its page in a real browser, and its program."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

ROOT = Path(__file__).parents[2]
EXECUTABLE = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
WITHIN_MS = 10_000


@asynccontextmanager
async def browser_page() -> AsyncIterator[Page]:
    """A page in Chromium; the test is skipped where there is none, but not in CI."""
    if EXECUTABLE is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Continuous integration needs Chromium.")
        pytest.skip("There is no Chromium on this machine.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=EXECUTABLE, args=ARGUMENTS, timeout=3 * WITHIN_MS
        )
        opened = await browser.new_page()
        opened.set_default_timeout(WITHIN_MS)
        yield opened
        await browser.close()


def said_when_started(fake: str, output: Path) -> str:
    """Start a fake's program with twenty people, and end it by Ctrl+C: all that it said."""
    command = [sys.executable, "-m", fake, "--port", "0", "--people", "20"]
    with output.open("w") as file:
        started = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT)
        try:
            _wait_for(output, "Ctrl+C")
        finally:
            started.send_signal(signal.SIGINT)
            assert started.wait(10) == 0
    return output.read_text()


def _wait_for(output: Path, words: str) -> None:
    last = time.monotonic() + WITHIN_MS / 1_000
    while words not in output.read_text():
        assert time.monotonic() < last, f"it didn't say: {words}"
        time.sleep(0.05)
