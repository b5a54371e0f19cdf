"""Every page holds WCAG 2.2 AA as far as axe can tell, light on a screen, dark on a telephone, in official words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import APIResponse, Page, Route, ViewportSize, expect

from classify.letter import Secrecy
from index.visibility import Role, Viewer
from ocr.thai_text import to_arabic_digits
from tests.browser.test_desk import WIDE, wait_for_keys
from tests.leaking import World, copied, world_of
from tests.retaining import JANUARY
from tests.screens import Screen
from tests.unit.pipeline.conftest import made_office
from tests.walking import GET, readings

__all__ = ["made_office"]
pytestmark = [pytest.mark.browser]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOOK = """async (runOnly) => {
  const {violations} = await axe.run(document, {runOnly, resultTypes: ['violations'], preload: false});
  return violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 200)}`));
}"""
BY_LOOKS = {"type": "rule", "values": ["color-contrast", "target-size", "link-in-text-block"]}
"""What another light and another width can change."""
OWN_WORDS = """() => {
  const shown = document.body.cloneNode(true);
  shown.querySelectorAll('[lang=en], .languages, code, kbd, input, script').forEach(one => one.remove());
  const texts = document.createTreeWalker(shown, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) found.push(texts.currentNode.data);
  return found.join('|');
}"""
WOODEN = re.compile(
    r"แล้ว ?แล้ว|กลุ่ม กลุ่ม|กลุ่มกลุ่ม|เลยกำหนด ๐ นาที|[๐-๙]+\.๐ คะแนน|province \d+|\bR\d\d\b|from memory"
)
"""Words that no clerk should read: twice already, groups of groups, codes of ours, English in Thai sentences."""
SMALL = ViewportSize(width=390, height=844)
LARGE = ViewportSize(width=1366, height=768)
EVERYTHING = Viewer(
    "everything", frozenset(Role), frozenset({"plan", "hr"}), clearance=Secrecy.TOP_SECRET
)
NO_PAGE = re.compile(
    r"\.|^/(static|api)/|^/(healthz|metrics)|/(files?|original|evidence|complete)\b|/due$"
)
"""Routes that answer with files, figures and pieces of pages, by their paths."""


@pytest.fixture(scope="module", autouse=True)  # before Playwright, beside which no other loop runs
def world(made_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An office in which there is something on every page."""
    folder = tmp_path_factory.mktemp("world")
    with copied(made_office, folder) as (office, book), world_of(office, book, folder) as made:
        yield made


@pytest.fixture(scope="module")
def screen(world: World) -> Iterator[Screen]:
    screen = Screen(world.made.office, world.made.book, JANUARY, EVERYTHING)
    with screen.serving():
        yield screen


def opened(world: World, page: Page) -> Iterator[str]:
    """Open one address of every route that answers with a page; each is asked for once."""
    done: set[str] = set()
    for address, route in [
        *((one.address, one.route) for one in readings(world.made)),
        ("/help/desk", "GET /help/desk"),
    ]:
        if route in done or NO_PAGE.search(route.removeprefix("GET ")):
            continue
        answer = page.request.get(address)
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        if answer.status != 200 or not is_page or not answer.text().lstrip().startswith("<!"):
            continue  # a refusal, a file, a piece of a page
        done.add(route)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(LARGE)
        page.route(answer.url, partial(give_again, answer))
        page.goto(address)
        page.unroute(answer.url)
        yield address


def give_again(answer: APIResponse, asked: Route) -> None:
    """Give a page that was asked for already; no server needs to make it twice."""
    told = {"content-type": "text/html; charset=utf-8"}
    policy = answer.headers["content-security-policy"]
    asked.fulfill(body=answer.body(), headers={**told, "content-security-policy": policy})


def thai_number(text: str) -> int:
    return int(to_arabic_digits(text))


def complaints(page: Page, run_only: object) -> list[str]:
    found: list[str] = page.evaluate(LOOK, run_only)
    return found


def test_axe_finds_nothing_on_any_page_and_all_words_are_those_of_an_office(
    page: Page, world: World
) -> None:
    page.add_init_script(AXE)
    looked, found = 0, {}
    for address in opened(world, page):
        wrong = complaints(page, {"type": "tag", "values": RULES})
        wrong += WOODEN.findall(page.evaluate(OWN_WORDS))
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(SMALL)
        wrong += [f"on a telephone, {one}" for one in complaints(page, BY_LOOKS)]
        if page.evaluate(WIDE):
            wrong.append("scrolls sideways on a telephone")
        if wrong:
            found[address] = wrong
        looked += 1
    assert found == {}
    assert looked > len(GET) // 3, "most pages were not there to look at"


def test_what_opens_over_a_page_is_held_to_the_same(page: Page) -> None:
    page.add_init_script(AXE)
    page.goto("/")
    for keys, dialog in (("?", "#keys"), ("Control+k", "#command")):
        wait_for_keys(page)
        page.keyboard.press(keys)
        expect(page.locator(dialog)).to_be_visible()
        page.keyboard.type("ตรวจ")
        assert complaints(page, {"type": "tag", "values": RULES}) == []
        page.keyboard.press("Escape")


def test_the_menu_has_five_groups_with_what_waits_in_them(page: Page) -> None:
    page.goto("/dashboard")
    menus = page.locator("#doors nav > details.menu")
    expect(menus).to_have_count(5)
    for menu in menus.all():
        told = menu.locator("a .count").all_text_contents()
        counts = menu.locator("summary .count").all_text_contents()
        assert [thai_number(one) for one in counts] == [sum(map(thai_number, told))] * bool(told)
    assert page.locator("#doors a .count").count() > 0


def test_the_fields_of_a_letter_are_no_stops_of_the_tab_key(page: Page) -> None:
    page.goto("/letters/1/2569")
    stops = page.locator(".fields > [tabindex='0'], .fields > :not([tabindex])")
    expect(page.locator("#field-subject")).to_be_attached()
    expect(stops).to_have_count(0)


def test_each_page_leads_to_its_manual_and_one_manual_to_another(page: Page) -> None:
    page.goto("/group")
    page.get_by_role("link", name="คู่มือของหน้านี้").click()
    page.wait_for_url("**/help/groups")
    expect(page.get_by_role("heading", level=1)).to_contain_text("งานของกลุ่ม")
    expect(page.locator(".manual img, .manual script")).to_have_count(0)
    page.goto("/help/desk")
    page.locator(".manual").get_by_role("link", name="หนังสือลับ").first.click()
    page.wait_for_url("**/help/secret")
    assert page.request.get("/help/..%2F..%2Fpyproject").status == 404
    assert page.request.get("/help/nothing").status == 404


def test_a_card_of_a_telephone_says_what_each_of_its_lines_is(phone: Page) -> None:
    phone.goto("/numbers")
    cells = phone.locator("table.list tbody tr").first.locator("td[data-label]")
    said = cells.evaluate_all("all => all.map(one => getComputedStyle(one, '::before').content)")
    assert said[:3] == ['"ทะเบียน"', '"เลขล่าสุด"', '"เลขต่อไป"']


def test_what_is_still_to_be_set_up_is_told_to_the_administrator(page: Page) -> None:
    page.goto("/machine")
    steps = page.locator(".set-up li")
    expect(steps).to_have_count(6)
    expect(steps.filter(has_text="หนังสือฉบับแรก")).to_have_class("good")
    backup = steps.filter(has_text="สำรองข้อมูล")
    expect(backup).not_to_have_class("good")
    expect(backup).to_contain_text("saraban.toml ส่วน [backup]")
    expect(page.get_by_role("heading", name="เริ่มใช้งาน")).to_contain_text("จาก ๖ ข้อ")
