"""What was counted, remembered for as long as nobody writes to the book.

To count a hundred thousand letters takes 10 to 25 ms, and most pages show the same few counts. A
count is handed out again only while the book's stamp is the one it was made under, and the stamp
changes with every commit of anybody, in whichever process: nothing here can be forgotten to be
renewed, and no clock is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")
MOST_KEPT = 1_000  # what is asked for comes from addresses, so it must end somewhere


class Remembered:
    """Keeps what was found under a key; threads may share it.

    `stamp` returns what differs after every change, or None when that cannot be told. A key says
    everything the answer depends on but the book: who looks (`Viewer.nameless`) always belongs to it,
    so that nobody is handed a count of letters she may not see.
    """

    def __init__(self, stamp: Callable[[], str | None]) -> None:
        self._stamp = stamp
        self._kept: dict[Hashable, tuple[str, Any]] = {}

    def of(self, key: Hashable, find: Callable[[], T]) -> T:
        """Return what `find` returned under the key since the last change, else what it returns now.

        What it returns is shared and must not be changed.
        """
        stamp = self._stamp()  # before looking: what changes meanwhile makes the answer old at once
        if stamp is None:
            return find()
        kept = self._kept.get(key)
        if kept is not None and kept[0] == stamp:
            found: T = kept[1]
            return found
        found = find()
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[key] = (stamp, found)
        return found
