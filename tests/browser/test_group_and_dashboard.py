"""A group's list is worked with the keys and brings itself up to date; the dashboard draws a month of letters.

With SARABAN_PICTURES=docs/pictures in the environment the pictures of the documents are taken anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import unquote

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from classify import install_default_rules
from classify.letter import Urgency
from index.book import Book
from index.choices import Step
from index.register.people.people import Person
from index.register.store.tables import BANGKOK
from index.visibility import Role
from pipeline.office import create_office, open_book
from pipeline.thai_form import thai_digits
from tests.browser.test_page import FAINT, take_picture
from tests.keeping import (
    CLERK,
    DOUBTFUL_NUMBER,
    make_filing,
    make_hashing_quick,
    make_scan,
    send_one,
    take,
)
from tests.screens import Screen
from tests.visiting import GOOD

pytestmark = [pytest.mark.browser]
NOW = datetime(2026, 1, 30, 15, 0, tzinfo=BANGKOK)
PEOPLE = {
    "malee": ("มาลี ใจดี", Role.GROUP_OFFICER),
    "somchai": ("สมชาย รักงาน", Role.GROUP_OFFICER),
    "wichai": ("วิชัย ตั้งใจ", Role.GROUP_HEAD),
}
LETTERS = (
    ("การจัดสรรงบประมาณ งบลงทุน ค่าครุภัณฑ์", "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน", "plan", 4),
    ("ขอเชิญประชุมผู้บริหารสถานศึกษา", "สำนักงานศึกษาธิการจังหวัด", "admin", 3),
    ("การโอนเงินเดือนข้าราชการครู", "กรมบัญชีกลาง", "finance", 2),
    ("ขอให้รายงานข้อมูลนักเรียนรายบุคคล", "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน", "plan", 1),
    ("การย้ายข้าราชการครูและบุคลากรทางการศึกษา", "สำนักงาน ก.ค.ศ.", "hr", 2),
)
URGENCIES = (Urgency.NONE, Urgency.NONE, Urgency.NONE, Urgency.URGENT, Urgency.VERY_URGENT)


def receive(book: Book, place: int, at: datetime, *, seconds: int = 40, **changes: object) -> int:
    """Take a letter from the door into the book at a moment; return its id."""
    subject, sender, group, _ = LETTERS[place % len(LETTERS)]
    made = {"subject": subject, "sender": sender, "group": group, **changes}
    filing = replace(make_filing(**made), page_count=0)  # type: ignore[arg-type]
    book.jobs.record_arrival(replace(make_scan((place, at)), received_at=at))
    done = at + timedelta(seconds=seconds)
    return book.jobs.file(take(book, now=at), filing, done).letter_id


def fill(book: Book) -> None:
    """A month of letters, most of them finished; the last day's still wait in the group `plan`."""
    for place in range(48):
        day = 1 + place * 28 // 48
        at = datetime(2026, 1, day, 9, place % 60, tzinfo=BANGKOK)
        urgency = URGENCIES[place * 7 % len(URGENCIES)]
        doubts = (DOUBTFUL_NUMBER,) if place in (11, 30) else ()
        letter = receive(book, place, at, seconds=20 + place * 9, urgency=urgency, review=doubts)
        book.desk.move(CLERK, letter, Step.DONE, now=at)
        if place % 4 == 0:
            send_one(book, now=at)
    for place, minutes in ((0, 300), (3, 45), (1, 20), (0, 90)):
        at = NOW - timedelta(minutes=minutes)
        urgency = Urgency.MOST_URGENT if place == 3 else Urgency.NONE
        letter = receive(book, place, at, urgency=urgency)
        book.desk.move(CLERK, letter, Step.ROUTED, group="plan", now=at + timedelta(minutes=3))
        if place == 1:
            due = NOW.date() + timedelta(days=3)
            book.groups.set_deadline(CLERK, letter, due, note="ส่งรายชื่อผู้เข้าประชุม", now=NOW)
            said = "มอบกลุ่มนโยบายและแผนเข้าร่วม"
            book.desk.move(CLERK, letter, Step.INSTRUCTED, officer="ผอ.เขต", note=said, now=NOW)


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    office = create_office(tmp_path_factory.mktemp("group"))
    install_default_rules(office.rules)
    with open_book(office) as book:
        make_hashing_quick(book)
        for name, (shown, role) in PEOPLE.items():
            person = Person(name, shown, frozenset({role}), frozenset({"plan"}))
            book.people.add(person, who="test", now=NOW, password=GOOD)
        fill(book)
        screen = Screen(office, book, NOW, CLERK)
        with screen.serving():
            yield screen


