"""The machine's page is the administrator's; anybody learns whether it is well; figures stay on the machine."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from index.book import Book
from index.errors import BookUnavailableError
from pipeline.backup.errors import NoBackupThereError
from pipeline.backup.last import note_failed
from pipeline.office import Office
from pipeline.rules_in_force import RulesInForce
from pipeline.web.app import make_app
from pipeline.web.site.language import COOKIE
from tests.keeping import NOW, file_one, make_scan
from tests.visiting import Browser, visiting


@pytest.fixture
def browser(office: Office, book: Book) -> Iterator[Browser]:
    with visiting(office, book) as visitor:
        yield visitor


def ask(
    site: tuple[Office, Book],
    path: str,
    *,
    asker: str = "127.0.0.1",
    hours: int = 0,
    sent_on: str = "",
) -> httpx.Response:
    """Ask as a program without a log-in does, from the address `asker`, so many hours from `NOW`."""
    office, book = site
    app = make_app(
        office,
        book,
        rules=RulesInForce(office.rules, office.kept_rules),
        clock=lambda: NOW + timedelta(hours=hours),
    )

    async def go() -> httpx.Response:
        door = httpx.ASGITransport(app, client=(asker, 5000))
        async with httpx.AsyncClient(transport=door, base_url="http://localhost") as client:
            return await client.get(path, headers={sent_on: "192.0.2.7"} if sent_on else {})

    try:
        return asyncio.run(go())
    finally:
        app.state.site.finder.close()


def test_the_administrator_sees_what_the_machine_does(browser: Browser, book: Book) -> None:
    file_one(book)
    browser.log_in("administrator")
    page = browser.get("/machine")
    assert page.status_code == 200
    assert "การทำงานของเครื่อง" in page.text
    assert "การประชุมผู้บริหาร" not in page.text


def test_why_the_last_backup_failed_is_told_in_the_page_s_language(
    browser: Browser, office: Office
) -> None:
    away = NoBackupThereError("/mnt/kept")
    note_failed(office, NOW, str(away), away.thai)
    browser.log_in("administrator")
    assert away.thai in browser.get("/machine").text
    assert str(away) not in browser.get("/machine").text
    browser.cookies.set(COOKIE, "en")
    assert str(away) in browser.get("/machine").text


def test_nobody_else_does(browser: Browser) -> None:
    browser.log_in("registry_clerk")
    assert browser.get("/machine").status_code == 403


def test_anybody_may_ask_whether_it_is_well_and_learns_nothing_else(
    office: Office, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.jobs.record_arrival(make_scan("waits"))
    well = ask((office, book), "/healthz", asker="192.0.2.7")
    assert (well.status_code, well.text) == (200, "ok\n")
    still = ask((office, book), "/healthz", asker="192.0.2.7", hours=2)
    assert (still.status_code, still.text) == (503, "not ok\n")

    def fail(*_: object) -> None:
        raise BookUnavailableError("the book", "locked")

    monkeypatch.setattr(Book, "pace", fail)
    broken = ask((office, book), "/healthz")
    assert (broken.status_code, broken.text) == (503, "not ok\n")


def test_figures_are_for_this_machine_only(office: Office, book: Book) -> None:
    file_one(book)
    here = ask((office, book), "/metrics")
    assert here.status_code == 200
    assert here.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'saraban_files{state="filed"} 1' in here.text
    assert ask((office, book), "/metrics", asker="192.0.2.7").status_code == 404
    for name in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        asked = ask((office, book), "/metrics", sent_on=name)
        assert asked.status_code == 404, name


def test_an_alarm_stands_on_the_desk_until_it_is_over(
    browser: Browser, office: Office, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.log_in("registry_clerk")
    assert "ดิสก์เหลือที่ว่าง" not in browser.get("/").text
    full = shutil._ntuple_diskusage(1000, 950, 50)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _path: full)
        assert "ดิสก์เหลือที่ว่างร้อยละ 5.0" in browser.get("/").text
    assert "ดิสก์เหลือที่ว่าง" not in browser.get("/").text
