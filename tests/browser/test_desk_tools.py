"""What a desk has at hand: quarantine, letters shared out, a dense list, the command box, a telephone."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import timedelta

import pikepdf
import pytest
from playwright.sync_api import Browser, Page, expect

from classify import install_default_rules
from classify.reasons import reason
from index.register.received.jobs import Reason
from index.registered_letter import RegisterNumber
from index.visibility import Role, Viewer
from pipeline.office import create_office, open_book
from tests.browser.test_desk import EXTERNAL, WIDE, Typist, drawn, put_in_book, wait_for_keys
from tests.browser.test_page import FAINT, take_picture
from tests.keeping import CLERK, NOW, OFFICER, MadeScan, take
from tests.screens import Screen, watched

pytestmark = [pytest.mark.browser]
BROKEN = Reason("truncated", "ไฟล์ไม่สมบูรณ์ กรุณาสแกนใหม่", "the file is cut off")
OTHER_CLERK = Viewer("ปราณี", frozenset({Role.REGISTRY_CLERK}))
KEEPER = Viewer("สมศักดิ์", frozenset({Role.REGISTRY_CLERK, Role.SECRET_REGISTRAR}))


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """The page without workers; every test puts there what it needs."""
    office = create_office(tmp_path_factory.mktemp("tools"))
    install_default_rules(office.rules)
    with open_book(office) as book:
        screen = Screen(office, book, NOW, CLERK)
        with screen.serving():
            yield screen


@pytest.fixture(autouse=True)
def _the_clerk_sits_there(screen: Screen) -> None:
    screen.viewer, screen.now = CLERK, NOW


def set_aside(screen: Screen, name: str, content: bytes) -> int:
    """Put a file into quarantine as a worker does; return its letter's id."""
    path = screen.office.quarantine / name
    path.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    screen.book.jobs.record_arrival(MadeScan(path, name, sha256, len(content)))
    job = take(screen.book)
    screen.book.jobs.quarantine(job, BROKEN, screen.now, path=path)
    return job.letter_id


def test_the_quarantine_is_looked_into_and_worked_to_nothing(page: Page, screen: Screen) -> None:
    set_aside(screen, "ใบปลิว.pdf", drawn())
    set_aside(screen, "เสีย.pdf", b"%PDF-1.7 nothing")
    page.goto("/quarantine")
    files = page.locator("[data-held]")
    expect(files).to_have_count(2)
    assert "ใบปลิว" not in page.content()  # a clerk may not know what nobody has read
    expect(files.locator("img, a")).to_have_count(0)
    screen.viewer = KEEPER
    page.goto("/quarantine")
    expect(page.locator("h1 .badge")).to_have_text("๒")
    leaflet = files.filter(has_text="ใบปลิว.pdf")
    expect(leaflet).to_contain_text("๑๕ ม.ค. ๒๕๖๙ ๐๙.๓๐ น. ทาง inbox")
    expect(leaflet).to_contain_text(BROKEN.thai)
    small = page.request.get(str(leaflet.locator("img").get_attribute("src")))
    assert small.headers["content-type"] == "image/jpeg"
    assert "no-store" in small.headers["cache-control"]
    broken = page.request.get(str(files.filter(has_text="เสีย").locator("img").get_attribute("src")))
    assert broken.headers["content-type"] == "image/svg+xml"  # and nobody failed on it
    with page.expect_download() as saved:
        leaflet.get_by_role("link", name="บันทึกไฟล์").click()
    assert saved.value.path().read_bytes() == drawn()
    assert page.evaluate(FAINT) == []
    leaflet.locator("summary").click()
    take_picture(leaflet, "quarantine.png")
    leaflet.get_by_role("button", name="คัดออก").click()
    expect(files).to_have_count(2)  # not without a reason
    leaflet.get_by_label("ไม่ใช่หนังสือราชการ").check()
    leaflet.get_by_role("button", name="คัดออก").click()
    expect(files).to_have_count(1)
    page.wait_for_load_state("networkidle")  # its picture is the keeper's to see
    screen.viewer = CLERK
    page.goto("/quarantine")
    files.locator("summary").click()
    files.get_by_label("สแกนใหม่และลงรับแล้ว").check()
    files.get_by_role("button", name="คัดออก").click()
    expect(page.get_by_text("ไม่มีไฟล์ที่กักไว้")).to_be_visible()
    page.goto("/")
    expect(page.locator(".counts .held")).to_have_count(0)
    expect(page.locator(".sum")).to_contain_text("คัดออก ๒")
    trail = [
        (one.action, one.details.get("dismissal")) for one in screen.book.audit.newest(limit=2)
    ]
    assert trail == [("dismissed", "scanned_again"), ("dismissed", "no_letter")]
    page.goto("/quarantine")
    page.locator(".over > summary").click()
    expect(page.locator(".over li").filter(has_text="ไม่ใช่หนังสือราชการ")).to_contain_text("สมศักดิ์")
    page.get_by_role("button", name="นำกลับมา").first.click()
    expect(files).to_have_count(1)


