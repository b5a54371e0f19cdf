"""What the index keeps of a letter comes back as it was, whatever signs stand in it."""

from __future__ import annotations

from typing import Any

import pytest

from index.registered_letter import LetterKey
from index.search.analysis import one_byte_each
from index.search.errors import IndexUnavailableError
from index.search.record import FIELDS, Bones, Record, bones_of, key_of, number_of, text_of

RECORD = Record(
    "12/2569",
    "ศธ 04001/ว 1",
    "2026-01-15",
    "สพฐ.",
    "ผอ.",
    "เรื่องหนึ่ง",
    "plan",
    "ขอ\nเชิญ\f",
    "sent",
)


@pytest.mark.parametrize("sign", ["", "“–…”", "😀", "é", "ํา"])
def test_a_record_comes_back_as_it_was(sign: str) -> None:
    record = Record(**{**_values(), "text": f"ขอเชิญ{sign}ประชุม ๒๕๖๙\n(นายสม ใจ)"})
    packed = record.to_bytes(Bones.from_record(record))
    assert Record.from_bytes(packed) == record
    for where in FIELDS:
        assert bones_of(packed, where) == Bones.from_record(record).of(where)
        assert text_of(packed, where) == one_byte_each(record.field(where))


def test_the_sign_between_two_fields_is_none_of_theirs() -> None:
    record = Record(**{**_values(), "subject": "สอง\0ส่วน"})
    assert Record.from_bytes(record.to_bytes(Bones.from_record(record))).subject == "สอง ส่วน"


@pytest.mark.parametrize("key", [LetterKey.received(7), LetterKey.sent(7), LetterKey.sent(0)])
def test_a_letters_number_tells_which_it_is(key: LetterKey) -> None:
    assert key_of(number_of(key)) == key
    assert number_of(key) >= 0


@pytest.mark.parametrize("packed", [b"", b"bones", b"bones\0", b"b\0" + b"1" + b"\0\0", b"b\0x1"])
def test_bytes_that_are_something_else_are_damage(packed: bytes) -> None:
    with pytest.raises(IndexUnavailableError, match="damaged"):
        Record.from_bytes(packed)


def _values() -> dict[str, Any]:
    return {name: getattr(RECORD, name) for name in Record.__slots__}
