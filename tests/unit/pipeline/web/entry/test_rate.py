"""One person's programs together are answered so often a minute; who asks more waits, and nobody else does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from index.book import Book
from pipeline.office import Office
from pipeline.rules_in_force import RulesInForce
from pipeline.web.app import make_app
from pipeline.web.entry.rate import Rate
from tests.keeping import CLERK, NOW, OFFICER
from tests.unit.pipeline.web.api.test_api import Program

A_MINUTE = 6


@pytest.fixture
def clock() -> list[datetime]:
    return [NOW]


@pytest.fixture
def program(office: Office, book: Book, clock: list[datetime]) -> Iterator[Program]:
    web = replace(office.settings.web, api_a_minute=A_MINUTE)
    office = replace(office, settings=replace(office.settings, web=web))
    rules = RulesInForce(office.rules, office.kept_rules)
    app = make_app(office, book, rules=rules, clock=lambda: clock[0])
    yield Program(app).as_(CLERK)
    app.state.site.finder.close()


def test_who_asks_too_often_is_told_how_long_to_wait_and_others_are_answered(
    program: Program, clock: list[datetime]
) -> None:
    for _ in range(A_MINUTE):
        assert program.get("/api/groups").status_code == 200
    refused = program.get("/api/no/such/address")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10")
    assert refused.json()["type"] == "urn:saraban:problem:too-many"
    assert refused.headers["content-type"] == "application/problem+json"
    assert program.get("/people").status_code != 429, "pages are for people"
    assert program.as_(OFFICER).get("/api/groups").status_code == 200
    clock[0] += timedelta(seconds=9)
    assert program.as_(CLERK).get("/api/groups").headers["Retry-After"] == "1"
    clock[0] += timedelta(seconds=1)
    assert program.get("/api/groups").status_code == 200
    assert program.get("/api/groups").status_code == 429


def test_what_was_not_asked_for_long_adds_up_to_a_minute_and_a_clock_put_back_to_nothing() -> None:
    rate = Rate(A_MINUTE)
    assert rate.seconds_to_wait("a", NOW) == 0
    later = NOW + timedelta(days=1)
    assert [rate.seconds_to_wait("a", later) for _ in range(A_MINUTE + 1)] == [0] * A_MINUTE + [10]
    assert rate.seconds_to_wait("a", NOW) == 10
    assert all(Rate(0).seconds_to_wait("a", NOW) == 0 for _ in range(9))
