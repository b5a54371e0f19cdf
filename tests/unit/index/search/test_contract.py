"""Every engine finds the same letters for the same words: the contract of the search index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.registered_letter import LetterKey, RegisteredLetter
from index.search import (
    ENGINES,
    Delete,
    LetterIndex,
    Sort,
    Upsert,
    Within,
    letter_index,
    open_index,
    rebuild,
)
from tests.searching import GROUP_NAMES, OFFICE, TODAY, found, keys, letter


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LetterIndex]:
    opened = open_index(tmp_path / "search", request.param, group_names=GROUP_NAMES)
    opened.apply(map(Upsert, OFFICE))
    yield opened
    opened.close()


def take_in(index: LetterIndex, *letters: RegisteredLetter) -> None:
    index.apply(map(Upsert, letters))


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("ประชุม", {1}),
        ("ห้องประชุม ผู้บริหาร", {1}),
        ("งบประมาณ", {2, 3}),  # letter 3 was misread: งบประฆาณ
        ("วัด", {3}),  # a short word is not the end of จังหวัด
        ("ลา", {3}),  # nor of เวลา
        ("น้ำท่วม", {4}),  # sara am put together from two signs in the letter
        ("นํ้าท่วม", {4}),  # and in what is typed
        ("แตงตั้ง", {4}),  # a tone mark forgotten
        ("ประมาณ -ลูกเสือ", {2}),
        ("ประชุม OR ลูกเสือ", {1, 3}),
        ("ประชุม | น้ำท่วม", {1, 4}),
        ('"ผู้บริหาร สถานศึกษา"', {1}),
        ("เรื่อง:ประชุม", {1}),
        ("เรื่อง:งบประมาณ", {2}),
        ("จาก: บัญชีกลาง", {2}),
        ("sender:จังหวัดเลย", {3, 4}),
        ("กลุ่ม:แผน", {1, 3, 4}),
        ("กลุ่ม:finance", {2}),
        ("ศธ ๐๔๐๐๑/ว ๑๒๓", {1, 2}),
        ("ศธ04001/ว.123", {1, 2}),
        ("ที่:ศธ04001/ว123", {1}),
        ("ว 123", {1, 2}),
        ("0402.2", {2}),
        ("ศธ 04001/ว 124", {1, 2}),  # one slip, and nothing has that number
        ("3/2569", {3}),
        ("15 ม.ค. 2569", {1}),
        ("๑๕ มกราคม ๒๕๖๙", {1}),
        ("ลงวันที่: ปี 2568", {2}),
        ("1 มีนาคม 2568", {2}),  # a date the letter speaks of
        ("ลงวันที่: 1 มีนาคม 2568", set()),  # which is not its own
        ("ลงวันที่: ธ.ค. 2567 - ม.ค. 2569", {1, 2, 3}),
        ("อัญชลี ใจกว้าง", {3}),
        ("ไม่มีคำนี้อยู่เลย", set()),
        ("ห้องประชุม ผู้บริหาร อวกาศ", {1}),  # all but one, when nothing has all three
        ("ประชุม อวกาศ", set()),
        ("", {1, 2, 3, 4}),
        ("ประชุม หรือ ลูกเสือ", {1, 3}),
        ("ผู้ส่ง:บัญชีกลาง", {2}),
        ('"ใจกว้าง"', {3}),
        ('"งบประมาณ"', {2}),  # in quotes a misread letter does not say it
        ("น้ำ ท่วม", {4}),
        ("ห้อง ประ ชุม", {1}),  # spaces inside a word
        ("สพฐ. ห้องประชุม", {1}),  # the sender, written out
        ("สพฐ ห้องประชุม", {1}),
        ("ผอ.รร.บ้านหนองแวง ชั้นสอง", {1}),
        ("ม.ค. 69 ห้องประชุม", {1}),
        ("ปีงบ 2569 ห้องประชุม", {1}),
        ("ก่อน 1 ม.ค. 2568", {3}),
        ("ตั้งแต่ 1 ม.ค. 2569", {1}),
        ("ปี 67 ลูกเสือ", {3}),
    ],
)
def test_finds_what_a_clerk_means(index: LetterIndex, typed: str, wanted: set[int]) -> None:
    assert set(found(index, typed)) == wanted


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("ลูกเสืแ", {3}),  # a key beside the right one
        ("กิจกรรมลกูเสือ", {3}),  # two letters swapped, one of them a mark
        ("ห้องปชระุม", {1}),
        ("ผู้บริหราสถานศึกษา", {1}),
        ("สถานสึกาา", {1}),  # the shift forgotten, twice
        ("]^dglnv", {3}),  # typed in the Latin layout: ลูกเสือ
        ("shv'xit=6, =yholv'", {1}),  # ห้องประชุม ชั้นสอง
        ("ใจกวา้ง อันชลี", {3}),
        ("จาก:บันชีกลาง", {2}),
        ("ศธ 04001/ว 124", {1, 2}),
    ],
)
def test_what_nothing_says_finds_what_nearly_says_it_and_is_marked(
    index: LetterIndex, typed: str, wanted: set[int]
) -> None:
    result = index.search(typed, today=TODAY)
    assert {hit.key.id for hit in result.hits} == wanted
    assert result.near
    assert result.total == len(wanted)


@pytest.mark.parametrize("typed", ["ลูกเสือ", "งบประมาณ", "ศธ 04001/ว 123", "15 ม.ค. 2569", ""])
def test_what_is_found_as_typed_is_not_marked_and_has_nothing_near_below_it(
    index: LetterIndex, typed: str
) -> None:
    take_in(index, letter(9, subject="ลูกเสีอ งบประมาร", text="ลูกเสีอ"))
    assert not index.search(typed, today=TODAY).near
    assert 9 not in found(index, '"ลูกเสือ"')


def test_letters_that_are_only_misread_are_shown_and_marked(index: LetterIndex) -> None:
    take_in(index, letter(9, subject="แจ้งเวียน", text="โครงการทัศนศึกบานอกสถานที่"))
    result = index.search("ทัศนศึกษา", today=TODAY)
    assert {hit.key.id for hit in result.hits} == {9}
    assert result.near
    take_in(index, letter(10, subject="โครงการทัศนศึกษา"))
    result = index.search("ทัศนศึกษา", today=TODAY)
    assert [hit.key.id for hit in result.hits] == [10, 9]
    assert not result.near


def test_letters_of_a_month_come_before_those_that_speak_of_it(index: LetterIndex) -> None:
    said = "ปีงบประมาณ พ.ศ. 2571 " * 6
    index.apply(
        [
            Upsert(letter(11, subject=said, text=said, date=date(2024, 3, 1))),
            Upsert(letter(12, subject="แจ้งเวียน", text="ทราบ", date=date(2028, 3, 1))),
        ]
    )
    hits = index.search("ปีงบ 2571", today=TODAY).hits
    assert [hit.key.id for hit in hits] == [12, 11]


def test_the_likest_letters_come_first_and_those_that_say_it_in_their_subject(
    index: LetterIndex,
) -> None:
    take_in(
        index,
        letter(7, subject="แจ้งเวียน", text="เรื่องพิพิธภัณฑ์สัตว์น้ำ", number=""),
        letter(8, subject="ชมพิพิธภัณฑ์สัตว์น้ำ", text="แจ้งมาเพื่อทราบ", number=""),
        letter(9, subject="ชมพิพิธภัณฑ์สัตร์บก", text="แจ้งมาเพื่อทราบ", number=""),
    )
    assert found(index, "พิพิธภัณฑ์สัตฝ์น้ำ") == [8, 7]


def test_the_spelling_offered_is_one_that_letters_use(index: LetterIndex) -> None:
    assert index.search("ขออนุยาตจัดกิจกรรม", today=TODAY).did_you_mean == "ขออนุญาตจัดกิจกรรม"
    assert index.search("]^dglnv", today=TODAY).did_you_mean == "ลูกเสือ"


@pytest.mark.parametrize("typed", ["ไดโนเสาร์", "รถไฟความเร็วสูง", "กาแฟ", "ดาวเทียม", "โรงงานน้ำตาล"])
def test_other_words_resemble_nothing(index: LetterIndex, typed: str) -> None:
    assert found(index, typed) == []


@pytest.mark.parametrize("typed", ["%", "*", "😀", "???", "หรือ", "- -"])
def test_signs_alone_ask_for_nothing(index: LetterIndex, typed: str) -> None:
    result = index.search(typed, today=TODAY)
    assert (result.hits, result.total, result.asked_nothing) == ((), 0, True)
    assert not index.search("", today=TODAY).asked_nothing


def test_letters_dated_so_come_before_those_that_speak_of_the_month(index: LetterIndex) -> None:
    said = "ประชุมผู้บริหาร มกราคม 2569 " * 5
    take_in(index, letter(9, subject=said, text=said, date=date(2025, 6, 1)))
    assert found(index, "ประชุมผู้บริหาร ม.ค. 69") == [1, 9]


def test_signers_are_looked_for_where_they_signed(index: LetterIndex) -> None:
    signed = "ขอแสดงความนับถือ\n(นางสาวอภิญญา สุทธิประภา)\nผู้อำนวยการ"
    named = "ให้ติดต่อ นางสาวอภิญญา สุทธิประภา ภายในวันนี้"
    take_in(index, letter(8, text=signed), letter(9, text=named))
    for typed in ("ลงนาม:อภิญญา", 'ลงนาม:"อภิญญา สุทธิประภา"', "ผู้ลงนาม: สุทธิประภา"):
        assert found(index, typed) == [8], typed
    assert set(found(index, "นางสาวสุทธิประภา")) == {8, 9}  # with a title or without


def test_an_abbreviation_finds_its_long_form_and_the_other_way_round(index: LetterIndex) -> None:
    short, long = "ก.ค.ศ.", "คณะกรรมการข้าราชการครูและบุคลากรทางการศึกษา"
    for key, name in ((8, short), (9, long)):
        take_in(index, letter(key, subject="ซักซ้อมวิทยฐานะ", text=f"{name} กำหนด", sender=""))
    for typed in (short, "กคศ", "กคศ.", long):
        assert set(found(index, f"{typed} วิทยฐานะ")) == {8, 9}, typed
    assert index.search('"กคศ"', today=TODAY).total == 0 or found(index, '"กคศ"') == [8]


def test_the_letters_own_sender_comes_before_a_stamp_that_names_it(index: LetterIndex) -> None:
    stamp = "สำนักงานการตรวจเงินแผ่นดิน รับที่ ๑ " * 3
    take_in(
        index,
        letter(8, subject="แจ้งผล", text=stamp, sender="กรมอื่น"),
        letter(9, subject="แจ้งผล", text="ตามที่", sender="สำนักงานการตรวจเงินแผ่นดิน"),
    )
    assert found(index, "สตง.") == [9, 8]


def test_the_letter_about_it_comes_before_the_one_that_mentions_it(index: LetterIndex) -> None:
    take_in(index, letter(9, subject="แจ้งเวียน", text="ตามที่ได้ประชุมไปแล้ว " * 3))
    assert found(index, "ประชุม") == [1, 9]


def test_the_letters_own_number_comes_before_a_reference_to_it(index: LetterIndex) -> None:
    assert found(index, "ศธ 04001/ว 123")[0] == 1


def test_misread_letters_come_after_the_others(index: LetterIndex) -> None:
    assert found(index, "งบประมาณ") == [2, 3]


def test_sorts_by_date_and_receive_number(index: LetterIndex) -> None:
    assert found(index, "", sort=Sort.REGISTER) == [4, 3, 2, 1]
    assert found(index, "", sort=Sort.REGISTER_UP) == [1, 2, 3, 4]
    assert found(index, "", sort=Sort.NEWEST)[:3] == [1, 2, 3]
    assert found(index, "", sort=Sort.OLDEST)[1:] == [3, 2, 1]


def test_pages_do_not_overlap(index: LetterIndex) -> None:
    pages = [
        index.search("", today=TODAY, sort=Sort.REGISTER, limit=2, offset=offset)
        for offset in (0, 2)
    ]
    assert [[hit.key.id for hit in page.hits] for page in pages] == [[4, 3], [2, 1]]
    assert {page.total for page in pages} == {4}


def test_facets_count_every_letter_found_and_filter(index: LetterIndex) -> None:
    result = index.search("", today=TODAY, limit=1)
    assert result.facets["group"] == {"plan": 3, "finance": 1}
    assert result.facets["urgency"]["ด่วนที่สุด"] == 1
    assert result.facets["year"] == {"2569": 4}
    narrowed = index.search("", today=TODAY, filters={"group": ["plan"], "urgency": ["ด่วนที่สุด"]})
    assert [hit.key.id for hit in narrowed.hits] == [4]
    either = index.search("", today=TODAY, filters={"group": ["plan", "finance"]})
    assert either.total == 4


def test_facets_of_very_many_hits_are_estimates(
    index: LetterIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letter_index, "MOST_COUNTED", 60)
    groups = {32: "finance", 33: "plan"}
    index.apply(Upsert(letter(place, group=groups.get(place, "hr"))) for place in range(5, 65))
    result = index.search("", today=TODAY)
    assert (result.total, result.estimated) == (64, True)
    assert result.facets["group"] == {"hr": 48, "finance": 16}  # 16, 32, 48 and 64 stand for all
    narrowed = index.search("", today=TODAY, filters={"group": ["plan"]})
    assert (narrowed.facets["group"], narrowed.estimated) == ({"plan": 4}, False)


@pytest.mark.parametrize(
    "typed",
    ["ทางการศึกษา", "การศึกษาขั้นพื้นฐาน", "พัฒนาทางการศึกษา", "ทางการศึกษาขั้น", "ขั้นพื้นฐานการ"],
)
def test_words_around_a_prefix_are_found_in_a_row_only(index: LetterIndex, typed: str) -> None:
    row = letter(9, subject="", sender="", text="งานพัฒนาทางการศึกษาขั้นพื้นฐานการเงิน", number="")
    apart = letter(
        10, subject="", sender="", text="ขั้นตอน การเงิน ศึกษา พื้นฐาน ทาง พัฒนา การ ขั้น", number=""
    )
    take_in(index, row, apart)
    assert 9 in found(index, f'"{typed}"')
    assert 10 not in found(index, f'"{typed}"')


def test_a_filter_narrows_every_way_to_be_found(index: LetterIndex) -> None:
    for typed in ("งบประมาณ", "ประชุม OR ลูกเสือ", "ประมาณ -ลูกเสือ", "ว 123", "จาก:จังหวัดเลย"):
        everywhere = index.search(typed, today=TODAY)
        in_groups = [
            hit.key.id
            for group in GROUP_NAMES
            for hit in index.search(typed, today=TODAY, filters={"group": [group]}).hits
        ]
        assert sorted(in_groups) == sorted(hit.key.id for hit in everywhere.hits) != []


def test_a_hit_shows_the_letter(index: LetterIndex) -> None:
    (hit,) = index.search("ห้องประชุม", today=TODAY).hits
    assert (str(hit.register_number), hit.number, hit.date) == (
        "1/2569",
        "ศธ 04001/ว 123",
        date(2026, 1, 15),
    )
    assert (hit.subject, hit.group) == ("ประชุมผู้บริหารสถานศึกษา", "plan")
    assert "[ห้องประชุม]" in hit.snippet.marked("[", "]")


def test_another_spelling_is_offered_only_when_it_finds_more(index: LetterIndex) -> None:
    assert index.search("ครุ ลูกเสือ", today=TODAY).did_you_mean == "ครู ลูกเสือ"
    assert index.search("ประชุม", today=TODAY).did_you_mean is None
    assert index.search("ฮฮฮฮ", today=TODAY).did_you_mean is None


def test_completes_senders_and_subjects(index: LetterIndex) -> None:
    assert index.complete("บัญชี", "sender") == ("กรมบัญชีกลาง",)
    assert index.complete("กร", "sender") == ("กรมบัญชีกลาง",)  # the beginning of a word
    assert index.complete("ผู้บริ", "subject") == ("ประชุมผู้บริหารสถานศึกษา",)
    assert set(index.complete("จังหวัดเลย", "sender")) == {
        "สำนักงานจังหวัดเลย",
        "ที่ทำการปกครองจังหวัดเลย",
    }
    assert index.complete("บัญชี", "text") == ()


def test_more_like_shares_words_and_leaves_itself_out(index: LetterIndex) -> None:
    take_in(index, letter(8, subject="ประชุมผู้บริหารครั้งที่สอง", text="ห้องประชุมชั้นสอง"))
    assert [hit.key.id for hit in index.more_like(LetterKey.received(1), limit=1)] == [8]
    assert index.more_like(LetterKey.received(777)) == ()


def test_a_correction_replaces_and_a_deletion_removes(index: LetterIndex) -> None:
    take_in(index, letter(1, revision=2, subject="เลื่อนการอบรม", text="เลื่อนไปก่อน"))
    assert found(index, "ประชุมผู้บริหาร") == []
    assert found(index, "เลื่อนการอบรม") == [1]
    index.apply([Delete(LetterKey.received(1), revision=3)])
    assert found(index, "เลื่อนการอบรม") == []
    assert index.count() == 3
    assert index.revisions() == dict.fromkeys(keys(2, 3, 4), 1)


def test_changes_twice_or_late_make_no_difference(index: LetterIndex) -> None:
    newest = Upsert(letter(1, revision=5, subject="ฉบับแก้ไข"))
    index.apply([newest, newest])
    index.apply([newest, Upsert(letter(1, revision=2)), Delete(LetterKey.received(1), revision=4)])
    assert index.revisions()[LetterKey.received(1)] == 5
    assert index.count() == 4


def test_another_process_sees_it_after_refresh(index: LetterIndex, tmp_path: Path) -> None:
    other = open_index(tmp_path / "search")
    take_in(index, letter(7, subject="เรื่องมาใหม่"))
    other.refresh()
    assert found(other, "เรื่องมาใหม่") == [7]
    other.close()


@pytest.mark.parametrize(("before", "after"), [("whoosh", "tantivy"), ("tantivy", "whoosh")])
def test_an_office_is_switched_over_while_it_searches(
    tmp_path: Path, before: str, after: str
) -> None:
    searching = rebuild(tmp_path, before, OFFICE)
    rebuild(tmp_path, after, OFFICE).close()
    assert found(searching, "ห้องประชุม") == [1]  # the old one answers until it is opened again
    searching.close()
    switched = open_index(tmp_path)
    assert found(switched, "ห้องประชุม") == [1]
    assert type(switched.engine).__name__.lower().startswith(after)
    switched.close()


def test_tidying_changes_no_answer(index: LetterIndex) -> None:
    index.apply([Delete(LetterKey.received(4), revision=2)])
    index.tidy()
    assert set(found(index, "")) == {1, 2, 3}


def test_a_search_within_groups_knows_of_no_other_letter(index: LetterIndex) -> None:
    handed_on = letter(
        9, subject="เงินเดือน", text="เลื่อนขั้น", group="hr", copies=("finance",), step="routed"
    )
    only_proposed = letter(8, subject="เงินเดือน", text="เลื่อนขั้น", group="finance")
    index.apply([Upsert(handed_on), Upsert(only_proposed)])
    within = Within(frozenset({"finance"}), frozenset(keys(3)))
    assert set(found(index, "", within=within)) == {2, 3, 9}
    assert found(index, "ประชุม", within=within) == []
    counted = index.search("", today=TODAY, within=within).facets["group"]
    assert counted == {"finance": 1, "plan": 1, "hr": 1}
    assert index.complete("จังหวัดเลย", "sender", within=within) == ("สำนักงานจังหวัดเลย",)
    assert index.more_like(LetterKey.received(1), within=within) == ()
    assert 1 not in {hit.key.id for hit in index.more_like(LetterKey.received(2), within=within)}
    leaving = Within(None, but=frozenset(keys(3, 8, 9)))
    assert set(found(index, "", within=leaving)) == {1, 2, 4}
    assert "hr" not in index.search("", today=TODAY, within=leaving).facets["group"]
    assert index.complete("กรมบัญชีกลาง", "sender", within=leaving) == ("กรมบัญชีกลาง",)
    assert index.complete("กรมบัญชี", "sender", within=Within(None, but=frozenset(keys(2)))) == ()
    assert set(found(index, "", within=replace(within, but=frozenset(keys(3))))) == {2, 9}
    nobody = Within(frozenset())
    assert found(index, "", within=nobody) == []
    assert index.search("ครุ ลูกเสือ", today=TODAY, within=nobody).did_you_mean is None
