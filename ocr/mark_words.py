"""Ink that stands alone where marks stand, read as the words of secrecy marks and nothing else.

The line reader cuts rows by the page's usual letters; a mark has its own size, turn and frame, and no row.
Here every group of ink that stands alone is cut out, shown to the same network at several sizes and turns,
and asked one thing: how well does it fit ลับ, ลับมาก, ลับที่สุด, ปกปิด, or ด่วน, ด่วนมาก, ด่วนที่สุด (CTC, Graves et al. 2006)?
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.recognizer import BAND_ABOVE, CROP_HEIGHT, LineRecognizer

ALONE_DPI = 150  # of the ink that is looked at
SECRECY = ("ลับ", "ลับมาก", "ลับที่สุด", "ปกปิด")
URGENCY = ("ด่วน", "ด่วนมาก", "ด่วนที่สุด", "ด่วนภายใน")
HOPELESS = -99.0

_INKED = 0.18
# Fits between which turns are tried. Marks of unseen faces turned by 8 to 15 degrees fitted upright with -13 and
# more (54 of 56); most other ink fits with less, and turning it costs time.
_HOPELESS_TURNED, _SETTLED = -14.0, -1.0
_BODY = 16.0  # crop pixels of a plain consonant, as the line network was taught
# How high a plain consonant is, and how far the baseline lies above the lowest ink, in shares of the ink's
# height: ลับ has a vowel above, ปกปิด letters only, ลับที่สุด something above and below.
_SIZES = ((0.5, 0.0), (0.62, 0.0), (0.75, 0.0), (0.48, 0.22), (0.6, 0.15))
_TURNED_SIZES = _SIZES[:3]
_TURNS = (-5.0, 5.0, -10.0, 10.0, -15.0, 15.0)  # degrees; the network bears two more or less
_LEANS = (0.22, 0.4)  # of slanted faces: how far a letter's top leans right, in its heights
_GAPS = (5, 11, 22, 40)  # pixels between letters of one word: close, usual, spaced out, far
_LOWEST, _HIGHEST = 0.09, 1.2  # inches: from 9 points without a vowel to 60 with one
_LONGEST = 7.0  # of a word, in its heights
_WIDEST_CROP = 640
_FRAME_FILL, _FRAME_EDGE = 0.2, 0.75
_FRAME_HOLDS = 40  # pixels of other ink

Ink = NDArray[np.float32]
Box = tuple[int, int, int, int]


def without_frames(ink: Ink) -> NDArray[np.bool_]:
    """Tell which ink may be letters: specks, rules, borders and frames are taken out."""
    mask = (ink > _INKED).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    kept = np.zeros(count, bool)
    for index in range(1, count):
        x, y, width, height, area = (int(value) for value in stats[index])
        if area < 6 or height > 1.4 * ALONE_DPI or width > 3.2 * ALONE_DPI:
            continue
        around = labels[y : y + height, x : x + width]
        kept[index] = not _is_frame(around == index, around > 0)
    return np.asarray(kept[labels])


def _is_frame(own: NDArray[np.bool_], ink: NDArray[np.bool_]) -> bool:
    """Tell whether ink lies along the edge of its own box, and other ink in the middle; a lone บ is no frame."""
    height, width = own.shape
    total = int(own.sum())
    if width < 40 or height < 22 or total > _FRAME_FILL * own.size:
        return False
    edge = max(3, int(0.18 * min(width, height)))
    middle = own[edge:-edge, edge:-edge]
    held = int(ink[edge:-edge, edge:-edge].sum()) - int(middle.sum())
    return held > _FRAME_HOLDS and total - int(middle.sum()) > _FRAME_EDGE * total


def find_alone(letters: NDArray[np.bool_]) -> list[Box]:
    """Return left, top, right, bottom of every group of letters with bare paper at both sides."""
    found: list[Box] = []
    for gap in _GAPS:
        joined = cv2.morphologyEx(
            letters.astype(np.uint8),
            cv2.MORPH_CLOSE,
            np.ones((max(5, gap // 2 | 1), gap), np.uint8),
        )
        count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
        for index in range(1, count):
            x, y, width, height, _ = (int(value) for value in stats[index])
            if not _LOWEST * ALONE_DPI <= height <= _HIGHEST * ALONE_DPI:
                continue
            if not _LOWEST * ALONE_DPI <= width <= _LONGEST * height:
                continue
            box = (x, y, x + width, y + height)
            if _stands_alone(letters, box) and not any(_same(box, one) for one in found):
                found.append(box)
    return found


def _stands_alone(letters: NDArray[np.bool_], box: Box) -> bool:
    left, top, right, foot = box
    height = foot - top
    reach = max(height, round(0.12 * ALONE_DPI))
    rows = slice(top + round(0.15 * height), top + round(0.85 * height) + 1)
    sides = (letters[rows, max(0, left - reach) : left], letters[rows, right : right + reach])
    return all(int(side.sum()) <= 0.01 * side.size + 3 for side in sides)


def _same(one: Box, other: Box) -> bool:
    return all(abs(a - b) <= 3 for a, b in zip(one, other, strict=True))


def fits_of(ink: Ink, box: Box) -> tuple[float, float]:
    """Return how well the ink of a box fits a mark of secrecy and one of urgency, in nats.

    0 is perfectly, -6 and less not at all. Raises EngineMissingError when the line model is missing.
    """
    part = _part(ink, box)
    fits = _fits(_crops(part, _SIZES))
    if not _HOPELESS_TURNED < max(fits) < _SETTLED:
        return fits
    ways = [*(_turn(part, turn) for turn in _TURNS), *(_lean(part, lean) for lean in _LEANS)]
    turned = [crop for way in ways for crop in _crops(way, _TURNED_SIZES)]
    more = _fits(turned)
    return max(fits[0], more[0]), max(fits[1], more[1])


def _part(ink: Ink, box: Box) -> Ink:
    """Cut a box out, with bare paper around it."""
    left, top, right, foot = box
    margin = round(0.35 * (foot - top)) + 6
    return np.pad(ink[top:foot, left:right], margin)


def _turn(part: Ink, degrees: float) -> Ink:
    height, width = part.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (int(height * sin + width * cos), int(height * cos + width * sin))
    matrix[:, 2] += ((size[0] - width) / 2, (size[1] - height) / 2)
    return np.asarray(cv2.warpAffine(part, matrix, size), np.float32)


def _lean(part: Ink, lean: float) -> Ink:
    """Set slanted letters upright."""
    height, width = part.shape
    room = round(abs(lean) * height)
    matrix = np.array([[1, lean, room if lean < 0 else 0], [0, 1, 0]], np.float64)
    return np.asarray(cv2.warpAffine(part, matrix, (width + room, height)), np.float32)


def _crops(part: Ink, sizes: Sequence[tuple[float, float]]) -> Iterator[NDArray[np.uint8]]:
    """Yield the part as line crops, one for every guess of the size of its letters."""
    rows, columns = (
        np.flatnonzero((part > _INKED).any(axis=1)),
        np.flatnonzero((part > _INKED).any(axis=0)),
    )
    if not rows.size:
        return
    top, foot, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    darkest = max(0.25, float(np.percentile(part[part > _INKED], 80)))
    for share, drop in sizes:
        body = share * (foot - top)
        scale = _BODY / body
        width = int(np.ceil((right - left + body) * scale))
        if not 8 <= width <= _WIDEST_CROP:
            continue
        above = foot - drop * (foot - top) - BAND_ABOVE * body
        matrix = np.array([[scale, 0, -(left - 0.5 * body) * scale], [0, scale, -above * scale]])
        smooth = cv2.GaussianBlur(part, (0, 0), 0.35 / scale) if scale < 0.8 else part
        crop = cv2.warpAffine(smooth, matrix, (width, CROP_HEIGHT), flags=cv2.INTER_LINEAR)
        yield (255 - np.clip(crop / darkest, 0, 1) * 255).astype(np.uint8)


def _fits(crops: Iterable[NDArray[np.uint8]]) -> tuple[float, float]:
    best = [HOPELESS, HOPELESS]
    for crop in crops:
        scores = _recognizer().frame_scores(crop)
        for kind, words in enumerate(_columns()):
            best[kind] = max(best[kind], *(log_likelihood(scores, word) for word in words))
    return best[0], best[1]


@lru_cache(maxsize=1)
def _columns() -> tuple[list[list[int]], list[list[int]]]:
    """Return the words as the network's classes."""
    place = {char: index for index, char in enumerate(_recognizer().alphabet, start=1)}
    secrecy, urgency = (
        [[place[char] for char in word] for word in kind] for kind in (SECRECY, URGENCY)
    )
    return secrecy, urgency


def log_likelihood(scores: NDArray[np.float32], word: Sequence[int]) -> float:
    """Return the log-probability that frames (frames, classes; class 0 is blank) say a word, over all paths."""
    states = [0]
    for column in word:
        states += [column, 0]
    may_skip = np.array(
        [i >= 2 and states[i] != 0 and states[i] != states[i - 2] for i in range(len(states))]
    )
    frames = scores[:, states].astype(np.float64)
    paths = np.full(len(states), -np.inf)
    paths[:2] = frames[0, :2]
    for frame in frames[1:]:
        stepped = np.logaddexp(paths, np.concatenate(([-np.inf], paths[:-1])))
        skipped = np.logaddexp(stepped, np.concatenate(([-np.inf, -np.inf], paths[:-2])))
        paths = np.where(may_skip, skipped, stepped) + frame
    return float(np.logaddexp(paths[-1], paths[-2]))


@lru_cache(maxsize=1)
def _recognizer() -> LineRecognizer:
    return LineRecognizer()
