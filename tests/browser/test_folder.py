"""A letter goes up in the folder, the director orders on a telephone in three taps, and the group does it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from classify import install_default_rules
from classify.letter import Secrecy, Urgency
from index.archive import Archive
from index.book import Book
from index.choices import PaperKind, Step
from index.register.folder.papers import PaperDraft
from index.register.people.people import Person
from index.visibility import Role, Viewer
from pipeline.office import create_office, open_book
from tests.browser.test_page import FAINT, take_picture
from tests.keeping import CLERK, NOW, REGISTRAR, file_one, make_filing, make_hashing_quick
from tests.scans import write_pdf
from tests.screens import Screen, watched

pytestmark = pytest.mark.browser
PLAN = frozenset({"plan"})
PEOPLE = {
    one.name: one
    for one in (
        Person("officer", "นายวิชัย ใจดี", frozenset({Role.GROUP_OFFICER}), PLAN),
        Person("head", "นางสมศรี หัวหน้า", frozenset({Role.GROUP_HEAD}), PLAN),
        Person("deputy", "นายรอง กำกับดี", frozenset({Role.DEPUTY_DIRECTOR}), PLAN),
        Person("director", "นางอำนวย การดี", frozenset({Role.DIRECTOR})),
        Person("secretary", "นางสาวเลขา นำแฟ้ม", frozenset({Role.SECRETARY})),
        Person("admin", "ผู้ดูแล ระบบ", frozenset({Role.ADMINISTRATOR})),
    )
}
SUBJECT = "ขอเชิญประชุมเชิงปฏิบัติการจัดทำแผนปฏิบัติการประจำปีงบประมาณ ของสถานศึกษาในสังกัด"


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    office = create_office(tmp_path_factory.mktemp("folder") / "office")
    install_default_rules(office.rules)
    with open_book(office) as book:
        make_hashing_quick(book)
        book.people.put_alike(PEOPLE.values(), "x", who="test", now=NOW)
        filing = make_filing(subject=SUBJECT, group="plan", urgency=Urgency.URGENT)
        kept = Archive(office.archive).keep_searchable(
            write_pdf(tmp_path_factory.mktemp("scan") / "letter.pdf"), secret=False
        )
        letter = file_one(book, 1, replace(filing, searchable_sha256=kept.sha256))
        book.desk.move(CLERK, letter.letter_id, Step.ROUTED, group="plan", now=NOW)
        lay_a_secret_one(book)
        screen = Screen(office, book, NOW, PEOPLE["officer"].looking())
        with screen.serving():
            yield screen


def lay_a_secret_one(book: Book) -> None:
    """Let a memo about a letter that turned secret lie in the folder: nobody here may see it."""
    filing = make_filing(group="plan", subject="ปกปิดเรื่องนี้", number="ศธ 04001/9")
    letter = file_one(book, 2, filing).letter_id
    draft = PaperDraft(PaperKind.MEMO, "plan", letter, "ปกปิดบันทึก", "ปกปิดข้อความ")
    book.folder.submit(CLERK, draft, now=NOW)
    book.desk.correct(REGISTRAR, letter, "secrecy", Secrecy.SECRET.value, now=NOW)


@pytest.fixture
def page(browser: Browser, screen: Screen) -> Iterator[Page]:
    yield from watched(browser, screen.address, width=1366, height=768)


def sit_down(screen: Screen, page: Page, name: str, address: str) -> None:
    """Let somebody sit down before the screen, and open a page."""
    screen.viewer = looking(screen.book, name)
    page.goto(address)
    expect(page.locator("body")).not_to_contain_text("ปกปิด")
    assert page.evaluate(FAINT) == []


def looking(book: Book, name: str) -> Viewer:
    person = PEOPLE[name]
    return person.looking(book.entrusted_to(person.looking(), NOW))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_letter_goes_up_is_ordered_with_three_taps_and_done(
    screen: Screen, page: Page, phone: Page
) -> None:
    sit_down(screen, page, "officer", "/letters/1/2569")
    page.get_by_text("เสนอแฟ้ม", exact=True).first.click()
    press(page, "เสนอหนังสือฉบับนี้")
    expect(page.locator(".folder-steps .now")).to_contain_text("รอผู้อำนวยการกลุ่ม")
    take_picture(page, "folder-letter.png")

    sit_down(screen, page, "head", "/folder")
    page.get_by_role("link", name=SUBJECT[:30]).click()
    expect(page.locator(".presets")).to_be_visible()
    take_picture(page, "folder-paper.png")
    press(page, "เห็นชอบ")
    expect(page.locator("main")).to_contain_text("ไม่มีเรื่องรอท่านสั่งการ")

    sit_down(screen, page, "secretary", "/folder")
    page.get_by_role("link", name=SUBJECT[:30]).click()
    expect(page.get_by_role("button", name="เห็นชอบ", exact=True)).to_have_count(0)
    page.get_by_text("นำแฟ้มไปเสนอผู้อื่น").click()
    page.locator("[name=to]").select_option("director")
    page.locator("[name=reason]").fill("รองผู้อำนวยการไปราชการ เรื่องด่วน")
    press(page, "นำแฟ้มไปเสนอ")
    expect(page.locator(".folder-steps .now")).to_have_text("รอผู้อำนวยการ")

    sit_down(screen, phone, "director", "/")
    phone.locator(".bottom").get_by_role("link", name="แฟ้ม").click()  # one
    expect(phone.locator(".papers-of-folder")).to_be_visible()
    take_picture(phone, "folder-phone.png")
    phone.get_by_role("link", name=SUBJECT[:30]).click()  # two
    expect(phone.locator(".presets")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert phone.evaluate(FAINT) == []
    take_picture(phone, "folder-paper-phone.png")
    phone.get_by_role("button", name="มอบกลุ่มเจ้าของเรื่องดำเนินการ").click()  # three
    expect(phone.locator("main")).to_contain_text("ไม่มีเรื่องรอท่านสั่งการ")

    sit_down(screen, page, "officer", "/letters/1/2569")
    expect(page.locator(".history").last).to_contain_text("นางอำนวย การดี")
    sit_down(screen, phone, "officer", "/tasks")
    expect(phone.locator("main")).to_contain_text("มอบกลุ่มเจ้าของเรื่องดำเนินการ")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    take_picture(phone, "tasks-phone.png")
    press(phone, "เสร็จแล้ว")
    expect(phone.locator("main")).to_contain_text("ไม่มีงานในรายการนี้")


def test_an_order_makes_the_deputy_act_and_a_resolution_is_entered(
    screen: Screen, page: Page
) -> None:
    sit_down(screen, page, "admin", "/mandates")
    page.locator("[name=person]").select_option("deputy")
    page.locator("[name=absent]").select_option("director")
    page.locator("[name=order_number]").fill("๑๒/๒๕๖๙")
    page.locator("[name=ends]").fill("16/1/2569")
    press(page, "บันทึกคำสั่ง")
    expect(page.locator(".badge.good")).to_have_text("มีผลวันนี้")
    take_picture(page, "mandates.png")
    sit_down(screen, page, "secretary", "/tasks?show=open")
    page.get_by_text("บันทึกมติที่ประชุม").click()
    page.locator("[name=origin]").fill("ประชุมผู้บริหาร ครั้งที่ ๑/๒๕๖๙ ระเบียบวาระที่ ๔.๑")
    page.locator("[name=words]").fill("ให้กลุ่มนโยบายและแผนสำรวจห้องเรียนชำรุดทุกโรงเรียน")
    page.locator("[name=group]").select_option("plan")
    press(page, "บันทึกมติ")
    expect(page.locator("table")).to_contain_text("๒๐ ม.ค. ๒๕๖๙")
    take_picture(page, "tasks.png")
