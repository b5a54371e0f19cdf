"""A whole day in the browser: a scan arrives, is checked, handed on, taken, finished, found and printed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from index.register.store.tables import BANGKOK
from index.visibility import Role
from pipeline.demo.letters import LETTERS, save_letter
from pipeline.demo.people import DEMO_PEOPLE
from pipeline.first_people import make_demo_people
from pipeline.office import open_book, open_office
from pipeline.web.site.menu import DOORS
from tests.browser.test_page import FAINT, PATIENCE_MS
from tests.offices import LONGEST_SECONDS, TestOffice, log_in, make_office, page_address
from tests.screens import complaint_of

pytestmark = [pytest.mark.browser, pytest.mark.engine]
WIDE = "document.documentElement.scrollWidth > innerWidth"
SUBJECT = "รายงานข้อมูลนักเรียนรายบุคคล"  # of the most urgent letter, as it is corrected
RESULT = "ส่งข้อมูลแล้ว"
PLAN = "กลุ่มนโยบายและแผน"
URGENT = next(letter for letter in LETTERS if letter.urgency)
ROLES = {next(iter(person.roles)): person.name for person in DEMO_PEOPLE}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> TestOffice:
    """An office with one person for each role, in whose inbox nothing lies yet."""
    made = make_office(tmp_path_factory.mktemp("office"))
    opened = open_office(made.root)
    with open_book(opened) as book:
        make_demo_people(opened, book, datetime.now(BANGKOK))
    return made


@pytest.fixture(scope="module")
def address(office: TestOffice) -> Iterator[str]:
    """The page of that office, worked by the program as it is started every morning."""
    with office.serving("--quiet") as server:
        yield page_address(server)
        os.kill(server.pid, signal.SIGTERM)
        server.communicate(timeout=LONGEST_SECONDS)
        assert server.returncode == 0


@contextmanager
def sitting(
    browser: Browser, address: str, office: TestOffice, who: str, *, width: int = 1360
) -> Iterator[Page]:
    """Log somebody in at a screen of her own; what the page complains about is a failure."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, base_url=address, locale="th-TH"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.extend(complaint_of(said)))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    log_in(page, office, who)
    yield page
    context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def day(browser: Browser, address: str, office: TestOffice) -> str:
    """The day itself, until the letter is done; return its register number."""
    number = check_and_hand_on(browser, address, office)
    take_and_finish(browser, address, office, number)
    return number


def check_and_hand_on(browser: Browser, address: str, office: TestOffice) -> str:
    with sitting(browser, address, office, "clerk") as page:
        rows = page.locator("table.inbox tbody tr")
        expect(rows).to_have_count(0)
        save_letter(URGENT, office.root)  # a scanner writes it; into the inbox it comes whole
        (office.root / URGENT.file_name).rename(office.inbox / URGENT.file_name)
        expect(rows).to_have_count(1, timeout=PATIENCE_MS)  # it comes by itself
        urgent = page.locator("tr.urgent").first
        number = str(urgent.get_attribute("data-number"))
        urgent.locator("a.subject").click()
        page.wait_for_url(f"**/letters/{number}")
        field = page.locator("#field-subject")
        field.get_by_text("แก้ไข").click()
        field.get_by_role("textbox", name="เรื่อง").fill(SUBJECT)
        field.get_by_role("button", name="บันทึก").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(SUBJECT)
        for _ in range(9):  # every doubt is settled as it stands
            confirm = page.get_by_role("button", name="ถูกต้องแล้ว")
            if not confirm.count():
                break
            confirm.first.click()
        page.get_by_text("เลือกกลุ่มอื่น").click()
        page.get_by_role("button", name=PLAN).last.click()
        page.wait_for_url(lambda url: number not in url)
        return number


