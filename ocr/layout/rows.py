"""Find the rows of text of a straightened page: bands of letters, joined into lines."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.layout.blobs import Blobs
from ocr.layout.ink import Gray
from ocr.layout.parameters import LAYOUT

Floats = NDArray[np.float64]

ROWS = LAYOUT.rows


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
    step = max(1, round(body / ROWS.reduced_body))
    unit = body / step
    size = (max(1, mask.shape[1] // step), max(1, mask.shape[0] // step))
    small = cv2.resize(mask * np.uint8(255), size, interpolation=cv2.INTER_AREA) / np.float32(255)
    along, across = ROWS.blur_along * unit, ROWS.blur_across * unit
    narrow = cv2.GaussianBlur(small, (0, 0), sigmaX=along, sigmaY=across)
    along, across = ROWS.surroundings_along, ROWS.surroundings_across * unit
    wide = cv2.GaussianBlur(narrow, (0, 0), sigmaX=along, sigmaY=across)
    bands = (narrow - wide > ROWS.band).astype(np.uint8)
    upright_rule = np.ones((max(3, round(ROWS.wall * unit)), 1), np.uint8)
    walls = cv2.resize(rules * np.uint8(255), size, interpolation=cv2.INTER_AREA)
    walls = (walls > ROWS.wall_ink).astype(np.uint8)
    if walls.any():
        bands[cv2.morphologyEx(walls, cv2.MORPH_OPEN, upright_rule) > 0] = 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(bands, connectivity=4, ltype=cv2.CV_32S)
    return np.asarray(labels, dtype=np.int32), np.asarray(stats, np.float64) * step, step


def find_segments(
    blobs: Blobs, text: NDArray[np.bool_], mask: Gray, rules: Gray, body: float
) -> list[Row]:
    """Return the pieces of lines that the bands show, each with its letters and a baseline."""
    labels, boxes, step = find_bands(mask, rules, body)
    core = np.flatnonzero(text & (blobs.height >= ROWS.core_height * body))
    xs = np.clip(blobs.middle[core] / step, 0, labels.shape[1] - 1).astype(int)
    band = np.zeros(len(core), np.int32)
    # tall pieces are letters with their marks: the letter may stand low or high in them
    inset = np.minimum(ROWS.inset * body, blobs.height[core] / 2)
    for y in (blobs.bottom[core] - inset, blobs.top[core] + inset):
        ys = np.clip(y / step, 0, labels.shape[0] - 1).astype(int)
        band = np.where(band > 0, band, labels[ys, xs])
    order = np.argsort(band, kind="stable")
    starts = np.flatnonzero(np.diff(band[order], prepend=-1))
    groups = np.split(order, starts[1:])
    # a band of specks is none; print has a letter somewhere
    letter = blobs.height >= ROWS.letter_height * body
    letter &= blobs.area >= ROWS.letter_ink * body * body
    rows = []
    for group in groups:
        members = core[group]
        if len(group) == 0 or band[group[0]] == 0 or not letter[members].any():
            continue
        row = fit_row(blobs, members, body)
        left, _, width, _, _ = boxes[band[group[0]]]
        # letters that a seal's ring or a stroke runs through are no pieces of their own
        if row.left - left > ROWS.overhang * body:
            row.left = left + body
        if left + width - row.right > ROWS.overhang * body:
            row.right = left + width - body
        rows.append(row)
    return rows


def find_large(blobs: Blobs, text: NDArray[np.bool_], rules: Gray, body: float) -> list[Row]:
    """Return rows of letters over twice the page's size (urgency stamps), which the page's bands miss."""
    fill = blobs.area / np.maximum(blobs.width * blobs.height, 1)
    large = text & (blobs.height > LAYOUT.blobs.display_height[0] * body)
    large &= (blobs.width > ROWS.large_width * body) & (fill > ROWS.large_fill)
    large &= blobs.width < ROWS.large_widest * body
    if np.count_nonzero(large) < ROWS.fewest_large:
        return []
    size = float(np.median(blobs.height[large]))
    mask = large.astype(np.uint8)[blobs.labels]
    segments = find_segments(blobs, large, mask, np.zeros_like(rules), size)
    rows = []
    for row in join_rows(segments, blobs, rules, size * ROWS.large_body):
        members = row.members
        lifted = np.abs(row.baseline(blobs.middle[members]) - blobs.bottom[members])
        sits = lifted < ROWS.large_level * row.body
        heights = blobs.height[members][sits]
        if len(heights) >= ROWS.fewest_large and np.median(heights) > ROWS.large_height * body:
            rows.append(row)
    return rows


def fit_row(blobs: Blobs, members: NDArray[np.int64], body: float) -> Row:
    """Fit a baseline to the bottoms of letters, unmoved by lower vowels and tails."""
    x, y = blobs.middle[members], blobs.bottom[members]
    heights = blobs.height[members]
    weights = np.minimum(blobs.width[members], ROWS.most_width * body)
    left, right = float(blobs.left[members].min()), float(blobs.right[members].max())
    low, high = ROWS.plain
    plain = (heights > low * body) & (heights < high * body)
    own = float(np.median(heights[plain])) if plain.any() else float(np.median(heights))
    own = min(max(own, low * body), ROWS.most_body * body)
    if plain.any():
        x, y, weights = x[plain], y[plain], weights[plain]
    line = np.array([0.0, 0.0, float(_weighted_median(y, weights))])
    for tolerance in ROWS.tolerances:
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
    if spread < ROWS.level_length * body or len(x) < ROWS.level_letters:
        return np.array([0.0, 0.0, _weighted_median(y, weights)])
    may_bend = spread > ROWS.bent_length * body and len(x) > ROWS.bent_letters
    degree = 2 if may_bend else 1
    centre = float(np.mean(x))
    found = _fit_polynomial((x - centre) / spread, y, weights, degree)
    square = found[0] / spread**2 if degree == 2 else 0.0
    linear = float(np.clip(found[-2] / spread, -ROWS.most_slope, ROWS.most_slope))
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
    if right.left - left.right < ROWS.wall_gap * left.body:
        return False  # a stamp's frame across a line; cells keep their distance
    base = float(left.baseline(left.right))
    over, under = (int(base - reach * left.body) for reach in ROWS.wall_reach)
    between = rules[
        max(0, over) : max(1, under),
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
            if not -ROWS.most_overlap * scale <= gap <= ROWS.column_gap * body:
                continue
            at = (segment.left + row.right) / 2
            apart = abs(float(row.baseline(at)) - float(segment.baseline(at)))
            flat = abs(float(row.baseline(row.right)) - float(segment.baseline(segment.left)))
            near = ROWS.same_level * min(scale, ROWS.most_scale * body)
            level = min(apart, flat) < near
            if level and gap < best_gap and not _walled(rules, row, segment):
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
        if row.body > ROWS.title * body and len(rows) > ROWS.fewest_rows:
            continue  # of a large title the middle would be weighed
        tops, bottoms = blobs.top[row.members], blobs.bottom[row.members]
        middle = _weighted_median((tops + bottoms) / 2, blobs.width[row.members])
        level = Row(row.members, row.left, row.right, middle, 0.0, body)
        reach = ROWS.upright_reach * body
        up, down = storeys(mask, level, body, reach, reach)
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
    near, far = (round(reach * body) for reach in ROWS.storey)
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
    if float(np.ptp(base)) < ROWS.straight_px:
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
