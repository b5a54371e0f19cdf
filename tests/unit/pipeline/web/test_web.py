"""The page shows what its viewer may see, escapes what a scan says, and loads nothing from outside."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from classify.letter import Secrecy, Urgency
from index.book import Book
from pipeline.carry import Workbench
from pipeline.indexer import Indexer
from pipeline.intake import Intake
from pipeline.office import Office
from pipeline.page_pictures import PagePictures
from pipeline.rules_in_force import RulesInForce
from pipeline.viewers import PROGRAM
from pipeline.web.app import make_app
from pipeline.web.site.viewer import who_looks
from tests import scans
from tests.keeping import CLERK, DOUBTFUL_NUMBER, file_one, make_filing
from tests.unit.pipeline.conftest import ToldEngine
from tests.unit.pipeline.test_worker import claim, work_one

HERE = "http://127.0.0.1:8470"
HOSTILE = '<script>alert("x")</script> & "เงิน"'


@dataclass(frozen=True, slots=True)
class Browser:
    """Asks the application as a browser on this machine would."""

    app: FastAPI

    def get(self, address: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self._ask("GET", address, headers)

    def post(self, address: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self._ask("POST", address, headers)

    def _ask(self, method: str, address: str, headers: dict[str, str] | None) -> httpx.Response:
        async def ask() -> httpx.Response:
            door = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=door, base_url=HERE) as client:
                return await client.request(method, address, headers=headers)

        return asyncio.run(ask())


@pytest.fixture
def page(office: Office, book: Book) -> Iterator[Browser]:
    """A browser on the office's page."""
    rules = RulesInForce(office.rules, office.kept_rules)
    app = make_app(office, book, rules=rules)
    app.dependency_overrides[who_looks] = lambda: CLERK
    yield Browser(app)
    app.state.site.finder.close()


def index_all(office: Office, book: Book) -> None:
    indexer = Indexer(office.search_index, "tantivy", book, {})
    indexer.step()
    indexer.close()


def test_an_empty_office_says_what_to_do(page: Browser) -> None:
    answer = page.get("/")
    assert answer.status_code == 200
    assert "ยังไม่มีหนังสือ" in answer.text
    assert "inbox" in answer.text


def test_the_list_shows_number_group_reason_and_what_to_check(page: Browser, book: Book) -> None:
    file_one(book, 1, make_filing(urgency=Urgency.MOST_URGENT, review=(DOUBTFUL_NUMBER,)))
    text = page.get("/").text
    for expected in ("๑/๒๕๖๙", "ศธ ๐๔๐๐๑/ว ๑๒๓", "ด่วนที่สุด", "กลุ่มอำนวยการ", "เพราะ ประชุม", "ตรวจ ที่"):
        assert expected in text, expected


def test_the_most_urgent_is_first_and_the_whole_register_newest_first(
    page: Browser, book: Book
) -> None:
    file_one(book, 1, make_filing(subject="เรื่องด่วน", urgency=Urgency.MOST_URGENT))
    file_one(book, 2, make_filing(subject="เรื่องธรรมดา"))
    newest, urgent = page.get("/?show=all").text, page.get("/").text
    assert newest.index("เรื่องธรรมดา") < newest.index("เรื่องด่วน")
    assert urgent.index("เรื่องด่วน") < urgent.index("เรื่องธรรมดา")


def test_the_list_can_be_narrowed_to_a_group_and_turned_over(page: Browser, book: Book) -> None:
    for key in range(31):
        file_one(book, key, make_filing(subject=f"เรื่องที่ {key}.", group="plan"))
    assert "เรื่องที่ 0." not in page.get("/?show=all").text
    assert "เรื่องที่ 0." in page.get("/?show=all&page=2").text
    assert "เรื่องที่" not in page.get("/?group=hr").text


def test_new_letters_come_by_themselves_and_nothing_is_sent_when_nothing_changed(
    page: Browser, book: Book
) -> None:
    ask = re.search(r'hx-get="(?!/search/complete)([^"]+)"', page.get("/").text)
    assert ask is not None
    address = ask[1].replace("&amp;", "&")
    assert page.get(address).status_code == 204
    file_one(book, 1, make_filing(subject="เรื่องใหม่"))
    answer = page.get(address)
    assert answer.status_code == 200
    assert "เรื่องใหม่" in answer.text
    assert "<html" not in answer.text


