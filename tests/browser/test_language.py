"""A reader turns the pages to English and back with a link, and works in either."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from classify import install_default_rules
from classify.letter import Urgency
from classify.reasons import reason
from index.visibility import Role, Viewer
from pipeline.office import create_office, open_book
from tests.browser.test_desk import WIDE, put_in_book
from tests.browser.test_page import FAINT, take_picture
from tests.keeping import NOW
from tests.screens import Screen

pytestmark = [pytest.mark.browser]
CLERK = Viewer("Malee", frozenset({Role.REGISTRY_CLERK, Role.RECORDS_OFFICER}))
SUBJECT = "การจัดสรรงบประมาณ งบลงทุน"
PAGES = ("/", "/letters/1/2569", "/review", "/search", "/dashboard", "/sent/new", "/retention")


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    office = create_office(tmp_path_factory.mktemp("language"))
    install_default_rules(office.rules)
    with open_book(office) as book:
        screen = Screen(office, book, NOW, CLERK)
        put_in_book(screen, SUBJECT)
        put_in_book(
            screen, "ขอเชิญประชุม", reason("number", "low_confidence"), urgency=Urgency.MOST_URGENT
        )
        with screen.serving():
            yield screen


def test_the_desk_is_turned_to_english_and_back(page: Page) -> None:
    page.goto("/?show=all")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/?show=all"), "the page stays, without the choice in its address"
    expect(page.locator(".menu > summary").first).to_contain_text("Received")
    expect(page.get_by_role("columnheader", name="Register no.")).to_be_visible()
    expect(page.locator("tr.urgent")).to_contain_text("Most urgent")
    expect(page.get_by_role("link", name=SUBJECT)).to_be_visible()
    page.get_by_role("checkbox", name="Select register no. 1/2569").check()
    expect(page.locator("[data-ticked]")).to_have_text(" (1)")
    assert page.evaluate(FAINT) == []
    take_picture(page, "english.png")
    page.get_by_role("link", name="ไทย").click()
    expect(page.locator("html")).to_have_attribute("lang", "th")
    expect(page.locator(".menu > summary").first).to_contain_text("รับ")


def test_the_choice_outlasts_the_page(page: Page) -> None:
    page.goto("/?language=en")
    page.goto("/letters/1/2569")
    expect(page.get_by_role("button", name="and open the next")).to_be_visible()
    page.goto("/review")
    page.get_by_label("No.", exact=True).fill("MOE 1/2")
    page.get_by_role("button", name="Save and open the next").click()
    expect(page.get_by_text("All reviewed")).to_be_visible()


def test_english_pages_fit_a_screen_and_a_phone(page: Page, phone: Page) -> None:
    for window in (page, phone):
        window.goto("/?language=en")
        for address in PAGES:
            window.goto(address)
            expect(window.locator("html")).to_have_attribute("lang", "en")
            assert not window.evaluate(WIDE), address
