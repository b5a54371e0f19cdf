"""Tell ink from paper: even out the paper's tone, part the inks by colour, make ink masks."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.document import Ink
from ocr.layout.parameters import LAYOUT, SIGMA_OF_MEDIAN_DEVIATION

Gray = NDArray[np.uint8]

INK = LAYOUT.ink


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
        lift = cv2.subtract(chroma, np.full_like(chroma, INK.fringe))
        return np.asarray(cv2.add(strongest, lift), np.uint8)
    return np.asarray(cv2.min(green, blue if ink is Ink.RED else red), np.uint8)


def part_inks(picture: Gray) -> Inks:
    """Part a small picture (HxW or HxWx3 RGB) into its black ink and, where there is any, red and blue."""
    black = as_gray(picture)
    if picture.ndim == 2:
        return Inks(black, {})
    red, green, blue = cv2.split(picture[:, :, :3])
    strongest, weakest = (pick(pick(red, green), blue) for pick in (cv2.max, cv2.min))
    vivid = cv2.subtract(strongest, weakest) > INK.chroma
    if np.count_nonzero(vivid) < INK.least_colour:
        return Inks(black, {})
    coloured = {}
    for ink, strong, weak in ((Ink.RED, 0, 2), (Ink.BLUE, 2, 0)):
        mine = vivid & (picture[:, :, strong] > picture[:, :, weak])
        green = picture[:, :, 1].astype(np.int16)
        mine &= picture[:, :, strong].astype(np.int16) > green + INK.over_green
        if np.count_nonzero(mine) >= INK.least_colour:
            near = cv2.dilate(mine.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
            coloured[ink] = np.where(near, as_gray(picture, ink), np.uint8(255)).astype(np.uint8)
    return Inks(black, coloured)


def without_paper_colour(picture: Gray) -> Gray:
    """Return a picture (HxW or HxWx3 RGB) whose coloured paper, if it is coloured, is grey.

    Yellow or green paper is no coloured ink; each channel is lifted to the paper's strongest.
    """
    if picture.ndim == 2:
        return picture
    step = INK.sample_step
    paper = np.median(picture[::step, ::step, :3].reshape(-1, 3), axis=0)
    if paper.max() - paper.min() < INK.paper_chroma or paper.min() < INK.darkest_coloured_paper:
        return picture
    table = np.arange(256.0)[:, None] * (paper.max() / paper)
    lifted = np.clip(np.round(table), 0, 255).astype(np.uint8).reshape(1, 256, 3)
    return np.asarray(cv2.LUT(np.ascontiguousarray(picture[:, :, :3]), lifted), np.uint8)


def paper_tone(gray: Gray) -> Gray:
    """Return the paper's tone (uint8, a sixteenth of the size): bright surroundings, text left out."""
    height, width = gray.shape
    small = (max(1, width // INK.paper_step), max(1, height // INK.paper_step))
    # the brighter half of each cell: text covers less than half of it
    parts = (small[0] * INK.cell_parts, small[1] * INK.cell_parts)
    mean = cv2.resize(gray, parts, interpolation=cv2.INTER_AREA)
    bright = cv2.dilate(mean, np.ones((INK.bright_reach, INK.bright_reach), np.uint8))
    tone = cv2.resize(bright, small, interpolation=cv2.INTER_AREA)
    tone = cv2.medianBlur(tone, INK.tone_median)
    # a black edge or a photograph is not dark paper
    darkest = np.percentile(tone, INK.bright_percentile) * INK.darkest_paper
    return np.maximum(tone, np.uint8(min(255, int(darkest)))).astype(np.uint8)


def even_out(gray: Gray, tone: Gray) -> Gray:
    """Return `gray` with its paper turned white (255); `tone` is of any smaller size."""
    return _divide(gray, tone, INK.paper_grey)


def _divide(gray: Gray, tone: Gray, paper: float) -> Gray:
    full = cv2.resize(tone, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(gray, full, scale=paper), dtype=np.uint8)


def colour_tints(picture: Gray) -> Gray | None:
    """Return the flat tints in colour of a picture (HxWx3 RGB), as `lift` takes them; None where there are none.

    In each channel by itself: on a green highlighter print is as pale in green as on white paper,
    and what is pale and coloured is taken for no print.
    """
    if picture.ndim == 2:
        return None
    height, width = (side // INK.tint_step for side in picture.shape[:2])
    tints = [_tint(np.asarray(channel, np.uint8)) for channel in cv2.split(picture[:, :, :3])]
    if all(tint is None for tint in tints):
        return None
    none = np.full((height, width), 255, np.uint8)
    return np.asarray(cv2.merge([none if tint is None else tint for tint in tints]), np.uint8)


def lift(picture: Gray, tints: Gray) -> Gray:
    """Return a picture with its tints turned to paper; `tints` is of any smaller size, 255 where there is none."""
    return _divide(picture, tints, 255.0)


def lift_tints(gray: Gray) -> Gray:
    """Return `gray` with flat tints turned to the page's paper: a highlighter in grey, a tinted box."""
    tint = _tint(gray)
    return gray if tint is None else lift(gray, tint)


def _tint(gray: Gray) -> Gray | None:
    """Return the tone of flat tints in shares of the paper's (255), a cell a pixel; None where there are none.

    A tint is wider and higher than any stroke, paler than print and of one tone; what is darker or
    mixed (an emblem, a photograph, a black edge) is none.
    """
    step = INK.tint_step
    height, width = (side // step for side in gray.shape)
    if min(height, width) < INK.tint_cells:
        return None
    cells = gray[: height * step, : width * step].reshape(height, step, width, step)
    brightest = np.ascontiguousarray(cells.max(axis=(1, 3)))
    ground = cv2.morphologyEx(brightest, cv2.MORPH_CLOSE, np.ones((INK.tint_cells,) * 2, np.uint8))
    paper = float(np.percentile(ground, INK.bright_percentile))
    dark = (ground < INK.palest_tint * paper) & (ground >= INK.darkest_tint * paper)
    if not dark.any():
        return None
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8))
    tone = np.full_like(ground, 255)
    for label in range(1, count):
        left, top, across, down, area = boxes[label]
        if area < INK.tint_cells**2:
            continue
        part = np.s_[top : top + down, left : left + across]
        here = labels[part] == label
        low, high = np.percentile(ground[part][here], INK.tint_percentiles)
        if high - low <= INK.tint_spread:
            tone[part][here] = np.round(ground[part][here] * (255.0 / paper))
    rim = np.ones((INK.tint_rim,) * 2, np.uint8)
    return np.asarray(cv2.erode(tone, rim), np.uint8)


def ink_mask(evened: Gray) -> Gray:
    """Return 1 where there is ink, 0 on paper; `evened` is what `even_out` gave.

    The level lies as near to the paper as its grain allows: thin strokes of a coarse scan are
    pale, and a page's blackest ink (emblem, holes) says nothing of them. Watermarks lie above.
    """
    step = INK.sample_step
    counts = np.bincount(evened[::step, ::step].reshape(-1), minlength=256)
    counts[: INK.least_paper] = 0
    if not counts.any():
        return np.zeros_like(evened)
    tones = np.arange(256.0)
    paper = _median(tones, counts)
    grain = _median(np.abs(tones - paper), counts) * SIGMA_OF_MEDIAN_DEVIATION
    under = paper - INK.under_paper - INK.grains_under * grain
    level = min(max(under, INK.darkest_level), INK.faintest_ink)
    return (evened < level).astype(np.uint8)


def _median(values: NDArray[np.float64], counts: NDArray[np.int64]) -> float:
    """Return the middle of values that occur so many times each, the mean of two where two are."""
    order = np.argsort(values, kind="stable")
    upto = np.cumsum(counts[order])
    low, high = (
        np.searchsorted(upto, middle) for middle in ((upto[-1] + 1) // 2, upto[-1] // 2 + 1)
    )
    return float(values[order[low]] + values[order[high]]) / 2
