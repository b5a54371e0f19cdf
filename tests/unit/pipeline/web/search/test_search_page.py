"""The search page narrows, counts, completes, keeps and prints, and shows nobody more than she may see."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from classify.letter import Secrecy, Urgency
from index.book import Book
from index.register.store.audit import VIEWED
from index.visibility import Role, Viewer
from pipeline.indexer import Indexer
from pipeline.office import Office
from pipeline.rules_in_force import RulesInForce
from pipeline.web.app import make_app
from pipeline.web.site.viewer import who_looks
from tests.keeping import CLERK, NOW, OFFICER, REGISTRAR, file_one, hand_on, make_filing

HERE = "http://127.0.0.1:8470"
ADMINISTRATOR = Viewer("ผู้ดูแล", frozenset({Role.ADMINISTRATOR}))


@dataclass
class Browser:
    """Asks as whoever looks at the moment."""

    app: FastAPI
    viewer: Viewer = CLERK

    def get(self, address: str) -> str:
        return unescape(self.ask("GET", address).text)

    def post(self, address: str, **fields: str) -> httpx.Response:
        return self.ask("POST", address, fields)

    def ask(
        self, method: str, address: str, fields: dict[str, str] | None = None
    ) -> httpx.Response:
        async def ask() -> httpx.Response:
            door = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=door, base_url=HERE) as client:
                return await client.request(method, address, data=fields, headers={"origin": HERE})

        return asyncio.run(ask())


@pytest.fixture
def office_with_letters(office: Office, book: Book) -> Office:
    file_one(
        book, 1, make_filing(subject="ตรวจสอบพัสดุประจำปี", group="plan", written=date(2026, 1, 5))
    )
    file_one(
        book,
        2,
        make_filing(
            subject="จำหน่ายพัสดุชำรุด",
            group="hr",
            sender="กรมบัญชีกลาง",
            written=date(2026, 1, 9),
            urgency=Urgency.URGENT,
        ),
    )
    file_one(
        book,
        3,
        make_filing(
            subject="ตรวจสอบพัสดุลับเฉพาะ",
            group="legal",
            sender="สำนักงานปราบปรามสมมุติ",
            secrecy=Secrecy.SECRET,
        ),
    )
    hand_on(book, 1, 2)
    indexer = Indexer(office.search_index, "tantivy", book, {})
    indexer.step()
    indexer.close()
    return office


@pytest.fixture
def page(office_with_letters: Office, book: Book) -> Iterator[Browser]:
    rules = RulesInForce(office_with_letters.rules, office_with_letters.kept_rules)
    app = make_app(office_with_letters, book, rules=rules)
    browser = Browser(app)
    app.dependency_overrides[who_looks] = lambda: browser.viewer
    yield browser
    app.state.site.finder.close()


def test_facets_count_and_their_links_narrow_and_widen(page: Browser) -> None:
    text = page.get("/search?q=พัสดุ")
    assert "พบ ๒ ฉบับ" in text
    assert "/search?q=%E0%B8%9E%E0%B8%B1%E0%B8%AA%E0%B8%94%E0%B8%B8&group=hr" in text
    narrowed = page.get("/search?q=พัสดุ&group=hr&kind=external")
    assert "จำหน่าย" in narrowed
    assert "ตรวจสอบพัสดุ" not in narrowed
    assert 'aria-current="true"' in narrowed
    assert "จำหน่าย" in page.get("/search?urgency=ด่วน")
    assert "ไม่พบหนังสือ" in page.get("/search?q=พัสดุ&year=2568")
    assert "ตรวจสอบพัสดุ" in page.get("/search?q=พัสดุ&to=2026-01-06")


def test_sorts(page: Browser) -> None:
    newest, oldest = page.get("/search?q=พัสดุ&sort=newest"), page.get("/search?q=พัสดุ&sort=oldest")
    assert newest.index("จำหน่าย") < newest.index("ตรวจสอบพัสดุ")
    assert oldest.index("ตรวจสอบพัสดุ") < oldest.index("จำหน่าย")
    assert "พบ ๒ ฉบับ" in page.get("/search?q=พัสดุ&sort=nonsense")
    assert "อ่านวันที่ “nonsense” ไม่ได้" in page.get("/search?q=พัสดุ&from=nonsense")


def test_completes_likens_suggests_and_prints(page: Browser) -> None:
    assert page.get("/search/complete?sender=บัญชี") == "<option value='กรมบัญชีกลาง'></option>"
    assert "ตรวจสอบพัสดุประจำปี" in page.get("/search/complete?q=ตรวจ")
    assert page.get("/search/complete?q=") == ""
    assert "จำหน่ายพัสดุ" in page.get("/search/like/1/2569")
    printed = page.get("/search/print?q=พัสดุ")
    assert "<table" in printed
    assert "กรมบัญชีกลาง" in printed
    assert "(หนังสือลับ)" not in printed


def test_what_is_only_near_is_said_on_the_page_in_print_and_to_programs(page: Browser) -> None:
    near = "ไม่พบหนังสือที่ตรงกับคำค้น"
    for address in ("/search", "/search/print"):
        assert near in page.get(f"{address}?q=จำหน่ายพัศดุชำรุค")
        assert near not in page.get(f"{address}?q=จำหน่ายพัสดุชำรุด")
    text = page.get("/search?q=จำหน่ายพัศดุชำรุค")
    assert "ใกล้เคียง ๑ ฉบับ" in text
    assert "จำหน่ายพัสดุชำรุด</a> หรือไม่" in text
    assert '"near":true' in page.get("/api/search?q=จำหน่ายพัศดุชำรุค").replace(" ", "")


def test_signs_alone_are_said_to_ask_for_nothing(page: Browser) -> None:
    for typed in ("%25", "*", "😀"):
        assert "ยังไม่ได้ระบุสิ่งที่จะค้นหา" in page.get(f"/search?q={typed}")


def test_what_clerks_type_is_understood_in_the_box(page: Browser) -> None:
    checked, sold = "ตรวจสอบพัสดุประจำปี</a>", "จำหน่ายพัสดุชำรุด</a>"
    for typed, shown in (
        ("rylf6", {checked, sold}),  # พัสดุ in the other layout
        ("ก่อน 9 ม.ค. 2569 พัสดุ", {checked}),
        ("ตั้งแต่ 9 ม.ค. 2569", {sold}),
        ("ม.ค. 69 ชำรุด", {sold}),
        ("ผู้ส่ง:บัญชีกลาง", {sold}),
        ("ประจำปี หรือ ชำรุด", {checked, sold}),
        ('"พัสดุชำรุด"', {sold}),
        ("พัส ดุ ชำ รุด", {sold}),
        ("พัสดุชำรุ", {sold}),
    ):
        text = page.get(f"/search?q={quote(typed)}")
        assert {one for one in (checked, sold) if one in text} == shown, typed


def test_an_office_adds_abbreviations_while_it_runs(
    page: Browser, office_with_letters: Office
) -> None:
    assert "จำหน่ายพัสดุชำรุด" not in page.get("/search?q=จพช.")
    own = office_with_letters.rules / "abbreviations.toml"
    own.write_text('[[abbreviation]]\nshort = "จพช."\nlong = ["จำหน่ายพัสดุชำรุด"]\n', encoding="utf-8")
    assert "จำหน่ายพัสดุชำรุด" in page.get("/search?q=จพช.")
    own.write_text("[[abbreviation]", encoding="utf-8")  # broken: what was in force stays
    assert "จำหน่ายพัสดุชำรุด" in page.get("/search?q=จพช.")


def test_a_search_is_saved_opened_and_deleted(page: Browser, book: Book) -> None:
    page.viewer = OFFICER
    answer = page.post(
        "/search/saved",
        name="พัสดุปีนี้",
        wanted=f"q={quote('พัสดุ')}&year=2569&evil=1",
        shared_with="plan",
    )
    assert answer.status_code == 303
    (saved,) = book.saved_searches.seen_by(OFFICER)
    assert saved.wanted == {"q": "พัสดุ", "year": "2569"}
    assert answer.headers["location"] in page.get("/search").replace("&amp;", "&")
    page.viewer = CLERK
    assert "พัสดุปีนี้" not in page.get("/search")
    assert page.post(f"/search/saved/{saved.id}/delete").status_code == 404
    page.viewer = OFFICER
    assert page.post(f"/search/saved/{saved.id}/delete").status_code == 303
    assert "พัสดุปีนี้" not in page.get("/search")
    assert page.post("/search/saved", name=" ", wanted="q=x").status_code == 422


ADDRESSES = (
    "/search?q=พัสดุ",
    "/search?q=ตรวจสอบ",
    "/search?sender=สมมุติ",
    "/search?q=3/2569",
    "/search?q=-งบ",
    "/search?group=legal",
    "/search?q=กลุ่ม:legal",
    "/search?q=ลับ",
    "/search?from=2020-01-01",
    "/search?year=2569",
    "/search?q=พัสดุ&sort=register",
    "/search?q=พัสดู",
    "/search?q=ตรวจสอบพัศดุ",
    "/search/print?q=พัสดุ",
    "/search/print",
    "/search/complete?q=ตรวจสอบพัสดุ",
    "/search/complete?sender=ปราบ",
    "/search/like/1/2569",
    "/search/like/2/2569",
    "/search/like/3/2569",
)


@pytest.mark.parametrize(
    "viewer", [CLERK, OFFICER, REGISTRAR, ADMINISTRATOR], ids=lambda one: one.name
)
def test_a_secret_letter_is_on_no_page_of_the_search(page: Browser, viewer: Viewer) -> None:
    page.viewer = viewer
    for address in ADDRESSES:
        text = page.get(address)
        if viewer is REGISTRAR and address == "/search/like/3/2569":
            continue  # she may open the letter, whose name then stands above the list
        assert "ลับเฉพาะ" not in text, address
        assert "ปราบปราม" not in text, address
        assert "พบ ๓" not in text, address
    assert page.ask("GET", "/letters/3/2569/small.jpg").status_code == 404


def test_a_picture_among_hits_is_no_opening_of_the_letter(page: Browser, book: Book) -> None:
    page.ask("GET", "/letters/1/2569/small.jpg")
    assert not [one for one in book.audit.newest(letter_id=1) if one.action == VIEWED]
    page.ask("GET", "/search/like/1/2569")
    assert [one for one in book.audit.newest(letter_id=1) if one.action == VIEWED]


def test_a_letter_that_turned_secret_a_moment_ago_is_hidden_at_once(
    page: Browser, book: Book
) -> None:
    book.desk.correct(REGISTRAR, 1, "secrecy", "ลับ", now=NOW)  # and the index is behind
    assert "ตรวจสอบพัสดุ" not in page.get("/search?q=พัสดุ")
    assert "ตรวจสอบพัสดุ" not in page.get("/search/print?q=พัสดุ")


def test_a_group_officer_finds_counts_and_completes_only_letters_of_the_group(
    page: Browser,
) -> None:
    page.viewer = OFFICER
    text = page.get("/search?q=พัสดุ")
    assert "พบ ๑ ฉบับ" in text
    assert "จำหน่าย" not in text
    assert page.get("/search/complete?sender=บัญชี") == ""
    assert "จำหน่าย" not in page.get("/search/like/1/2569")
    assert "จำหน่าย" not in page.get("/search?q=จำหนาย")
    page.viewer = ADMINISTRATOR
    assert "ไม่พบหนังสือ" in page.get("/search?q=พัสดุ")


def test_a_saved_search_of_hers_finds_no_more_than_she_may_see(page: Browser, book: Book) -> None:
    saved = book.saved_searches.save(OFFICER, "ทุกอย่าง", {"year": "2569"}, now=NOW)
    page.viewer = OFFICER
    text = page.get("/search?" + "&".join(f"{key}={value}" for key, value in saved.wanted.items()))
    assert "ตรวจสอบพัสดุประจำปี" in text
    assert "จำหน่าย" not in text
    assert "ลับเฉพาะ" not in text


def test_a_broken_index_is_said_and_breaks_no_page(
    page: Browser, office_with_letters: Office
) -> None:
    (office_with_letters.search_index / "active").write_text("v99")
    for address in ("/search?q=พัสดุ", "/search/print?q=พัสดุ", "/search/like/1/2569"):
        assert "ดัชนีค้นหาใช้ไม่ได้" in page.get(address)
    assert page.get("/search/complete?q=พัสดุ") == ""
