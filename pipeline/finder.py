"""Searching: an index opened for reading beside the one writer, found anew when it was rebuilt."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.registered_letter import LetterKey
from index.search import (
    Hit,
    LetterIndex,
    Query,
    SearchResult,
    Sort,
    Within,
    load_abbreviations,
    open_index,
    parse_query,
)
from index.search.errors import AbbreviationsError
from index.search.period import Period
from index.search.query import All, Dated, Node, Words
from index.visibility import Viewer

log = logging.getLogger("saraban.search")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for; empty and None mean any. The days are the letter's own date."""

    text: str
    group: str = ""
    sender: str = ""
    first_day: date | None = None
    last_day: date | None = None
    kind: str = ""
    urgency: str = ""
    year: str = ""
    book: str = ""
    sort: Sort = Sort.RELEVANCE

    @property
    def filters(self) -> dict[str, list[str]]:
        """The facets it is narrowed to."""
        named = {
            "group": self.group,
            "kind": self.kind,
            "urgency": self.urgency,
            "year": self.year,
            "book": self.book,
        }
        return {facet: [value] for facet, value in named.items() if value}


class Finder:
    """A reader of the index in `folder`; threads may share it.

    `leaving` gives the letters that the index still holds and must not (`Outbox.leaving`).
    `abbreviations` is the office's own table, read again when it changes; it need not be there.
    """

    def __init__(
        self,
        folder: Path,
        engine: str,
        group_names: Mapping[str, str],
        leaving: Callable[[], frozenset[LetterKey]] = frozenset,
        *,
        abbreviations: Path | None = None,
    ) -> None:
        self._leaving = leaving
        self._abbreviations = abbreviations
        self._table_read: tuple[int, int] | None = None
        self._folder = folder
        self._engine = engine
        self._group_names = group_names
        self._lock = threading.Lock()
        self._index: LetterIndex | None = None
        self._pointer = b""

    def search(
        self,
        wanted: Wanted,
        *,
        viewer: Viewer,
        today: date,
        limit: int = 20,
        offset: int = 0,
        facets: Sequence[str] = (),
    ) -> SearchResult:
        """Find letters that the viewer may open, those registered a moment ago included.

        Also counts and suggestions speak of those only. Raises SearchError.
        """
        typed = parse_query(wanted.text, today)
        more: list[Node] = []
        if wanted.sender:
            more.append(Words(wanted.sender, where="sender"))
        if wanted.first_day or wanted.last_day:
            period = Period(wanted.first_day or date.min, wanted.last_day or date.max)
            more.append(Dated(period, "", only_own=True))
        query = Query(typed.text, All((*typed.root.parts, *more)))
        with self._lock:
            return self._current().search(
                query,
                today=today,
                filters=wanted.filters,
                sort=wanted.sort,
                limit=limit,
                offset=offset,
                facets=facets,
                within=self._within(viewer),
            )

    def complete(self, prefix: str, field: str, *, viewer: Viewer) -> tuple[str, ...]:
        """Return senders (`sender`) or subjects (`subject`) that hold what was typed so far."""
        with self._lock:
            return self._current().complete(prefix, field, within=self._within(viewer))

    def more_like(self, key: LetterKey, *, viewer: Viewer, limit: int = 10) -> tuple[Hit, ...]:
        """Return letters that speak of the same things. Raises SearchError."""
        with self._lock:
            return self._current().more_like(key, limit, within=self._within(viewer))

    def count(self) -> int:
        """Return how many letters the index holds. Raises SearchError."""
        with self._lock:
            return self._current().count()

    def revisions(self) -> dict[LetterKey, int]:
        """Return the revision each letter was indexed at. Raises SearchError."""
        with self._lock:
            return dict(self._current().revisions())

    def close(self) -> None:
        """Let go of the index."""
        with self._lock:
            if self._index is not None:
                self._index.close()
                self._index = None

    def _current(self) -> LetterIndex:
        pointer = self._folder / "active"
        now = pointer.read_bytes() if pointer.is_file() else b""
        if self._index is None or now != self._pointer:
            if self._index is not None:
                self._index.close()
            self._index = open_index(self._folder, self._engine, group_names=self._group_names)
            self._pointer = pointer.read_bytes()
            self._table_read = None
        else:
            self._index.refresh()
        self._read_abbreviations(self._index)
        return self._index

    def _within(self, viewer: Viewer) -> Within | None:
        """Return what a viewer may search in; secret letters are in no index, granted or not."""
        leaving = self._leaving()
        if viewer.keeps_register:
            return Within(None, but=leaving) if leaving else None
        return Within(
            viewer.own_groups, frozenset(map(LetterKey.received, viewer.granted)), leaving
        )

    def _read_abbreviations(self, index: LetterIndex) -> None:
        """Take over the office's own abbreviations when they changed; a broken table changes nothing."""
        changed = _changed(self._abbreviations)
        if changed == self._table_read:
            return
        self._table_read = changed
        try:
            index.abbreviations = load_abbreviations(self._abbreviations)
        except AbbreviationsError as error:
            log.error("%s", error)


def _changed(path: Path | None) -> tuple[int, int] | None:
    """Return what changes with a file's content; None where there is none."""
    try:
        facts = path.stat() if path else None
    except OSError:
        return None
    return (facts.st_mtime_ns, facts.st_size) if facts else None
