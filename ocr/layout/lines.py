"""Turn rows of letters into lines: measure them, give each mark to its line, put them in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr.layout.blobs import Blobs
from ocr.layout.ink import Gray
from ocr.layout.parameters import LAYOUT
from ocr.layout.rows import Row, row_profile

Floats = NDArray[np.float64]

LINES = LAYOUT.lines
FIRST_KEY = 2  # owners below this are not lines: 0 none or shared, 1 rule, speck or picture
NOT_TEXT = 1


def measure(row: Row, blobs: Blobs, mask: Gray) -> None:
    """Set the row's baseline and body height from its ink, to a fraction of a pixel.

    Letters stand on the baseline and reach the body line together: the ink's profile across the
    row falls most steeply at the first and rises most steeply at the second.
    """
    guess = _commonest_height(row, blobs)
    above, below = (reach * guess for reach in LINES.profile)
    profile, start = row_profile(mask, row, above, below)
    letters = len(row.members)
    row.weight = float(letters)
    row.body = guess
    if profile.size < LINES.least_profile or letters < LINES.least_letters:
        return
    change = np.convolve(profile, (1, 1, -1, -1), mode="same") / 2  # rise at i-0.5
    reach, (high, low) = LINES.base_reach * guess, LINES.top_reach
    base = _peak(-change, -reach - start, reach - start)
    top = _peak(change, -high * guess - start, -low * guess - start)
    if base is None or top is None:
        return
    row.offset += base + start
    least, most = LINES.body_change
    row.body = float(np.clip(base - top, least * guess, most * guess))


def _peak(values: Floats, low: float, high: float) -> float | None:
    """Return where `values` peaks between the positions, refined by a parabola; None outside."""
    first, last = max(1, round(low)), min(len(values) - 2, round(high))
    if last <= first:
        return None
    at = first + int(np.argmax(values[first : last + 1]))
    before, here, after = values[at - 1 : at + 2]
    bend = before - 2 * here + after
    return at + (0.5 * (before - after) / bend if bend < 0 else 0.0)


def _commonest_height(row: Row, blobs: Blobs) -> float:
    """Return how high the row's letters reach over its baseline, by the lowest strong mode."""
    base = row.baseline(blobs.middle[row.members])
    reach = base - blobs.top[row.members]
    sits = np.abs(base - blobs.bottom[row.members]) < LINES.base_reach * row.body
    reach = reach[sits & (reach > LINES.least_reach * row.body)]
    if len(reach) < LINES.fewest_heights:
        return row.body
    counts = np.bincount(np.round(reach).astype(int), minlength=4).astype(float)
    smooth = np.convolve(counts, (0.5, 1, 1, 1, 0.5), mode="same")
    strong = np.flatnonzero(smooth >= LINES.strong * smooth.max())
    low = int(strong[0])
    near = np.arange(max(0, low - 1), min(len(counts), low + 3))
    return float(np.average(near, weights=counts[near] + 1e-9))


def settle_sizes(rows: Sequence[Row]) -> None:
    """Give rows of nearly the page's commonest size that size: digits and capitals mislead by a tenth.

    Other short rows lean on the rows of about their size, as few letters measure badly.
    """
    if not rows:
        return
    weights = np.array([row.weight for row in rows]) + 1e-6
    sizes = np.log([row.body for row in rows])
    crowd = [float(weights[np.abs(sizes - size) < LINES.same_size].sum()) for size in sizes]
    near = np.abs(sizes - sizes[int(np.argmax(crowd))]) < LINES.same_size
    common = float(np.average(sizes[near], weights=weights[near]))
    for row, size in zip(rows, sizes, strict=True):
        alike = np.abs(sizes - size) < LINES.alike
        mean = float(np.average(sizes[alike], weights=weights[alike]))
        trust = row.weight / (row.weight + LINES.trusted)
        settled = size * trust + mean * (1 - trust)
        usual = abs(size - common) < LINES.settled
        row.body = float(np.exp(common if usual else settled))