def test_the_quarantine_fits_a_phone(phone: Page, screen: Screen) -> None:
    screen.viewer = KEEPER
    set_aside(screen, "หนังสือที่มีชื่อยาวมากจนไม่น่าจะอยู่ในบรรทัดเดียวของโทรศัพท์ได้.pdf", b"no file")
    phone.goto("/quarantine")
    phone.locator("[data-held] summary").last.click()
    assert not phone.evaluate(WIDE)


def test_two_clerks_are_given_two_letters_and_told_of_one_another(
    page: Page, screen: Screen
) -> None:
    doubt = reason("group", "group_unsure", "ก / ข")
    put_in_book(screen, "ฉบับแรก", doubt, minutes_ago=9)
    second = put_in_book(screen, "ฉบับที่สอง", doubt)
    page.goto("/review")
    expect(page.locator("article header")).to_contain_text("ฉบับแรก")
    expect(page.locator(".presence")).to_be_empty()
    screen.viewer = OTHER_CLERK
    page.goto("/review")
    expect(page.locator("article header")).to_contain_text("ฉบับที่สอง")
    screen.viewer = CLERK
    page.goto(f"/letters/{second}")
    expect(page.locator(".presence")).to_have_text("กำลังตรวจโดย ปราณี")
    assert page.evaluate(FAINT) == []
    page.goto("/")
    row = page.locator(f"tr[data-number='{second}']")
    expect(row).to_contain_text("กำลังตรวจโดย ปราณี")
    screen.viewer = OFFICER
    assert page.request.get(f"/letters/{second}/presence").status == 403
    screen.viewer, screen.now = CLERK, NOW + timedelta(minutes=2)
    page.goto("/review?skip=1/2569")
    expect(page.locator("article header")).to_contain_text("ฉบับที่สอง")
    expect(page.locator(".presence")).to_be_empty()  # who is gone is forgotten


def test_the_next_letter_is_the_one_after_and_what_was_skipped_comes_last(
    page: Page, screen: Screen
) -> None:
    for subject in ("ก่อนหน้า", "ฉบับนี้", "ถัดไป"):
        put_in_book(screen, subject)
    page.goto("/")
    page.get_by_role("link", name="ฉบับนี้").click()
    for subject in ("ถัดไป", "ฉบับแรก"):
        page.get_by_role("button", name="แล้วเปิดฉบับถัดไป").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(subject)


def test_twelve_letters_are_in_sight_with_the_chosen_one_beside_them(
    browser: Browser, screen: Screen
) -> None:
    doubt = reason("group", "group_unsure", "ก / ข")
    for count in range(14):
        put_in_book(
            screen, f"การรายงานข้อมูลนักเรียนรายบุคคล ภาคเรียนที่ ๒ ฉบับที่ {count}", *[doubt] * (count % 2)
        )
    for page in watched(browser, screen.address, width=1366, height=768):
        page.goto("/")
        rows = page.locator("table.inbox tbody tr")
        bar = page.locator("#bulk").bounding_box()
        boxes = [box for row in rows.all() if (box := row.bounding_box())]
        assert bar
        assert sum(box["y"] + box["height"] <= bar["y"] for box in boxes) >= 12
        expect(page.locator(".digits li").first).to_have_text("1 อำนวยการ")
        expect(page.locator("[data-look]")).to_be_hidden()  # nobody looked at one yet
        wait_for_keys(page)
        page.keyboard.press("j")
        number = rows.nth(1).get_attribute("data-number")
        expect(page.locator("[data-look] img")).to_have_attribute(
            "src", f"/letters/{number}/pages/1.jpg"
        )
        expect(page.locator("[data-look] img")).to_be_visible()
        assert page.evaluate(FAINT) == []
        page.get_by_label("ข้อสงสัย").select_option(label="ไม่มีข้อสงสัย")
        page.get_by_role("button", name="แสดง").click()
        expect(page.locator("tr[data-doubt]")).to_have_count(0)
        expect(rows.first).to_be_visible()


