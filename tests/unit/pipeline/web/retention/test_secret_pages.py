"""The registrar keeps and destroys secret letters on pages of her own; for everybody else there is nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from classify.letter import Secrecy
from index.archive import Archive
from index.book import Book
from index.visibility import Role, Viewer
from pipeline.office import Office
from pipeline.rules_in_force import RulesInForce
from pipeline.web.app import make_app
from pipeline.web.site.viewer import who_looks
from tests.destroying import MARCH, keep_with_files
from tests.keeping import CLERK, REGISTRAR
from tests.retaining import JANUARY, KEEPER, LAW

HERE = "http://127.0.0.1:8470"
BATCH = "/secret/batches/S2581-1"
ASSISTANT = Viewer("ผู้ช่วยนายทะเบียน", frozenset({Role.SECRET_REGISTRAR}))
ADMINISTRATOR = Viewer("root", frozenset({Role.ADMINISTRATOR}))
EVERYBODY = Viewer("ทุกหน้าที่", frozenset(Role) - {Role.SECRET_REGISTRAR})
SUBJECT = "การประชุมผู้บริหารสถานศึกษา"


@dataclass(slots=True)
class Desk:
    """Asks the page as somebody, at some time."""

    app: FastAPI
    now: datetime = JANUARY
    viewer: Viewer = REGISTRAR

    def ask(
        self, method: str, address: str, fields: dict[str, str | list[str]] | None = None
    ) -> httpx.Response:
        self.app.dependency_overrides[who_looks] = lambda: self.viewer
        self.app.state.site = replace(self.app.state.site, clock=lambda: self.now)

        async def ask() -> httpx.Response:
            door = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=door, base_url=HERE) as client:
                origin = {"origin": HERE}
                return await client.request(method, address, data=fields, headers=origin)

        return asyncio.run(ask())

    def post(self, address: str, **fields: str | list[str]) -> httpx.Response:
        return self.ask("POST", address, fields)

    def step(self, **fields: str | list[str]) -> None:
        answer = self.post(f"{BATCH}/step", **fields)
        assert answer.status_code == 303, answer.text


@pytest.fixture
def desk(office: Office, book: Book, tmp_path: Path) -> Iterator[Desk]:
    """Letters 1 and 2 are secret and due, 3 is not secret."""
    retention, archive = book.retention(LAW), Archive(office.archive)
    for key in (1, 2):
        keep_with_files(book, retention, archive, tmp_path, key, secrecy=Secrecy.SECRET)
    keep_with_files(book, retention, archive, tmp_path, 3)
    app = make_app(office, book, rules=RulesInForce(office.rules, office.kept_rules))
    yield Desk(app)
    app.state.site.finder.close()


def go_to_the_archives(desk: Desk) -> None:
    assert desk.post("/secret/batches", letter=["1", "2"]).status_code == 303
    desk.now = MARCH
    people = {"person-0": "ประธาน", "person-1": "อนันต์", "person-2": "บุษบา"}
    grades = {f"grade-{place}": "ชำนาญการ" for place in range(4)}
    desk.step(order_number="ลับ ๑/๒๕๘๑", on="2038-01-20", **people, **grades)
    desk.step(letter=["1"], until="2590", on="2038-02-01")
    desk.step(person="ผู้อำนวยการ", delegation_order="คำสั่งที่ ๕/๒๕๖๙", on="2038-02-03")
    desk.step(number="ลับ ศธ ๐๔๐๔๙/๙๙", on="2038-02-04")
    desk.step(letter=["1"], number="ลับ วธ ๑", on="2038-03-01")


def test_the_registrar_takes_a_batch_of_secret_letters_to_its_certificate(
    desk: Desk, book: Book
) -> None:
    go_to_the_archives(desk)
    desk.viewer = ASSISTANT
    said: dict[str, str | list[str]] = {
        "witness": "พยาน",
        "paper": "destroyed",
        "method": "เผา",
        "place": "ลานหลังสำนักงาน",
        "paper_on": "2038-03-14",
        "backups_gone": "2038-09-30",
        "electronic_order": "คำสั่งที่ ๙",
    }
    refused = desk.post(f"{BATCH}/execution", again="2581-1", **said)
    assert (refused.status_code, "อีกครั้ง" in refused.text) == (409, True)
    assert desk.post(f"{BATCH}/execution", again="S2581-1", **said).status_code == 303
    page = desk.ask("GET", BATCH).text
    assert "ท S๒๕๘๑-๑" in page
    assert desk.ask("GET", f"{BATCH}/certificate.pdf").content.startswith(b"%PDF")
    gone = book.letters.by_id(REGISTRAR, 1)
    kept = book.letters.by_id(REGISTRAR, 2)
    assert gone is not None
    assert kept is not None
    assert (gone.text, bool(kept.text)) == ("", True)
    assert "ทำลาย" in desk.ask("GET", "/secret?year=2569").text
    assert book.verify() == ()


@pytest.mark.parametrize("viewer", [CLERK, KEEPER, ADMINISTRATOR, EVERYBODY])
def test_nobody_else_sees_or_does_anything_of_it(desk: Desk, viewer: Viewer) -> None:
    go_to_the_archives(desk)
    desk.viewer = viewer
    for address in ("/secret", BATCH, f"{BATCH}/certificate.pdf"):
        assert desk.ask("GET", address).status_code == 403, address
    for address in ("/secret/batches", f"{BATCH}/step", f"{BATCH}/execution"):
        assert desk.post(address, letter=["1"]).status_code == 403, address
    for address in ("/retention/batches", "/retention/batches/S2581-1", "/calendar", "/"):
        assert "S๒๕๘๑" not in desk.ask("GET", address).text, address


def test_the_registers_show_subjects_to_the_registrar_and_the_view_is_noted(
    desk: Desk, book: Book
) -> None:
    page = desk.ask("GET", "/secret?year=2569").text
    assert page.count(SUBJECT) >= 2
    assert "๓/๒๕๖๙" not in page
    assert "ยังไม่ได้ตรวจสอบ" in page
    assert book.audit.entries(limit=1000)[-1].action == "secret_registers"


def test_an_ordinary_letter_or_a_missing_day_is_refused(desk: Desk) -> None:
    assert desk.post("/secret/batches", letter=["3"]).status_code == 404
    refused = desk.post("/secret/batches")
    assert (refused.status_code, "ข้อ ๖๖" in refused.text) == (409, True)
    desk.post("/secret/batches", letter=["1"])
    refused = desk.post(f"{BATCH}/step", order_number="๑")
    assert (refused.status_code, "ข้อ ๖๗" in refused.text) == (409, True)


def test_a_row_of_the_law_is_confirmed_on_its_page_by_who_is_logged_in(
    desk: Desk, office: Office
) -> None:
    desk.viewer = KEEPER
    said = {"source": "ราชกิจจานุเบกษา เล่ม 100", "on": "2038-01-05"}
    assert "ยืนยันว่าตรวจแล้ว" in desk.ask("GET", "/retention/law").text
    assert desk.post("/retention/law/R10", **said).status_code == 303
    assert KEEPER.name in desk.ask("GET", "/retention/law").text
    assert desk.post("/retention/law/R99", **said).status_code == 409
    desk.viewer = CLERK
    assert desk.post("/retention/law/R05", **said).status_code == 403
    assert 'code = "R05"' not in (office.rules / "law.toml").read_text("utf-8")
