"""The table of the law loads, names every row nobody confirmed, and refuses a row it cannot use."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.retention.errors import LawFileError
from index.retention.law import Until, load_law

CLASSES = {"R10", "R05", "R01", "RF", "RSUP", "RPERM", "RLAW", "RSEC"}


def test_every_class_of_the_labelled_subjects_has_a_row_with_its_clause() -> None:
    law = load_law()
    assert set(law.classes) == CLASSES
    assert all(row.law.clause and row.law.source for row in law.classes.values())


def test_a_shipped_row_is_unverified_until_a_named_person_confirms_it(tmp_path: Path) -> None:
    assert ("ข้อ 57", "หนังสือทั่วไป") in load_law().unverified()
    own = tmp_path / "law.toml"
    own.write_text(
        '[[class]]\ncode = "R10"\nthai = "หนังสือทั่วไป"\nenglish = "x"\nyears = 10\n'
        'clause = "ข้อ 57"\nsource = "ราชกิจจานุเบกษา"\nchecked_by = "สมศรี"\nchecked_on = 2026-11-01\n',
        encoding="utf-8",
    )
    law = load_law(own)
    assert law.classes["R10"].law.is_verified
    assert ("ข้อ 57", "หนังสือทั่วไป") not in law.unverified()
    assert set(law.classes) == CLASSES


@pytest.mark.parametrize(("year", "day"), [(2027, date(2027, 3, 1)), (2028, date(2028, 2, 29))])
def test_sixty_days_after_the_year_is_1_march_and_29_february_in_a_leap_year(
    year: int, day: date
) -> None:
    assert load_law().deadlines["survey"].in_year(year) == day


def test_the_transfer_to_the_archives_is_due_on_31_january() -> None:
    assert load_law().deadlines["transfer"].in_year(2027) == date(2027, 1, 31)


def test_a_waiting_time_is_counted_from_the_sending() -> None:
    waiting = load_law().deadlines["archive_answer"]
    assert waiting.after(date(2027, 2, 10)) == date(2027, 4, 11)
    with pytest.raises(ValueError, match="does not fall"):
        waiting.in_year(2027)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[class]\n", "law.toml"),
        ('[[clas]]\ncode = "A"\n', "clas"),
        ('[[class]]\ncode = "A"\n', "thai"),
        (
            '[[class]]\ncode="A"\nthai="ก"\nenglish="a"\nclause="1"\nsource="s"\nyears="ten"\n',
            "whole number",
        ),
        ('[[class]]\ncode="A"\nthai="ก"\nenglish="a"\nclause="1"\nsource="s"\n', "needs `years`"),
        (
            '[[class]]\ncode="A"\nthai="ก"\nenglish="a"\nclause="1"\nsource="s"\nuntil="never"\n',
            "never",
        ),
    ],
)
def test_a_broken_row_is_refused_with_the_file_and_the_reason(
    tmp_path: Path, text: str, says: str
) -> None:
    own = tmp_path / "law.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(LawFileError, match=says) as caught:
        load_law(own)
    assert "law.toml" in str(caught.value)
    assert "โปรดแก้ไข" in caught.value.thai


def test_permanent_and_other_law_classes_never_name_a_period() -> None:
    law = load_law()
    for code in ("RPERM", "RLAW", "RSEC"):
        assert law.classes[code].until in (Until.PERMANENT, Until.OTHER_LAW)
        assert law.classes[code].years is None


@pytest.mark.parametrize(
    "row",
    [
        'code = "cooling_off"\nholds = true',
        'code = "executor_apart"\ndays = 7',
        'code = "executor_apart"\nholds = 1',
        'code = "another"\ndays = 7',
    ],
)
def test_a_policy_that_says_nothing_the_program_knows_is_refused(tmp_path: Path, row: str) -> None:
    own = tmp_path / "law.toml"
    own.write_text(
        f'[[policy]]\n{row}\nthai = "x"\nenglish = "x"\nclause = "x"\nsource = "x"\n', "utf-8"
    )
    with pytest.raises(LawFileError, match="policy"):
        load_law(own)


def test_an_office_settles_its_own_policy(tmp_path: Path) -> None:
    assert (load_law().cooling_off_days, load_law().executor_is_apart) == (7, True)
    own = tmp_path / "law.toml"
    own.write_text(
        '[[policy]]\ncode = "cooling_off"\ndays = 0\nthai = "x"\nenglish = "x"\nclause = "x"\n'
        'source = "x"\n[[policy]]\ncode = "executor_apart"\nholds = false\nthai = "x"\nenglish = "x"\n'
        'clause = "x"\nsource = "x"\n',
        "utf-8",
    )
    law = load_law(own)
    assert (law.cooling_off_days, law.executor_is_apart) == (0, False)
    assert law.classes.keys() == CLASSES
