"""A group's page: its people take, assign, finish and date their letters; nobody else can, and nothing secret shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from classify.letter import Secrecy, Urgency
from index.book import Book
from index.choices import Step
from index.register.people.people import Person
from index.visibility import Role
from pipeline.office import Office
from tests.keeping import CLERK, NOW, REGISTRAR, file_one, make_draft, make_filing, send_one
from tests.visiting import GOOD, Browser, visiting

LETTER = "/group/letters/1/2569"


@pytest.fixture
def browser(office: Office, book: Book) -> Iterator[Browser]:
    with visiting(office, book) as visitor:
        yield visitor


@pytest.fixture
def officer(browser: Browser) -> Browser:
    browser.log_in("group_officer")
    return browser


def give(book: Book, key: object = 1, *, group: str = "plan", **changes: object) -> int:
    filing = make_filing(group=group, **changes)  # type: ignore[arg-type]
    letter = file_one(book, key, replace(filing, page_count=0))
    viewer = REGISTRAR if changes.get("secrecy") else CLERK
    book.desk.move(viewer, letter.letter_id, Step.ROUTED, group=group, now=NOW)
    return letter.letter_id


def step_of(book: Book, letter_id: int = 1) -> str:
    letter = book.letters.by_id(CLERK, letter_id)
    assert letter is not None
    return letter.step


def test_a_letter_is_taken_from_the_list_and_finished_with_a_note(
    officer: Browser, book: Book
) -> None:
    give(book, subject="<b>ขอข้อมูล</b>")
    text = officer.get("/group").text
    assert "&lt;b&gt;ขอข้อมูล" in text
    assert "ยังไม่มีผู้รับ" in text
    answer = officer.post(LETTER, step="taken", back="/group?group=plan&show=new&page=1")
    assert answer.headers["location"] == "/group?group=plan&show=new&page=1"
    assert "ขอข้อมูล" not in officer.get("/group").text
    assert "GROUP_OFFICER" in officer.get("/group?show=hand").text  # who has it
    answer = officer.post(LETTER, step="done", note="ตอบแล้ว <i>")
    assert answer.headers["location"] == "/letters/1/2569"
    assert "ตอบแล้ว &lt;i&gt;" in officer.get("/group?show=done").text
    assert [move.step for move in book.desk.history(CLERK, 1)] == ["routed", "taken", "done"]


def test_an_answer_proposes_to_close_the_letter_and_a_cancelled_one_does_not(
    officer: Browser, book: Book
) -> None:
    give(book)
    gone = send_one(book, make_draft(answers=1, group="plan"))
    book.sent.cancel(CLERK, gone.book, gone.register_number, note="ออกซ้ำ", now=NOW)
    proposal = "ต้องการปิดเรื่องหรือไม่"
    assert proposal not in officer.get("/letters/1/2569").text
    send_one(book, make_draft(answers=1, group="plan"))
    page = officer.get("/letters/1/2569").text
    assert proposal in page
    assert "ตอบด้วย ศธ ๐๔๐๐๐/๒" in page
    assert officer.post(LETTER, step="done", note="ตอบด้วย ศธ ๐๔๐๐๐/๒").status_code == 303
    assert proposal not in officer.get("/letters/1/2569").text


def test_a_letter_is_given_to_somebody_of_the_group_only(officer: Browser, book: Book) -> None:
    give(book)
    outsider = Person("outsider", "คนอื่น", frozenset({Role.GROUP_OFFICER}), frozenset({"hr"}))
    book.people.add(outsider, who="test", now=NOW, password=GOOD)
    for name in ("outsider", "registry_clerk", "", "nobody"):
        answer = officer.post(LETTER, step="assigned", officer=name)
        assert answer.status_code == 422
        assert "โปรดเลือกผู้ที่จะมอบหมาย" in answer.text
    assert step_of(book) == "routed"
    assert officer.post(LETTER, step="assigned", officer="group_head").status_code == 303
    assert "GROUP_HEAD" in officer.get("/group?show=hand").text


def test_what_somebody_took_meanwhile_is_said_and_not_taken_again(
    officer: Browser, book: Book
) -> None:
    give(book)
    officer.post(LETTER, step="taken")
    answer = officer.post(LETTER, step="taken")
    assert answer.status_code == 422
    assert "มีผู้แก้ไขหนังสือฉบับนี้" in answer.text
    assert len(book.desk.history(CLERK, 1)) == 2


def test_several_are_taken_at_once_and_the_rest_is_told(officer: Browser, book: Book) -> None:
    give(book, 1)
    give(book, 2)
    give(book, 3, group="hr")
    ticked = ["1/2569", "2/2569", "3/2569", "x"]
    text = officer.post("/group/bulk?group=plan", step="taken", number=ticked).text
    assert "รับเรื่อง: สำเร็จ ๒ ฉบับ" in text
    assert "ไม่สำเร็จ ๒ ฉบับ" in text
    assert (step_of(book, 1), step_of(book, 2), step_of(book, 3)) == ("taken", "taken", "routed")
    text = officer.post("/group/bulk?group=plan", step="assigned", number=ticked).text
    assert "โปรดเลือกผู้ที่จะมอบหมาย" in text
    answer = officer.post("/group/bulk?group=plan&show=hand", step="done", number=ticked[:2])
    assert answer.status_code == 303, "asking for the page again must not do it again"
    listed = officer.get(answer.headers["location"]).text
    assert "ดำเนินการแล้ว: สำเร็จ ๒ ฉบับ" in listed
    changes = re.findall(r'name="change" value="([^"]+)"', listed)
    assert sorted(one.split()[0] for one in changes) == ["1/2569", "2/2569"]
    form = {"change": changes, "back": "/group?group=plan"}
    undone = officer.post("/letters/undo", **form).headers["location"]
    assert undone == "/group?group=plan&did=undo&count=2"
    assert "ยกเลิกรายการก่อนหน้า: สำเร็จ ๒ ฉบับ" in officer.get(undone).text
    assert (step_of(book, 1), step_of(book, 2)) == ("taken", "taken")
    for step, number in (("routed", ["1/2569"]), ("done", [])):
        text = officer.post("/group/bulk?group=plan", step=step, number=number).text
        assert "โปรดทำเครื่องหมายหน้าหนังสือก่อน" in text
    assert step_of(book, 1) == "taken"
    asked = officer.get("/group/bulk")
    assert (asked.status_code, asked.headers["location"]) == (303, "/group")


@pytest.mark.parametrize(
    ("role", "list_code", "work_code"),
    [
        (Role.GROUP_HEAD, 200, 303),
        (Role.REGISTRY_CLERK, 200, 403),
        (Role.RECORDS_OFFICER, 403, 403),
        (Role.COMMITTEE_MEMBER, 403, 403),
        (Role.SECRET_REGISTRAR, 403, 403),
        (Role.AUDITOR, 403, 403),
        (Role.ADMINISTRATOR, 403, 403),
    ],
)
def test_only_the_groups_people_work_in_it(
    browser: Browser, book: Book, role: Role, list_code: int, work_code: int
) -> None:
    give(book)
    browser.log_in(role.value)
    assert browser.get("/group").status_code == list_code
    assert browser.get("/group/desk").status_code == list_code
    assert browser.post(LETTER, step="taken").status_code == work_code
    assert browser.post(f"{LETTER}/deadline", due="2026-01-20").status_code == work_code
    assert (browser.post("/group/bulk", step="taken").status_code == 403) == (work_code == 403)
    assert step_of(book) == ("taken" if work_code == 303 else "routed")


def test_another_groups_list_and_letters_are_not_there(officer: Browser, book: Book) -> None:
    give(book, 1, group="hr")
    assert officer.get("/group?group=hr").status_code == 404
    assert officer.post(LETTER, step="taken").status_code == 404
    give(book, 2, group="hr", copies=("plan",))
    assert "๒/๒๕๖๙" in officer.get("/group?show=copies").text
    assert officer.post("/group/letters/2/2569", step="taken").status_code == 403
    assert officer.get("/letters/2/2569").text.count('value="taken"') == 0


def test_the_clerk_looks_at_any_group_and_changes_nothing_there(
    browser: Browser, book: Book
) -> None:
    give(book, 1, group="hr", subject="ย้ายข้าราชการ")
    browser.log_in("registry_clerk")
    text = browser.get("/group?group=hr").text
    assert "ย้ายข้าราชการ" in text
    assert 'value="taken"' not in text


@pytest.mark.parametrize("who", ["group_officer", "group_head", "registry_clerk"])
def test_a_secret_letter_is_on_no_list(browser: Browser, book: Book, who: str) -> None:
    give(book, 1, secrecy=Secrecy.SECRET, subject="เรื่องลับมาก", copies=("hr",))
    browser.log_in(who)
    for view in ("new", "hand", "done", "returned", "copies"):
        text = browser.get(f"/group?group=plan&show={view}").text
        assert "เรื่องลับมาก" not in text
        assert "/letters/1/2569" not in text


def test_a_deadline_is_shown_counts_as_late_and_is_taken_away(officer: Browser, book: Book) -> None:
    give(book)
    for wrong in ("2026-01-14", "สามสิบ"):
        assert officer.post(f"{LETTER}/deadline", due=wrong).status_code == 422
    officer.post(f"{LETTER}/deadline", due="2026-01-16", note="ส่งรายงาน")
    deadline = book.groups.deadline_of(CLERK, 1)
    assert deadline is not None
    assert deadline.due_on == date(2026, 1, 16)
    text = officer.get("/group").text
    assert "กำหนดเสร็จ ๑๖ ม.ค. ๒๕๖๙ · ส่งรายงาน" in text
    assert 'class="badge overdue"' not in text
    officer.now = NOW + timedelta(days=2)
    officer.log_in("group_officer")
    assert 'class="badge overdue"' in officer.get("/group").text
    assert "เลยกำหนดของกลุ่ม" in officer.get("/letters/1/2569").text
    officer.post(f"{LETTER}/deadline", due="")
    assert book.groups.deadline_of(CLERK, 1) is None


def test_an_urgent_letter_is_marked_late_until_it_is_done(officer: Browser, book: Book) -> None:
    give(book, urgency=Urgency.MOST_URGENT)
    assert "เหลือเวลา ๓๐ นาที" in officer.get("/group").text
    officer.now = NOW + timedelta(minutes=50)
    text = officer.get("/group").text
    assert 'class="badge overdue"' in text
    assert "เลยกำหนด ๒๐ นาที" in text
    officer.post(LETTER, step="done")
    assert 'class="badge overdue"' not in officer.get("/group?show=done").text


def test_what_was_sent_back_stays_in_sight_by_its_number(officer: Browser, book: Book) -> None:
    give(book, subject="ไม่ใช่ของเรา")
    officer.post("/letters/1/2569/return", note="ผิดกลุ่ม")
    text = officer.get("/group?show=returned").text
    assert "ผิดกลุ่ม" in text
    assert "๑/๒๕๖๙" in text
    assert "ไม่ใช่ของเรา" not in text


def test_the_list_is_sent_again_only_when_something_changed(officer: Browser, book: Book) -> None:
    give(book, 1)
    text = officer.get("/group/desk").text
    seen = text.split("seen=")[1].split('"')[0]
    assert officer.get(f"/group/desk?seen={seen}").status_code == 204
    book.groups.set_deadline(CLERK, 1, date(2026, 1, 20), now=NOW)
    assert officer.get(f"/group/desk?seen={seen}").status_code == 200


def test_the_directors_instruction_stands_on_the_list(officer: Browser, book: Book) -> None:
    letter = give(book)
    book.desk.move(CLERK, letter, Step.INSTRUCTED, officer="ผอ.", note="เร่งดำเนินการ", now=NOW)
    text = officer.get("/group").text
    assert "เร่งดำเนินการ" in text
    assert "ผอ." in text
