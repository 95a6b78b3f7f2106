"""A sign-in that Microsoft Entra refuses, in its own words."""

from __future__ import annotations

from typing import Final

from tests.fakes.teams.json_types import Json
from tests.fakes.teams.refused import Refused

TRACE: Final = "00000000-0000-4000-8000-000000000001"
STATUSES: Final = {"invalid_client": 401, "temporarily_unavailable": 503}


class LoginRefused(Refused):
    """`number` is the one after AADSTS."""

    def __init__(
        self,
        code: str,
        message: str = "",
        *,
        number: int = 90_033,
        status: int = 0,
        retry_after: int | None = None,
    ) -> None:
        status = status or STATUSES.get(code, 400)
        super().__init__(code, message, status=status, retry_after=retry_after)
        self.number = number

    def body(self) -> Json:
        described = f"AADSTS{self.number}: {self.message} Trace ID: {TRACE} Correlation ID: {TRACE}"
        return {
            "error": self.code,
            "error_description": described,
            "error_codes": [self.number],
            "trace_id": TRACE,
            "correlation_id": TRACE,
        }
