"""An urgent letter is due by its office's table: so many minutes after receipt, or the same day."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from index.deadlines import load_periods
from index.register.store.tables import BANGKOK
from index.retention.errors import LawFileError

OWN = """
[[period]]
urgency = "ด่วน"
rule = "-"
clause = "-"
source = "the office"
checked_by = "มาลี"
checked_on = "2026-01-05"
minutes = 60
"""


@pytest.mark.parametrize(
    ("urgency", "received", "due"),
    [
        ("ด่วนที่สุด", "2026-01-15 09:30", "2026-01-15 10:00"),
        ("ด่วนมาก", "2026-01-15 09:30", "2026-01-15 13:30"),
        ("ด่วน", "2026-01-15 09:30", "2026-01-15 16:30"),
        ("ด่วน", "2026-01-15 16:30", "2026-01-16 16:30"),
    ],
)
def test_the_shipped_periods(urgency: str, received: str, due: str) -> None:
    at = datetime.fromisoformat(received).replace(tzinfo=BANGKOK)
    expected = datetime.fromisoformat(due).replace(tzinfo=BANGKOK)
    assert load_periods()[urgency].deadline(at) == expected


def test_every_row_says_where_it_is_from_and_none_claims_to_be_checked() -> None:
    for period in load_periods().values():
        assert period.rule
        assert period.clause
        assert period.source
        assert period.checked_on is None


def test_the_office_replaces_a_row_and_keeps_the_others(tmp_path: Path) -> None:
    own = tmp_path / "urgency.toml"
    own.write_text(OWN, "utf-8")
    periods = load_periods(own)
    assert (periods["ด่วน"].minutes, periods["ด่วน"].checked_by) == (60, "มาลี")
    assert periods["ด่วนมาก"] == load_periods()["ด่วนมาก"]
    assert load_periods(tmp_path / "missing.toml") == load_periods()


@pytest.mark.parametrize(
    "text",
    [
        "[[period",
        OWN.replace("minutes = 60", ""),
        OWN.replace("minutes = 60", "minutes = 0"),
        OWN.replace("minutes = 60", 'until = "25:00"'),
        OWN.replace("minutes = 60", 'minutes = 60\nuntil = "16:30"'),
        OWN.replace('rule = "-"', ""),
    ],
)
def test_a_broken_row_is_refused_with_its_file(tmp_path: Path, text: str) -> None:
    own = tmp_path / "urgency.toml"
    own.write_text(text, "utf-8")
    with pytest.raises(LawFileError, match=r"urgency\.toml"):
        load_periods(own)