def test_what_a_scan_says_is_text_and_never_html(page: Browser, book: Book, office: Office) -> None:
    filing = make_filing(subject=HOSTILE, sender=HOSTILE, text=HOSTILE)
    file_one(book, 1, filing)
    index_all(office, book)
    for address in ("/", "/search?q=เงิน", f"/search?q={HOSTILE}"):
        text = page.get(address).text
        assert "<script>alert" not in text, address
    assert "&lt;script&gt;" in page.get("/").text


def test_a_secret_letter_is_a_number_and_nothing_else(
    page: Browser, book: Book, office: Office
) -> None:
    secret = make_filing(subject="ผลการสอบสวน", sender="หน่วยลับ", secrecy=Secrecy.SECRET)
    file_one(book, 1, secret)
    index_all(office, book)
    text = page.get("/?show=all").text
    assert "(หนังสือลับ)" in text
    assert "๑/๒๕๖๙" in text
    assert "๑/๒๕๖๙" not in page.get("/").text, "it waits for the registrar, not for the clerk"
    searched = page.get("/search?q=ผลการสอบสวน").text
    assert "หน่วยลับ" not in text + searched
    assert "ผลการสอบสวน" not in text
    assert "พบ" not in searched.split("</form>")[-1].split("ไม่พบ")[0]
    for address in ("", "/pages/1.jpg", "/searchable.pdf", "/original"):
        assert page.get(f"/letters/1/2569{address}").status_code == 404


def test_what_is_not_there_answers_like_what_may_not_be_seen(page: Browser, book: Book) -> None:
    file_one(book, 1, make_filing(secrecy=Secrecy.SECRET))
    secret, missing = page.get("/letters/1/2569"), page.get("/letters/2/2569")
    assert (secret.status_code, secret.text) == (missing.status_code, missing.text)


@pytest.mark.parametrize(
    ("address", "said"),
    [("/search?q=" + "a" * 401, "พิมพ์ได้ไม่เกิน ๔๐๐ ตัวอักษร"), ("/?page=0", "เลขหน้าเริ่มจาก ๑")],
)
def test_what_is_wrong_with_an_address_is_said(page: Browser, address: str, said: str) -> None:
    answer = page.get(address)
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize("address", ["/letters/x/y", "/nothing", "/letters/1/2569"])
def test_wrong_addresses_give_a_page_in_thai(page: Browser, address: str) -> None:
    answer = page.get(address)
    assert answer.status_code == 404
    assert "ไม่พบหน้านี้" in answer.text


def test_one_letter_shows_its_fields_evidence_page_and_files(
    page: Browser, intake: Intake, book: Book, bench: Workbench, office: Office
) -> None:
    scan = scans.write_png(office.root / "inbox" / "ชื่อไฟล์.png", "one")
    content = scan.read_bytes()
    claim(intake)
    work_one(book, bench, office)
    text = page.get("/letters/1/2569").text
    assert "ศธ ๐๔๐๐๖/๑๒๗๔" in text
    assert "๑๕ ม.ค. ๒๕๖๙" in text
    assert "จัดสรรงบประมาณ" in text
    assert re.search(r'class="evidence on-number[^"]*"><rect x="\d+" y="\d+"', text)
    picture = page.get("/letters/1/2569/pages/1.jpg")
    assert picture.content.startswith(b"\xff\xd8")
    assert page.get("/letters/1/2569/pages/2.jpg").status_code == 404
    assert page.get("/letters/1/2569/searchable.pdf").content.startswith(b"%PDF")
    original = page.get("/letters/1/2569/original")
    assert original.content == content
    assert original.headers["content-disposition"].startswith("attachment")
    assert "ชื่อ" not in original.headers["content-disposition"]
    assert list(office.pictures.glob("*.jpg")), "drawn once, then kept"


def test_a_doubtful_field_is_shown_beside_its_piece_of_the_page(
    page: Browser, intake: Intake, book: Book, bench: Workbench, office: Office
) -> None:
    assert isinstance(bench.engine, ToldEngine)
    bench.engine.confidence = 0.7
    scans.write_png(office.root / "inbox" / "a.png", "one")
    claim(intake)
    work_one(book, bench, office)
    subject = page.get("/letters/1/2569").text.split('id="field-subject"')[1].split("</div>")[0]
    assert "โปรดตรวจ" in subject
    assert re.search(r'class="crop" viewBox="\d+ \d+ \d+ \d+"', subject)


