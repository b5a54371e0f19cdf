"""Draw one line of text as it stands on paper: font, spacing, neighbours, handwriting, rules.

The result is a canvas at the scan's own resolution with the baseline and the body height known;
`wear.py` damages it and `crops.py` cuts the line out of it as the page reader would.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFont

from ocr.thai_text import MONTHS
from ocr.training.clusters import split_clusters
from ocr.training.fonts import HANDWRITING, HELD_OUT_FAMILIES, STAMPED, Face, has_glyph, load_font
from ocr.training.hand import Hand

Picture = NDArray[np.uint8]
REAL_HAND_SHARE = 0.85  # of digits by hand, where written ones are at hand; else fonts
WRITTEN_WHERE_LACKING = 0.85
# Baseline to baseline, in body heights: Laksaman of 12 pt set solid has 1.8.
WIDE_PITCH, TIGHT_PITCH, TIGHT_SHARE = (2.7, 4.3), (1.8, 2.7), 0.5
ONLY_MARKS_SHARE = 0.5  # of tight neighbours: the page reader erased their letters
WRITTEN_SHARE = 0.07  # of lines with digits by hand or stamp: most real numbers and days have them


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line on its canvas: text as it can be read, ink left and right, baseline and body in pixels."""

    text: str
    canvas: Picture
    left: float
    right: float
    baseline: float
    body: float


