"""`saraban read` needs no office: one JSON object a file, errors beside results, in the files' order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.demo.letters import LETTERS, save_letter
from pipeline.reading import FIELDS
from tests import scans
from tests.offices import nearly, saraban

pytestmark = pytest.mark.engine
MOST_URGENT = next(letter for letter in LETTERS if letter.urgency)


def test_read_gives_what_the_scorer_takes(tmp_path: Path) -> None:
    letter = save_letter(MOST_URGENT, tmp_path)
    empty, locked = tmp_path / "empty.pdf", tmp_path / "locked.pdf"
    empty.touch()
    scans.write_locked_pdf(locked, "word")
    missing = tmp_path / "ไม่มี.pdf"
    ran = saraban(
        "read", str(empty), str(letter), str(locked), str(missing), "--jsonl", "--workers", "2"
    )
    assert ran.code == 8
    first, read, second, third = (json.loads(line) for line in ran.out.splitlines())
    assert [Path(one["file"]) for one in (first, read, second, third)] == [
        empty,
        letter,
        locked,
        missing,
    ]
    assert "empty" in first["error"]
    assert "ว่างเปล่า" in first["thai"]
    assert "password" in second["error"]
    assert "not there" in third["error"]
    assert tuple(read["fields"]) == FIELDS
    assert (read["kind"], read["group"]) == (MOST_URGENT.kind, MOST_URGENT.group)
    assert read["fields"]["urgency"]["value"] == "ด่วนที่สุด"
    subject = read["fields"]["subject"]
    assert nearly(subject["value"], MOST_URGENT.subject)
    assert subject["page"] == 1
    assert 0 <= subject["confidence"] <= 1
    left, top, right, bottom = subject["box"]
    assert 0 < left < right < 2480
    assert 600 < top < bottom < 1100, "the subject stands in the upper third of the page"
    assert set(read["needs_review"]) <= {*FIELDS, "group", "kind", "retention_class"}
    assert "รายบุคคล" in read["text"]


def test_a_read_file_is_not_registered_anywhere(tmp_path: Path) -> None:
    scan = scans.write_png(tmp_path / "one.png")
    ran = saraban("read", str(scan))
    assert ran.code == 0, ran.err
    assert ran.out.startswith(str(scan))
    assert list(tmp_path.iterdir()) == [scan]
