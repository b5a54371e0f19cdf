"""A letter that was misread says what was typed; a letter that says something else does not."""

from __future__ import annotations

import pytest

from index.search.analysis import one_byte_each, skeleton
from index.search.near_places import SkeletonRow
from index.search.verify import Comparer, find_in, find_misread, misreadings, place_in_text


def _wording(typed: str, text: str) -> str | None:
    laid = SkeletonRow.of([skeleton(text)])
    return Comparer(typed).wordings(laid, lambda _: one_byte_each(text)).get(0)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("ประชุม", "ขอเชิญประชุมใหญ่"),
        ("แตงตั้ง", "ให้แต่งตั้งแล้ว"),  # a tone mark forgotten in typing
        ("เลื่อนวิทยฐานะ", "ให้มีและเลือนวิทยฐานะ"),  # one lost in the scan
        ("งบประมาณ", "ตั้งงบ ประมาณไว้"),
        ("กฏหมายใหม่", "ร่างกฎหมายใหม่"),  # letters that differ by a hair
    ],
)
def test_says_it_as_typed(typed: str, text: str) -> None:
    assert _wording(typed, text) == ""


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("งบประมาณ", "ได้ตั้งงบประฆาณไว้"),
        ("ผู้อำนวยการโรงเรียน", "เรียน ผู้อำนวยกาธโรงเรีบน"),
        ("คณะกรรมการ", "สำนักงานคณะกรรมทาร"),
    ],
)
def test_a_misreading_is_one_even_among_few_letters(typed: str, text: str) -> None:
    wording = _wording(typed, text)
    assert wording
    assert misreadings([wording], rightly=0) == {wording}


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("ผู้บริจาค", "ผู้รับบริจาค"),
        ("ความรู้", "ความรับผิดชอบ"),
        ("ประสิทธิ์", "มีประสิทธิภาพ"),
        ("ห้องประชุม", "ของประชุม"),
        ("15 มกราคม 2569", "25 มกราคม 2569"),
        ("ประชุม", "งบประมาณ"),
    ],
)
def test_another_wording_is_another_wording(typed: str, text: str) -> None:
    wording = _wording(typed, text)
    assert wording is None or wording not in misreadings([wording] * 30, rightly=40)


def test_a_wording_as_common_as_the_typed_one_is_no_misreading() -> None:
    assert misreadings(["อื่น"] * 10, rightly=40) == set()
    assert misreadings(["อื่น"] * 2, rightly=40) == {"อื่น"}


def test_places_in_the_text_are_whole_clusters() -> None:
    text = "ขอ เชิญ ประชุมผู้บริหาร"
    bones = skeleton(text)
    match = find_in(bones, skeleton("ผู้บริหาร"))
    assert match is not None
    start, end = place_in_text(one_byte_each(text), bones, match)
    assert text[start:end] == "ผู้บริหาร"
    cut = find_in(bones, skeleton("ขอเชิ"))
    assert cut is not None
    assert text[slice(*place_in_text(one_byte_each(text), bones, cut))] == "ขอ เชิ"


@pytest.mark.parametrize("typed", ["เบิกจ่าย", "000000", "บ้าน"])
def test_a_letter_without_text_holds_nothing(typed: str) -> None:
    assert find_in(b"", skeleton(typed)) is None
    assert not find_misread(SkeletonRow.of([b"", b""]), skeleton(typed))
