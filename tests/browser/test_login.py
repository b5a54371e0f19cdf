"""A person logs in with the keyboard, is sent back to what was asked for, and is out after log-out."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from classify import install_default_rules
from index.book import Book
from pipeline.demo.people import DEMO_PEOPLE
from pipeline.first_people import make_demo_people
from pipeline.office import Office, create_office, open_book
from pipeline.rules_in_force import RulesInForce
from pipeline.web.app import make_app
from tests.browser.test_page import FAINT, take_picture
from tests.keeping import CLERK, NOW, file_one, make_filing, make_hashing_quick
from tests.offices import TestOffice, log_in, wait_for

KEPT = 'sessionStorage.getItem("saraban-typed")'  # htmx keeps a key of its own beside it

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = create_office(tmp_path_factory.mktemp("office"))
    install_default_rules(made.rules)
    return made


@pytest.fixture(scope="module")
def book(office: Office) -> Iterator[Book]:
    with open_book(office) as opened:
        make_hashing_quick(opened)
        make_demo_people(office, opened, NOW)
        file_one(opened, filing=replace(make_filing(), page_count=0))
        yield opened


@pytest.fixture(scope="module")
def address(office: Office, book: Book) -> Iterator[str]:
    app = make_app(office, book, rules=RulesInForce(office.rules, office.kept_rules))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        wait_for(lambda: server.started, "the page")
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()
    app.state.site.finder.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1360, "height": 900}, base_url=address, locale="th-TH"
    )
    yield context.new_page()
    context.close()


def test_log_in_by_keyboard_leads_to_what_was_asked_for(page: Page, office: Office) -> None:
    page.goto("/search?q=เงิน")
    expect(page).to_have_title("เข้าใช้ · สารบรรณ")
    expect(page.get_by_label("ชื่อผู้ใช้")).to_be_focused()
    page.keyboard.type("clerk")
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง")
    expect(page.get_by_label("รหัสผ่าน")).to_be_focused()
    assert page.evaluate(FAINT) == []
    page.keyboard.type(TestOffice(Path(office.root)).demo_password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    expect(page.get_by_role("banner")).to_contain_text("ธุรการ ตัวอย่าง")


def test_after_log_out_the_list_left_open_turns_to_the_log_in_page(
    page: Page, office: Office
) -> None:
    log_in(page, TestOffice(office.root))
    second = page.context.new_page()
    second.goto("/")
    page.get_by_role("button", name="ออกจากระบบ").click()
    page.wait_for_url("**/login")
    second.wait_for_url("**/login**")  # by itself, with its next look for new letters
    page.go_back()
    page.wait_for_url("**/login**")  # nothing of the office was kept


def test_what_was_typed_when_the_session_ended_is_there_after_the_log_in(
    page: Page, office: Office, book: Book
) -> None:
    log_in(page, TestOffice(office.root), next_page="/letters/1/2569")
    page.locator("#field-subject summary").click()
    page.locator("#in-subject").fill("เรื่องที่พิมพ์ไว้ครึ่งหนึ่ง")
    page.locator("#in-subject ~ label input[name=reason]").fill("อ่านใหม่")
    page.context.clear_cookies()
    page.locator("form:has(#in-subject) button").click()
    page.wait_for_url("**/login?next=*")
    page.fill("input[name=name]", "clerk")
    page.fill("input[name=password]", TestOffice(Path(office.root)).demo_password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/letters/1/2569")
    expect(page.locator("#in-subject")).to_have_value("เรื่องที่พิมพ์ไว้ครึ่งหนึ่ง")
    expect(page.locator("#in-subject")).to_be_visible()
    expect(page.locator("#in-subject ~ label input[name=reason]")).to_have_value("อ่านใหม่")
    expect(page.locator("p.notice[role=status]")).to_contain_text("ยังไม่ได้บันทึก")
    assert book.desk.corrections_of(CLERK, 1) == ()
    page.locator("form:has(#in-subject) button").click()
    expect(page.locator("h1")).to_contain_text("เรื่องที่พิมพ์ไว้ครึ่งหนึ่ง")
    wait_for(lambda: page.evaluate(KEPT) is None, "nothing kept")


def test_what_one_person_typed_is_not_shown_to_another(page: Page, office: Office) -> None:
    log_in(page, TestOffice(office.root), next_page="/sent/new")
    page.get_by_label("เรื่อง", exact=True).fill("ของธุรการเท่านั้น")
    page.context.clear_cookies()
    page.goto("/letters/1/2569")
    page.fill("input[name=name]", "head")
    page.fill("input[name=password]", TestOffice(Path(office.root)).demo_password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto("/sent/new")
    expect(page.get_by_label("เรื่อง", exact=True)).to_have_value("")
    wait_for(lambda: page.evaluate(KEPT) is None, "nothing kept")


def test_the_administrators_page_is_readable_and_fits_a_phone(page: Page, office: Office) -> None:
    log_in(page, TestOffice(office.root), "admin")
    page.wait_for_url("**/people")
    expect(page.locator("tbody tr")).to_have_count(len(DEMO_PEOPLE))
    page.get_by_text("เพิ่มผู้ใช้").click()
    assert page.evaluate(FAINT) == []
    take_picture(page, "people.png")
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/people", "/people/officer", "/password"):
        page.goto(address)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), address


def test_the_page_of_the_machine_is_readable_and_fits_a_phone(page: Page, office: Office) -> None:
    log_in(page, TestOffice(office.root), "admin", next_page="/machine")
    expect(page.get_by_role("main")).to_contain_text("ดัชนีค้นหา")
    assert page.evaluate(FAINT) == []
    take_picture(page, "machine.png")
    page.set_viewport_size({"width": 390, "height": 844})
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_the_auditors_page_is_readable_and_fits_a_phone(page: Page, office: Office) -> None:
    log_in(page, TestOffice(office.root), "auditor", next_page="/audit?verify=true")
    expect(page.get_by_role("status")).to_contain_text("ไม่มีการแก้ไข")
    assert page.evaluate(FAINT) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
