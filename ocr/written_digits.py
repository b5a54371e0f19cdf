"""Digits written by hand: the network that tells them, and a day cut out of the ink before a month.

On most real letters the day and the running number are left to the pen. Ink does not say where one
digit ends: strokes are broken, digits touch, specks and rules lie about. So every reasonable way to
take one or two digits out of it is shown to the network, and the days of a month compete.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.recognizer import BAND_ABOVE, BAND_BELOW, CROP_HEIGHT, open_model

DIGIT_MODEL = Path(__file__).with_name("model") / "digits.onnx"
DIGITS = "0123456789๐๑๒๓๔๕๖๗๘๙"  # the classes of the network; one more is no digit
SIDE, GLYPH = 28, 20  # a digit's picture and the square its ink is scaled to, as MNIST has them
INK_LEVEL = 0.35
SLANTS = (-0.2, 0.0, 0.2)  # a digit is shown as it is and leant to both sides

# Of ink before a month, in crop pixels; a plain consonant is 16 high.
LEAST_HEIGHT, LEAST_AREA = 5, 8  # less is a speck
DIGIT_HEIGHT, DIGIT_AREA = 9, 14  # less is a stroke of a digit at most
BRIDGES = (1, 3)  # gaps within a stroke that are closed, in pixels and one more
MOST_IN_A_DAY = 8  # strokes; more is a seal
HIGHEST = 1.7  # body heights over the baseline that a stroke may hang: above is another line
TALLEST = 46  # of a digit: taller is a seal's rim or a signature
MOST_STROKES = 3  # pieces that make one digit
WIDEST = 1.6  # of a digit, in its heights
FARTHEST = 2 * CROP_HEIGHT  # of a day from its month
GAP = 0.8  # between two digits of a day, in heights of the larger
TWO_WIDE = 0.8  # from this width, in heights, ink may be two digits that touch

# What a way to take the ink costs, in nats: by what it leaves out, and by odd looks.
LEFT_OUT, LEFT_OUT_SPECK = 4.0, 0.3
UNEQUAL = 0.8  # two digits of which one is much smaller, or that stand apart
FORCED = 0.7  # a cut through ink
OTHER_SCRIPT = 3.0  # a day in other digits than the year's

Ink = NDArray[np.float32]
Chances = NDArray[np.float64]


class DigitReader(Protocol):
    """Tells written digits."""

    def probabilities(self, digits: Sequence[Ink]) -> Chances:
        """Return (n, 20): how likely each picture is each of `DIGITS`; a row adds up to less than one."""
        ...


class WrittenDigits:
    """The shipped network: (n, 1, 28, 28) ink to `DIGITS` and, last, no digit.

    Raises EngineMissingError when the model is missing or damaged.
    """

    def __init__(self, model: Path = DIGIT_MODEL) -> None:
        self._session = open_model(model)

    def probabilities(self, digits: Sequence[Ink]) -> Chances:
        """Return (n, 20) probabilities, the mean over the ways each is leant."""
        leant = [to_digit_picture(lean(one, slant)) for one in digits for slant in SLANTS]
        scores: NDArray[np.float32] = self._session.run(None, {"ink": np.stack(leant)[:, None]})[0]
        weights = np.exp(scores.astype(np.float64) - scores.max(axis=1, keepdims=True))
        shares = weights / weights.sum(axis=1, keepdims=True)
        return np.asarray(
            shares.reshape(len(digits), len(SLANTS), -1).mean(axis=1)[:, : len(DIGITS)]
        )


def lean(ink: Ink, slant: float) -> Ink:
    """Shear ink to the right by `slant` of its height, on paper wide enough."""
    if not slant:
        return ink
    height, width = ink.shape
    wide = width + int(abs(slant) * height) + 1
    start = slant * height if slant > 0 else 0.0
    move = np.array([[1, -slant, start], [0, 1, 0]], dtype=np.float64)
    return np.asarray(cv2.warpAffine(ink, move, (wide, height)), dtype=np.float32)


def to_digit_picture(ink: Ink) -> Ink:
    """Scale cut-out ink (0 paper to 1) to the square and put its centre of mass in the middle."""
    height, width = ink.shape
    scale = GLYPH / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    rows, columns = np.arange(size[1]) + 0.5, np.arange(size[0]) + 0.5
    mass = max(float(small.sum()), 1e-6)
    down = SIDE / 2 - float((small.sum(axis=1) * rows).sum()) / mass
    right = SIDE / 2 - float((small.sum(axis=0) * columns).sum()) / mass
    move = np.array([[1, 0, right], [0, 1, down]], dtype=np.float64)
    return np.asarray(cv2.warpAffine(small, move, (SIDE, SIDE)), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Piece:
    """Ink that may be a digit or a stroke of one, cut to itself; `left` and `top` are crop pixels."""

    left: int
    top: int
    ink: Ink

    @property
    def right(self) -> int:
        """The column after the last."""
        return self.left + int(self.ink.shape[1])

    @property
    def height(self) -> int:
        """Rows of the ink."""
        return int(self.ink.shape[0])

    @property
    def is_digit_sized(self) -> bool:
        """Tell whether it is too large for a speck."""
        return self.height >= DIGIT_HEIGHT and int((self.ink > INK_LEVEL).sum()) >= DIGIT_AREA


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """The likeliest days of a month for some ink: `shares` of day 1 to 31, `none` of no day at all.

    `pieces` are the digits of the likeliest one; empty where the ink is likelier no day. `told` is the
    share of all ink there that they make up: where it is small, a seal lies there, and the days are
    little worth.
    """

    shares: Chances
    none: float
    pieces: tuple[Piece, ...]
    covered: float


@dataclass(frozen=True, slots=True)
class _Cut:
    """One way to take a digit out of a row of strokes: from stroke `first` up to `last`, and its cost."""

    first: int
    last: int
    piece: Piece
    cost: float = 0.0
    half: int = 0  # 1 the left, 2 the right half of ink that was cut


def read_day(ink: Ink, end: int, reader: DigitReader, *, thai: bool = False) -> WrittenDay:
    """Weigh the days that the ink left of column `end` may be; `thai` tells the year's digits.

    Where there is too much ink for a day all are as likely.
    """
    fits = np.full(32, -np.inf)  # of day 1 to 31, and of none
    best: list[tuple[Piece, ...]] = [()] * 32
    for bridge in BRIDGES:
        strokes = [s for s in find_strokes(ink, end, bridge=bridge) if end - s.right < FARTHEST]
        if len(strokes) > MOST_IN_A_DAY:
            return WrittenDay(np.full(31, 1 / 31), 0.0, (), 0.0)
        for day, fit, pieces in _readings(strokes, reader, thai=thai):
            if fit > fits[day - 1]:
                fits[day - 1], best[day - 1] = fit, pieces
    weights = np.exp(fits - fits.max())
    shares = weights / weights.sum()
    pieces = best[int(shares.argmax())]
    inked = int((ink[:, max(0, end - FARTHEST) : max(0, end)] > INK_LEVEL).sum())
    covered = sum(int((piece.ink > INK_LEVEL).sum()) for piece in pieces) / max(inked, 1)
    return WrittenDay(shares[:31], float(shares[31]), pieces, min(covered, 1.0))


def _readings(
    strokes: Sequence[Piece], reader: DigitReader, *, thai: bool
) -> Iterator[tuple[int, float, tuple[Piece, ...]]]:
    """Yield days (32: none), how well they fit the strokes in nats, and their digits' ink."""
    left_out = [LEFT_OUT if s.is_digit_sized else LEFT_OUT_SPECK for s in strokes]
    yield 32, -float(sum(left_out)), ()
    cuts = _cuts(strokes)
    if not cuts:
        return
    logs = _digit_logs(reader.probabilities([cut.piece.ink for cut in cuts]), thai=thai)
    for chosen in _choices(cuts):
        pieces = tuple(cuts[i].piece for i in chosen)
        used = set(range(cuts[chosen[0]].first, cuts[chosen[-1]].last))
        cost = sum(one for i, one in enumerate(left_out) if i not in used)
        cost += sum(cuts[i].cost for i in chosen) + _odd(pieces)
        for day, fit in _days(logs[list(chosen)]):
            yield day, fit - cost, pieces


