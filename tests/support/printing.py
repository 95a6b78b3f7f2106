"""Everything that the bot prints, at its most talkative."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

import structlog

from bot.logs import configure_logging


@contextmanager
def printing() -> Iterator[io.StringIO]:
    """Log as with LOG_LEVEL=debug and LOG_FORMAT=json, and gather it; libraries' lines as well."""
    printed = io.StringIO()
    root = logging.getLogger()
    handlers, before = root.handlers[:], structlog.get_config()
    libraries = logging.StreamHandler(printed)
    libraries.setLevel(logging.WARNING)
    with redirect_stderr(printed):
        configure_logging("debug", "json")
    root.addHandler(libraries)
    try:
        yield printed
    finally:
        root.handlers[:] = handlers
        structlog.configure(**before)
