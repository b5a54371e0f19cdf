"""Find the sheet in the picture: black edges and the desk around it go, a negative is turned, a photograph laid flat.

What surrounds the sheet is dark, touches the picture's edge and has no print on it. A black edge is
painted over in the tone of the paper beside it, with what joins it to the letters; a sheet on a desk whose
four sides are seen is laid flat. Where it is not certain what is sheet, the picture stays as it is:
junk read from a desk does less harm than a line that is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.layout.ink import Gray
from ocr.layout.parameters import LAYOUT
from ocr.layout.printed import letters_in_rows
from ocr.layout.turning import Matrix
from ocr.paper_size import judge_dpi

Mask = NDArray[np.bool_]

SHEET = LAYOUT.sheet


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The picture as it is to be read: dark print on light paper, nothing around it.

    `to_scan` is the 3x3 projective matrix from pixels of `pixels` to pixels of the scan; None where
    they are the same places.
    """

    pixels: Gray
    dpi: float
    to_scan: Matrix | None = None


def find_sheet(picture: Gray, dpi: float) -> Sheet:
    """Return the sheet of a scan or photograph (HxW grey or HxWx3 RGB, uint8, 255 is white)."""
    if min(picture.shape[:2]) < SHEET.least_side:
        return Sheet(picture, dpi)
    step = _step(picture)
    small = reduce_picture(picture)
    if is_negative(small):
        picture = 255 - picture
        small = reduce_picture(picture)
    paper = _paper(small)
    around = None if _rim(paper).all() else _around(paper, small)
    if around is None:
        return Sheet(picture, dpi)
    corners = _corners(~around)
    black = _is_black(small, around)
    if corners is not None and not (black and _is_level(corners)):
        return _lay_flat(picture, corners * step + step // 2)
    return Sheet(_paint(picture, around), dpi) if black else Sheet(picture, dpi)


def is_negative(small: Gray) -> bool:
    """Tell whether a page is white on black: dark for the most part, its bright strokes as thin as print."""
    height, width = small.shape
    top, left = height // SHEET.negative_rim, width // SHEET.negative_rim
    inner = small[top : height - top, left : width - left]
    ground = float(np.median(inner))
    if ground > SHEET.dark_paper:
        return False
    bright = (inner > ground + SHEET.bright_ink).astype(np.uint8)
    share = float(bright.mean())
    if not SHEET.ink_share[0] < share < SHEET.ink_share[1]:
        return False
    solid = cv2.morphologyEx(bright, cv2.MORPH_OPEN, _square(small, SHEET.print_width))
    return float(solid.mean()) < SHEET.most_solid * share


def _step(picture: Gray) -> int:
    return max(1, round(float(max(picture.shape[:2])) / SHEET.looked_long_side))


def reduce_picture(picture: Gray) -> Gray:
    """Return the picture small and grey, by its strongest channel: coloured paper is bright in it.

    Whole squares of pixels are averaged, which is several times as fast as any other reduction.
    """
    step = _step(picture)
    height, width = (side // step for side in picture.shape[:2])
    whole = picture[: height * step, : width * step]
    small = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA) if step > 1 else whole
    if small.ndim == 3:
        red, green, blue = cv2.split(small[:, :, :3])
        small = np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)
    return np.asarray(small, np.uint8)


def _square(small: NDArray[Any], share: float) -> Gray:
    side = max(3, round(share * max(small.shape)) | 1)
    return np.ones((side, side), np.uint8)


def _paper(small: Gray) -> Mask:
    """Say where paper is: as bright, print left out, as the brightest nearby."""
    soft = cv2.medianBlur(small, 3)
    ground = cv2.morphologyEx(soft, cv2.MORPH_CLOSE, _square(small, SHEET.print_width))
    tiny = cv2.resize(ground, None, fx=SHEET.tiny, fy=SHEET.tiny, interpolation=cv2.INTER_AREA)
    nearby = cv2.dilate(tiny, _square(tiny, SHEET.far))
    reference = cv2.resize(nearby, ground.shape[::-1], interpolation=cv2.INTER_LINEAR)
    floor = SHEET.black_share * float(np.percentile(ground, SHEET.brightest_percentile))
    return np.asarray(ground > np.maximum(SHEET.paper_share * reference, floor))


