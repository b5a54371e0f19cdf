"""The folder's pages: put in on the letter's page, signed with one press, sent back with a reason, followed up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from index.book import Book
from index.choices import Step
from pipeline.office import Office
from tests.keeping import CLERK, NOW, file_one, make_filing
from tests.visiting import Browser, visiting


@pytest.fixture
def browser(office: Office, book: Book) -> Iterator[Browser]:
    with visiting(office, book) as visitor:
        filing = replace(make_filing(group="plan", subject="<b>ขอข้อมูล</b>"), page_count=0)
        letter = file_one(book, 1, filing)
        book.desk.move(CLERK, letter.letter_id, Step.ROUTED, group="plan", now=NOW)
        yield visitor


def as_(browser: Browser, name: str) -> Browser:
    browser.cookies.clear()
    browser.log_in(name)
    return browser


def test_from_the_letters_page_to_the_directors_order_and_the_groups_task(
    browser: Browser, book: Book
) -> None:
    officer = as_(browser, "group_officer")
    assert "เสนอหนังสือฉบับนี้" in officer.get("/letters/1/2569").text
    assert officer.post("/folder/letters/1/2569", last="director").status_code == 303
    assert officer.post("/folder/letters/1/2569").status_code == 422, "it is there already"
    assert "เสนอหนังสือฉบับนี้" not in officer.get("/letters/1/2569").text
    assert officer.post("/folder/1/sign", preset="noted").status_code == 404
    for name in ("group_head", "deputy_director"):
        signer = as_(browser, name)
        page = signer.get("/folder").text
        assert "&lt;b&gt;ขอข้อมูล" in page
        assert "<b>ขอข้อมูล" not in page
        assert signer.post("/folder/1/sign", preset="agreed").headers["location"] == "/folder"
        assert "ไม่มีเรื่องรอท่านสั่งการ" in signer.get("/folder").text
    director = as_(browser, "director")
    assert 'class="count">๑<' in director.get("/folder").text
    assert director.post("/folder/1/sign", deed="returned").status_code == 422
    answer = director.post("/folder/1/sign", words="x", deed="instructed", due="เมื่อวาน")
    assert answer.status_code == 422
    assert director.post("/folder/1/sign", preset="assigned").status_code == 303
    officer = as_(browser, "group_officer")
    letter = officer.get("/letters/1/2569").text
    assert letter.count("มอบกลุ่มเจ้าของเรื่องดำเนินการ") == 2, "in its history and on its way"
    tasks = officer.get("/tasks").text
    assert "๒๐ ม.ค. ๒๕๖๙" in tasks, "three working days after a Thursday"
    assert officer.post("/tasks/1/done", result="ส่งแล้ว").status_code == 303
    assert "ส่งแล้ว" in officer.get("/tasks?show=done").text
    order = book.desk.history(CLERK, 1)[-1]
    assert (order.who, order.note) == ("director", "มอบกลุ่มเจ้าของเรื่องดำเนินการ")


def test_a_memo_comes_back_and_goes_up_again(browser: Browser) -> None:
    officer = as_(browser, "group_officer")
    form = {"subject": "ขออนุมัติ", "body": "เรียน ผอ.", "group": "plan", "last": "group_head"}
    assert officer.post("/folder/new", **{**form, "group": "hr"}).status_code == 422
    typed = officer.post("/folder/new", **{**form, "body": ""})
    assert (typed.status_code, "ขออนุมัติ" in typed.text) == (422, True)
    assert officer.post("/folder/new", **form).headers["location"] == "/folder/1"
    head = as_(browser, "group_head")
    assert "เรียน ผอ." in head.get("/folder/1").text
    head.post("/folder/1/sign", deed="returned", words="แก้ตัวเลข")
    officer = as_(browser, "group_officer")
    page = officer.get("/folder/1").text
    assert "แก้ตัวเลข" in page
    assert "เสนอใหม่" in page
    officer.post("/folder/1/again", subject="ขออนุมัติ", body="ตัวเลขใหม่")
    assert "ตัวเลขใหม่" in as_(browser, "group_head").get("/folder/1").text
    assert as_(browser, "group_officer").post("/folder/1/withdraw").status_code == 303


def test_the_secretary_sees_carries_and_is_offered_no_signature(browser: Browser) -> None:
    as_(browser, "group_officer").post("/folder/letters/1/2569")
    secretary = as_(browser, "secretary")
    page = secretary.get("/folder/1").text
    assert "นำแฟ้มไปเสนอ" in page
    assert 'name="preset"' not in page
    assert secretary.get("/letters/1/2569").status_code == 200
    assert secretary.post("/folder/1/sign", preset="noted").status_code == 404
    assert secretary.post("/folder/1/carry", to="director", reason=" ").status_code == 422
    assert secretary.post("/folder/1/carry", to="director", reason="ด่วน").status_code == 303
    assert 'name="preset"' in as_(browser, "director").get("/folder/1").text


def test_who_has_nothing_to_do_with_it_finds_no_folder(browser: Browser) -> None:
    as_(browser, "group_officer").post("/folder/letters/1/2569")
    for name in ("administrator", "committee_member"):
        assert as_(browser, name).get("/folder").status_code == 403
        assert browser.get("/tasks").status_code == 403
    assert as_(browser, "secretary").get("/folder/new").status_code == 403
    assert as_(browser, "secretary").get("/mandates").status_code == 403


def test_an_order_is_recorded_and_lets_the_deputy_sign_for_the_director(browser: Browser) -> None:
    as_(browser, "group_officer").post("/folder/letters/1/2569")
    for name in ("group_head", "deputy_director"):
        as_(browser, name).post("/folder/1/sign", preset="agreed")
    admin = as_(browser, "administrator")
    form = {
        "kind": "acting", "person": "deputy_director", "absent": "director",
        "order_number": "๑๒/๒๕๖๙", "begins": "15/1/2569", "ends": "16/1/2569",
    }  # fmt: skip
    for wrong in ({"begins": ""}, {"ends": ""}, {"ends": "x"}, {"person": "nobody"}):
        answer = admin.post("/mandates", **{**form, **wrong})
        assert (answer.status_code, "๑๒/๒๕๖๙" in answer.text) == (422, True)
    assert admin.post("/mandates", **form).status_code == 303
    assert "มีผลวันนี้" in admin.get("/mandates").text
    as_(browser, "deputy_director").post("/folder/1/sign", preset="permitted")
    page = as_(browser, "group_officer").get("/folder/1").text
    assert "DEPUTY_DIRECTOR รักษาราชการแทน DIRECTOR" in page
    assert as_(browser, "administrator").post("/mandates/1/end").status_code == 303


def test_a_resolution_is_due_in_the_working_days_of_the_table(browser: Browser) -> None:
    secretary = as_(browser, "secretary")
    assert secretary.post("/tasks", origin="", words="x", group="plan").status_code == 422
    form = {"origin": "ครั้งที่ ๑/๒๕๖๙", "words": "สำรวจห้อง", "group": "plan"}
    assert secretary.post("/tasks", **form).status_code == 303
    text = as_(browser, "group_officer").get("/tasks").text
    assert "ครั้งที่ ๑/๒๕๖๙" in text
    assert "๒๐ ม.ค. ๒๕๖๙" in text
