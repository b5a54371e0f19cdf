"""Read line crops with the shipped network: ink in, text with a probability a character out.

The model (`ocr/model/`, trained by `ocr/training/`) is a convolutional and recurrent network with CTC;
see `ocr/model/MODEL_CARD.md` for what it was trained on, its scores and its limits.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ocr.errors import EngineMissingError
from ocr.layout.parameters import LAYOUT
from ocr.likely_words import LETTERS, Option, WordModel, likeliest

# The contract of a crop: with c the height of a plain Thai consonant, the band from baseline - BAND_ABOVE c
# (room for a vowel and a tone above) to baseline + BAND_BELOW c (vowels below, descenders) is CROP_HEIGHT high.
CROP_HEIGHT = LAYOUT.crop.rows
BAND_ABOVE, BAND_BELOW = LAYOUT.crop.above_baseline, LAYOUT.crop.below_baseline

MODEL = Path(__file__).with_name("model") / "lines.onnx"

PAPER_SHARE = 0.6  # of a line's pixels are at least as dark as the level taken for paper
INK_SHARE = 0.015  # of a line's pixels are darker than the level taken for full ink
# In gray levels: paler print is not stretched further (it is mostly dirt), and with still less
# contrast there is no print to read.
LEAST_CONTRAST = 48.0
BARE_CONTRAST = 12.0

# The same character twice within so many blank frames is one character seen twice: no letter is so
# narrow that its twin could be printed there.
ECHO_FRAMES = 1

CONSONANTS = frozenset(chr(c) for c in range(0x0E01, 0x0E2F))
VOWEL_MARKS = frozenset("ัิีึืฺุู็ํ")
TONES = frozenset("่้๊๋")

# Least probabilities with which another letter, none instead of one, and one where none was seen are
# weighed by the words they make; swept with `ocr/likely_words.py`.
LEAST_SHARE, LEAST_NONE, LEAST_MISSED = 0.01, 0.2, 0.05

NARROWEST, WIDEST_GROWTH = 64, 1.12  # padded widths grow by about an eighth
MOST_COLUMNS = 16_000  # of padded crops in one batch: bounds the memory of a worker


@dataclass(frozen=True, slots=True)
class RecognizedCharacter:
    """One code point with its calibrated probability and its place, in crop pixels.

    Marks above and below have the place of their column, as far as the network tells them apart.
    """

    text: str
    confidence: float
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class RecognizedLine:
    """What one crop says; `confidence` is the mean of its characters', 0 for an empty line."""

    text: str
    confidence: float
    characters: tuple[RecognizedCharacter, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Frames where a character stands or may stand; the first option is the network's own choice."""

    start: int
    stop: int
    options: tuple[Option, ...]


def open_model(path: Path, threads: int = 1) -> onnxruntime.InferenceSession:
    """Open an ONNX model; raises EngineMissingError when the file is missing or damaged."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Widths differ from batch to batch; an arena would keep the largest of every shape.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(
            path.read_bytes(), options, providers=["CPUExecutionProvider"]
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise EngineMissingError(path, f"the model cannot be loaded: {error}") from error
    except Exception as error:
        if type(error).__module__.startswith("onnxruntime"):
            raise EngineMissingError(path, f"the model is damaged: {error}") from error
        raise


class LineRecognizer:
    """Reads line crops with one onnxruntime session of `threads` threads.

    With `words` those letters are chosen, of what the network is torn between, that make words. Raises
    EngineMissingError when the model or its description is missing or damaged.
    """

    def __init__(
        self, model: Path | None = None, threads: int = 1, words: WordModel | None = None
    ) -> None:
        path = model or MODEL
        self.words = words
        described = path.with_suffix(".json")
        try:
            description = json.loads(described.read_text("utf-8"))
            self.alphabet: str = description["alphabet"]
            self.temperature = float(description["temperature"])
            self.frame_pixels = int(description["frame_pixels"])
        except (OSError, ValueError, KeyError) as error:
            raise EngineMissingError(path, f"the line model cannot be loaded: {error}") from error
        self.session = open_model(path, threads)

    def recognize(self, crops: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        """Read crops (CROP_HEIGHT, any width) uint8, ink dark on 255; answers in the same order.

        A crop is padded to one of a fixed set of widths and batched with its equals only, so what is
        read does not depend on its neighbours. Raises ValueError for a crop of another height or type.
        """
        for crop in crops:
            if crop.ndim != 2 or crop.shape[0] != CROP_HEIGHT or crop.dtype != np.uint8:
                message = f"a crop is gray uint8, {CROP_HEIGHT} high; got {crop.dtype} {crop.shape}"
                raise ValueError(message)
        lines = [RecognizedLine("", 0.0, ())] * len(crops)
        groups: dict[int, list[int]] = {}
        for index, crop in enumerate(crops):
            if crop.shape[1] > 0 and contrast(crop)[1] >= BARE_CONTRAST:
                groups.setdefault(padded_width(crop.shape[1]), []).append(index)
        for width, members in sorted(groups.items()):
            size = max(1, MOST_COLUMNS // width)
            for start in range(0, len(members), size):
                batch = members[start : start + size]
                for index, line in zip(
                    batch, self._read([crops[i] for i in batch], width), strict=True
                ):
                    lines[index] = line
        return lines

    def frame_scores(self, crop: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return a crop's log-probabilities (frames, classes): 0 the blank, i + 1 `alphabet[i]`."""
        return self._scores([crop], padded_width(crop.shape[1]))[0]

    def _read(self, crops: list[NDArray[np.uint8]], width: int) -> list[RecognizedLine]:
        return [
            self._decode(scores, crop.shape[1])
            for scores, crop in zip(self._scores(crops, width), crops, strict=True)
        ]

    def _scores(self, crops: list[NDArray[np.uint8]], width: int) -> list[NDArray[np.float32]]:
        ink = np.zeros((len(crops), 1, CROP_HEIGHT, width), np.float32)
        for row, crop in enumerate(crops):
            ink[row, 0, :, : crop.shape[1]] = to_ink(crop)
        scores: NDArray[np.float32] = self.session.run(None, {"ink": ink})[0]
        frames = [-(-crop.shape[1] // self.frame_pixels) for crop in crops]
        return [scores[row, :count] for row, count in enumerate(frames)]

    def _decode(self, scores: NDArray[np.float32], width: int) -> RecognizedLine:
        """Take the best class of every frame, join repeats, drop blanks; choose among what is unsure by words."""
        places = self._places(scores)
        chosen = self._choose(places)
        seen = [(place, at, sure) for place, at, sure in chosen if place.options[at].text]
        if not seen:
            return RecognizedLine("", 0.0, ())
        centres = [(place.start + place.stop) / 2 * self.frame_pixels for place, _, _ in seen]
        edges = [(a + b) / 2 for a, b in pairwise(centres)]
        reach = 0.16 * CROP_HEIGHT  # half a plain consonant
        lefts = [max(0.0, centres[0] - reach), *edges]
        rights = [*edges, min(float(width), centres[-1] + reach)]
        characters = [
            RecognizedCharacter(place.options[at].text, sure, left, right)
            for (place, at, sure), left, right in zip(seen, lefts, rights, strict=True)
        ]
        text, kept = tidy(characters)
        mean = sum(c.confidence for c in kept) / len(kept) if kept else 0.0
        return RecognizedLine(text, mean, kept)

    def _places(self, scores: NDArray[np.float32]) -> list[_Place]:
        """Return where characters stand or may stand, in order, with what the network holds for possible."""
        scaled = scores.astype(np.float32) / self.temperature
        shares = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        runs = _runs(scores.argmax(axis=1))
        places = []
        for at, (start, stop, best) in enumerate(runs):
            before = runs[at - 1] if at else (0, 0, 0)
            if self.words is not None and (missed := self._missed(shares, before, runs[at])):
                places.append(missed)
            surest = start + int(scores[start:stop, best].argmax())
            options = [Option(self.alphabet[best - 1], math.log(shares[surest, best]))]
            if self.words is not None and options[0].text in LETTERS:
                inside = 0 < at < len(runs) - 1
                options += self._others(shares[start:stop], best, may_be_none=inside)
            places.append(_Place(start, stop, tuple(options)))
        return places

    def _others(
        self, shares: NDArray[np.float32], best: int, *, may_be_none: bool
    ) -> Iterator[Option]:
        """Yield what else may stand where the network's choice is a letter."""
        peaks = shares.max(axis=0)
        for other in np.flatnonzero(peaks >= LEAST_SHARE).tolist():
            if other not in {0, best} and self.alphabet[other - 1] in LETTERS:
                yield Option(self.alphabet[other - 1], math.log(peaks[other]))
        none = float(shares[:, 0].min())
        if may_be_none and none >= LEAST_NONE:
            yield Option("", math.log(none))

    def _missed(
        self, shares: NDArray[np.float32], before: tuple[int, int, int], after: tuple[int, int, int]
    ) -> _Place | None:
        """Return the letter that may stand between two others where the network sees none."""
        start, stop = before[1], after[0]
        if start == stop:
            return None
        gap = shares[start:stop].copy()
        gap[:, 0] = 0.0
        gap[:2, before[2]] = 0.0  # what spills over from the letters beside
        gap[-2:, after[2]] = 0.0
        frame, other = divmod(int(gap.argmax()), gap.shape[1])
        share = float(gap[frame, other])
        if share < LEAST_MISSED or self.alphabet[other - 1] not in LETTERS:
            return None
        options = (
            Option("", math.log1p(-share)),
            Option(self.alphabet[other - 1], math.log(share)),
        )
        return _Place(start + frame, start + frame + 1, options)

    def _choose(self, places: Sequence[_Place]) -> list[tuple[_Place, int, float]]:
        """Return each place with the number of its option and how sure that is."""
        chosen = [0] * len(places)
        if self.words is None or all(len(place.options) == 1 for place in places):
            return [(place, 0, math.exp(place.options[0].log)) for place in places]
        options = [place.options for place in places]
        chosen, cost = likeliest(options, self.words)
        result = []
        for at, (place, one) in enumerate(zip(places, chosen, strict=True)):
            sure = math.exp(place.options[0].log)
            if one:  # how much likelier the line is so than with what the network would have chosen
                as_seen = [*options[:at], options[at][:1], *options[at + 1 :]]
                sure = 1 / (1 + math.exp(cost - likeliest(as_seen, self.words)[1]))
            result.append((place, one, sure))
        return result


def _runs(best: NDArray[np.intp]) -> list[tuple[int, int, int]]:
    """Return start, stop and class of each character in the frames' best classes, 0 being the blank."""
    starts = np.flatnonzero(np.diff(best, prepend=-1))
    runs: list[tuple[int, int, int]] = []
    for start, stop in pairwise([*starts.tolist(), len(best)]):
        one = int(best[start])
        if one == 0:
            continue
        if runs and runs[-1][2] == one and start - runs[-1][1] <= ECHO_FRAMES:
            runs[-1] = (runs[-1][0], stop, one)
        else:
            runs.append((start, stop, one))
    return runs


def tidy(
    characters: Sequence[RecognizedCharacter],
) -> tuple[str, tuple[RecognizedCharacter, ...]]:
    """Drop what cannot be printed so: spaces at the ends, doubled ones, marks without their letter.

    Returns the text and the characters that make it up. Dirt above a letter is read as a mark; where
    Thai has no place for one (on a digit, after ำ, on another tone) it is left out, nothing is put in.
    """
    kept: list[RecognizedCharacter] = []
    for character in characters:
        before = kept[-1].text if kept else " "
        if not (character.text == " " == before) and can_follow(before, character.text):
            kept.append(character)
    if kept and kept[-1].text == " ":
        kept.pop()
    return "".join(c.text for c in kept), tuple(kept)


def can_follow(before: str, character: str) -> bool:
    """Tell whether Thai is written so: marks and tones stand on consonants, in their order."""
    if character in VOWEL_MARKS:
        return before in CONSONANTS
    if character in TONES:
        return before in CONSONANTS or (before in VOWEL_MARKS and before != "็")
    if character == "์":
        return before in CONSONANTS or before in {"ิ", "ุ"}
    if character == "ำ":
        return before in CONSONANTS or before in TONES
    return True


def padded_width(width: int) -> int:
    """Return the smallest width of the fixed ladder, all multiples of 32, that holds a crop."""
    step = NARROWEST
    while step < width:
        step = max(step + 32, -(-int(step * WIDEST_GROWTH) // 32) * 32)
    return step


def contrast(crop: NDArray[np.uint8]) -> tuple[float, float]:
    """Return the gray level of a crop's paper, and by how much its ink is darker."""
    levels = np.cumsum(np.bincount(crop.reshape(-1), minlength=256))
    paper = float(np.searchsorted(levels, PAPER_SHARE * crop.size))
    return paper, paper - float(np.searchsorted(levels, INK_SHARE * crop.size))


def to_ink(crop: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the crop as ink, 0 paper to 1 darkest, its own paper and ink levels taken out."""
    paper, depth = contrast(crop)
    grays = np.arange(256, dtype=np.float32)
    table = np.clip((paper - grays) / max(depth, LEAST_CONTRAST), 0.0, 1.0)
    return np.asarray(table[crop], dtype=np.float32)
