"""The example in docs/operating.md can be used as it is."""

from __future__ import annotations

import re
from pathlib import Path

from adapters.content.resources import own_resources

ROOT = Path(__file__).parent.parent.parent


def test_the_example_of_own_places_to_turn_can_be_used(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*own-resources\.yaml\n.*?)```", page, re.DOTALL)
    file = tmp_path / "own.yaml"
    file.write_text(example, encoding="utf-8")
    own = own_resources(file)
    assert [each.name for each in own.within("GB-SCT")] == [
        "Employee assistance",
        "Occupational health",
        "The Glasgow quiet room",
    ]
