"""The send pages give each person what is theirs, refuse what is wrong in Thai, and never show a secret letter."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from classify.letter import Secrecy
from index.archive import Archive
from index.book import Book
from index.check import check_archive
from index.choices import BookName
from index.registered_letter import RegisterNumber
from index.visibility import Role, Viewer
from pipeline.carry import Workbench
from pipeline.intake import Intake
from pipeline.office import Office
from tests import scans
from tests.keeping import (
    ADMINISTRATOR,
    CLERK,
    NOW,
    OFFICER,
    REGISTRAR,
    file_one,
    make_draft,
    make_filing,
    send_one,
)
from tests.screens import Screen
from tests.unit.pipeline.test_worker import claim, work_one

HERE = "http://127.0.0.1:8470"
HOSTILE = '<script>alert("x")</script>'
AUDITOR = Viewer("ผู้ตรวจ", frozenset({Role.AUDITOR}))
FORM: dict[str, Any] = {
    "book": "send",
    "subject": "ขอส่งรายงาน",
    "group": "plan",
    "date": "15/1/2569",
    "recipient": "ผู้อำนวยการโรงเรียนในสังกัด",
}


@dataclass
class Page:
    """Asks the application as a browser on this machine would, as whoever `screen` says."""

    screen: Screen
    app: FastAPI

    def get(self, address: str) -> httpx.Response:
        return self._ask("GET", address)

    def post(self, address: str, data: dict[str, Any], files: Any = None) -> httpx.Response:
        return self._ask("POST", address, data=data, files=files, headers={"Origin": HERE})

    def _ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            door = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=door, base_url=HERE) as client:
                return await client.request(method, address, **more)

        return asyncio.run(ask())

    def looks(self, viewer: Viewer) -> None:
        self.screen.viewer = viewer


@pytest.fixture
def page(office: Office, book: Book) -> Iterator[Page]:
    screen = Screen(office, book, NOW, CLERK)
    app = screen.app()
    yield Page(screen, app)
    app.state.site.finder.close()


def test_the_number_is_drawn_on_saving_and_once_for_a_form(page: Page, book: Book) -> None:
    form = {**FORM, "recipient": "", "key": "abc", "whole": "โรงเรียนในสังกัด", "others": "ก\n\nข "}
    for _ in range(2):
        answer = page.post("/sent/new", form)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/sent/send/1/2569?drawn=1"
    text = page.get("/sent/send/1/2569?drawn=1").text
    assert "ศธ ๐๔๐๐๐/๑" in text
    assert "เขียนเลขนี้ลงบนต้นฉบับ" in text
    names = [one.name for one in book.sent.recipients(CLERK, 1)]
    assert names[:1] + names[-2:] == ["โรงเรียนตัวอย่างวิทยา", "ก", "ข"]
    assert "โรงเรียนในสังกัดทุกโรงเรียน, ก, ข" in text
    assert book.numbers.run(BookName.SEND, 2569) == range(1, 2)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"subject": " "}, "โปรดเขียนเรื่อง"),
        ({"group": "sport"}, "โปรดเลือกกลุ่ม"),
        ({"date": ""}, "โปรดระบุวันที่"),
        ({"date": "31/2/2569"}, "อ่านวันที่ “31/2/2569” ไม่ได้"),
        ({"date": "16/1/2569"}, "วันที่ ๑๖ มกราคม ๒๕๖๙ ยังมาไม่ถึง"),
        ({"recipient": "", "others": ""}, "ยังไม่ได้ระบุผู้รับ"),
        ({"answers": "9/2569"}, "ไม่พบเลขรับที่ตอบ"),
        ({"secrecy": "ลับ"}, "นายทะเบียนข้อมูลข่าวสารลับเป็นผู้ออกเลข"),
        ({"reserved": "send 7/2569"}, "ไม่พบหน้านี้"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_drawn(
    page: Page, book: Book, wrong: dict[str, str], said: str
) -> None:
    answer = page.post("/sent/new", {**FORM, "note": "ที่เขียนไว้", **wrong})
    assert answer.status_code in (404, 422)
    assert said in answer.text
    if answer.status_code == 422:
        assert "ที่เขียนไว้" in answer.text, "what was filled in stays"
    assert book.sent.page(CLERK).total == 0


def test_a_reserved_number_is_offered_and_used(page: Page, book: Book) -> None:
    page.post("/numbers/reserve", {"book": "order", "note": "รอลงนาม"})
    assert "คำสั่ง ๑/๒๕๖๙ รอลงนาม" in page.get("/sent/new").text
    form = {**FORM, "reserved": "order 1/2569"}
    assert page.post("/sent/new", form).headers["location"] == "/sent/order/1/2569?drawn=1"
    assert "ถูกใช้หรือยกเลิกแล้ว" in page.post("/sent/new", form).text


def test_an_officer_draws_for_her_own_group_only(page: Page, book: Book) -> None:
    send_one(book, make_draft(subject="ของกลุ่มอื่น", group="hr"))
    page.looks(OFFICER)
    text = page.get("/sent/new").text
    assert "กลุ่มนโยบายและแผน" in text
    assert "กลุ่มบริหารงานบุคคล" not in text
    assert page.post("/sent/new", {**FORM, "group": "hr"}).status_code == 422
    assert page.post("/sent/new", FORM).status_code == 303
    listed = page.get("/sent").text
    assert "ขอส่งรายงาน" in listed
    assert "ของกลุ่มอื่น" not in listed
    assert page.get("/sent/send/1/2569").status_code == 404
    assert page.get("/numbers").status_code == 403
    assert page.get("/upload").status_code == 403


@pytest.mark.parametrize("viewer", [AUDITOR, ADMINISTRATOR])
def test_who_only_looks_or_only_runs_the_machine_draws_nothing(page: Page, viewer: Viewer) -> None:
    page.looks(viewer)
    assert page.get("/sent/new").status_code == 403
    for address in ("/sent/new", "/numbers/reserve", "/sent/send/1/2569/cancel", "/upload"):
        assert page.post(address, FORM).status_code in (403, 404), address


def test_a_secret_letter_is_a_number_to_all_but_the_registrar(
    page: Page, book: Book, office: Office
) -> None:
    page.looks(REGISTRAR)
    page.post("/sent/new", {**FORM, "subject": "เรื่องลับ", "secrecy": "ลับ", "others": "ผู้รับลับ"})
    scan = scans.write_png(office.root / "x.png")
    page.post("/sent/send/1/2569/files", {}, {"file": ("ชื่อลับ.png", scan.read_bytes())})
    assert "เรื่องลับ" in page.get("/sent/send/1/2569").text
    (kept,) = book.sent.files(REGISTRAR, 1)
    assert Archive(office.archive).path_of(kept.sha256).is_relative_to(office.archive / "secret")
    assert page.get("/sent/send/1/2569/files/1").content == scan.read_bytes()
    page.looks(CLERK)
    listed = page.get("/sent").text
    assert "(หนังสือลับ)" in listed
    for address in ("/sent", "/sent?q=ลับ", "/numbers", "/sent/new"):
        for word in ("เรื่องลับ", "ผู้รับลับ", "ชื่อลับ"):
            assert word not in page.get(address).text, (address, word)
    for address in ("/sent/send/1/2569", "/sent/send/1/2569/files/1"):
        assert page.get(address).status_code == 404
    for step in ("cancel", "change", "recipients", "sending", "acknowledged"):
        answer = page.post(f"/sent/send/1/2569/{step}", {"reason": "x", "others": "y", **FORM})
        assert answer.status_code == 404, step
    said = page.post("/numbers/cancel", {"book": "send", "number": "1", "note": "x"})
    assert "problem=unknown" in said.headers["location"]
    assert list(check_archive(book, Archive(office.archive))) == []


def test_what_people_write_is_text_and_never_html(page: Page, book: Book) -> None:
    form = dict.fromkeys(("subject", "recipient", "note", "others", "way"), HOSTILE)
    page.post("/sent/new", {**FORM, **form})
    page.post("/numbers/reserve", {"book": "send", "note": HOSTILE})
    page.post("/sent/send/1/2569/change", {**FORM, "subject": HOSTILE + "2"})
    for address in ("/sent", "/sent/send/1/2569", "/numbers", "/sent/new", f"/sent?q={HOSTILE}"):
        text = page.get(address).text
        assert "alert" in text, address
        assert "<script>alert" not in text, address


def test_the_list_has_days_months_and_years(page: Page, book: Book) -> None:
    send_one(book, make_draft(subject="วันแรก"))
    send_one(book, make_draft(subject="เดือนหน้า"), now=NOW + timedelta(days=31))
    expected = {
        "": (True, True),
        "&month=1": (True, False),
        "&month=2": (False, True),
        "&month=1&day=15": (True, False),
        "&month=1&day=16": (False, False),
        "&month=2&day=31": (False, True),  # there is no such day: the month
        "&month=x&day=y": (True, True),
    }
    for query, (first, second) in expected.items():
        text = page.get(f"/sent?year=2569{query}").text
        assert ("วันแรก" in text, "เดือนหน้า" in text) == (first, second), query
    assert "วันแรก" not in page.get("/sent?year=2568").text
    for query, printed in (
        ("", "2569"),
        ("&month=1", "2569-01"),
        ("&month=1&day=15", "2569-01-15"),
    ):
        assert f"day={printed}&amp;book=send" in page.get(f"/sent?year=2569{query}").text
        assert page.get(f"/forms/14.xlsx?day={printed}&book=send").content.startswith(b"PK")
    assert page.get("/sent?year=99999").status_code == 200


def test_sending_and_answers_are_noted_for_the_chosen_or_for_all(page: Page, book: Book) -> None:
    page.post("/sent/new", {**FORM, "others": "ก\nข\nค"})
    here = "/sent/send/1/2569"
    page.post(f"{here}/sending", {"position": ["2"], "way": "ไปรษณีย์", "on": "16/1/2569"})
    page.post(f"{here}/sending", {"way": "ส่งด้วยมือ", "on": "2026-01-17"})
    assert [one.way for one in book.sent.recipients(CLERK, 1)] == ["ส่งด้วยมือ", "ไปรษณีย์", "ส่งด้วยมือ"]
    assert (
        "problem=nobody"
        in page.post(f"{here}/sending", {"way": "x", "on": "2026-01-18"}).headers["location"]
    )
    assert "problem=day" in page.post(f"{here}/acknowledged", {"by": "ง"}).headers["location"]
    page.post(f"{here}/acknowledged", {"by": "ง", "acknowledged_on": "๑๘ ม.ค. ๖๙"})
    assert "ตอบรับแล้ว ๓ จาก ๓" in page.get(here).text
    page.post(f"{here}/recipients", {"others": "จ", "way": "อีเมล"})
    assert "ตอบรับแล้ว ๓ จาก ๔" in page.get(here).text


def test_a_correction_keeps_an_answered_letter_that_the_person_may_not_know_of(
    page: Page, book: Book
) -> None:
    received = file_one(book, "a", make_filing(group="hr"))
    send_one(book, make_draft(group="plan", answers=received.letter_id))
    page.looks(OFFICER)
    assert "ตอบหนังสือเลขรับ</dt>" not in page.get("/sent/send/1/2569").text
    page.post("/sent/send/1/2569/change", {**FORM, "subject": "แก้แล้ว"})
    entry = book.sent.by_number(CLERK, BookName.SEND, RegisterNumber(1, 2569))
    assert entry.letter is not None
    assert (entry.letter.subject, entry.letter.answers) == ("แก้แล้ว", received.letter_id)


def test_the_copy_is_archived_and_a_broken_one_refused(
    page: Page, book: Book, office: Office
) -> None:
    send_one(book)
    here, pdf = "/sent/send/1/2569", scans.write_pdf(office.root / "copy.pdf").read_bytes()
    for _ in range(2):
        assert page.post(f"{here}/files", {}, {"file": ("ก.pdf", pdf)}).headers["location"] == here
    bad = page.post(f"{here}/files", {}, {"file": ("ข.pdf", pdf[:100])})
    assert "problem=file" in bad.headers["location"]
    assert "รับไฟล์นี้ไม่ได้" in page.get(bad.headers["location"]).text
    answer = page.get(f"{here}/files/1")
    assert answer.content == pdf
    assert answer.headers["content-type"] == "application/pdf"
    assert "ก.pdf" not in str(answer.headers)
    assert page.get(f"{here}/files/2").status_code == 404
    assert len(book.sent.files(CLERK, 1)) == 1
    assert list(office.work.iterdir()) == []
    assert list(check_archive(book, Archive(office.archive))) == []


def test_a_letter_that_turns_secret_takes_its_copies_along(
    page: Page, book: Book, office: Office
) -> None:
    send_one(book, make_draft(group="plan"))
    scan = scans.write_png(office.root / "x.png").read_bytes()
    page.post("/sent/send/1/2569/files", {}, {"file": ("x.png", scan)})
    page.looks(REGISTRAR)
    page.post("/sent/send/1/2569/change", {**FORM, "secrecy": "ลับ"})
    (kept,) = book.sent.files(REGISTRAR, 1)
    assert kept.is_secret
    assert Archive(office.archive).path_of(kept.sha256).is_relative_to(office.archive / "secret")
    page.looks(CLERK)
    assert page.get("/sent/send/1/2569").status_code == 404


def test_the_clerk_reserves_cancels_and_continues(page: Page, book: Book) -> None:
    assert (
        "done=continued"
        in page.post("/numbers/continue", {"book": "receive", "last": "๔๗๑๑"}).headers["location"]
    )
    assert file_one(book).register_number.running == 4712
    told = {
        ("continue", "receive", "last", "9"): "problem=in_use",
        ("continue", "receive", "last", "เก้า"): "problem=number",
        ("cancel", "receive", "number", "4713"): "problem=unknown",
        ("cancel", "receive", "number", ""): "problem=number",
        ("cancel", "receive", "number", "4712/2569"): "done=cancelled",
    }
    for (step, name, field, value), said in told.items():
        answer = page.post(f"/numbers/{step}", {"book": name, field: value, "note": "ซ้ำ"})
        assert said in answer.headers["location"], value
    assert "problem=reason" in page.post("/numbers/reserve", {"book": "send"}).headers["location"]
    letter = book.letters.by_number(CLERK, RegisterNumber(4712, 2569))
    assert letter is not None
    assert letter.cancelled
    text = page.get("/numbers?check=true").text
    for expected in ("ต่อจากสมุดเลข ๔๗๑๑", "ยกเลิก ๑ เลข", "ครบ ไม่ขาด ไม่ซ้ำ"):
        assert expected in text, expected


def test_a_hidden_received_letters_number_is_not_the_clerks_to_cancel(
    page: Page, book: Book
) -> None:
    file_one(book, "a", make_filing(secrecy=Secrecy.SECRET))
    answer = page.post("/numbers/cancel", {"book": "receive", "number": "1", "note": "x"})
    assert "problem=unknown" in answer.headers["location"]
    assert book.numbers.audit(BookName.RECEIVE, 2569).cancelled == ()


def test_a_wrong_sending_file_is_said_with_its_line(page: Page, office: Office) -> None:
    (office.rules / "sending.toml").write_text('ways = ["x"]\nnumber = 3\n', "utf-8")
    answer = page.get("/sent/new")
    assert answer.status_code == 503
    assert "sending.toml" in answer.text


def test_the_stamped_copy_and_the_reply_are_for_who_may_open_the_letter(
    page: Page, book: Book, bench: Workbench, office: Office, intake: Intake
) -> None:
    scans.write_png(office.root / "inbox" / "a.png")
    claim(intake)
    work_one(book, bench, office)
    before = {path: path.read_bytes() for path in office.archive.rglob("*") if path.is_file()}
    answer = page.get("/letters/1/2569/stamped.pdf")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert "inline" in answer.headers["content-disposition"]
    assert before == {path: path.read_bytes() for path in before}, "the archive stays as it is"
    send_one(book, make_draft(answers=1))
    assert 'ตอบด้วย <a href="/sent/send/1/2569">' in page.get("/letters/1/2569").text
    assert 'name="answers" value="1/2569"' in page.get("/sent/new?answers=1/2569").text
    book.desk.correct(REGISTRAR, 1, "secrecy", "ลับ", now=NOW)
    assert page.get("/letters/1/2569/stamped.pdf").status_code == 404
    page.looks(REGISTRAR)
    assert page.get("/letters/1/2569/stamped.pdf").status_code == 200


def upload(page: Page, *paths: Path, **form: str) -> str:
    files = [("files", (path.name, path.read_bytes())) for path in paths]
    answer = page.post("/upload", form, files)
    assert answer.status_code == 200
    return answer.text


def test_uploaded_files_come_in_by_the_door_with_their_profile(
    page: Page, book: Book, bench: Workbench, office: Office, intake: Intake
) -> None:
    good, bad = scans.write_png(office.root / "ดี.png"), office.root / "ว่าง.pdf"
    bad.touch()
    text = upload(page, good, bad, group="hr")
    assert text.count("รับแล้ว</span>") == 1
    assert "ไฟล์ว่างเปล่า" in text
    claim(intake)
    job = book.jobs.take("test", 60, NOW)
    assert job is not None
    assert (job.name, job.door, job.group, job.secret_door) == ("ดี.png", "upload", "hr", False)
    book.jobs.release(job)
    work_one(book, bench, office)
    letter = book.letters.by_id(CLERK, 1)
    assert letter is not None
    assert letter.group == "hr"
    assert "คือหนังสือเลขรับ" in upload(page, good), "known already"
    assert book.audit.entries(limit=1)[0].action == "uploaded"


def test_a_secret_upload_tells_nobody_what_it_is_a_copy_of(
    page: Page, book: Book, bench: Workbench, office: Office, intake: Intake
) -> None:
    scan = scans.write_png(office.root / "a.png")
    upload(page, scan, secret="true")
    claim(intake)
    work_one(book, bench, office)
    assert book.letters.by_id(REGISTRAR, 1) is not None
    assert "คือหนังสือเลขรับ" not in upload(page, scan)


def test_a_file_above_the_limit_is_refused_with_the_reason(
    page: Page, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.web.intake.upload.MOST_FILE_BYTES", 10)
    assert "ไฟล์ใหญ่เกิน" in upload(page, scans.write_png(office.root / "a.png"))
    assert list((office.root / "handed-in").rglob("*.png")) == []
