"""Reading what people see, as one text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from tests.fakes.teams.json_types import Json
from tests.fakes.teams.tenant import Tenant

READ: Final = {"text", "title", "label", "placeholder", "altText", "legend", "xAxisTitle"}
UNREAD: Final = {"data", "fallback", "msteams"}


def text_of(card: Json) -> str:
    """Everything that can be read in a card, a line for each text."""
    return "\n".join(_texts(card))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name in READ and isinstance(inner, str):
                yield inner
            elif name not in UNREAD:
                yield from _texts(inner)


def everything_said(tenants: Iterable[Tenant]) -> str:
    """What an eDiscovery search would find: texts, and whole cards with their data."""
    kept = [each for tenant in tenants for each in tenant.kept]
    return "\n".join(json.dumps(each, ensure_ascii=False) for each in kept)
