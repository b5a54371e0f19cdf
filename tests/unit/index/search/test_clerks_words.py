"""What clerks were seen to type, mistakes and all, finds the letter meant, with every engine.

Words that nothing says bring what nearly says them, marked; what letters say as typed comes unmarked.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from index.search import ENGINES, LetterIndex, Upsert, open_index
from tests.searching import TODAY, letter

HOUSE, FEVER, PLAN, SIGNED, RULE, HELLO, HELPER, HELPERS = range(1, 9)
QUIET: dict[str, Any] = {
    "sender": "",
    "recipient": "",
    "number": "",
    "subject": "แจ้งเวียน",
    "text": "แจ้งมาเพื่อทราบ",
    "date": date(2025, 3, 4),
}
OFFICE = (
    letter(
        HOUSE, **QUIET | {"subject": "ขออนุญาตเบิกค่าเช่าบ้านจากงบประมาณ", "date": date(2026, 1, 31)}
    ),
    letter(FEVER, **QUIET | {"subject": "เฝ้าระวังโรคไข้เลือดออก", "date": date(2026, 2, 1)}),
    letter(PLAN, **QUIET | {"subject": "จัดทำแผนปฏิบัติการ", "date": date(2026, 11, 1)}),
    letter(SIGNED, **QUIET | {"text": "ขอแสดงความนับถือ\n(นางอาภรณ์ ศรีสุข)", "sender": "กรมบัญชีกลาง"}),
    letter(RULE, **QUIET | {"subject": "กฏกระทรวงว่าด้วยมาตรฐาน"}),
    letter(HELLO, **QUIET | {"subject": "สวัสดีปีใหม่"}),
    letter(HELPER, **QUIET | {"subject": "บรรจุครูผู้ช่วย"}),
    letter(HELPERS, **QUIET | {"subject": "อบรมครูและผู้ช่วย", "text": "ครู ผู้ใหญ่ ช่วย"}),
)


@pytest.fixture(scope="module", params=ENGINES)
def index(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LetterIndex]:
    opened = open_index(tmp_path_factory.mktemp("search") / "index", request.param)
    opened.apply(map(Upsert, OFFICE))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("typed", "wanted", "meant"),
    [
        ("อนุญาติ", HOUSE, "ขออนุญาต"),  # the archive's own word
        ("งบประมาน", HOUSE, "งบประมาณ"),
        ("ไข้เลือดออด", FEVER, "ไข้เลือดออก"),
        ("แผนปฏิบัตการ", PLAN, "แผนปฏิบัติการ"),
        ("ไข้เลิอดออก", FEVER, "ไข้เลือดออก"),  # the key beside
        ("ฌรคไข้เลือดออก", FEVER, "โรคไข้เลือดออก"),  # the shift held
        ("l;ylfu", HELLO, "สวัสดี"),  # the other layout
        ("l;ylfuxu.s,j", HELLO, "สวัสดีปีใหม่"),
        ("อาภรณ", SIGNED, "อาภรณ์"),  # cut before a mark
        ("ลงนาม:อาภรณ", SIGNED, "ลงนาม:อาภรณ์"),
    ],
)
def test_what_is_mistyped_finds_what_is_meant_marked_and_says_what_that_is(
    index: LetterIndex, typed: str, wanted: int, meant: str
) -> None:
    result = index.search(typed, today=TODAY)
    assert [hit.key.id for hit in result.hits] == [wanted]
    assert (result.near, result.did_you_mean) == (True, meant)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("คาเชาบาน", {HOUSE}),  # tone marks forgotten
        ("ไข้เลือด ออก", {FEVER}),
        ("ค่า เช่า บ้าน", {HOUSE}),
        ("กฎกระทรวง", {RULE}),  # the letter has the other of the two
        ("กฏกระทรวง", {RULE}),
        ('"ครูผู้ช่วย"', {HELPER}),
        ("แผนปฏิบัติ", {PLAN}),
        ("ลงนาม:อาภรณ์", {SIGNED}),
        ("ผู้ส่ง:บัญชีกลาง", {SIGNED}),
        ("ก่อน 1 ก.พ. 2569 ค่าเช่าบ้าน", {HOUSE}),
        ("ก่อน 1 ก.พ. 2569 ไข้เลือดออก", set()),
        ("ตั้งแต่ 1 พ.ย. 2569", {PLAN}),
        ("เดือนนี้", {PLAN}),
        ("สวัสดี หรือ ไข้เลือดออก", {HELLO, FEVER}),
    ],
)
def test_what_letters_say_comes_unmarked(index: LetterIndex, typed: str, wanted: set[int]) -> None:
    result = index.search(typed, today=TODAY)
    assert ({hit.key.id for hit in result.hits}, result.near) == (wanted, False)
