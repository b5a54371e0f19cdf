"""What the index keeps of a letter: its tokens for the engine, and a record to show as a hit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from index.registered_letter import LetterKey, LetterKind, RegisteredLetter
from index.search import analysis
from index.search.engine import EngineDocument
from index.search.errors import IndexUnavailableError
from index.visibility import groups_having
from ocr.thai_text import settle

# Between two fields in one token stream: no phrase reaches across, no typed text contains it.
_BESIDE = " ¦ "
PARTS = ("subject", "sender", "recipient", "text")
FIELDS = ("", "subject", "sender", "signer")  # what can be searched on its own; "" is everything
_BETWEEN, _END = b"\n", b"\x00"  # no skeleton holds them
_NUL = "\0"
_ONE_BYTE, _UTF_8 = b"1", b"8"
_ENCODINGS = {_ONE_BYTE: analysis.ENCODING, _UTF_8: "utf-8"}


def _looked_at(where: str) -> tuple[str, ...]:
    return (where,) if where in PARTS else PARTS


@dataclass(frozen=True, slots=True)
class Record:
    """The stored part of a letter, enough to show it as a hit without asking the book."""

    register_number: str
    number: str
    date: str  # ISO, empty for none
    sender: str
    recipient: str
    subject: str
    group: str
    text: str
    book: str

    def to_bytes(self, bones: Bones) -> bytes:
        """Pack for the engine: the skeletons of the fields first, to be compared without unpacking more.

        The rest stands after them in one byte a Thai letter where that can be, and is unpacked without a
        parser (a fifth of the time of JSON, which every letter looked at more closely would pay). Engines
        compress what they store.
        """
        values = (str(getattr(self, one.name)).replace(_NUL, " ") for one in fields(self))
        text = _NUL.join(values)
        try:
            packed = _ONE_BYTE + text.encode(analysis.ENCODING)
        except UnicodeEncodeError:
            packed = _UTF_8 + text.encode()
        return _BETWEEN.join(bones.of(where) for where in FIELDS) + _END + packed

    @classmethod
    def from_bytes(cls, packed: bytes) -> Record:
        """Unpack what `to_bytes` packed; raises IndexUnavailableError for bytes that are something else."""
        try:
            start = packed.index(_END) + 1
            kind, values = packed[start : start + 1], packed[start + 1 :]
            return cls(*values.decode(_ENCODINGS[kind]).split(_NUL))
        except (ValueError, TypeError, KeyError) as error:
            raise IndexUnavailableError(Path("search"), f"a record is damaged: {error}") from error

    def field(self, where: str) -> str:
        """Return what a search in `where` looks at: `subject`, `sender`, `signer`, or everything."""
        looked_at = analysis.signers(self.text) if where == "signer" else _parts(self, where)
        return "\n".join(looked_at)


_NAMES = [one.name for one in fields(Record)]
_PLACES = {where: [_NAMES.index(name) for name in _looked_at(where)] for where in ("", *PARTS)}


@dataclass(frozen=True, slots=True)
class Bones:
    """The skeletons of a letter's parts, each made once."""

    subject: bytes
    sender: bytes
    recipient: bytes
    text: bytes
    signers: tuple[bytes, ...]

    @classmethod
    def from_record(cls, record: Record) -> Bones:
        """Make the skeletons of a record."""
        return cls(
            subject=analysis.skeleton(record.subject),
            sender=analysis.skeleton(record.sender),
            recipient=analysis.skeleton(record.recipient),
            text=analysis.skeleton(record.text),
            signers=tuple(map(analysis.skeleton, analysis.signers(record.text))),
        )

    def of(self, where: str) -> bytes:
        """Return the skeleton of what a search in `where` looks at, as `Record.field` has its text."""
        return b"".join(self.signers if where == "signer" else _parts(self, where))


def _parts(of: Record | Bones, where: str) -> Iterator[Any]:
    """Yield the parts of a letter, as text or as skeletons, that a search in `where` looks at."""
    return (getattr(of, name) for name in _looked_at(where))


def bones_of(packed: bytes, where: str) -> bytes:
    """Return the skeleton of what a search in `where` looks at, from a packed record."""
    try:
        if not where:  # most are asked for everywhere
            return packed[: packed.index(_BETWEEN)]
        return packed[: packed.index(_END)].split(_BETWEEN)[FIELDS.index(where)]
    except (ValueError, IndexError) as error:
        raise IndexUnavailableError(Path("search"), f"a record is damaged: {error}") from error


