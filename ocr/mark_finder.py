"""A network that finds a secrecy mark's ink wherever it stands: over the crest, touching a frame, leant, spaced out.

Beside `ocr.mark_words`, which reads ink that stands alone. The network (`ocr/model/marks.onnx`, trained by
`ocr/training/mark_finder.py`) looks at a part of a page at a fixed resolution and says of every cell of it how
likely letters of ลับ, ลับมาก, ลับที่สุด or ปกปิด are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ocr.document import Box
from ocr.engine import PagePicture
from ocr.recognizer import open_model

FINDER_MODEL = Path(__file__).with_name("model") / "marks.onnx"
FINDER_DPI = 96
CELL = 8  # pixels at `FINDER_DPI`: the network says one thing of each cell
SUREST = 5  # cells that are weighed together: as many as the smallest mark covers
FAINT = -3.0  # logit: cells above it that touch are one place, and no cell weighs less
_INKED = 0.1  # a part where nothing is darker than its paper by so much is bare
_MULTIPLE = 16  # of pixels, that both sides of what is shown must be
_PAPER = 27  # pixels: around the thickest stroke of a mark there is paper so near

Ink = NDArray[np.float32]


def find_mark_ink(part: PagePicture) -> Iterator[tuple[Box, float]]:
    """Yield every place that looks like a mark's letters, with the mean logit of its surest cells.

    Boxes are in pixels of the part. Raises EngineMissingError when the model is missing or damaged.
    """
    channels = to_channels(_at_finder_dpi(part))
    if not (channels[0] > _INKED).any():
        return
    logits = _logits(channels)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats((logits > FAINT).astype(np.uint8))
    step = CELL * part.dpi / FINDER_DPI
    for label, (x, y, width, height, _) in enumerate(boxes.tolist()[1:], start=1):
        surest = np.sort(logits[labels == label])[-SUREST:]
        mean = float((surest.sum() + FAINT * (SUREST - len(surest))) / SUREST)
        left, top = round(x * step), round(y * step)
        right, foot = round((x + width) * step), round((y + height) * step)
        yield Box(left, top, min(part.width, right), min(part.height, foot)), mean


def to_channels(pixels: NDArray[np.uint8]) -> Ink:
    """Return (3, height, width) of a gray or RGB picture: ink of any colour, red ink, blue ink, each 0 to 1."""
    gray = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    paper = cv2.blur(cv2.dilate(gray, np.ones((_PAPER, _PAPER), np.uint8)), (_PAPER, _PAPER))
    out = np.zeros((3, *gray.shape), np.float32)
    out[0] = np.clip(1 - gray.astype(np.float32) / np.maximum(paper, 24), 0, 1)
    if pixels.ndim == 3:
        channels = pixels.astype(np.float32) / 255
        red, green, blue = (channels[..., at] for at in range(3))
        out[1] = np.clip(2 * (red - np.maximum(green, blue)), 0, 1)
        out[2] = np.clip(2 * (blue - np.maximum(red, green)), 0, 1)
    return out


def _at_finder_dpi(part: PagePicture) -> NDArray[np.uint8]:
    scale = FINDER_DPI / part.dpi
    size = (max(1, round(part.width * scale)), max(1, round(part.height * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(part.pixels, size, interpolation=how), np.uint8)


def _logits(channels: Ink) -> Ink:
    """Return (rows, columns) of cells; paper is added so that both sides are whole."""
    height, width = channels.shape[1:]
    around = ((0, 0), (0, -height % _MULTIPLE), (0, -width % _MULTIPLE))
    (logits,) = _finder().run(None, {"channels": np.pad(channels, around)[None]})
    return np.asarray(logits[0, 0, : -(-height // CELL), : -(-width // CELL)], np.float32)


@lru_cache(maxsize=1)
def _finder() -> onnxruntime.InferenceSession:
    return open_model(FINDER_MODEL)
