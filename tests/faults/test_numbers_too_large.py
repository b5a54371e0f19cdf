"""A number of any length, wherever a page or the interface takes one, is answered and breaks nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import Route

from index.book import Book
from index.errors import NoSuchRecordError
from index.visibility import Role, Viewer
from pipeline.office import Office
from pipeline.web.site.viewer import who_looks
from tests.keeping import NOW, file_one
from tests.unit.pipeline.conftest import book, made_office, office
from tests.visiting import visiting
from tests.walking import every_route

__all__ = ["book", "made_office", "office"]  # the fixtures
BEYOND = (str(2**63), f"-{10**30}", "9" * 5000, f"1/{10**30}")
EVERYBODY = Viewer(groups=frozenset({"plan"}), roles=frozenset(Role), name="everybody")


def taken(dependant: Dependant) -> Iterator[tuple[str, str]]:
    """Yield where and under which name a route takes something from outside."""
    yield from (("query", one.alias) for one in dependant.query_params)
    yield from (("form", one.alias) for one in dependant.body_params)
    for one in dependant.dependencies:
        yield from taken(one)


def asked(route: Route | APIRoute, number: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """Return the route's path and all it takes, each with that number."""
    path = re.sub(r"{[^}]*}", number.replace("/", "%2F"), route.path)
    places = list(taken(route.dependant)) if isinstance(route, APIRoute) else []
    query = {name: number for where, name in places if where == "query"}
    form = {name: number for where, name in places if where == "form"}
    return path, query, form


def test_no_route_breaks_on_a_number_beyond_64_bits(office: Office, book: Book) -> None:
    file_one(book)
    answered = 0
    with visiting(office, book) as browser:
        browser.app.dependency_overrides[who_looks] = lambda: EVERYBODY
        for turn, route in enumerate(every_route(browser.app.routes)):
            path, query, form = asked(route, BEYOND[turn % len(BEYOND)])
            for method in (route.methods or set()) - {"HEAD"}:
                for name in [*query] or [""]:  # one at a time: the first that is refused ends it
                    address = f"{path}?{name}={query.get(name, '')}"
                    answer = browser.ask(method, address, data=dict(form))
                    assert answer.status_code < 500, f"{method} {address[:200]}"
                    answered += 1
    assert answered > 150


@pytest.mark.parametrize("number", [str(2**63), f"-{2**63 + 1}", str(10**30)])
def test_what_has_such_a_number_is_not_there(office: Office, book: Book, number: str) -> None:
    with visiting(office, book) as browser:
        browser.app.dependency_overrides[who_looks] = lambda: EVERYBODY
        for address in (
            f"/letters/{number}/2569",
            f"/letters/1/{number}",
            f"/audit?before={number}",
        ):
            assert browser.get(address).status_code == 404
    with pytest.raises(NoSuchRecordError, match="64 bits"):
        book.jobs.retry(int(number), who="test", now=NOW)
