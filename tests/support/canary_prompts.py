"""A library in which every answer is a word that can't be mistaken for anything else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import yaml

PROMPTS: Final = Path(__file__).parent.parent.parent / "prompts"
CANARY: Final = "canary-7c2d"
QUESTION: Final = "asked-7c2d"


def canary_prompts(folder: Path) -> Path:
    """A copy of the prompts. An answer's id, label and reply have `CANARY` in them,
    and a question's id has `QUESTION`."""
    shutil.copytree(PROMPTS, folder)
    with _edited(folder / "en" / "check_ins.yaml") as check_ins:
        for number, choice in enumerate(check_ins["choices"]):
            choice.update(
                id=f"{CANARY}-id-{number}",
                label=f"{CANARY}-label-{number}",
                reply=f"{CANARY}-reply-{number}",
            )
    with _edited(folder / "en" / "messages.yaml") as messages:
        messages["check_in"]["skipped"] = f"{CANARY}-skipped"
    with _edited(folder / "en" / "pulse_items.yaml") as pulse:
        for scale in pulse["scales"].values():
            scale["labels"] = [f"{CANARY}-pulse-{number}" for number in range(len(scale["labels"]))]
        for number, item in enumerate(pulse["items"]):
            item["id"] = f"{QUESTION}-{number}"
    return folder


@contextmanager
def _edited(path: Path) -> Iterator[Any]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    yield content
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
