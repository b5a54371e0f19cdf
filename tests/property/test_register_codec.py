"""Every letter and decision comes back from JSON as it was put in."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from classify.letter import (
    Decision,
    Found,
    GroupScore,
    Kind,
    Letter,
    ReviewReason,
    Secrecy,
    Urgency,
)
from index.register.store.codec import (
    dump_json,
    pack_decision,
    pack_letter,
    unpack_decision,
    unpack_letter,
)
from ocr.document import Box

TEXT = st.text(max_size=20) | st.sampled_from(["ศธ ๐๔๐๐๑/ว ๑๒๓", "น้ำ", "\n", '"', "\0"])
NUMBER = st.integers(-5, 10_000)
FRACTION = st.floats(0, 1, allow_nan=False)
BOXES = st.builds(Box, NUMBER, NUMBER, NUMBER, NUMBER)


def found(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Found[Any]]:
    return st.builds(
        Found,
        values,
        TEXT,
        FRACTION,
        st.none() | st.integers(1, 500),
        st.none() | BOXES,
        TEXT,
    )


def several(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=3).map(tuple)


MAYBE = st.none() | found(TEXT)
LETTERS = st.builds(
    Letter,
    kind=found(st.sampled_from(Kind)),
    number=MAYBE,
    date=st.none() | found(st.dates()),
    sender=MAYBE,
    recipient=MAYBE,
    subject=MAYBE,
    urgency=st.none() | found(st.sampled_from(Urgency)),
    secrecy=st.none() | found(st.sampled_from(Secrecy)),
    references=several(found(TEXT)),
    enclosures=several(found(TEXT)),
    signer=MAYBE,
    signer_position=MAYBE,
    owner=MAYBE,
    contact=MAYBE,
    sender_address=MAYBE,
    urgent_until=MAYBE,
    receiving_stamps=several(found(TEXT)),
    doubts=several(st.builds(ReviewReason, TEXT, TEXT, TEXT, TEXT)),
)
DECISIONS = st.builds(
    Decision,
    group=TEXT,
    scores=several(st.builds(GroupScore, TEXT, FRACTION, several(st.tuples(TEXT, TEXT, FRACTION)))),
    margin=FRACTION,
    copies=several(TEXT),
    retention_class=TEXT,
    retention_because=TEXT,
    review=several(st.builds(ReviewReason, TEXT, TEXT, TEXT, TEXT)),
)


@given(LETTERS)
def test_a_letter_comes_back(letter: Letter) -> None:
    again = unpack_letter(json.loads(dump_json(pack_letter(letter))))
    assert again == letter
    assert type(again.kind.value) is Kind


@given(DECISIONS)
def test_a_decision_comes_back(decision: Decision) -> None:
    assert unpack_decision(json.loads(dump_json(pack_decision(decision)))) == decision


def test_no_field_of_a_letter_or_decision_is_forgotten() -> None:
    """A field added to the types later must be added to the codec too."""
    one = Found("x", "x", 1.0, 1, None, "x")
    values: dict[str, Any] = dict.fromkeys(Letter.__dataclass_fields__, one)
    values |= dict.fromkeys(("references", "enclosures", "receiving_stamps"), (one,))
    values["doubts"] = (ReviewReason("", "", "", ""),)
    letter = Letter(**values)
    assert set(pack_letter(letter)) == set(Letter.__dataclass_fields__)
    decision = Decision("", (), 0.0, (), "", "")
    assert set(pack_decision(decision)) == set(Decision.__dataclass_fields__)


@given(st.text(alphabet=st.characters(), max_size=10))
def test_json_is_always_storable_as_utf8(text: str) -> None:
    dump_json({"text": text + "\ud800"}).encode()
