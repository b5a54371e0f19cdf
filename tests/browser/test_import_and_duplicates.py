"""Letters of another system come in with its list; one that comes by paper too is one letter with two copies."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from classify import install_default_rules, load_rules
from index.archive import Archive
from index.choices import BookName
from index.visibility import Role, Viewer
from pipeline.carry import Workbench
from pipeline.importing.profiles import Profiles
from pipeline.intake import Intake
from pipeline.office import create_office, open_book, open_office
from pipeline.worker import LetterErrand, work
from tests import scans
from tests.browser.test_page import FAINT, take_picture
from tests.keeping import NOW
from tests.screens import Screen, watched
from tests.unit.pipeline.conftest import SETTINGS, ToldEngine

pytestmark = [pytest.mark.browser]
CLERK = Viewer("มาลี", frozenset({Role.REGISTRY_CLERK}))
PROFILE = "ระบบรับส่งของเรา"
NUMBERS = {"one.pdf": "ศธ ๐๔๐๐๖/๑๒๗๔", "two.pdf": "ศธ ๐๔๐๐๖/๑๓๐๕"}
LIST = (
    "เลขหนังสือ;หัวข้อ;วันเดือนปี;หน่วย;แฟ้ม\n"
    "ศธ 04006/1274;การจัดสรรงบประมาณ งบลงทุน;15 ม.ค. 2569;สำนักงานเขตพื้นที่การศึกษาประถมศึกษาสมมติ เขต 1;one.pdf\n"
    "ศธ 04006/1305;ขอเชิญประชุมผู้บริหาร;16 ม.ค. 2569;สำนักงานเขตพื้นที่การศึกษาประถมศึกษาสมมติ เขต 1;two.pdf\n"
).encode("cp874")
COLUMNS = {
    "number": "เลขหนังสือ",
    "subject": "หัวข้อ",
    "date": "วันเดือนปี",
    "sender": "หน่วย",
    "file": "แฟ้ม",
}


def memo(number: str) -> tuple[str, ...]:
    """What stands on a page; the told engine reads it."""
    return (
        "บันทึกข้อความ",
        "ส่วนราชการ สำนักงานเขตพื้นที่การศึกษาประถมศึกษาสมมติ เขต ๑",
        f"ที่ {number} วันที่ ๑๕ มกราคม ๒๕๖๙",
        "เรื่อง การจัดสรรงบประมาณ งบลงทุน",
        "เรียน ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา",
    )


@dataclass(slots=True)
class Registry:
    """A screen, and the worker behind it that reads when the test says so."""

    screen: Screen
    intake: Intake
    bench: Workbench
    engine: ToldEngine

    @property
    def inbox(self) -> Path:
        return self.screen.office.root / "inbox"

    def read_all(self) -> list[str]:
        """Take in what lies at the doors and read it; return what became of each."""
        office, done = self.screen.office, []
        while self.intake.sweep():
            pass
        while (job := self.bench.book.jobs.take("test", 60, NOW)) is not None:
            self.engine.lines = memo(NUMBERS.get(job.name, NUMBERS["one.pdf"]))
            done.append(work(LetterErrand(job), self.bench, office.quarantine, 3).state.value)
        return done


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    made = create_office(tmp_path_factory.mktemp("importing"))
    install_default_rules(made.rules)
    (made.root / "saraban.toml").write_text(SETTINGS, "utf-8")
    office, engine, rules = open_office(made.root), ToldEngine(), load_rules()
    with open_book(office) as book:
        archive = Archive(office.archive)
        bench = Workbench(
            book, archive, office, lambda: rules, office.settings.review, lambda: NOW, engine
        )
        intake = Intake(
            office,
            book,
            archive,
            identity="test",
            clock=lambda: datetime.now(UTC).astimezone(office.zone),
        )
        screen = Screen(office, book, NOW, CLERK)
        with screen.serving():
            yield Registry(screen, intake, bench, engine)


@pytest.fixture
def page(browser: Browser, registry: Registry) -> Iterator[Page]:
    yield from watched(browser, registry.screen.address, width=1360, height=1000)


@pytest.fixture(scope="module")
def handed_over(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The ZIP and the list as another system exports them."""
    folder = tmp_path_factory.mktemp("download")
    with zipfile.ZipFile(folder / "letters.zip", "w") as bundle:
        for name in NUMBERS:
            bundle.write(scans.write_pdf(folder / name, name), name)
    (folder / "list.csv").write_bytes(LIST)
    return folder / "letters.zip", folder / "list.csv"


def hand_over(page: Page, handed_over: tuple[Path, Path]) -> None:
    bundle, letters = handed_over
    page.goto("/import")
    page.get_by_label("ไฟล์หนังสือ (ZIP)").set_input_files(bundle)
    page.get_by_label("บัญชีหนังสือ").set_input_files(letters)
    page.get_by_label("รูปแบบของระบบ").fill(PROFILE)
    page.get_by_role("button", name="ดูก่อนนำเข้า").click()


