from __future__ import annotations

import pytest

from bot.domain.membership import connections, own_language, own_zone, places, too_many
from tests.support.directory import group, member

ADA, BEN = member("ada"), member("ben")
ROSTER = {"ada@example.org": "p1", "ben@example.org": "p2"}


def test_an_email_says_who_somebody_is_in_any_case() -> None:
    loud = member("ada", email="Ada@Example.ORG")
    assert connections([loud, BEN], ROSTER, {}) == {"p1": loud, "p2": BEN}


def test_whoever_the_roster_does_not_know_is_nobody() -> None:
    assert connections([member("zed")], ROSTER, {}) == {}


def test_no_address_is_nobodys_address() -> None:
    assert connections([member("ada", email="")], ROSTER, {}) == {}


def test_an_account_with_a_new_address_is_still_the_same_account() -> None:
    married = member("ada", email="ada.new@example.org")
    assert connections([married], ROSTER, {"U-ADA": "p1"}) == {"p1": married}


def test_an_address_that_went_to_somebody_else_goes_with_them() -> None:
    took_over = member("zed", email="ada@example.org")
    renamed = member("ada", email="other@example.org")
    assert connections([took_over, renamed], ROSTER, {"U-ADA": "p1"}) == {"p1": took_over}


def test_of_two_with_one_address_nobody_gets_what_is_meant_for_the_other() -> None:
    double = member("zed", email="ada@example.org")
    assert connections([ADA, double], ROSTER, {}) == {}
    assert connections([ADA, double], ROSTER, {"U-ADA": "p1"}) == {"p1": ADA}


@pytest.mark.parametrize(
    ("leaving", "of", "is_too_many"),
    [
        (0, 0, False),
        (1, 2, False),
        (2, 2, True),
        (3, 12, False),
        (7, 12, True),
        (10, 60, False),
        (11, 60, True),
        (50, 500, False),
        (51, 500, True),
    ],
)
def test_more_than_ten_and_a_tenth_or_half_of_all_at_once_is_too_many(
    leaving: int, of: int, is_too_many: bool
) -> None:
    assert too_many(leaving, of) is is_too_many


@pytest.mark.parametrize(
    ("said", "zone"),
    [("Asia/Tokyo", "Asia/Tokyo"), ("", "Europe/London"), ("Mars/Base", "Europe/London")],
)
def test_a_zone_is_believed_if_there_is_one(said: str, zone: str) -> None:
    assert own_zone(said, "Europe/London") == zone


@pytest.mark.parametrize(
    ("said", "language"),
    [("cy", "cy"), ("cy-GB", "cy"), ("CY_gb", "cy"), ("", "en"), ("fr-FR", "en")],
)
def test_a_language_is_taken_if_there_are_texts_in_it(said: str, language: str) -> None:
    assert own_language(said, ["en", "cy"], "en") == language


@pytest.mark.parametrize("channel", ["#North", "north", " NORTH ", "C1"])
def test_a_channel_is_known_by_its_name_or_its_id(channel: str) -> None:
    assert places({"t": channel}, [group("north", channel="C1")], {}) == ({"t": "C1"}, [])


def test_a_channel_that_is_not_there_is_told() -> None:
    assert places({"t": "#south"}, [group("north", channel="C1")], {}) == ({}, ["t"])


def test_a_channel_of_which_nothing_is_known_stays_whose_it_was() -> None:
    wanted = {"t": "south", "u": "west", "v": "#"}
    channels = [group("", channel="C1"), group("east", channel="C2")]
    assert places(wanted, channels, {"t": "C1", "u": "C2"}) == ({"t": "C1"}, ["u", "v"])
