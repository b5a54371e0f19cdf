"""A program overwrites nothing unseen, may repeat what it got no answer to, and is told what it may ask."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from index.archive import Archive
from index.book import Book
from pipeline.office import Office
from tests import scans
from tests.keeping import CLERK, NOW, REGISTRAR, file_one, make_filing
from tests.unit.pipeline.web.api.test_api import Program, program

__all__ = ["program"]


def test_what_is_not_known_is_answered_with_what_is(program: Program) -> None:
    parameter = program.get("/api/letters?grop=plan").json()["detail"]
    assert "grop" in parameter
    assert "group, state, from, to" in parameter
    group = program.get("/api/letters?group=nobody").json()["detail"]
    assert "plan" in group
    assert "hr" in group


def test_a_change_is_refused_when_the_letter_was_changed_since_it_was_read(
    program: Program, book: Book
) -> None:
    file_one(book)
    one, wanted = "/api/letters/1/2569", {"field": "subject", "value": "ใหม่"}
    read = program.get(one).headers["ETag"]
    unsaid = program.ask("PATCH", one, json=wanted, headers={"If-Match": ""})
    assert (unsaid.status_code, unsaid.json()["type"]) == (428, "urn:saraban:problem:if-match")
    first = program.ask("PATCH", one, json=wanted, headers={"If-Match": read})
    assert first.status_code == 200
    assert first.headers["ETag"] == program.get(one).headers["ETag"] != read
    for method, address, body in (
        ("PATCH", one, {**wanted, "value": "อีกคน"}),
        ("POST", f"{one}/route", {"group": "plan"}),
        ("POST", f"{one}/done", {}),
        ("POST", f"{one}/return", {"note": "x"}),
    ):
        late = program.ask(method, address, json=body, headers={"If-Match": read})
        assert (late.status_code, late.headers["ETag"]) == (412, first.headers["ETag"]), address
    assert program.get(one).json()["subject"] == "ใหม่"
    either = program.ask(
        "PATCH", one, json=wanted, headers={"If-Match": f'"x", {first.headers["ETag"]}'}
    )
    assert either.status_code == 200


def test_a_second_step_of_the_same_kind_is_409_and_moves_nothing(
    program: Program, book: Book
) -> None:
    file_one(book)
    for step, body in (
        ("route", {"group": "plan"}),
        ("return", {"note": "x"}),
        ("route", {"group": "plan"}),
        ("done", {}),
    ):
        address = f"/api/letters/1/2569/{step}"
        assert program.ask("POST", address, json=body).status_code == 200
        again = program.ask("POST", address, json=body)
        assert (again.status_code, again.json()["title"]) == (409, "Conflict")
    assert program.ask("POST", "/api/letters/1/2569/route", json={"group": "hr"}).status_code == 200
    steps = [one.step for one in book.desk.history(CLERK, 1)]
    assert steps == ["routed", "returned", "routed", "done", "routed"]


def test_a_wrong_method_is_told_the_right_ones_and_no_utf8_is_400(
    program: Program, book: Book
) -> None:
    file_one(book)
    wrong = program.ask("DELETE", "/api/letters/1/2569")
    assert wrong.status_code == 405
    assert {"GET", "PATCH"} <= set(wrong.headers["Allow"].split(", "))
    for method, address, content in (
        ("GET", "/api/letters?q=%ff", b""),
        ("POST", "/api/letters/1/2569/done", b'{"note": "\xff"}'),
    ):
        said = program.ask(
            method, address, content=content, headers={"Content-Type": "application/json"}
        )
        assert (said.status_code, said.json()["type"]) == (400, "urn:saraban:problem:bad-request")


def test_a_file_is_not_given_again_to_who_has_it_but_a_secret_one_is(
    program: Program, office: Office, book: Book, tmp_path: Path
) -> None:
    archive, scan = Archive(office.archive), scans.write_pdf(tmp_path / "a.pdf")
    kept = archive.keep_searchable(scan, secret=False)
    letter = file_one(book, 1, replace(make_filing(), searchable_sha256=kept.sha256, page_count=1))
    first = program.get("/api/letters/1/2569/file")
    assert "no-store" in first.headers["Cache-Control"], "browsers keep nothing"
    has_it = {"If-None-Match": first.headers["ETag"]}
    again = program.ask("GET", "/api/letters/1/2569/file", headers=has_it)
    assert (again.status_code, again.content) == (304, b"")
    book.desk.correct(REGISTRAR, letter.letter_id, "secrecy", "ลับ", now=NOW)
    assert program.ask("GET", "/api/letters/1/2569/file", headers=has_it).status_code == 404
    secret = program.as_(REGISTRAR).ask("GET", "/api/letters/1/2569/file", headers=has_it)
    assert (secret.status_code, secret.content) == (200, first.content)


def test_a_date_that_lies_ahead_is_set_when_it_is_certain(program: Program, book: Book) -> None:
    file_one(book)
    wanted = {"field": "date", "value": "2150-01-16"}
    asked = program.ask("PATCH", "/api/letters/1/2569", json=wanted).json()
    assert "certain" in asked["detail"]
    assert "๑๖ มกราคม ๒๖๙๓" in asked["thai"]
    done = program.ask("PATCH", "/api/letters/1/2569", json={**wanted, "certain": True})
    assert done.json()["date"] == "2150-01-16"