def give_marks(
    rows: Sequence[Row], blobs: Blobs, may_be_text: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return the owner of each piece: 0 shared, 1 not text, else the row's index + FIRST_KEY.

    A piece belongs to the row in whose storeys it lies; between two rows the nearer one has it.
    """
    owner = np.full(len(blobs.area), NOT_TEXT, np.int64)
    cost = np.full(len(blobs.area), np.inf)
    candidates = np.flatnonzero(may_be_text & (blobs.height < LINES.tallest * _tallest(rows)))
    owner[may_be_text] = 0  # a frame or a stray stroke is nobody's: shown where it crosses a line
    for index, row in enumerate(rows):
        x = blobs.middle[candidates]
        beside = LINES.beside * row.body
        inside = (x >= row.left - beside) & (x <= row.right + beside)
        some = candidates[inside]
        base = row.baseline(blobs.middle[some])
        middle = (blobs.top[some] + blobs.bottom[some]) / 2
        over = (base - row.body - middle) / row.body
        under = (middle - base) / row.body
        farther = np.maximum(over / LINES.above_weight, under / LINES.below_weight)
        here = np.maximum(farther, 0)
        here[(over > LINES.above) | (under > LINES.below)] = np.inf
        better = here < cost[some]
        owner[some[better]] = index + FIRST_KEY
        cost[some[better]] = here[better]
    for index, row in enumerate(rows):
        owner[row.members] = index + FIRST_KEY
    return owner


def share_out(
    owners: NDArray[np.uint16], rows: Sequence[Row], blobs: Blobs, owner: NDArray[np.int64]
) -> None:
    """Part the pieces in which lines touch (a lower vowel and the tone mark under it), in place.

    The cut is half-way between the upper baseline and the lower letters; a piece that reaches no
    other line's letters or their near marks keeps its owner however far it goes.
    """
    if not rows:
        return
    least = LINES.touching * _smallest(rows)
    tall = np.flatnonzero((owner != NOT_TEXT) & (blobs.height > least))
    x, top, bottom = blobs.middle[tall], blobs.top[tall], blobs.bottom[tall]
    bases = np.stack([row.baseline(x) for row in rows])
    bodies = np.array([[row.body] for row in rows])
    foot = np.minimum(bottom, bases + LINES.base_reach * bodies)
    overlap = foot - np.maximum(top, bases - LINES.letters * bodies)
    reached = overlap > LINES.reached * bodies
    reached &= np.array([[row.left] for row in rows]) <= x
    reached &= np.array([[row.right] for row in rows]) >= x
    for at in np.flatnonzero(reached.sum(axis=0) > 1):
        piece = tall[at]
        levels = [
            (float(bases[index, at]), float(bases[index, at] - bodies[index, 0]), int(index))
            for index in np.flatnonzero(reached[:, at])
        ]
        levels.sort()
        cuts = [int((upper[0] + lower[1]) / 2) for upper, lower in pairwise(levels)]
        edges = [int(top[at]), *cuts, int(bottom[at])]
        columns = slice(int(blobs.left[piece]), int(blobs.right[piece]))
        for (_, _, index), (first, last) in zip(levels, pairwise(edges), strict=True):
            area = (slice(first, max(first, last)), columns)
            owners[area][blobs.labels[area] == piece] = index + FIRST_KEY


def _smallest(rows: Sequence[Row]) -> float:
    return min((row.body for row in rows), default=0.0)


def _tallest(rows: Sequence[Row]) -> float:
    return max((row.body for row in rows), default=0.0)


def keep_text(rows: Sequence[Row], blobs: Blobs, body: float, page: tuple[int, ...]) -> list[Row]:
    """Return the rows that are print or handwriting, not a signature, noise or a scrap of a picture."""
    sure = [row for row in rows if _is_text(row, blobs, body, page)]
    sure = [row for row in sure if not any(_is_mark_of(row, other) for other in sure)]
    return sure + [row for row in rows if row not in sure and _is_cell(row, blobs, sure)]


def _is_text(row: Row, blobs: Blobs, body: float, page: tuple[int, ...]) -> bool:
    heights, widths = blobs.height[row.members], blobs.width[row.members]
    letters, ink = _letters(row, blobs, body), float(blobs.area[row.members].sum())
    small = row.body < LINES.least_body * body or row.right - row.left < LINES.least_length * body
    if small or _at_edge(row, body, page):
        return False
    if float(np.average(heights, weights=widths)) < LINES.least_height * body:
        return False  # what is left of a rule or a scanner's edge
    faint, large = ink < LINES.lone_ink * body * body, row.body > LINES.lone_body * body
    if letters <= LINES.lone and (faint or large):
        return False
    if letters <= LINES.few and _is_signature(heights, widths, row.body, body):
        return False
    lifted = row.baseline(blobs.middle[row.members]) - blobs.bottom[row.members]
    dances = float(np.std(lifted)) > LINES.dance * row.body
    return not (letters <= LINES.some and dances)


def _letters(row: Row, blobs: Blobs, body: float) -> float:
    """Return how many letters a row has; fat ones that run together are one piece, and many letters."""
    heights, widths = blobs.height[row.members], blobs.width[row.members]
    fill = blobs.area[row.members] / np.maximum(heights * widths, 1)
    together = (heights < LINES.together_height * body) & (fill > LINES.together_fill)
    return float(np.where(together, np.maximum(widths / (LINES.letter_width * body), 1), 1).sum())


def _is_signature(heights: Floats, widths: Floats, size: float, body: float) -> bool:
    """Say whether a few pieces of ink in a row of this size are too high, wide or large for print."""
    wide = widths.max() > LINES.few_shape * heights.max()
    return bool(heights.max() > LINES.few_height * body and wide) or size > LINES.few_body * body


def _at_edge(row: Row, body: float, page: tuple[int, ...]) -> bool:
    """Say whether the row lies where only a scanner's edge is black."""
    height, width = page[:2]
    if height < LINES.page_height * body:  # a cutting, not a page
        return False
    level = _level(row)
    edge = LINES.edge * body
    across = level < edge or level - row.body > height - LINES.lower_edge * body
    return across or row.right < edge or row.left > width - edge


def _is_mark_of(row: Row, other: Row) -> bool:
    """Say whether a row is but the marks over a title's letters, or a lower vowel of it."""
    if (
        other.body < LINES.title * row.body
        or row.left < other.left - row.body
        or row.right > other.right + row.body
    ):
        return False
    over = float(other.baseline((row.left + row.right) / 2)) - _level(row)
    below = len(row.members) <= LINES.vowels and -LINES.title_below * other.body < over < 0
    least, most = LINES.title_above
    return below or least * other.body < over < most * other.body


def _is_cell(row: Row, blobs: Blobs, sure: Sequence[Row]) -> bool:
    """Say whether a lone letter stands on one level with other text, as in a table's cell."""
    height, width = blobs.height[row.members].max(), blobs.width[row.members].max()
    middle = (row.left + row.right) / 2
    for other in sure:
        size, gap = other.body, max(row.left - other.right, other.left - row.right)
        high = LINES.cell_height[0] < height / size < LINES.cell_height[1]
        wide = LINES.cell_width[0] < width / size < LINES.cell_width[1]
        far = LINES.cell_gap[0] * size < gap < LINES.cell_gap[1] * size
        apart = abs(_level(row) - float(other.baseline(middle)))
        if high and wide and far and apart < LINES.cell_level * size:
            return True
    return False


def reading_order(rows: Sequence[Row]) -> list[int]:
    """Return the rows' indexes from top to bottom, and from left to right on one level."""
    order = sorted(range(len(rows)), key=lambda i: _level(rows[i]))
    lines: list[list[int]] = []
    for i in order:
        row = rows[i]
        if lines:
            last = [rows[j] for j in lines[-1]]
            apart = abs(_level(row) - np.mean([_level(other) for other in last]))
            near = apart < LINES.one_level * row.body
            beside = all(
                row.left >= o.right - row.body or row.right <= o.left + row.body for o in last
            )
            if near and beside:
                lines[-1].append(i)
                continue
        lines.append([i])
    return [i for line in lines for i in sorted(line, key=lambda i: rows[i].left)]


def _level(row: Row) -> float:
    return float(row.baseline((row.left + row.right) / 2))