def number_of(key: LetterKey) -> int:
    """Return the whole number that engines know a letter by."""
    return 2 * key.id + (key.kind is LetterKind.SENT)


def key_of(number: int) -> LetterKey:
    """Return the letter that engines know by this number."""
    letter_id, is_sent = divmod(number, 2)
    return LetterKey(LetterKind.SENT if is_sent else LetterKind.RECEIVED, letter_id)


def text_of(packed: bytes, where: str) -> bytes:
    """Return the text that a search in `where` looks at, one byte a character, from a packed record."""
    start = packed.find(_END) + 1
    if where == "signer" or packed[start : start + 1] != _ONE_BYTE:
        return analysis.one_byte_each(Record.from_bytes(packed).field(where))
    values = packed[start + 1 :].split(_END)
    return b"\n".join([values[place] for place in _PLACES[where]])


def may_be_indexed(letter: RegisteredLetter) -> bool:
    """Tell whether a letter may be in the common index: not secret, and its mark check settled.

    This is the second wall; the first is whoever hands letters over.
    """
    return not letter.is_secret and not letter.secrecy and "secrecy" not in letter.review


def document_of(letter: RegisteredLetter) -> EngineDocument:
    """Analyse one letter; ValueError for a letter that may not be in the common index."""
    if not may_be_indexed(letter):
        raise ValueError(f"{letter.key} may not be in the common search index")
    received = letter.received_at.date()
    record = Record(
        register_number=str(letter.register_number),
        number=letter.number,
        date=letter.date.isoformat() if letter.date else "",
        sender=letter.sender,
        recipient=letter.recipient,
        subject=letter.subject,
        group=letter.group,
        text=letter.text,
        book=letter.book,
    )
    bones = Bones.from_record(record)
    return EngineDocument(
        letter_id=number_of(letter.key),
        tokens={
            **_tokens(record, bones),
            "shown_to": " ".join(sorted(groups_having(letter))),
            "sample": analysis.sample_of(letter.letter_id),
        },
        facets={
            "group": letter.group,
            "kind": letter.kind,
            "urgency": letter.urgency,
            "year": str(letter.register_number.buddhist_year),
            "sender": letter.sender,
            "book": letter.book,
        },
        numbers={
            "letter_id": number_of(letter.key),
            "revision": letter.revision,
            "date": ordinal(letter.date),
            "received": ordinal(received),
            "register": letter.register_number.buddhist_year * 10_000_000
            + letter.register_number.running,
        },
        record=record.to_bytes(bones),
    )


def ordinal(day: date | None) -> int:
    """Return the day as a number that sorts; 0 for none."""
    return day.toordinal() if day else 0


def _tokens(record: Record, bones: Bones) -> dict[str, str]:
    subject, sender = _words(record.subject), _words(record.sender)
    text = analysis.words(record.text, normalized=True)  # as `ocr.assemble` leaves every line
    parts = [subject, sender, _words(record.recipient), text]
    rows = map(analysis.gram_row, (bones.subject, bones.sender, bones.recipient, bones.text))
    numbers = analysis.number_parts(record.number) if record.number else []
    signers = map(_words, analysis.signers(record.text))
    return {
        "words": " ".join(map(" ".join, parts)),
        "pairs": _BESIDE.join(" ".join(analysis.pairs(part)) for part in parts),
        "skeleton": _BESIDE.join(rows),
        "subject_words": " ".join(subject),
        "subject_skeleton": analysis.gram_row(bones.subject),
        "sender_words": " ".join(sender),
        "sender_skeleton": analysis.gram_row(bones.sender),
        "signer_words": _BESIDE.join(map(" ".join, signers)),
        "signer_skeleton": _BESIDE.join(map(analysis.gram_row, bones.signers)),
        "number": " ".join([*numbers, record.register_number]),
        "mentions": " ".join(analysis.mentions(f"{record.subject}\n{record.text}")),
    }


def _words(field: str) -> list[str]:
    """Return the words of a field, which a person may have typed: its signs are put in order first."""
    return analysis.words(settle(field), normalized=True)