class LineDrawer:
    """Draws texts in faces chosen by their share; `held_out` draws only in the held-out families."""

    def __init__(
        self,
        faces: tuple[Face, ...],
        rng: random.Random,
        *,
        held_out: bool = False,
        hand: Hand | None = None,
    ) -> None:
        self.rng = rng
        self.hand = hand
        self.faces = [
            f for f in faces if f.weight > 0 and (f.family in HELD_OUT_FAMILIES) is held_out
        ]
        self.weights = [f.weight for f in self.faces]
        self.handwriting = [f for f in faces if f.family in HANDWRITING] or self.faces
        self.stamped = [f for f in faces if f.family in STAMPED] or self.faces

    def draw(self, text: str, body: float, neighbours: tuple[str, str]) -> DrawnLine:
        """Draw a text with body height `body` pixels, with neighbouring lines above and below."""
        rng = self.rng
        face = rng.choices(self.faces, self.weights)[0]
        text = "".join(c for c in text if c == " " or has_glyph(face.path, c))
        text = " ".join(text.split()) or "ก"
        size = max(8, round(body / face.body))
        body = face.body * size
        font = load_font(face.path, size)
        shown = self._widen_spaces(text)
        spacing = body * rng.uniform(0.02, 0.3) if rng.random() < 0.14 else 0.0
        shift = body * 0.06 if "Typ" in face.family and rng.random() < 0.5 else 0.0
        margin = round((5 if lacks_digits(text) else 3) * body)
        width = round(font.getlength(shown) + spacing * len(shown)) + 2 * margin
        height = round(7.2 * body)
        baseline = round(4.1 * body)
        image = Image.new("L", (width + round(14 * body), height), 255)
        pen = ImageDraw.Draw(image)
        if spacing or shift:
            right = self._draw_spaced(pen, shown, font, (margin, baseline), (spacing, shift))
        else:
            pen.text((margin, baseline), shown, font=font, fill=0, anchor="ls")
            right = margin + font.getlength(shown)
        tight = rng.random() < TIGHT_SHARE
        pitch = body * rng.uniform(*(TIGHT_PITCH if tight else WIDE_PITCH))
        for sign, other in ((-1, neighbours[0]), (1, neighbours[1])):
            if other and rng.random() < (0.85 if tight else 0.55):
                at = (margin + rng.uniform(-6, 4) * body, baseline + sign * pitch)
                if tight and rng.random() < ONLY_MARKS_SHARE:
                    draw_marks(image, at, other, font, body)
                else:
                    pen.text(at, other, font=font, fill=0, anchor="ls")
            elif other and rng.random() < 0.06:  # an urgency mark, a seal or a Garuda close by
                big = load_font(face.path, round(size * rng.uniform(1.8, 2.6)))
                x = margin + rng.uniform(-3, 12) * body
                y = baseline - 2.0 * body if sign < 0 else baseline + 4.6 * body
                pen.text((x, y), other[:12], font=big, fill=0, anchor="ls")
        canvas = np.array(image)
        line = DrawnLine(text, canvas, margin, right, baseline, body)
        if rng.random() < (WRITTEN_SHARE if not lacks_digits(text) else WRITTEN_WHERE_LACKING):
            line = self._write_number(line)
        return replace(line, canvas=line.canvas[:, : round(line.right) + margin])

    def _widen_spaces(self, text: str) -> str:
        """Make some spaces wide, as tabs and justified lines do; they are still read as one."""
        if self.rng.random() < 0.6:
            return text
        widest = self.rng.choice((2, 2, 3, 6))
        return "".join(
            " " * self.rng.randint(1, widest) if c == " " and self.rng.random() < 0.6 else c
            for c in text
        )

    def _draw_spaced(
        self,
        pen: ImageDraw.ImageDraw,
        text: str,
        font: ImageFont.FreeTypeFont,
        start: tuple[float, float],
        play: tuple[float, float],
    ) -> float:
        """Draw cluster by cluster: letter-spaced print, and a typewriter's dancing baseline."""
        (x, baseline), (spacing, shift) = start, play
        for cluster in split_clusters(text):
            y = baseline + self.rng.uniform(-shift, shift)
            pen.text((x, y), cluster, font=font, fill=0, anchor="ls")
            x += font.getlength(cluster) + spacing
        return x - spacing

    def _write_number(self, line: DrawnLine) -> DrawnLine:
        """Add digits after the print as a hand or a numbering stamp does."""
        rng = self.rng
        stamp = rng.random() < 0.45
        face = rng.choice(self.stamped if stamp else self.handwriting)
        digits = "0123456789" if rng.random() < 0.5 else "๐๑๒๓๔๕๖๗๘๙"
        bare = line.text.startswith(MONTHS)
        before = bare or rng.random() < 0.3  # the day, in front of the printed month
        if bare and rng.random() < 0.8:
            text = "".join(digits[int(c)] for c in str(rng.randint(1, 31)))
        else:
            text = "".join(rng.choices(digits, k=rng.randint(1, 2 if before else 5)))
        if not all(has_glyph(face.path, c) for c in text):
            return line
        size = max(8, round(line.body * rng.uniform(1.0, 1.75) / face.body))
        base = size * 2.0
        known = self.hand is not None and all(self.hand.pictures.get(c) for c in text)
        if self.hand and known and not stamp and rng.random() < REAL_HAND_SHARE:
            drawn = self.hand.write(text, size, rng)
        else:
            drawn = self._write_digits(face, text, size, stamp=stamp)
        drawn = worn_stamp(drawn, rng) if stamp else shake(drawn, rng, size)
        gap = line.body * rng.uniform(0.2, 2.2 if before else 1.2)
        lift = line.body * rng.uniform(-0.3, 0.25)
        if before:
            return paste_before(line, drawn, text, gap, base - lift)
        return paste(line, drawn, text, gap, base - lift)

    def _write_digits(self, face: Face, text: str, size: int, *, stamp: bool) -> Picture:
        """Set digits one by one, baseline at twice `size`: a hand turns and sizes each its own way."""
        rng = self.rng
        width = round(load_font(face.path, size).getlength(text) * 2) + size
        drawn = np.full((size * 3, width), 255, np.uint8)
        x, base = size * 0.4, size * 2.0
        for char in text:
            scale, turn = (1.0, 0.0) if stamp else (rng.uniform(0.8, 1.2), rng.gauss(0, 6))
            font = load_font(face.path, max(8, round(size * scale)))
            layer = Image.new("L", drawn.shape[::-1], 255)
            y = base + rng.uniform(-0.06, 0.06) * size
            ImageDraw.Draw(layer).text((x, y), char, font=font, fill=0, anchor="ls")
            turned = layer.rotate(turn, Image.Resampling.BILINEAR, center=(x, y), fillcolor=255)
            drawn = np.minimum(drawn, np.array(turned))
            x += font.getlength(char) * rng.uniform(0.95, 1.3 if stamp else 1.2)
        return drawn


