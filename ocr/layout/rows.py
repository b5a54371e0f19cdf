"""Find the rows of text of a straightened page: bands of letters, joined into lines."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.layout.blobs import Blobs
from ocr.layout.ink import Gray

Floats = NDArray[np.float64]

# A gap wider than this many body heights parts two columns (number and sender stand 10 to 20
# apart; the widest spaces of justified Thai text are 8, of a typed line 3).
COLUMN_GAP = 8.5

# A stamp may lean this much (7 degrees) against the page; a steeper fit is of noise.
MOST_SLOPE = 0.12


@dataclass(slots=True, eq=False)
class Row:
    """A line in the making, in pixels of the straightened page; `members` are its pieces of ink.

    The baseline is `offset + slope * x + curve * x**2`.
    """

    members: NDArray[np.int64]
    left: float
    right: float
    offset: float
    slope: float
    body: float
    curve: float = 0.0
    weight: float = 0.0  # letters measured for `body`

    def baseline(self, x: Floats | float) -> Floats:
        """Return the baseline's y at x."""
        at = np.asarray(x, dtype=np.float64)
        return self.offset + self.slope * at + self.curve * at * at


def find_bands(mask: Gray, rules: Gray, body: float) -> tuple[NDArray[np.int32], Floats, int]:
    """Return a reduced picture in which the letters of each row form one labelled band.

    Blurring along the rows and taking off the wider surroundings leaves the dense storey of
    consonants and drops the thin ones of marks. Returns labels, the bands' boxes (left, top,
    width, height in pixels of `mask`) and the reduction.
    """
    step = max(1, round(body / 4))
    unit = body / step
    size = (max(1, mask.shape[1] // step), max(1, mask.shape[0] // step))
    small = cv2.resize(mask * np.uint8(255), size, interpolation=cv2.INTER_AREA) / np.float32(255)
    narrow = cv2.GaussianBlur(small, (0, 0), sigmaX=1.3 * unit, sigmaY=0.35 * unit)
    wide = cv2.GaussianBlur(narrow, (0, 0), sigmaX=0.3, sigmaY=1.15 * unit)
    bands = (narrow - wide > 0.03).astype(np.uint8)
    upright_rule = np.ones((max(3, round(4 * unit)), 1), np.uint8)
    walls = cv2.resize(rules * np.uint8(255), size, interpolation=cv2.INTER_AREA)
    walls = (walls > 20).astype(np.uint8)
    if walls.any():
        bands[cv2.morphologyEx(walls, cv2.MORPH_OPEN, upright_rule) > 0] = 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(bands, connectivity=4, ltype=cv2.CV_32S)
    return np.asarray(labels, dtype=np.int32), np.asarray(stats, np.float64) * step, step


def find_segments(
    blobs: Blobs, text: NDArray[np.bool_], mask: Gray, rules: Gray, body: float
) -> list[Row]:
    """Return the pieces of lines that the bands show, each with its letters and a baseline."""
    labels, boxes, step = find_bands(mask, rules, body)
    core = np.flatnonzero(text & (blobs.height >= 0.3 * body))
    xs = np.clip(blobs.middle[core] / step, 0, labels.shape[1] - 1).astype(int)
    band = np.zeros(len(core), np.int32)
    # tall pieces are letters with their marks: the letter may stand low or high in them
    inset = np.minimum(0.5 * body, blobs.height[core] / 2)
    for y in (blobs.bottom[core] - inset, blobs.top[core] + inset):
        ys = np.clip(y / step, 0, labels.shape[0] - 1).astype(int)
        band = np.where(band > 0, band, labels[ys, xs])
    order = np.argsort(band, kind="stable")
    starts = np.flatnonzero(np.diff(band[order], prepend=-1))
    groups = np.split(order, starts[1:])
    # a band of specks is none; print has a letter somewhere
    letter = (blobs.height >= 0.55 * body) & (blobs.area >= 0.12 * body * body)
    rows = []
    for group in groups:
        members = core[group]
        if len(group) == 0 or band[group[0]] == 0 or not letter[members].any():
            continue
        row = fit_row(blobs, members, body)
        left, _, width, _, _ = boxes[band[group[0]]]
        # letters that a seal's ring or a stroke runs through are no pieces of their own
        if row.left - left > 2.5 * body:
            row.left = left + body
        if left + width - row.right > 2.5 * body:
            row.right = left + width - body
        rows.append(row)
    return rows


def find_large(blobs: Blobs, text: NDArray[np.bool_], rules: Gray, body: float) -> list[Row]:
    """Return rows of letters over twice the page's size (urgency stamps), which the page's bands miss."""
    fill = blobs.area / np.maximum(blobs.width * blobs.height, 1)
    large = text & (blobs.height > 1.9 * body) & (blobs.width > 0.8 * body) & (fill > 0.15)
    large &= blobs.width < 14 * body
    if np.count_nonzero(large) < 3:
        return []
    size = float(np.median(blobs.height[large]))
    mask = large.astype(np.uint8)[blobs.labels]
    segments = find_segments(blobs, large, mask, np.zeros_like(rules), size)
    rows = []
    for row in join_rows(segments, blobs, rules, size * 0.6):
        members = row.members
        lifted = np.abs(row.baseline(blobs.middle[members]) - blobs.bottom[members])
        sits = lifted < 0.35 * row.body
        if np.count_nonzero(sits) >= 3 and np.median(blobs.height[members][sits]) > 2.0 * body:
            rows.append(row)
    return rows


def fit_row(blobs: Blobs, members: NDArray[np.int64], body: float) -> Row:
    """Fit a baseline to the bottoms of letters, unmoved by lower vowels and tails."""
    x, y = blobs.middle[members], blobs.bottom[members]
    heights, weights = blobs.height[members], np.minimum(blobs.width[members], 3 * body)
    left, right = float(blobs.left[members].min()), float(blobs.right[members].max())
    plain = (heights > 0.6 * body) & (heights < 2.6 * body)
    own = float(np.median(heights[plain])) if plain.any() else float(np.median(heights))
    own = min(max(own, 0.6 * body), 3.2 * body)
    if plain.any():
        x, y, weights = x[plain], y[plain], weights[plain]
    line = np.array([0.0, 0.0, float(_weighted_median(y, weights))])
    for tolerance in (1.0, 0.6, 0.3, 0.2):
        close = np.abs(y - np.polyval(line, x)) <= tolerance * own
        if np.count_nonzero(close) < 2:
            break
        line = _fit_curve(x[close], y[close], weights[close], own)
    return Row(members, left, right, line[2], line[1], own, line[0])


def _fit_curve(x: Floats, y: Floats, weights: Floats, body: float) -> Floats:
    """Return the polynomial (square, linear, constant) of a level, a straight or a bent baseline.

    Which of them is a matter of how much of the row there is to fit.
    """
    spread = float(np.ptp(x))
    if spread < 6 * body or len(x) < 5:
        return np.array([0.0, 0.0, _weighted_median(y, weights)])
    degree = 2 if spread > 30 * body and len(x) > 15 else 1
    centre = float(np.mean(x))
    found = _fit_polynomial((x - centre) / spread, y, weights, degree)
    square = found[0] / spread**2 if degree == 2 else 0.0
    linear = float(np.clip(found[-2] / spread, -MOST_SLOPE, MOST_SLOPE))
    constant = found[-1] - linear * centre + square * centre**2
    return np.array([square, linear - 2 * square * centre, constant])


def _fit_polynomial(x: Floats, y: Floats, weights: Floats, degree: int) -> Floats:
    """Return the coefficients, highest power first, that fit best; `x` spans 1 about its mean.

    Such x make the normal equations sound, and these are solved sooner than numpy.polyfit's.
    """
    powers = np.vander(x, degree + 1)
    weighted = powers * weights[:, None]
    found, *_ = np.linalg.lstsq(weighted.T @ powers, weighted.T @ y, rcond=None)
    return np.asarray(found, np.float64)


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])


