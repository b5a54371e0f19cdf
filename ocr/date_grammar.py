"""A line that is a date and nothing else, read with the network's doubts: day, month, Buddhist year.

Under a seal or a blot the network's likeliest letters are no date (`1๕ลูลาคม 25A0`), though its second
choices are. Every date is a short text; how well each fits the network's scores is told by CTC
(Graves et al. 2006, along the best path), and the best one is a proposal with the doubt that is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ocr.thai_text import MONTHS, THAI_DIGITS, to_thai_digits

Scores = NDArray[np.float64]

YEARS = range(2500, 2600)
ERAS = ("", "พ.ศ.")
FLOOR = -7.0  # log-probability: a letter under a seal may be taken for anything
WILD_COST = 3.0  # of a frame of ink beside the date, in the same unit
# A letter mentions the past, at most a year or two to come: what a year costs that lies farther before
# the latest one on its page, and one that is not that year or the next.
TOO_EARLY, NOT_MENTIONED, TO_COME = 8.0, 4.0, 2
_ANY_ARABIC, _ANY_THAI, _BESIDE = "\ufffd", "\ufffe", "\uffff"  # any digit; ink beside the date


@dataclass(frozen=True, slots=True)
class DateGuess:
    """A date as it would be printed, and how likely its parts are against all others of their kind.

    `days` gives the share of each day (index 0 is the first); `loss` is how much worse the date fits
    than what the network reads freely, in nats a character.
    """

    day: int
    month: str
    era: str
    year: int
    thai: bool
    days: Scores
    month_share: float
    year_share: float
    loss: float


def guess_date(
    views: Sequence[NDArray[np.float32]],
    alphabet: str,
    *,
    months: Sequence[str] = MONTHS,
    years: Sequence[int] = YEARS,
    mentioned: frozenset[int] = frozenset(),
) -> DateGuess:
    """Return the date that fits the scores best, on average over the views of one line.

    A view's scores are log-probabilities (frames, classes), class 0 the blank. `months` and `years`
    say what may be printed; `mentioned` are Buddhist years read elsewhere on the page.
    """
    sheets = [_extend(view, alphabet) for view in views]
    patterns = [
        (thai, month, era, _text(_any(thai) * length, month, era, _years_of(thai)))
        for thai, month, era, length in product((False, True), months, ERAS, (1, 2))
    ]
    fits = _fit_all(sheets, [pattern for *_, pattern in patterns])
    thai, month, era, _ = patterns[int(fits.argmax())]
    month_share = float(_softmax(fits)[[one[1] == month for one in patterns]].sum())

    def whole(day: int, year: str) -> str:
        return _text(_digits(str(day), thai=thai), month, era, year)

    by_day = _fit_all(sheets, [whole(day, _years_of(thai)) for day in range(1, 32)])
    day = int(by_day.argmax()) + 1
    by_year = _fit_all(sheets, [whole(day, _digits(str(year), thai=thai)) for year in years])
    by_year -= np.array([_cost(year, mentioned) for year in years])
    year = years[int(by_year.argmax())]
    free = float(np.mean([frames[:, :-1].max(axis=1).sum() for frames, _ in sheets]))
    loss = (free - float(by_year.max())) / len(whole(day, str(year)))
    return DateGuess(
        day,
        month,
        era,
        year,
        thai,
        _softmax(by_day),
        month_share,
        float(_softmax(by_year).max()),
        loss,
    )


def _text(day: str, month: str, era: str, year: str) -> str:
    return f"{_BESIDE}{day}{month}{era}{year}{_BESIDE}"


def _cost(year: int, mentioned: frozenset[int]) -> float:
    latest = max(mentioned, default=year)
    if year < latest - TO_COME:
        return TOO_EARLY
    return 0.0 if year in (latest, latest + 1) else NOT_MENTIONED


def _any(thai: bool) -> str:
    return _ANY_THAI if thai else _ANY_ARABIC


def _years_of(thai: bool) -> str:
    return _digits("25", thai=thai) + _any(thai) * 2


def _digits(number: str, *, thai: bool) -> str:
    return to_thai_digits(number) if thai else number


def _extend(scores: NDArray[np.float32], alphabet: str) -> tuple[Scores, dict[str, int]]:
    """Return the scores with columns for any digit and for ink beside the date, and each sign's column.

    A space is no more than a gap.
    """
    frames = np.maximum(scores.astype(np.float64), FLOOR)
    columns = {char: i + 1 for i, char in enumerate(alphabet)}
    frames[:, 0] = np.maximum(frames[:, 0], frames[:, columns[" "]])
    extra = []
    for sign, digits in ((_ANY_ARABIC, "0123456789"), (_ANY_THAI, THAI_DIGITS)):
        extra.append(frames[:, [columns[char] for char in digits]].max(axis=1))
        columns[sign] = frames.shape[1] + len(extra) - 1
    inked = frames[:, 1:].max(axis=1) - WILD_COST
    extra.append(np.maximum(frames[:, 0], inked))
    columns[_BESIDE] = frames.shape[1] + len(extra) - 1
    wide = np.column_stack([frames, *extra])
    rim = np.full(
        (1, wide.shape[1]), FLOOR
    )  # the network may tell the first sign in its first frame
    rim[0, [0, columns[_BESIDE]]] = 0.0
    return np.vstack([rim, wide, rim]), columns


def _fit_all(sheets: Sequence[tuple[Scores, dict[str, int]]], texts: Sequence[str]) -> Scores:
    """Return how well each text fits on average."""
    return np.asarray(np.mean([_fit(*sheet, texts) for sheet in sheets], axis=0))


def _fit(frames: Scores, columns: dict[str, int], texts: Sequence[str]) -> Scores:
    """Return how well each text fits: the log-probability of its best path of labels and blanks."""
    longest = max(map(len, texts))
    tokens = np.zeros((len(texts), longest), np.intp)
    for row, text in enumerate(texts):
        tokens[row, : len(text)] = [columns[char] for char in text]
    barred = np.full(tokens.shape, -np.inf)  # a sign twice needs a blank between
    barred[:, 1:] = np.where(tokens[:, 1:] == tokens[:, :-1], -np.inf, 0.0)
    used, places = np.unique(tokens, return_inverse=True)
    scores = frames[:, used]
    places = places.reshape(tokens.shape)
    on = np.full(tokens.shape, -np.inf)  # on the sign
    after = on.copy()  # on the blank after it
    on[:, 0] = scores[0, places[:, 0]]
    step = on.copy()
    for blank, signs in zip(frames[1:, 0], scores[1:], strict=True):
        np.add(on[:, :-1], barred[:, 1:], out=step[:, 1:])
        np.maximum(step[:, 1:], after[:, :-1], out=step[:, 1:])
        np.maximum(after, on, out=after)
        after += blank
        np.maximum(on[:, 1:], step[:, 1:], out=on[:, 1:])
        on += signs[places]
    last = np.maximum(on, after)
    return np.asarray(last[np.arange(len(texts)), [len(text) - 1 for text in texts]])


def _softmax(fits: Scores) -> Scores:
    best = fits.max()
    weights = np.exp(fits - best) if np.isfinite(best) else np.ones_like(fits)
    return np.asarray(weights / weights.sum())
