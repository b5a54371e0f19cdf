"""A secret letter goes from hand to hand, each signing for it; the register says who has it, always."""

from __future__ import annotations

from datetime import timedelta

import pytest

from index.book import Book
from index.errors import NoSuchRecordError, PersonRefusedError
from index.retention.law import load_law
from index.visibility import SECRET_PLACEHOLDER
from tests.keeping import CLERK, NOW
from tests.unit.index.register.desk.test_grants import looking, permit, staffed

__all__ = ["staffed"]


@pytest.fixture
def granted(staffed: Book) -> Book:
    for name in ("director", "officer"):
        permit(staffed, name)
    return staffed


def give(book: Book, giver: str, taker: str, *, sign: bool = True, minute: int = 0) -> None:
    now = NOW + timedelta(minutes=minute)
    book.handovers.give(looking(book, giver), 1, taker, note="เพื่อพิจารณา", now=now)
    if sign:
        book.handovers.sign(looking(book, taker), 1, now=now)


def held(book: Book, name: str) -> list[tuple[bool, bool, str]]:
    lines = book.handovers.held_by(looking(book, name), NOW)
    return [(one.holds, one.to_sign, one.letter.subject) for one in lines]


SUBJECT = "ผลการสอบสวน"


def test_registrar_director_officer_and_back_each_with_a_receipt(granted: Book) -> None:
    hands = granted.handovers
    give(granted, "reg", "director", sign=False)
    assert held(granted, "director") == [(False, True, SUBJECT)]
    assert hands.holder(looking(granted, "reg"), 1) == ""  # not signed: still with the registrars
    hands.sign(looking(granted, "director"), 1, now=NOW)
    assert held(granted, "director") == [(True, False, SUBJECT)]
    give(granted, "director", "officer", minute=1)
    assert held(granted, "director") == [(False, False, SUBJECT)]  # may still open it
    assert held(granted, "officer") == [(True, False, SUBJECT)]
    give(granted, "officer", "deputy", minute=2)
    assert hands.holder(looking(granted, "reg"), 1) == "deputy"
    lines = granted.retention(load_law()).secret_registers.control(looking(granted, "reg"), 2569)
    assert [(one.what, one.who) for one in lines if one.what in ("ส่งมอบ", "ลงชื่อรับ")] == [
        ("ส่งมอบ", "คุณ reg"),
        ("ลงชื่อรับ", "คุณ director"),
        ("ส่งมอบ", "คุณ director"),
        ("ลงชื่อรับ", "คุณ officer"),
        ("ส่งมอบ", "คุณ officer"),
        ("ลงชื่อรับ", "คุณ deputy"),
    ]
    actions = [one.action for one in granted.audit.entries(letter_id=1)]
    assert actions.count("handed_over") == actions.count("handover_signed") == 3


@pytest.mark.parametrize("taker", ["low", "plain", "nobody", "reg"])
def test_who_may_not_open_it_is_not_handed_it(granted: Book, taker: str) -> None:
    with pytest.raises(PersonRefusedError):
        give(granted, "reg", taker)
    assert granted.handovers.of_letter(looking(granted, "reg"), 1) == ()


def test_only_who_has_it_hands_it_on_and_only_once(granted: Book) -> None:
    with pytest.raises(PersonRefusedError):
        give(granted, "officer", "director")
    give(granted, "reg", "director", sign=False)
    with pytest.raises(PersonRefusedError):
        give(granted, "reg", "officer")
    granted.handovers.sign(looking(granted, "director"), 1, now=NOW)
    with pytest.raises(PersonRefusedError):
        give(granted, "reg", "officer")  # it is with the director now
    with pytest.raises(NoSuchRecordError):
        granted.handovers.give(CLERK, 1, "officer", note="", now=NOW)


def test_nobody_signs_for_another_nor_twice(granted: Book) -> None:
    give(granted, "reg", "director", sign=False)
    for name in ("officer", "reg", "deputy", "low"):
        with pytest.raises(NoSuchRecordError):
            granted.handovers.sign(looking(granted, name), 1, now=NOW)
    granted.handovers.sign(looking(granted, "director"), 1, now=NOW)
    with pytest.raises(NoSuchRecordError):
        granted.handovers.sign(looking(granted, "director"), 1, now=NOW)


def test_what_nobody_signed_for_is_taken_back_by_the_giver_or_a_registrar(granted: Book) -> None:
    give(granted, "reg", "director")
    give(granted, "director", "officer", sign=False)
    with pytest.raises(NoSuchRecordError):
        granted.handovers.take_back(looking(granted, "officer"), 1, now=NOW)
    granted.handovers.take_back(looking(granted, "director"), 1, now=NOW)
    assert held(granted, "officer") == [(False, False, SUBJECT)]
    give(granted, "director", "officer", sign=False)
    granted.handovers.take_back(looking(granted, "deputy"), 1, now=NOW)
    assert held(granted, "director") == [(True, False, SUBJECT)]


def test_whose_right_ended_still_sees_the_number_to_return_and_the_registrar_fetches_it(
    granted: Book,
) -> None:
    give(granted, "reg", "officer")
    granted.grants.take_back(looking(granted, "reg"), 1, "officer", now=NOW)
    (left,) = granted.handovers.held_by(looking(granted, "officer"), NOW)
    assert (left.holds, left.is_open, left.note) == (True, False, "")
    assert left.letter.subject == SECRET_PLACEHOLDER
    with pytest.raises(NoSuchRecordError):
        give(granted, "officer", "reg")
    granted.handovers.fetch(looking(granted, "deputy"), 1, note="รับคืนที่โต๊ะ", now=NOW)
    assert held(granted, "officer") == []
    assert granted.handovers.holder(looking(granted, "reg"), 1) == "deputy"
    with pytest.raises(PersonRefusedError):
        granted.handovers.fetch(looking(granted, "deputy"), 1, note="", now=NOW)
    with pytest.raises(NoSuchRecordError):
        granted.handovers.fetch(looking(granted, "director"), 1, note="", now=NOW)


def test_who_is_not_cleared_holds_nothing(granted: Book) -> None:
    assert held(granted, "plain") == held(granted, "low") == []
    assert granted.handovers.held_by(CLERK, NOW) == ()


def test_takers_are_those_who_may_open_it_now(granted: Book) -> None:
    def names(at: int = 0) -> list[str]:
        now = NOW + timedelta(days=at)
        return [one.name for one in granted.handovers.takers(looking(granted, "reg"), 1, now)]

    assert names() == ["deputy", "director", "officer"]
    assert names(at=8) == ["deputy"]
    granted.grants.deny(looking(granted, "reg"), 1, "officer", reason="คู่กรณี", now=NOW)
    assert names() == ["deputy", "director"]
