"""A clerk's keys are counted: a clean letter takes two, a doubtful field three, a correction what is typed and three.

With SARABAN_PICTURES=docs/pictures in the environment the pictures of the documents are taken anew.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from classify import install_default_rules
from classify.letter import Decision, Found, GroupScore, Kind, Letter, ReviewReason, Urgency
from classify.reasons import reason
from index.archive import Archive
from index.book import Book
from index.choices import Step
from index.register.letters.filing import Filing
from ocr.document import Box
from ocr.thai_text import to_arabic_digits
from pipeline.demo.letters import LETTERS, DemoLetter, save_letter
from pipeline.demo.paper import LINE_MM, pixels
from pipeline.office import create_office, open_book
from tests.browser.test_page import FAINT, take_picture
from tests.keeping import CLERK, NOW, MadeScan, take
from tests.screens import Screen

pytestmark = [pytest.mark.browser]
EXTERNAL = next(one for one in LETTERS if one.kind == "external")
GROUPS = (("plan", 6.1, ("จัดสรรงบประมาณ", "งบลงทุน")), ("finance", 5.8, ("ครุภัณฑ์",)))
WIDE = "document.documentElement.scrollWidth > innerWidth"


@dataclass
class Typist:
    """Presses keys and counts them."""

    page: Page
    pressed: int = 0

    def press(self, key: str) -> None:
        wait_for_keys(self.page)
        self.page.keyboard.press(key)
        self.pressed += 1

    def type(self, text: str) -> None:
        wait_for_keys(self.page)
        self.page.keyboard.type(text)
        self.pressed += len(text)


def wait_for_keys(page: Page) -> None:
    """Wait for the page's script, which nobody's fingers outrun."""
    expect(page.locator("html[data-keys]")).to_be_attached()


def put_in_book(
    screen: Screen,
    subject: str,
    *doubts: ReviewReason,
    minutes_ago: int = 5,
    urgency: Urgency = Urgency.NONE,
    content: bytes = b"",
    pages: int = 1,
    confidence: float = 0.62,
    sender: str = EXTERNAL.sender,
) -> str:
    """File a made-up letter with its picture, as if it had been read; return its register number."""
    office, book = screen.office, screen.book
    scan = office.root / "one.pdf"
    # One picture for all, which takes long to draw; a remark behind its end makes it another scan.
    scan.write_bytes((content or drawn()) + f"\n% {subject} {minutes_ago} {screen.now}".encode())
    sha256 = hashlib.sha256(scan.read_bytes()).hexdigest()
    archive, now = Archive(office.archive), screen.now - timedelta(minutes=minutes_ago)
    archive.keep_original(scan, sha256, ".pdf", secret=False)
    searchable = archive.keep_searchable(scan, secret=False)
    book.jobs.record_arrival(MadeScan(scan, scan.name, sha256, received_at=now))
    demo = replace(EXTERNAL, subject=subject, urgency=urgency.value, sender=sender)
    filing = Filing(
        read(demo, doubts, confidence), decided(doubts), subject, pages, searchable.sha256
    )
    return str(book.jobs.file(take(book), filing, screen.now).register_number)


@cache
def drawn() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return save_letter(EXTERNAL, Path(folder)).read_bytes()


def read(demo: DemoLetter, doubts: tuple[ReviewReason, ...], confidence: float = 0.62) -> Letter:
    unsure = {one.field for one in doubts}
    down = [52.0, 52 + 2 * LINE_MM + 1, 52 + 3 * LINE_MM + 2]
    places = dict(zip(("number", "date", "subject"), down, strict=True))

    def found(name: str, value: object) -> Found[object]:
        y = places.get(name, 52.0)
        left, right = (
            (30, 95) if name == "number" else (105, 190) if name != "subject" else (30, 190)
        )
        box = Box(pixels(left), pixels(y - 6), pixels(right), pixels(y + 2))
        return Found(value, str(value), confidence if name in unsure else 0.97, 1, box, "made up")

    fields = {
        "number": to_arabic_digits(demo.number),
        "date": date(2026, 1, 15),
        "sender": demo.sender,
        "subject": demo.subject,
    }
    return Letter(
        kind=Found(Kind.EXTERNAL, "", 0.9, None, None, "made up"),
        recipient=Found(demo.recipient, demo.recipient, 0.9, 1, None, "made up"),
        urgency=Found(Urgency(demo.urgency), demo.urgency, 0.9, 1, None, "")
        if demo.urgency
        else None,
        **{name: found(name, value) for name, value in fields.items()},  # type: ignore[arg-type]
    )


def decided(doubts: tuple[ReviewReason, ...]) -> Decision:
    scores = tuple(
        GroupScore(code, points, tuple((word, "subject", 2.0) for word in words))
        for code, points, words in GROUPS
    )
    return Decision("plan", scores, 0.1, (), "R10", "57", doubts)


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """The page without workers; every test puts its own letters on the desk."""
    office = create_office(tmp_path_factory.mktemp("desk"))
    install_default_rules(office.rules)
    with open_book(office) as book:
        screen = Screen(office, book, NOW, CLERK)
        with screen.serving():
            yield screen


@pytest.fixture
def book(screen: Screen) -> Book:
    """The book on the next day, with an empty desk: what earlier tests left is done."""
    now = screen.now + timedelta(hours=12)
    screen.now += timedelta(days=1)
    while found := screen.book.review.next(CLERK):
        screen.book.desk.confirm_all(CLERK, found.letter.letter_id, now=now)
    for letter in screen.book.letters.page(CLERK, limit=1000).letters:
        if letter.step != Step.DONE:
            screen.book.desk.move(CLERK, letter.letter_id, Step.DONE, now=now)
    return screen.book


def step_of(book: Book, number: str) -> tuple[str, str]:
    letter = book.letters.by_id(CLERK, int(number.split("/", maxsplit=1)[0]))
    assert letter is not None
    return letter.step, letter.group


def test_a_letter_with_nothing_wrong_takes_two_keys(page: Page, book: Book, screen: Screen) -> None:
    first = put_in_book(screen, "การจัดสรรงบประมาณ งบลงทุน")
    second = put_in_book(screen, "การประชุมผู้บริหาร")
    page.goto("/")
    typist = Typist(page)
    typist.press("Enter")
    page.wait_for_url(f"**/letters/{first}")
    expect(page.get_by_role("button", name="แล้วเปิดฉบับถัดไป")).to_be_focused()
    assert page.evaluate(FAINT) == []
    typist.press("Enter")
    page.wait_for_url(f"**/letters/{second}")
    assert typist.pressed <= 2
    assert step_of(book, first) == ("routed", "plan")


def test_a_doubtful_field_takes_three_keys_to_confirm(
    page: Page, book: Book, screen: Screen
) -> None:
    number = put_in_book(
        screen,
        "ขอเชิญประชุม",
        reason("number", "low_confidence"),
    )
    page.goto("/")
    typist = Typist(page)
    typist.press("r")
    page.wait_for_url("**/review/**")
    expect(page.get_by_label("ที่", exact=True)).to_be_focused()
    typist.press("Enter")
    expect(page.get_by_text("ตรวจครบแล้ว")).to_be_visible()
    assert typist.pressed <= 3
    assert step_of(book, number) == ("routed", "plan")
    assert book.desk.corrections_of(CLERK, int(number.split("/")[0])) == ()


def test_a_correction_takes_what_is_typed_and_three_keys(
    page: Page, book: Book, screen: Screen
) -> None:
    number = put_in_book(
        screen,
        "ขอเชิญประชุม",
        reason("date", "low_confidence"),
    )
    page.goto("/")
    typist = Typist(page)
    typist.press("r")
    expect(page.get_by_label("ลงวันที่", exact=True)).to_be_focused()
    typed = "16/1/69"
    typist.type(typed)
    typist.press("Enter")
    expect(page.get_by_text("ตรวจครบแล้ว")).to_be_visible()
    assert typist.pressed <= len(typed) + 3
    (example,) = book.desk.corrections_of(CLERK, int(number.split("/")[0]))
    assert (example.field, example.new) == ("date", "2026-01-16")


def test_a_doubtful_group_is_chosen_by_its_number_after_the_field_before_it(
    page: Page, book: Book, screen: Screen
) -> None:
    doubts = (
        reason("number", "number_part_handwritten", "ศธ ๐๔๐๐๖/"),
        reason("group", "group_unsure", "กลุ่มนโยบายและแผน / กลุ่มบริหารงานการเงินและสินทรัพย์"),
    )
    number = put_in_book(
        screen,
        "การจัดสรรงบประมาณ ค่าครุภัณฑ์",
        *doubts,
        urgency=Urgency.MOST_URGENT,
    )
    put_in_book(
        screen,
        "ขอเชิญประชุมผู้บริหาร",
        reason("date", "low_confidence"),
    )
    page.goto("/review")
    expect(page.get_by_role("heading", level=1)).to_contain_text("เหลือรอตรวจ ๒ ฉบับ")
    assert page.evaluate(FAINT) == []
    take_picture(page, "review.png")
    typist = Typist(page)
    typist.press("Enter")
    expect(page.get_by_role("radio", name="กลุ่มนโยบายและแผน")).to_be_focused()
    typist.press("4")
    expect(page.locator("[data-group-name]")).to_have_text("กลุ่มบริหารงานการเงินและสินทรัพย์")
    typist.press("Enter")
    expect(page.get_by_label("ลงวันที่", exact=True)).to_be_focused()  # the next letter came by itself
    assert typist.pressed == 3
    assert step_of(book, number) == ("routed", "finance")
    page.get_by_role("button", name="ยกเลิกรายการนี้").click()
    page.wait_for_url(f"**/review/{number}")
    assert step_of(book, number) == ("", "plan")


def test_the_list_is_worked_with_the_keys(page: Page, book: Book, screen: Screen) -> None:
    numbers = [
        put_in_book(screen, "การจัดสรรงบประมาณ งบลงทุน ค่าครุภัณฑ์"),
        put_in_book(
            screen,
            "ขอให้รายงานข้อมูลนักเรียนรายบุคคล",
            reason("date", "low_confidence"),
            urgency=Urgency.VERY_URGENT,
        ),
        put_in_book(
            screen,
            "แจ้งเตือนภัยพายุฤดูร้อน",
            urgency=Urgency.MOST_URGENT,
            minutes_ago=50,
        ),
        put_in_book(screen, "ขอเชิญประชุมผู้บริหารสถานศึกษา"),
    ]
    page.goto("/")
    rows = page.locator("table.inbox tbody tr")
    order = [row.get_attribute("data-number") for row in rows.all()]
    assert order == [numbers[2], numbers[1], numbers[0], numbers[3]]
    expect(rows.nth(0)).to_contain_text("เลยกำหนด ๒๐ นาที")
    expect(rows.nth(1)).to_contain_text("เหลือเวลา ๓ ชม. ๕๕ นาที")
    Typist(page).press("j")
    Typist(page).press("ArrowDown")
    Typist(page).press("k")
    expect(rows.nth(1)).to_have_class("urgent chosen")
    Typist(page).press("x")
    expect(page.locator("[data-ticked]")).to_have_text(" ๑ ฉบับ")
    assert page.evaluate(FAINT) == []
    take_picture(page, "desk.png")
    Typist(page).press("5")
    expect(rows).to_have_count(3)
    assert step_of(book, numbers[1]) == ("routed", "hr")
    Typist(page).press("u")
    expect(rows).to_have_count(4)
    assert step_of(book, numbers[1]) == ("", "plan")
    Typist(page).press("?")
    expect(page.get_by_role("dialog")).to_contain_text("ยกเลิกรายการล่าสุด")
    Typist(page).press("Escape")


def test_what_comes_in_leaves_the_clerks_place_and_ticks_alone(
    page: Page, book: Book, screen: Screen
) -> None:
    for place in range(3):
        put_in_book(screen, f"เรื่องที่ {place}")
    page.goto("/")
    rows = page.locator("table.inbox tbody tr")
    Typist(page).press("j")
    Typist(page).press("x")
    chosen = page.locator("tr.chosen")
    before = chosen.get_attribute("data-number")
    put_in_book(screen, "เรื่องด่วน", urgency=Urgency.MOST_URGENT)
    expect(rows).to_have_count(4)
    expect(chosen).to_have_attribute("data-number", str(before))
    expect(chosen.get_by_role("checkbox")).to_be_checked()


def test_several_ticked_letters_are_handed_over_at_once(
    page: Page, book: Book, screen: Screen
) -> None:
    numbers = [put_in_book(screen, f"เรื่อง {place}") for place in range(2)]
    page.goto("/")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_label("จ่ายให้").select_option(label="กลุ่มบริหารงานบุคคล")
    page.get_by_role("button", name="จ่าย", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("สำเร็จ ๒ ฉบับ")
    assert [step_of(book, number) for number in numbers] == [("routed", "hr")] * 2
    assert page.evaluate(FAINT) == []


def test_the_page_is_zoomed_and_turned_for_the_eye_only(
    page: Page, book: Book, screen: Screen
) -> None:
    number = put_in_book(screen, "เรื่องหมุน")
    page.goto(f"/letters/{number}")
    picture = page.locator(".scan svg").first
    wide = picture.bounding_box()
    Typist(page).press("r")
    turned = picture.bounding_box()
    Typist(page).press("+")
    zoomed = picture.bounding_box()
    assert wide is not None
    assert turned is not None
    assert zoomed is not None
    assert wide["height"] > wide["width"]
    assert turned["height"] < turned["width"]
    assert zoomed["width"] > turned["width"]
    assert not page.evaluate(WIDE)


def test_a_field_is_corrected_where_it_stands(page: Page, book: Book, screen: Screen) -> None:
    number = put_in_book(screen, "เรื่องเดิม")
    page.goto(f"/letters/{number}")
    field = page.locator("#field-subject")
    field.get_by_text("แก้ไข").click()
    field.get_by_role("textbox", name="เรื่อง").fill("เรื่องที่ถูกต้อง")
    field.get_by_label("เหตุผล").fill("อ่านผิด")
    assert page.evaluate(FAINT) == []
    field.get_by_role("button", name="บันทึก").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("เรื่องที่ถูกต้อง")
    expect(page.locator(".history")).to_contain_text("อ่านผิด")
    take_picture(page, "letter-desk.png")


def test_a_letter_fits_a_screen_and_a_half_with_its_history_and_files_in_a_drawer(
    page: Page, book: Book, screen: Screen
) -> None:
    number = put_in_book(screen, "เรื่องที่พอดีหน้าจอ")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"/letters/{number}")
    # other tests' letters look alike, which is asked about in boxes of its own, and can be taken back
    page.evaluate("document.querySelectorAll('.same-letter, .undo').forEach(one => one.remove())")
    files = page.get_by_role("link", name="PDF ประทับตรารับ")
    expect(files).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight") <= 1.5 * 768
    page.locator(".drawer summary").last.click()
    expect(files).to_be_visible()


def test_a_phone_shows_the_desk_without_scrolling_sideways(
    phone: Page, book: Book, screen: Screen, tmp_path: Path
) -> None:
    number = put_in_book(
        screen,
        "การจัดสรรงบประมาณ",
        reason("group", "group_unsure", "ก / ข"),
    )
    phone.goto("/")
    first = phone.locator("table.inbox a.subject").first.bounding_box()
    assert first is not None
    assert first["y"] < 300, "a letter is in sight at once"
    for path in ("/", "/review", f"/letters/{number}"):
        phone.goto(path)
        phone.screenshot(path=tmp_path / "phone.png")
        assert not phone.evaluate(WIDE), path
