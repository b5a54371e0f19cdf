"""The usual orders are a table with sources that an office may replace row by row; working days pass over weekends."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.instructions import load_instructions, working_days_after
from index.retention.errors import LawFileError

OWN = '[[preset]]\ncode = "noted"\nwords = "{}"\ndeed = "{}"\nsource = "s"\nchecked_by = ""\nchecked_on = ""\n'


def test_every_row_says_where_it_is_from() -> None:
    table = load_instructions()
    assert table.meeting_days == 3
    assert {one.code for one in table.presets.values()} >= {"noted", "agreed", "assigned"}
    assert all(one.source and one.words for one in table.presets.values())
    assert table.presets["assigned"].working_days == 3
    assert table.presets["noted"].working_days is None


def test_an_offices_own_row_replaces_ours_and_a_broken_one_is_named(tmp_path: Path) -> None:
    own = tmp_path / "instructions.toml"
    own.write_text(OWN.format("ทราบแล้ว", "approved"), "utf-8")
    table = load_instructions(own)
    assert table.presets["noted"].words == "ทราบแล้ว"
    assert "agreed" in table.presets
    for broken in (OWN.format("x", "returned"), "[[preset]]\n", "x", "[[period]]\ncode = 1\n"):
        own.write_text(broken, "utf-8")
        with pytest.raises(LawFileError):
            load_instructions(own)


@pytest.mark.parametrize(
    ("day", "count", "after"),
    [(15, 0, 15), (15, 1, 16), (15, 2, 19), (16, 1, 19), (17, 1, 19), (15, 7, 26)],
)
def test_working_days_pass_over_weekends(day: int, count: int, after: int) -> None:
    assert working_days_after(date(2026, 1, day), count) == date(2026, 1, after)
