"""The page gives the forms as PDF to look at and XLSX to keep, to whom each is meant for."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import httpx
import pdfplumber
import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from classify import install_default_rules
from classify.letter import Secrecy
from index.book import Book
from index.retention.loans import Borrower, Standing
from index.visibility import SECRET_PLACEHOLDER, Role, Viewer
from pipeline.indexer import Indexer
from pipeline.office import create_office, open_book
from pipeline.rules_in_force import RulesInForce
from pipeline.web.app import make_app
from pipeline.web.site.viewer import who_looks
from tests.keeping import ADMINISTRATOR, CLERK, NOW, file_one, make_filing
from tests.retaining import JANUARY, KEEPER, LAW, keep_finished
from tests.visiting import Browser

MEMBER = Viewer("กรรมการ", frozenset({Role.COMMITTEE_MEMBER}))
Ask = Callable[[str, Viewer], httpx.Response]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Book, FastAPI, str]]:
    office = create_office(tmp_path_factory.mktemp("forms") / "office")
    install_default_rules(office.rules)
    with open_book(office) as opened:
        retention = opened.retention(LAW)
        file_one(opened, "a", make_filing(subject="<b>เรื่อง</b> =1+1"))
        file_one(opened, "b", make_filing(subject="ผลการสอบสวน", secrecy=Secrecy.SECRET))
        due = keep_finished(opened, retention, "c", subject="ครบกำหนด")
        retention.loans.lend(
            KEEPER,
            1,
            Borrower("วิชัย", "กลุ่มแผน", Standing.INSIDE),
            permitted_by="ผู้อำนวยการ",
            due_on=date(2026, 2, 1),
            now=NOW,
        )
        batch = retention.batches.propose(KEEPER, [due], now=JANUARY)
        indexer = Indexer(office.search_index, office.settings.search.engine, opened, {})
        indexer.step()
        indexer.close()
        app = make_app(
            office, opened, rules=RulesInForce(office.rules, office.kept_rules), clock=lambda: NOW
        )
        yield opened, app, batch.batch_id
        app.state.site.finder.close()


@pytest.fixture
def ask(book: tuple[Book, FastAPI, str]) -> Ask:
    _, app, _ = book

    def get(address: str, viewer: Viewer) -> httpx.Response:
        app.dependency_overrides[who_looks] = lambda: viewer
        return Browser(app).get(address)

    return get


def words(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/pdf"
    with pdfplumber.open(io.BytesIO(answer.content)) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


def test_the_days_book_is_a_pdf_shown_in_the_browser_and_kept_by_nobody(ask: Ask) -> None:
    answer = ask("/forms/13.pdf?day=2026-01-15", CLERK)
    shown = words(answer)
    assert "วันที่ ๑๕ เดือน มกราคม พ.ศ. ๒๕๖๙" in shown
    assert "<b>เรื่อง</b>" in shown
    assert SECRET_PLACEHOLDER in shown
    assert "สอบสวน" not in shown
    assert answer.headers["content-disposition"].startswith("inline")
    assert "no-store" in answer.headers["cache-control"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_same_book_is_a_workbook_to_save(ask: Ask) -> None:
    answer = ask("/forms/13.xlsx?month=2569-01", CLERK)
    assert answer.headers["content-disposition"] == 'attachment; filename="form-13.xlsx"'
    page = load_workbook(io.BytesIO(answer.content)).active
    assert page is not None
    cells = [str(cell) for row in page.iter_rows(values_only=True) for cell in row]
    assert "<b>เรื่อง</b> =1+1" in cells
    assert not any("สอบสวน" in cell for cell in cells)


def test_today_is_a_day_too(ask: Ask) -> None:
    assert "วันที่ ๑๕ เดือน มกราคม พ.ศ. ๒๕๖๙" in words(ask("/forms/13.pdf?day=today", CLERK))
    assert 'href="/forms/13.pdf?day=today"' in ask("/", CLERK).text


def test_what_a_search_finds_is_a_list_without_the_secret(ask: Ask) -> None:
    shown = words(ask("/forms/found.pdf?q=ครบกำหนด", CLERK))
    assert "คำค้น ครบกำหนด" in shown
    assert "๓/๒๕๖๙" in shown
    assert "๑/๒๕๖๙" not in shown
    assert "๒/๒๕๖๙" not in words(ask("/forms/found.pdf?q=ผลการสอบสวน", CLERK))
    kept = ask("/forms/found.xlsx?q=ครบกำหนด", CLERK)
    page = load_workbook(io.BytesIO(kept.content)).active
    assert isinstance(page, Worksheet)
    assert page["F5"].value == "ครบกำหนด"
    assert ask("/forms/found.pdf?q=x", ADMINISTRATOR).status_code == 403


def test_the_addresses_that_the_pages_of_retention_name_lead_to_their_forms(
    ask: Ask, book: tuple[Book, FastAPI, str]
) -> None:
    _, _, batch_id = book
    assert "ครบกำหนด" in words(ask(f"/forms/25/{batch_id}.pdf", KEEPER))
    assert "วิชัย" in words(ask("/forms/24/1/2569.pdf", KEEPER))
    assert ask("/forms/25/none.pdf", KEEPER).status_code == 404
    assert ask(f"/forms/certificate/{batch_id}.pdf", KEEPER).status_code == 404
    assert ask("/forms/21/none.pdf", KEEPER).status_code == 404


@pytest.mark.parametrize(
    ("address", "viewer", "status"),
    [
        ("/forms/13.pdf?day=2026-01-15", ADMINISTRATOR, 403),
        ("/forms/25/x.pdf", ADMINISTRATOR, 403),
        ("/forms/20.pdf", MEMBER, 403),
        ("/forms/certificate/x.pdf", ADMINISTRATOR, 403),
        ("/forms/99.pdf", CLERK, 404),
        ("/forms/12.pdf", CLERK, 404),
        ("/forms/13.exe", CLERK, 404),
        ("/forms/labels.xlsx", KEEPER, 404),
        ("/forms/13.pdf", CLERK, 422),
        ("/forms/13.pdf?day=yesterday", CLERK, 422),
        ("/forms/14.pdf?day=2026-01-15&book=nothing", CLERK, 422),
        ("/forms/24.pdf?letter=x", KEEPER, 422),
    ],
)
def test_who_may_not_and_what_is_not_there_is_answered_with_a_page(
    address: str, viewer: Viewer, status: int, ask: Ask
) -> None:
    answer = ask(address, viewer)
    assert answer.status_code == status
    assert "<h1>" in answer.text


def test_everybody_is_offered_what_is_meant_for_them(ask: Ask) -> None:
    clerk = ask("/forms", CLERK).text
    assert 'formaction="/forms/13.xlsx"' in clerk
    assert "/forms/separator.pdf" in clerk
    assert 'value="๑๕ ม.ค. ๒๕๖๙"' in clerk
    member = ask("/forms", MEMBER).text
    assert "บัญชีหนังสือขอทำลาย" in member
    assert "/forms/13.pdf" not in member
    assert "ทะเบียนหนังสือรับ" not in ask("/forms", ADMINISTRATOR).text.split("<main")[1]


def test_labels_and_the_separator_are_pdfs(ask: Ask) -> None:
    assert "แผ่นคั่นหนังสือ" in words(ask("/forms/separator.pdf", CLERK))
    assert ask("/forms/labels.pdf", KEEPER).content.startswith(b"%PDF")


def test_a_broken_table_of_the_office_is_said_and_not_guessed(
    ask: Ask, book: tuple[Book, FastAPI, str]
) -> None:
    _, app, _ = book
    own = Path(app.state.site.office.rules) / "forms.toml"
    own.write_text("[[form", "utf-8")
    try:
        answer = ask("/forms/13.pdf?day=2026-01-15", CLERK)
    finally:
        own.unlink()
    assert answer.status_code == 503
    assert "แบบพิมพ์ใช้ไม่ได้" in answer.text


def test_what_is_given_out_stands_in_the_trail(ask: Ask, book: tuple[Book, FastAPI, str]) -> None:
    opened, _, batch = book
    before = opened.audit.head.sequence
    ask("/forms/13.pdf?day=today", CLERK)
    ask("/forms/14.xlsx?month=2569-01&book=order", CLERK)
    ask(f"/forms/25/{batch}.pdf", KEEPER)
    ask("/forms/found.xlsx?q=เรื่อง", CLERK)
    ask("/forms/13.pdf?day=never", CLERK)  # nothing was given out
    ask("/forms/13.pdf?day=today", ADMINISTRATOR)
    lines = opened.audit.entries(after=before)
    day = NOW.date().isoformat()
    assert {line.action for line in lines} == {"form_printed"}
    assert [(line.who, line.details) for line in lines] == [
        (CLERK.name, {"form": "13", "made": "pdf", "period": f"{day}/{day}"}),
        (
            CLERK.name,
            {"form": "14", "made": "xlsx", "period": "2026-01-01/2026-01-31", "book": "order"},
        ),
        (KEEPER.name, {"form": "25", "made": "pdf", "code": batch}),
        (CLERK.name, {"form": "found", "made": "xlsx", "letters": 1}),
    ]
    auditor = Viewer("ผู้ตรวจ", frozenset({Role.AUDITOR}))
    assert "2026-01-01/2026-01-31" in ask("/audit", auditor).text
