"""A clerk prints in the browser: the page of forms offers each paper, on a phone too, and gives the day's book.

With SARABAN_PICTURES=docs/pictures in the environment the picture of the documents is taken anew.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pdfplumber
import pytest
from playwright.sync_api import Browser, Page, expect

from classify import install_default_rules
from pipeline.office import create_office, open_book
from tests.browser.test_page import FAINT, take_picture
from tests.keeping import CLERK, NOW, file_one, make_filing
from tests.retaining import JANUARY, KEEPER, LAW, keep_finished
from tests.screens import Screen, watched

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    office = create_office(tmp_path_factory.mktemp("forms") / "office")
    install_default_rules(office.rules)
    with open_book(office) as book:
        file_one(book, "a", make_filing(subject="การจัดสรรงบประมาณ"))
        retention = book.retention(LAW)
        due = keep_finished(book, retention, "b")
        retention.batches.propose(KEEPER, [due], now=JANUARY)
        one = Screen(office, book, NOW, CLERK)
        with one.serving():
            yield one


@pytest.fixture
def page(browser: Browser, screen: Screen) -> Iterator[Page]:
    yield from watched(browser, screen.address, width=1280, height=900)


def test_the_day_is_chosen_and_its_book_is_given(page: Page) -> None:
    page.goto("/")
    page.goto("/forms")
    expect(page.get_by_role("heading", name="แบบพิมพ์", exact=True)).to_be_visible()
    assert page.evaluate(FAINT) == []
    take_picture(page, "forms.png")
    book = page.locator(".paper").filter(has_text="ทะเบียนหนังสือรับ")
    day = book.locator("form").filter(has=page.locator("input[name=day]"))
    expect(day.locator("input[name=day]")).to_have_value("๑๕ ม.ค. ๒๕๖๙")
    with page.expect_download() as downloading:
        day.get_by_role("button", name="XLSX").click()
    assert downloading.value.suggested_filename == "form-13.xlsx"
    address = day.get_by_role("button", name="PDF").get_attribute("formaction")
    given = page.request.get(f"{address}?day=2026-01-15")
    with pdfplumber.open(io.BytesIO(given.body())) as pdf:
        assert "การจัดสรรงบประมาณ" in pdf.pages[0].extract_text()


def test_a_phone_shows_the_papers_without_scrolling_sideways(phone: Page) -> None:
    phone.goto("/forms")
    assert not phone.evaluate("document.documentElement.scrollWidth > innerWidth")
    take_picture(phone, "forms-phone.png")
