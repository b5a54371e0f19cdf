"""A page as 512 bits that stay nearly the same however it was printed, scanned and saved.

A difference hash (dHash) of the inked part of the page, made upright: is a cell clearly darker, or
clearly lighter, than the one left of it? Letters of one office look alike, so only nearly equal hashes
say anything: how near was measured, see `index.register.received.same_letters` and docs/quality.md.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.engine import Pixels
from ocr.pages import open_scan

CELLS = 16  # each way
CLEARLY = 2.0  # grey levels, of 255, after averaging a cell
WORKED_WIDTH = 620  # pixels; A4 at 75 dpi
INK = 30  # grey levels darker than the paper around it
BEYOND = 0.04  # share of the ink on each side that may be dirt, punch holes, a page number
SKEWS = np.arange(-2.0, 2.01, 0.25)  # degrees
Ink = NDArray[np.float32]


def hash_first_page(path: Path) -> str:
    """Return the hash of a file's first page, 128 hexadecimal digits; empty for a blank page.

    Raises OcrError when the file cannot be opened.
    """
    with open_scan(path) as scan:
        return hash_page(scan.picture(1).pixels)


def hash_page(pixels: Pixels) -> str:
    """Return the hash of a page's pixels (grey or RGB, 8 bits); empty for a blank page."""
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    height = max(CELLS, round(grey.shape[0] * WORKED_WIDTH / grey.shape[1]))
    size = (WORKED_WIDTH, height)
    small = cv2.resize(np.ascontiguousarray(grey), size, interpolation=cv2.INTER_AREA)
    ink = _find_ink(np.asarray(small, dtype=np.uint8))
    if not ink.any():
        return ""
    inked = _crop(_straighten(ink))
    if min(inked.shape) < CELLS:
        return ""
    cells = cv2.resize(inked, (CELLS + 1, CELLS), interpolation=cv2.INTER_AREA)
    steps = cells[:, 1:] - cells[:, :-1]
    return np.packbits(np.stack([steps > CLEARLY, steps < -CLEARLY])).tobytes().hex()


def _find_ink(grey: Pixels) -> Ink:
    """Return how much darker each pixel is than the paper around it: shadows and grey paper go."""
    paper = cv2.medianBlur(cv2.dilate(grey, np.ones((9, 9), np.uint8)), 31)
    ink = np.clip(paper.astype(np.int16) - grey, 0, 255).astype(np.float32)
    ink[ink < INK] = 0
    return np.asarray(ink, dtype=np.float32)


def _straighten(ink: Ink) -> Ink:
    """Turn the page by the angle at which its lines stand out most."""
    turned = [_turn(ink, float(angle)) for angle in SKEWS]
    return max(turned, key=lambda one: float((one.sum(axis=1) ** 2).sum()))


def _turn(ink: Ink, degrees: float) -> Ink:
    height, width = ink.shape
    turning = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return np.asarray(cv2.warpAffine(ink, turning, (width, height)), dtype=np.float32)


def _crop(ink: Ink) -> Ink:
    top, bottom = _middle(ink.sum(axis=1))
    left, right = _middle(ink.sum(axis=0))
    return np.ascontiguousarray(ink[top : bottom + 1, left : right + 1])


def _middle(mass: Ink) -> tuple[int, int]:
    """Return between which places all but the outermost ink lies."""
    share = np.cumsum(mass) / mass.sum()
    return int(np.searchsorted(share, BEYOND)), int(np.searchsorted(share, 1 - BEYOND))