def _digit_logs(chances: Chances, *, thai: bool) -> Chances:
    """Return (n, 10) log-probabilities of values, digits of the other script being unlikely."""
    arabic, other = chances[:, :10], chances[:, 10:20]
    own, foreign = (other, arabic) if thai else (arabic, other)
    return np.asarray(np.log(np.maximum(np.maximum(own, foreign * np.exp(-OTHER_SCRIPT)), 1e-6)))


def _choices(cuts: Sequence[_Cut]) -> list[tuple[int, ...]]:
    """Return the indices of the cuts that can be a day: one digit, or two side by side."""
    ones = [(i,) for i, cut in enumerate(cuts) if not cut.half]
    twos = [
        (i, j)
        for (i, one), (j, two) in product(enumerate(cuts), repeat=2)
        if (one.last == two.first and not one.half and not two.half)
        or (
            one.half == 1
            and two.half == 2
            and one.first == two.first
            and one.piece.right == two.piece.left
        )
    ]
    return [*ones, *twos]


def _days(logs: Chances) -> list[tuple[int, float]]:
    """Return the days that one or two digits can be, with their log-probability."""
    if len(logs) == 1:
        return [(value, float(logs[0, value])) for value in range(1, 10)]
    return [(day, float(logs[0, day // 10] + logs[1, day % 10])) for day in range(1, 32)]


def _odd(pieces: tuple[Piece, ...]) -> float:
    """Return what a day's looks cost: digits are about equally high and stand together."""
    if len(pieces) == 1:
        return 0.0
    low, high = sorted(piece.height for piece in pieces)
    apart = pieces[1].left - pieces[0].right > GAP * high
    return UNEQUAL * ((low < 0.5 * high) + 2 * apart)


def _cuts(strokes: Sequence[Piece]) -> list[_Cut]:
    """Return every run of strokes that may be one digit, and the halves of what may be two."""
    cuts = []
    for first in range(len(strokes)):
        for last in range(first + 1, min(first + MOST_STROKES, len(strokes)) + 1):
            whole = _joined(strokes[first:last])
            width = whole.right - whole.left
            if width <= WIDEST * max(whole.height, 2 * DIGIT_HEIGHT) and whole.is_digit_sized:
                cuts.append(_Cut(first, last, whole))
            if width >= TWO_WIDE * whole.height and last == first + 1 and whole.is_digit_sized:
                for at in _thin_places(whole):
                    left, right = split(whole, at)
                    cuts.append(_Cut(first, last, left, FORCED, half=1))
                    cuts.append(_Cut(first, last, right, 0.0, half=2))
    return cuts


def find_strokes(ink: Ink, end: int, start: int = 0, bridge: int = 1) -> list[Piece]:
    """Return the pieces of ink between two columns, from left to right, specks and rules left out.

    What lies over or under another piece belongs to it; what does not reach the line's letters is
    another line's.
    """
    base = ink.shape[0] * BAND_ABOVE / (BAND_ABOVE + BAND_BELOW)
    body = CROP_HEIGHT / (BAND_ABOVE + BAND_BELOW)
    mask = (ink > INK_LEVEL).astype(np.uint8)
    if bridge > 1:
        kernel = np.ones((bridge, bridge), np.uint8)
        mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel), np.uint8)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    spans: list[tuple[int, int, list[int]]] = []
    for key in sorted(range(1, count), key=lambda one: int(stats[one, 0])):
        left, top, width, height, area = (int(one) for one in stats[key])
        if top > base - 0.2 * body or top + height < base - HIGHEST * body:
            continue
        if not start <= centres[key][0] < end or area < LEAST_AREA:
            continue
        if not LEAST_HEIGHT <= height <= TALLEST:  # a speck, a rule; a seal
            continue
        right = left + width
        if spans and min(right, spans[-1][1]) - left > 0.5 * min(
            width, spans[-1][1] - spans[-1][0]
        ):
            spans[-1] = (spans[-1][0], max(spans[-1][1], right), [*spans[-1][2], key])
        else:
            spans.append((left, right, [key]))
    return [_piece(ink, np.isin(labels, keys)) for _, _, keys in spans]


def cut_digits(ink: Ink, start: int, end: int) -> list[Piece]:
    """Cut the ink between two columns into its digits in the plainest way, from left to right."""
    digits = []
    for piece in find_strokes(ink, end, start):
        if piece.is_digit_sized:
            two = piece.right - piece.left > 1.15 * piece.height
            digits += split(piece, _thin_places(piece)[0]) if two else [piece]
    return digits


def _piece(ink: Ink, mine: NDArray[np.bool_]) -> Piece:
    grown = cv2.dilate(mine.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    own = np.where(grown, ink, 0).astype(np.float32)
    rows, columns = (np.flatnonzero(mine.any(axis=axis)) for axis in (1, 0))
    top, left = int(rows[0]), int(columns[0])
    return Piece(left, top, own[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1])


def _joined(strokes: Sequence[Piece]) -> Piece:
    """Return strokes of one crop as one piece."""
    left, right = min(s.left for s in strokes), max(s.right for s in strokes)
    top, bottom = min(s.top for s in strokes), max(s.top + s.height for s in strokes)
    ink = np.zeros((bottom - top, right - left), np.float32)
    for s in strokes:
        view = ink[s.top - top : s.top - top + s.height, s.left - left : s.right - left]
        np.maximum(view, s.ink, out=view)
    return Piece(left, top, ink)


def _thin_places(piece: Piece) -> list[int]:
    """Return up to three columns where least ink joins two digits, the thinnest first."""
    width = piece.ink.shape[1]
    low, high = max(2, width // 4), max(3, width - width // 4)
    ink = piece.ink.sum(axis=0)
    places: list[int] = []
    for at in sorted(range(low, min(high, width - 1)), key=lambda column: float(ink[column])):
        if all(abs(at - other) > 3 for other in places):
            places.append(at)
    return places[:3]


def split(piece: Piece, at: int) -> list[Piece]:
    """Part a piece before a column of its own, each part cut to its ink."""
    parts = []
    for first, last in ((0, at), (at, piece.ink.shape[1])):
        ink = piece.ink[:, first:last]
        rows = np.flatnonzero((ink > INK_LEVEL).any(axis=1))
        top, bottom = (int(rows[0]), int(rows[-1]) + 1) if rows.size else (0, piece.height)
        parts.append(Piece(piece.left + first, piece.top + top, ink[top:bottom]))
    return parts