def _around(paper: Mask, small: Gray) -> Mask | None:
    """Return what lies around the sheet; None where nothing does, or what does may be read."""
    opened = cv2.morphologyEx(
        paper.astype(np.uint8), cv2.MORPH_OPEN, _square(small, SHEET.print_width)
    )
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    if count < 2:
        return None
    sizes = stats[1:, cv2.CC_STAT_AREA] / opened.size
    order = np.argsort(-sizes)
    if sizes[order[0]] < SHEET.least_sheet:
        return None
    if len(order) > 1 and sizes[order[1]] > SHEET.second_sheet:
        return None  # two sheets side by side: both are read
    sheet = (labels == order[0] + 1).astype(np.uint8)
    around = _reaching_edge(1 - sheet)
    if not SHEET.least_around < float(around.mean()) < 1 - SHEET.least_sheet:
        return None
    return None if _has_white_print(small, around) else around


def _has_white_print(small: Gray, around: Mask) -> bool:
    """Tell whether what surrounds the sheet is a dark part of it, with print on it."""
    inner = cv2.erode(around.astype(np.uint8), _square(small, SHEET.print_width / 2), borderValue=1)
    x, y = letters_in_rows(255 - small).astype(int).T
    return int(np.count_nonzero(inner[y, x])) >= SHEET.letters_around


def _reaching_edge(outside: Gray) -> Mask:
    """Return the pieces that touch the picture's edge; holes in the sheet are print on it."""
    _, labels = cv2.connectedComponents(outside, connectivity=4)
    touching = np.zeros(int(labels.max()) + 1, np.bool_)
    touching[_rim(labels)] = True
    touching[0] = False
    return np.asarray(touching[labels])


def _rim(picture: NDArray[np.generic]) -> NDArray[np.generic]:
    return np.concatenate((picture[0], picture[-1], picture[:, 0], picture[:, -1]))


def _is_black(small: Gray, around: Mask) -> bool:
    paper = float(np.percentile(small[~around], SHEET.paper_percentile))
    return float(np.median(small[around])) < SHEET.black_share * paper


