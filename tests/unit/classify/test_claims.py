"""A list from another system confirms, completes or questions what was read, and never ends a doubt about secrecy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from classify.claims import CONFIRMED_CONFIDENCE, Claims, weigh_claims
from classify.letter import Decision, Letter, ReviewReason, Urgency
from tests.keeping import DOUBTFUL_NUMBER, DOUBTFUL_SECRECY, make_filing


def weigh(claims: Claims, *review: ReviewReason, numbered: bool = True) -> tuple[Letter, Decision]:
    filing = make_filing(review=review)
    letter = filing.letter if numbered else replace(filing.letter, number=None)
    return weigh_claims(letter, filing.decision, claims, "AMSS++")


def test_agreement_ends_the_doubts_of_that_field_only() -> None:
    said = Claims(number="ศธ ๐๔๐๐๑/ว.๑๒๓")
    other = ReviewReason("subject", "low_confidence", "", "")
    letter, decision = weigh(said, DOUBTFUL_NUMBER, other)
    assert decision.review == (other,)
    assert letter.number is not None
    assert letter.number.confidence == CONFIRMED_CONFIDENCE
    assert letter.number.box is not None


def test_a_disagreement_keeps_what_was_read_and_shows_both() -> None:
    letter, decision = weigh(Claims(date=date(2026, 1, 6)))
    assert letter.date is not None
    assert letter.date.value == date(2026, 1, 5)
    (reason,) = decision.review
    assert (reason.field, reason.code) == ("date", "list_disagrees")
    for value in ("2026-01-05", "2026-01-06", "AMSS++"):
        assert value in reason.thai


def test_what_was_not_read_is_taken_from_the_list_and_says_so() -> None:
    missing = ReviewReason("number", "number_missing", "", "")
    letter, decision = weigh(Claims(number="ศธ๐๔๐๐๖/๙"), missing, numbered=False)
    assert letter.number is not None
    assert letter.number.value == "ศธ 04006/9"
    assert "AMSS++" in letter.number.how
    assert letter.number.page is None
    assert decision.review == ()


@pytest.mark.parametrize(
    ("listed", "agrees"),
    [
        ("การประชุมผู้บริหารสถานศึกษา", True),
        ("การประชุมผู้บริหารสถาน", True),  # cut off by the other system
        ("การประชุม ผู้บริหาร สถานศึกษ", True),
        ("การจัดสรรงบประมาณ งบลงทุน", False),
    ],
)
def test_subjects_may_be_cut_and_retyped(listed: str, agrees: bool) -> None:
    _, decision = weigh(Claims(subject=listed))
    assert (decision.review == ()) is agrees


def test_a_list_never_ends_a_doubt_about_secrecy_and_silence_changes_nothing() -> None:
    _, decision = weigh(Claims(urgency=Urgency.MOST_URGENT), DOUBTFUL_SECRECY)
    assert DOUBTFUL_SECRECY in decision.review
    filing = make_filing(review=(DOUBTFUL_NUMBER,))
    untouched = weigh_claims(filing.letter, filing.decision, Claims(), "AMSS++")
    assert untouched == (filing.letter, filing.decision)
