"""Clearance opens nothing without a grant; the registrar gives and takes it back; a denial wins over all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from classify.letter import Secrecy
from index.book import Book
from index.errors import NoSuchRecordError, PersonRefusedError
from index.register.people.people import Person
from index.retention.law import load_law
from index.visibility import Role, Viewer
from tests.keeping import (
    CLERK,
    DOUBTFUL_SECRECY,
    NOW,
    OFFICER,
    file_one,
    make_filing,
    make_hashing_quick,
)

WEEK = NOW + timedelta(days=7)
SECRET = make_filing(subject="ผลการสอบสวน", group="plan", secrecy=Secrecy.VERY_SECRET)


def person(
    name: str, role: Role = Role.GROUP_OFFICER, clearance: Secrecy = Secrecy.NONE, **more: bool
) -> Person:
    return Person(name, f"คุณ {name}", frozenset({role}), frozenset({"plan"}), clearance, **more)


@pytest.fixture
def staffed(book: Book) -> Book:
    """Letter 1 is secret, 2 may be, 3 is not; two registrars, people with and without clearance."""
    make_hashing_quick(book)
    for one in (
        person("reg", Role.SECRET_REGISTRAR),
        person("deputy", Role.SECRET_REGISTRAR),
        person("director", Role.GROUP_HEAD, Secrecy.TOP_SECRET),
        person("officer", clearance=Secrecy.VERY_SECRET),
        person("low", clearance=Secrecy.SECRET),
        person("plain"),
    ):
        book.people.add(one, who="test", now=NOW, password="รหัสผ่านยาวพอ")
    file_one(book, 1, SECRET)
    file_one(book, 2, make_filing(number="ศธ 1/2", group="plan", review=(DOUBTFUL_SECRECY,)))
    file_one(book, 3, make_filing(number="ศธ 1/3", group="plan"))
    return book


def looking(book: Book, name: str, at: int = 0) -> Viewer:
    now = NOW + timedelta(days=at)
    found = book.people.find(name)
    assert found is not None
    return found.looking(book.grants.granted_to(name, now), book.grants.denied_to(name))


def opens(book: Book, name: str, letter_id: int = 1, at: int = 0) -> bool:
    found = book.letters.by_id(looking(book, name, at), letter_id)
    return found is not None and found.sha256 != ""


def permit(book: Book, name: str, letter_id: int = 1, by: str = "reg") -> None:
    book.grants.permit(looking(book, by), letter_id, name, until=WEEK, reason="ร่วมสอบ", now=NOW)


def test_a_cleared_person_opens_nothing_until_it_is_granted_and_again_when_it_is_taken_back(
    staffed: Book,
) -> None:
    assert not opens(staffed, "officer")
    permit(staffed, "officer")
    assert opens(staffed, "officer")
    assert not opens(staffed, "officer", at=7)  # the end itself is outside
    staffed.grants.take_back(looking(staffed, "deputy"), 1, "officer", now=NOW)
    assert not opens(staffed, "officer")
    with pytest.raises(NoSuchRecordError):
        staffed.grants.take_back(looking(staffed, "reg"), 1, "officer", now=NOW)


def test_a_new_grant_takes_the_place_of_the_old_one(staffed: Book) -> None:
    permit(staffed, "officer")
    tomorrow = NOW + timedelta(days=1)
    staffed.grants.permit(
        looking(staffed, "reg"), 1, "officer", until=tomorrow, reason="สั้นลง", now=NOW
    )
    (left,) = staffed.grants.access(looking(staffed, "reg"), 1, NOW).permissions
    assert (left.until, left.reason, left.opens) == (tomorrow, "สั้นลง", True)
    assert not opens(staffed, "officer", at=2)


@pytest.mark.parametrize("name", ["low", "plain", "reg", "deputy", "nobody", "gone"])
def test_whom_a_grant_could_not_serve_is_not_given_one(staffed: Book, name: str) -> None:
    gone = person("gone", clearance=Secrecy.TOP_SECRET, active=False)
    staffed.people.add(gone, who="test", now=NOW, password="รหัสผ่านยาวพอ")
    with pytest.raises(PersonRefusedError):
        permit(staffed, name)
    assert staffed.grants.granted_to(name, NOW) == frozenset()


@pytest.mark.parametrize(("reason", "days"), [(" ", 7), ("ร่วมสอบ", 0), ("ร่วมสอบ", -1)])
def test_a_grant_says_why_and_ends_in_the_future(staffed: Book, reason: str, days: int) -> None:
    until = NOW + timedelta(days=days)
    with pytest.raises(PersonRefusedError):
        staffed.grants.permit(
            looking(staffed, "reg"), 1, "officer", until=until, reason=reason, now=NOW
        )


def test_what_may_be_secret_is_checked_before_it_is_granted(staffed: Book) -> None:
    with pytest.raises(PersonRefusedError, match="doubt"):
        permit(staffed, "director", 2)
    staffed.desk.correct(looking(staffed, "reg"), 2, "secrecy", "ลับ", now=NOW)
    permit(staffed, "low", 2)
    assert opens(staffed, "low", 2)
    with pytest.raises(NoSuchRecordError):
        permit(staffed, "director", 3)


def test_a_class_that_is_raised_leaves_a_grant_without_effect_and_the_page_says_so(
    staffed: Book,
) -> None:
    permit(staffed, "officer")
    staffed.desk.correct(looking(staffed, "reg"), 1, "secrecy", "ลับที่สุด", now=NOW)
    assert not opens(staffed, "officer")
    access = staffed.grants.access(looking(staffed, "reg"), 1, NOW)
    assert [(one.person, one.opens) for one in access.permissions] == [("officer", False)]
    assert [one.name for one in access.cleared] == ["director"]
    assert [one.name for one in access.too_low] == ["low"]


def test_a_denial_ends_what_was_granted_and_lifting_it_opens_nothing(staffed: Book) -> None:
    permit(staffed, "officer")
    registrar = looking(staffed, "reg")
    staffed.grants.deny(registrar, 1, "officer", reason="เป็นคู่กรณี", now=NOW)
    assert not opens(staffed, "officer")
    with pytest.raises(PersonRefusedError):
        permit(staffed, "officer")
    staffed.grants.lift(registrar, 1, "officer", now=NOW)
    assert not opens(staffed, "officer")
    permit(staffed, "officer")
    assert opens(staffed, "officer")


def test_a_registrar_can_be_denied_but_never_the_last_one_nor_by_herself(staffed: Book) -> None:
    registrar = looking(staffed, "reg")
    with pytest.raises(PersonRefusedError):
        staffed.grants.deny(registrar, 1, "reg", reason="ตนเอง", now=NOW)
    staffed.grants.deny(registrar, 1, "deputy", reason="เป็นคู่กรณี", now=NOW)
    deputy = looking(staffed, "deputy")
    assert not opens(staffed, "deputy")
    assert opens(staffed, "deputy", 2)
    for act in everything(staffed, deputy):
        with pytest.raises(NoSuchRecordError):
            act()
    books = staffed.retention(load_law()).secret_registers
    assert books.received(deputy, 2569) == ()
    assert books.control(deputy, 2569) == ()
    assert len(books.received(registrar, 2569)) == 1


def everything(book: Book, viewer: Viewer) -> list[Callable[[], object]]:
    grants = book.grants
    return [
        lambda: grants.permit(viewer, 1, "officer", until=WEEK, reason="ร", now=NOW),
        lambda: grants.take_back(viewer, 1, "officer", now=NOW),
        lambda: grants.deny(viewer, 1, "officer", reason="ร", now=NOW),
        lambda: grants.lift(viewer, 1, "officer", now=NOW),
        lambda: grants.access(viewer, 1, NOW),
    ]


def test_only_the_registrar_gives_rights_also_who_was_granted_does_not(staffed: Book) -> None:
    permit(staffed, "director")
    for viewer in (CLERK, OFFICER, looking(staffed, "director"), looking(staffed, "officer")):
        for act in everything(staffed, viewer):
            with pytest.raises(NoSuchRecordError):
                act()


def test_the_audit_trail_and_the_register_tell_who_gave_what_to_whom(staffed: Book) -> None:
    registrar = looking(staffed, "reg")
    permit(staffed, "officer")
    staffed.grants.take_back(registrar, 1, "officer", now=NOW + timedelta(minutes=1))
    staffed.grants.deny(registrar, 1, "officer", reason="คู่กรณี", now=NOW + timedelta(minutes=2))
    staffed.grants.lift(registrar, 1, "officer", now=NOW + timedelta(minutes=3))
    noted = [
        (one.who, one.action, one.details["person"])
        for one in staffed.audit.entries(letter_id=1)
        if "person" in one.details
    ]
    actions = ("granted", "grant_ended", "denied", "denial_lifted")
    assert noted == [("reg", action, "officer") for action in actions]
    assert "คู่กรณี" not in repr(staffed.audit.entries(letter_id=1))
    lines = staffed.retention(load_law()).secret_registers.control(registrar, 2569)
    assert [(one.what, one.who, one.note) for one in lines] == [
        ("อนุญาตให้เข้าถึง", "คุณ reg", "คุณ officer: ร่วมสอบ"),
        ("ถอนสิทธิเข้าถึง", "คุณ reg", "คุณ officer"),
        ("ห้ามเข้าถึง", "คุณ reg", "คุณ officer: คู่กรณี"),
        ("ยกเลิกข้อห้ามเข้าถึง", "คุณ reg", "คุณ officer"),
    ]
