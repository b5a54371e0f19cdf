"""A second look at what a hand wrote or a seal covers: the letter's date, the end of its number.

On most real letters day and running number are left to the pen, and a stamped letter's date lies under
the seal. The line network reads print; it is too sure of hands. So a line that is a date is weighed
once more: as a date among all dates (`date_grammar`), its day by the reader of hands as well
(`written_digits`). The answer is a proposal, never so sure that nobody is asked. Where readers
disagree over digits that the line network is sure of, these are put in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.date_grammar import DateGuess, guess_date
from ocr.recognizer import (
    BAND_ABOVE,
    BAND_BELOW,
    CROP_HEIGHT,
    RecognizedCharacter,
    RecognizedLine,
    to_ink,
)
from ocr.thai_text import MONTHS, to_arabic_digits, to_thai_digits
from ocr.written_digits import DIGITS, DigitReader, Piece, WrittenDay, cut_digits, read_day

SURE_PRINT = 0.985  # a day read with more is print
WINS_SURE = 0.6  # from here readers together are believed over a line network that was that sure
MOST_SURE = 0.8  # below every office's threshold for dates: such a date is always shown
DISAGREES = 0.05  # the reader of hands gives a digit no more than this
IN_DOUBT = 0.5  # what a digit is worth over which readers disagree
MONTH_LIKENESS = 0.6  # of what stands before a year to a month's name
SEALED_LIKENESS = 0.35  # the same, where a seal lies on it: the fit decides
LONGEST_DATE, SHORTEST_DATE = (
    32,
    7,
)  # characters of a line that is a date, with what is read beside it
MOST_LOSS = 1.6  # nats a character; lines that are no date lose 3 and more
LINE_WEIGHT = 0.5  # of the line network's opinion on a day written by hand
ANY_DAY = 0.02  # it may be any day, whatever a reader says
TALLER = 1.5  # hands reach out of a line's band: the day is cut from one so much taller
LETTER_WIDTH = 1.2  # of a month's first letter with the gap before it, at most, in body heights
SMALLER = 0.92  # of a line's other view

_TAIL = re.compile(r"/ ?(?:ว ?\.? ?)?(?P<digits>[0-9]{1,5})$")
_REST = re.compile(
    r"^(?P<month>[ก-ฮเ][ก-๎]{3,11})\.? ?(?:พ\.? ?ศ\.?)? ?(?:[12][0-9]{3}|[๑๒][๐-๙]{3})[.,]?$"
)
_EXACT = re.compile(
    rf"(?P<month>{'|'.join(MONTHS)}) ?(?:พ\.? ?ศ\.?)? ?(?P<year>(?:25|๒๕)[0-9๐-๙]{{2}})$"
)
_CLEAN = re.compile(rf"[0-9๐-๙]{{1,2}} ?(?:{'|'.join(MONTHS)}) ?(?:พ\.? ?ศ\.? ?)?[0-9๐-๙]{{4}}")
_NO_DATE = re.compile(r"[()]|\d ?/|โทร|\d-\d|\d{5}|^ที่")  # "/" alone may be a seal's rim
_MAY_BE_DATE = re.compile(r"(?P<month>[ก-ฮเ-ๆ][ก-๎]{3,14}).{0,6}\d.{0,3}\d")
_YEAR = re.compile(r"(?<![0-9])25[0-9]{2}(?![0-9])")

Crop = NDArray[np.uint8]
Shares = NDArray[np.float64]


class FrameReader(Protocol):
    """Gives a line's scores instead of its likeliest text."""

    alphabet: str

    def frame_scores(self, crop: Crop) -> NDArray[np.float32]:
        """Return log-probabilities (frames, classes); class 0 is the blank, i + 1 `alphabet[i]`."""
        ...


@dataclass(frozen=True, slots=True)
class Readers:
    """Who is asked again: the line network for its doubts, and the reader of hands."""

    network: FrameReader
    digits: DigitReader


@dataclass(frozen=True, slots=True)
class Sight:
    """What is looked at: the line's crop, how to cut it from a band `TALLER` as high, the page's years.

    `years` is what `years_in` gives.
    """

    crop: Crop
    tall: Callable[[], Crop]
    years: frozenset[int] = frozenset()


def years_in(lines: Iterable[RecognizedLine]) -> frozenset[int]:
    """Return the Buddhist years that a page's running text mentions; short lines may be its own date."""
    texts = (to_arabic_digits(line.text) for line in lines if len(line.text) > LONGEST_DATE)
    return frozenset(int(year) for text in texts for year in _YEAR.findall(text))


