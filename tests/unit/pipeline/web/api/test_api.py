"""Programs read and change what their token's person may, and are told in problem details what went wrong."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from classify.letter import Secrecy, Urgency
from index.archive import Archive, Shelf
from index.book import Book
from index.register.people.people import Person
from index.visibility import SECRET_PLACEHOLDER, Role, Viewer
from pipeline.handed_in import UPLOAD, inner_folder
from pipeline.intake import Intake
from pipeline.office import Office
from pipeline.rules_in_force import RulesInForce
from pipeline.web.app import make_app
from pipeline.web.site.viewer import who_looks
from tests import scans
from tests.keeping import (
    CLERK,
    DOUBTFUL_NUMBER,
    NOW,
    OFFICER,
    REGISTRAR,
    file_one,
    hand_on,
    make_filing,
)
from tests.unit.pipeline.web.test_web import index_all

HERE = "http://127.0.0.1:8470"
TOKEN = {"Authorization": "Bearer made-up"}


@dataclass(frozen=True, slots=True)
class Program:
    """Asks the interface as a program with a token would; without a viewer as a stranger."""

    app: FastAPI

    def as_(self, viewer: Viewer | None) -> Program:
        self.app.dependency_overrides.clear()
        if viewer is not None:
            self.app.dependency_overrides[who_looks] = lambda: viewer
        return self

    def ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        any_state = {"If-Match": "*"} if method == "PATCH" else {}
        headers = {**TOKEN, **any_state, **more.pop("headers", {})}

        async def ask() -> httpx.Response:
            door = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=door, base_url=HERE) as client:
                return await client.request(method, address, headers=headers, **more)

        return asyncio.run(ask())

    def get(self, address: str) -> httpx.Response:
        return self.ask("GET", address)


@pytest.fixture
def program(office: Office, book: Book) -> Iterator[Program]:
    app = make_app(office, book, rules=RulesInForce(office.rules, office.kept_rules))
    yield Program(app).as_(CLERK)
    app.state.site.finder.close()


def operations(program: Program) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Every method and address of the description, filled in, with a body it would take."""
    document = program.get("/openapi.json").json()
    bodies = {"correct": {"field": "subject", "value": "x"}, "route": {"group": "plan"}}
    filled: list[tuple[str, str, Mapping[str, Any]]] = []
    for path, item in document["paths"].items():
        address = path.format(number=1, year=2569, job="a" * 64)
        for method, described in item.items():
            more: dict[str, Any] = {}
            if "requestBody" in described:
                name = described["operationId"].partition("_api_")[0]
                more = {"json": bodies.get(name, {"note": "x"})}
                if name == "add_letter":
                    more = {"content": b"x", "headers": {"content-type": "application/pdf"}}
            filled.append((method.upper(), address, more))
    assert len(filled) >= 15
    return filled


def test_the_description_is_open_to_all_and_names_every_address(program: Program) -> None:
    described = {(method, path) for method, path, _ in operations(program.as_(None))}
    for expected in (
        ("GET", "/api/letters"),
        ("GET", "/api/letters/1/2569"),
        ("GET", "/api/letters/1/2569/text"),
        ("GET", "/api/letters/1/2569/file"),
        ("GET", "/api/letters/1/2569/original"),
        ("POST", "/api/letters"),
        ("PATCH", "/api/letters/1/2569"),
        ("GET", "/api/search"),
        ("POST", "/api/letters/1/2569/route"),
        ("POST", "/api/letters/1/2569/done"),
        ("POST", "/api/letters/1/2569/return"),
        ("GET", "/api/groups"),
        ("GET", "/api/counts"),
        ("GET", "/api/status"),
    ):
        assert expected in described
    assert all(path.startswith("/api/") for _, path in described)


def test_without_a_viewer_every_address_answers_401(program: Program, book: Book) -> None:
    file_one(book)
    for method, address, more in operations(program.as_(None)):
        answer = program.ask(method, address, **more)
        assert answer.status_code == 401, address
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.json()["type"] == "urn:saraban:problem:log-in"
    assert program.get("/api/there/is/no/such").status_code == 401


