"""Cut a drawn line out of its canvas as the page reader would, with the errors it makes."""

from __future__ import annotations

import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.recognizer import BAND_ABOVE, BAND_BELOW, CROP_HEIGHT
from ocr.training.fonts import Face
from ocr.training.hand import Hand
from ocr.training.rendering import DrawnLine, LineDrawer
from ocr.training.texts import LineComposer
from ocr.training.wear import Wear

WIDEST_CROP = 1900
EMPTY_SHARE = 0.015  # lines without print, so that dirt is not read as letters


@dataclass(frozen=True, slots=True)
class TrainingLine:
    """A crop of CROP_HEIGHT rows, gray uint8, dark ink on white, and the text printed in it."""

    crop: NDArray[np.uint8]
    text: str


class LineFactory:
    """Makes training lines from a seed; `longest` bounds the characters of a line."""

    def __init__(
        self,
        faces: tuple[Face, ...],
        seed: int,
        *,
        held_out_text: bool = False,
        held_out_fonts: bool = False,
        hand: Hand | None = None,
    ) -> None:
        self.rng = random.Random(seed)
        self.composer = LineComposer(self.rng, held_out=held_out_text)
        self.drawer = LineDrawer(faces, self.rng, held_out=held_out_fonts, hand=hand)
        self.wear = Wear(self.rng)

    def make(self, longest: int = 110, worst: float = 1.0) -> TrainingLine:
        """Return one line, worn by at most `worst`."""
        rng = self.rng
        if rng.random() < EMPTY_SHARE:
            return self._make_empty(worst)
        text = self.composer.compose(longest)
        others = (self.composer.compose(longest), self.composer.compose(longest))
        body = rng.choices(
            (
                rng.uniform(8.5, 13),
                rng.uniform(13, 17),
                rng.uniform(17, 23),
                rng.uniform(23, 30),
                rng.uniform(30, 45),
            ),
            (9, 20, 33, 31, 7),
        )[0]
        line = self.drawer.draw(text, body, others)
        mild, usual, hard = rng.uniform(0, 0.15), rng.uniform(0.1, 0.5), rng.uniform(0.4, 1)
        strength = worst * rng.choices((mild, usual, hard), (40, 38, 22))[0]
        worn = self.wear.apply(line.canvas, line.baseline, line.body, strength)
        return TrainingLine(cut_line(worn, line, rng), line.text)

    def _make_empty(self, worst: float) -> TrainingLine:
        """Return a crop of dirt, rules and pen strokes without print: nothing is to be read in it."""
        rng = self.rng
        body = rng.uniform(9, 30)
        size = (round(7.2 * body), round(body * rng.uniform(2, 40)))
        paper = np.full(size, 255, np.uint8)
        line = DrawnLine("", paper, body, size[1] - body, 4.1 * body, body)
        worn = self.wear.apply(paper, line.baseline, body, worst * rng.uniform(0.3, 1))
        return TrainingLine(cut_line(worn, line, rng), "")


def cut_line(canvas: NDArray[np.uint8], line: DrawnLine, rng: random.Random) -> NDArray[np.uint8]:
    """Cut the band of the line with jitter in place, scale, slope, bend and margins."""
    body = line.body * rng.triangular(0.8, 1.22, 1.0)
    off = rng.triangular(-0.25, 0.25, 0.0) * line.body
    stretch = rng.triangular(0.85, 1.15, 1.0)
    left = line.left - body * rng.uniform(0, 1.5)
    right = line.right + body * rng.uniform(0, 1.5)
    scale = CROP_HEIGHT / ((BAND_ABOVE + BAND_BELOW) * body)  # crop pixels a canvas pixel
    width = int(np.clip(round((right - left) * scale * stretch), 12, WIDEST_CROP))
    source = canvas
    shrink = 1.0
    if scale < 0.75:  # area-average first: plain interpolation would drop thin strokes
        shrink = scale * 1.2
        size = (max(1, round(canvas.shape[1] * shrink)), max(1, round(canvas.shape[0] * shrink)))
        source = cv2.resize(canvas, size, interpolation=cv2.INTER_AREA)
    xs = (np.arange(width, dtype=np.float32) + 0.5) / width
    slope = np.tan(np.radians(rng.triangular(-1, 1, 0))) * (right - left)
    slope = float(np.clip(slope, -0.3 * body, 0.3 * body))
    bend = rng.triangular(-0.15, 0.15, 0) * body if rng.random() < 0.3 else 0.0
    centre = line.baseline + off + slope * (xs - 0.5) + bend * (4 * (xs - 0.5) ** 2 - 0.5)
    rows = (np.arange(CROP_HEIGHT, dtype=np.float32) + 0.5) / scale - BAND_ABOVE * body
    map_y = (rows[:, None] + centre[None, :]) * shrink - 0.5
    map_x = np.broadcast_to((left + xs * (right - left)) * shrink - 0.5, map_y.shape)
    method = cv2.INTER_CUBIC if rng.random() < 0.3 else cv2.INTER_LINEAR
    crop = cv2.remap(
        source,
        np.ascontiguousarray(map_x, np.float32),
        np.ascontiguousarray(map_y, np.float32),
        method,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(crop, dtype=np.uint8)
