"""Abbreviations are written out and long forms abbreviated, by a table that an office adds to."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.search.abbreviations import NO_ABBREVIATIONS, load_abbreviations
from index.search.errors import AbbreviationsError

SHIPPED = load_abbreviations()


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("สพฐ.", "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน"),
        ("สพฐ", "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน"),
        ("กคศ", "ก.ค.ศ."),
        ("ก.ค.ศ.", "กคศ"),
        ("อบต.โคกสูง", "องค์การบริหารส่วนตำบลโคกสูง"),
        ("สตง.ขอนแก่น", "สำนักงานการตรวจเงินแผ่นดิน ขอนแก่น"),  # where a word stands between
        ("ผอ.รร.บ้านหนองแวง", "ผู้อำนวยการโรงเรียนบ้านหนองแวง"),
        ("รพ.สต.บ้านดอน", "โรงพยาบาลส่งเสริมสุขภาพตำบลบ้านดอน"),
        ("ป.5", "ประถมศึกษาปีที่5"),
        ("องค์การบริหารส่วนตำบลโคกสูง", "อบต. โคกสูง"),
        ("สำนักงานเขตพื้นที่การศึกษาประถมศึกษา", "สพป"),
    ],
)
def test_says_it_otherwise(typed: str, form: str) -> None:
    assert form in SHIPPED.forms(typed)


@pytest.mark.parametrize(
    "typed",
    ["ประชุม", "ม", "ป", "อ", "กระทรวงศึกษาธิการ", "โรงเรียนบ้านหนองแวง", "2569", "", "สพฐานะ"],
)
def test_other_words_have_no_other_form(typed: str) -> None:
    assert SHIPPED.forms(typed) == ()


def test_a_piece_of_a_longer_long_form_is_not_abbreviated() -> None:
    forms = SHIPPED.forms("สำนักงานเขตพื้นที่การศึกษาประถมศึกษาเลย")
    assert not any("สพท" in form for form in forms)


def test_an_office_adds_rows_and_replaces_ours(tmp_path: Path) -> None:
    own = tmp_path / "abbreviations.toml"
    own.write_text(
        '[[abbreviation]]\nshort = "นพ."\nlong = ["กลุ่มนโยบายและแผน"]\n'
        '[[abbreviation]]\nshort = "มข."\nlong = ["โรงเรียนมัธยมขามใหญ่"]\n',
        encoding="utf-8",
    )
    table = load_abbreviations(own)
    assert "กลุ่มนโยบายและแผน" in table.forms("นพ.")
    assert table.forms("มข.")[0] == "โรงเรียนมัธยมขามใหญ่"
    assert "มหาวิทยาลัยขอนแก่น" not in table.forms("มข.")
    assert table.forms("สพฐ.") == SHIPPED.forms("สพฐ.")
    assert load_abbreviations(tmp_path / "missing.toml") == SHIPPED


@pytest.mark.parametrize(
    "text",
    [
        "[[abbreviation]\n",
        'abbreviation = "สพฐ."\n',
        '[[abbreviation]]\nshort = "สพฐ."\n',
        '[[abbreviation]]\nshort = "..."\nlong = ["ก"]\n',
        '[[abbreviation]]\nshort = "สพฐ."\nlong = []\n',
        '[[abbreviation]]\nshort = "สพฐ."\nlong = [" "]\n',
    ],
)
def test_a_broken_table_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    own = tmp_path / "abbreviations.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(AbbreviationsError, match=r"abbreviations\.toml"):
        load_abbreviations(own)


def test_an_empty_table_knows_nothing() -> None:
    assert NO_ABBREVIATIONS.forms("สพฐ.") == ()
