from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from adapters.content.schema import json_schemas

PROMPTS = Path(__file__).parent.parent.parent / "prompts"
FILES = [
    ("programmes", "programmes.yaml"),
    ("check_ins", "en/check_ins.yaml"),
    ("crisis_words", "en/crisis_words.yaml"),
    ("pulse_items", "en/pulse_items.yaml"),
    ("reflections", "en/reflections.yaml"),
    ("resources", "en/resources/GB.yaml"),
]


@pytest.mark.parametrize("name", sorted(json_schemas()))
def test_the_schema_that_editors_use_is_the_one_that_the_bot_uses(name: str) -> None:
    kept = json.loads((PROMPTS / "schema" / f"{name}.json").read_text(encoding="utf-8"))
    assert kept == json_schemas()[name], "run: wellbeing prompts schema"


@pytest.mark.parametrize(("name", "file"), FILES)
def test_the_shipped_files_fit_the_schema_that_editors_use(name: str, file: str) -> None:
    content = yaml.safe_load((PROMPTS / file).read_text(encoding="utf-8"))
    as_json = json.loads(json.dumps(content, default=str))
    jsonschema.validate(as_json, json_schemas()[name])


@pytest.mark.parametrize(("name", "file"), FILES)
def test_every_file_tells_editors_where_its_schema_is(name: str, file: str) -> None:
    first = (PROMPTS / file).read_text(encoding="utf-8").partition("\n")[0]
    where = first.removeprefix("# yaml-language-server: $schema=")
    assert (PROMPTS / file).parent.joinpath(where).resolve() == PROMPTS / "schema" / f"{name}.json"
