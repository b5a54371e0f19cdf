"""The line engine: our layout finds and cuts the lines, our network reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.assemble import assemble_line
from ocr.document import Box, Line, Origin, Page, Word
from ocr.echoes import without_echoes
from ocr.engine import EngineStatus, PagePicture
from ocr.errors import EngineMissingError
from ocr.layout import Layout, LineRegion, cut_line, find_layout
from ocr.layout.parameters import LAYOUT
from ocr.likely_words import thai_words
from ocr.other_cuts import SWOLLEN, read_otherwise
from ocr.recognizer import (
    BAND_ABOVE,
    BAND_BELOW,
    CROP_HEIGHT,
    MODEL,
    LineRecognizer,
    RecognizedCharacter,
    RecognizedLine,
)
from ocr.second_look import TALLER, Readers, Sight, look_again, may_be_date, years_in
from ocr.written_digits import DIGIT_MODEL, WrittenDigits

SURE_UPRIGHT = 0.5  # below this confidence of the layout the page is read both ways up
LEAST_CONFIDENCE = 0.35  # a line read with less is a signature, a seal or dirt
# Unless it stands where secrecy marks are stamped: then a person must look (shares of the page).
MARK_EDGE_SHARE = 0.1
MARK_MIDDLE = (0.35, 0.65)


class Recognizer(Protocol):
    """What the engine asks of the network."""

    def recognize(self, crops: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        """Read crops of CROP_HEIGHT rows, gray uint8; answers in the same order."""
        ...


def line_engine_status() -> EngineStatus:
    """Say whether the networks' model files are here and can be loaded."""
    try:
        LineRecognizer()
        WrittenDigits()
    except EngineMissingError as error:
        return EngineStatus("lines", usable=False, detail=error.detail)
    size = MODEL.stat().st_size / 1e6
    return EngineStatus("lines", usable=True, detail=f"model {MODEL.name}, {size:.1f} MB")


class LineEngine:
    """Reads with the shipped network, one thread unless told otherwise.

    `Line.confidence` is the mean of the calibrated probabilities of its characters. Raises
    EngineMissingError when the model cannot be loaded.
    """

    def __init__(
        self,
        recognizer: Recognizer | None = None,
        *,
        again: Readers | None = None,
        name: str | None = None,
    ) -> None:
        if recognizer is None:
            recognizer = LineRecognizer(words=thai_words())
            again = Readers(recognizer, WrittenDigits())
        self._recognizer: Recognizer = recognizer
        self._again = again
        self._name = name or f"lines {_fingerprint()}"
        cv2.setNumThreads(1)  # a worker has one core; sharing work out costs more than it saves

    @property
    def name(self) -> str:
        """The engine with the fingerprint of its models: another one may read otherwise."""
        return self._name

    def read_page(self, picture: PagePicture, number: int) -> Page:
        """Find the lines and read them all in one go; the page is turned upright by layout.

        Where the layout cannot tell which way is up, the surer reading wins.
        """
        layout, read = self._read(picture, find_layout(picture.pixels, picture.dpi))
        if layout.rotation_confidence < SURE_UPRIGHT:
            over = find_layout(picture.pixels, picture.dpi, (layout.rotation + 180) % 360)
            over, read_over = self._read(picture, over)
            if _sureness(read_over) > _sureness(read):
                layout, read = over, read_over
        lines = [
            _make_line(region, line)
            for region, line in zip(layout.lines, read, strict=True)
            if line.confidence >= LEAST_CONFIDENCE or _may_be_mark(region.box, layout)
        ]
        return Page(
            number=number,
            width=layout.width,
            height=layout.height,
            dpi=picture.dpi,
            rotation=layout.rotation,
            lines=without_echoes([line for line in lines if line is not None]),
            origin=Origin.RECOGNIZED,
            engine=self.name,
        )

    def _read(self, picture: PagePicture, layout: Layout) -> tuple[Layout, list[RecognizedLine]]:
        """Read all lines; the layout comes back with the sizes at which they were read."""
        crops = [cut_line(picture.pixels, layout, line, CROP_HEIGHT) for line in layout.lines]
        read = self._recognizer.recognize(crops)
        if self._again is None:
            return layout, read
        usual = layout.usual_body
        layout = read_otherwise(picture, layout, crops, read, self._recognizer.recognize)
        years = years_in(read)
        looked = []
        for region, line, crop in zip(layout.lines, read, crops, strict=True):
            if region.body_height > SWOLLEN * usual and may_be_date(line.text):
                smaller = replace(region, body_height=usual)
                looked.append(self._look_smaller(line, (picture, layout, region), smaller, years))
                continue
            tall = partial(_cut_taller, picture, layout, region)
            looked.append(look_again(line, Sight(crop, tall, years), self._again))
        return layout, looked

    def _look_smaller(
        self,
        line: RecognizedLine,
        place: tuple[PagePicture, Layout, LineRegion],
        smaller: LineRegion,
        years: frozenset[int],
    ) -> RecognizedLine:
        """Read what may be a date at the page's usual size: a seal makes its letters measure large."""
        picture, layout, region = place
        crop = cut_line(picture.pixels, layout, smaller, CROP_HEIGHT)
        read = self._recognizer.recognize([crop])[0]
        tall = partial(_cut_taller, picture, layout, smaller)
        found = read
        if self._again is not None and read.characters:
            found = look_again(read, Sight(crop, tall, years), self._again)
        if found == read:
            return line
        margin = LAYOUT.crop.side_margin * CROP_HEIGHT / (BAND_ABOVE + BAND_BELOW)
        ratio = smaller.body_height / region.body_height
        characters = tuple(
            replace(
                one,
                left=(one.left - margin) * ratio + margin,
                right=(one.right - margin) * ratio + margin,
            )
            for one in found.characters
        )
        return replace(found, characters=characters)


