"""The narrow door to a search engine: what every engine does for the index, and its schema.

Row fields hold whitespace tokens in their places, counted fields tokens and how often they stand
there, keyword fields only which; number fields hold whole numbers. One field, `record`, is only
stored: bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from index.search.expression import Expression

COUNTED_FIELDS = ("words",)
ROW_FIELDS = (
    "pairs",
    "skeleton",
    "subject_words",
    "subject_skeleton",
    "sender_words",
    "sender_skeleton",
    "signer_words",
    "signer_skeleton",
)
KEYWORD_FIELDS = ("number", "mentions", "shown_to", "sample")
TEXT_FIELDS = (*COUNTED_FIELDS, *ROW_FIELDS, *KEYWORD_FIELDS)
FACET_FIELDS = ("group", "kind", "urgency", "year", "sender", "book")
NUMBER_FIELDS = ("letter_id", "revision", "date", "received", "register")


class Sort(StrEnum):
    """The orders a list of hits can have."""

    RELEVANCE = "relevance"
    NEWEST = "newest"  # the letter's own date, latest first
    OLDEST = "oldest"
    REGISTER = "register"  # receive number, latest first
    REGISTER_UP = "register_up"


SORT_FIELDS: dict[Sort, tuple[str, bool]] = {
    Sort.NEWEST: ("date", True),
    Sort.OLDEST: ("date", False),
    Sort.REGISTER: ("register", True),
    Sort.REGISTER_UP: ("register", False),
}


@dataclass(frozen=True, slots=True)
class EngineDocument:
    """One letter as an engine takes it: tokens joined by spaces, facet values, numbers, the record."""

    letter_id: int  # `record.number_of`
    tokens: dict[str, str]  # TEXT_FIELDS
    facets: dict[str, str]  # FACET_FIELDS, one value each, may hold spaces
    numbers: dict[str, int]  # NUMBER_FIELDS
    record: bytes


class EngineHit(NamedTuple):
    """One letter found: its id, the engine's score and its record."""

    letter_id: int
    score: float
    record: bytes


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    """The hits asked for, and how many there are in all."""

    hits: list[EngineHit]
    total: int


class Engine(Protocol):
    """An open index folder. Reading is safe beside one writer; writing is one batch, one commit."""

    def write(self, removed: Collection[int], added: Iterable[EngineDocument]) -> None:
        """Remove letters, then add letters, and commit once; a kill leaves all or nothing."""

    def run(
        self,
        expression: Expression,
        *,
        sort: Sort = Sort.RELEVANCE,
        limit: int = 10,
        offset: int = 0,
    ) -> EngineAnswer:
        """Find letters; ties in score and sort field fall in any order."""

    def facets(self, expression: Expression, fields: Sequence[str]) -> dict[str, dict[str, int]]:
        """Count the letters that match by the values of facet fields."""

    def count(self, expression: Expression) -> int:
        """Count the letters that match."""

    def revisions(self, letter_ids: Collection[int] | None = None) -> dict[int, int]:
        """Return letter id → revision for all letters, or for those asked that are there."""

    def tokens_starting(self, field: str, prefix: str, limit: int) -> Iterator[str]:
        """Yield tokens of a text field that begin with `prefix`, at most `limit`; some may be of
        letters removed since."""

    def frequency(self, field: str, token: str) -> int:
        """Return in about how many letters a text field holds a token, at no cost."""

    def refresh(self) -> None:
        """See what was committed since."""

    def forget(self, read: Callable[[int], EngineDocument | None], limit: int) -> bool:
        """Take the words of removed letters out of the files too; return whether anything was left.

        What lies in one file with them is written anew: `read` gives a letter's document, None when
        it is gone; an engine may stop after `limit` letters and goes on when called again.
        """

    def tidy(self) -> None:
        """Do the merging and cleaning that a rebuild ends with."""

    def close(self) -> None:
        """Let go of files and locks."""
