"""An order lets somebody act for another on its days; director, who acts for him, or whom one names decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from index.book import Book
from index.choices import MandateKind
from index.errors import NoSuchRecordError, PersonRefusedError
from index.register.people.mandates import MandateDraft
from index.register.people.people import Person
from index.visibility import Role, Viewer
from tests.keeping import NOW, make_hashing_quick, run_sql

PEOPLE = (
    Person("director", "ผอ.", frozenset({Role.DIRECTOR})),
    Person("deputy", "รอง", frozenset({Role.DEPUTY_DIRECTOR}), frozenset({"plan"})),
    Person("head", "หัวหน้า", frozenset({Role.GROUP_HEAD}), frozenset({"plan"})),
    Person("clerk", "ธุรการ", frozenset({Role.REGISTRY_CLERK})),
)
ADMIN = Viewer("root", frozenset({Role.ADMINISTRATOR}))
TODAY = NOW.date()
ACTING = MandateDraft(MandateKind.ACTING, "deputy", "๑/๒๕๖๙", TODAY, TODAY, "director")
NAMED = MandateDraft(MandateKind.DESTRUCTION, "head", "๒/๒๕๖๙", TODAY)


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    with Book.open(url) as opened:
        make_hashing_quick(opened)
        opened.people.put_alike(PEOPLE, "x", who="test", now=NOW)
        yield opened


def deciders(book: Book, days: int = 0) -> set[str]:
    when = NOW + timedelta(days=days)
    found = {one.name for one in book.mandates.deciders(when)}
    asked = {one.name for one in PEOPLE if book.mandates.decides_destruction(one.name, when)}
    assert found == asked
    return found


def test_nobody_decides_on_destruction_but_the_director_and_whom_an_order_names(
    book: Book,
) -> None:
    assert deciders(book) == {"director"}
    book.mandates.give(ADMIN, ACTING, now=NOW)
    named = book.mandates.give(ADMIN, NAMED, now=NOW)
    assert deciders(book) == {"director", "deputy", "head"}
    assert deciders(book, -1) == {"director"}
    assert deciders(book, 1) == {"director", "head"}, "acting ended with its last day"
    book.mandates.end(ADMIN, named.mandate_id, now=NOW)
    assert deciders(book, 1) == {"director"}
    assert not book.mandates.decides_destruction("nobody", NOW)
    assert [entry.action for entry in book.audit.newest(limit=3)] == [
        "mandate_ended", "mandate_given", "mandate_given",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("viewer", "draft"),
    [
        (Viewer("clerk", frozenset({Role.REGISTRY_CLERK})), ACTING),
        (Viewer("deputy", frozenset({Role.ADMINISTRATOR})), ACTING),
        (ADMIN, replace(ACTING, person="nobody")),
        (ADMIN, replace(ACTING, order_number="  ")),
        (ADMIN, replace(ACTING, ends=TODAY - timedelta(days=1))),
        (ADMIN, replace(ACTING, ends=None)),
        (ADMIN, replace(ACTING, absent="clerk")),
        (ADMIN, replace(ACTING, absent="deputy")),
        (ADMIN, replace(ACTING, absent="")),
    ],
)
def test_an_order_that_cannot_be_is_refused(
    book: Book, viewer: Viewer, draft: MandateDraft
) -> None:
    with pytest.raises(PersonRefusedError):
        book.mandates.give(viewer, draft, now=NOW)
    assert book.mandates.all() == ()


def test_an_order_is_ended_once_by_who_records_them_and_edited_by_nobody(
    book: Book, url: str
) -> None:
    given = book.mandates.give(ADMIN, NAMED, now=NOW)
    with pytest.raises(NoSuchRecordError):
        book.mandates.end(Viewer("head", frozenset({Role.GROUP_HEAD})), given.mandate_id, now=NOW)
    book.mandates.end(ADMIN, given.mandate_id, now=NOW)
    with pytest.raises(NoSuchRecordError):
        book.mandates.end(ADMIN, given.mandate_id, now=NOW)
    assert book.verify() == ()
    run_sql(url, "UPDATE mandates SET ended_at = NULL")
    assert any("mandates" in one for one in book.verify())
