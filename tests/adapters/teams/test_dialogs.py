from __future__ import annotations

import inspect
import re

import pytest

from adapters.teams.activities import DIALOGS
from bot.usecases.dispatch import TAPS

OPENS_A_FORM = [
    name for name, use_case in TAPS.items() if re.search(r"\bform=", inspect.getsource(use_case))
]


def test_some_buttons_open_forms() -> None:
    assert {"pulse.form", "settings.open", "support.volunteering"} <= set(OPENS_A_FORM)


@pytest.mark.parametrize("action", OPENS_A_FORM)
def test_a_button_that_opens_a_form_asks_teams_for_a_dialog(action: str) -> None:
    """Otherwise a press would post another button, which would post another one."""
    assert action in DIALOGS


def test_a_dialog_is_asked_for_by_buttons_that_there_are() -> None:
    assert set(DIALOGS) <= set(TAPS)