def test_a_hidden_letter_answers_like_one_that_is_not_there_on_every_address(
    program: Program, book: Book
) -> None:
    file_one(book, 1, make_filing(secrecy=Secrecy.SECRET, subject="ลับสุด"))
    for viewer in (CLERK, OFFICER):
        for method, address, more in operations(program.as_(viewer)):
            if "/1/2569" not in address:
                continue
            hidden = program.ask(method, address, **more)
            absent = program.ask(method, address.replace("/1/", "/2/"), **more)
            assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content)
            assert hidden.status_code in (403, 404)
            assert hidden.headers["content-type"] == "application/problem+json"
    assert program.as_(REGISTRAR).get("/api/letters/1/2569").status_code == 200


def test_a_list_tells_of_a_secret_letter_its_number_and_of_other_groups_nothing(
    program: Program, book: Book
) -> None:
    file_one(book, 1, make_filing(secrecy=Secrecy.SECRET, subject="ลับสุด"))
    file_one(book, 2, make_filing(group="plan", subject="แผน"))
    file_one(book, 3, make_filing(group="hr", subject="คน"))
    rows = program.get("/api/letters").json()["letters"]
    assert [(one["register_number"], one["restricted"]) for one in rows] == [
        ("3/2569", False),
        ("2/2569", False),
        ("1/2569", True),
    ]
    assert rows[2]["subject"] == "(หนังสือลับ)"
    assert rows[2]["number"] == ""
    hand_on(book, 2, 3)
    seen = program.as_(OFFICER).get("/api/letters").json()
    assert [one["subject"] for one in seen["letters"]] == ["แผน"]
    assert seen["total"] == 1


def test_the_list_is_walked_by_cursor_and_narrowed(program: Program, book: Book) -> None:
    for key in range(5):
        group = "plan" if key % 2 else "hr"
        file_one(book, key, make_filing(subject=f"เรื่องที่ {key}.", group=group))
    numbers, cursor = [], ""
    for _ in range(3):
        page = program.get(f"/api/letters?limit=2&cursor={cursor}").json()
        numbers += [one["register_number"] for one in page["letters"]]
        cursor = page["next"]
        file_one(book, f"late {len(numbers)}")  # what comes in meanwhile moves nothing
    assert numbers == [f"{running}/2569" for running in (5, 4, 3, 2, 1)]
    assert cursor is None
    for narrowed, count in (
        ("group=plan", 2),
        ("q=ที่ 3.", 1),
        ("from=2026-01-15&to=2026-01-15", 8),
        ("from=2150-01-16", 0),
        ("to=2026-01-14", 0),
        ("state=needs_review", 0),
    ):
        assert program.get(f"/api/letters?{narrowed}").json()["total"] == count, narrowed


def test_a_letter_comes_with_evidence_and_doubts(program: Program, book: Book) -> None:
    filing = make_filing(urgency=Urgency.MOST_URGENT, review=(DOUBTFUL_NUMBER,))
    file_one(book, 1, filing)
    letter = program.get("/api/letters/1/2569").json()
    number = letter["fields"]["number"]
    assert number["value"] == "ศธ 04001/ว 123"
    assert number["read"]["box"] == [10, 20, 300, 60]
    assert number["doubts"][0]["code"] == "low"
    assert letter["fields"]["date"]["value"] == "2026-01-05"
    assert letter["urgency"] == "ด่วนที่สุด"
    assert program.get("/api/letters/1/2569/text").text == "ข้อความของหนังสือ"


def test_who_marks_a_letter_as_secret_is_answered_redacted_and_its_files_move(
    program: Program, office: Office, book: Book, tmp_path: Path
) -> None:
    archive, scan = Archive(office.archive), scans.write_pdf(tmp_path / "a.pdf")
    kept = archive.keep_searchable(scan, secret=False)
    file_one(book, 1, replace(make_filing(), searchable_sha256=kept.sha256, page_count=1))
    body = {"field": "secrecy", "value": "ลับ"}
    answer = program.ask("PATCH", "/api/letters/1/2569", json=body)
    assert answer.status_code == 200
    told = {name: value for name, value in answer.json().items() if value}
    assert told.keys() <= {"register_number", "received_at", "subject", "restricted", "status"}
    assert told["subject"] == SECRET_PLACEHOLDER
    assert dict(archive.names(Shelf.SEARCHABLE)) == {kept.sha256: True}


