"""Reading YAML files against their schema; every problem is one sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bot.errors import ContentError

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


def read_yaml(path: Path) -> Any:
    """The content of a YAML file. Raises ContentError."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ContentError([f"{path}: this file is missing."]) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError([f"{path}: this isn't YAML in UTF-8: {error}"]) from None


@dataclass(slots=True)
class Reading:
    """Reads several files and collects the problems of all of them."""

    problems: list[str] = field(default_factory=list)

    def read(self, path: Path, reader: Callable[[Path], T]) -> T | None:
        """What `reader` makes of a file, or None if it has problems."""
        try:
            return reader(path)
        except ContentError as error:
            self.problems += error.problems
            return None


def read_file(path: Path, schema: type[M]) -> M:
    """A file as its schema describes it. Raises ContentError with a sentence for each problem."""
    content = read_yaml(path)
    try:
        return schema.model_validate(content)
    except ValidationError as error:
        problems = [f"{path}: {_place(p['loc'])}{p['msg']}." for p in error.errors()]
        raise ContentError(problems) from None


def _place(location: tuple[int | str, ...]) -> str:
    """Such as `openings, entry 3, text: `."""
    words = [f"entry {part + 1}" if isinstance(part, int) else part for part in location]
    return f"{', '.join(words)}: " if words else ""
