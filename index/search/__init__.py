"""Find letters again: one index, any engine. Start with `open_index`."""

from index.search.abbreviations import ABBREVIATIONS_FILE, Abbreviations, load_abbreviations
from index.search.engine import FACET_FIELDS, Sort
from index.search.folder import DEFAULT_ENGINE, ENGINES, open_index, rebuild
from index.search.follow import Differences, compare, follow_outbox, heal
from index.search.hit import Hit, SearchResult
from index.search.letter_index import (
    Change,
    Delete,
    LetterIndex,
    Upsert,
)
from index.search.plan import Within
from index.search.query import Query, parse_query
from index.search.snippet import Snippet

__all__ = [
    "ABBREVIATIONS_FILE",
    "DEFAULT_ENGINE",
    "ENGINES",
    "FACET_FIELDS",
    "Abbreviations",
    "Change",
    "Delete",
    "Differences",
    "Hit",
    "LetterIndex",
    "Query",
    "SearchResult",
    "Snippet",
    "Sort",
    "Upsert",
    "Within",
    "compare",
    "follow_outbox",
    "heal",
    "load_abbreviations",
    "open_index",
    "parse_query",
    "rebuild",
]