def _walled(rules: Gray, left: Row, right: Row) -> bool:
    """Say whether an upright rule (a table's) stands between two segments."""
    if right.left - left.right < 1.2 * left.body:
        return False  # a stamp's frame across a line; cells keep their distance
    base = float(left.baseline(left.right))
    between = rules[
        max(0, int(base - 0.8 * left.body)) : max(1, int(base - 0.2 * left.body)),
        max(0, int(left.right)) : max(0, int(right.left)),
    ]
    return between.size > 0 and bool(between.all(axis=0).any())


def join_rows(segments: list[Row], blobs: Blobs, rules: Gray, body: float) -> list[Row]:
    """Join segments that continue one another on one baseline.

    A gap of a column's width or a table's rule keeps them apart.
    """
    rows: list[Row] = []
    for segment in sorted(segments, key=lambda s: s.left):
        best, best_gap = None, np.inf
        for row in rows:
            gap = segment.left - row.right
            scale = max(row.body, segment.body)
            if not -1.5 * scale <= gap <= COLUMN_GAP * body:
                continue
            at = (segment.left + row.right) / 2
            apart = abs(float(row.baseline(at)) - float(segment.baseline(at)))
            flat = abs(float(row.baseline(row.right)) - float(segment.baseline(segment.left)))
            level = min(apart, flat) < 0.45 * min(scale, 1.2 * body) and gap < best_gap
            if level and not _walled(rules, row, segment):
                best, best_gap = row, gap
        if best is None:
            rows.append(segment)
            continue
        joined = fit_row(blobs, np.concatenate([best.members, segment.members]), body)
        joined.left = min(best.left, segment.left)
        joined.right = max(best.right, segment.right)
        rows[rows.index(best)] = joined
    return rows


