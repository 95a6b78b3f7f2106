"""Every button and form that the bot shows is answered, and whatever is answered can be asked for.

Read from the code, so that no letter and no page can be left out: an action is written out where
its button or form is made.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Final

from bot.message import Button, Form
from bot.usecases.dispatch import SUBMISSIONS, TAPS

BOT: Final = Path(__file__).parent.parent.parent / "bot"
# What makes a button or a form, and the place at which it takes the action.
MAKERS: Final = {
    "Button": [field.name for field in fields(Button)].index("action"),
    "Form": [field.name for field in fields(Form)].index("action"),
    "writing_form": 2,
}


def made_by(*makers: str) -> set[str]:
    """The actions of all that these make. Raises AssertionError for one that isn't written out."""
    return {
        _action(call, MAKERS[name], path)
        for path in BOT.rglob("*.py")
        for name, call in _calls(ast.parse(path.read_text(encoding="utf-8")))
        if name in makers
    }


def _calls(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Each call of something by its name; a maker's callers say the action, and not the maker."""
    if isinstance(node, ast.FunctionDef) and node.name in MAKERS:
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield node.func.id, node
    for child in ast.iter_child_nodes(node):
        yield from _calls(child)


def _action(call: ast.Call, place: int, path: Path) -> str:
    named = next((each.value for each in call.keywords if each.arg == "action"), None)
    action = call.args[place] if len(call.args) > place else named
    assert isinstance(action, ast.Constant), f"{path}:{call.lineno} has no plain action"
    return str(action.value)


def test_every_button_is_answered_and_every_answer_has_a_button() -> None:
    assert made_by("Button") == set(TAPS)


def test_every_form_is_answered_and_every_answer_has_a_form() -> None:
    assert made_by("Form", "writing_form") == set(SUBMISSIONS)
