"""What somebody typed, as they see it: Teams sends it with markup and escapes of its own."""

from __future__ import annotations

import html
import re
from typing import Final

from adapters.teams.incoming import Turn
from adapters.teams.people import who_of
from bot.ports import Line

_MENTION: Final = re.compile(r"<at\b[^<>]*>(.*?)</at>", re.DOTALL)
_LINE_END: Final = re.compile(r"\r\n?")
_NO_BREAK_SPACE: Final = "\N{NO-BREAK SPACE}"
# What comes with a line that has no file: its formatting, the line that it answers, and cards.
_NO_FILE: Final = re.compile(r"text/html|messageReference|application/vnd\.microsoft\.card\..*")


def line_of(turn: Turn) -> Line:
    """The line that Teams tells of, which keeps no threads in a chat."""
    kinds = (each.content_type for each in turn.attachments)
    has_files = any(_NO_FILE.fullmatch(kind) is None for kind in kinds)
    return Line(who_of(turn), _as_seen(turn.text), has_files=has_files)


def _as_seen(text: str) -> str:
    words = html.unescape(_MENTION.sub(r"\1", text))
    return _LINE_END.sub("\n", words).replace(_NO_BREAK_SPACE, " ").strip()
