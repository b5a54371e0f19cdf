"""What a clerk's work takes: `python benchmarks/keys.py --json`. Needs Chromium and the test extras.

Counts keys and actions in a browser before a real page, and measures what is seen when. An action is a key, a
click or a word typed. The bars are those of a desk that nothing slows down:

- a letter with nothing wrong: keys from the list until it is with its group, 2 at the most;
- one doubtful field: keys from the list until it is confirmed and handed on, 3;
- last month's letter by two words of it: actions from any page until it is open, 6;
- the first letter of the list on a telephone (390 × 844): pixels from the top, under 300;
- a letter of 60 pages that nobody opened before: milliseconds from asking for it until its first page is there,
  1000; the middle of three, by the clock and in processor time of the server and this program.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

import pikepdf
from playwright.sync_api import Browser, Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from classify import install_default_rules
from classify.reasons import reason
from pipeline.office import create_office, open_book
from tests.browser.conftest import FLAGS
from tests.browser.test_desk import Typist, drawn, put_in_book, wait_for_keys
from tests.conftest import find_chromium
from tests.keeping import CLERK, NOW
from tests.screens import Screen
from tests.unit.pipeline.web.test_web import index_all

WIDE, PHONE = (1366, 768), (390, 844)
MANY_PAGES = 60
ONCE_LOADED = """() => {
  const found = performance.getEntriesByType('resource').find(one => one.name.endsWith('/pages/1.jpg'));
  return found ? found.responseEnd : 0;
}"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure with the most it may be."""

    name: str
    value: float
    most: float
    unit: str


@contextmanager
def at(browser: Browser, screen: Screen, size: tuple[int, int]) -> Iterator[Page]:
    """Open a window of that many pixels."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, base_url=screen.address, locale="th-TH"
    )
    yield context.new_page()
    context.close()


def clean_letter(browser: Browser, screen: Screen) -> Measured:
    with at(browser, screen, WIDE) as page:
        number = put_in_book(screen, "การจัดสรรงบประมาณ งบลงทุน")
        page.goto("/")
        typist = Typist(page)
        typist.press("Enter")
        page.wait_for_url(f"**/letters/{number}")
        typist.press("Enter")
        page.wait_for_url(lambda url: number not in url)
        return Measured("clean letter", typist.pressed, 2, "keys")


def doubtful_field(browser: Browser, screen: Screen) -> Measured:
    with at(browser, screen, WIDE) as page:
        put_in_book(screen, "ขอเชิญประชุม", reason("number", "low_confidence"))
        page.goto("/")
        typist = Typist(page)
        typist.press("r")
        page.wait_for_url("**/review/**")
        typist.press("Enter")
        expect(page.get_by_text("ตรวจครบแล้ว")).to_be_visible()
        return Measured("one doubtful field", typist.pressed, 3, "keys")


def last_month(browser: Browser, screen: Screen) -> Measured:
    screen.now = NOW - timedelta(days=30)
    number = put_in_book(screen, "การแข่งขันหุ่นยนต์ ระดับภาค")
    screen.now = NOW
    index_all(screen.office, screen.book)
    with at(browser, screen, WIDE) as page:
        page.goto("/sent")
        expect(page.locator("#command")).to_be_attached()
        page.wait_for_load_state("networkidle")
        page.keyboard.press("/")
        page.keyboard.type("แข่งขัน หุ่นยนต์")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?**")
        page.locator(".hit a").first.click()
        page.wait_for_url(f"**/letters/{number}**")
        return Measured("last month's letter by two words", 1 + 2 + 1 + 1, 6, "actions")


def on_the_telephone(browser: Browser, screen: Screen) -> Measured:
    put_in_book(screen, "ขอเชิญประชุมผู้บริหารสถานศึกษา")
    with at(browser, screen, PHONE) as page:
        page.goto("/")
        box = page.locator("table.inbox tbody tr a.subject").first.bounding_box()
        assert box is not None, "no letter on the telephone"
        return Measured("first letter on a telephone", round(box["y"]), 300, "px")


def sixty_pages(browser: Browser, screen: Screen, folder: Path) -> list[Measured]:
    (folder / "one.pdf").write_bytes(drawn())
    with pikepdf.new() as many, pikepdf.open(folder / "one.pdf") as one:
        for _ in range(MANY_PAGES):
            many.pages.append(one.pages[0])
        many.save(folder / "many.pdf")
    content = (folder / "many.pdf").read_bytes()
    by_clock, processor = [], []
    for turn in range(3):
        number = put_in_book(screen, f"รายงานประจำปี {turn}", content=content, pages=MANY_PAGES)
        with at(browser, screen, WIDE) as page:
            before = time.process_time()
            page.goto(f"/letters/{number}")
            page.wait_for_function(ONCE_LOADED)
            processor.append(round(1000 * (time.process_time() - before)))
            by_clock.append(round(page.evaluate(ONCE_LOADED)))
    name = "letter of 60 pages, its first page"
    return [
        Measured(name, median(by_clock), 1000, "ms"),
        Measured(f"{name}, processor", median(processor), 1000, "ms"),
    ]


def measure(folder: Path) -> list[Measured]:
    office = create_office(folder / "office")
    install_default_rules(office.rules)
    with open_book(office) as book, sync_playwright() as playwright:
        screen = Screen(office, book, NOW, CLERK)
        with screen.serving():
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
            with at(browser, screen, WIDE) as page:  # what is loaded once is loaded
                page.goto("/")
                wait_for_keys(page)
            found = [one(browser, screen) for one in (clean_letter, doubtful_field, last_month)]
            found += [on_the_telephone(browser, screen), *sixty_pages(browser, screen, folder)]
            browser.close()
            return found


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--json", action="store_true", help="print JSON alone")
    as_json = asked.parse_args().json
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    if as_json:
        print(
            json.dumps(
                {one.name: {"is": one.value, "most": one.most, "unit": one.unit} for one in found}
            )
        )
    else:
        for one in found:
            print(f"{one.name:48} {one.value:8g} {one.unit:8} (at most {one.most:g})")
    return 0 if all(one.value <= one.most for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
