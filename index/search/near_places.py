"""Where many skeletons come near a typed text: all compared at once.

With at most k letters wrong, one of k + 1 pieces of the text is whole (pigeonhole principle), so only what stands
around whole pieces need be compared. All those stretches are compared together, letter after letter, by Myers' bit
vectors (Hyyrö 2003, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances") as arrays: for 300
letters two to four milliseconds instead of seven, up to six for a long phrase.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.search.analysis import GRAM, pieces

LONGEST = 64  # letters of a text, one bit each
_VECTORS = (np.uint8, np.uint16, np.uint32, np.uint64)

Places = NDArray[np.intp]


def stretches_near(
    skeletons: Sequence[bytes], wanted: bytes, limit: int
) -> Mapping[int, list[tuple[int, int]]]:
    """Return in which stretches of which skeletons (by their place in the list) the likest places lie.

    Only skeletons that hold `wanted` with at most `limit` letters wrong are among them. A text of more than
    LONGEST letters, or of fewer than GRAM for each piece, is not compared here: all of each skeleton is returned.
    """
    if not GRAM * (limit + 1) <= len(wanted) <= LONGEST:
        return {place: [(0, len(bones))] for place, bones in enumerate(skeletons)}
    width = len(wanted) + 2 * limit
    between = bytes(width)  # no stretch reaches into the next skeleton
    row = np.frombuffer(b"".join((between, *(bones + between for bones in skeletons))), np.uint8)
    starts = _around_whole_pieces(row, wanted, limit)
    errors = _fewest_errors(row[starts + np.arange(width)[:, None]], wanted)
    near = errors <= limit
    begins = np.cumsum([width, *(len(bones) + width for bones in skeletons)])
    found: dict[int, tuple[int, list[tuple[int, int]]]] = defaultdict(lambda: (limit + 1, []))
    # A place whose first letters are missing may stand at the very beginning: its stretch begins before.
    owners = np.searchsorted(begins, starts[near] + 3 * limit, side="right") - 1
    rows = zip(owners.tolist(), starts[near].tolist(), errors[near].tolist(), strict=True)
    for owner, start, wrong in rows:
        first = start - int(begins[owner])
        stretch = max(0, first), min(first + width, len(skeletons[owner]))
        least, stretches = found[owner]
        if wrong < least:
            found[owner] = wrong, [stretch]
        elif wrong == least:
            stretches.append(stretch)
    return {owner: stretches for owner, (_, stretches) in found.items()}


def _around_whole_pieces(row: NDArray[np.uint8], wanted: bytes, limit: int) -> Places:
    """Return where the stretches begin that hold a whole piece of `wanted` about where it should stand."""
    begun: list[Places] = []
    before = limit
    for piece in pieces(wanted, limit + 1):
        begun.append(_places_of(row, piece) - before)
        before += len(piece)
    starts = np.sort(np.concatenate(begun))
    starts = starts[starts >= 0]
    return starts[np.diff(starts, prepend=-1) > 0]


def _places_of(row: NDArray[np.uint8], piece: bytes) -> Places:
    count = row.size - len(piece) + 1
    found: NDArray[np.bool_] = row[:count] == piece[0]
    for place, letter in enumerate(piece[1:], 1):
        found &= row[place : place + count] == letter
    places: Places = found.nonzero()[0]
    return places


def _fewest_errors(stretches: NDArray[np.uint8], wanted: bytes) -> NDArray[np.uint8]:
    """Return how many letters the likest place of each stretch has wrong; a stretch is a column."""
    count = len(wanted)
    kind: Any = next(one for one in _VECTORS if count <= np.iinfo(one).bits)
    held = np.zeros(256, kind)
    for place, letter in enumerate(wanted):
        held[letter] |= kind(1 << place)
    last, one = kind(count - 1), kind(1)
    up = np.full(stretches.shape[1], (1 << count) - 1, kind)
    down = np.zeros_like(up)
    errors = np.full(up.size, count, np.uint8)
    least = errors.copy()
    for equal in held[stretches]:
        same = (((equal & up) + up) ^ up) | equal | down
        more, fewer = down | ~(same | up), same & up
        errors += ((more >> last) & one).astype(np.uint8)
        errors -= ((fewer >> last) & one).astype(np.uint8)
        more <<= one
        fewer <<= one
        up, down = fewer | ~(same | more), more & same
        np.minimum(least, errors, out=least)
    return least
