"""What Bolt and slack_sdk may log: at which level, which of them, where, and Slack's error code.

Both print requests and answers whole, some of it in warnings, and an answer that somebody gave may
be in them. So nothing of their sentences is kept. Below warnings they aren't asked to write any.
"""

from __future__ import annotations

import logging
from typing import Final

import structlog

from adapters.slack.failures import MEANINGS, code_of

log = structlog.get_logger(__name__)

LIBRARIES: Final = ("slack_bolt", "slack_sdk")
SENTENCE: Final = "a library has something to say that isn't shown"


def quiet_logger(library: str = "slack_bolt") -> logging.Logger:
    """The logger to give to a library, and both libraries made quiet.

    Bolt copies level and filters to the loggers that it makes, wherever their names would put them.
    """
    for name in {*LIBRARIES, library}:
        _hush(logging.getLogger(name))
    logger = logging.getLogger(f"{library}.quiet")
    if _WITHOUT_CONTENT not in logger.filters:
        logger.addFilter(_WITHOUT_CONTENT)
    # Set on the logger itself: the libraries ask for this one's level, not for the one that holds.
    logger.setLevel(logging.WARNING)
    return logger


def _hush(logger: logging.Logger) -> None:
    """Have a library's loggers hand what they have to `_Handler`, and to nobody else."""
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    if _HANDLER not in logger.handlers:
        logger.addHandler(_HANDLER)


class _WithoutContent(logging.Filter):
    """Takes everything out of a record that could be content."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.msg != SENTENCE:
            record.code = _code(record)
            record.error = _error(record)
            record.msg, record.args = SENTENCE, ()
        record.exc_info = record.exc_text = record.stack_info = None
        return True


class _Handler(logging.Handler):
    """Hands records on to the log of the bot."""

    def emit(self, record: logging.LogRecord) -> None:
        details = {name: getattr(record, name, "") for name in ("error", "code")}
        write = log.error if record.levelno >= logging.ERROR else log.warning
        write(
            SENTENCE,
            library=record.name,
            place=f"{record.module}:{record.lineno}",
            **{name: value for name, value in details.items() if value},
        )


def _error(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    return type(error).__name__ if error is not None else ""


def _code(record: logging.LogRecord) -> str:
    """The code of the error that is logged, if it is one that we know: then it's no content."""
    error = record.exc_info[1] if record.exc_info else None
    code = code_of(error) if isinstance(error, Exception) else ""
    return code if code in MEANINGS else ""


_WITHOUT_CONTENT: Final = _WithoutContent()
_HANDLER: Final = _Handler(logging.WARNING)
_HANDLER.addFilter(_WITHOUT_CONTENT)
