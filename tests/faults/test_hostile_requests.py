"""A request whose Host or Origin is no address is answered with 400 before anybody is asked who it is."""

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
