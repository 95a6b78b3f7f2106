"""The sentences of one language: dotted keys, `{placeholders}` filled in strictly."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from adapters.content.files import read_yaml
from bot.errors import ContentError
from bot.text import isolated

MARKUP = "<>*_`"
LONGEST = 320


# What the bot says, and what the support desk says.
FILES = ("messages.yaml", "support.yaml")


class Phrases:
    """The files of sentences, flattened: `welcome.title` → its sentence."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = sentences

    @classmethod
    def read(cls, folder: Path) -> Phrases:
        """Read those of one language. Raises ContentError."""
        sentences: dict[str, str] = {}
        for path in (folder / name for name in FILES):
            content = read_yaml(path)
            if not isinstance(content, dict):
                raise ContentError([f"{path}: this should be a table of sentences."])
            sentences |= _flatten(path, content)
        return cls(sentences)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._sentences)

    def sentence(self, key: str) -> str:
        """A sentence with its placeholders as they stand."""
        return self._sentences[key]

    def say(self, key: str, /, **values: object) -> str:
        """Raises ContentError if there is no such sentence or a placeholder has no value.

        A name from right to left leaves the rest of the sentence in order.
        """
        filled_in = {name: isolated(str(value)) for name, value in values.items()}
        try:
            return self._sentences[key].format(**filled_in)
        except KeyError as missing:
            raise ContentError([f"{place_of(key)}: {missing} is missing."]) from None

    def placeholders(self, key: str) -> frozenset[str]:
        """The names of a sentence's placeholders."""
        parts = Formatter().parse(self._sentences[key])
        return frozenset(name for _, name, _, _ in parts if name)


def place_of(key: str) -> str:
    """Where a sentence is, such as `messages.yaml: welcome.title`."""
    file = "support.yaml" if key.startswith("support.") else "messages.yaml"
    return f"{file}: {key}"


def _checked(path: Path, name: str, sentence: str) -> str:
    """A sentence without markup, whose braces hold plain names. Raises ContentError."""
    try:
        parts = list(Formatter().parse(sentence))
    except ValueError as error:
        raise ContentError([f"{path}: {name}: {error}; write placeholders as {{name}}."]) from None
    if any(
        field is not None and (not field.isidentifier() or spec or how)
        for _, field, spec, how in parts
    ):
        raise ContentError([f"{path}: {name}: write placeholders as {{name}}, and nothing else."])
    if any(mark in literal for literal, *_ in parts for mark in MARKUP):
        raise ContentError([f"{path}: {name}: has markup; texts are plain."])
    if len(sentence) > LONGEST:
        raise ContentError([f"{path}: {name}: is longer than {LONGEST} characters."])
    return sentence


def _flatten(path: Path, table: Mapping[Any, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if not isinstance(key, str):
            raise ContentError([f"{path}: quote the key {name}: YAML reads it as {key!r}."])
        if isinstance(value, dict):
            flat |= _flatten(path, value, f"{name}.")
        elif isinstance(value, str) and value.strip():
            flat[name] = _checked(path, name, value)
        else:
            raise ContentError([f"{path}: {name}: this should be a sentence."])
    return flat