def test_pictures_of_secret_letters_are_not_kept(office: Office, tmp_path: Path) -> None:
    pdf = scans.write_pdf(tmp_path / "a.pdf")
    pictures = PagePictures(office.pictures)
    assert pictures.get(pdf, 1, secret=True).jpeg
    assert not office.pictures.exists()
    assert pictures.get(pdf, 1, secret=False) == pictures.get(pdf, 1, secret=False)
    with pytest.raises(IndexError):
        pictures.get(pdf, 2, secret=False)
    pictures.forget("a")
    assert list(office.pictures.iterdir()) == []


def test_search_finds_and_marks(page: Browser, book: Book, office: Office) -> None:
    file_one(book, 1, make_filing(subject="การจัดสรรงบประมาณ", text="ขอแจ้งการจัดสรรงบประมาณ"))
    index_all(office, book)
    text = page.get("/search?q=งบประมาณ").text
    assert "พบ ๑ ฉบับ" in text
    assert "<mark>งบประมาณ</mark>" in text
    assert "ไม่พบหนังสือ" in page.get("/search?q=งบประมาณ&group=hr").text
    assert "ไม่พบหนังสือ" in page.get("/search?q=งบประมาณ&from=2030-01-01").text
    assert "พบ ๑ ฉบับ" in page.get("/search?q=งบประมาณ&to=2030-01-01").text


def test_search_without_a_usable_index_says_so(page: Browser, office: Office) -> None:
    (office.search_index / "v1").mkdir(parents=True)
    answer = page.get("/search?q=x")
    assert answer.status_code == 200
    assert "saraban index rebuild" in answer.text


def test_quarantine_shows_the_reason_and_tries_again(
    page: Browser, intake: Intake, book: Book, office: Office
) -> None:
    (office.root / "inbox" / "ความลับ.pdf").touch()
    claim(intake)
    text = page.get("/quarantine").text
    assert "ไฟล์ว่างเปล่า" in text
    assert "the file is empty" not in text.lower(), "on a Thai page Thai words"
    assert "ความลับ" not in text
    action = re.search(r'action="([^"]+)"', text.split("<main")[1])
    assert action is not None
    own = {"origin": HERE}
    assert page.post(action[1], headers=own).status_code == 303
    assert book.quarantine.held(PROGRAM) == ()
    assert page.post(action[1], headers=own).status_code == 404


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null"])
def test_a_form_from_elsewhere_is_refused(page: Browser, origin: str | None) -> None:
    headers = {} if origin is None else {"origin": origin}
    assert page.post("/quarantine/1/retry", headers=headers).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_a_foreign_name_is_refused(page: Browser, host: str) -> None:
    assert page.get("/", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("address", ["/", "/quarantine", "/nothing", "/static/saraban.css"])
def test_every_answer_forbids_scripts_and_frames_from_elsewhere(
    page: Browser, address: str
) -> None:
    headers = page.get(address).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_nothing_is_loaded_from_outside_and_no_script_is_in_the_page(
    page: Browser, book: Book
) -> None:
    file_one(book, 1)
    for address in ("/", "/search", "/quarantine"):
        text = page.get(address).text
        assert not re.search(r'(src|href|action)="(https?:)?//', text)
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", text)
        for asset in re.findall(r'(?:src|href)="(/static/[^"]+)"', text):
            assert page.get(asset).status_code == 200, asset
    css = page.get("/static/saraban.css").text
    for asset in re.findall(r'url\("([^"]+)"\)', css):
        assert page.get(asset).status_code == 200, asset


def test_fonts_other_than_ours_are_not_served(page: Browser) -> None:
    assert page.get("/static/fonts/..%2FLICENSE").status_code == 404


def test_refused_rules_are_shown_to_whoever_works(page: Browser, office: Office) -> None:
    page.get("/")
    groups = office.rules / "groups.toml"
    groups.write_text(groups.read_text("utf-8") + "\n[[grop]]\n", "utf-8")
    assert "groups.toml" in page.get("/").text
