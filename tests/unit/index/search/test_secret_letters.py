"""A secret letter is not in the common index: no query, facet, count, completion or snippet shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from classify.letter import Secrecy
from index.registered_letter import RegisteredLetter
from index.search import ENGINES, FACET_FIELDS, LetterIndex, Sort, Upsert, open_index, rebuild
from index.search.engine import TEXT_FIELDS
from index.search.record import document_of
from tests.searching import GROUP_NAMES, OFFICE, TODAY, letter

SECRET = letter(
    66,
    subject="สอบสวนวินัยร้ายแรงนายสมมุติ",
    text="ข้อกล่าวหาทุจริตจัดซื้อคอมพิวเตอร์ งบประมาณ วัด ประชุม",
    sender="สำนักงานปราบปรามสมมุติ",
    number="ปช 0099/777",
    group="legal",
    kind="radio",
    urgency="ด่วนมาก",
    secrecy=Secrecy.SECRET,
    is_secret=True,
)
NOT_YET_CLEARED = replace(
    SECRET, letter_id=67, secrecy=Secrecy.NONE, is_secret=False, review=("secrecy",)
)
MARKED_ONLY = replace(SECRET, letter_id=68, secrecy=Secrecy.VERY_SECRET, is_secret=False)
HANDED_IN_AS_SECRET = replace(SECRET, letter_id=69, secrecy=Secrecy.NONE)
HIDDEN = (SECRET, NOT_YET_CLEARED, MARKED_ONLY, HANDED_IN_AS_SECRET)

TYPED = (
    "สอบสวนวินัย",
    "ทุจริต",
    '"จัดซื้อคอมพิวเตอร์"',
    "สอบสวนวินับ",
    "คอมพิวเตฮร์",
    "ประชุม OR ทุจริต",
    "เรื่อง:สอบสวน",
    "จาก:ปราบปราม",
    "ที่:777",
    "ปช 0099/777",
    "ปช 0099/778",
    "777",
    "66/2569",
    "กลุ่ม:legal",
    "15 ม.ค. 2569",
    "ปี 2569",
    "ลงวันที่: ม.ค. 2569",
    "-งบประมาณ",
    "-ฮฮ",
    "",
    "นายสมมุติ",
    "ประชุม",
    "วัด",
    "ลับ",
    "ทุจริด",
    "สอบ",
    "จัดซื้อคอมพิวเตอี",
    "สอบสวนวินยัร้ายแรง",
    "ปราบปรามสมมุติย์",
    "l[l;o;boyp",
    "m60ib9",
    "สำนักงาน ปราบ ปราม",
    "ปปช",
    "ลงนาม:สมมุติ",
    "ผู้ส่ง:ปราบปราบ",
    "ข้อกล่าวหา หรือ ทุจริต",
    "นายสมมตุิ",
    "ตั้งแต่ 1 ม.ค. 2569",
    "ปีงบ 2569",
)


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LetterIndex]:
    opened = open_index(
        tmp_path, request.param, group_names={**GROUP_NAMES, "legal": "กลุ่มกฎหมายและคดี"}
    )
    # The worst case: the letters stood in the index before they were known to be secret.
    opened.apply(
        Upsert(replace(one, secrecy=Secrecy.NONE, is_secret=False, review=())) for one in HIDDEN
    )
    assert opened.count() == len(HIDDEN)
    opened.apply([Upsert(replace(one, revision=2)) for one in HIDDEN] + list(map(Upsert, OFFICE)))
    yield opened
    opened.close()


def test_nothing_shows_it(index: LetterIndex) -> None:
    hidden = {one.letter_id for one in HIDDEN}
    for typed in TYPED:
        for sort in Sort:
            result = index.search(typed, today=TODAY, sort=sort, limit=50)
            assert hidden.isdisjoint(hit.key.id for hit in result.hits), typed
            assert result.total <= len(OFFICE)
            assert all("ทุจริต" not in hit.snippet.text for hit in result.hits)
            assert "ทุจริต" not in (result.did_you_mean or "")
            offered = result.did_you_mean or ""
            for word in ("สอบสวนวินัยร้ายแรง", "คอมพิวเตอร์", "ปราบปรามสมมุติ", "ทุจริต", "นายสมมุติ"):
                assert word not in offered or word in typed
            for counts in result.facets.values():
                assert not {"legal", "radio", "สำนักงานปราบปรามสมมุติ", "ด่วนมาก"} & counts.keys()


def test_no_count_includes_it(index: LetterIndex) -> None:
    assert index.count() == len(OFFICE)
    assert set(index.revisions()) == {one.key for one in OFFICE}
    for facet in FACET_FIELDS:
        filters = {facet: ["legal", "radio", "สำนักงานปราบปรามสมมุติ", "ด่วนมาก"]}
        assert index.search("", today=TODAY, filters=filters).total == 0


def test_no_completion_and_no_likeness_shows_it(index: LetterIndex) -> None:
    for prefix in ("ส", "สอบ", "สอบสวน", "ปราบปราม", "สำนักงานปราบ", "นายสม"):
        for field in ("sender", "subject"):
            assert all("สมมุติ" not in value for value in index.complete(prefix, field))
    hidden = {one.letter_id for one in HIDDEN}
    for one in (*OFFICE, *HIDDEN):
        assert hidden.isdisjoint(hit.key.id for hit in index.more_like(one.key))
    assert index.more_like(SECRET.key) == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_rebuilt_index_holds_not_one_word_of_it(tmp_path: Path, engine: str) -> None:
    index = rebuild(tmp_path, engine, (*HIDDEN, *OFFICE))
    for field in TEXT_FIELDS:
        for one in ("ทุจริต", "สอบสวน", "ปราบปราม", "คอมพิวเตอร์"):
            assert not list(index.engine.tokens_starting(field, one, 10))
    assert list(
        index.engine.tokens_starting("words", "ลูกเสือ", 10)
    )  # the check can see words at all
    index.close()


@pytest.mark.parametrize("hidden", HIDDEN)
def test_the_analysis_itself_refuses_it(hidden: RegisteredLetter) -> None:
    with pytest.raises(ValueError, match="may not be in the common search index"):
        document_of(hidden)