def test_the_command_box_opens_a_number_a_menu_or_the_search(page: Page, screen: Screen) -> None:
    number = put_in_book(screen, "หาด้วยช่องคำสั่ง")
    page.goto("/forms")
    box = page.locator("#command")
    page.keyboard.press("/")
    expect(box).to_be_visible()
    page.keyboard.type(number.split("/")[0])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/letters/{number}")
    page.keyboard.press("Control+k")
    page.keyboard.type("กักไว้")
    page.keyboard.press("Enter")
    page.wait_for_url("**/quarantine")
    page.keyboard.press("Control+k")
    box.get_by_role("button", name="เดือนที่แล้ว").click()
    page.keyboard.type("งบประมาณ")
    expect(box.get_by_role("option", name="ค้นหา “งบประมาณ”")).to_be_visible()
    assert page.evaluate(FAINT) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*&from=2025-12-01&to=2025-12-31")
    page.keyboard.press("Control+k")
    page.keyboard.type("พิมพ์ทะเบียน")
    expect(box.get_by_role("option", name="พิมพ์ทะเบียนวันนี้")).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    page.locator(".menu > summary", has_text="รับ").click()
    expect(page.get_by_role("link", name="ฉบับซ้ำ")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="ฉบับซ้ำ")).to_be_hidden()


def test_a_telephone_has_its_bar_at_the_bottom_and_the_first_letter_in_sight(
    phone: Page, screen: Screen
) -> None:
    number = put_in_book(screen, "ดูบนโทรศัพท์")
    phone.emulate_media(color_scheme="dark")
    for path in (
        "/",
        "/quarantine",
        "/search",
        f"/letters/{number}",
        "/sent",
        "/forms",
        "/dashboard",
    ):
        phone.goto(path)
        assert not phone.evaluate(WIDE), path
        assert phone.evaluate(FAINT) == [], path
        expect(phone.locator("kbd").first).to_be_hidden()
        head, bar = phone.locator(".top").bounding_box(), phone.locator(".bottom").bounding_box()
        assert head and bar, path
        assert head["height"] < 60, path
        assert bar["y"] + bar["height"] == 844, path
    phone.goto("/")
    first = phone.locator("table.inbox tbody tr").first.bounding_box()
    assert first and first["y"] < 300
    phone.get_by_role("button", name="เมนู").click()
    phone.locator(".menu", has_text="งานของกลุ่ม").locator("summary").click()
    phone.get_by_role("link", name="งานของกลุ่ม").click()
    phone.wait_for_url("**/group")
    manifest = phone.request.get(
        str(phone.locator("link[rel=manifest]").get_attribute("href"))
    ).json()
    assert [phone.request.get(one["src"]).status for one in manifest["icons"]] == [200, 200, 200]
    assert phone.evaluate("navigator.serviceWorker?.controller ?? null") is None  # nothing is kept


PINCHED = """frame => {
  const finger = (type, pointerId, clientX) => frame.dispatchEvent(
    new PointerEvent(type, { pointerId, pointerType: 'touch', clientX, clientY: 300, bubbles: true }));
  finger('pointerdown', 11, 200);
  finger('pointerdown', 12, 300);
  finger('pointermove', 12, 400);
  finger('pointerup', 11, 200);
  finger('pointerup', 12, 400);
}"""
"""Two fingers that come to stand twice as far apart."""


def many_pages(count: int) -> bytes:
    """Return a PDF whose pages say which they are."""
    with pikepdf.new() as pdf:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        for number in range(1, count + 1):
            page = pdf.add_blank_page(page_size=(595, 842))
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.Contents = pdf.make_stream(
                f"BT /F1 20 Tf 90 600 Td (sheet{number}.) Tj ET".encode()
            )
        made = io.BytesIO()
        pdf.save(made)
        return made.getvalue()


def move_by_hand(page: Page, fits: float, left: float) -> None:
    """Pinch, drag, turn over by keys, and look at the whole screen; `fits` is the width that fits."""
    frame = page.locator(".pages-of")
    frame.evaluate(PINCHED)
    pinched = page.locator("#page-12 svg").bounding_box()
    assert pinched and pinched["width"] > fits * 1.5
    before = frame.evaluate("one => one.scrollLeft")
    page.mouse.move(left + 300, 400)
    page.mouse.down()
    page.mouse.move(left + 220, 400)
    page.mouse.up()
    assert frame.evaluate("one => one.scrollLeft") - before == 80
    page.keyboard.press("w")
    for key in ("PageDown", "PageUp"):
        at = int(page.locator(".strip [aria-current]").get_attribute("href")[6:])  # type: ignore[index]
        page.keyboard.press(key)
        step = {"PageDown": 1, "PageUp": -1}[key]
        expect(page.locator(".strip a").nth(at - 1 + step)).to_have_attribute(
            "aria-current", "page"
        )
    page.keyboard.press("g")
    page.wait_for_function("() => document.fullscreenElement !== null")
    page.keyboard.press("g")
    page.wait_for_function("() => document.fullscreenElement === null")


