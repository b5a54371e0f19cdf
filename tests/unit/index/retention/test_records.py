"""Clock, class, holds and places are noted with an audit line, and nothing shortens a period silently."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from classify.letter import Secrecy
from index.book import Book
from index.errors import NoSuchRecordError
from index.retention.eligibility import HoldKind
from index.retention.errors import StepRefusedError, WouldShortenError
from index.retention.records import PLACED_BY_PEOPLE, Place
from index.retention.retention import Retention
from index.visibility import Viewer
from tests.keeping import NOW, OFFICER, file_one, make_filing
from tests.retaining import JANUARY, KEEPER, keep_finished

TODAY = NOW.date()


def actions(book: Book, letter_id: int) -> list[str]:
    entries = book.audit.entries(letter_id=letter_id)
    return [entry.action for entry in entries if entry.action != "arrived"]


def test_the_period_is_counted_from_the_day_the_matter_was_finished(
    book: Book, retention: Retention
) -> None:
    file_one(book)
    assert retention.records.period(KEEPER, 1).keep_until_year is None
    kept = retention.records.finish(KEEPER, 1, TODAY, now=NOW)
    assert kept.stamp == "เก็บถึง พ.ศ. ๒๕๗๙"
    assert retention.records.period(KEEPER, 1) == kept
    (entry,) = [one for one in book.audit.entries(letter_id=1) if one.action == "finished_on"]
    assert entry.who == KEEPER.name
    assert entry.details == {"from": None, "to": "2026-01-15", "keep_until_year": 2036}
    assert book.verify() == ()


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(2026, 1, 4), date(1483, 1, 10)])
def test_a_day_that_cannot_be_is_refused(book: Book, retention: Retention, day: date) -> None:
    file_one(book)
    with pytest.raises(StepRefusedError, match="ข้อ 57"):
        retention.records.finish(KEEPER, 1, day, now=NOW)
    assert retention.records.period(KEEPER, 1).keep_until_year is None
    assert actions(book, 1) == ["filed"]


def test_an_earlier_day_must_be_meant_and_a_later_one_need_not(
    book: Book, retention: Retention
) -> None:
    keep_finished(book, retention, "a", finished=date(2028, 3, 1))
    with pytest.raises(WouldShortenError) as asked:
        retention.records.finish(KEEPER, 1, date(2027, 3, 1), now=JANUARY)
    assert (asked.value.before, asked.value.after) == ("เก็บถึง พ.ศ. ๒๕๘๑", "เก็บถึง พ.ศ. ๒๕๘๐")
    assert retention.records.period(KEEPER, 1).keep_until_year == 2038
    shorter = retention.records.finish(KEEPER, 1, date(2027, 3, 1), now=JANUARY, shorter=True)
    assert shorter.keep_until_year == 2037
    longer = retention.records.finish(KEEPER, 1, date(2030, 3, 1), now=JANUARY)
    assert longer.keep_until_year == 2040


def test_a_reopened_matter_has_no_end(book: Book, retention: Retention) -> None:
    keep_finished(book, retention, "a")
    assert retention.records.reopen(KEEPER, 1, now=JANUARY).keep_until_year is None
    assert actions(book, 1)[-1] == "finished_on"


def test_the_audit_of_money_papers_shortens_only_when_meant(
    book: Book, retention: Retention
) -> None:
    keep_finished(book, retention, "a", code="RF", finished=date(2028, 9, 30))
    with pytest.raises(WouldShortenError):
        retention.records.note_audit(KEEPER, 1, date(2030, 1, 5), now=JANUARY)
    kept = retention.records.note_audit(KEEPER, 1, date(2030, 1, 5), now=JANUARY, shorter=True)
    assert kept.keep_until_year == 2033


def test_a_circular_is_counted_from_its_successor(book: Book, retention: Retention) -> None:
    keep_finished(book, retention, "a", code="RSUP")
    assert retention.records.period(KEEPER, 1).keep_until_year is None
    kept = retention.records.note_successor(KEEPER, 1, date(2030, 1, 5), now=JANUARY)
    assert kept.keep_until_year == 2031


@pytest.mark.parametrize(
    ("old", "new", "asks"),
    [
        ("R10", "R05", True),
        ("R05", "R10", False),
        ("R10", "RF", True),
        ("RF", "R10", False),
        ("RPERM", "R10", True),
        ("R10", "RPERM", False),
        ("RLAW", "RPERM", False),
        ("RPERM", "RLAW", True),
        ("RSUP", "R10", True),
        ("R10", "RSUP", True),
        ("R10", "R10", False),
    ],
)
def test_a_shorter_class_must_be_meant(
    book: Book, retention: Retention, old: str, new: str, *, asks: bool
) -> None:
    keep_finished(book, retention, "a", code=old)
    if asks:
        with pytest.raises(WouldShortenError):
            retention.records.change_class(KEEPER, 1, new, reason="ทบทวน", now=JANUARY)
        kept = book.letters.by_id(KEEPER, 1)
        assert kept is not None
        assert kept.retention_class == old
    retention.records.change_class(KEEPER, 1, new, reason="ทบทวน", now=JANUARY, shorter=asks)
    changed = book.letters.by_id(KEEPER, 1)
    assert changed is not None
    assert changed.retention_class == new
    entry = book.audit.entries(letter_id=1)[-1]
    assert entry.details == {"from": old, "to": new, "shortens": asks}
    assert book.verify() == ()


def test_a_change_of_class_keeps_who_and_why(book: Book, retention: Retention) -> None:
    file_one(book)
    retention.records.change_class(KEEPER, 1, "RPERM", reason="มีคุณค่าทางประวัติศาสตร์", now=NOW)
    (kept,) = book.desk.corrections_of(KEEPER, 1)
    assert (kept.field, kept.old, kept.new) == ("retention_class", "R10", "RPERM")
    assert (kept.who, kept.reason) == (KEEPER.name, "มีคุณค่าทางประวัติศาสตร์")


@pytest.mark.parametrize(("code", "reason"), [("R99", "ทบทวน"), ("R05", "  ")])
def test_an_unknown_class_or_no_reason_is_refused(
    book: Book, retention: Retention, code: str, reason: str
) -> None:
    file_one(book)
    with pytest.raises(StepRefusedError, match="ข้อ 57"):
        retention.records.change_class(KEEPER, 1, code, reason=reason, now=NOW, shorter=True)
    assert actions(book, 1) == ["filed"]


@pytest.mark.parametrize("kind", PLACED_BY_PEOPLE)
def test_a_hold_holds_until_it_is_released(
    book: Book, retention: Retention, kind: HoldKind
) -> None:
    keep_finished(book, retention, "a")
    retention.records.place_hold(KEEPER, 1, kind, reason="คดีหมายเลข ๑", now=JANUARY)
    (hold,) = retention.records.holds(KEEPER, 1)
    assert (hold.kind, hold.reason, hold.placed_by) == (kind, "คดีหมายเลข ๑", KEEPER.name)
    (row,) = retention.surveys.survey(KEEPER, JANUARY.date())
    assert [block.code for block in row.eligibility.blocks] == [f"hold_{kind}"]
    retention.records.release_hold(KEEPER, 1, kind, reason="คดีถึงที่สุด", now=JANUARY)
    (row,) = retention.surveys.survey(KEEPER, JANUARY.date())
    assert row.eligibility.may_be_destroyed
    (hold,) = retention.records.holds(KEEPER, 1)
    assert hold.released_on == JANUARY.date()
    assert actions(book, 1)[-2:] == ["hold_placed", "hold_released"]
    assert "คดี" not in str(book.audit.entries())
    assert book.verify() == ()


def test_releasing_what_is_not_held_says_so(book: Book, retention: Retention) -> None:
    file_one(book)
    retention.records.place_hold(KEEPER, 1, HoldKind.LEGAL, reason="คดี", now=NOW)
    with pytest.raises(NoSuchRecordError, match="1/2569"):
        retention.records.release_hold(KEEPER, 1, HoldKind.AUDIT, reason="ตรวจแล้ว", now=NOW)


@pytest.mark.parametrize(
    ("kind", "reason", "until"),
    [
        (HoldKind.BORROWED, "ยืม", None),
        (HoldKind.OPEN_BATCH, "บัญชี", None),
        (HoldKind.LEGAL, " ", None),
        (HoldKind.LEGAL, "คดี", TODAY - timedelta(days=1)),
    ],
)
def test_a_hold_that_cannot_be_is_refused(
    book: Book, retention: Retention, kind: HoldKind, reason: str, until: date | None
) -> None:
    file_one(book)
    with pytest.raises(StepRefusedError):
        retention.records.place_hold(KEEPER, 1, kind, reason=reason, until=until, now=NOW)
    assert retention.records.holds(KEEPER, 1) == ()


def test_the_place_in_the_store_is_kept_and_can_move(book: Book, retention: Retention) -> None:
    file_one(book)
    assert retention.records.place(KEEPER, 1) is None
    for box in ("3", "4"):
        place = Place("A-1", box, "ผอ 01.2", TODAY)
        retention.records.store(KEEPER, 1, place, now=NOW)
        assert retention.records.place(KEEPER, 1) == place
    with pytest.raises(StepRefusedError, match="file code"):
        retention.records.store(KEEPER, 1, Place("A-1", "5", " ", TODAY), now=NOW)
    assert actions(book, 1) == ["filed", "stored", "stored"]


@pytest.mark.parametrize("viewer", [KEEPER, OFFICER], ids=["keeper", "officer"])
def test_who_may_not_open_a_letter_cannot_even_try(
    book: Book, retention: Retention, viewer: Viewer
) -> None:
    file_one(book, "s", make_filing(secrecy=Secrecy.SECRET))
    records, day = retention.records, date(2026, 1, 10)
    attempts: list[Callable[[], object]] = [
        lambda: records.finish(viewer, 1, day, now=NOW),
        lambda: records.change_class(viewer, 1, "R05", reason="x", now=NOW),
        lambda: records.place_hold(viewer, 1, HoldKind.LEGAL, reason="x", now=NOW),
        lambda: records.release_hold(viewer, 1, HoldKind.LEGAL, reason="x", now=NOW),
        lambda: records.store(viewer, 1, Place("A", "1", "x", day), now=NOW),
        lambda: records.holds(viewer, 1),
        lambda: records.place(viewer, 1),
        lambda: records.period(viewer, 1),
    ]
    for attempt in attempts:
        with pytest.raises(NoSuchRecordError):
            attempt()
    assert actions(book, 1) == ["filed"]
