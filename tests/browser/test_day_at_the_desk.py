"""What people stumbled over in a day stays mended: each action is named and taken back alone, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from classify import install_default_rules
from index.choices import Step
from index.register.people.people import Person
from index.register.received.parts import Piece, Rest
from index.registered_letter import RegisterNumber
from index.visibility import Role, Viewer
from pipeline.office import create_office, open_book
from pipeline.thai_form import thai_digits
from tests.browser.test_desk import Typist, put_in_book
from tests.browser.test_page import FAINT
from tests.keeping import NOW
from tests.screens import Screen

pytestmark = [pytest.mark.browser]
MALI = Viewer("mali", frozenset({Role.REGISTRY_CLERK}))
WICHAI = Viewer("wichai", frozenset({Role.GROUP_OFFICER}), frozenset({"plan"}))
PEOPLE = (
    Person("mali", "นางมาลี ใจดี", MALI.roles, frozenset()),
    Person("wichai", "นายวิชัย ตั้งใจ", WICHAI.roles, WICHAI.groups),
    Person("suda", "นางสุดา ตรวจสอบ", frozenset({Role.AUDITOR}), frozenset()),
)
ADMIN = Viewer("admin", frozenset({Role.ADMINISTRATOR}))
KEEPER = Viewer("keeper", frozenset({Role.RECORDS_OFFICER}))


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


@pytest.fixture(autouse=True)
def _the_clerk_sits_there(screen: Screen) -> None:
    screen.viewer, screen.now = MALI, screen.now + timedelta(hours=1)


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


def with_group(screen: Screen, subject: str) -> tuple[str, int]:
    """Put a letter into the book and hand it to the group `plan`; return its number and id."""
    number = put_in_book(screen, subject)
    one = id_of(screen, number)
    screen.book.desk.move(MALI, one, Step.ROUTED, group="plan", now=screen.now)
    return number, one


def step_of(screen: Screen, one: int) -> str:
    found = screen.book.letters.by_id(MALI, one)
    assert found is not None
    return found.step


def test_the_bar_names_what_was_done_last_and_takes_back_that_alone(
    page: Page, screen: Screen
) -> None:
    ids = [with_group(screen, f"ฉบับที่ {place} ของวัน") for place in (1, 2, 3)]
    screen.viewer = WICHAI
    bar = page.locator(".undo")
    for number, one in ids:
        screen.now += timedelta(minutes=1)
        page.goto(f"/letters/{number}")
        if one == ids[2][1]:
            page.get_by_text("ส่งคืนธุรการ", exact=True).click()
            page.get_by_label("เหตุผล", exact=True).fill("ไม่ใช่งานของกลุ่ม")
            page.get_by_role("button", name="ส่งคืน", exact=True).click()
        else:
            page.get_by_role("button", name="รับเรื่อง").click()
            expect(bar).to_contain_text(f"รับเรื่อง เลขรับ {thai_digits(number)}")
        if one == ids[1][1]:
            page.goto("/group")
            Typist(page).press("u")
            expect(page.get_by_role("link", name="ฉบับที่ 2 ของวัน")).to_be_visible()  # waits again
    assert [step_of(screen, one) for _, one in ids] == ["taken", "routed", "returned"]
    page.goto("/group")
    expect(page.locator("#desk")).to_be_visible()
    expect(bar).to_have_count(
        0
    )  # the one sent back is out of reach, and no other is offered for it


def test_several_are_taken_back_whole_and_asking_for_the_page_again_repeats_nothing(
    page: Page, screen: Screen
) -> None:
    ids = [id_of(screen, put_in_book(screen, f"หลายฉบับ {place}")) for place in range(2)]
    for list_of, button, viewer, before, after in (
        ("/", "จ่าย", MALI, "", "routed"),
        ("/group", "รับเรื่อง", WICHAI, "routed", "taken"),
    ):
        screen.viewer, screen.now = viewer, screen.now + timedelta(minutes=1)
        page.goto(list_of)
        act = page.locator("#bulk").get_by_role("button", name=button, exact=True)
        act.click()
        expect(page.get_by_role("status")).to_contain_text("โปรดทำเครื่องหมายหน้าหนังสือก่อน")
        page.goto(page.url)  # as who opens the address of the form again
        expect(page.locator("#bulk")).to_be_attached()
        for row in page.locator("tbody tr").filter(has_text="หลายฉบับ").all():
            row.get_by_role("checkbox").check()
        if list_of == "/":
            page.get_by_label("จ่ายให้").select_option(label="กลุ่มนโยบายและแผน")
        act.click()
        expect(page.get_by_role("status")).to_contain_text("สำเร็จ ๒ ฉบับ")
        done = [screen.book.desk.history(MALI, one) for one in ids]
        page.reload()
        assert [screen.book.desk.history(MALI, one) for one in ids] == done
        expect(page.locator(".undo")).to_contain_text("๒ ฉบับ")
        Typist(page).press("u")
        expect(page.get_by_role("status")).to_contain_text("ยกเลิกรายการก่อนหน้า: สำเร็จ ๒ ฉบับ")
        assert [step_of(screen, one) for one in ids] == [before, before]
        for one in ids if not before else ():
            screen.book.desk.move(MALI, one, Step.ROUTED, group="plan", now=screen.now)
        assert after in {move.step for move in screen.book.desk.history(MALI, ids[0])} or before


def test_a_join_is_taken_back_by_itself_and_never_what_was_done_before_it(
    page: Page, screen: Screen
) -> None:
    _, moved = with_group(screen, "จ่ายก่อนรวม")
    stays, goes = (put_in_book(screen, f"{which}") for which in ("ฉบับที่คงอยู่", "สิ่งที่ส่งมาด้วย"))
    screen.now += timedelta(minutes=1)
    page.goto(f"/letters/{goes}/join?into={stays}")
    page.get_by_role("button", name="รวมเข้ากับเลขรับ").click()
    page.wait_for_url(f"**/letters/{stays}")
    expect(page.locator(".undo")).to_have_count(0)  # nothing of before is offered instead
    kin = page.locator(".kin")
    expect(kin).to_contain_text(f"รวมมาจาก เลขรับ {thai_digits(goes)}")
    kin.get_by_role("button", name="ยกเลิกการรวม").click()
    expect(kin).to_have_count(0)
    assert step_of(screen, moved) == "routed"
    page.goto(f"/letters/{goes}")
    expect(page.get_by_role("button", name="แล้วเปิดฉบับถัดไป")).to_be_visible()


def test_the_trail_names_people_and_a_small_picture_is_no_opening(
    page: Page, screen: Screen
) -> None:
    number = put_in_book(screen, "ดูภาพเล็กในผลค้นหา")
    assert page.request.get(f"/letters/{number}/small.jpg").status == 200
    opened = put_in_book(screen, "เปิดดูจริง")
    page.goto(f"/letters/{opened}")
    screen.viewer = Viewer("suda", frozenset({Role.AUDITOR}))
    page.goto("/audit")
    page.get_by_role("combobox", name="ผู้ใช้").fill("นางมาลี ใจดี")
    page.get_by_label("การดำเนินการ").select_option(label="เปิดดู")
    page.get_by_role("button", name="วันนี้").click()
    page.get_by_role("button", name="แสดง", exact=True).click()
    lines = page.locator("table.audit tbody tr")
    expect(lines.first).to_contain_text(thai_digits(opened))
    expect(lines.filter(has_text=thai_digits(number))).to_have_count(0)
    assert {"นางมาลี ใจดี"} == set(lines.locator("td:nth-child(3)").all_inner_texts())
    page.get_by_role("button", name="เมื่อวาน").click()
    page.get_by_role("button", name="แสดง", exact=True).click()
    expect(page.get_by_text("ไม่มีบันทึก")).to_be_visible()


def test_what_two_people_did_meanwhile_stands_side_by_side_and_is_done_once(
    page: Page, screen: Screen
) -> None:
    number = put_in_book(screen, "เรื่องที่สองคนแก้")
    one = id_of(screen, number)
    page.goto(f"/letters/{number}")
    other = Viewer("wichai", MALI.roles)
    screen.book.desk.check(other, one, {"subject": "ที่อีกคนแก้ไว้"}, now=screen.now)
    field = page.locator("#field-subject")
    field.get_by_text("แก้ไข").click()
    field.get_by_role("textbox", name="เรื่อง").fill("ที่มาลีพิมพ์")
    field.get_by_role("button", name="บันทึก").click()
    both = page.locator(".both")
    expect(both).to_contain_text("ที่อีกคนแก้ไว้")
    expect(both).to_contain_text("ที่มาลีพิมพ์")
    page.goto(f"/letters/{number}")
    screen.book.desk.move(other, one, Step.ROUTED, group="hr", now=screen.now)
    page.get_by_role("button", name="แล้วเปิดฉบับถัดไป").click()
    said = page.get_by_role("alert")
    expect(said).to_contain_text("นายวิชัย ตั้งใจ จ่ายให้ กลุ่มบริหารงานบุคคล ก่อนแล้วเมื่อ")
    assert [move.group for move in screen.book.desk.history(MALI, one)] == ["hr"]


def test_the_way_back_draws_no_second_number_and_a_letter_to_nobody_is_asked_about(
    page: Page, screen: Screen
) -> None:
    page.goto("/sent/new")
    page.get_by_label("เรื่อง", exact=True).fill("ขอส่งรายงาน")
    page.get_by_label("กลุ่มเจ้าของเรื่อง").select_option(label="กลุ่มนโยบายและแผน")
    draw = page.get_by_role("button", name="ออกเลข")
    draw.click()
    expect(page.get_by_role("alert")).to_contain_text("ผู้รับ")
    assert screen.book.sent.page(MALI).total == 0
    page.get_by_label("ผู้รับอื่น").fill("สำนักงานศึกษาธิการจังหวัดตัวอย่าง")
    draw.click()
    expect(page.locator(".the-number")).to_be_visible()
    page.goto("/sent/new")  # as after the way back: the form is empty, and the same is typed again
    page.get_by_label("กลุ่มเจ้าของเรื่อง").select_option(label="กลุ่มนโยบายและแผน")
    page.get_by_label("เรื่อง", exact=True).fill("ขอส่งรายงาน")
    page.get_by_label("ผู้รับอื่น").fill("สำนักงานศึกษาธิการจังหวัดตัวอย่าง")
    page.get_by_role("button", name="ออกเลข").click()
    expect(page.get_by_role("alert")).to_contain_text("เลขทะเบียน ๑/๒๕๖๙")
    assert screen.book.sent.page(MALI).total == 1


def test_days_that_cannot_be_meant_are_asked_about_in_buddhist_years(
    page: Page, screen: Screen
) -> None:
    number = put_in_book(screen, "วันที่อยู่ข้างหน้า")
    one = id_of(screen, number)
    page.goto(f"/letters/{number}")
    field = page.locator("#field-date")
    field.get_by_text("แก้ไข").click()
    for typed, said in (("31/2/2569", "31/2/2569"), ("2/3/2570", "๒ มีนาคม ๒๕๗๐")):
        field.get_by_label("ลงวันที่", exact=True).fill(typed)
        field.get_by_role("button", name="บันทึก").click()
        expect(field.get_by_role("alert")).to_contain_text(said)
    assert screen.book.desk.corrections_of(MALI, one) == ()
    screen.viewer = KEEPER
    page.goto(f"/retention/letters/{number}")
    finished = page.locator("form[action$='/clock']")
    finished.get_by_role("textbox", name="วันที่").fill("๑ ธ.ค. ๒๕๖๘")
    finished.get_by_role("button", name="บันทึก").click()
    expect(page.get_by_role("alert")).to_contain_text("อยู่ก่อนวันที่ของหนังสือ (๑๕ มกราคม ๒๕๖๙)")


def test_a_password_is_not_replaced_unasked_and_a_wrong_address_says_what_is_wrong(
    page: Page, screen: Screen
) -> None:
    screen.viewer = ADMIN
    page.goto("/people")
    row = page.locator("tbody tr").filter(has_text="wichai")
    row.get_by_role("button", name="รหัสใช้ครั้งเดียว").click()
    expect(page.get_by_role("alert")).to_contain_text("รหัสผ่านเดิมจะใช้ไม่ได้")
    expect(page.locator(".once code")).to_have_count(0)
    page.get_by_role("link", name="ไม่ออก").click()
    page.wait_for_url("**/people")
    screen.viewer = MALI
    page.goto("/search?q=" + "ก" * 401)
    expect(page.locator("main")).to_contain_text("พิมพ์ได้ไม่เกิน ๔๐๐ ตัวอักษร")
    page.goto("/?page=0")
    expect(page.locator("main")).to_contain_text("แสดงตามที่ขอไม่ได้")


def test_a_group_sees_what_a_person_gave_it_not_what_the_program_proposes(
    page: Page, screen: Screen
) -> None:
    number = put_in_book(screen, "เสนอให้กลุ่มแผน")
    screen.viewer = WICHAI
    assert page.request.get(f"/letters/{number}").status == 404
    page.goto("/?show=all")
    expect(page.get_by_role("link", name="เสนอให้กลุ่มแผน")).to_have_count(0)
    screen.viewer = MALI
    page.goto(f"/letters/{number}")
    page.get_by_role("button", name="แล้วเปิดฉบับถัดไป").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("เสนอให้กลุ่มแผน")
    page.goto("/")
    screen.viewer = WICHAI
    page.goto("/?show=all")
    expect(page.get_by_role("link", name="เสนอให้กลุ่มแผน")).to_have_count(1)
    assert page.request.get(f"/letters/{number}").status == 200


def test_a_split_is_taken_back_on_the_page_of_the_letter_that_was_cut(
    page: Page, screen: Screen
) -> None:
    whole, cut = put_in_book(screen, "แฟ้มสองฉบับ", pages=2), put_in_book(screen, "ฉบับที่แยกออก")
    one, other = (id_of(screen, number) for number in (whole, cut))
    letter = screen.book.letters.by_id(MALI, one)
    assert letter is not None
    piece = Piece(screen.book.letters.file_of(MALI, other).sha256, 2, 2)
    rest = Rest(1, screen.book.letters.file_of(MALI, one).searchable_sha256 or "", letter.text)
    screen.book.parts.split(MALI, one, [piece], rest, revision=letter.revision, now=screen.now)
    page.goto(f"/letters/{whole}")
    kin = page.locator(".kin")
    expect(kin).to_contain_text(f"แยกหน้า ๒–๒ ไปเป็น เลขรับ {thai_digits(cut)}")
    kin.get_by_role("link", name="รวมกลับ").click()
    page.get_by_role("button", name="รวมเข้ากับเลขรับ").click()
    page.wait_for_url(f"**/letters/{whole}")
    expect(kin).to_contain_text(f"รวมมาจาก เลขรับ {thai_digits(cut)}")
    kin.get_by_role("button", name="ยกเลิกการรวม").click()
    expect(kin).to_contain_text("แยกหน้า ๒–๒")


def test_a_matter_finished_before_it_was_received_asks_for_a_reason(
    page: Page, screen: Screen
) -> None:
    screen.now += timedelta(days=3)
    number = put_in_book(screen, "เสร็จก่อนรับ")
    screen.viewer = KEEPER
    page.goto(f"/retention/letters/{number}")
    finished = page.locator("form[action$='/clock']")
    finished.get_by_role("textbox", name="วันที่").fill("๑๖ ม.ค. ๒๕๖๙")
    finished.get_by_role("button", name="บันทึก").click()
    expect(page.get_by_role("alert")).to_contain_text("อยู่ก่อนวันรับ")
    finished.get_by_role("textbox", name="วันที่").fill("๑๖ ม.ค. ๒๕๖๙")
    finished.get_by_label("เหตุผล").fill("รับทางโทรศัพท์ก่อน")
    finished.get_by_role("button", name="บันทึก").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("dl.facts")).not_to_contain_text("ยังระบุปีไม่ได้")