def test_sixty_pages_are_fetched_when_they_are_looked_at_and_are_searched(
    page: Page, screen: Screen
) -> None:
    number = put_in_book(screen, "หนังสือหลายหน้า", content=many_pages(60), pages=60)
    fetched: list[str] = []
    page.on("request", lambda asked: fetched.append(asked.url) if "/pages/" in asked.url else None)
    page.goto(f"/letters/{number}")
    expect(page.locator("#page-1 image")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert 1 <= len(fetched) <= 4
    strip = page.locator(".strip a")
    expect(strip).to_have_count(60)
    strip.nth(56).click()
    expect(page.locator("#page-57 image")).to_have_attribute(
        "href", f"/letters/{number}/pages/57.jpg"
    )
    expect(strip.nth(56)).to_have_attribute("aria-current", "page")
    page.locator("h1").click()
    page.keyboard.press("f")
    page.keyboard.type("Sheet ๑๒.")  # neither capitals nor spaces nor the kind of digits count
    page.keyboard.press("Enter")
    found = page.locator("#page-12 .found.now")
    expect(found).to_be_in_viewport()
    expect(page.locator(".found")).to_have_count(1)
    box, svg = found.bounding_box(), page.locator("#page-12 svg").bounding_box()
    assert box and svg
    # where the words are drawn: 90 of 595 points from the left, their foot 242 of 842 from above
    assert abs((box["x"] - svg["x"]) / svg["width"] - 90 / 595) < 0.01
    assert abs((box["y"] + box["height"] - svg["y"]) / svg["height"] - 242 / 842) < 0.02
    expect(page.locator(".viewer output")).to_have_text("พบ 1 แห่ง")
    page.mouse.move(svg["x"] + 200, 400)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_timeout(100)
    wide = page.locator("#page-12 svg").bounding_box()
    assert wide and wide["width"] > svg["width"] * 1.1
    page.locator("h1").click()
    page.keyboard.press("w")
    fits = page.locator("#page-12 svg").bounding_box()
    assert fits and abs(fits["width"] - svg["width"]) < 1
    move_by_hand(page, fits["width"], svg["x"])
    assert len(fetched) < 20
    assert page.evaluate(FAINT) == []
    screen.viewer = OFFICER
    assert page.request.get(f"/letters/{number}/find?q=sheet").status == 404


def test_what_was_hardly_read_is_not_taken_unseen_and_another_value_takes_one_key(
    page: Page, screen: Screen
) -> None:
    doubts = (reason("sender", "low_confidence"), reason("date", "low_confidence"))
    text = "อ้างถึงหนังสือลงวันที่ ๑๒ มกราคม ๒๕๖๙"
    put_in_book(screen, "เคยรับ", minutes_ago=9)
    misread = EXTERNAL.sender.replace("การ", "กวร")
    number = put_in_book(screen, text, *doubts, confidence=0.3, sender=misread)
    other = put_in_book(screen, text + " อีกฉบับ", doubts[1], confidence=0.39, minutes_ago=1)
    page.goto(f"/review/{number}")
    typist = Typist(page)
    sender, day = page.get_by_label("จาก", exact=True), page.get_by_label("ลงวันที่", exact=True)
    expect(page.locator("[data-candidates]").first).to_contain_text("เคยส่งด้วยรหัส ศธ ๐๔๐๐๖")
    assert page.evaluate(FAINT) == []
    for _ in range(3):
        typist.press("Enter")
    seen = page.get_by_label("ตรงกับภาพ (อ่านได้มั่นใจเพียง ๓๐%)")
    expect(seen.first).to_be_focused()
    typist.press("Space")
    typist.press("Enter")
    expect(day).to_be_focused()
    blind: dict[str, str | float | bool] = {
        "field-sender": sender.input_value(),
        "field-date": day.input_value(),
    }
    headers = {"Origin": screen.address}
    refused = page.request.post(f"/review/{number}", form=blind, headers=headers)
    assert refused.status == 422
    read_day = day.input_value()
    typist.press("ArrowDown")
    expect(day).to_have_value("๑๒ ม.ค. ๒๕๖๙")
    typist.press("ArrowUp")
    expect(day).to_have_value(read_day)
    typist.press("ArrowDown")
    typist.press("Enter")
    page.wait_for_url("**/review")
    expect(page.locator(".undo")).to_contain_text("แก้ไขแล้ว")
    letter = screen.book.letters.by_number(CLERK, RegisterNumber.parse(number))
    assert letter is not None
    (one,) = screen.book.desk.corrections_of(CLERK, letter.letter_id)
    assert (one.field, one.new) == ("date", "2026-01-12")
    page.goto(f"/review/{other}")
    page.locator("[data-value]").first.click()  # with the mouse as well
    expect(day).to_have_value("๑๒ ม.ค. ๒๕๖๙")
