"""A Host or Origin that is no address gets 400 before anybody is asked who it is; HEAD is answered as GET."""

from __future__ import annotations

import pytest

from index.book import Book
from pipeline.office import Office
from tests.unit.pipeline.conftest import book, made_office, office
from tests.visiting import visiting

__all__ = ["book", "made_office", "office"]  # the fixtures


@pytest.mark.parametrize("address", ["[", "[::1", "]", "[v1"])
def test_a_host_or_origin_that_is_no_address_is_a_bad_request(
    office: Office, book: Book, address: str
) -> None:
    with visiting(office, book) as browser:
        by_host = browser.ask("GET", "/login", headers={"host": address})
        by_origin = browser.ask("POST", "/login", data={}, headers={"origin": f"http://{address}"})
    for answer in (by_host, by_origin):
        assert answer.status_code in (400, 403)
    if address.startswith("["):
        assert (by_host.status_code, by_origin.status_code) == (400, 400)


@pytest.mark.parametrize(
    "path",
    ["/login", "/healthz", "/", "/static/fonts/Sarabun-Regular.ttf", "/api/letters", "/none"],
)
def test_head_says_what_get_says_and_sends_no_body(office: Office, book: Book, path: str) -> None:
    with visiting(office, book) as browser:
        get, head = browser.get(path), browser.ask("HEAD", path)
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers.get("location") == get.headers.get("location")
    assert head.headers["content-length"] == get.headers["content-length"]