def take_and_finish(browser: Browser, address: str, office: TestOffice, number: str) -> None:
    soon = (datetime.now(BANGKOK) + timedelta(days=3)).date().isoformat()
    with sitting(browser, address, office, "head") as page:
        page.goto(f"/letters/{number}")
        page.get_by_text("ตั้งวันกำหนดเสร็จ").click()
        page.get_by_label("วันที่ (ว่างไว้").fill(soon)
        page.get_by_label("หมายเหตุ").fill("ส่งรายงาน สพฐ.")
        page.get_by_role("button", name="บันทึกกำหนด").click()
        expect(page.get_by_text("กลุ่มกำหนดเสร็จ")).to_be_visible()
        assert page.evaluate(FAINT) == []
    with sitting(browser, address, office, "officer") as page:
        page.locator(".menu", has_text="งานของกลุ่ม").locator("summary").click()
        page.get_by_role("link", name="งานของกลุ่ม").click()
        row = page.locator(f'tr[data-number="{number}"]')
        expect(row).to_contain_text(SUBJECT)
        expect(row).to_contain_text("ส่งรายงาน สพฐ.")
        expect(page.locator("html[data-keys]")).to_be_attached()
        assert page.evaluate(FAINT) == []
        page.keyboard.press("t")
        expect(row).to_have_count(0)
        page.get_by_role("link", name="กำลังดำเนินการ").click()
        expect(row).to_contain_text("เจ้าหน้าที่กลุ่มนโยบายและแผน")
        row.get_by_role("link", name=SUBJECT).click()
        page.get_by_label("ผลการดำเนินการ").fill(RESULT)
        page.get_by_role("button", name="ดำเนินการเสร็จแล้ว").click()
        expect(page.locator(".history")).to_contain_text(RESULT)
        page.goto("/group?show=done")
        expect(row).to_contain_text(RESULT)


def test_the_clerk_finds_the_letter_and_sees_who_had_it(
    browser: Browser, address: str, office: TestOffice, day: str
) -> None:
    with sitting(browser, address, office, "clerk") as page:
        found = page.locator("main").get_by_text(SUBJECT).first
        for _ in range(600):  # the index follows within seconds
            page.goto(f"/search?q={SUBJECT}")
            if found.count():
                break
        expect(found).to_be_visible()
        page.goto(f"/letters/{day}")
        history = page.locator(".history")
        for step in ("จ่ายให้", "รับเรื่อง", "ดำเนินการแล้ว", RESULT):
            expect(history).to_contain_text(step)


def test_the_day_is_printed_and_counted(
    browser: Browser, address: str, office: TestOffice, day: str
) -> None:
    with sitting(browser, address, office, "clerk") as page:
        page.goto("/forms")
        today = page.locator('form[action="/forms/13.pdf"] input[name=day]').input_value()
        book = page.request.get(f"/forms/13.pdf?day={today}")
        assert (book.status, book.headers["content-type"]) == (200, "application/pdf")
        assert book.body().startswith(b"%PDF-")
        page.goto("/dashboard")
        expect(page.locator(".counts")).to_contain_text("รับวันนี้")
        expect(page.get_by_role("img", name="จำนวนหนังสือรับและส่งรายวัน")).to_be_visible()
        expect(page.locator(".bars").first).to_contain_text(PLAN)
        expect(page.locator(".due-list, .block .hint").last).to_be_visible()
        assert page.evaluate(FAINT) == []
        printed = page.request.get(
            str(page.get_by_role("link", name="พิมพ์สถิติ").get_attribute("href"))
        )
        assert printed.body().startswith(b"%PDF-")


@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_the_doors_of_its_work_and_no_other_opens(
    browser: Browser, address: str, office: TestOffice, day: str, role: Role
) -> None:
    with sitting(browser, address, office, ROLES[role]) as page:
        shown = {link.get_attribute("href") for link in page.locator(".top nav a").all()}
        assert shown == {
            door.address
            for door in DOORS
            if (not door.roles or role in door.roles)
            and (not door.cleared or role is Role.SECRET_REGISTRAR)
        }
        sees = role in {
            Role.REGISTRY_CLERK,
            Role.GROUP_HEAD,
            Role.GROUP_OFFICER,
            Role.RECORDS_OFFICER,
            Role.SECRET_REGISTRAR,
            Role.AUDITOR,
            Role.DIRECTOR,
            Role.DEPUTY_DIRECTOR,
        }
        assert page.request.get(f"/letters/{day}").status == (200 if sees else 404)
        works = role in {Role.GROUP_HEAD, Role.GROUP_OFFICER, Role.REGISTRY_CLERK}
        assert page.request.get("/group").status == (200 if works else 403)
        assert (SUBJECT in page.request.get("/dashboard").text()) is False
        administers = role is Role.ADMINISTRATOR
        assert page.request.get("/people").status == (200 if administers else 403)


def test_the_groups_page_and_the_dashboard_fit_a_phone(
    browser: Browser, address: str, office: TestOffice, day: str
) -> None:
    with sitting(browser, address, office, "officer", width=390) as page:
        for path in ("/group?show=done", "/dashboard", "/tokens", f"/letters/{day}"):
            page.goto(path)
            assert not page.evaluate(WIDE), path
