"""Single digits as pens, numbering stamps and printers leave them, and ink that is no digit.

Digits come from real hands (`hand.py`). Where a collection of Thai ones is not at hand, and for a share
beside it, the glyphs of fonts are thinned to one pixel, broken or closed here and there, and inked again
by pens of many widths; the bends of a hand are put on all of them by `digits.py`.
"""

from __future__ import annotations

import random
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr.training.fonts import HANDWRITING, STAMPED, Face, load_font
from ocr.training.hand import Hand
from ocr.training.lists import CONSONANTS

Picture = NDArray[np.uint8]
FOREIGN = "".join(CONSONANTS) + "เแ/.-(ๆ"
TALL = 56  # pixels of a glyph before it is bent and brought to a crop's size
THINNEST, THICKEST = 3, 11  # of a pen, for a glyph of that height
HALVED = "235689๒๓๔๕๖๗๘๙"  # half of any of these is no digit; half a 4 may be a 1


def hand_digit(hand: Hand, digit: str, rng: random.Random) -> Picture:
    """Return a digit of a real hand, its strokes thickened or thinned as by another pen."""
    glyph = rng.choice(hand.pictures[digit])
    scale = TALL / max(glyph.shape)
    size = (max(3, round(glyph.shape[1] * scale)), max(3, round(glyph.shape[0] * scale)))
    large = cv2.resize(255 - glyph, size, interpolation=cv2.INTER_CUBIC)
    large = cv2.copyMakeBorder(large, 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=(0,))
    ink = (cv2.GaussianBlur(large, (0, 0), 1.2) > rng.uniform(70, 150)).astype(np.uint8) * 255
    width = rng.choice((-3, -2, 0, 0, 2, 3, 5))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(width) + 1, abs(width) + 1))
    other = cv2.erode(ink, kernel) if width < 0 else cv2.dilate(ink, kernel)
    kept = int(np.count_nonzero(other)) > 0.3 * np.count_nonzero(ink)
    return np.asarray(255 - (other if kept else ink), dtype=np.uint8)


def written_digit(digit: str, face: Face, rng: random.Random) -> Picture:
    """Return a digit of a font, thinned and inked again with a pen; now and then a stroke is broken."""
    thin = cv2.copyMakeBorder(thinned(face, digit), 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=(0,))
    rows, columns = np.nonzero(thin)
    if rows.size and rng.random() < 0.25:  # a loop left open, a stroke lifted
        at = rng.randrange(rows.size)
        cv2.circle(thin, (int(columns[at]), int(rows[at])), rng.randint(2, 5), (0,), -1)
    width = rng.randint(THINNEST, THICKEST)
    pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    return np.asarray(255 - cv2.dilate(thin, pen), dtype=np.uint8)


@lru_cache(maxsize=4000)
def thinned(face: Face, char: str) -> Picture:
    """Return a glyph's middle line, 255 on 0 (Zhang and Suen 1984)."""
    glyph = 255 - printed(face, char)
    ink = np.pad((glyph > 127).astype(np.uint8), 1)
    while True:
        before = int(ink.sum())
        for first in (True, False):
            ring = [
                np.roll(ink, shift, (0, 1))
                for shift in ((1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1))
            ]
            around = np.sum(ring, axis=0)
            turns = sum((ring[i] == 0) & (ring[(i + 1) % 8] == 1) for i in range(8))
            p2, p4, p6, p8 = ring[0], ring[2], ring[4], ring[6]
            sides = (p2 * p4 * p6, p4 * p6 * p8) if first else (p2 * p4 * p8, p2 * p6 * p8)
            gone = (ink == 1) & (around >= 2) & (around <= 6) & (turns == 1)
            ink[gone & (sides[0] == 0) & (sides[1] == 0)] = 0
        if int(ink.sum()) == before:
            return np.asarray(ink * 255, dtype=np.uint8)


