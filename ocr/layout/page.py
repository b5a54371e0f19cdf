"""Lay a page picture out in lines: upright, straight, in reading order, each with its ink."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.document import Box, Ink
from ocr.layout import blobs as pieces
from ocr.layout.ink import (
    Gray,
    colour_tints,
    even_out,
    ink_mask,
    lift,
    lift_tints,
    paper_tone,
    part_inks,
    without_paper_colour,
)
from ocr.layout.lines import (
    FIRST_KEY,
    NOT_TEXT,
    give_marks,
    keep_text,
    measure,
    reading_order,
    settle_sizes,
    share_out,
)
from ocr.layout.parameters import LAYOUT
from ocr.layout.posture import rows_axis
from ocr.layout.region import Layout, LineRegion
from ocr.layout.rows import Row, find_large, find_segments, join_rows, page_upright, storeys
from ocr.layout.turning import Matrix, straighten, straighten_matrix
from ocr.paper_size import SANE_DPI

PAGE = LAYOUT.page


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The working picture of one ink, taken apart."""

    mask: Gray  # all ink but the rules
    text_mask: Gray  # ink that may be letters
    rules: Gray
    blobs: pieces.Blobs
    text: NDArray[np.bool_]  # pieces that may be letters
    pictures: NDArray[np.bool_]  # pieces of emblems, edges and holes
    body: float


@dataclass(frozen=True, slots=True)
class _Found:
    """A line found on the straightened page, with the extent of its ink."""

    row: Row
    ink: Ink
    upright: float
    top: float
    bottom: float