def _cut_taller(picture: PagePicture, layout: Layout, region: LineRegion) -> NDArray[np.uint8]:
    """Cut a line at its usual scale from a band that hands seldom reach out of."""
    taller = replace(region, body_height=region.body_height * TALLER)
    return cut_line(picture.pixels, layout, taller, round(CROP_HEIGHT * TALLER))


def _sureness(lines: list[RecognizedLine]) -> float:
    """Return how many characters were read, each counted by how much surer than even it is."""
    return sum(max(c.confidence - 0.5, 0.0) for line in lines for c in line.characters)


def _may_be_mark(box: Box, layout: Layout) -> bool:
    """Tell whether a line stands at the middle of the top or bottom edge, where nothing but marks do."""
    edge = MARK_EDGE_SHARE * layout.height
    low, high = (share * layout.width for share in MARK_MIDDLE)
    at_edge = box.bottom < edge or box.top > layout.height - edge
    return at_edge and low < (box.left + box.right) / 2 < high


def _make_line(region: LineRegion, read: RecognizedLine) -> Line | None:
    """Split what was read at its spaces; None for what has no letters."""
    groups: list[list[RecognizedCharacter]] = [[]]
    for character in read.characters:
        if character.text == " ":
            groups.append([])
        else:
            groups[-1].append(character)
    words = [_make_word(region, group) for group in groups if group]
    return assemble_line(words, ink=region.ink)


def _make_word(region: LineRegion, characters: list[RecognizedCharacter]) -> Word:
    first = min(character.left for character in characters)
    last = max(character.right for character in characters)
    return Word(
        "".join(character.text for character in characters),
        region.columns_box(first, last, CROP_HEIGHT),
        _word_confidence(characters),
    )


def _word_confidence(characters: list[RecognizedCharacter]) -> float:
    """Return the mean of a word's characters, and of a figure's its worst digit.

    One wrong digit makes another number, and handwritten digits betray themselves by one they are
    unsure of; a Thai word, up to a whole line long, survives a wrong mark.
    """
    digits = [c.confidence for c in characters if c.text.isdigit()]
    if digits and 2 * len(digits) >= len(characters):
        return min(digits)
    return float(np.mean([character.confidence for character in characters]))


def _fingerprint() -> str:
    """Return eight digits that change when any file or word list changes that readings depend on."""
    digest = hashlib.sha256(version("pythainlp").encode())
    for file in (MODEL, MODEL.with_suffix(".json"), DIGIT_MODEL):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:8]