@pytest.fixture(scope="module")
def imported(
    browser: Browser, registry: Registry, handed_over: tuple[Path, Path]
) -> Iterator[Registry]:
    """The import itself: columns chosen by hand, looked at, confirmed, followed until all is read."""
    for page in watched(browser, registry.screen.address, width=1360, height=1000):
        hand_over(page, handed_over)
        expect(page.get_by_role("heading", name="ดูก่อนนำเข้า")).to_be_visible()
        for field, column in COLUMNS.items():
            page.locator(f"#column-{field}").select_option(column)
        page.get_by_role("button", name="ดูใหม่ตามคอลัมน์นี้").click()
        rows = page.locator(".sheet.wide").first.locator("tbody tr")
        expect(rows.nth(1)).to_contain_text("ศธ ๐๔๐๐๖/๑๓๐๕")
        expect(rows.nth(1)).to_contain_text("๑๖ ม.ค. ๒๕๖๙")
        expect(rows.nth(1)).to_contain_text("ประถมศึกษาสมมติ")
        expect(page.locator(".counts")).to_contain_text("๒รับเข้าใหม่")
        assert page.evaluate(FAINT) == []
        take_picture(page, "import.png")
        page.get_by_role("button", name="นำเข้า", exact=True).click()
        expect(page.locator("#progress")).to_contain_text("๒รออ่าน")
        assert registry.read_all() == ["filed", "filed"]
        expect(page.locator("#progress")).to_contain_text("๒ลงทะเบียนแล้ว")  # nobody reloaded
    yield registry


def test_a_list_comes_in_by_columns_that_are_kept_and_again_adds_nothing(
    page: Page, imported: Registry, handed_over: tuple[Path, Path]
) -> None:
    kept = Profiles(imported.screen.office).find(PROFILE, tuple(COLUMNS.values()))
    assert COLUMNS.items() <= kept.columns.items()
    hand_over(page, handed_over)
    expect(page.locator("#column-sender")).to_have_value("หน่วย")  # chosen once
    expect(page.locator(".counts")).to_contain_text("๒มีในทะเบียนแล้ว ไม่รับซ้ำ")
    expect(page.get_by_role("button", name="นำเข้า", exact=True)).to_have_count(0)
    page.goto("/letters/2/2569")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate(FAINT) == []


def test_the_same_letter_by_paper_is_joined_as_a_second_copy_and_the_join_taken_back(
    page: Page, imported: Registry
) -> None:
    scans.write_pdf(imported.inbox / "by paper.pdf", "by paper")
    imported.read_all()
    page.goto("/duplicates")
    pair = page.locator(".pair")
    expect(pair).to_have_count(1)
    expect(pair).to_contain_text("ที่ วันที่ และผู้ส่งตรงกัน")
    expect(pair).to_contain_text("ยังไม่ออกเลขให้ชุดหลัง")
    for picture in pair.locator("img").all():
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 0
    assert page.evaluate(FAINT) == []
    take_picture(page, "duplicates.png")
    pair.get_by_role("button", name="ฉบับเดียวกัน").click()
    expect(page.get_by_text("ไม่มีคู่ที่รอวินิจฉัย")).to_be_visible()
    page.goto("/letters/1/2569")
    copy = page.locator(".same-letter")
    expect(copy).to_contain_text("มีสำเนาอีกชุด")
    address = str(copy.get_by_role("link", name="เปิดดู").get_attribute("href"))
    assert page.request.get(address).headers["content-type"] == "application/pdf"
    copy.get_by_role("button", name="ยกเลิกการรวม").click()
    expect(page.locator(".pair")).to_have_count(1)
    numbers = imported.screen.book.numbers
    assert len(numbers.run(BookName.RECEIVE, 2569)) == 2
    audit = numbers.audit(BookName.RECEIVE, 2569)
    assert (audit.gaps, audit.doubles, audit.cancelled) == ((), (), ())


def test_photographed_pages_go_in_as_one_letter_and_its_number_comes_by_itself(
    browser: Browser, registry: Registry, tmp_path: Path
) -> None:
    shots = [tmp_path / f"{place}.jpg" for place in (1, 2, 3)]
    for place, shot in enumerate(shots):
        Image.new("RGB", (300, 400), (250, 250 - 40 * place, 250)).save(shot)
    for phone in watched(browser, registry.screen.address, width=390, height=844):
        phone.goto("/upload")
        camera = phone.get_by_label("ถ่ายภาพทีละหน้า")
        assert camera.get_attribute("capture") == "environment"
        for place, shot in enumerate(shots, start=1):
            camera.set_input_files(shot)
            expect(phone.locator("#shots li")).to_have_count(place)
        phone.get_by_role("button", name="นำออก หน้า 2").click()
        expect(phone.locator("#shots li")).to_have_count(2)
        assert phone.evaluate(FAINT) == []
        assert not phone.evaluate("document.documentElement.scrollWidth > innerWidth")
        take_picture(phone, "phone-camera.png")
        phone.context.set_offline(True)
        phone.get_by_role("button", name="ส่งไฟล์").click()
        expect(phone.locator("#waits")).to_be_visible()
        phone.context.set_offline(False)  # and it is sent by itself
        said = phone.locator(".answers")
        expect(said).to_contain_text("กำลังอ่าน")
        (pdf,) = (registry.screen.office.root / "handed-in" / "upload").glob("*.pdf")
        with pypdfium2.PdfDocument(pdf) as made:
            colours = [page.render().to_pil().convert("RGB").getpixel((9, 9)) for page in made]
        greens = [round(one[1], -1) for one in colours]
        assert greens == [250, 170], "in their order, without the one taken out"
        NUMBERS[pdf.name] = "ศธ ๐๔๐๐๖/๑๙๙๙"
        assert registry.read_all() == ["filed"]
        expect(said.get_by_role("link")).to_have_attribute(
            "href", re.compile(r"/letters/\d+/\d+"), timeout=30_000
        )