def draw_marks(
    image: Image.Image,
    at: tuple[float, float],
    text: str,
    font: ImageFont.FreeTypeFont,
    body: float,
) -> None:
    """Draw of a text only what stands above and below its letters: a reader erased the rest."""
    layer = Image.new("L", image.size, 255)
    pen = ImageDraw.Draw(layer)
    pen.text(at, text, font=font, fill=0, anchor="ls")
    body_band = (0, at[1] - 1.05 * body, image.width, at[1] + 0.04 * body)
    pen.rectangle(body_band, fill=255)
    image.paste(ImageChops.darker(image, layer))


def lacks_digits(text: str) -> bool:
    """Tell whether a printed line waits for a pen: a month without its day, a number's end."""
    return text.startswith(MONTHS) or text.endswith(("/", "/ว", "/ว."))


def paste(line: DrawnLine, drawn: Picture, text: str, gap: float, base: float) -> DrawnLine:
    """Put drawn ink after the line's right end, its baseline on the line's."""
    columns = np.flatnonzero((drawn < 200).any(axis=0))
    if columns.size == 0:
        return line
    left, right = int(columns[0]), int(columns[-1]) + 1
    x = round(line.right + gap)
    if right - left < 4 or x + right - left > line.canvas.shape[1]:
        return line  # no room: nobody could read what is cut off
    top = round(line.baseline - base)
    canvas = line.canvas.copy()
    first, last = max(0, top), min(canvas.shape[0], top + drawn.shape[0])
    part = drawn[first - top : last - top, left:right]
    view = canvas[first:last, x : x + right - left]
    np.minimum(view, part, out=view)
    glued = gap < 0.55 * line.body
    joined = line.text + ("" if glued else " ") + text
    return DrawnLine(joined, canvas, line.left, x + right - left, line.baseline, line.body)


def paste_before(line: DrawnLine, drawn: Picture, text: str, gap: float, base: float) -> DrawnLine:
    """Put drawn ink before the line's left end, where the margin has room for it."""
    mirrored = replace(
        line, canvas=line.canvas[:, ::-1], left=0.0, right=line.canvas.shape[1] - line.left
    )
    put = paste(mirrored, drawn[:, ::-1], text, gap, base)
    if put.text == mirrored.text:
        return line
    canvas = np.ascontiguousarray(put.canvas[:, ::-1])
    joined = f"{text} {line.text}"
    return replace(line, text=joined, canvas=canvas, left=line.canvas.shape[1] - put.right)


def shake(picture: Picture, rng: random.Random, size: float) -> Picture:
    """Slant and bend strokes elastically, and change their width, as handwriting does."""
    height, width = picture.shape
    noise = np.random.default_rng(rng.randrange(2**32))
    amount = size * rng.uniform(0.02, 0.09)
    field = noise.normal(0, 1, (2, height, width)).astype(np.float32)
    sigma = size * rng.uniform(0.14, 0.3)
    bend = [cv2.GaussianBlur(f, (0, 0), sigma) for f in field]
    bend = [b * (amount / (np.abs(b).max() + 1e-6)) * 2 for b in bend]
    slant = rng.uniform(-0.15, 0.4)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    moved = cv2.remap(
        picture,
        xs + bend[0] + slant * (ys - height * 0.66),
        ys + bend[1],
        cv2.INTER_LINEAR,
        borderValue=255,
    )
    if rng.random() < 0.5:
        moved = cv2.erode(moved, np.ones((2, 2), np.uint8))
    ink = rng.uniform(0, 120)
    return np.asarray(ink + moved * ((255 - ink) / 255), dtype=np.uint8)


def worn_stamp(picture: Picture, rng: random.Random) -> Picture:
    """Take ink away in patches, as a rubber stamp or a numbering machine leaves it."""
    noise = np.random.default_rng(rng.randrange(2**32))
    small = noise.random((max(2, picture.shape[0] // 6), max(2, picture.shape[1] // 6)))
    patches = cv2.resize(
        small.astype(np.float32), picture.shape[::-1], interpolation=cv2.INTER_CUBIC
    )
    missing = np.clip((patches - rng.uniform(0.45, 1.0)) * 4, 0, 1)
    ink = rng.uniform(0, 110)
    worn = 255 - (255 - picture.astype(np.float32)) * (1 - missing) * (1 - ink / 255)
    return np.asarray(worn, dtype=np.uint8)