def page_upright(mask: Gray, rows: list[Row], blobs: Blobs, body: float) -> float:
    """Return -1 (upside down) to 1 (upright): Thai and Latin carry more ink above the letters than below.

    For each row the ink of the storey above the consonants is weighed against the storey below.
    The rows' baselines are not used, as they suppose the page upright: the test must come out
    the same, but for the sign, on a page turned over.
    """
    above = below = 0.0
    for row in rows:
        if row.body > 1.7 * body and len(rows) > 2:
            continue  # of a large title the middle would be weighed
        tops, bottoms = blobs.top[row.members], blobs.bottom[row.members]
        middle = _weighted_median((tops + bottoms) / 2, blobs.width[row.members])
        level = Row(row.members, row.left, row.right, middle, 0.0, body)
        up, down = storeys(mask, level, body, 2.2 * body, 2.2 * body)
        above, below = above + up, below + down
    return (above - below) / (above + below) if above + below > 0 else 0.0


def storeys(mask: Gray, row: Row, body: float, above: float, below: float) -> tuple[float, float]:
    """Return the ink (pixels) of the storeys above and below a row's consonants.

    The row's ink is looked at from `above` over its baseline to `below` under it.
    """
    profile, _ = row_profile(mask, row, above, below)
    if profile.size == 0:
        return 0.0, 0.0
    core = np.convolve(profile, np.ones(max(3, round(body))), mode="same")
    middle = int(np.argmax(core))
    near, far = round(0.62 * body), round(1.25 * body)
    up = profile[max(0, middle - far) : max(0, middle - near)].sum()
    down = profile[middle + near + 1 : middle + far + 1].sum()
    return float(up), float(down)


def row_profile(mask: Gray, row: Row, above: float, below: float) -> tuple[Floats, float]:
    """Return the ink in each pixel row from `above` over the baseline to `below` under it.

    Also returns the offset of the first entry from the baseline. The row is straightened first.
    """
    left, right = round(row.left), round(row.right)
    height = round(above + below)
    if right - left < 2 or height < 3:
        return np.zeros(0), 0.0
    x = np.arange(max(0, left), min(right, mask.shape[1]), dtype=np.float64)
    base = row.baseline(x)
    if len(x) == 0:
        return np.zeros(0), 0.0
    top = max(0, int(base.min() - above) - 1)
    part = mask[top : max(0, int(base.max() + below)) + 3, int(x[0]) : int(x[-1]) + 1] * np.uint8(
        255
    )
    if part.size == 0:
        return np.zeros(0), 0.0
    if float(np.ptp(base)) < 0.3:
        shift = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, float(base.mean()) - above - top]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        strip = cv2.warpAffine(part, shift, (part.shape[1], height), flags=flags)
    else:
        rows = (base - above - top)[None, :] + np.arange(height)[:, None]
        columns = np.broadcast_to(np.arange(len(x), dtype=np.float32), rows.shape)
        strip = cv2.remap(
            part, np.ascontiguousarray(columns), rows.astype(np.float32), cv2.INTER_LINEAR
        )
    return strip.sum(axis=1, dtype=np.float64) / 255, -above
