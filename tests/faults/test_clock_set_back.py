"""A clock that was ahead and comes back locks nobody out: no log-in waits longer than the longest wait."""

from __future__ import annotations

from datetime import timedelta

import pytest

from index.book import Book
from index.errors import LogInRefusedError, LogInThrottledError
from index.register.people.logins import LONGEST_WAIT_SECONDS
from pipeline.office import Office
from tests.keeping import NOW
from tests.unit.pipeline.conftest import book, made_office, office

__all__ = ["book", "made_office", "office"]  # the fixtures


def fail(book: Book, ahead: timedelta) -> int:
    """Fail to log in once; return the wait that is told, 0 when none is."""
    try:
        book.logins.change_password(
            "nobody", "wrong password", "another password 9", address="10.0.0.1", now=NOW + ahead
        )
    except LogInThrottledError as throttled:
        return throttled.wait_seconds
    except LogInRefusedError:
        return 0
    raise AssertionError("nobody has this password")


@pytest.mark.parametrize("days", [1, 10, 400])
def test_failures_noted_while_the_clock_was_ahead_are_not_waited_for(
    office: Office, book: Book, days: int
) -> None:
    ahead = timedelta(days=days)
    for number in range(40):
        fail(book, ahead + number * timedelta(seconds=LONGEST_WAIT_SECONDS + 1))
    assert fail(book, timedelta(0)) <= LONGEST_WAIT_SECONDS
    assert fail(book, timedelta(seconds=LONGEST_WAIT_SECONDS + 1)) == 0
