"""The README says what the program says."""

from __future__ import annotations

from pathlib import Path

from bot.cli_groups import changes, finer, readme_table
from bot.domain.gate import GateRules

README = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")


def test_the_readme_tells_small_organisations_what_the_rules_say() -> None:
    section = README.partition("## Small organisations\n")[2].partition("\n## ")[0]
    rules = GateRules()
    assert readme_table(rules) in section
    assert f"{finer(rules)} {changes(rules)}" in section
