"""A small office's January in the browser: from what is due, through every person's step, to the certificate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from classify import install_default_rules
from index.book import Book
from index.register.people.people import Person
from index.register.store.tables import BANGKOK
from index.retention.eligibility import HoldKind
from index.visibility import Role
from pipeline.office import create_office, open_book
from tests.browser.test_page import FAINT, take_picture
from tests.retaining import LAW, keep_finished
from tests.screens import Screen

pytestmark = pytest.mark.browser
JANUARY = datetime(2038, 1, 12, 9, 0, tzinfo=BANGKOK)  # Buddhist year 2581
PEOPLE = {
    name: Person(name, shown, frozenset({role}), frozenset({"admin"}))
    for name, shown, role in (
        ("pimjai", "นางพิมพ์ใจ งานเก็บ", Role.RECORDS_OFFICER),
        ("chair", "นายประธาน ใจตรง", Role.COMMITTEE_MEMBER),
        ("anan", "นายอนันต์ รอบคอบ", Role.COMMITTEE_MEMBER),
        ("director", "นางอำนวย การดี", Role.DIRECTOR),
        ("somchai", "นายสมชาย ธุรการ", Role.REGISTRY_CLERK),
    )
}
ON_PAPER = "นางบุญมี กระดาษ"
SUBJECTS = {
    "meeting": "ขอเชิญประชุมผู้บริหารสถานศึกษา",
    "leave": "การลงเวลาปฏิบัติราชการประจำเดือน",
    "school": "รายงานผลการจัดกิจกรรมวันวิทยาศาสตร์",
    "case": "การตรวจสอบพัสดุประจำปี",
    "founding": "ประวัติการก่อตั้งโรงเรียนบ้านสมมติ",
    "young": "แผนปฏิบัติการประจำปี",
}


def fill(book: Book) -> dict[str, int]:
    """Take letters of some classes into the book; one is held, one is for good, one is not due."""
    retention, ids = book.retention(LAW), {}
    for key, subject in SUBJECTS.items():
        code = {"leave": "R01", "founding": "RPERM", "school": "R05"}.get(key, "R10")
        finished = date(2035, 3, 1) if key == "young" else date(2027, 3, 1)
        ids[key] = keep_finished(
            book, retention, key, code=code, finished=finished, subject=subject
        )
    keeper = PEOPLE["pimjai"].looking()
    retention.records.place_hold(
        keeper, ids["case"], HoldKind.AUDIT, reason="สตง. เรียกเอกสาร", now=JANUARY
    )
    for person in PEOPLE.values():
        book.people.add(person, who="test", now=JANUARY, password="ไม่มีใครใช้รหัสนี้")
    return ids


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    office = create_office(tmp_path_factory.mktemp("retention") / "office")
    install_default_rules(office.rules)
    with open_book(office) as book:
        fill(book)
        screen = Screen(office, book, JANUARY, PEOPLE["pimjai"].looking())
        with screen.serving():
            yield screen


def sit_down(screen: Screen, page: Page, name: str, address: str) -> None:
    """Let somebody sit down before the screen and open a page."""
    screen.viewer = PEOPLE[name].looking()
    page.goto(address)
    assert page.evaluate(FAINT) == []


def refused(page: Page, clause: str) -> None:
    expect(page.get_by_role("alert")).to_contain_text(clause)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_a_batch_goes_from_january_to_the_certificate(screen: Screen, page: Page) -> None:
    sit_down(screen, page, "pimjai", "/retention")
    expect(page.get_by_role("heading", level=1)).to_contain_text("๒๕๘๑")
    expect(page.locator("tbody tr")).to_have_count(4)
    expect(page.locator("tbody tr", has_text=SUBJECTS["case"])).to_contain_text("สตง. เรียกเอกสาร")
    expect(page.locator("tbody tr", has_text=SUBJECTS["case"])).to_contain_text("ข้อ ๖๘.๑")
    expect(page.locator("body")).to_contain_text("ยังไม่ได้ตรวจสอบ")
    take_picture(page, "retention.png")
    page.locator(".tick-all").check()
    press(page, "ทำบัญชีขอทำลายจากที่เลือก")
    page.wait_for_url("**/retention/batches/2581-1")
    batch = "/retention/batches/2581-1"
    appoint(page)
    judge_all(screen, page, batch)
    decide_and_send(screen, page, batch)
    wait_for_the_archives(screen, page, batch)


def appoint(page: Page) -> None:
    press(page, "บันทึกคำสั่งแต่งตั้ง")
    refused(page, "ข้อ ๖๗")
    for place, person in enumerate(("chair", "anan")):
        page.locator(f"[name=person-{place}]").select_option(person)
        page.locator(f"[name=grade-{place}]").select_option("ชำนาญการ")
    page.locator("[name=order_number]").fill("๑๒/๒๕๘๑")
    press(page, "บันทึกคำสั่งแต่งตั้ง")
    refused(page, "อย่างน้อย ๒ คน")  # and what was typed is still there
    page.locator("[name=typed-2]").fill(ON_PAPER)
    page.locator("[name=grade-2]").select_option("ชำนาญงาน")
    press(page, "บันทึกคำสั่งแต่งตั้ง")
    expect(page.locator(".next h2")).to_contain_text("พิจารณาทีละรายการ")


def judge_all(screen: Screen, page: Page, batch: str) -> None:
    """Everybody judges; Anan wants to keep one letter, and is outvoted."""
    sit_down(screen, page, "anan", batch)
    for number, row in enumerate(page.locator("tbody tr").all()):
        if number:
            row.get_by_label("× ทำลาย").check()
        else:
            row.locator("[value=keep_until]").check()
            row.locator("[type=number]").fill("2590")
            row.locator("[type=text]").fill("ยังใช้อ้างอิง")
    press(page, "บันทึกผลหน้านี้")
    expect(page.locator(".next h2")).to_contain_text("ยังเหลือ ๓ จาก ๓")
    take_picture(page, "batch.png")
    sit_down(screen, page, "chair", batch)
    for person in ("", ON_PAPER):
        page.locator("[name=person]").select_option(person)
        for row in page.locator("tbody tr").all():
            row.get_by_label("× ทำลาย").check()
        press(page, "บันทึกผลหน้านี้")
        expect(page.locator("[role=alert]")).to_have_count(0)
    expect(page.locator("tbody tr").first).to_contain_text("ความเห็นแย้ง")
    press(page, "รายงานผลต่อหัวหน้าส่วนราชการ")
    expect(page.locator(".next h2")).to_contain_text("หัวหน้าส่วนราชการพิจารณา")
    expect(page.locator(".next")).to_contain_text("ขั้นนี้ไม่ใช่หน้าที่ของท่าน")


def decide_and_send(screen: Screen, page: Page, batch: str) -> None:
    sit_down(screen, page, "director", batch)
    press(page, "อนุมัติตามคณะกรรมการ")
    refused(page, "ข้อ ๖๙")
    page.locator("[name=delegation_order]").fill("คำสั่ง สพฐ. ที่ ๕/๒๕๗๙")
    press(page, "อนุมัติตามคณะกรรมการ")
    sit_down(screen, page, "pimjai", batch)
    page.locator("[name=letter_number]").fill("ศธ ๐๔๐๔๙/๙๙")
    press(page, "บันทึกว่าส่งแล้ว")
    expect(page.locator(".next")).to_contain_text("การไม่ตอบไม่ถือเป็นการเห็นชอบ")


def wait_for_the_archives(screen: Screen, page: Page, batch: str) -> None:
    screen.now = JANUARY + timedelta(days=61)
    sit_down(screen, page, "pimjai", batch)
    expect(page.locator(".next")).to_contain_text("เลยกำหนดแล้ว")
    page.goto("/calendar")
    expect(page.locator("tbody tr", has_text="รอคำตอบ")).to_contain_text("เลยกำหนด")
    page.goto(batch)
    page.locator("[name=letter_number]").fill("วธ ๐๔๐๔/๗๗")
    page.locator("[name=answer]").select_option("agree")
    press(page, "บันทึกคำตอบเดียวกันทุกรายการ")
    expect(page.locator(".next")).to_contain_text("ระยะทบทวน")
    screen.now += timedelta(days=6)
    sit_down(screen, page, "somchai", batch + "/execution")
    expect(page.locator(".next")).to_contain_text("ยังทำลายไม่ได้")
    screen.now += timedelta(days=1)
    execute(screen, page, batch)


def execute(screen: Screen, page: Page, batch: str) -> None:
    """The clerk, who had no part in it, states how; the certificate stays."""
    sit_down(screen, page, "somchai", batch)
    page.get_by_role("link", name="ไปหน้าดำเนินการทำลาย").click()
    page.locator("[name=method]").fill("ย่อยด้วยเครื่องทำลายเอกสาร")
    page.locator("[name=place]").fill("ห้องคลังเอกสาร")
    page.locator("[name=witness-0]").fill("นางวิไล เห็นจริง")
    page.locator("[name=backups_gone]").fill("๓๐ มิ.ย. ๒๕๘๑")
    take_picture(page, "execution.png")
    press(page, "ทำลายและออกหนังสือรับรอง")
    refused(page, "ข้อ ๖๘.๕")  # the batch's number was not typed again
    page.locator("[name=again]").fill("2581-1")
    press(page, "ทำลายและออกหนังสือรับรอง")
    expect(page.locator(".next h2")).to_contain_text("หนังสือรับรองการทำลาย")
    assert page.evaluate(FAINT) == []
    take_picture(page, "certificate.png")
    assert screen.book.verify() == ()


def test_a_letter_is_held_lent_and_put_into_the_store(screen: Screen, page: Page) -> None:
    sit_down(screen, page, "pimjai", "/retention/store")
    page.locator("tbody tr", has_text=SUBJECTS["young"]).locator("[type=checkbox]").check()
    page.locator("[name=file_code]").fill("ผอ ๑")
    press(page, "จัดเก็บหนังสือที่เลือกไว้ที่นี้")
    expect(page.locator("table").last).to_contain_text(SUBJECTS["young"])
    page.locator("table").last.get_by_role("link").first.click()
    page.locator("[name=standing]").select_option("outsider")
    page.locator("[name=person]").fill("นักข่าว")
    page.locator("[name=due_on]").fill(str(screen.now.date()))
    press(page, "ให้ยืม")
    refused(page, "ข้อ ๖๕")
    page.locator("[name=standing]").select_option("inside")
    page.locator("[name=person]").fill("นายวิชัย")
    page.locator("[name=unit]").fill("กลุ่มนโยบายและแผน")
    page.locator("[name=permitted_by]").fill("นางหัวหน้า")
    page.locator("[name=due_on]").fill(str(screen.now.date()))
    press(page, "ให้ยืม")
    expect(page.get_by_role("button", name="รับคืน")).to_be_visible()
    page.locator("[name=class]").select_option("R01")
    page.locator("form[action$='/class'] [name=reason]").fill("เป็นเรื่องประจำ")
    press(page, "เปลี่ยน")
    expect(page.get_by_role("heading", name="ยืนยันการเก็บที่สั้นลง")).to_be_visible()
    expect(page.locator(".next")).to_contain_text("จะครบกำหนดทันที")
    assert page.evaluate(FAINT) == []


ADDRESSES = (
    "/retention",
    "/retention/batches",
    "/retention/batches/2581-1",
    "/retention/holds",
    "/retention/open",
    "/retention/loans",
    "/retention/store",
    "/retention/transfer",
    "/retention/simulate?class=R10&years=5",
    "/retention/law",
    "/retention/letters/1/2569",
    "/calendar",
)


def test_a_phone_shows_every_page_without_scrolling_sideways(screen: Screen, phone: Page) -> None:
    screen.viewer = PEOPLE["pimjai"].looking()
    for address in ADDRESSES:
        phone.goto(address)
        assert phone.locator("nav.tabs").count() == 1, address
        assert phone.evaluate(FAINT) == [], address
        wide = phone.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, address
