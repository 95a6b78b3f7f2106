from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import FindingsError
from bot.simulation.findings import Knows, read, write
from tests.unit.simulation.made_up import a_finding


def test_what_is_kept_in_a_file_is_what_was_found(tmp_path: Path) -> None:
    found = [
        a_finding(),
        a_finding(knows=Knows.ROSTERS, determined=None, ruled_out=None, undecided=None, right=None),
    ]
    write(found, tmp_path / "found.json")
    assert read(tmp_path / "found.json") == found


@pytest.mark.parametrize("content", ["", "{}", '[{"people": 12}]'])
def test_another_file_is_refused_kindly(tmp_path: Path, content: str) -> None:
    file = tmp_path / "found.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(FindingsError, match=r"found\.json doesn't hold findings"):
        read(file)


def test_a_file_that_is_not_there_is_refused_kindly(tmp_path: Path) -> None:
    with pytest.raises(FindingsError, match=r"found\.json can't be read"):
        read(tmp_path / "found.json")
    with pytest.raises(FindingsError, match=r"found\.json can't be written"):
        write([], tmp_path / "nowhere" / "found.json")


def test_the_interval_is_two_standard_errors_to_each_side() -> None:
    interval = a_finding(right=0.7, right_error=0.05).right_interval
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((0.602, 0.798))


def test_where_nobody_was_told_apart_there_is_no_interval() -> None:
    assert a_finding(right=None).right_interval is None
