"""The machine's page is the administrator's; anybody learns whether it is well; figures stay on the machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from index.book import Book
from index.errors import BookUnavailableError
from pipeline.office import Office
from pipeline.rules_in_force import RulesInForce
from pipeline.web.app import make_app
from tests.keeping import NOW, file_one, make_scan
from tests.visiting import Browser, visiting


@pytest.fixture
def browser(office: Office, book: Book) -> Iterator[Browser]:
    with visiting(office, book) as visitor:
        yield visitor


def stranger(office: Office, book: Book, client: str = "127.0.0.1", hours: int = 0) -> TestClient:
    """A program without a log-in; `client` is the address it asks from."""
    app = make_app(
        office,
        book,
        rules=RulesInForce(office.rules, office.kept_rules),
        clock=lambda: NOW + timedelta(hours=hours),
    )
    return TestClient(app, base_url="http://localhost", client=(client, 5000))


def test_the_administrator_sees_what_the_machine_does(browser: Browser, book: Book) -> None:
    file_one(book)
    browser.log_in("administrator")
    page = browser.get("/machine")
    assert page.status_code == 200
    assert "เครื่องกำลังทำอะไร" in page.text
    assert "การประชุมผู้บริหาร" not in page.text


def test_nobody_else_does(browser: Browser) -> None:
    browser.log_in("clerk")
    assert browser.get("/machine").status_code == 403


def test_anybody_may_ask_whether_it_is_well_and_learns_nothing_else(
    office: Office, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.jobs.record_arrival(make_scan("waits"))
    well = stranger(office, book, "192.0.2.7").get("/healthz")
    assert (well.status_code, well.text) == (200, "ok\n")
    still = stranger(office, book, "192.0.2.7", hours=2).get("/healthz")
    assert (still.status_code, still.text) == (503, "not ok\n")

    def fail(*_: object) -> None:
        raise BookUnavailableError("the book", "locked")

    monkeypatch.setattr(Book, "pace", fail)
    broken = stranger(office, book).get("/healthz")
    assert (broken.status_code, broken.text) == (503, "not ok\n")


def test_figures_are_for_this_machine_only(office: Office, book: Book) -> None:
    file_one(book)
    here = stranger(office, book).get("/metrics")
    assert here.status_code == 200
    assert here.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'saraban_files{state="filed"} 1' in here.text
    assert stranger(office, book, "192.0.2.7").get("/metrics").status_code == 404
    for name in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        asked = stranger(office, book).get("/metrics", headers={name: "192.0.2.7"})
        assert asked.status_code == 404, name