def look_again(line: RecognizedLine, sight: Sight, readers: Readers) -> RecognizedLine:
    """Return the line with its date as all readers together tell it, or with what is in doubt marked."""
    start = month_start(line)
    if start is not None:
        return _look_at_day(line, start, sight, readers)
    if may_be_date(line.text):
        return _look_at_date(line, sight, readers)
    tail = _TAIL.search("".join(one.text for one in line.characters))
    if tail is None:
        return line
    first, last = tail.span("digits")
    pieces = cut_digits(to_ink(sight.crop), round(line.characters[first].left), sight.crop.shape[1])
    return _weigh(line, first, last, pieces, readers.digits)


def month_start(line: RecognizedLine) -> int | None:
    """Return where the month begins in a line that is a day, a month and a year, or None."""
    text = "".join(one.text for one in line.characters)
    for start in range(min(len(text), 8)):
        rest = _REST.match(text[start:])
        if rest and _likeness(rest["month"]) >= MONTH_LIKENESS:
            return start
    return None


def may_be_date(text: str) -> bool:
    """Tell whether a line that reads as no date may be one, misread."""
    fits = SHORTEST_DATE <= len(text) <= LONGEST_DATE
    if not fits or _CLEAN.search(text) or _NO_DATE.search(text):
        return False
    found = _MAY_BE_DATE.search(text)
    return found is not None and _likeness(found["month"]) >= SEALED_LIKENESS


def _likeness(text: str) -> float:
    return max(SequenceMatcher(None, text, month).ratio() for month in MONTHS)


def _look_at_day(
    line: RecognizedLine, start: int, sight: Sight, readers: Readers
) -> RecognizedLine:
    """Read the day before a month that is read well enough to be known for one."""
    known = _sureness_of_day(line.characters[:start])
    if known >= SURE_PRINT and not line.characters[0].text.isascii():
        return line  # sure Thai print: the reader of hands has seen no Thai digit of a real hand
    if known >= SURE_PRINT:
        digits = len("".join(one.text for one in line.characters[:start]).strip())
        pieces = cut_digits(to_ink(sight.crop), 0, round(line.characters[start].left))[-2:]
        weighed = _weigh(line, 0, digits, pieces, readers.digits)
        if weighed == line:
            return line
    exact = _EXACT.search(line.text)
    if exact:
        network, year = readers.network, int(exact["year"])
        guess = guess_date(
            [network.frame_scores(sight.crop)],
            network.alphabet,
            months=(exact["month"],),
            years=(year,),
        )
    else:
        guess = _guess(sight, readers)
    written = _read_day(sight.tall(), line.characters[start], readers, guess)
    if start == 0 and written.none > ANY_DAY:
        return line  # the day was left out; none is made up
    shares = _together(guess, written)
    sure = float(shares.max())
    if known >= SURE_PRINT:
        if sure < WINS_SURE:
            return weighed
        sure = min(sure, IN_DOUBT)
    rest = line.characters[start:] if exact else _printed(guess, line.characters[start:])
    day = _day(int(shares.argmax()) + 1, min(sure, MOST_SURE), written, rest[0].left, guess)
    return _line((*day, *rest))


def _look_at_date(line: RecognizedLine, sight: Sight, readers: Readers) -> RecognizedLine:
    """Read a line as a date if it fits one; what else stands in it is the seal's."""
    network = readers.network
    first = guess_date([network.frame_scores(sight.crop)], network.alphabet)
    if first.loss > 2 * MOST_LOSS:
        return line
    guess = _guess(sight, readers)
    if guess.loss > MOST_LOSS:
        return line
    letters = [i for i, one in enumerate(line.characters) if "ก" <= one.text <= "ๆ"]
    rest = _printed(guess, line.characters[letters[0] :])
    written = _read_day(sight.tall(), line.characters[letters[0]], readers, guess)
    shares = _together(guess, written)
    sure = min(float(shares.max()), MOST_SURE)
    written = replace(written, pieces=())
    return _line((*_day(int(shares.argmax()) + 1, sure, written, rest[0].left, guess), *rest))


def _guess(sight: Sight, readers: Readers) -> DateGuess:
    network = readers.network
    views = [network.frame_scores(view) for view in _views(sight.crop)]
    return guess_date(views, network.alphabet, mentioned=sight.years)


