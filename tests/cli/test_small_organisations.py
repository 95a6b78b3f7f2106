"""What the roster commands tell an admin before anything is promised to anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli_groups import advice, in_one_line
from bot.domain.gate import GateRules
from tests.cli.test_command_line import Ran, Shell
from tests.support.organisation import HEADER, team_of

RULES = GateRules()
STARTS_AND_STOPS = """
import asyncio, os, signal
from bot import processes
from bot.settings_checks import load_settings

def say(sentence):
    print(sentence)
    if sentence.startswith("Stop with"):
        os.kill(os.getpid(), signal.SIGTERM)

asyncio.run(processes.run(load_settings(), processes.Role.ALL, with_example=True, say=say))
"""


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return Shell(tmp_path_factory.mktemp("small"))


def imported(shell: Shell, lines: Sequence[str]) -> Ran:
    ran = shell.run("roster", "import", shell.write("people.csv", "\n".join([HEADER, *lines])))
    assert ran.status == 0
    return ran


# --- the commands ----------------------------------------------------------------------------


def test_one_team_of_seven_and_its_manager_hears_that_no_group_can_be_shown(shell: Shell) -> None:
    ran = imported(shell, team_of(7))
    assert "nothing: fewer than 8" in ran.out
    assert "The only group here is too small" in ran.out
    assert "Check-ins, reflections and places to turn work" in ran.out
    assert "put a small team beside another, or merge the two" in ran.out


def test_one_team_of_eight_and_its_manager_hears_how_little_is_shown(shell: Shell) -> None:
    ran = imported(shell, team_of(8))
    assert "lower or upper half only" in ran.out
    assert "at least 5 have to answer, 5 of 8, which is more than half" in ran.out
    assert "A small group sees only whether answers lean to the lower or the upper half" in ran.out
    assert "Most weeks say 'as before'" in ran.out
    assert "A group rests while fewer than 8 can be counted" in ran.out
    assert "nobody's leaving makes it rest, unless you raise the horizon to 8 weeks" in ran.out
    assert "too small" not in ran.out


def test_the_roster_says_the_same_later(shell: Shell) -> None:
    told = imported(shell, team_of(8)).out
    shown = shell.run("roster", "show").out
    table = told[told.index("┏") :]
    assert shown.endswith(table)


def test_large_groups_need_no_advice(shell: Shell) -> None:
    ran = imported(shell, team_of(16))
    assert "too small" not in ran.out
    assert ran.out.rstrip().endswith("┘")


def test_a_start_with_the_example_says_that_some_groups_are_too_small(tmp_path: Path) -> None:
    ran = Shell(tmp_path, {"PORT": "0"}).python("-c", STARTS_AND_STOPS)
    sentence = (
        "2 of 6 groups are too small for pulses. What can be shown of each: wellbeing roster show"
    )
    assert sentence in ran.out.splitlines()


# --- the sentences ---------------------------------------------------------------------------


def test_some_groups_that_are_too_small_are_counted() -> None:
    (sentence,) = advice([("A", 5), ("B", 6), ("C", 40)], RULES)
    assert sentence.startswith("2 of 3 groups are too small: pulses need 8 people")


def test_a_group_whose_half_is_enough_is_not_told_that_it_is_more() -> None:
    (sentence,) = advice([("A", 15)], RULES)
    assert "5 of 15;" in sentence


def test_the_advice_goes_by_the_rules_in_force() -> None:
    strict = replace(RULES, counted=20, answers=9, horizon_weeks=13)
    too_small, small = advice([("A", 19), ("B", 21)], strict)
    assert "pulses need 20 people" in too_small
    assert "at least 9 have to answer, 9 of 21;" in small
    assert "may also rest for up to 13 weeks after somebody leaves" in small
    assert "A small group sees one of 3 bands" in small


def test_one_line_is_enough_at_a_start_and_none_if_all_is_well() -> None:
    assert in_one_line([("A", 8)], RULES) is None
    assert in_one_line([("A", 7), ("B", 8)], RULES) == (
        "1 of 2 groups is too small for pulses. What can be shown of each: wellbeing roster show"
    )
