"""A program's key is shown once, does what its maker may, and ends with one button."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from index.book import Book
from index.visibility import Role, Viewer
from pipeline.office import Office
from tests.keeping import NOW
from tests.visiting import Browser, visiting


@pytest.fixture
def browser(office: Office, book: Book) -> Iterator[Browser]:
    with visiting(office, book) as visitor:
        yield visitor


def shown(text: str) -> str:
    found = re.search(r"<code>(saraban_[\w-]+)</code>", text)
    assert found is not None
    return found[1]


def test_a_key_is_shown_once_opens_the_interface_and_is_ended(browser: Browser, book: Book) -> None:
    browser.log_in("registry_clerk")
    token = shown(browser.post("/tokens", name="โปรแกรม <b>", role=["registry_clerk"]).text)
    text = browser.get("/tokens").text
    assert token not in text
    assert "โปรแกรม &lt;b&gt;" in text
    key = {"authorization": f"Bearer {token}"}
    assert browser.ask("GET", "/api/letters", headers=key).status_code == 200
    (one,) = book.people.tokens(viewer_of(book, "registry_clerk"))
    answer = browser.post(f"/tokens/{one.token_id}/revoke")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tokens")
    assert "ยกเลิกแล้ว" in browser.get("/tokens").text
    assert browser.ask("GET", "/api/letters", headers=key).status_code == 401
    actions = [entry.action for entry in book.audit.entries()]
    assert actions[-2:] == ["token_made", "token_revoked"]


def viewer_of(book: Book, name: str) -> Viewer:
    person = book.people.find(name)
    assert person is not None
    return person.looking()


@pytest.mark.parametrize("roles", [[], ["administrator"], ["secret_registrar"], ["king"]], ids=str)
def test_nobody_gives_a_program_more_than_she_has(
    browser: Browser, book: Book, roles: list[str]
) -> None:
    browser.log_in("registry_clerk")
    answer = browser.post("/tokens", name="ก", role=roles)
    assert answer.status_code == 422
    assert book.people.tokens(viewer_of(book, "administrator")) == ()


def test_the_administrator_sees_and_ends_everybodys_keys_others_their_own(
    browser: Browser, book: Book
) -> None:
    clerk = viewer_of(book, "registry_clerk")
    book.people.create_token(clerk, "ของธุรการ", [Role.REGISTRY_CLERK], now=NOW)
    (one,) = book.people.tokens(clerk)
    browser.log_in("group_officer")
    assert "ของธุรการ" not in browser.get("/tokens").text
    assert browser.post(f"/tokens/{one.token_id}/revoke").status_code == 404
    browser.log_in("administrator")
    assert "ของธุรการ" in browser.get("/tokens").text
    browser.post(f"/tokens/{one.token_id}/revoke")
    (one,) = book.people.tokens(clerk)
    assert one.revoked_at == NOW
