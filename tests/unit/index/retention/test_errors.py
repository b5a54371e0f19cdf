"""A refusal tells the person why in full; what operators and logs are told holds nothing that a person wrote freely."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from index.book import Book
from index.message import Message, Private, message
from index.register.store.tables import BANGKOK
from index.retention.eligibility import HoldKind
from index.retention.errors import StepRefusedError
from index.retention.retention import Retention
from index.retention.transfers import Form
from tests.retaining import JANUARY, KEEPER, keep_finished

REASON = "สอบสวนนาย ก. เรื่องทุจริต"
AFTER_TWENTY_YEARS = datetime(2047, 1, 8, tzinfo=BANGKOK)


def propose(retention: Retention) -> None:
    retention.batches.propose(KEEPER, [1], now=JANUARY)


def hand_over(retention: Retention) -> None:
    retention.transfers.prepare(KEEPER, Form.HAND_OVER, [1], year=2047, now=AFTER_TWENTY_YEARS)


@pytest.mark.parametrize("step", [propose, hand_over])
def test_why_a_letter_is_held_is_told_to_the_person_and_to_no_log(
    book: Book, retention: Retention, step: Callable[[Retention], None]
) -> None:
    keep_finished(book, retention, "a", written=date(2026, 1, 5))
    retention.records.place_hold(KEEPER, 1, HoldKind.LEGAL, reason=REASON, now=JANUARY)
    with pytest.raises(StepRefusedError) as refused:
        step(retention)
    assert REASON in refused.value.thai
    assert "ก." not in str(refused.value)
    assert "1/2569" in str(refused.value)
    assert "legal" in str(refused.value), "which kind of hold it is, operators are told"


def test_private_words_are_left_out_however_deep_they_stand() -> None:
    deep = Message("%(what)s", (("what", message("%(reason)s", reason=Private(REASON))),))
    assert (deep.thai, deep.english) == (REASON, "…")
