"""What printers, copiers, stamps, pens and scanners do to a line; all at the scan's resolution."""

from __future__ import annotations

import random
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


class Wear:
    """Damages drawn lines; `strength` 0 is a clean laser print, 1 a bad copy of a copy."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.noise = np.random.default_rng(rng.randrange(2**32))

    def apply(self, picture: Picture, baseline: float, body: float, strength: float) -> Picture:
        """Return the picture as a scanner would deliver it."""
        rng = self.rng
        if rng.random() < 0.12 + 0.35 * strength:
            picture = self._toner(picture, body)
        for chance, add in self._marks():
            if rng.random() < chance * (0.4 + strength):
                picture = add(picture, baseline, body)
        if rng.random() < 0.08 + 0.20 * strength:
            picture = self._copied_again(picture, body)
        if rng.random() < 0.03 + 0.15 * strength:
            picture = self._photographed(picture, body, strength)
        picture = self._copy(picture, body, strength)
        if rng.random() < 0.2 + 0.25 * strength:
            picture = self._threshold(picture, strength)
        if rng.random() < 0.25 + 0.35 * strength:
            picture = self._specks(picture, body, strength)
        if rng.random() < 0.35:
            picture = self._jpeg(picture, strength)
        return picture

    def _marks(self) -> tuple[tuple[float, Callable[[Picture, float, float], Picture]], ...]:
        return (
            (0.16, self._rule_under),
            (0.05, self._vertical_rule),
            (0.05, self._strike),
            (0.10, self._pen_stroke),
            (0.07, self._stamp_frame),
            (0.07, self._stamp_letters),
            (0.05, self._watermark),
            (0.02, self._dark_edge),
            (0.05, self._highlighter),
        )

    def _toner(self, picture: Picture, body: float) -> Picture:
        """Thicken or thin the strokes by a fraction of their width."""
        rng = self.rng
        sigma = max(0.5, body * 0.035)
        soft = cv2.GaussianBlur(picture, (0, 0), sigma).astype(np.float32)
        level = rng.uniform(70, 215)
        sharp = np.clip((soft - level) * rng.uniform(2.0, 5.0) + 128, 0, 255)
        return np.asarray(sharp, dtype=np.uint8)

    def _copy(self, picture: Picture, body: float, strength: float) -> Picture:
        """Blur, pale ink, uneven paper, missing toner, noise, a coarser resolution."""
        rng = self.rng
        if rng.random() < 0.35 * strength:
            height, width = picture.shape
            factor = max(rng.uniform(0.5, 1.0), 8.5 / body)
            if factor < 1:
                size = (max(8, round(width * factor)), max(8, round(height * factor)))
                picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
                picture = cv2.resize(
                    picture, (width, height), interpolation=rng.choice((0, 1, 1, 2))
                )
        blurred = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.25, 0.6 + 0.05 * body * strength))
        result = blurred.astype(np.float32)
        if rng.random() < 0.22 * strength:
            holes = cv2.GaussianBlur(self._field(result.shape, rng.uniform(1.5, 5)), (0, 0), 0.6)
            level = rng.uniform(0.75, 1.25)
            result = 255 - (255 - result) * (1 - np.clip((holes - level) * 3, 0, 1))
        ink = rng.uniform(0, 60 + 100 * strength * (rng.random() < 0.35))
        paper = rng.uniform(215, 255)
        result = ink + result * ((paper - ink) / 255)
        if rng.random() < 0.3:
            slope = rng.uniform(-30, 30) * (0.3 + strength)
            result += np.linspace(-slope, slope, result.shape[1], dtype=np.float32)[None, :]
        if rng.random() < 0.6:
            result += self.noise.normal(0, rng.uniform(1, 6 + 14 * strength), result.shape)
        return np.asarray(np.clip(result, 0, 255), dtype=np.uint8)

    def _copied_again(self, picture: Picture, body: float) -> Picture:
        """Copy a copy: blur and a steep tone curve, two or three times; thin strokes go, thick ones close."""
        rng = self.rng
        level = rng.uniform(95, 195)
        result = picture.astype(np.float32)
        for _ in range(rng.randint(2, 3)):
            result = cv2.GaussianBlur(result, (0, 0), max(0.4, body * rng.uniform(0.02, 0.05)))
            result += self.noise.normal(0, rng.uniform(2, 14), result.shape)
            result = np.clip((result - level) * rng.uniform(1.5, 3.5) + 128, 0, 255)
        return np.asarray(result, dtype=np.uint8)

    def _photographed(self, picture: Picture, body: float, strength: float) -> Picture:
        """Photograph it: a lens's or a shaking hand's blur, a shadow's edge, sharpening."""
        rng = self.rng
        length = max(1, round(body * rng.uniform(0.02, 0.16)))
        kernel = np.zeros((length, length), np.float32)
        cv2.line(kernel, (0, rng.randrange(length)), (length - 1, rng.randrange(length)), (1.0,), 1)
        blurred = cv2.filter2D(
            picture.astype(np.float32), -1, kernel / max(1.0, float(kernel.sum()))
        )
        shade = np.interp(
            np.arange(picture.shape[1]),
            sorted(rng.uniform(0, picture.shape[1]) for _ in range(4)),
            [rng.uniform(0.95 - 0.5 * strength, 1.0) for _ in range(4)],
        )
        soft = cv2.GaussianBlur(blurred, (0, 0), max(0.5, body * 0.06))
        sharp = blurred + rng.uniform(0, 1.2) * (blurred - soft)
        return np.asarray(np.clip(sharp * shade[None, :], 0, 255), dtype=np.uint8)

    def _field(self, shape: tuple[int, ...], grain: float) -> NDArray[np.float32]:
        """Return smooth noise of about unit spread with blotches `grain` pixels wide."""
        small = (max(2, round(shape[0] / grain)), max(2, round(shape[1] / grain)))
        field = np.abs(self.noise.normal(0, 0.7, small)).astype(np.float32)
        return np.asarray(cv2.resize(field, (shape[1], shape[0])), dtype=np.float32)

    def _threshold(self, picture: Picture, strength: float) -> Picture:
        """Make it bilevel, as fax and G4/JBIG2 scans are, at a level that may be wrong."""
        rng = self.rng
        spread = 0.12 + 0.13 * strength
        low, high = np.percentile(picture, (1, 95))
        level = low + (high - low) * rng.uniform(0.55 - spread, 0.55 + spread)
        return np.where(picture > level, 255, 0).astype(np.uint8)

    def _specks(self, picture: Picture, body: float, strength: float) -> Picture:
        """Scatter dirt: single pixels and small blots, black and white."""
        result = picture.copy()
        area = picture.size
        rate = self.rng.uniform(0.00002, 0.0006 * (0.2 + strength)) * (16 / body) ** 2
        size = body / self.rng.choice((22, 14, 10))
        for _ in range(min(400, int(area * rate))):
            radius = int(min(0.22 * body, abs(self.noise.normal(0, size))))
            spot = (
                int(self.noise.integers(picture.shape[1])),
                int(self.noise.integers(picture.shape[0])),
            )
            cv2.circle(result, spot, radius, 0 if self.rng.random() < 0.75 else 255, -1)
        return result

    def _jpeg(self, picture: Picture, strength: float) -> Picture:
        quality = round(self.rng.uniform(85 - 55 * strength, 95))
        coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)

    def _rule_under(self, picture: Picture, baseline: float, body: float) -> Picture:
        """Draw an underline or a dotted rule at, under or a little above the baseline."""
        rng = self.rng
        result = picture.copy()
        y = baseline + body * rng.choice((rng.uniform(0.1, 0.35), rng.uniform(0.3, 0.8), -0.02))
        tilt = rng.uniform(-0.004, 0.004) * picture.shape[1]
        ends = sorted(rng.uniform(0, picture.shape[1]) for _ in range(2))
        if rng.random() < 0.6:
            ends = [0, picture.shape[1]]
        thick = max(1, round(body * rng.uniform(0.04, 0.11)))
        if rng.random() < 0.5:
            start, stop = (round(ends[0]), round(y)), (round(ends[1]), round(y + tilt))
            cv2.line(result, start, stop, rng.randint(0, 90), thick)
            return result
        step = body * rng.uniform(0.22, 0.5)
        x = ends[0]
        while x < ends[1]:
            cv2.circle(
                result, (round(x), round(y)), max(1, thick // 2 + thick % 2), rng.randint(0, 60), -1
            )
            x += step
        return result

    def _vertical_rule(self, picture: Picture, baseline: float, body: float) -> Picture:
        """Draw a table's or a fold's vertical line, anywhere."""
        rng = self.rng
        result = picture.copy()
        for _ in range(rng.randint(1, 3)):
            x = rng.randrange(picture.shape[1])
            thick = max(1, round(body * rng.uniform(0.03, 0.1)))
            shade = rng.choice((0, rng.randint(0, 160)))
            cv2.line(result, (x, 0), (x + rng.randint(-2, 2), picture.shape[0]), shade, thick)
        return result

    def _strike(self, picture: Picture, baseline: float, body: float) -> Picture:
        """Draw a thin line through the letters, as a badly placed form rule does."""
        rng = self.rng
        result = picture.copy()
        y = round(baseline - body * rng.uniform(0.1, 1.6))
        cv2.line(result, (0, y), (picture.shape[1], y), rng.randint(0, 140), 1)
        return result

    def _pen_stroke(self, picture: Picture, baseline: float, body: float) -> Picture:
        """Draw a signature-like curve across part of the line, ink transparent."""
        rng = self.rng
        layer = np.full_like(picture, 255)
        x = rng.uniform(0, picture.shape[1])
        points = [
            (x + rng.uniform(-5, 5) * body, baseline + rng.uniform(-4, 3) * body)
            for _ in range(rng.randint(3, 7))
        ]
        path = np.array(smooth_curve(points), dtype=np.int32)
        thick = max(1, round(body * rng.uniform(0.05, 0.14)))
        cv2.polylines(layer, [path], False, rng.randint(20, 190), thick, cv2.LINE_AA)
        return np.minimum(picture, layer)

    def _stamp_frame(self, picture: Picture, baseline: float, body: float) -> Picture:
        """Lay a stamp's frame, circle and letters over the line in gray."""
        rng = self.rng
        layer = np.full_like(picture, 255)
        shade = rng.randint(60, 200)
        thick = max(1, round(body * rng.uniform(0.06, 0.16)))
        x, y = rng.uniform(0, picture.shape[1]), baseline + rng.uniform(-4, 3) * body
        if rng.random() < 0.5:
            radius = round(body * rng.uniform(3, 9))
            cv2.circle(layer, (round(x), round(y)), radius, shade, thick, cv2.LINE_AA)
        else:
            size = (body * rng.uniform(6, 20), body * rng.uniform(3, 9))
            corners = cv2.boxPoints(((x, y), size, rng.uniform(-9, 9))).astype(np.int32)
            cv2.polylines(layer, [corners], True, shade, thick, cv2.LINE_AA)
        return np.minimum(picture, layer)

    def _stamp_letters(self, picture: Picture, baseline: float, body: float) -> Picture:
        """Lay a stamp's letters over the line: paler, leant, of another size; the line's own serve."""
        rng = self.rng
        height, width = picture.shape
        size = rng.uniform(0.6, 1.6)
        middle = (rng.uniform(0, width), baseline - 0.5 * body)
        turn = cv2.getRotationMatrix2D(middle, rng.gauss(0, 5), size)
        turn[:, 2] += rng.uniform(-12, 12) * body, rng.uniform(-1.2, 1.6) * body
        other = cv2.warpAffine(picture, turn, (width, height), borderValue=(255,))
        start, stop = sorted(rng.uniform(0, width) for _ in range(2))
        other[:, : round(start)] = 255
        other[:, round(min(stop, start + 25 * body)) :] = 255
        shade = rng.uniform(0.3, 0.8)  # of what the ink takes from the paper
        return np.minimum(picture, (255 - (255 - other) * shade).astype(np.uint8))

    def _watermark(self, picture: Picture, baseline: float, body: float) -> Picture:
        """Lay large pale letters or bands behind the print."""
        rng = self.rng
        layer = np.full_like(picture, 255)
        shade = rng.randint(185, 240)
        x = rng.uniform(-10, 10) * body
        while x < picture.shape[1]:
            start = (round(x), picture.shape[0])
            stop = (round(x + picture.shape[0] * rng.uniform(0.5, 1.5)), 0)
            cv2.line(layer, start, stop, shade, round(body * rng.uniform(0.4, 1.5)))
            x += body * rng.uniform(4, 20)
        return np.minimum(picture, layer)

    def _highlighter(self, picture: Picture, baseline: float, body: float) -> Picture:
        """Darken a stretch as a highlighter does in gray; its rim is uneven."""
        rng = self.rng
        start, stop = sorted(rng.randrange(picture.shape[1]) for _ in range(2))
        top = max(0, round(baseline - body * rng.uniform(0.8, 2.4)))
        foot = round(baseline + body * rng.uniform(-0.2, 0.8))
        result = picture.astype(np.float32)
        result[top:foot, start:stop] *= rng.uniform(0.55, 0.92)
        return np.asarray(result, dtype=np.uint8)

    def _dark_edge(self, picture: Picture, baseline: float, body: float) -> Picture:
        """Blacken one end, as a scanner's lid or a punch hole does."""
        result = picture.copy()
        width = round(body * self.rng.uniform(0.3, 1.5))
        if self.rng.random() < 0.5:
            result[:, :width] = self.rng.randint(0, 80)
        else:
            result[:, -width:] = self.rng.randint(0, 80)
        return result


def smooth_curve(points: list[tuple[float, float]], steps: int = 12) -> list[tuple[float, float]]:
    """Return a Catmull-Rom curve through the points."""
    padded = [points[0], *points, points[-1]]
    out = []
    for i in range(1, len(padded) - 2):
        p0, p1, p2, p3 = (np.array(p) for p in padded[i - 1 : i + 3])
        for t in np.linspace(0, 1, steps):
            value = 0.5 * (
                2 * p1
                + (p2 - p0) * t
                + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2
                + (3 * p1 - p0 - 3 * p2 + p3) * t**3
            )
            out.append((float(value[0]), float(value[1])))
    return out
