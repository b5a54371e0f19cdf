"""Whatever is drawn, reserved, used and cancelled in whatever order over a new year, no number is lost or doubled."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.book import Book
from index.choices import SEND_BOOKS, BookName, NumberStatus
from index.errors import NumberRefusedError
from index.register.store.tables import BANGKOK
from index.registered_letter import RegisterNumber
from tests.keeping import CLERK, send_one

NEW_YEAR_EVE = datetime(2026, 12, 31, 23, 59, 57, tzinfo=BANGKOK)
YEARS = (2569, 2570)
Slot = tuple[BookName, RegisterNumber]
ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["draw", "reserve", "use", "cancel"]),
        st.sampled_from(SEND_BOOKS[:2]),
        st.integers(0, 8),  # seconds that pass, and which of the known numbers is meant
    ),
    max_size=14,
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("send") / "empty.db"
    Book.open(f"sqlite:///{path}").close()
    return path


@settings(deadline=None, max_examples=25)
@given(actions=ACTIONS, paper=st.integers(0, 40))
def test_the_books_hold_what_was_done_and_nothing_else(
    empty: Path, actions: list[tuple[str, BookName, int]], paper: int
) -> None:
    path = empty.with_name("used.db")
    for left in path.parent.glob("used.db*"):
        left.unlink()
    shutil.copy(empty, path)
    model: dict[Slot, NumberStatus] = {}
    now = NEW_YEAR_EVE
    with Book.open(f"sqlite:///{path}") as book:
        book.numbers.start_after(BookName.SEND, RegisterNumber(paper, 2569), who="ก", now=now)
        for action, name, step in actions:
            now += timedelta(seconds=step % 2)
            _do(book, model, action, name, step=step, now=now)
        assert book.verify() == ()
        for name in SEND_BOOKS[:2]:
            for year in YEARS:
                _compare(book, model, name, year, paper)


def _do(
    book: Book,
    model: dict[Slot, NumberStatus],
    action: str,
    name: BookName,
    *,
    step: int,
    now: datetime,
) -> None:
    if action == "draw":
        number = send_one(book, to=name, now=now).register_number
        assert (name, number) not in model
        model[name, number] = NumberStatus.GIVEN
    elif action == "reserve":
        number = book.numbers.reserve(name, note="จอง", who="ก", now=now)
        assert (name, number) not in model
        model[name, number] = NumberStatus.RESERVED
    elif model:
        slot = sorted(model, key=str)[step % len(model)]
        if action == "cancel":
            book.sent.cancel(CLERK, *slot, note="ยกเลิก", now=now)
            model[slot] = NumberStatus.CANCELLED
        elif model[slot] is NumberStatus.RESERVED:
            assert send_one(book, to=slot[0], reserved=slot[1], now=now).register_number == slot[1]
            model[slot] = NumberStatus.GIVEN
        else:
            with pytest.raises(NumberRefusedError):
                send_one(book, to=slot[0], reserved=slot[1], now=now)


def _compare(
    book: Book, model: dict[Slot, NumberStatus], name: BookName, year: int, paper: int
) -> None:
    expected = {
        number: status
        for (book_name, number), status in model.items()
        if book_name is name and number.buddhist_year == year
    }
    assert {one.number: one.status for one in book.numbers.of_year(name, year)} == expected
    audit = book.numbers.audit(name, year)
    first = paper + 1 if (name, year) == (BookName.SEND, 2569) else 1
    runnings = sorted(number.running for number in expected)
    assert runnings == list(range(first, first + len(expected)))
    assert (audit.gaps, audit.doubles) == ((), ())
