"""A second witness: what another system's list says of a letter, weighed against what was read.

Where both agree the reading is confirmed and its small doubts end; where only the list speaks its
value is taken, and says where it comes from; where they differ the reading stays and a clerk is
shown both. Doubts about secrecy are never ended by a list.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from classify.letter import Decision, Found, Letter, ReviewReason, Urgency
from classify.numbers import numbers_equal, parse_number
from classify.reasons import reason
from ocr.thai_text import fold

LISTED_CONFIDENCE = 0.9
"""How far a listed value is trusted where nothing was read: a person typed it, no calibration yet."""
CONFIRMED_CONFIDENCE = 0.99
SAME_WORDS = 0.9
"""Subjects are shortened and retyped in lists: from this share of equal letters they are one."""
COMPARED = ("number", "date", "sender", "recipient", "subject", "urgency")


@dataclass(frozen=True, slots=True)
class Claims:
    """What a list says; empty text and None mean that it says nothing. `date` is Gregorian."""

    number: str = ""
    date: date | None = None
    sender: str = ""
    recipient: str = ""
    subject: str = ""
    urgency: Urgency = Urgency.NONE


def weigh_claims(
    letter: Letter, decision: Decision, claims: Claims, source: str
) -> tuple[Letter, Decision]:
    """Return letter and decision after hearing the list of `source` (its name, shown to clerks)."""
    review = list(decision.review)
    doubts = list(letter.doubts)
    changes: dict[str, Any] = {}
    for field in COMPARED:
        claimed = getattr(claims, field)
        if not claimed:
            continue
        read: Found[Any] | None = getattr(letter, field)
        if read is None or not read.value:
            changes[field] = _listed(field, claimed, source)
            agrees = True
        else:
            agrees = _same(field, read.value, claimed)
            if agrees:
                confidence = max(read.confidence, CONFIRMED_CONFIDENCE)
                changes[field] = replace(read, confidence=confidence)
        if agrees:
            review = [one for one in review if one.field != field]
            doubts = [one for one in doubts if one.field != field]
        else:
            review.append(_disagreement(field, read, claimed, source))
    return (
        replace(letter, **changes, doubts=tuple(doubts)),
        replace(decision, review=tuple(review)),
    )


def _listed(field: str, claimed: Any, source: str) -> Found[Any]:  # noqa: ANN401 - as Found holds
    value = claimed
    if field == "number":
        number = parse_number(claimed)
        value = number.canonical if number else claimed
    return Found(value, str(claimed), LISTED_CONFIDENCE, None, None, f"list of {source}")


def _same(field: str, read: Any, claimed: Any) -> bool:  # noqa: ANN401 - as Found holds
    if field == "number":
        return numbers_equal(read, claimed) or fold(read) == fold(claimed)
    if field in ("date", "urgency"):
        return bool(read == claimed)
    one, other = fold(read), fold(claimed)
    if not one or not other:
        return one == other
    if min(len(one), len(other)) >= 12 and (one.startswith(other) or other.startswith(one)):
        return True  # lists cut long subjects off
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= SAME_WORDS


def _disagreement(
    field: str,
    read: Any,  # noqa: ANN401 - a Found of the field's type
    claimed: Any,  # noqa: ANN401
    source: str,
) -> ReviewReason:
    return reason(field, "list_disagrees", f"{read.value} ≠ {source}: {claimed}")
