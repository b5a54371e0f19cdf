"""Letters and decisions as JSON and back, and closed sets as text; one explicit form, so that old rows stay readable.

A found value is `[value, as_printed, confidence, page, box, how]`, a box `[left, top, right,
bottom]`, a date ISO 8601. Absent fields are left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

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
from ocr.document import Box

Json = dict[str, Any]
T = TypeVar("T")

_TEXT_FIELDS = (
    "number",
    "sender",
    "recipient",
    "subject",
    "signer",
    "signer_position",
    "owner",
    "contact",
    "sender_address",
    "urgent_until",
)
_TEXT_LISTS = ("references", "enclosures", "receiving_stamps")
# The fields whose value is not text: how each is read back. Written by `_plain`.
_TYPED_FIELDS: Mapping[str, Callable[[str], object]] = {
    "kind": Kind,
    "date": date.fromisoformat,
    "urgency": Urgency,
    "secrecy": Secrecy,
}


class Choice(TypeDecorator[Any]):
    """One of a closed set, kept as its text: handed out as the set's member, another is not stored.

    Where nothing was chosen the text is empty, as it always was. What is only compared with may be
    any text: it is then equal to nothing.
    """

    impl = String
    cache_ok = True

    def __init__(self, of: type[StrEnum], length: int) -> None:
        super().__init__(length)
        self.of, self.length = of, length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text of a member; raise ValueError for what is none."""
        return None if value is None else str(self._member(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the member whose text is kept; raise ValueError when the book holds none such."""
        return None if value is None else self._member(value)

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:  # noqa: ANN401
        """Compare as text."""
        return String()

    def _member(self, text: str) -> str:
        return text if text == "" and "" not in set(self.of) else self.of(text)


def dump_json(value: object) -> str:
    """Write JSON in one canonical form: sorted keys, no spaces, Thai as Thai, no lone surrogates."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode(errors="ignore").decode()


def pack_letter(letter: Letter) -> Json:
    """Turn a letter into plain JSON values."""
    packed: Json = {}
    for name in (*_TEXT_FIELDS, *_TYPED_FIELDS):
        found = getattr(letter, name)
        if found is not None:
            packed[name] = _pack_found(found)
    for name in _TEXT_LISTS:
        several = getattr(letter, name)
        if several:
            packed[name] = [_pack_found(found) for found in several]
    if letter.doubts:
        packed["doubts"] = _pack_reasons(letter.doubts)
    return packed


def unpack_letter(packed: Json) -> Letter:
    """Read a letter back; raise KeyError or ValueError when the JSON is not a packed letter."""
    fields: dict[str, Any] = {"kind": _unpack_found(packed["kind"], Kind)}
    for name in _TEXT_FIELDS:
        if name in packed:
            fields[name] = _unpack_found(packed[name], str)
    for name, read in _TYPED_FIELDS.items():
        if name in packed:
            fields[name] = _unpack_found(packed[name], read)
    for name in _TEXT_LISTS:
        if name in packed:
            fields[name] = tuple(_unpack_found(found, str) for found in packed[name])
    if "doubts" in packed:
        fields["doubts"] = _unpack_reasons(packed["doubts"])
    return Letter(**fields)


def pack_decision(decision: Decision) -> Json:
    """Turn a decision into plain JSON values."""
    return {
        "group": decision.group,
        "scores": [
            [score.group, score.score, [list(one) for one in score.because]]
            for score in decision.scores
        ],
        "margin": decision.margin,
        "copies": list(decision.copies),
        "retention_class": decision.retention_class,
        "retention_because": decision.retention_because,
        "review": _pack_reasons(decision.review),
    }


def unpack_decision(packed: Json) -> Decision:
    """Read a decision back; raise KeyError or ValueError when the JSON is not a packed decision."""
    return Decision(
        group=packed["group"],
        scores=tuple(
            GroupScore(
                group, score, tuple((what, where, points) for what, where, points in because)
            )
            for group, score, because in packed["scores"]
        ),
        margin=packed["margin"],
        copies=tuple(packed["copies"]),
        retention_class=packed["retention_class"],
        retention_because=packed["retention_because"],
        review=_unpack_reasons(packed["review"]),
    )


def _pack_reasons(reasons: tuple[ReviewReason, ...]) -> list[list[Any]]:
    return [
        [reason.field, reason.code, reason.thai, reason.english, list(reason.pages)]
        for reason in reasons
    ]


def _unpack_reasons(packed: list[list[Any]]) -> tuple[ReviewReason, ...]:
    return tuple(
        ReviewReason(field, code, thai, english, tuple(*pages))  # older letters have no pages
        for field, code, thai, english, *pages in packed
    )


def _pack_found(found: Found[Any]) -> list[Any]:
    box = found.box
    return [
        found.value.isoformat() if isinstance(found.value, date) else str(found.value),
        found.as_printed,
        found.confidence,
        found.page,
        None if box is None else [box.left, box.top, box.right, box.bottom],
        found.how,
    ]


def _unpack_found(packed: list[Any], read: Callable[[str], T]) -> Found[T]:
    value, as_printed, confidence, page, box, how = packed
    return Found(
        value=read(value),
        as_printed=as_printed,
        confidence=confidence,
        page=page,
        box=None if box is None else Box(*box),
        how=how,
    )
