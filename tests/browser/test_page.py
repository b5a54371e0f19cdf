"""A clerk's browser: letters appear by themselves, are opened, understood and found; on a phone too.

With SARABAN_PICTURES=docs/pictures in the environment the pictures of the documents are taken anew.
"""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from pipeline.demo.letters import LETTERS
from tests import screens
from tests.offices import LONGEST_SECONDS, TestOffice, log_in, make_office, page_address, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.engine]
DESK_SIZE, PHONE_SIZE = ViewportSize(width=1366, height=768), ViewportSize(width=390, height=844)
PATIENCE_MS = LONGEST_SECONDS * 1000
WORDS = "ข้อมูลนักเรียนรายบุคคล"  # stand in the most urgent letter
# Returns the texts whose colour stands out from its background by less than WCAG AA asks for.
FAINT = """async () => {
  // Words may stand before their style sheets have come.
  if (document.readyState !== 'complete') await new Promise(come => addEventListener('load', come));
  const numbers = css => css.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const background = element => {
    for (let one = element; one; one = one.parentElement) {
      const found = numbers(getComputedStyle(one).backgroundColor);
      if (found.length < 4 || found[3] > 0.99) return found;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('body *')].filter(element =>
    [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
    && element.checkVisibility() && !element.closest('.unseen, .skip, svg')
  ).map(element => {
    const pair = [light(numbers(getComputedStyle(element).color)), light(background(element))];
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    return ratio < 4.5 ? element.textContent.trim() + ' ' + ratio.toFixed(2) : '';
  }).filter(Boolean);
}"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> TestOffice:
    return make_office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def address(office: TestOffice, browser: Browser) -> Iterator[str]:
    """A server whose page was open from the first moment, until all letters had come to it."""
    (office.inbox / "ว่าง.pdf").touch()
    with office.serving("--demo", "--quiet") as server:
        assert server.stdout is not None
        server.stdout.readline()  # the line about the demonstration letters
        address = page_address(server)
        page = browser.new_page(base_url=address)
        log_in(page, office)
        rows = page.locator("table.list tbody tr")
        expect(rows).to_have_count(len(LETTERS), timeout=PATIENCE_MS)  # and nobody reloaded
        page.close()
        wait_for(lambda: office.status()["waiting"] == 0, "the end of reading")
        yield address
        os.kill(server.pid, signal.SIGTERM)
        server.communicate(timeout=LONGEST_SECONDS)
        assert server.returncode == 0


@pytest.fixture
def page(browser: Browser, address: str, office: TestOffice) -> Iterator[Page]:
    """A window of an office's screen; whatever it complains about or asks elsewhere is a failure."""
    yield from watched(browser, address, office, width=1360, height=900)


@pytest.fixture
def phone(browser: Browser, address: str, office: TestOffice) -> Iterator[Page]:
    yield from watched(browser, address, office, width=390, height=844)


def watched(
    browser: Browser, address: str, office: TestOffice, *, width: int, height: int
) -> Iterator[Page]:
    for page in screens.watched(browser, address, width=width, height=height):
        log_in(page, office)
        yield page


def take_picture(shown: Page | Locator, name: str) -> None:
    """Take a picture for the documents, light and dark, on a screen and on a telephone, each under its own name.

    What is on a telephone already is taken there alone.
    """
    folder = os.environ.get("SARABAN_PICTURES")
    if not folder:
        return
    page = shown.page if isinstance(shown, Locator) else shown
    before = page.viewport_size
    assert before is not None
    stem = name.removesuffix(".png")
    page.wait_for_timeout(600)  # what comes by itself has begun to come
    page.wait_for_function("() => [...document.images].every(one => one.complete)")
    sizes = ((DESK_SIZE, ""), (PHONE_SIZE, "-phone")) if before != PHONE_SIZE else ((before, ""),)
    for size, on in sizes:
        for scheme, light in (("light", ""), ("dark", "-dark")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.wait_for_timeout(100)  # until it is drawn
            shot = Image.open(io.BytesIO(shown.screenshot()))
            # A screen has few colours; so a picture stays small enough for a repository.
            shot.quantize(128).save(Path(folder) / f"{stem}{on}{light}.png", optimize=True)
    page.set_viewport_size(before)
    page.emulate_media(color_scheme="null")


def test_the_list_shows_the_letters_with_the_urgent_one_marked(page: Page) -> None:
    page.goto("/")
    urgent = page.locator("tr.urgent")
    expect(urgent).to_have_count(1)
    expect(urgent).to_contain_text("ด่วนที่สุด")
    expect(urgent).to_contain_text(WORDS)
    assert page.evaluate("document.fonts.check('17px Sarabun')")
    assert page.evaluate(FAINT) == []


def test_a_letter_is_opened_and_a_field_points_at_its_place(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=WORDS).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(WORDS)
    picture = page.locator("figure svg image").first
    expect(picture).to_be_visible()
    wait_for(
        lambda: page.evaluate(
            "async () => (await fetch(document.querySelector('svg image').href.baseVal)).ok"
        ),
        "the page picture",
    )
    mark = page.locator(".on-subject rect").first
    before = mark.evaluate("one => getComputedStyle(one).fill")
    page.locator("#field-subject").hover()
    assert mark.evaluate("one => getComputedStyle(one).fill") != before
    page.locator("#field-number").focus()
    assert page.evaluate(FAINT) == []
    page.locator("#field-subject").hover()


def test_a_letter_is_found_by_what_stands_in_it(page: Page) -> None:
    page.goto("/")
    page.get_by_label("ค้นหาหนังสือ").fill(WORDS)
    page.keyboard.press("Enter")
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.locator(".hit mark").first).to_have_text(WORDS)
    assert page.evaluate(FAINT) == []


def test_what_could_not_be_read_is_shown_and_can_be_tried_again(
    page: Page, office: TestOffice
) -> None:
    page.goto("/quarantine")
    row = page.locator("[data-held]")
    expect(row).to_contain_text("ไฟล์ว่างเปล่า")
    assert page.evaluate(FAINT) == []
    page.get_by_role("button", name="อ่านใหม่").click()
    expect(page.get_by_role("heading", name="ไฟล์ที่กักไว้")).to_be_visible()
    wait_for(lambda: office.status()["quarantined"] == 1, "its return: it is still empty")
    notes = office.quarantined()
    assert len(notes) == 1
    assert "Code: EmptyFile" in next(iter(notes.values())), "read again, by the worker this time"


def test_the_list_is_reached_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/")
    page.bring_to_front()  # the window that watched the first letters come may still have the keyboard
    page.wait_for_function("document.hasFocus()")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(16):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('subject')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/letters/*/*")


def test_a_phone_shows_it_without_scrolling_sideways(phone: Page) -> None:
    phone.goto("/")
    letter = phone.locator("a.subject").first.get_attribute("href")
    for path in ("/", "/search?q=นักเรียน", "/quarantine", str(letter)):
        phone.goto(path)
        wide = phone.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, path
    phone.goto("/")
    take_picture(phone, "phone.png")
