"""Tell ink from paper: even out the paper's tone, part the inks by colour, make ink masks."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.document import Ink

Gray = NDArray[np.uint8]

PAPER_STEP = 16  # the paper's tone is kept at this fraction of the working resolution
FRINGE = 30  # colour this weak is a scanner's fringe about black print
CHROMA = 60  # least difference between the strongest and weakest channel of coloured ink
FAINTEST_INK = 205.0  # above are watermarks and what shines through from the back
LEAST_COLOUR = 150  # fewer coloured pixels than this are scanner fringes, not a mark


@dataclass(frozen=True, slots=True)
class Inks:
    """A picture parted by ink: each plane is grey, ink dark, paper not yet evened out."""

    black: Gray
    coloured: dict[Ink, Gray]


def as_gray(picture: Gray, ink: Ink = Ink.BLACK) -> Gray:
    """Return `picture` (HxW or HxWx3 RGB) as the grey plane in which `ink` is dark.

    For black ink it is the strongest channel, lifted by the colour's strength: coloured ink turns
    pale, and black text under a blue stamp stays. A coloured ink is dark in its weakest channel.
    """
    if picture.ndim == 2:
        return picture
    red, green, blue = cv2.split(picture[:, :, :3])
    if ink is Ink.BLACK:
        strongest = cv2.max(cv2.max(red, green), blue)
        chroma = cv2.subtract(strongest, cv2.min(cv2.min(red, green), blue))
        lift = cv2.subtract(chroma, np.full_like(chroma, FRINGE))
        return np.asarray(cv2.add(strongest, lift), np.uint8)
    return np.asarray(cv2.min(green, blue if ink is Ink.RED else red), np.uint8)


def part_inks(picture: Gray) -> Inks:
    """Part a small picture (HxW or HxWx3 RGB) into its black ink and, where there is any, red and blue."""
    black = as_gray(picture)
    if picture.ndim == 2:
        return Inks(black, {})
    red, green, blue = cv2.split(picture[:, :, :3])
    strongest, weakest = (pick(pick(red, green), blue) for pick in (cv2.max, cv2.min))
    vivid = cv2.subtract(strongest, weakest) > CHROMA
    if np.count_nonzero(vivid) < LEAST_COLOUR:
        return Inks(black, {})
    coloured = {}
    for ink, strong, weak in ((Ink.RED, 0, 2), (Ink.BLUE, 2, 0)):
        mine = vivid & (picture[:, :, strong] > picture[:, :, weak])
        mine &= (
            picture[:, :, strong].astype(np.int16) > picture[:, :, 1].astype(np.int16) + CHROMA // 3
        )
        if np.count_nonzero(mine) >= LEAST_COLOUR:
            near = cv2.dilate(mine.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
            coloured[ink] = np.where(near, as_gray(picture, ink), np.uint8(255)).astype(np.uint8)
    return Inks(black, coloured)


def paper_tone(gray: Gray) -> Gray:
    """Return the paper's tone (uint8, a sixteenth of the size): bright surroundings, text left out."""
    height, width = gray.shape
    small = (max(1, width // PAPER_STEP), max(1, height // PAPER_STEP))
    # the brighter half of each cell: text covers less than half of it
    mean = cv2.resize(gray, (small[0] * 4, small[1] * 4), interpolation=cv2.INTER_AREA)
    bright = cv2.dilate(mean, np.ones((7, 7), np.uint8))
    tone = cv2.resize(bright, small, interpolation=cv2.INTER_AREA)
    tone = cv2.medianBlur(tone, 5)
    # a black edge or a photograph is not dark paper
    return np.maximum(tone, np.uint8(min(255, int(np.percentile(tone, 80) * 0.55)))).astype(
        np.uint8
    )


def even_out(gray: Gray, tone: Gray) -> Gray:
    """Return `gray` with its paper turned white (255); `tone` is of any smaller size."""
    full = cv2.resize(tone, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(gray, full, scale=250), dtype=np.uint8)


def ink_mask(evened: Gray) -> Gray:
    """Return 1 where there is ink, 0 on paper; `evened` is what `even_out` gave.

    The level lies as near to the paper as its grain allows: thin strokes of a coarse scan are
    pale, and a page's blackest ink (emblem, holes) says nothing of them. Watermarks lie above.
    """
    counts = np.bincount(evened[::4, ::4].reshape(-1), minlength=256)
    counts[:201] = 0
    if not counts.any():
        return np.zeros_like(evened)
    tones = np.arange(256.0)
    paper = _median(tones, counts)
    grain = _median(np.abs(tones - paper), counts) * 1.48
    level = min(max(paper - 20 - 6 * grain, 130.0), FAINTEST_INK)
    return (evened < level).astype(np.uint8)


def _median(values: NDArray[np.float64], counts: NDArray[np.int64]) -> float:
    """Return the middle of values that occur so many times each, the mean of two where two are."""
    order = np.argsort(values, kind="stable")
    upto = np.cumsum(counts[order])
    low, high = (
        np.searchsorted(upto, middle) for middle in ((upto[-1] + 1) // 2, upto[-1] // 2 + 1)
    )
    return float(values[order[low]] + values[order[high]]) / 2
