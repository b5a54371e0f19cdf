"""Who has which letter before her: kept by the one server process, forgotten after a while.

Nobody is kept from a letter by it: the book refuses a second change by itself (`LetterChangedError`).
It only gives two clerks different letters, and says who looks at the one that both opened. Whoever
asks it must have asked the book first whether the letter may be opened: it knows ids, and no rights.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime, timedelta

LEASE = timedelta(seconds=90)
"""How long one who opened a letter is taken to sit before it; an open page says so every 30 seconds."""


class Presence:
    """The letters that people have before them; threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: dict[tuple[int, str], datetime] = {}

    def come(self, letter_id: int, who: str, now: datetime) -> str:
        """Note that somebody has the letter before her; return who came first and still has it, or nothing."""
        with self._lock:
            self._forget(now)
            others = [name for one, name in self._until if one == letter_id and name != who]
            self._until[letter_id, who] = now + LEASE
            return others[0] if others else ""

    def go(self, letter_id: int, who: str) -> None:
        """Note that somebody is done with the letter."""
        with self._lock:
            self._until.pop((letter_id, who), None)

    def taken(self, who: str, now: datetime) -> frozenset[int]:
        """Return the letters that others have before them."""
        with self._lock:
            self._forget(now)
            return frozenset(one for one, name in self._until if name != who)

    def of(self, letter_ids: Iterable[int], who: str, now: datetime) -> dict[int, str]:
        """Return by letter which other person has it; letters that nobody else has are left out."""
        wanted = frozenset(letter_ids)
        with self._lock:
            self._forget(now)
            return {one: name for one, name in self._until if one in wanted and name != who}

    def _forget(self, now: datetime) -> None:
        self._until = {key: until for key, until in self._until.items() if until > now}
