"""In a browser, search is narrowed by facets, completed while typing, walked by keys, kept and opened again.

With SARABAN_PICTURES=docs/pictures in the environment the picture of the documents is taken anew.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import replace

import pikepdf
import pytest
from playwright.sync_api import Browser, Page, expect

from classify import install_default_rules
from classify.letter import Urgency
from index.archive import Archive
from index.visibility import Role, Viewer
from pipeline.demo.letters import LETTERS, DemoLetter, save_letter
from pipeline.indexer import Indexer
from pipeline.office import create_office, open_book
from tests.browser.test_page import FAINT, take_picture
from tests.keeping import NOW, MadeScan, make_filing, take
from tests.screens import Screen

pytestmark = [pytest.mark.browser]
CLERK = Viewer("มาลี", frozenset({Role.REGISTRY_CLERK}), frozenset({"plan"}))
SHOWN = [letter for letter in LETTERS if not letter.secrecy and letter.subject][:5]
TWO_PAGES = SHOWN[4]
WIDE = "document.documentElement.scrollWidth > innerWidth"


def put_in_book(screen: Screen, demo: DemoLetter) -> None:
    """File a drawn letter with its picture, as if it had been read."""
    office, book = screen.office, screen.book
    scan = save_letter(demo, office.root)
    sha256 = hashlib.sha256(scan.read_bytes()).hexdigest()
    archive = Archive(office.archive)
    archive.keep_original(scan, sha256, scan.suffix, secret=False)
    searchable = archive.keep_searchable(scan, secret=False)
    book.jobs.record_arrival(MadeScan(scan, scan.name, sha256, received_at=screen.now))
    filing = make_filing(
        number=demo.number,
        subject=demo.subject,
        sender=demo.sender,
        group=demo.group,
        written=demo.date,
        urgency=Urgency(demo.urgency),
        text="\n".join(demo.body),
    )
    pages = demo.body.count("\f") + 1
    filing = replace(filing, searchable_sha256=searchable.sha256, page_count=pages)
    book.jobs.file(take(book), filing, screen.now)


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    office = create_office(tmp_path_factory.mktemp("searching"))
    install_default_rules(office.rules)
    with open_book(office) as book:
        screen = Screen(office, book, NOW, CLERK)
        for demo in SHOWN:
            put_in_book(screen, demo)
        indexer = Indexer(office.search_index, "tantivy", book, {})
        indexer.step()
        indexer.close()
        with screen.serving():
            yield screen


def test_hits_show_their_page_and_facets_narrow_them(page: Page) -> None:
    page.goto("/search?q=ประจำปี")
    hits = page.locator(".hit")
    expect(hits.first).to_be_visible()
    before = hits.count()
    for picture in page.locator(".hit img").all():
        expect(picture).to_have_js_property("naturalWidth", 200)
    expect(page.locator(".hit mark").first).to_have_text("ประจำปี")
    assert page.evaluate(FAINT) == []
    take_picture(page, "search.png")
    page.locator(".facet a").first.click()
    expect(page.locator(".facet a[aria-current]")).to_be_visible()
    assert 0 < hits.count() < before
    page.locator(".facet a[aria-current]").click()
    expect(hits).to_have_count(before)


def test_a_hit_shows_the_page_where_the_words_stand(page: Page) -> None:
    page.goto("/search?q=ค่าใช้จ่ายในการเดินทาง")
    hit = page.locator(".hit").filter(has_text=TWO_PAGES.subject)
    picture = hit.locator("img")
    expect(picture).to_have_attribute("src", re.compile(r"small\.jpg\?page=2$"))
    expect(picture).to_have_js_property("naturalWidth", 200)
    first = page.request.get(re.sub(r"\?.*", "", picture.get_attribute("src") or "")).body()
    second = page.request.get(picture.get_attribute("src") or "").body()
    beyond = page.request.get((picture.get_attribute("src") or "").replace("=2", "=9")).body()
    assert first != second
    assert beyond == first
    hit.locator("a.page").click()
    expect(page).to_have_url(re.compile("#page-2$"))


def test_senders_are_offered_while_typing(page: Page) -> None:
    page.goto("/search")
    page.get_by_label("จาก", exact=True).press_sequentially("คณะกรรมการการศึกษา")
    option = page.locator("#senders option").first
    expect(option).to_have_attribute("value", SHOWN[0].sender)


@pytest.mark.parametrize("address", ["/", "/sent", "/forms", "/search"])
def test_subjects_are_offered_in_the_search_box_of_every_page(page: Page, address: str) -> None:
    page.goto(address)
    box = page.locator("header").get_by_role("combobox")
    box.press_sequentially("ตรวจสอบพัสดุ")
    expect(page.locator("#found-so-far option").first).to_have_attribute("value", SHOWN[1].subject)
    box.fill(SHOWN[1].subject)
    box.press("Enter")
    expect(page.locator(".hit")).to_have_count(1)


def test_what_is_only_near_is_said_to_be_near(page: Page) -> None:
    page.goto("/search?q=ตรวจสอบพัศดุปรจำปี")
    expect(page.locator(".near")).to_be_visible()
    expect(page.locator(".hit").first).to_contain_text(SHOWN[1].subject)
    assert page.evaluate(FAINT) == []
    page.locator(".meant a").click()
    expect(page.locator(".near")).to_have_count(0)
    expect(page.locator(".hit").first).to_contain_text(SHOWN[1].subject)


def test_it_is_walked_by_keys(page: Page) -> None:
    page.goto("/search?q=ประจำปี")
    page.locator("h1").click()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".hit .subject").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".hit .subject").nth(1)).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#words")).to_be_focused()


def test_a_search_is_kept_opened_and_deleted(page: Page) -> None:
    page.goto("/search?q=ประจำปี&sort=newest")
    page.get_by_text("บันทึกการค้นหานี้").click()
    page.get_by_label("ชื่อ", exact=True).fill("งานประจำปี")
    page.get_by_label("ใช้ร่วมกับ").select_option(label="กลุ่มนโยบายและแผน")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    page.goto("/search")
    assert page.evaluate(FAINT) == []
    page.get_by_role("link", name="งานประจำปี").click()
    expect(page.get_by_label("ลำดับ")).to_have_value("newest")
    expect(page.locator(".hit").first).to_be_visible()
    page.get_by_text("การค้นหาที่บันทึกไว้").click()
    page.get_by_role("button", name="ลบ งานประจำปี").click()
    expect(page.get_by_text("การค้นหาที่บันทึกไว้")).to_have_count(0)


def test_letters_alike_and_the_list_to_print(page: Page) -> None:
    page.goto("/search?q=ประจำปี")
    page.get_by_role("link", name="หนังสือที่คล้ายกัน").first.click()
    expect(page.locator("h1")).to_contain_text("หนังสือที่คล้ายกับ")
    page.goto("/search?q=ประจำปี")
    page.get_by_role("link", name="พิมพ์รายการ").click()
    expect(page.locator(".printed tbody tr").first).to_contain_text("ประจำปี")
    expect(page.get_by_role("button", name="พิมพ์")).to_be_visible()
    assert page.evaluate(FAINT) == []
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="กลับไปผลการค้นหา")).to_be_hidden()
    with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as paper:
        sizes = [[round(float(size) * 25.4 / 72) for size in one.mediabox] for one in paper.pages]
    assert sizes == [[0, 0, 297, 210]]


def test_a_phone_shows_it_without_scrolling_sideways(phone: Page) -> None:
    for address in ("/search", "/search?q=ประจำปี", "/search/print?q=ประจำปี", "/search?q=ไม่มีคำนี้"):
        phone.goto(address)
        assert not phone.evaluate(WIDE), address
        assert phone.evaluate(FAINT) == [], address


def test_all_works_without_a_script(browser: Browser, screen: Screen) -> None:
    context = browser.new_context(base_url=screen.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/search")
    page.get_by_label("คำค้น").fill("ประจำปี")
    page.locator("main form.filters > button").click()
    expect(page.locator(".hit").first).to_be_visible()
    page.locator(".facet a").first.click()
    expect(page.locator(".facet a[aria-current]")).to_be_visible()
    context.close()
