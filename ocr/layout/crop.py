"""Cut a line out of the page as the recognizer wants it: one resampling from the scan itself."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.layout.ink import Gray, as_gray, lift
from ocr.layout.lines import FIRST_KEY, NOT_TEXT
from ocr.layout.region import CROP, Layout, LineRegion
from ocr.layout.turning import Matrix, turn_matrix

WHITE = (255, 255, 255)


def cut_line(
    picture: NDArray[np.uint8],
    layout: Layout,
    region: LineRegion,
    height: int = CROP.rows,
    *,
    crossed: bool = False,
) -> NDArray[np.uint8]:
    """Cut one line: grey, ink dark on white (255), `height` rows and as many columns as it needs.

    `picture` is the scan that `find_layout` was given. Turn, lean and sag are undone by one
    resampling; ink of other lines and, unless `crossed`, of rules, seals and emblems is blanked.
    """
    gray, to_upright = _evened(picture, layout, region, height)
    _blank_others(gray, layout, region, to_upright, lines_only=crossed)
    return gray


def _evened(
    picture: NDArray[np.uint8], layout: Layout, region: LineRegion, height: int
) -> tuple[Gray, Matrix]:
    """Return the line on white paper, and the matrix from its pixels to the upright picture's."""
    scale, size = region.scale(height), _size(region, height)
    to_upright = _crop_matrix(region, scale)
    to_scan = turn_matrix(layout.rotation, picture.shape[1], picture.shape[0]) @ to_upright
    tints = _tints(layout, to_upright, size) if picture.ndim == 3 else None
    if tints is None:
        gray = _sample(picture, region, to_scan, size, scale)
    else:
        gray = as_gray(
            lift(_sample(picture, region, to_scan, size, scale, in_colour=True), tints), region.ink
        )
    return _whiten(gray, layout, to_upright), to_upright


def _tints(layout: Layout, to_upright: Matrix, size: tuple[int, int]) -> Gray | None:
    """Return the tints in colour behind a crop, as `lift` takes them; None where there are none."""
    if layout.tints is None:
        return None
    matrix = (layout.to_straight @ to_upright)[:2]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    tints = cv2.warpAffine(layout.tints, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return None if tints.min() == 255 else np.asarray(tints, np.uint8)


def cut_dark_ink(
    picture: NDArray[np.uint8], layout: Layout, region: LineRegion, height: int = CROP.rows
) -> NDArray[np.uint8] | None:
    """Cut one line as `cut_line` does, without ink paler than its print; None where all is of one tone.

    A stamp or seal in grey lies over print that is blacker: what is pale goes by its tone, and what
    the layout took for a seal with print in it is left in.
    """
    gray, to_upright = _evened(picture, layout, region, height)
    level, dark = _two_tones(gray)
    if level == 0:
        return None
    _blank_others(gray, layout, region, to_upright, lines_only=True)
    steep = 255 / max(level - dark, 1.0)
    return np.asarray(np.clip((gray.astype(np.float32) - dark) * steep, 0, 255), np.uint8)


def crossed_share(layout: Layout, region: LineRegion, height: int = CROP.rows) -> float:
    """Return the share of the line's length whose letters are crossed by ink of no line, blanked by `cut_line`."""
    owner = _owners(
        layout, region, _crop_matrix(region, region.scale(height)), _size(region, height)
    )
    above, below = CROP.letters_band
    rows = [
        round(height * level / (CROP.above_baseline + CROP.below_baseline))
        for level in (above, below)
    ]
    return float((owner[rows[0] : rows[1]] == NOT_TEXT).any(axis=0).mean())


def _two_tones(gray: Gray) -> tuple[float, float]:
    """Return the level between the dark ink of a crop and its pale ink, and the dark ink's tone; 0 for none."""
    ink = gray[gray < CROP.pale_ink]
    if ink.size < CROP.least_ink:
        return 0.0, 0.0
    level, _ = cv2.threshold(ink.reshape(1, -1), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    dark, pale = ink[ink <= level], ink[ink > level]
    if min(dark.size, pale.size) < CROP.least_tone * ink.size:
        return 0.0, 0.0
    return float(level), float(np.median(dark))


def _size(region: LineRegion, height: int) -> tuple[int, int]:
    """Return width and height of the line's crop."""
    long = region.length + 2 * CROP.side_margin * region.body_height
    return max(1, round(long * region.scale(height))), height


def _crop_matrix(region: LineRegion, scale: float) -> Matrix:
    """Return the matrix from crop pixels to upright-picture pixels (the sag left out)."""
    ux, uy = 1.0, 0.0
    if region.length > 0:
        ux = (region.end[0] - region.start[0]) / region.length
        uy = (region.end[1] - region.start[1]) / region.length
    along = (0.5 / scale) - CROP.side_margin * region.body_height - 0.5
    down = (0.5 / scale) - CROP.above_baseline * region.body_height - 0.5
    step = 1 / scale
    return np.array(
        [
            [ux * step, -uy * step, region.start[0] + along * ux - down * uy],
            [uy * step, ux * step, region.start[1] + along * uy + down * ux],
            [0, 0, 1.0],
        ]
    )


def _sample(
    picture: Gray,
    region: LineRegion,
    to_scan: Matrix,
    size: tuple[int, int],
    scale: float,
    *,
    in_colour: bool = False,
) -> Gray:
    """Return the crop's grey values, or its colours as they are, each sampled once from the scan."""
    width, height = size
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1.0]]) @ to_scan.T
    pad = CROP.spare_px + abs(region.sag)
    left, top = np.maximum(np.floor(corners[:, :2].min(axis=0) - pad), 0).astype(int)
    right, bottom = np.ceil(corners[:, :2].max(axis=0) + pad).astype(int)
    part = picture[top:bottom, left:right]
    if part.size == 0:
        return np.full((height, width, 3) if in_colour else (height, width), 255, np.uint8)
    part = part[:, :, :3] if in_colour else as_gray(part, region.ink)
    if scale < CROP.softened:
        # keep the strokes' weight where pixels are dropped, and soften bilevel stairs
        blur = CROP.blur * (1 / scale**2 - CROP.blur_from) ** 0.5
        part = np.asarray(cv2.GaussianBlur(part, (0, 0), sigmaX=blur), np.uint8)
    matrix = to_scan.copy()
    matrix[:2, 2] -= (left, top)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    if abs(region.sag) * scale < CROP.least_bend:
        warped = cv2.warpAffine(part, matrix[:2], size, flags=flags, borderValue=WHITE)
        return np.asarray(warped, np.uint8)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    t = np.clip(x / np.float32(max(width - 1, 1)), 0, 1)
    y += np.float32(4 * region.sag * scale) * t * (1 - t)
    maps = [(row[0] * x + row[1] * y + row[2]).astype(np.float32) for row in matrix[:2]]
    bent = cv2.remap(part, maps[0], maps[1], cv2.INTER_LINEAR, borderValue=WHITE)
    return np.asarray(bent, np.uint8)