def test_the_dashboard_draws_the_month_with_its_numbers_beside(page: Page, screen: Screen) -> None:
    screen.viewer = CLERK
    page.goto("/dashboard")
    expect(page.locator(".counts")).to_contain_text("รับวันนี้")
    assert page.locator(".chart rect.received title").count() == 29
    expect(page.locator(".chart table tbody tr")).to_have_count(31)
    expect(page.get_by_role("cell", name="๒๓").first).to_be_attached()
    expect(page.locator(".due-list")).to_be_visible()  # came by itself
    assert page.evaluate(FAINT) == []
    take_picture(page, "dashboard.png")
    page.locator("select[name=month]").select_option("2568-12")
    page.get_by_role("button", name="แสดง").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ธันวาคม")
    assert page.locator(".chart rect.received title").count() == 0


def test_the_groups_list_is_worked_with_the_keys_and_tells_the_others(
    page: Page, screen: Screen
) -> None:
    person = screen.book.people.find("malee")
    assert person is not None
    screen.viewer = person.looking()
    page.goto("/group")
    rows = page.locator("table.inbox tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.nth(0)).to_contain_text("เลยกำหนด ๑๕ นาที")
    expect(rows.nth(1)).to_contain_text("มอบกลุ่มนโยบายและแผนเข้าร่วม")
    expect(page.locator("html[data-keys]")).to_be_attached()
    assert page.evaluate(FAINT) == []
    take_picture(page, "group.png")
    page.keyboard.press("r")  # there is nothing to review here
    page.keyboard.press("j")
    page.keyboard.press("t")
    expect(rows).to_have_count(3)
    taken = page.get_by_role("link", name="กำลังดำเนินการ")
    expect(taken).to_contain_text("๑")
    # a new page came: its keys work once its script has run
    expect(page.locator("html[data-keys]")).to_be_attached()
    page.keyboard.press("u")
    expect(rows).to_have_count(4)
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    page.get_by_label("มอบหมายให้").select_option(label="สมชาย รักงาน")
    page.get_by_role("button", name="มอบหมาย", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("สำเร็จ ๒ ฉบับ")
    expect(rows).to_have_count(2)
    number = rows.nth(0).get_attribute("data-number")
    letter = screen.book.letters.by_id(CLERK, int(str(number).split("/", maxsplit=1)[0]))
    assert letter is not None
    screen.book.desk.move(screen.viewer, letter.letter_id, Step.TAKEN, within="plan", now=NOW)
    expect(rows).to_have_count(1, timeout=30_000)  # a colleague took one meanwhile


def test_a_day_that_the_text_asks_for_is_proposed_with_its_place_and_reminded_of(
    page: Page, screen: Screen
) -> None:
    person = screen.book.people.find("wichai")
    assert person is not None
    screen.viewer = person.looking()
    words = "ภายในวันที่ ๒ กุมภาพันธ์"
    asked = receive(screen.book, 3, NOW, text=f"ขอให้ท่านรายงาน{words} ทุกโรงเรียน", group="plan")
    screen.book.desk.move(CLERK, asked, Step.ROUTED, group="plan", now=NOW)
    number = f"{asked}/2569"
    page.goto(f"/letters/{number}")
    proposed = page.locator(".asked-for")
    expect(proposed).to_contain_text(words)
    finding = re.compile(r"/find\?q=")
    page.route(finding, lambda route: route.fulfill(json={"hits": []}))  # no scan lies behind it
    with page.expect_request(finding) as found:
        proposed.get_by_title("ดูที่ในหน้าหนังสือ").click()
    assert words in unquote(found.value.url)
    assert page.evaluate(FAINT) == []
    proposed.get_by_role("button", name="กำหนดเสร็จ ๒ ก.พ. ๒๕๖๙").click()
    expect(page.locator(".due").first).to_contain_text("กลุ่มกำหนดเสร็จ ๒ ก.พ. ๒๕๖๙")
    expect(page.locator(".asked-for")).to_have_count(0)
    page.goto("/group")
    soon = page.locator(".soon")
    expect(soon).to_contain_text(f"เลขรับ {thai_digits(number)}")
    assert page.evaluate(FAINT) == []
    with page.expect_download() as saved:
        page.get_by_role("link", name="ไฟล์ปฏิทิน").click()
    calendar = Calendar.from_ical(saved.value.path().read_bytes())
    mine = [one for one in calendar.walk("VEVENT") if one["uid"] == f"due-{number}@saraban"]
    assert [one.decoded("dtstart") for one in mine] == [date(2026, 2, 2)]
    assert "รายงาน" not in saved.value.path().read_text("utf-8"), "numbers, never subjects"
    screen.book.desk.move(screen.viewer, asked, Step.DONE, within="plan", now=NOW)
    page.goto("/group")
    expect(soon).not_to_contain_text(f"เลขรับ {thai_digits(number)}")
