"""What a search gives: letters ready to be shown, and what is known of them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from index.registered_letter import LetterKey, RegisterNumber
from index.search.engine import EngineHit
from index.search.record import Record, key_of
from index.search.snippet import Snippet, make_snippet


@dataclass(frozen=True, slots=True)
class Hit:
    """One letter found, ready to be shown; `book` is the one that its register number is of."""

    key: LetterKey
    book: str
    register_number: RegisterNumber
    number: str
    date: date | None
    sender: str
    subject: str
    group: str
    score: float
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page of hits, how many there are in all, facet counts, and a spelling that finds more.

    Of very many hits the facets are `estimated`: rounded counts; a rare value may be left out. Letters
    that only resemble what was typed are `near`: no letter says it. `asked_nothing`: something was typed, but
    nothing that could be looked for.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    did_you_mean: str | None = None
    estimated: bool = False
    near: bool = False
    asked_nothing: bool = False


def hit_of(hit: EngineHit, typed: Sequence[str]) -> Hit:
    """Return what an engine found as a hit, with a snippet around the texts in `typed`."""
    record = Record.from_bytes(hit.record)
    return Hit(
        key=key_of(hit.letter_id),
        book=record.book,
        register_number=RegisterNumber.parse(record.register_number),
        number=record.number,
        date=date.fromisoformat(record.date) if record.date else None,
        sender=record.sender,
        subject=record.subject,
        group=record.group,
        score=hit.score,
        snippet=make_snippet(record.text, typed),
    )
