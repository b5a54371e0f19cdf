"""Records looked at lately, so that comparing a thousand letters need not unpack a thousand from disk each time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from threading import Lock
from typing import TypeAlias

MOST_BYTES = 96_000_000  # the records of some 35,000 letters of a page

Revision: TypeAlias = tuple[int, int]  # of a letter, as engines number it; its record never changes


class RecordCache:
    """Keeps packed records by letter and revision, the oldest go first; threads may share it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._records: dict[int, tuple[int, bytes]] = {}
        self._lock = Lock()

    def read(self, wanted: Sequence[Revision], fetch: Callable[[int], bytes]) -> list[bytes]:
        """Return the records of letters; `fetch` reads one that is not kept, by its place in `wanted`."""
        records: list[bytes] = []
        fresh: list[tuple[int, int, bytes]] = []
        for place, (letter, revision) in enumerate(wanted):
            kept = self._records.get(letter)
            if kept is None or kept[0] != revision:
                kept = revision, fetch(place)
                fresh.append((letter, *kept))
            records.append(kept[1])
        if fresh:
            self._keep(fresh)
        return records

    def drop(self, letters: Iterable[int]) -> None:
        """Keep nothing more of letters that were removed."""
        with self._lock:
            for letter in letters:
                self._drop(letter)

    def _keep(self, fresh: Iterable[tuple[int, int, bytes]]) -> None:
        with self._lock:
            for letter, revision, record in fresh:
                self._drop(letter)
                self._records[letter] = revision, record
                self._bytes += len(record)
            while self._bytes > self._most_bytes:
                self._drop(next(iter(self._records)))

    def _drop(self, letter: int) -> None:
        gone = self._records.pop(letter, None)
        self._bytes -= len(gone[1]) if gone else 0