def test_correcting_routing_finishing_and_sending_back(program: Program, book: Book) -> None:
    file_one(book, 1, make_filing(review=(DOUBTFUL_NUMBER,)))
    wanted = {"field": "number", "value": "ศธ 04001/ว 9"}
    corrected = program.ask("PATCH", "/api/letters/1/2569", json=wanted)
    assert corrected.json()["number"] == "ศธ 04001/ว 9"
    assert corrected.json()["needs_review"] == []
    routed = program.ask("POST", "/api/letters/1/2569/route", json={"group": "plan"})
    assert routed.json()["group"] == "plan"
    program.as_(OFFICER)
    assert program.ask("POST", "/api/letters/1/2569/done", json={}).status_code == 200
    back = program.ask("POST", "/api/letters/1/2569/return", json={"note": "ไม่ใช่ของกลุ่ม"})
    assert (back.status_code, back.json()["step"]) == (200, "returned")
    steps = [one.step for one in book.desk.history(CLERK, 1)]
    assert steps == ["routed", "done", "returned"]


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("PATCH", "/api/letters/1/2569", {"field": "colour", "value": "x"}),
        ("PATCH", "/api/letters/1/2569", {"field": "date", "value": "yesterday"}),
        ("PATCH", "/api/letters/1/2569", {"field": "date", "value": "2569-01-12"}),
        ("PATCH", "/api/letters/1/2569", {"field": "date", "value": "2150-01-16"}),
        ("PATCH", "/api/letters/1/2569", {"field": "group", "value": "nobody"}),
        ("PATCH", "/api/letters/1/2569", {"field": "date", "value": "", "surprise": 1}),
        ("POST", "/api/letters/1/2569/route", {"group": "nobody"}),
        ("POST", "/api/letters/1/2569/return", {}),
        ("GET", "/api/letters?limit=9999", None),
        ("GET", "/api/letters?grop=plan", None),
        ("GET", "/api/letters?group=nobody", None),
        ("GET", "/api/search?q=x&group=nobody", None),
        ("GET", "/api/status?verbose=1", None),
        ("POST", "/api/letters/1/2569/done?group=plan", {}),
        ("GET", "/api/letters?cursor=x", None),
        ("GET", "/api/letters?from=yesterday", None),
        ("GET", "/api/letters?to=0", None),
        ("GET", "/api/letters?from=2569-01-01", None),
        ("GET", "/api/search?to=0", None),
    ],
)
def test_what_cannot_be_understood_is_422_with_the_place(
    program: Program, book: Book, method: str, address: str, body: object
) -> None:
    file_one(book)
    answer = program.ask(method, address, json=body)
    assert answer.status_code == 422
    assert answer.json()["type"].startswith("urn:saraban:problem:")
    assert answer.json()["detail"]


def test_roles_say_who_may_change(program: Program, book: Book) -> None:
    file_one(book, 1, make_filing(group="plan"))
    auditor = Viewer("a", roles=frozenset({Role.AUDITOR}))
    for viewer, method, address, body in (
        (OFFICER, "PATCH", "/api/letters/1/2569", {"field": "subject", "value": "x"}),
        (OFFICER, "POST", "/api/letters/1/2569/route", {"group": "hr"}),
        (auditor, "POST", "/api/letters/1/2569/done", {}),
    ):
        assert program.as_(viewer).ask(method, address, json=body).status_code == 403
    answer = program.as_(auditor).ask("POST", "/api/letters", content=b"%PDF-", headers=PDF)
    assert answer.status_code == 403


PDF = {"content-type": "application/pdf"}