def find_layout(picture: NDArray[np.uint8], dpi: float, rotation: int | None = None) -> Layout:
    """Find the lines of a page.

    `picture` is the scan as it is, HxWx3 RGB or HxW grey (0 ink, 255 paper), `dpi` its resolution.
    `rotation` (0, 90, 180, 270 degrees counter-clockwise) makes the page be read as turned so;
    without it the turn is found out.
    """
    height, width = picture.shape[:2]
    scale = _working_scale(width, height, dpi)
    small = without_paper_colour(_resize(picture, scale))
    tints = colour_tints(small)
    inks = part_inks(small if tints is None else lift(small, tints))
    tone = paper_tone(inks.black)
    black = lift_tints(inks.black)
    lifted = tone if black is inks.black else paper_tone(black)
    planes = {Ink.BLACK: even_out(black, lifted), **inks.coloured}
    turn, skew, body = _posture(planes, rotation)
    up_width, up_height = (height, width) if turn in (90, 270) else (width, height)
    matrix, size = straighten_matrix(skew, up_width, up_height, scale)
    level = {ink: straighten(plane, turn, matrix, size, scale) for ink, plane in planes.items()}
    sheets = {ink: _take_apart(plane, body) for ink, plane in level.items()}
    confidence, segments = 1.0, {}
    if rotation is None:
        main = max(sheets, key=lambda ink: int(np.count_nonzero(sheets[ink].text)))
        segments[main] = _segments(sheets[main])
        upright = page_upright(
            sheets[main].text_mask, segments[main], sheets[main].blobs, sheets[main].body
        )
        confidence = min(1.0, abs(upright) * LAYOUT.posture.certain)
        if upright < 0:
            turn += 180
            sheets = {ink: _take_apart(_turned_over(plane), body) for ink, plane in level.items()}
            segments = {}
    found, owners = _find_lines(sheets, segments)
    order = reading_order([line.row for line in found])
    lines = tuple(_region(found[i], i + FIRST_KEY, matrix, (up_width, up_height)) for i in order)
    paper = straighten(_resize_to(tone, planes[Ink.BLACK].shape), turn, matrix, size, scale)
    step = LAYOUT.ink.paper_step
    cells = (max(1, size[1] // step), max(1, size[0] // step))
    return Layout(
        rotation=turn,
        rotation_confidence=confidence,
        skew_degrees=skew + _residual_lean([line.row for line in found]),
        width=up_width,
        height=up_height,
        lines=lines,
        to_straight=matrix,
        owners=owners,
        paper=_resize_to(paper, cells),
        tints=None
        if tints is None
        else straighten(_resize_to(tints, planes[Ink.BLACK].shape), turn, matrix, size, scale),
    )


def _working_scale(width: int, height: int, dpi: float) -> float:
    """Return the reduction to the working resolution; an unbelievable dpi is taken for A4's."""
    believable = SANE_DPI[0] <= dpi <= SANE_DPI[1]
    scale = PAGE.working_dpi / dpi if believable else LAYOUT.a4_long_side / max(width, height, 1)
    scale = min(scale, PAGE.most_enlarged, (PAGE.most_pixels / max(width * height, 1)) ** 0.5)
    short = min(width, height)
    return max(scale, PAGE.least_side / max(short, 1)) if short > PAGE.least_side else 1.0


def _resize(picture: Gray, scale: float) -> Gray:
    height, width = picture.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    step = round(1 / scale) if scale < 1 else 1
    if step == 1 or step * scale != 1:
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(picture, size, interpolation=way), np.uint8)
    # Whole squares are averaged seven times as fast, if nothing of the picture is left over.
    edges = (0, -height % step, 0, -width % step)
    whole = cv2.copyMakeBorder(picture, *edges, cv2.BORDER_REPLICATE) if any(edges) else picture
    small_size = (whole.shape[1] // step, whole.shape[0] // step)
    small = cv2.resize(whole, small_size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(small[: size[1], : size[0]], np.uint8)


def _resize_to(gray: Gray, shape: tuple[int, ...]) -> Gray:
    return np.asarray(
        cv2.resize(gray, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), np.uint8
    )


def _main_ink(planes: dict[Ink, Gray]) -> Gray:
    """Return the plane with most ink: black, except on a page printed in colour alone."""
    return max(planes.values(), key=lambda plane: np.count_nonzero(plane < LAYOUT.posture.dark))


def _posture(planes: dict[Ink, Gray], rotation: int | None) -> tuple[int, float, float]:
    """Return the page's turn (0 or 90, or `rotation`), its lean in degrees, and its letters' height."""
    blobs = pieces.find_blobs(ink_mask(_main_ink(planes)))
    posture = LAYOUT.posture
    body = pieces.body_height(blobs) or PAGE.usual_body
    (low, high), (narrow, wide) = posture.letter_height, posture.letter_width
    letters = (blobs.height > low * body) & (blobs.height < high * body)
    letters &= (blobs.width > narrow * body) & (blobs.width < wide * body)
    lying, lean = rows_axis(blobs, letters, body)
    if rotation is not None and lying != (rotation in (90, 270)):
        lying, lean = not lying, 0.0
    lean = 0.0 if abs(lean) < posture.least_skew else lean
    if lying:  # what was taken for the letters' height was their width
        body = pieces.body_height(blobs.on_its_side()) or body
    turn = (90 if lying else 0) if rotation is None else rotation
    return turn, lean, body


def _take_apart(plane: Gray, body: float) -> _Sheet:
    """Part the ink of a straightened plane into text and what is not text."""
    mask = ink_mask(plane)
    rules = pieces.find_rules(mask, body)
    mask &= 1 - rules
    blobs = pieces.find_blobs(mask)
    solid = pieces.solid_pieces(blobs, mask.shape, body)
    pictures = solid | pieces.in_pictures(blobs, mask, body)
    pictures[0] = False
    text = ~pictures & pieces.text_like(blobs, body)
    # frames, seal rings and strokes through the text take part in the bands, with what they cross
    stroke = blobs.area > PAGE.stroke_ink * body * body
    keep = (text | (~pictures & stroke)).astype(np.uint8)
    keep[0] = 0
    return _Sheet(mask, keep[blobs.labels], rules, blobs, text, pictures, body)


def _turned_over(plane: Gray) -> Gray:
    return np.ascontiguousarray(plane[::-1, ::-1])


def _segments(sheet: _Sheet) -> list[Row]:
    return find_segments(sheet.blobs, sheet.text, sheet.text_mask, sheet.rules, sheet.body)


def _find_lines(
    sheets: dict[Ink, _Sheet], segments: dict[Ink, list[Row]]
) -> tuple[list[_Found], dict[Ink, NDArray[np.uint16]]]:
    """Return the lines of every ink and the maps of which line owns which ink.

    `segments` are those already found; they are used up.
    """
    owners: dict[Ink, NDArray[np.uint16]] = {}
    found: list[_Found] = []
    for ink, sheet in sheets.items():
        rows = _find_rows(sheet, segments.get(ink))
        owner = give_marks(rows, sheet.blobs, ~sheet.pictures)
        mine = owner.astype(np.uint16)[sheet.blobs.labels]
        share_out(mine, rows, sheet.blobs, owner)
        mine[mine >= FIRST_KEY] += len(found)
        mine[sheet.rules > 0] = NOT_TEXT
        found += [_extent(row, i, ink, owner, sheet) for i, row in enumerate(rows)]
        owners[ink] = mine
    return found, owners


def _find_rows(sheet: _Sheet, segments: list[Row] | None) -> list[Row]:
    """Return the measured rows of one ink, junk left out; `segments`, if they were found before."""
    blobs, body, rules = sheet.blobs, sheet.body, sheet.rules
    large = find_large(blobs, sheet.text, rules, body)
    for row in large:
        measure(row, blobs, sheet.text_mask)
    large = [row for row in large if row.body > PAGE.large * body]
    text, mask = sheet.text, sheet.text_mask
    if large:
        text = text.copy()
        text[np.concatenate([row.members for row in large])] = False
        mask = mask & text.astype(np.uint8)[blobs.labels]
        segments = find_segments(blobs, text, mask, rules, body)
    elif segments is None:
        segments = _segments(sheet)
    rows = join_rows(segments, blobs, rules, body)
    for row in rows:
        measure(row, blobs, mask)
    rows = keep_text(rows + large, blobs, body, mask.shape)
    settle_sizes(rows)
    return rows


def _residual_lean(rows: list[Row]) -> float:
    """Return how far the straightened rows still climb, in degrees."""
    long = [row for row in rows if row.right - row.left > PAGE.long * row.body]
    if not long:
        return 0.0
    slopes = [row.slope + row.curve * (row.left + row.right) for row in long]
    return float(-np.degrees(np.arctan(np.median(slopes))))


def _extent(row: Row, index: int, ink: Ink, owner: NDArray[np.int64], sheet: _Sheet) -> _Found:
    """Return the line with its ink's extent and its own certainty of being upright."""
    mine = np.flatnonzero(owner == index + FIRST_KEY)
    mine = mine if len(mine) else row.members
    middle = float(row.baseline((row.left + row.right) / 2))
    top = max(float(sheet.blobs.top[mine].min()), middle - LAYOUT.crop.above_baseline * row.body)
    bottom = min(
        float(sheet.blobs.bottom[mine].max()), middle + LAYOUT.crop.below_baseline * row.body
    )
    row.left = min(row.left, float(sheet.blobs.left[mine].min()))
    row.right = max(row.right, float(sheet.blobs.right[mine].max()))
    above, below = (reach * row.body for reach in PAGE.storeys)
    up, down = storeys(sheet.mask, row, row.body, above, below)
    return _Found(row, ink, (up - down) / (up + down + row.body), top, max(bottom, top + 1))


def _region(line: _Found, key: int, to_straight: Matrix, page: tuple[int, int]) -> LineRegion:
    """Return the line in pixels of the upright picture."""
    back = np.linalg.inv(to_straight)
    scale = float(np.hypot(to_straight[0, 0], to_straight[0, 1]))
    row = line.row
    points = np.array(
        [
            (row.left, float(row.baseline(row.left))),
            (row.right, float(row.baseline(row.right))),
            (row.left, line.top),
            (row.right, line.top),
            (row.left, line.bottom),
            (row.right, line.bottom),
        ]
    )
    placed = points @ back[:2, :2].T + back[:2, 2]
    low, high = placed[2:].min(axis=0), placed[2:].max(axis=0)
    width, height = page
    left, top = max(0, int(low[0])), max(0, int(low[1]))
    box = Box(
        left,
        top,
        max(left + 1, min(width, round(high[0]))),
        max(top + 1, min(height, round(high[1]))),
    )
    half = (row.right - row.left) / 2
    return LineRegion(
        box=box,
        start=(float(placed[0, 0]), float(placed[0, 1])),
        end=(float(placed[1, 0]), float(placed[1, 1])),
        body_height=row.body / scale,
        ink=line.ink,
        sag=float(-row.curve * half * half / scale),
        upright=line.upright,
        key=key,
    )
