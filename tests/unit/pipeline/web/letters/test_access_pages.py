"""The registrar's page gives and takes back the right to open a secret letter; each holder has her list of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from classify.letter import Secrecy
from index.archive import Archive
from index.book import Book
from index.visibility import Role
from pipeline.office import Office
from tests import scans
from tests.keeping import DOUBTFUL_SECRECY, NOW, file_one, make_filing
from tests.visiting import Browser, visiting

SUBJECT = "ผลการสอบสวนทางวินัย"
PAGE = "/secret/letters/1/2569"
HEAD, OFFICER = Role.GROUP_HEAD.value, Role.GROUP_OFFICER.value
REGISTRAR = Role.SECRET_REGISTRAR.value
NO_GRANT = "ยังเปิดฉบับนี้ไม่ได้เพราะไม่มีสิทธิเฉพาะฉบับ"


@pytest.fixture
def page(office: Office, book: Book) -> Iterator[Browser]:
    """Letter 1 is secret, 2 may be; head and officer are cleared, the committee member too low."""
    with visiting(office, book) as browser:
        for name, clearance in (
            (HEAD, Secrecy.TOP_SECRET),
            (OFFICER, Secrecy.VERY_SECRET),
            (Role.COMMITTEE_MEMBER.value, Secrecy.SECRET),
        ):
            person = book.people.find(name)
            assert person is not None
            book.people.change(replace(person, clearance=clearance), who="test", now=NOW)
        secret = make_filing(subject=SUBJECT, group="plan", secrecy=Secrecy.VERY_SECRET)
        file_one(book, 1, secret)
        doubtful = make_filing(subject=SUBJECT, number="ศธ 1/2", review=(DOUBTFUL_SECRECY,))
        file_one(book, 2, doubtful)
        browser.log_in(REGISTRAR)
        yield browser


def grant(page: Browser, person: str = OFFICER, until: str = "2026-01-20") -> int:
    """Give a right as the registrar, and stay whoever was logged in before."""
    before, page.cookies = page.cookies, type(page.cookies)()
    page.log_in(REGISTRAR)
    code = page.post(f"{PAGE}/grant", person=person, until=until, reason="ร่วมสอบ").status_code
    page.cookies = before
    return code


def opens(page: Browser, name: str) -> bool:
    page.log_in(name)
    return SUBJECT in page.get("/api/letters/1/2569").text


def test_clearance_without_a_grant_opens_nothing_and_both_pages_say_so(page: Browser) -> None:
    shown = page.get(PAGE).text
    assert NO_GRANT in shown
    assert re.search(f"{NO_GRANT}: GROUP_HEAD, GROUP_OFFICER", shown)
    assert re.search("ให้สิทธิไม่ได้: COMMITTEE_MEMBER", shown)
    assert not opens(page, HEAD)
    held = page.get("/secret/held").text
    assert "ชั้นความลับที่ได้รับอนุมัติไม่เปิดหนังสือใดเอง" in held
    assert SUBJECT not in held


def test_a_right_lasts_to_the_end_of_its_day_and_ends_when_it_is_taken_back(page: Browser) -> None:
    assert grant(page) == 303
    assert f"{NO_GRANT}: GROUP_HEAD" in page.get(PAGE).text
    assert opens(page, OFFICER)
    assert SUBJECT in page.get("/secret/held").text
    page.now = NOW.replace(day=20, hour=23, minute=59)
    assert opens(page, OFFICER)
    page.now += timedelta(minutes=1)
    assert not opens(page, OFFICER)
    page.now = NOW
    assert opens(page, OFFICER)
    page.log_in(REGISTRAR)
    assert page.post(f"{PAGE}/end", person=OFFICER).status_code == 303
    assert not opens(page, OFFICER)
    assert SUBJECT not in page.get("/secret/held").text


@pytest.mark.parametrize(
    ("person", "until", "why"),
    [
        (OFFICER, "2026-01-14", "วันสิ้นสุดสิทธิ"),
        (OFFICER, "", "วันสิ้นสุดสิทธิ"),
        (Role.COMMITTEE_MEMBER.value, "2026-01-20", "ยังไม่ได้รับอนุมัติให้เข้าถึงชั้นความลับนี้"),
        (Role.REGISTRY_CLERK.value, "2026-01-20", "ยังไม่ได้รับอนุมัติให้เข้าถึงชั้นความลับนี้"),
        ("", "2026-01-20", "ไม่มีผู้ใช้ชื่อนี้"),
    ],
)
def test_what_cannot_be_granted_is_said_on_the_page(
    page: Browser, person: str, until: str, why: str
) -> None:
    refused = page.post(f"{PAGE}/grant", person=person, until=until, reason="ร่วมสอบ")
    assert (refused.status_code, why in refused.text) == (422, True)


def test_a_denial_wins_and_the_page_tells_of_it(page: Browser) -> None:
    grant(page)
    assert page.post(f"{PAGE}/deny", person=OFFICER, reason="เป็นคู่กรณี").status_code == 303
    assert grant(page) == 422
    shown = page.get(PAGE).text
    assert "เป็นคู่กรณี" in shown
    assert not opens(page, OFFICER)
    page.log_in(REGISTRAR)
    assert page.post(f"{PAGE}/lift", person=OFFICER).status_code == 303
    assert not opens(page, OFFICER)


def test_registrar_director_officer_each_with_a_receipt_and_the_register_has_it_all(
    page: Browser,
) -> None:
    grant(page, HEAD)
    grant(page)
    assert page.post(f"{PAGE}/hand-over", person=HEAD, note="เพื่อสั่งการ").status_code == 303
    assert "รอลงชื่อรับ" in page.get(PAGE).text
    page.log_in(HEAD)
    waiting = page.get("/secret/held").text
    assert "รอท่านลงชื่อรับ" in waiting
    assert "เพื่อสั่งการ" in waiting
    assert page.post(f"{PAGE}/sign").headers["location"] == "/secret/held"
    assert "อยู่กับท่าน" in page.get("/secret/held").text
    assert page.post(f"{PAGE}/hand-over", person=OFFICER).status_code == 303
    page.log_in(OFFICER)
    assert page.post(f"{PAGE}/sign").status_code == 303
    page.log_in(REGISTRAR)
    assert "<strong>GROUP_OFFICER</strong>" in page.get(PAGE).text
    assert page.post(f"{PAGE}/fetch", note="รับคืน").status_code == 303
    register = page.get("/secret?year=2569").text
    for line in ("อนุญาตให้เข้าถึง", "ส่งมอบ", "ลงชื่อรับ", "เรียกคืน", "เพื่อสั่งการ", "รับคืน"):
        assert line in register, line


def test_what_may_be_secret_is_checked_first(page: Browser) -> None:
    other = "/secret/letters/2/2569"
    shown = page.get(other).text
    assert "/review/2/2569" in shown
    assert f"{other}/grant" not in shown
    said = page.post(f"{other}/grant", person=HEAD, until="2026-01-20", reason="ร่วม")
    assert (said.status_code, "ยังมีข้อสงสัย" in said.text) == (422, True)


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.SECRET_REGISTRAR])
def test_nobody_but_the_registrar_comes_to_the_page_and_who_is_not_cleared_has_no_list(
    page: Browser, role: Role
) -> None:
    grant(page)
    page.log_in(role.value)
    for action in ("grant", "end", "deny", "lift", "fetch"):
        assert page.post(f"{PAGE}/{action}", person=HEAD).status_code == 403, action
    assert page.get(PAGE).status_code == 403
    cleared = role in (Role.GROUP_HEAD, Role.GROUP_OFFICER, Role.COMMITTEE_MEMBER)
    assert page.get("/secret/held").status_code == (200 if cleared else 403)
    assert ("/secret/held" in page.get("/dashboard").text) is cleared
    for action in ("hand-over", "sign", "take-back"):
        expected = {404} if cleared else {403}
        if role is Role.GROUP_OFFICER:  # may open it; it is not with her, and nothing waits for her
            expected = {422, 404}
        assert page.post(f"{PAGE}/{action}", person=HEAD).status_code in expected, action


def test_the_letters_page_leads_the_registrar_here_and_nobody_else(
    page: Browser, office: Office, book: Book, tmp_path: Path
) -> None:
    scan = scans.write_pdf(tmp_path / "a.pdf")
    kept = Archive(office.archive).keep_searchable(scan, secret=True)
    secret = make_filing(subject=SUBJECT, number="ศธ 1/3", secrecy=Secrecy.SECRET)
    file_one(book, 3, replace(secret, searchable_sha256=kept.sha256))
    own = "/secret/letters/3/2569"
    assert f'href="{own}"' in page.get("/letters/3/2569").text
    page.post(f"{own}/grant", person=OFFICER, until="2026-01-20", reason="ร่วมสอบ")
    page.log_in(OFFICER)
    shown = page.get("/letters/3/2569").text
    assert SUBJECT in shown
    assert own not in shown
