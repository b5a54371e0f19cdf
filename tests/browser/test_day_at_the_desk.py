"""What a clerk stumbled over at the desk stays mended: returned letters are loud, and nobody works past another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from classify import install_default_rules
from index.choices import Step
from index.register.people.people import Person
from index.registered_letter import RegisterNumber
from index.visibility import Role, Viewer
from pipeline.office import create_office, open_book
from tests.browser.test_desk import put_in_book
from tests.browser.test_page import FAINT
from tests.keeping import NOW
from tests.screens import Screen

pytestmark = [pytest.mark.browser]
MALI = Viewer("mali", frozenset({Role.REGISTRY_CLERK}))
WICHAI = Viewer("wichai", frozenset({Role.GROUP_OFFICER}), frozenset({"plan"}))
PEOPLE = (
    Person("mali", "นางมาลี ใจดี", MALI.roles, frozenset()),
    Person("wichai", "นายวิชัย ตั้งใจ", WICHAI.roles, WICHAI.groups),
)


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    office = create_office(tmp_path_factory.mktemp("day"))
    install_default_rules(office.rules)
    with open_book(office) as book:
        for person in PEOPLE:
            book.people.add(person, who="test", now=NOW)
        screen = Screen(office, book, NOW, MALI)
        with screen.serving():
            yield screen


def id_of(screen: Screen, number: str) -> int:
    found = screen.book.letters.by_number(MALI, RegisterNumber.parse(number))
    assert found is not None
    return found.letter_id


def test_a_letter_that_a_group_sent_back_is_loud_and_asks_for_another_group(
    page: Page, screen: Screen
) -> None:
    number = put_in_book(screen, "การจัดสรรงบประมาณ")
    desk, one = screen.book.desk, id_of(screen, number)
    desk.move(MALI, one, Step.ROUTED, group="plan", now=screen.now)
    desk.move(WICHAI, one, Step.RETURNED, group="admin", note="เป็นงานของกลุ่มนิเทศ", now=screen.now)
    page.goto("/")
    tab = page.get_by_role("link", name="ถูกส่งคืน ๑")
    tab.click()
    row = page.locator(f'tr[data-number="{number}"]')
    expect(row).to_contain_text("กลุ่มนโยบายและแผน ส่งคืน")
    expect(row).to_contain_text("เป็นงานของกลุ่มนิเทศ")
    expect(row).to_contain_text("นายวิชัย ตั้งใจ")
    expect(row).not_to_contain_text("ไม่มีข้อสงสัย")
    expect(row).not_to_contain_text("เพราะ")
    assert page.evaluate(FAINT) == []
    row.get_by_role("link", name="การจัดสรรงบประมาณ").click()
    expect(page.locator(".came-back")).to_contain_text("เป็นงานของกลุ่มนิเทศ")
    expect(page.get_by_role("button", name="จ่ายอีกครั้ง")).to_have_count(0)
    page.get_by_role("button", name="กลุ่มนิเทศ").click()
    page.goto("/")
    expect(page.get_by_role("link", name="ถูกส่งคืน", exact=True)).to_be_visible()
    screen.book.desk.set_copies(MALI, one, ("plan",), now=screen.now)
    desk.move(MALI, one, Step.ROUTED, group="plan", now=screen.now)
    found = screen.book.letters.by_id(MALI, one)
    assert found is not None
    assert (found.group, found.copies) == ("plan", ()), "who leads gets no copy besides"