def test_a_scan_that_is_handed_in_becomes_a_job(
    program: Program, office: Office, intake: Intake, tmp_path: Path
) -> None:
    scan = scans.write_pdf(tmp_path / "scan.pdf").read_bytes()
    answer = program.ask("POST", "/api/letters?name=../../หนังสือ.exe", content=scan, headers=PDF)
    assert answer.status_code == 202
    job = answer.json()
    assert job["id"] == hashlib.sha256(scan).hexdigest()
    assert [one.name for one in inner_folder(office, UPLOAD, secret=False).iterdir()] == [
        ".._.._หนังสือ.pdf".lstrip(".")
    ]
    assert program.get(f"/api/jobs/{job['id']}").json()["state"] == "waiting"
    while intake.sweep():
        pass
    assert program.get(f"/api/jobs/{job['id']}").json()["state"] == "waiting"
    assert program.get(f"/api/jobs/{'b' * 64}").status_code == 404


def test_a_scan_handed_in_as_secret_comes_through_the_secret_door(
    program: Program, book: Book, intake: Intake, tmp_path: Path
) -> None:
    scan = scans.write_pdf(tmp_path / "scan.pdf").read_bytes()
    program.ask("POST", "/api/letters?secret=true", content=scan, headers=PDF)
    while intake.sweep():
        pass
    job = book.jobs.find(hashlib.sha256(scan).hexdigest())
    assert job is not None
    assert job.secret_door
    assert job.door == "upload-secret"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"hello", "application/pdf", 422),
        (b"%PDF-1.4 cut off", "application/pdf", 422),
        (b"<html>", "text/html", 415),
        (b"", "image/png", 422),
    ],
)
def test_what_is_no_whole_scan_is_refused_and_leaves_nothing(
    program: Program, office: Office, body: bytes, kind: str, status: int
) -> None:
    answer = program.ask("POST", "/api/letters", content=body, headers={"content-type": kind})
    assert answer.status_code == status
    assert list(inner_folder(office, UPLOAD, secret=False).iterdir()) == []


def test_bodies_are_limited_whether_their_size_is_told_or_not(program: Program, book: Book) -> None:
    file_one(book)
    large = b'{"field": "subject", "value": "' + b"x" * 100_000 + b'"}'

    async def pieces() -> Any:
        yield large

    for content in (large, pieces()):
        answer = program.ask(
            "PATCH",
            "/api/letters/1/2569",
            content=content,
            headers={"content-type": "application/json"},
        )
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"


def test_search_finds_what_this_viewer_may_open(
    program: Program, book: Book, office: Office
) -> None:
    file_one(book, 1, make_filing(subject="การจัดสรรงบประมาณ", group="plan"))
    file_one(book, 2, make_filing(subject="การจัดสรรงบประมาณ", group="hr"))
    hand_on(book, 1, 2)
    index_all(office, book)
    found = program.get("/api/search?q=งบประมาณ").json()["hits"]
    assert {one["letter"]["register_number"] for one in found} == {"1/2569", "2/2569"}
    found = program.as_(OFFICER).get("/api/search?q=งบประมาณ").json()["hits"]
    assert [one["letter"]["group"] for one in found] == ["plan"]


def test_groups_counts_and_status(program: Program, book: Book) -> None:
    file_one(book, 1, make_filing(group="plan"))
    assert {"code": "plan", "name": "กลุ่มนโยบายและแผน"} in program.get("/api/groups").json()
    counted = program.get("/api/counts").json()
    assert (counted["filed"], counted["by_group"]) == (1, {"plan": 1})
    assert program.get("/api/status").json()["index_behind"] == 1


def test_a_real_token_opens_and_a_revoked_one_does_not(program: Program, book: Book) -> None:
    clerk = Person("malee", "มาลี", CLERK.roles, must_change_password=False)
    book.people.add(clerk, who="test", now=NOW, password="a good long one 1")
    key = book.people.create_token(clerk.looking(), "program", CLERK.roles, now=NOW)
    program.as_(None)
    asked = {"headers": {"Authorization": f"Bearer {key}"}}
    assert program.ask("GET", "/api/letters", **asked).status_code == 200
    (token,) = book.people.tokens(clerk.looking())
    book.people.revoke_token(clerk.looking(), token.token_id, now=NOW)
    assert program.ask("GET", "/api/letters", **asked).status_code == 401
