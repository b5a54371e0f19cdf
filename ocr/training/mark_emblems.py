"""Signs of offices that no mark is: wheels, rings with letters round them, seals, shields, monograms, petals, crests.

Drawn as ink (0 bare, 255 covered) at `DRAWN_DPI`, no two alike. The Garuda is not drawn: it is learnt from pages.
"""

from __future__ import annotations

import math
import random
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from ocr.training.fonts import load_font
from ocr.training.mark_pens import CONSONANTS, DRAWN_DPI, OTHER, Ink, curve

_INCHES = (0.45, 1.6)  # across an emblem
Pen = ImageDraw.ImageDraw


def draw_emblem(face: Path, rng: random.Random) -> Ink:
    """Draw a sign of any kind, 0.45 to 1.6 inches across."""
    side = round(rng.uniform(*_INCHES) * DRAWN_DPI)
    layer = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(layer)
    way = rng.random()
    if way < 0.25:
        return _mirrored(layer, rng)
    if way < 0.5:
        _wheel(pen, side, rng)
    elif way < 0.75:
        _ring(layer, face, rng)
    elif way < 0.88:
        _shield(pen, side, face, rng)
    else:
        _petals(pen, side, rng)
    return np.array(layer, np.float32)


def _mirrored(layer: Image.Image, rng: random.Random) -> Ink:
    """Strokes and blots, the left half mirrored to the right."""
    side, pen = layer.width, ImageDraw.Draw(layer)
    if rng.random() < 0.35:
        _circles(pen, side, rng.randint(1, 3), rng)
    for _ in range(rng.randint(6, 40)):
        points = curve(side, rng)
        if rng.random() < 0.35:
            pen.polygon(points, fill=rng.choice((255, 255, 0)))
        else:
            pen.line(points, fill=rng.choice((255, 255, 255, 0)), width=rng.randint(2, 9))
    ink = np.array(layer, np.float32)
    if rng.random() < 0.8:
        ink[:, side // 2 :] = ink[:, : side - side // 2][:, ::-1]
    return ink


def _circles(pen: Pen, side: int, count: int, rng: random.Random) -> list[float]:
    """Draw circles about the middle; return their radii, the largest first."""
    middle = side / 2
    radii = sorted((rng.uniform(0.12, 0.98) * middle for _ in range(count - 1)), reverse=True)
    radii.insert(0, 0.98 * middle)
    for radius in radii:
        box = (middle - radius, middle - radius, middle + radius, middle + radius)
        pen.ellipse(box, outline=255, width=max(1, round(side * rng.uniform(0.008, 0.05))))
    return radii


def _wheel(pen: Pen, side: int, rng: random.Random) -> None:
    """Rim, hub and spokes: bars, flames or pearls; at times teeth outside the rim."""
    _circles(pen, side, rng.randint(1, 4), rng)
    count, turn, middle = rng.randint(4, 36), rng.uniform(0, math.tau), side / 2
    inner, outer = rng.uniform(0.08, 0.5) * middle, rng.uniform(0.6, 0.98) * middle
    wide, way = rng.uniform(0.1, 0.9) * math.pi / count, rng.random()
    for i in range(count):
        angle = turn + math.tau * i / count
        tip = _on(middle, outer, angle)
        if way < 0.45:
            width = max(1, round(side * rng.uniform(0.01, 0.035)))
            pen.line([_on(middle, inner, angle), tip], fill=255, width=width)
        elif way < 0.8:
            sides = [_on(middle, (inner + outer) / 2, angle + s * wide) for s in (-1, 1)]
            ends = [_on(middle, inner, angle), sides[0], tip, sides[1]]
            pen.polygon(ends, fill=rng.choice((255, 0)), outline=255)
        else:
            radius = max(2.0, 0.4 * wide * outer)
            x, y = tip
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=255, width=2)
    hub = rng.uniform(0.04, 0.18) * side
    pen.ellipse((middle - hub, middle - hub, middle + hub, middle + hub), fill=rng.choice((255, 0)))


def _on(middle: float, radius: float, angle: float) -> tuple[float, float]:
    return middle + radius * math.cos(angle), middle + radius * math.sin(angle)


