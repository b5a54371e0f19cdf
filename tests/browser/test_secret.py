"""A secret letter in the browser: the registrar gives a right, the letter goes from hand to hand, and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from classify import install_default_rules
from classify.letter import Secrecy
from index.archive import Archive
from index.book import Book
from index.register.people.people import Person
from index.register.store.tables import BANGKOK
from index.visibility import Role, Viewer
from pipeline.office import create_office, open_book
from tests.browser.test_page import FAINT, take_picture
from tests.keeping import file_one, make_filing
from tests.scans import write_pdf
from tests.screens import Screen, watched

pytestmark = pytest.mark.browser
NOW = datetime(2026, 1, 15, 9, 30, tzinfo=BANGKOK)
PEOPLE = {
    name: Person(name, shown, frozenset({role}), frozenset({"plan"}), clearance)
    for name, shown, role, clearance in (
        ("reg", "นางสาวระวี ทะเบียนลับ", Role.SECRET_REGISTRAR, Secrecy.NONE),
        ("director", "นางอำนวย การดี", Role.GROUP_HEAD, Secrecy.TOP_SECRET),
        ("officer", "นายวิชัย นิติกร", Role.GROUP_OFFICER, Secrecy.VERY_SECRET),
        ("young", "นายใหม่ มาเพิ่ง", Role.GROUP_OFFICER, Secrecy.SECRET),
        ("clerk", "นายสมชาย ธุรการ", Role.REGISTRY_CLERK, Secrecy.NONE),
    )
}
SUBJECT = "ผลการสอบสวนทางวินัยของข้าราชการครูรายหนึ่ง กรณีไม่ปฏิบัติตามระเบียบการเงิน"
PAGE, HELD = "/secret/letters/1/2569", "/secret/held"


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    office = create_office(tmp_path_factory.mktemp("secret") / "office")
    install_default_rules(office.rules)
    with open_book(office) as book:
        for person in PEOPLE.values():
            book.people.add(person, who="test", now=NOW, password="ไม่มีใครใช้รหัสนี้")
        filing = make_filing(subject=SUBJECT, group="plan", secrecy=Secrecy.VERY_SECRET)
        scan = write_pdf(tmp_path_factory.mktemp("scan") / "letter.pdf")
        kept = Archive(office.archive).keep_searchable(scan, secret=True)
        file_one(book, 1, replace(filing, searchable_sha256=kept.sha256), now=NOW)
        screen = Screen(office, book, NOW, PEOPLE["reg"].looking())
        with screen.serving():
            yield screen


@pytest.fixture
def page(browser: Browser, screen: Screen) -> Iterator[Page]:
    yield from watched(browser, screen.address, width=1366, height=768)


def sit_down(screen: Screen, page: Page, name: str, address: str) -> None:
    """Let somebody sit down before the screen with the rights she has now, and open a page."""
    screen.viewer = looking(screen.book, name)
    page.goto(address)
    assert page.evaluate(FAINT) == []


def looking(book: Book, name: str) -> Viewer:
    granted = book.grants.granted_to(name, NOW)
    return PEOPLE[name].looking(granted, book.grants.denied_to(name))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def grant(page: Page, name: str) -> None:
    form = page.locator(f"form[action='{PAGE}/grant']")
    form.locator("[name=person]").select_option(name)
    form.locator("[name=reason]").fill("พิจารณาสั่งการ")
    press(page, "ให้สิทธิ")


def hand_over(page: Page, name: str) -> None:
    page.locator("form[action$='/hand-over'] [name=person]").select_option(name)
    page.locator("form[action$='/hand-over'] [name=note]").fill("เพื่อพิจารณา")
    press(page, "ส่งมอบ")


def test_a_letter_goes_from_the_registrar_to_the_director_to_the_officer_and_back(
    screen: Screen, page: Page, phone: Page
) -> None:
    sit_down(screen, page, "director", HELD)
    expect(page.locator("main")).to_contain_text("ชั้นความลับที่ได้รับอนุมัติไม่เปิดหนังสือใดเอง")
    expect(page.locator("main")).not_to_contain_text("ผลการสอบสวน")

    sit_down(screen, page, "reg", "/secret?year=2569")
    page.locator(f"a[href='{PAGE}']").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("๑/๒๕๖๙")
    main = page.locator("main")
    expect(main).to_contain_text("เพราะไม่มีสิทธิเฉพาะฉบับ: นางอำนวย การดี, นายวิชัย นิติกร")
    expect(main).to_contain_text("จึงให้สิทธิไม่ได้: นายใหม่ มาเพิ่ง")
    grant(page, "director")
    grant(page, "officer")
    hand_over(page, "director")
    expect(main).to_contain_text("รอลงชื่อรับ")
    take_picture(page, "secret-access.png")

    sit_down(screen, page, "director", HELD)
    expect(page.locator(".held li")).to_have_count(1)
    press(page, "ลงชื่อรับ")
    expect(page.locator(".held .good")).to_have_text("อยู่กับท่าน")
    page.locator(".held .subject").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ผลการสอบสวน")
    page.goto(HELD)
    hand_over(page, "officer")

    sit_down(screen, phone, "officer", HELD)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    take_picture(phone, "secret-held-phone.png")
    press(phone, "ลงชื่อรับ")
    sit_down(screen, phone, "reg", PAGE)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    take_picture(phone, "secret-access-phone.png")
    expect(phone.locator("#hands ~ p strong").first).to_have_text("นายวิชัย นิติกร")
    phone.locator("li", has_text="นายวิชัย นิติกร").get_by_role("button", name="ถอนสิทธิ").click()

    sit_down(screen, page, "officer", HELD)
    expect(page.locator("main")).to_contain_text("สิทธิเปิดสิ้นสุดแล้ว")
    expect(page.locator("main")).not_to_contain_text("ผลการสอบสวน")
    sit_down(screen, page, "reg", PAGE)
    press(page, "รับคืนแล้ว")
    page.goto("/secret?year=2569")
    control = page.locator("table").last
    for what in ("อนุญาตให้เข้าถึง", "ส่งมอบ", "ลงชื่อรับ", "ถอนสิทธิเข้าถึง", "เรียกคืน"):
        expect(control).to_contain_text(what)
    expect(control).to_contain_text("นายวิชัย นิติกร: ")  # people, never log-in names
    assert "officer" not in control.inner_text()
    take_picture(page, "secret-registers.png")
