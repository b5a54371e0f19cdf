"""A clerk draws a number, notes who got the letter and who answered, uploads scans, and sees the runs of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from classify import install_default_rules
from index.choices import BookName
from index.visibility import Role, Viewer
from pipeline.office import create_office, open_book
from tests import scans
from tests.browser.test_page import FAINT, take_picture
from tests.keeping import NOW, file_one, make_filing
from tests.screens import Screen, watched

pytestmark = [pytest.mark.browser]
CLERK = Viewer("มาลี", frozenset({Role.REGISTRY_CLERK}))
WIDE = "document.documentElement.scrollWidth > innerWidth"
DROP = """([name, text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text], name, { type: "application/pdf" }));
  document.getElementById("drop").dispatchEvent(
    new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """The page without workers; one letter is in the receive book."""
    office = create_office(tmp_path_factory.mktemp("sending"))
    install_default_rules(office.rules)
    with open_book(office) as book:
        file_one(book, 1, make_filing(subject="ขอให้รายงานข้อมูลนักเรียน"))
        screen = Screen(office, book, NOW, CLERK)
        with screen.serving():
            yield screen


@pytest.fixture
def page(browser: Browser, screen: Screen) -> Iterator[Page]:
    yield from watched(browser, screen.address, width=1360, height=1000)


def fill(page: Page, subject: str, kind: str) -> None:
    page.goto("/sent")
    page.get_by_role("link", name="ออกเลขหนังสือส่ง").click()
    page.get_by_label(kind, exact=True).check()
    page.get_by_label("เรื่อง", exact=True).fill(subject)
    page.get_by_label("กลุ่มเจ้าของเรื่อง").select_option(label="กลุ่มนโยบายและแผน")


def test_a_number_is_drawn_and_shown_large_and_the_answers_are_noted(page: Page) -> None:
    fill(page, "แจ้งการประชุมผู้บริหารสถานศึกษา ครั้งที่ ๑/๒๕๖๙", "หนังสือเวียน (ว)")
    page.get_by_label("โรงเรียนในสังกัดทุกโรงเรียน").check()
    page.get_by_label("ผู้รับอื่น").fill("สำนักงานศึกษาธิการจังหวัดตัวอย่าง")
    page.get_by_label("วิธีส่ง").select_option(label="ไปรษณีย์ลงทะเบียน")
    page.get_by_label("ตอบหนังสือเลขรับ").fill("๑/๒๕๖๙")
    assert page.evaluate(FAINT) == []
    page.get_by_role("button", name="ออกเลข").click()
    expect(page.locator(".the-number")).to_have_text("ที่ ศธ ๐๔๐๐๐/ว ๑")
    expect(page.locator("tbody tr")).to_have_count(4)
    page.get_by_label("โรงเรียนบ้านตัวอย่าง").check()
    page.get_by_label("ผู้รับหรือผู้ตอบรับ").fill("ครูธุรการ")
    page.get_by_role("button", name="บันทึกการตอบรับ").click()
    expect(page.get_by_role("heading", name="ผู้รับและการตอบรับ")).to_contain_text("ตอบรับแล้ว ๑ จาก ๔")
    assert page.evaluate(FAINT) == []
    take_picture(page, "send-letter.png")


def test_a_day_is_typed_set_by_a_button_or_chosen_from_a_month(page: Page) -> None:
    fill(page, "วันที่", "คำสั่ง")
    day = page.get_by_label("ลงวันที่", exact=True)
    expect(day).to_have_value("๑๕ ม.ค. ๒๕๖๙")
    page.get_by_role("button", name="เมื่อวาน").click()
    expect(day).to_have_value("๑๔ ม.ค. ๒๕๖๙")
    page.get_by_role("button", name="ปฏิทิน").click()
    month = page.get_by_role("dialog")
    expect(month).to_contain_text("มกราคม ๒๕๖๙")
    expect(month.locator("[aria-pressed]")).to_have_text("๑๔")
    assert page.evaluate(FAINT) == []
    month.get_by_role("button", name="เดือนถัดไป").click()
    expect(month).to_contain_text("กุมภาพันธ์ ๒๕๖๙")
    month.get_by_role("button", name="๑ ก.พ. ๒๕๖๙", exact=True).click()
    expect(day).to_have_value("๑ ก.พ. ๒๕๖๙")
    page.get_by_role("button", name="ออกเลข").click()
    expect(page.get_by_role("alert")).to_contain_text("วันที่ ๑ กุมภาพันธ์ ๒๕๖๙ ยังมาไม่ถึง")
    day.fill("๓๑ ก.พ. ๖๙")
    page.get_by_role("button", name="ออกเลข").click()
    expect(page.get_by_role("alert")).to_contain_text("อ่านวันที่ “๓๑ ก.พ. ๖๙” ไม่ได้")
    expect(day).to_have_value("๓๑ ก.พ. ๖๙")


def test_a_copy_is_attached_and_a_wrong_number_is_cancelled(page: Page, screen: Screen) -> None:
    fill(page, "แต่งตั้งคณะกรรมการ", "คำสั่ง")
    page.get_by_role("button", name="ออกเลข").click()
    expect(page.locator(".the-number")).to_have_text("ที่ ๑/๒๕๖๙")
    scan = scans.write_png(screen.office.root / "copy.png")
    page.get_by_label("ไฟล์สำเนา").set_input_files(scan)
    page.get_by_role("button", name="แนบสำเนา").click()
    expect(page.get_by_role("link", name="copy.png")).to_be_visible()
    expect(page.locator(".files .state")).to_contain_text("กำลังอ่าน")
    page.get_by_text("ยกเลิกเลขนี้").first.click()
    page.get_by_label("เหตุผล").fill("พิมพ์ผิด")
    page.get_by_role("button", name="ยกเลิกเลขนี้").click()
    expect(page.locator(".big")).to_contain_text("ยกเลิกแล้ว พิมพ์ผิด")
    assert page.evaluate(FAINT) == []


def test_the_book_is_listed_by_day_and_searched(page: Page, screen: Screen) -> None:
    screen.now = NOW + timedelta(days=1)
    fill(page, "ส่งรายงานการเงิน", "หนังสือส่ง")
    page.get_by_role("button", name="ออกเลข").click()
    expect(page.get_by_role("alert")).to_contain_text("ยังไม่ได้ระบุผู้รับ")
    page.get_by_role("button", name="ออกเลข").click()
    expect(page.locator(".the-number")).to_be_visible()
    page.goto("/sent")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    assert page.evaluate(FAINT) == []
    page.locator("select[name=month]").select_option(label="มกราคม")
    page.locator("select[name=day]").select_option(label="๑๖")
    page.get_by_role("button", name="แสดง").click()
    expect(rows).to_have_count(1)
    page.locator("select[name=day]").select_option(label="ทั้งเดือน")
    page.locator("main input[name=q]").fill("บ้านตัวอย่าง")
    page.get_by_role("button", name="แสดง").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("ประชุมผู้บริหาร")


def test_the_runs_are_shown_reserved_used_and_continued(page: Page) -> None:
    page.goto("/numbers")
    reserve, cancel, go_on = (page.locator(".tools form").nth(place) for place in range(3))
    reserve.get_by_label("ทะเบียน").select_option(label="หนังสือส่ง")
    reserve.get_by_label("จองไว้สำหรับ").fill("รอผู้อำนวยการลงนาม")
    reserve.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("๒/๒๕๖๙")
    go_on.get_by_label("ทะเบียน").select_option(label="ประกาศ")
    go_on.get_by_label("เลขสุดท้ายในสมุด").fill("๔๑")
    go_on.get_by_role("button").click()
    expect(page.locator("tbody tr").nth(4)).to_contain_text("๔๒")
    cancel.get_by_label("ทะเบียน").select_option(label="หนังสือส่ง")
    cancel.get_by_label("เลข", exact=True).fill("๙๙")
    cancel.get_by_label("เหตุผล").fill("ไม่ใช้")
    cancel.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("ไม่มีเลขนี้ในทะเบียน")
    page.get_by_role("button", name="ตรวจเลขขาดเลขซ้ำ").click()
    expect(page.get_by_text("ครบ ไม่ขาด ไม่ซ้ำ")).to_have_count(5)
    assert page.evaluate(FAINT) == []
    page.get_by_role("link", name="ใช้เลขนี้").click()
    expect(page.get_by_label("ใช้เลขที่จองไว้")).to_have_value(f"{BookName.SEND} 2/2569")


def test_a_scan_is_sent_in_under_a_reserved_number_and_the_number_let_go(
    page: Page, screen: Screen
) -> None:
    page.goto("/numbers")
    reserve = page.locator(".tools form").first
    reserve.get_by_label("ทะเบียน").select_option(label="หนังสือรับ")
    reserve.get_by_label("จองไว้สำหรับ").fill("รอต้นฉบับ")
    reserve.get_by_role("button").click()
    page.get_by_role("link", name="ลงรับในเลขนี้").click()
    expect(page.get_by_label("ลงรับในเลขที่จองไว้")).to_have_value("2/2569")
    scan = scans.write_png(screen.office.root / "ต้นฉบับ.png", "original")
    page.get_by_label("เลือกไฟล์").set_input_files(scan)
    page.get_by_role("button", name="ส่งไฟล์").click()
    expect(page.locator(".answers li")).to_contain_text("จะลงรับในเลข ๒/๒๕๖๙ ที่จองไว้")
    assert page.evaluate(FAINT) == []
    page.goto("/numbers")
    expect(page.get_by_text("รอสแกนที่ส่งแล้ว")).to_be_visible()
    assert page.evaluate(FAINT) == []
    page.get_by_role("button", name="ปล่อยเลขคืน").click()
    expect(page.get_by_role("status")).to_contain_text("ปล่อยเลขคืนแล้ว")
    (screen.office.root / "handed-in" / "upload" / "ต้นฉบับ.png").unlink()


def test_files_are_dropped_on_the_page_and_each_is_answered(page: Page, screen: Screen) -> None:
    page.goto("/upload")
    good = scans.write_png(screen.office.root / "ดี.png")
    bad = screen.office.root / "เสีย.pdf"
    bad.write_bytes(b"%PDF-1.4 cut off")
    page.evaluate(DROP, ["ลากมา.pdf", "none"])
    expect(page.locator("#picked")).to_have_text("เลือกแล้ว 1 ไฟล์")
    page.get_by_label("เลือกไฟล์").set_input_files([good, bad])
    page.get_by_label("เสนอให้กลุ่ม").select_option(label="กลุ่มบริหารงานบุคคล")
    page.get_by_role("button", name="ส่งไฟล์").click()
    answers = page.locator(".answers li")
    expect(answers.nth(0)).to_contain_text("รับแล้ว ดี.png กำลังอ่าน")
    expect(answers.nth(1)).to_contain_text("ไม่รับ เสีย.pdf ไฟล์ไม่ครบหรือเสียหาย")
    assert page.evaluate(FAINT) == []
    waiting = screen.office.root / "handed-in" / "upload" / "hr"
    assert [path.name for path in waiting.iterdir()] == ["ดี.png"]


def test_a_phone_shows_it_without_scrolling_sideways(phone: Page) -> None:
    for address in ("/sent", "/sent/new", "/sent/circular/1/2569", "/numbers", "/upload"):
        phone.goto(address)
        assert not phone.evaluate(WIDE), address