def _views(crop: Crop) -> list[Crop]:
    """Return the crop, with thinner strokes, without specks, and smaller: seals bear them unequally."""
    height, width = crop.shape
    base = height * BAND_ABOVE / (BAND_ABOVE + BAND_BELOW)
    shrink = np.array([[SMALLER, 0, 0], [0, SMALLER, base * (1 - SMALLER)]])
    small = cv2.warpAffine(crop, shrink, (width, height), flags=cv2.INTER_AREA, borderValue=(255,))
    thin = cv2.dilate(crop, np.ones((2, 2), np.uint8))
    return [np.asarray(view, np.uint8) for view in (crop, thin, cv2.medianBlur(crop, 3), small)]


def _read_day(
    tall: Crop, first: RecognizedCharacter, readers: Readers, guess: DateGuess
) -> WrittenDay:
    """Read the day left of a month's first letter; where that begins, the network tells but roughly."""
    end = max(first.left, first.right - LETTER_WIDTH * 2 * _margin())
    shift = (TALLER - 1) * _margin()
    return read_day(to_ink(tall), round(end + shift), readers.digits, thai=guess.thai)


def _margin() -> float:
    """Return the paper beside a line in its crop, in columns: half a body height."""
    return 0.5 * CROP_HEIGHT / (BAND_ABOVE + BAND_BELOW)


def _together(guess: DateGuess, written: WrittenDay) -> Shares:
    """Return the share of each day by both readers; each may be wrong altogether.

    The reader of hands counts the less, the more ink is left that is no digit of the day.
    """
    line, hand = ((1 - ANY_DAY) * one + ANY_DAY / 31 for one in (guess.days, written.shares))
    shares = hand ** (written.covered**2) * line**LINE_WEIGHT
    return np.asarray(shares / shares.sum())


def _day(
    day: int, sure: float, written: WrittenDay, end: float, guess: DateGuess
) -> list[RecognizedCharacter]:
    """Return a day's characters and a space, where its ink lies as far as that is known."""
    text = to_thai_digits(str(day)) if guess.thai else str(day)
    shift = (TALLER - 1) * _margin()
    if len(written.pieces) == len(text):
        places = [(piece.left - shift, piece.right - shift) for piece in written.pieces]
    else:
        width = min(end / (len(text) + 1), _margin() * 1.5)
        first = max(0.0, end - width * (len(text) + 1))
        places = [(first + i * width, first + (i + 1) * width) for i in range(len(text))]
    read = [
        RecognizedCharacter(char, sure, max(0.0, left), max(1.0, right))
        for char, (left, right) in zip(text, places, strict=True)
    ]
    return [*read, RecognizedCharacter(" ", sure, read[-1].right, max(end, read[-1].right))]


def _printed(
    guess: DateGuess, read: Sequence[RecognizedCharacter]
) -> tuple[RecognizedCharacter, ...]:
    """Return month and year as they would be printed, spread over what was read in their place."""
    year = to_thai_digits(str(guess.year)) if guess.thai else str(guess.year)
    month_sure, year_sure = (min(one, MOST_SURE) for one in (guess.month_share, guess.year_share))
    parts = [(guess.month, month_sure), (" ", month_sure)]
    if guess.era:
        parts += [(guess.era, month_sure), (" ", month_sure)]
    signs = [(char, sure) for text, sure in (*parts, (year, year_sure)) for char in text]
    left, right = read[0].left, read[-1].right
    step = (right - left) / len(signs)
    return tuple(
        RecognizedCharacter(char, sure, left + i * step, left + (i + 1) * step)
        for i, (char, sure) in enumerate(signs)
    )


def _weigh(
    line: RecognizedLine, first: int, last: int, pieces: list[Piece], reader: DigitReader
) -> RecognizedLine:
    """Put digits in doubt that are not as many as the pieces of ink, or that the reader denies."""
    digits = [one.text for one in line.characters[first:last]]
    if len(pieces) == len(digits):
        rows = reader.probabilities([piece.ink for piece in pieces])
        if all(
            row[DIGITS.index(digit)] > DISAGREES for row, digit in zip(rows, digits, strict=True)
        ):
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


def _sureness_of_day(before: Sequence[RecognizedCharacter]) -> float:
    """Return how sure the line network is of a day; 0 where what it read is none."""
    day = "".join(one.text for one in before).strip()
    if not re.fullmatch(r"[0-9]{1,2}|[๐-๙]{1,2}", day) or not 1 <= int(day) <= 31:
        return 0.0
    return min(one.confidence for one in before if one.text != " ")
