"""Digits written by real hands: Arabic ones in the IDX format of MNIST, Thai ones by known writers.

Days and running numbers are written by hand in most real letters, and no font looks like a hand.
Source: any folder with `*images-idx3-ubyte` and `*labels-idx1-ubyte` files (`--digits FOLDER`);
the model card says which was used. Without one, handwriting fonts serve alone. Thai digits come from
`thai_digits.npz` (`--handwriting FOLDER`): `images` (n, 96, 96) uint8 black on white, `labels`, `writers`.
They are split by writer, never by picture.
"""

from __future__ import annotations

import random
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
IMAGES_MAGIC, LABELS_MAGIC = 2051, 2049
THAI = "๐๑๒๓๔๕๖๗๘๙"
HELD_OUT_EVERY = 7  # every seventh writer is never trained on
LEAST_INK = 12  # pixels of a drawing's longer side: less is a touch of the pen


class Hand:
    """Written digits by value; each picture uint8, ink dark on 255, cut to its ink."""

    def __init__(self, pictures: dict[str, list[Picture]]) -> None:
        self.pictures = pictures

    def write(self, text: str, size: int, rng: random.Random) -> Picture:
        """Return digits set one by one about `size` pixels apart, baseline at twice `size`."""
        drawn = np.full((size * 3, size * (len(text) + 1)), 255, np.uint8)
        x, tall = size * 0.4, rng.uniform(0.5, 0.75) * size
        narrow = rng.uniform(0.75, 1.1)
        for char in text:
            glyph = rng.choice(self.pictures[char])
            height = max(8, round(tall * rng.uniform(0.85, 1.15)))
            width = max(3, round(glyph.shape[1] * height / glyph.shape[0] * narrow))
            glyph = np.asarray(
                cv2.resize(glyph, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8
            )
            top = round(size * (2 + rng.uniform(-0.06, 0.06))) - height
            left = round(x)
            view = drawn[top : top + height, left : left + width]
            np.minimum(view, glyph[:, : view.shape[1]], out=view)
            x += width + size * rng.uniform(0.02, 0.16)
        return stroke(drawn, size, rng)


def stroke(picture: Picture, size: int, rng: random.Random) -> Picture:
    """Make the enlarged strokes sharp again, at a pen's width of its own."""
    soft = cv2.GaussianBlur(picture, (0, 0), max(0.6, size * 0.02)).astype(np.float32)
    level = rng.uniform(70, 200)
    return np.asarray(np.clip((soft - level) * 4 + 128, 0, 255), dtype=np.uint8)


@lru_cache(maxsize=1)
def load_hand(folder: Path) -> Hand:
    """Read every pair of IDX files of a folder; raises ValueError for what is not such a file."""
    pictures: dict[str, list[Picture]] = {str(digit): [] for digit in range(10)}
    for path in sorted(folder.glob("*images-idx3-ubyte")):
        labels = path.with_name(path.name.replace("images-idx3", "labels-idx1"))
        for grey, digit in zip(_read(path, IMAGES_MAGIC), _read(labels, LABELS_MAGIC), strict=True):
            rows, columns = (np.flatnonzero((grey > 60).any(axis=a)) for a in (1, 0))
            if rows.size and columns.size:
                cut = grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
                pictures[str(int(digit))].append(np.asarray(255 - cut, dtype=np.uint8))
    if not all(pictures.values()):
        message = f"{folder} holds no digits in the IDX format (…images-idx3-ubyte)"
        raise ValueError(message)
    return Hand(pictures)


def load_hands(folder: Path, handwriting: Path | None = None) -> Hand:
    """Return Arabic digits of `folder` and, where `handwriting` is given, Thai ones beside them."""
    thai = load_thai_hand(handwriting) if handwriting else {}
    return Hand({**load_hand(folder).pictures, **thai})


def load_thai_hand(folder: Path, *, held_out: bool = False) -> dict[str, list[Picture]]:
    """Return Thai digits by value, as `Hand` keeps them, of the writers trained on or of the others.

    Raises FileNotFoundError where the folder has no `thai_digits.npz`.
    """
    pictures: dict[str, list[Picture]] = {digit: [] for digit in THAI}
    with np.load(folder / "thai_digits.npz") as stored:
        drawn = zip(stored["images"], stored["labels"], stored["writers"], strict=True)
        for grey, value, writer in drawn:
            if (int(writer) % HELD_OUT_EVERY == 0) is not held_out:
                continue
            rows, columns = (np.flatnonzero((grey < 128).any(axis=a)) for a in (1, 0))
            if rows.size and columns.size and max(np.ptp(rows), np.ptp(columns)) >= LEAST_INK:
                cut = grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
                pictures[THAI[int(value)]].append(np.asarray(cut, dtype=np.uint8))
    return pictures


def _read(path: Path, magic: int) -> NDArray[np.uint8]:
    raw = path.read_bytes()
    if len(raw) < 8 or int.from_bytes(raw[:4], "big") != magic:
        message = f"{path} is not an IDX file of the expected kind"
        raise ValueError(message)
    axes = magic % 256
    shape = [int.from_bytes(raw[4 + 4 * i : 8 + 4 * i], "big") for i in range(axes)]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * axes).reshape(shape)
