"""`saraban retention` lists what is due and why not, tries periods, and notes what a person says."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from classify.letter import Secrecy
from index.book import Book
from pipeline.office import Office
from tests.keeping import file_one, make_filing

Say = Callable[..., tuple[int, str, str]]
AS_OF = "2040-01-15"
LATE = ("--reason", "ลงทะเบียนย้อนหลัง")  # the letters came in on 15 January


@pytest.fixture
def say(saraban: Say) -> Say:
    return partial(saraban, "retention")


@pytest.fixture
def letters(book: Book) -> Book:
    """An ordinary letter 1/2569, a secret one 2/2569, another ordinary one 3/2569."""
    file_one(book, "a", make_filing(subject="แผนปฏิบัติการ"))
    file_one(book, "s", make_filing(subject="ผลการสอบสวน", secrecy=Secrecy.SECRET))
    file_one(book, "b", make_filing(subject="การประชุม"))
    return book


def surveyed(say: Say, *options: str) -> list[dict[str, Any]]:
    code, out, _ = say("survey", "--as-of", AS_OF, "--json", *options)
    assert code == 0
    rows: list[dict[str, Any]] = json.loads(out)
    return rows


def test_the_survey_has_the_documented_keys_and_no_secret_letter(letters: Book, say: Say) -> None:
    assert say("finish", "1/2569", "--on", "2026-01-10", *LATE)[:2] == (
        0,
        "1/2569: เก็บถึง พ.ศ. ๒๕๗๙ / kept until 2036-12-31\n",
    )
    first, second = surveyed(say)
    assert first == {
        "register_number": "1/2569",
        "number": "ศธ 04001/ว 123",
        "subject": "แผนปฏิบัติการ",
        "class": "R10",
        "finished": "2026-01-10",
        "keep_until": "2036-12-31",
        "due": True,
        "holds": [],
    }
    assert second["register_number"] == "3/2569"
    assert (second["finished"], second["keep_until"], second["due"]) == (None, None, False)
    assert surveyed(say, "--due") == [first]


def test_in_words_the_survey_says_the_same_and_names_what_is_unverified(
    letters: Book, say: Say
) -> None:
    say("finish", "1/2569", "--on", "2026-01-10", *LATE)
    say("hold", "1/2569", "--kind", "legal", "--reason", "คดีหมายเลข ๑")
    code, out, err = say("survey", "--as-of", AS_OF)
    assert code == 0
    assert "แผนปฏิบัติการ" in out
    assert "เป็นหลักฐานในคดี: คดีหมายเลข ๑ (ข้อ 68.1)" in out
    assert "ครบกำหนด 1 ฉบับ ห้ามแตะต้อง 1 ฉบับ" in out
    assert "สอบสวน" not in out
    assert "R10 (ข้อ 57)" in err


def test_a_verified_period_is_not_doubted(letters: Book, office: Office, say: Say) -> None:
    (office.rules / "law.toml").write_text(
        '[[class]]\ncode = "R10"\nthai = "หนังสือทั่วไป"\nenglish = "x"\nyears = 10\nclause = "ข้อ 57"\n'
        'source = "ราชกิจจานุเบกษา"\nchecked_by = "สมศรี"\nchecked_on = 2026-11-01\n',
        encoding="utf-8",
    )
    assert say("survey", "--as-of", AS_OF)[2] == ""
    (office.rules / "law.toml").write_text("[[clas]]\n", encoding="utf-8")
    assert say("survey", "--as-of", AS_OF)[0] == 61


def test_a_hold_is_listed_until_it_is_released(letters: Book, say: Say) -> None:
    hold = ("--kind", "information_request")
    assert say("hold", "3/2569", *hold, "--reason", "มีผู้ขอข้อมูล", "--until", "2050-01-01")[0] == 0
    (held,) = surveyed(say)[1]["holds"]
    assert (held["kind"], held["clause"]) == ("information_request", "ข้อ 68.1")
    assert "มีผู้ขอข้อมูล" in held["why"]
    assert say("release", "3/2569", *hold, "--reason", "ตอบแล้ว", "--by", "พิมพ์ใจ")[0] == 0
    assert letters.audit.entries()[-1].who == "พิมพ์ใจ"
    assert say("release", "3/2569", *hold, "--reason", "ตอบแล้ว")[0] == 45


def test_a_class_changes_with_its_reason_and_never_shortens_silently(
    letters: Book, say: Say
) -> None:
    code, out, err = say("class", "1/2569", "R05", "--reason", "คู่สำเนา")
    assert (code, out) == (63, "")
    assert "--shorter" in err
    assert say("class", "1/2569", "R05", "--reason", "คู่สำเนา", "--shorter")[0] == 0
    assert surveyed(say)[0]["class"] == "R05"
    assert say("class", "1/2569", "RPERM", "--reason", "มีคุณค่า")[1] == "1/2569: ห้ามทำลาย\n"
    (held,) = surveyed(say)[0]["holds"]
    assert (held["kind"], held["clause"]) == ("permanent", "ข้อ 57.3")


def test_a_day_before_the_receipt_is_refused_without_a_reason(letters: Book, say: Say) -> None:
    code, _, err = say("finish", "1/2569", "--on", "2026-01-10")
    assert (code, "before the receipt" in err) == (62, True)
    assert say("finish", "1/2569", "--on", "2026-01-10", *LATE)[0] == 0


def test_clocks_of_money_papers_and_circulars(letters: Book, say: Say) -> None:
    say("class", "1/2569", "RF", "--reason", "การเงิน", "--shorter")
    say("class", "3/2569", "RSUP", "--reason", "หนังสือเวียน", "--shorter")
    say("finish", "1/2569", "--on", "2026-01-06", *LATE)
    assert say("audited", "1/2569", "--on", "2026-01-20")[0] == 63
    assert "2031-12-31" in say("audited", "1/2569", "--on", "2026-01-20", "--shorter")[1]
    assert "2027-12-31" in say("superseded", "3/2569", "--on", "2026-01-20")[1]


def test_another_period_is_tried_and_nothing_is_changed(letters: Book, say: Say) -> None:
    say("finish", "1/2569", "--on", "2026-01-10", *LATE)
    say("finish", "3/2569", "--on", "2026-01-10", *LATE)
    say("hold", "3/2569", "--kind", "audit", "--reason", "สตง.")
    head = letters.audit.head
    options = ("--class", "R10", "--years", "5", "--as-of", "2033-01-15")
    tried = json.loads(say("simulate", *options, "--json")[1])
    assert (tried["class"], tried["years_now"], tried["years"]) == ("R10", 10, 5)
    assert tried["shortens"] is True
    numbers = {
        name: [row["register_number"] for row in tried[name]]
        for name in ("due_before", "becomes_due", "on_hold", "no_longer_due")
    }
    assert numbers == {
        "due_before": [],
        "becomes_due": ["1/2569", "3/2569"],
        "on_hold": ["3/2569"],
        "no_longer_due": [],
    }
    assert "จะครบกำหนดเพิ่ม 2 ฉบับ" in say("simulate", *options)[1]
    assert letters.audit.head == head


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["finish", "2/2569", "--on", "2026-01-10"], 45),  # secret: not for whoever sits here
        (["finish", "9/2569", "--on", "2026-01-10"], 7),
        (["finish", "first", "--on", "2026-01-10"], 7),
        (["finish", "1/2569", "--on", "1.10.2026"], 2),
        (["finish", "1/2569", "--on", str(date.max)], 62),
        (["class", "1/2569", "R99", "--reason", "x"], 62),
        (["hold", "1/2569", "--kind", "borrowed", "--reason", "x"], 2),
        (["simulate", "--class", "R99", "--years", "5"], 62),
    ],
)
def test_what_cannot_be_done_has_its_exit_code(
    letters: Book, say: Say, arguments: list[str], code: int
) -> None:
    assert say(*arguments)[0] == code
    assert [row["finished"] for row in surveyed(say)] == [None, None]
