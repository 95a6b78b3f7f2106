"""Asking a fake server in another process. It takes milliseconds, in which the caller waits."""

from __future__ import annotations

from http.client import HTTPConnection
from typing import Final
from urllib.parse import urlsplit

ANSWERS_WITHIN_S: Final = 10.0


def ask(address: str, method: str, path: str, body: str | None = None) -> bytes:
    """Raises RuntimeError if the answer is anything but success."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=ANSWERS_WITHIN_S)
    try:
        connection.request(method, path, body)
        response = connection.getresponse()
        answer = response.read()
        if response.status >= 300:
            raise RuntimeError(f"a fake server answered {response.status} to {path}")
        return answer
    finally:
        connection.close()
