"""The pages of retention show what was sent beside what was received, each by its book."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.archive import Archive
from index.book import Book
from index.choices import BookName
from index.retention.unclosed import OpenFilter
from pipeline.office import Office
from tests.destroying import (
    EXECUTOR,
    MARCH,
    STATEMENT,
    MadeCopies,
    approve,
    keep_sent_with_files,
    keep_with_files,
)
from tests.keeping import CLERK, make_draft, send_one
from tests.retaining import JANUARY, KEEPER, LAW
from tests.screens import Screen
from tests.unit.pipeline.web.retention.test_retention_pages import OFFICER, Visit

ORDER = "/retention/letters/1/2569?book=order"


@pytest.fixture
def visit(office: Office, book: Book) -> Iterator[Visit]:
    screen = Screen(office, book, JANUARY, KEEPER)
    app = screen.app()
    yield Visit(screen, app)
    app.state.site.finder.close()


def test_what_was_sent_is_closed_held_lent_and_stored_on_the_pages(
    visit: Visit, book: Book
) -> None:
    """An order without a class is closed in bulk with the class the rules propose, and kept like any letter."""
    send_one(book, make_draft(subject="<b>แต่งตั้งกรรมการ"), to=BookName.ORDER)
    page = visit.get("/retention/open?which=sent").text
    assert "คำสั่ง ๑/๒๕๖๙" in page
    assert "&lt;b&gt;แต่งตั้ง" in page
    assert visit.post("/retention/open", letter=["-1"], day="own").status_code == 303
    retention = book.retention(LAW)
    assert retention.unclosed.page(KEEPER, OpenFilter(), limit=9) == ((), 0)
    kept = retention.records.paper(KEEPER, -1, JANUARY.date())
    assert kept.facts.retention_class in LAW.classes
    changes = book.sent.changes(CLERK, 1)
    assert [(one.field, one.new) for one in changes] == [
        ("retention_class", kept.facts.retention_class)
    ]
    assert changes[0].reason
    one = "/retention/letters/1/2569"
    hold = visit.post(f"{one}/hold?book=order", kind="legal", reason="คดี")
    assert hold.headers["location"] == ORDER
    assert "คำสั่ง ๑/๒๕๖๙" in visit.get("/retention/holds").text
    lend = {"person": "ก", "unit": "ข", "permitted_by": "ผอ.", "due_on": "2038-01-20"}
    lent = visit.post(f"{one}/loan?book=order", **lend, standing="agency")
    assert lent.headers["location"] == ORDER
    assert "คำสั่ง ๑/๒๕๖๙" in visit.get("/retention/loans").text
    assert ORDER in visit.get("/calendar?year=2581").text
    assert visit.post("/retention/store", letter=["-1"], file_code="ค ๑").status_code == 303
    assert "ค ๑" in visit.get(ORDER).text
    card = visit.get("/forms/24/1/2569.pdf?book=order")
    assert card.content.startswith(b"%PDF")
    shorter = visit.post(
        f"{one}/class?book=order", **{"class": "R01"}, reason="สั้น", confirmed="yes"
    )
    assert f"{one}/class?book=order" in shorter.text, "asked about, and posted to the same paper"
    for address in (ORDER.replace("order", "send"), ORDER.replace("order", "x"), one):
        assert visit.get(address).status_code in (404, 422)
    assert visit.get(ORDER, OFFICER).status_code == 403


def test_the_page_of_a_destroyed_sent_letter_is_its_tombstone(
    visit: Visit, office: Office, book: Book
) -> None:
    """Its line, its end and its certificate are shown; its copies are not, and nothing can be added."""
    retention, archive = book.retention(LAW), Archive(office.archive)
    letter = keep_sent_with_files(book, retention, archive, office.root, "x")
    received = keep_with_files(book, retention, archive, office.root, "r")
    batch_id = approve(retention, [letter, received])
    assert "หนังสือส่ง ๑/๒๕๖๙" in visit.get(f"/retention/batches/{batch_id}").text
    for kind in ("pdf", "xlsx"):
        assert visit.get(f"/forms/25/{batch_id}.{kind}").status_code == 200
    retention.destruction.execute(
        EXECUTOR, batch_id, STATEMENT, archive=archive, copies=MadeCopies(), now=MARCH
    )
    page = visit.get("/sent/send/1/2569").text
    assert "ทำลายแล้ว" in page
    assert f"ท {batch_id}".translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")) in page
    assert "/files/1" not in page
    assert visit.get("/sent/send/1/2569/files/1").status_code == 404
    assert visit.post("/sent/send/1/2569/recipients", CLERK, others="ใคร").status_code == 410