def _ring(layer: Image.Image, face: Path, rng: random.Random) -> None:
    """An office's seal or logo: letters round a ring, in the middle a sign, letters or a date."""
    side, pen = layer.width, ImageDraw.Draw(layer)
    _circles(pen, side, rng.randint(1, 3), rng)
    size = max(10, round(side * rng.uniform(0.07, 0.14)))
    font, radius = load_font(face, size), side * rng.uniform(0.34, 0.43)
    words = " ".join(rng.choices(OTHER, k=rng.randint(2, 5)))
    turn, step = rng.uniform(0, math.tau), size * rng.uniform(0.6, 0.9) / radius
    for i, char in enumerate(words[: int(math.tau / step)]):
        angle = turn + i * step
        sign = Image.new("L", (3 * size, 3 * size), 0)
        at = (1.5 * size, 1.5 * size)
        ImageDraw.Draw(sign).text(at, char, 255, font, anchor="mm")
        sign = sign.rotate(-math.degrees(angle) - 90, Image.Resampling.BICUBIC)
        x, y = _on(side / 2, radius, angle)
        layer.paste(255, (round(x - 1.5 * size), round(y - 1.5 * size)), sign)
    way = rng.random()
    if way < 0.4:
        inside = load_font(face, max(12, round(side * rng.uniform(0.15, 0.3))))
        letters = "".join(rng.choices(CONSONANTS, k=rng.randint(1, 3)))
        pen.text((side / 2, side / 2), letters, 255, inside, anchor="mm")
    elif way < 0.7:
        small = Image.new("L", (side // 2, side // 2), 0)
        _wheel(ImageDraw.Draw(small), small.width, rng)
        layer.paste(small, (side // 4, side // 4))
    else:
        for _ in range(rng.randint(3, 12)):
            moved = [(x / 2 + side / 4, y / 2 + side / 4) for x, y in curve(side, rng)]
            pen.line(moved, fill=255, width=rng.randint(1, 5))


def _shield(pen: Pen, side: int, face: Path, rng: random.Random) -> None:
    """A shield, a triangle or a box with a monogram, or the monogram alone."""
    way, line = rng.random(), max(2, round(side * rng.uniform(0.01, 0.05)))
    edge, foot = side * rng.uniform(0.02, 0.15), side * rng.uniform(0.5, 0.8)
    if way < 0.4:
        right, tip = side - edge, (side / 2, side - 2)
        corners = [(edge, edge), (right, edge), (right, foot), tip, (edge, foot), (edge, edge)]
        pen.line(corners, fill=255, width=line, joint="curve")
    elif way < 0.6:
        pen.line([(side / 2, 2), (side - 2, side - 2), (2, side - 2), (side / 2, 2)], 255, line)
    elif way < 0.8:
        radius = side * rng.uniform(0, 0.3)
        pen.rounded_rectangle((2, 2, side - 3, side - 3), radius, outline=255, width=line)
    font = load_font(face, max(12, round(side * rng.uniform(0.25, 0.6))))
    letters = "".join(rng.choices(CONSONANTS, k=rng.randint(1, 2)))
    pen.text((side / 2, side * rng.uniform(0.4, 0.6)), letters, 255, font, anchor="mm")


def _petals(pen: Pen, side: int, rng: random.Random) -> None:
    """A lotus, a sheaf or rays above a base: leaves that start from one point at the foot."""
    count, spread = rng.randint(3, 13), rng.uniform(0.4, 1.4)
    root = (side / 2, side * rng.uniform(0.7, 0.95))
    for i in range(count):
        angle = -math.pi / 2 + spread * (2 * i / max(1, count - 1) - 1)
        reach, wide = side * rng.uniform(0.5, 0.68), rng.uniform(0.05, 0.25)
        leaf = [
            (root[0] + r * reach * math.cos(a), root[1] + r * reach * math.sin(a))
            for r, a in ((0, angle), (0.6, angle - wide), (1, angle), (0.6, angle + wide))
        ]
        pen.polygon(leaf, fill=rng.choice((0, 0, 255)), outline=255)
    if rng.random() < 0.6:
        base = (side * 0.2, root[1], side * 0.8, min(side - 1.0, root[1] + side * 0.08))
        pen.rectangle(base, outline=255, width=rng.randint(1, 4))
