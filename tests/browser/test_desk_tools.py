"""What a desk has at hand: the quarantine is worked to nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from classify import install_default_rules
from index.register.received.jobs import Reason
from index.visibility import Role, Viewer
from pipeline.office import create_office, open_book
from tests.browser.test_desk import WIDE, drawn
from tests.browser.test_page import FAINT, take_picture
from tests.keeping import CLERK, NOW, MadeScan, take
from tests.screens import Screen

pytestmark = [pytest.mark.browser]
BROKEN = Reason("truncated", "ไฟล์ไม่สมบูรณ์ กรุณาสแกนใหม่", "the file is cut off")
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
