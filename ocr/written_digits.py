"""A second look at what is written by hand: the day before a printed month, the end of a number.

On most real letters these are left to the pen. The line network reads print and knows hands badly
(model card), so digits in front of a month are cut apart and shown to a small network trained on
written digits. Its answer is a proposal: never so sure that nobody is asked. Where the two disagree
over digits that the line network is sure of, or count them differently, they are put in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import product
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.recognizer import (
    CROP_HEIGHT,
    RecognizedCharacter,
    RecognizedLine,
    open_model,
    to_ink,
)
from ocr.thai_text import MONTHS

DIGIT_MODEL = Path(__file__).with_name("model") / "digits.onnx"
SIDE, GLYPH = 28, 20  # a digit's picture and the square its ink is scaled to, as MNIST has them
SURE_PRINT = 0.985  # a day read with more is print
LEAST_SURE = 0.45
WINS_SURE = 0.6  # from here the hands' reader is believed over the line network
MOST_SURE = 0.8  # below every office's threshold for dates: a written day is always shown
MONTH_LIKENESS = 0.6
DISAGREES = 0.05  # the reader of hands gives a digit no more than this
IN_DOUBT = 0.5  # what a digit is worth over which the two disagree
LEAST_HEIGHT, LEAST_AREA = 9, 14  # of a digit, in crop pixels
INK_LEVEL = 0.35

Ink = NDArray[np.float32]
_TAIL = re.compile(r"/ ?(?:ว ?\.? ?)?(?P<digits>[0-9]{1,5})$")
_REST = re.compile(r"^(?P<month>[ก-ฮเ][ก-๎]{3,11}) ?(?:พ\.? ?ศ\.? ?)?[12][0-9]{3}$")


class DigitReader(Protocol):
    """Tells written digits."""

    def probabilities(self, digits: Sequence[Ink]) -> NDArray[np.float64]:
        """Return (n, 10): how likely each picture is each digit; a row adds up to less than one."""
        ...


class WrittenDigits:
    """The shipped network: (n, 1, 28, 28) ink to eleven classes, the last of them no digit.

    Raises EngineMissingError when the model is missing or damaged.
    """

    def __init__(self, model: Path = DIGIT_MODEL) -> None:
        self._session = open_model(model)

    def probabilities(self, digits: Sequence[Ink]) -> NDArray[np.float64]:
        """Return (n, 10) probabilities."""
        ink = np.stack([to_digit_picture(one) for one in digits])[:, None]
        scores: NDArray[np.float32] = self._session.run(None, {"ink": ink})[0]
        weights = np.exp(scores.astype(np.float64) - scores.max(axis=1, keepdims=True))
        return np.asarray((weights / weights.sum(axis=1, keepdims=True))[:, :10])


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
class _Piece:
    """Ink that may be one digit, in crop pixels."""

    left: int
    right: int
    ink: Ink


def look_again(
    line: RecognizedLine, crop: NDArray[np.uint8], reader: DigitReader
) -> RecognizedLine:
    """Return the line with its day as the reader of hands tells it, or with what is in doubt marked."""
    start = month_start(line)
    if start is not None:
        return _look_at_day(line, start, crop, reader)
    tail = _TAIL.search("".join(one.text for one in line.characters))
    if tail is None:
        return line
    first, last = tail.span("digits")
    pieces = cut_digits(to_ink(crop), round(line.characters[first].left), crop.shape[1])
    return _weigh(line, first, last, pieces, reader)


def _look_at_day(
    line: RecognizedLine, start: int, crop: NDArray[np.uint8], reader: DigitReader
) -> RecognizedLine:
    month = line.characters[start]
    known = _sureness_of_day(line.characters[:start])
    end = round(month.left)
    pieces = _nearest(cut_digits(to_ink(crop), 0, end), end)
    if known >= SURE_PRINT:
        digits = len("".join(one.text for one in line.characters[:start]).strip())
        return _weigh(line, 0, digits, pieces, reader)
    if not pieces:
        return line
    day, sure = best_day(reader.probabilities([piece.ink for piece in pieces]))
    if sure < LEAST_SURE or sure <= min(known, WINS_SURE):
        return line if known == 0 else _doubt(line, 0, start)
    sure = min(sure, MOST_SURE)
    digits_read = [
        RecognizedCharacter(char, sure, float(piece.left), float(piece.right))
        for char, piece in zip(day, pieces, strict=True)
    ]
    space = RecognizedCharacter(" ", sure, float(pieces[-1].right), month.left)
    return _line((*digits_read, space, *line.characters[start:]))


def _weigh(
    line: RecognizedLine, first: int, last: int, pieces: list[_Piece], reader: DigitReader
) -> RecognizedLine:
    """Put digits in doubt that are not as many as the pieces of ink, or that the reader denies."""
    digits = [one.text for one in line.characters[first:last]]
    if len(pieces) == len(digits):
        rows = reader.probabilities([piece.ink for piece in pieces])
        if all(row[int(digit)] > DISAGREES for row, digit in zip(rows, digits, strict=True)):
            return line
    return _doubt(line, first, last)


def _doubt(line: RecognizedLine, first: int, last: int) -> RecognizedLine:
    return _line(
        tuple(
            replace(one, confidence=min(one.confidence, IN_DOUBT)) if first <= i < last else one
            for i, one in enumerate(line.characters)
        )
    )


def _line(characters: tuple[RecognizedCharacter, ...]) -> RecognizedLine:
    mean = sum(one.confidence for one in characters) / len(characters)
    return RecognizedLine("".join(one.text for one in characters), mean, characters)


def month_start(line: RecognizedLine) -> int | None:
    """Return where the month begins in a line that is a day, a month and an Arabic year, or None."""
    text = "".join(one.text for one in line.characters)
    for start in range(min(len(text), 8)):
        rest = _REST.match(text[start:])
        if rest and any(
            SequenceMatcher(None, rest["month"], month).ratio() >= MONTH_LIKENESS
            for month in MONTHS
        ):
            return start
    return None


def _sureness_of_day(before: Sequence[RecognizedCharacter]) -> float:
    """Return how sure the line network is of a day; 0 where what it read is none."""
    day = "".join(one.text for one in before).strip()
    if not re.fullmatch(r"[0-9]{1,2}", day) or not 1 <= int(day) <= 31:
        return 0.0
    return min(one.confidence for one in before if one.text != " ")


def cut_digits(ink: Ink, start: int, end: int) -> list[_Piece]:
    """Cut the ink between two columns into its digits, from left to right."""
    mask = (ink > INK_LEVEL).astype(np.uint8)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    spans: list[tuple[int, int, list[int]]] = []
    for key in sorted(range(1, count), key=lambda one: int(stats[one, 0])):
        left, _, width, height, area = (int(one) for one in stats[key])
        if not start <= centres[key][0] < end or height < LEAST_HEIGHT or area < LEAST_AREA:
            continue
        if spans and left + 0.5 * width < spans[-1][1]:  # a stroke over or under the last one
            spans[-1] = (spans[-1][0], max(spans[-1][1], left + width), [*spans[-1][2], key])
        else:
            spans.append((left, left + width, [key]))
    pieces = [_piece(ink, np.isin(labels, keys)) for _, _, keys in spans]
    wide = [p.ink.shape[1] > 1.15 * p.ink.shape[0] for p in pieces]
    return [
        part for p, two in zip(pieces, wide, strict=True) for part in (_part(p) if two else [p])
    ]


def _nearest(pieces: list[_Piece], end: int) -> list[_Piece]:
    """Return the one or two pieces next to the month that starts at column `end`."""
    near = [piece for piece in pieces if end - piece.right < 2 * CROP_HEIGHT][-2:]
    apart = len(near) == 2 and near[1].left - near[0].right > 0.5 * CROP_HEIGHT
    return near[1:] if apart else near


def _piece(ink: Ink, mine: NDArray[np.bool_]) -> _Piece:
    grown = cv2.dilate(mine.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    own = np.where(grown, ink, 0).astype(np.float32)
    rows, columns = (np.flatnonzero(mine.any(axis=axis)) for axis in (1, 0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    return _Piece(left, right, own[int(rows[0]) : int(rows[-1]) + 1, left:right])


def _part(piece: _Piece) -> list[_Piece]:
    """Part two digits that touch, where least ink joins them."""
    width = piece.ink.shape[1]
    third = slice(width // 3, max(width // 3 + 1, 2 * width // 3))
    at = width // 3 + int(np.argmin(piece.ink[:, third].sum(axis=0)))
    return [
        _Piece(piece.left, piece.left + at, piece.ink[:, :at]),
        _Piece(piece.left + at, piece.right, piece.ink[:, at:]),
    ]


def best_day(probabilities: NDArray[np.float64]) -> tuple[str, float]:
    """Return the likeliest day of a month for one or two digits, and its probability."""
    days = ("".join(map(str, day)) for day in product(range(10), repeat=len(probabilities)))
    possible = [day for day in days if 1 <= int(day) <= 31 and not (len(day) == 1 and day == "0")]

    def likely(day: str) -> float:
        return float(np.prod([row[int(c)] for row, c in zip(probabilities, day, strict=True)]))

    best = max(possible, key=likely)
    return best, likely(best)
