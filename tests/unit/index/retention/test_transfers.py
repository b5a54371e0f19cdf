"""Letters of twenty years go to the archives by their list, stay by another, or are refused with the clause."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from classify.letter import Secrecy
from index.book import Book
from index.errors import NoSuchRecordError
from index.register.store.tables import BANGKOK
from index.retention.eligibility import HoldKind
from index.retention.errors import StepRefusedError
from index.retention.retention import Retention
from index.retention.transfers import Form
from tests.keeping import REGISTRAR
from tests.retaining import KEEPER, keep_finished

NOW = datetime(2047, 1, 8, 10, tzinfo=BANGKOK)
YEAR = 2047


@pytest.fixture
def letters(book: Book, retention: Retention) -> dict[str, int]:
    """Written in 2026, these turned twenty in 2046; the young one did not."""
    made = {
        key: keep_finished(book, retention, key, written=date(year, month, day))
        for key, year, month, day in (
            ("first", 2026, 1, 1),
            ("last", 2026, 12, 31),
            ("young", 2027, 1, 1),
            ("held", 2026, 5, 5),
        )
    }
    retention.records.place_hold(KEEPER, made["held"], HoldKind.LEGAL, reason="คดี", now=NOW)
    made["secret"] = keep_finished(
        book, retention, "secret", written=date(2026, 1, 1), secrecy=Secrecy.SECRET
    )
    return made


def candidates(retention: Retention, year: int = YEAR) -> set[int]:
    return {one.facts.letter_id for one in retention.transfers.candidates(KEEPER, year)}


def test_the_year_after_they_turned_twenty_they_are_due(
    retention: Retention, letters: dict[str, int]
) -> None:
    old = {letters[key] for key in ("first", "last", "held")}
    assert candidates(retention) == old
    assert candidates(retention, YEAR - 1) == set()
    assert candidates(retention, YEAR + 1) == old | {letters["young"]}
    secret = retention.transfers.candidates(REGISTRAR, YEAR)
    assert letters["secret"] not in {one.facts.letter_id for one in secret}


def test_a_list_is_prepared_sent_and_comes_back_signed(
    book: Book, retention: Retention, letters: dict[str, int]
) -> None:
    transfers = retention.transfers
    ids = [letters["last"], letters["first"]]
    made = transfers.prepare(KEEPER, Form.HAND_OVER, ids, year=YEAR, now=NOW)
    assert (made.code, made.items) == ("21-2590-1", (letters["first"], letters["last"]))
    assert candidates(retention) == {letters["held"]}
    with pytest.raises(StepRefusedError, match="was not sent yet"):
        transfers.receive(KEEPER, made.code, "เจ้าหน้าที่", NOW.date(), now=NOW)
    transfers.send(KEEPER, made.code, "ศธ ๑", NOW.date(), now=NOW)
    later = NOW + timedelta(days=9)
    done = transfers.receive(KEEPER, made.code, "เจ้าหน้าที่", later.date(), now=later)
    assert not done.is_open
    with pytest.raises(StepRefusedError, match="closed"):
        transfers.withdraw(KEEPER, made.code, now=later)
    assert [one.action for one in book.audit.entries()][-3:] == [
        "transfer_prepared",
        "transfer_sent",
        "transfer_received",
    ]
    with pytest.raises(StepRefusedError, match="ข้อ 68"):
        retention.batches.propose(KEEPER, [letters["first"]], now=later)


def test_what_the_office_keeps_with_consent_may_be_surveyed_again(
    retention: Retention, letters: dict[str, int]
) -> None:
    transfers, first = retention.transfers, letters["first"]
    with pytest.raises(StepRefusedError, match="needs a reason") as refused:
        transfers.prepare(KEEPER, Form.KEEP, [first], year=YEAR, now=NOW)
    assert refused.value.clause == "ข้อ 58.3"
    made = transfers.prepare(KEEPER, Form.KEEP, [first], year=YEAR, note="ยังใช้อ้างอิง", now=NOW)
    transfers.send(KEEPER, made.code, "ศธ ๑", NOW.date(), now=NOW)
    with pytest.raises(StepRefusedError, match="hold_twenty_years"):
        retention.batches.propose(KEEPER, [first], now=NOW)
    transfers.receive(KEEPER, made.code, "เจ้าหน้าที่", NOW.date(), now=NOW)
    assert retention.batches.propose(KEEPER, [first], now=NOW).items == (first,)


def test_a_list_that_was_given_up_frees_its_letters(
    retention: Retention, letters: dict[str, int]
) -> None:
    made = retention.transfers.prepare(
        KEEPER, Form.HAND_OVER, [letters["first"]], year=YEAR, now=NOW
    )
    retention.transfers.withdraw(KEEPER, made.code, now=NOW)
    assert letters["first"] in candidates(retention)
    again = retention.transfers.prepare(
        KEEPER, Form.HAND_OVER, [letters["first"]], year=YEAR, now=NOW
    )
    assert [one.code for one in retention.transfers.lists()] == [again.code, made.code]


@pytest.mark.parametrize(
    ("form", "key", "clause"),
    [
        (Form.HAND_OVER, "young", "ข้อ 58"),
        (Form.HAND_OVER, "held", "ข้อ 58.3"),
        (Form.DEPOSIT, "first", "ข้อ 60"),
    ],
)
def test_a_letter_that_may_not_stand_on_a_list_is_refused_with_its_clause(
    retention: Retention, letters: dict[str, int], form: Form, *, key: str, clause: str
) -> None:
    with pytest.raises(StepRefusedError) as refused:
        retention.transfers.prepare(KEEPER, form, [letters[key]], year=YEAR, now=NOW)
    assert refused.value.clause == clause
    assert retention.transfers.lists() == ()


def test_a_young_letter_is_deposited_and_a_held_one_kept(
    retention: Retention, letters: dict[str, int]
) -> None:
    for form, key in ((Form.DEPOSIT, "young"), (Form.KEEP, "held")):
        made = retention.transfers.prepare(
            KEEPER, form, [letters[key]], year=YEAR, note="เหตุผล", now=NOW
        )
        assert made.items == (letters[key],)
        with pytest.raises(StepRefusedError, match="another list"):
            retention.transfers.prepare(
                KEEPER, form, [letters[key]], year=YEAR, note="อีกครั้ง", now=NOW
            )


def test_a_secret_letter_is_on_no_list(retention: Retention, letters: dict[str, int]) -> None:
    for viewer in (KEEPER, REGISTRAR):
        with pytest.raises(NoSuchRecordError):
            retention.transfers.prepare(
                viewer, Form.HAND_OVER, [letters["secret"]], year=YEAR, now=NOW
            )
    with pytest.raises(NoSuchRecordError):
        retention.transfers.find("21-2590-9")


def test_days_that_have_not_come_or_lie_before_the_step_before_are_refused(
    retention: Retention, letters: dict[str, int]
) -> None:
    made = retention.transfers.prepare(
        KEEPER, Form.HAND_OVER, [letters["first"]], year=YEAR, now=NOW
    )
    for on, says in (
        (NOW.date() + timedelta(1), "not come"),
        (date(2047, 1, 1), "before the step"),
    ):
        with pytest.raises(StepRefusedError, match=says):
            retention.transfers.send(KEEPER, made.code, "ศธ ๑", on, now=NOW)
    with pytest.raises(StepRefusedError, match="no number"):
        retention.transfers.send(KEEPER, made.code, " ", NOW.date(), now=NOW)
    assert retention.transfers.find(made.code).sent_on is None
