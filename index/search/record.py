"""What the index keeps of a letter: its tokens for the engine, and a record to show as a hit."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from index.registered_letter import RegisteredLetter
from index.search import analysis
from index.search.engine import EngineDocument
from index.search.errors import IndexUnavailableError

BUDDHIST_ERA_OFFSET = 543
# Between two fields in one token stream: no phrase reaches across, no typed text contains it.
GAP = "¦"
FIELDS = ("", "subject", "sender", "signer")  # what can be searched on its own; "" is everything
_BETWEEN, _END = b"\n", b"\x00"  # no skeleton holds them


@dataclass(frozen=True, slots=True)
class Record:
    """The stored part of a letter, enough to show it as a hit without asking the book."""

    letter_id: int
    register_number: str
    number: str
    date: str  # ISO, empty for none
    sender: str
    recipient: str
    subject: str
    group: str
    text: str
    book: str

    def to_bytes(self) -> bytes:
        """Pack for the engine: the skeletons of the fields first, to be compared without unpacking more."""
        bones = _BETWEEN.join(analysis.skeleton(self.field(where)) for where in FIELDS)
        return (
            bones
            + _END
            + zlib.compress(json.dumps(list(asdict(self).values()), ensure_ascii=False).encode())
        )

    @classmethod
    def from_bytes(cls, packed: bytes) -> Record:
        """Unpack what `to_bytes` packed; raises IndexUnavailableError for bytes that are something else."""
        try:
            return cls(*json.loads(zlib.decompress(packed[packed.index(_END) + 1 :])))
        except (ValueError, TypeError, zlib.error) as error:
            raise IndexUnavailableError(Path("search"), f"a record is damaged: {error}") from error

    def field(self, where: str) -> str:
        """Return what a search in `where` looks at: `subject`, `sender`, `signer`, or everything."""
        match where:
            case "subject":
                return self.subject
            case "sender":
                return self.sender
            case "signer":
                return "\n".join(analysis.signers(self.text))
        return "\n".join((self.subject, self.sender, self.recipient, self.text))


def bones_of(packed: bytes, where: str) -> bytes:
    """Return the skeleton of what a search in `where` looks at, from a packed record."""
    try:
        return packed[: packed.index(_END)].split(_BETWEEN)[FIELDS.index(where)]
    except (ValueError, IndexError) as error:
        raise IndexUnavailableError(Path("search"), f"a record is damaged: {error}") from error


def may_be_indexed(letter: RegisteredLetter) -> bool:
    """Tell whether a letter may be in the common index: not secret, and its mark check settled.

    This is the second wall; the first is whoever hands letters over.
    """
    return not letter.is_secret and not letter.secrecy and "secrecy" not in letter.review


def document_of(letter: RegisteredLetter) -> EngineDocument:
    """Analyse one letter; ValueError for a letter that may not be in the common index."""
    if not may_be_indexed(letter):
        raise ValueError(f"letter {letter.letter_id} may not be in the common search index")
    received = letter.received_at.date()
    record = Record(
        letter_id=letter.letter_id,
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
    return EngineDocument(
        letter_id=letter.letter_id,
        tokens={
            **_tokens(record),
            "shown_to": " ".join(dict.fromkeys((letter.group, *letter.copies))),
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
            "letter_id": letter.letter_id,
            "revision": letter.revision,
            "date": ordinal(letter.date),
            "received": ordinal(received),
            "register": letter.register_number.buddhist_year * 10_000_000
            + letter.register_number.running,
        },
        record=record.to_bytes(),
    )


def ordinal(day: date | None) -> int:
    """Return the day as a number that sorts; 0 for none."""
    return day.toordinal() if day else 0


def _tokens(record: Record) -> dict[str, str]:
    subject, sender = analysis.words(record.subject), analysis.words(record.sender)
    subject_bones, sender_bones = (
        analysis.skeleton(record.subject),
        analysis.skeleton(record.sender),
    )
    others = (record.recipient, record.text)
    text = analysis.words(record.text, normalized=True)  # as `ocr.assemble` leaves every line
    parts = [subject, sender, analysis.words(record.recipient), text]
    bones = [subject_bones, sender_bones, *(analysis.skeleton(text) for text in others)]
    numbers = analysis.number_parts(record.number) if record.number else []
    signers = analysis.signers(record.text)
    return {
        "words": " ".join(map(" ".join, parts)),
        "pairs": f" {GAP} ".join(" ".join(analysis.pairs(part)) for part in parts),
        "skeleton": f" {GAP} ".join(" ".join(analysis.grams(part)) for part in bones),
        "subject_words": " ".join(subject),
        "subject_skeleton": " ".join(analysis.grams(subject_bones)),
        "sender_words": " ".join(sender),
        "sender_skeleton": " ".join(analysis.grams(sender_bones)),
        "signer_words": f" {GAP} ".join(" ".join(analysis.words(one)) for one in signers),
        "signer_skeleton": f" {GAP} ".join(
            " ".join(analysis.grams(analysis.skeleton(one))) for one in signers
        ),
        "number": " ".join([*numbers, record.register_number]),
        "mentions": " ".join(analysis.mentions(f"{record.subject}\n{record.text}")),
    }
