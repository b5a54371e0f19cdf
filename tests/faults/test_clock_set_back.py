"""A clock that was ahead and comes back locks nobody out, keeps no log-in alive and holds no message back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from index.book import Book
from index.errors import LogInRefusedError, LogInThrottledError
from index.register.people.logins import LONGEST_WAIT_SECONDS, SessionLimits
from index.register.store.deliveries import LONGEST_WAIT
from pipeline.office import Office
from tests.keeping import NOW, file_one
from tests.unit.pipeline.conftest import book, made_office, office
from tests.visiting import GOOD, visiting

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


@pytest.mark.parametrize("days", [1, 400])
def test_a_log_in_of_that_time_has_ended(office: Office, book: Book, days: int) -> None:
    limits = SessionLimits()
    ahead = NOW + timedelta(days=days)
    with visiting(office, book):
        token = book.logins.log_in("auditor", GOOD, address="10.0.0.1", now=ahead, limits=limits)
        assert book.logins.who(token, ahead, limits) is not None
        assert book.logins.who(token, NOW, limits) is None
        again = book.logins.log_in("auditor", GOOD, address="10.0.0.1", now=NOW, limits=limits)
        assert book.logins.who(again, NOW - timedelta(minutes=1), limits) is not None


@pytest.mark.parametrize("days", [1, 400])
def test_what_was_to_be_told_outside_is_not_held_back(
    office: Office, book: Book, days: int
) -> None:
    book.deliveries.follow(lambda _: [("target", "event")])
    file_one(book, now=NOW + timedelta(days=days))
    book.deliveries.follow(lambda _: [("target", "event")])
    assert (
        len(book.deliveries.due(NOW)) == 2
    )  # it arrived by the right clock, and was filed by the wrong one
    waiting = book.deliveries.due(NOW + timedelta(days=days) - LONGEST_WAIT)
    assert len(waiting) == 1, "a wait that a failure set is kept"