def _whiten(gray: Gray, layout: Layout, to_upright: Matrix) -> Gray:
    """Turn the paper white and, where the print is faint, the ink dark."""
    full = next(iter(layout.owners.values())).shape
    ratio = np.diag([layout.paper.shape[1] / full[1], layout.paper.shape[0] / full[0], 1.0])
    matrix = ratio @ layout.to_straight @ to_upright
    size = (gray.shape[1], gray.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    paper = cv2.warpAffine(
        layout.paper, matrix[:2], size, flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    even = cv2.divide(gray, paper, scale=CROP.white).astype(np.float32)
    dark = float(np.percentile(even, CROP.ink_percentile))
    if CROP.faint[0] < dark < CROP.faint[1]:
        even = 255 - (255 - even) * (CROP.ink_depth / (255 - dark))
    return np.clip(even, 0, 255).astype(np.uint8)


def _blank_others(
    gray: Gray, layout: Layout, region: LineRegion, to_upright: Matrix, *, lines_only: bool = False
) -> None:
    """Paint over ink that belongs to other lines or, unless `lines_only`, to no line, in place."""
    owner = _owners(layout, region, to_upright, (gray.shape[1], gray.shape[0]))
    own = (owner == region.key).astype(np.uint8)
    least = FIRST_KEY if lines_only else NOT_TEXT
    foreign = ((owner != region.key) & (owner >= least)).astype(np.uint8)
    if not foreign.any():
        return
    grown = cv2.dilate(foreign, np.ones((3, 3), np.uint8), iterations=CROP.foreign_grown)
    kept = cv2.dilate(own, np.ones((3, 3), np.uint8))
    gray[(grown > 0) & ((kept == 0) | (foreign > 0))] = 255


def _owners(
    layout: Layout, region: LineRegion, to_upright: Matrix, size: tuple[int, int]
) -> NDArray[np.uint16]:
    """Return whose ink stands at each pixel of the line's crop."""
    matrix = (layout.to_straight @ to_upright)[:2]
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    owner = cv2.warpAffine(layout.owners[region.ink], matrix, size, flags=flags)
    return np.asarray(owner, np.uint16)