def _corners(sheet: Mask) -> NDArray[np.float64] | None:
    """Return the sheet's corners, clockwise from the upper left; None unless all four sides are seen."""
    contours, _ = cv2.findContours(sheet.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(contours, key=cv2.contourArea).reshape(-1, 2)
    hull = cv2.convexHull(outline)
    if len(hull) < 4:
        return None
    rough = np.asarray(cv2.approxPolyN(hull, 4, ensure_convex=True)).reshape(-1, 2)
    sides = [_side(outline, rough[i], rough[(i + 1) % 4], sheet.shape) for i in range(4)]
    if len(rough) != 4 or any(side is None for side in sides):
        return None
    crossings = [_crossing(sides[i - 1], sides[i]) for i in range(4)]
    if any(point is None for point in crossings):
        return None
    corners = np.array(crossings, np.float64)
    area = abs(cv2.contourArea(corners.astype(np.float32)))
    filled = float(np.count_nonzero(sheet))
    if not SHEET.same_shape < filled / max(area, 1.0) < 2 - SHEET.same_shape:
        return None
    return _clockwise(corners)


def _side(
    outline: NDArray[Any],
    one: NDArray[Any],
    other: NDArray[Any],
    shape: tuple[int, ...],
) -> NDArray[np.float64] | None:
    """Fit a side to the outline between two rough corners: (direction, point); None where it is not seen."""
    along = (other - one).astype(np.float64)
    length = float(np.hypot(*along))
    if length < SHEET.least_length:
        return None
    along /= length
    offset = outline - one
    position = offset @ along
    apart = np.abs(offset @ np.array([-along[1], along[0]]))
    ends = SHEET.side_ends
    middle = (position > ends * length) & (position < (1 - ends) * length)
    near = outline[middle & (apart < SHEET.side_reach * max(shape))]
    margin = SHEET.seen_edge * max(shape)
    low, high = near > margin, near < np.array([shape[1], shape[0]]) - 1 - margin
    seen = near[(low & high).all(axis=1)]
    if len(seen) < SHEET.side_seen * length:
        return None
    vx, vy, x, y = cv2.fitLine(seen.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
    return np.array([vx, vy, x, y], np.float64)


def _crossing(
    one: NDArray[np.float64] | None, other: NDArray[np.float64] | None
) -> NDArray[np.float64] | None:
    if one is None or other is None:
        return None
    across = one[0] * other[1] - one[1] * other[0]
    if abs(across) < SHEET.least_turn:  # not nearly square to each other
        return None
    apart = other[2:] - one[2:]
    along = (apart[0] * other[1] - apart[1] * other[0]) / across
    return np.asarray(one[2:] + along * one[:2])


def _clockwise(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Order corners clockwise as seen, from the one nearest to the picture's upper left."""
    middle = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    ordered = corners[np.argsort(angles)]
    return np.asarray(np.roll(ordered, -int(np.argmin(ordered.sum(axis=1))), axis=0))


def _lengths(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the lengths of the upper, right, lower and left side."""
    return np.asarray(np.hypot(*(np.roll(corners, -1, axis=0) - corners).T))


def _is_level(corners: NDArray[np.float64]) -> bool:
    """Tell whether opposite sides are alike, as of a sheet on a scanner's glass."""
    sides = np.roll(corners, -1, axis=0) - corners
    for one, other in ((sides[0], -sides[2]), (sides[1], -sides[3])):
        if float(np.hypot(*(one - other))) > SHEET.level * float(np.hypot(*one)) * 2:
            return False
    return True


def _lay_flat(picture: Gray, corners: NDArray[np.float64]) -> Sheet:
    """Return the sheet seen from straight above, at about the picture's resolution."""
    top, right, bottom, left = _lengths(corners)
    sides = (max(top, bottom), max(left, right))
    width, height = (max(round(SHEET.least_length), round(side)) for side in sides)
    flat = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], np.float32)
    to_scan = cv2.getPerspectiveTransform(flat, corners.astype(np.float32))
    pixels = cv2.warpPerspective(
        picture,
        to_scan,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    dots = judge_dpi(width, height, None)
    return Sheet(np.asarray(pixels, np.uint8), dots.across, np.asarray(to_scan, np.float64))


def _paint(picture: Gray, around: Mask) -> Gray:
    """Return the picture with what is around the sheet in the tone of the paper beside it."""
    grown = cv2.dilate(around.astype(np.uint8), np.ones((3, 3), np.uint8))
    size = (around.shape[1], around.shape[0])
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    ground = cv2.morphologyEx(small, cv2.MORPH_CLOSE, _square(grown, SHEET.print_width))
    # of every painted place the nearest paper, a little away from the edge's own fringe
    away = cv2.dilate(grown, np.ones((5, 5), np.uint8))
    _, nearest = cv2.distanceTransformWithLabels(
        away, cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    tones = np.zeros((int(nearest.max()) + 1, *ground.shape[2:]), np.uint8)
    tones[nearest[away == 0]] = ground[away == 0]
    full = (picture.shape[1], picture.shape[0])
    mask = cv2.resize(grown * np.uint8(255), full, interpolation=cv2.INTER_LINEAR) > 127
    fill = cv2.resize(tones[nearest], full, interpolation=cv2.INTER_NEAREST)
    painted = picture.copy()
    painted[mask] = fill[mask]
    return painted
