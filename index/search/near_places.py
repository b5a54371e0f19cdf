"""Where many skeletons hold a typed text, or come near it: all looked at at once.

With at most k letters wrong, one of k + 1 pieces of the text is whole (pigeonhole principle), so only what stands
around whole pieces need be compared. All those stretches are compared together, letter after letter, by Myers' bit
vectors (Hyyrö 2003, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances") as arrays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from index.search.analysis import GRAM, pieces

LONGEST = 64  # letters of a text, one bit each
BETWEEN = LONGEST + 16  # zeros between two skeletons: no stretch reaches from one into the next
_COUNTED = 8_000  # letters of a row that tell what is rare in it
_AT_ONCE = 200_000  # letters compared at once: more would leave the processor's cache
_COUPLE = np.dtype("<u2")
_VECTORS = (np.uint8, np.uint16, np.uint32, np.uint64)

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class SkeletonRow:
    """Skeletons one after another, zeros between and around them; `begins` tells where in `row` each does."""

    skeletons: Sequence[bytes]
    row: bytes
    couples: tuple[
        NDArray[np.uint16], NDArray[np.uint16]
    ]  # each two letters from even, from odd places
    begins: Places
    lengths: Places

    @classmethod
    def of(cls, skeletons: Sequence[bytes]) -> SkeletonRow:
        """Lay out skeletons, which are known by their place in the list from here on."""
        between = bytes(BETWEEN)
        row = between.join((b"", *skeletons, b""))
        lengths = np.fromiter(map(len, skeletons), np.intp, len(skeletons))
        begins = np.cumsum(lengths + BETWEEN) - lengths
        evenly, oddly = row[: len(row) // 2 * 2], row[1 : 1 + (len(row) - 1) // 2 * 2]
        couples = np.frombuffer(evenly, _COUPLE), np.frombuffer(oddly, _COUPLE)
        return cls(skeletons, row, couples, begins, lengths)

    def owners(self, places: Places) -> Places:
        """Return which skeletons begin last before places of the row."""
        return np.searchsorted(self.begins, places, side="right") - 1

    def whole_places(self, wanted: bytes) -> dict[int, list[int]]:
        """Return in which skeletons, and where in them, `wanted` stands as it is."""
        found: list[int] = []
        place = self.row.find(wanted) if wanted else -1
        while place >= 0:
            found.append(place)
            place = self.row.find(wanted, place + 1)
        by_owner: dict[int, list[int]] = defaultdict(list)
        places = np.array(found, np.intp)
        owners = self.owners(places)
        within = places - self.begins[owners]
        for owner, place in zip(owners.tolist(), within.tolist(), strict=True):
            by_owner[owner].append(place)
        return by_owner


def stretches_near(
    laid: SkeletonRow, wanted: bytes, limit: int, besides: Collection[int] = ()
) -> Mapping[int, list[tuple[int, int]]]:
    """Return in which stretches of which skeletons the likest places lie.

    Only skeletons that hold `wanted` with at most `limit` letters wrong are among them, and none of `besides`. A text
    of more than LONGEST letters, or of fewer than GRAM for each piece, is not compared here: all of each skeleton is
    returned.
    """
    count = len(laid.skeletons)
    width = len(wanted) + 2 * limit
    if not GRAM * (limit + 1) <= len(wanted) <= LONGEST or width > BETWEEN:
        rest = (place for place in range(count) if place not in besides)
        return {place: [(0, len(laid.skeletons[place]))] for place in rest}
    row = np.frombuffer(laid.row, np.uint8)
    starts = _around_whole_pieces(laid, wanted, limit)
    # A place whose first letters are missing may stand at the very beginning: its stretch begins before.
    owners = laid.owners(starts + 3 * limit)
    if besides:
        asked = np.ones(count, np.bool_)
        asked[list(besides)] = False
        kept = asked[owners]
        starts, owners = starts[kept], owners[kept]
    windows, step = sliding_window_view(row, width), _AT_ONCE // width
    parts = (starts[first : first + step] for first in range(0, len(starts), step))
    each = [_fewest_errors(windows[part], wanted) for part in parts]
    errors = np.concatenate([np.zeros(0, np.uint8), *each])
    near = errors <= limit
    owners, errors = owners[near], errors[near]
    begun = starts[near] - laid.begins[owners]
    if owners.size:  # owners stand in order: of each only the likest are kept
        first_of_each = np.diff(owners, prepend=-1).nonzero()[0]
        counts = np.diff(first_of_each, append=owners.size)
        least = np.repeat(np.minimum.reduceat(errors, first_of_each), counts)
        owners, begun = owners[errors == least], begun[errors == least]
    ends = np.minimum(begun + width, laid.lengths[owners])
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = zip(owners.tolist(), np.maximum(begun, 0).tolist(), ends.tolist(), strict=True)
    for owner, first, last in rows:
        found[owner].append((first, last))
    return found


def _around_whole_pieces(laid: SkeletonRow, wanted: bytes, limit: int) -> Places:
    """Return where the stretches begin that hold a whole piece of `wanted` about where it should stand."""
    begins = np.zeros(len(laid.row), np.bool_)
    before = limit
    for piece in pieces(wanted, limit + 1):
        begins[_places_of(laid, piece) - before] = True
        before += len(piece)
    return begins.nonzero()[0]


def _places_of(laid: SkeletonRow, piece: bytes) -> Places:
    """Return where a piece stands: its rarest two neighbouring letters are looked for, the others there only."""
    couples = [piece[place : place + 2] for place in range(len(piece) - 1)]
    sample = laid.row[:_COUNTED]
    first = min(range(len(couples)), key=lambda place: sample.count(couples[place]))
    code = np.frombuffer(couples[first], _COUPLE)[0]
    row = np.frombuffer(laid.row, np.uint8)
    halves = [(couple == code).nonzero()[0] for couple in laid.couples]
    places: Places = np.concatenate((halves[0] * 2, halves[1] * 2 + 1)) - first
    places = places[(places >= 0) & (places <= row.size - len(piece))]
    for place, letter in enumerate(piece):
        if place not in (first, first + 1):
            places = places[row[places + place] == letter]
    return places


def _fewest_errors(stretches: NDArray[np.uint8], wanted: bytes) -> NDArray[np.uint8]:
    """Return how many letters the likest place of each stretch, a row, has wrong."""
    count = len(wanted)
    kind: Any = next(one for one in _VECTORS if count <= np.iinfo(one).bits)
    held = np.zeros(256, kind)
    for place, letter in enumerate(wanted):
        held[letter] |= kind(1 << place)
    last, one = kind(count - 1), kind(1)
    up = np.full(len(stretches), (1 << count) - 1, kind)
    down = np.zeros_like(up)
    errors = np.full(up.size, count, np.uint8)
    least = errors.copy()
    for equal in held[np.ascontiguousarray(stretches.T)]:
        same = (((equal & up) + up) ^ up) | equal | down
        more, fewer = down | ~(same | up), same & up
        errors += ((more >> last) & one).astype(np.uint8)
        errors -= ((fewer >> last) & one).astype(np.uint8)
        more <<= one
        fewer <<= one
        up, down = fewer | ~(same | more), more & same
        np.minimum(least, errors, out=least)
    return least