@lru_cache(maxsize=4000)
def printed(face: Face, char: str) -> Picture:
    """Return a glyph dark on 255, cut to its ink and brought to `TALL`."""
    image = Image.new("L", (200, 220), 255)
    pen = ImageDraw.Draw(image)
    pen.text((50, 150), char, font=load_font(face.path, 100), fill=0, anchor="ls")
    drawn = np.array(image)
    rows, columns = (np.flatnonzero((drawn < 128).any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return np.zeros((12, 8), np.uint8)
    cut = drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = TALL / max(cut.shape)
    size = (max(3, round(cut.shape[1] * scale)), max(3, round(cut.shape[0] * scale)))
    return np.asarray(cv2.resize(cut, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def stamped_digit(digit: str, face: Face, rng: random.Random) -> Picture:
    """Return a digit of a numbering stamp: ink is missing in patches and spread at the rims."""
    glyph = 255 - np.pad(printed(face, digit), 3, constant_values=255)
    if rng.random() < 0.5:
        glyph = np.asarray(cv2.dilate(glyph, np.ones((3, 3), np.uint8)), np.uint8)
    noise = np.random.default_rng(rng.randrange(2**32)).random(
        (max(2, glyph.shape[0] // 7), max(2, glyph.shape[1] // 7))
    )
    patches = cv2.resize(noise.astype(np.float32), glyph.shape[::-1], interpolation=cv2.INTER_CUBIC)
    missing = np.clip((patches - rng.uniform(0.5, 1.0)) * 4, 0, 1)
    return np.asarray(255 - glyph * (1 - missing), dtype=np.uint8)


def no_digit(hand: Hand, faces: tuple[Face, ...], rng: random.Random) -> Picture:
    """Return a letter, half a digit, two digits in one, or a blot."""
    kind = rng.random()
    if kind < 0.4:
        return printed(rng.choice(faces), rng.choice(FOREIGN))
    if kind < 0.55:
        digit = rng.choice(HALVED)
        glyph = _any_digit(hand, faces, digit, rng)
        half = max(3, round(glyph.shape[1] * rng.uniform(0.35, 0.55)))
        return np.ascontiguousarray(glyph[:, :half] if rng.random() < 0.5 else glyph[:, -half:])
    if kind < 0.8:
        left, right = (_any_digit(hand, faces, rng.choice("0123456789๑๒๓๕๗๙"), rng) for _ in "ab")
        overlap = rng.randint(0, 10)
        both = np.full((max(len(left), len(right)), left.shape[1] + right.shape[1]), 255, np.uint8)
        both[-len(left) :, : left.shape[1]] = left
        at = max(0, left.shape[1] - overlap)
        view = both[-len(right) :, at : at + right.shape[1]]
        np.minimum(view, right, out=view)
        return np.ascontiguousarray(both[:, : at + right.shape[1]])
    noise = np.random.default_rng(rng.randrange(2**32)).normal(0, 1, (40, rng.randint(15, 60)))
    blot = cv2.GaussianBlur(noise.astype(np.float32), (0, 0), rng.uniform(1.0, 5.0))
    return np.where(blot > blot.std() * rng.uniform(0.2, 1.2), 0, 255).astype(np.uint8)


def _any_digit(hand: Hand, faces: tuple[Face, ...], digit: str, rng: random.Random) -> Picture:
    if digit in hand.pictures:
        return hand_digit(hand, digit, rng)
    return written_digit(digit, rng.choice(faces), rng)


def pen_faces(faces: tuple[Face, ...]) -> tuple[Face, ...]:
    """Return the faces to thin: those that look written four times as often as the others."""
    plain = tuple(face for face in faces if not face.bold and "Italic" not in face.path.stem)
    return plain + tuple(f for f in plain if f.family in HANDWRITING) * 4


def stamp_faces(faces: tuple[Face, ...]) -> tuple[Face, ...]:
    """Return the faces that numbering stamps look like."""
    return tuple(face for face in faces if face.family in STAMPED) or faces
