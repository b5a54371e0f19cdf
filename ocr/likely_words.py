"""Choose among the letters that a line network holds for possible those that make words.

In worn print the network is torn between letters that look alike (ร ว, ด ต, พ บ, a tone and another)
and its first choice makes no word, while the second does. Both are weighed: how likely the network
holds the letters, and how likely the words are, of which nobody but the dictionary and a corpus's
counts (the Thai National Corpus, by way of pythainlp) is asked. Digits, Latin letters and
punctuation are never chosen otherwise, and a letter that the network holds for impossible never comes
in. Method: shallow fusion with a beam search over words (Graves and Jaitly 2014; Hannun et al. 2014).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from ocr.thai_text import dictionary_words

# Letters, vowels and marks: what words are spelt with. ฯ and ๆ stand for themselves, as digits do.
LETTERS = frozenset(chr(c) for c in (*range(0x0E01, 0x0E2F), *range(0x0E30, 0x0E3B))) | frozenset(
    "เแโใไ็่้๊๋์ํ"
)

# Swept over 210 pages of `benchmarks.letters_unlike` (even seeds 210 to 628): of 2,945 lines these
# mended 215 and spoilt 6; between half and twice each value 202 to 238 and 4 to 16.
TRUST = 0.3  # weight of the words against the network
UNKNOWN_WORD, UNKNOWN_LETTER = 5.0, 4.0  # nats: of a name or what else is in no dictionary
BEAM = 15

_FIRST = frozenset(chr(c) for c in range(0x0E01, 0x0E2F)) | frozenset("เแโใไ")  # words begin with
_UNKNOWN = "?"  # stands for a stretch that is no word where else what of a word has been spelt does


class Option(NamedTuple):
    """What may stand at a place: a character or "" for nothing, and the natural log of its probability."""

    text: str
    log: float


class _Path(NamedTuple):
    cost: float
    chosen: tuple[int, ...]


class WordModel:
    """Words with their costs in nats (minus the log of how often one of them is this one)."""

    def __init__(self, costs: Mapping[str, float]) -> None:
        self._costs = costs
        self._sorted = sorted(costs)

    def cost(self, word: str) -> float | None:
        """Return what a word costs; None for what is no word."""
        return self._costs.get(word)

    def begins(self, text: str) -> bool:
        """Tell whether a word begins so."""
        at = bisect_left(self._sorted, text)
        return at < len(self._sorted) and self._sorted[at].startswith(text)


@lru_cache(maxsize=1)
def thai_words() -> WordModel:
    """Return the dictionary's words, those of several letters, by how often the corpus has them."""
    from pythainlp.corpus.tnc import unigram_word_freqs  # noqa: PLC0415 - 0.2 s, only when needed

    counts = unigram_word_freqs()
    total = sum(counts.values())
    return WordModel(
        {
            word: -math.log((counts.get(word, 0) + 1) / total)
            for word in dictionary_words()
            if len(word) > 1
        }
    )


def likeliest(places: Sequence[Sequence[Option]], words: WordModel) -> tuple[list[int], float]:
    """Return which option of each place is likeliest, network and words weighed, and its cost in nats."""
    beam = {"": _Path(0.0, ())}
    for options in places:
        grown: dict[str, _Path] = {}
        for word, path in beam.items():
            for at, option in enumerate(options):
                for reached, cost in _steps(word, option.text, words):
                    total = path.cost - option.log + TRUST * cost
                    if reached not in grown or total < grown[reached].cost:
                        grown[reached] = _Path(total, (*path.chosen, at))
        beam = dict(sorted(grown.items(), key=lambda one: one[1].cost)[:BEAM])
    ends = [
        path._replace(cost=path.cost + TRUST * _ending(word, words)) for word, path in beam.items()
    ]
    best = min(ends)
    return list(best.chosen), best.cost


def _steps(word: str, text: str, words: WordModel) -> Iterator[tuple[str, float]]:
    """Yield what a character leads to and what it costs in nats, the network's part left out."""
    if not text:
        yield word, 0.0
    elif text not in LETTERS:
        yield "", _ending(word, words)
    else:
        if word == _UNKNOWN:
            yield _UNKNOWN, UNKNOWN_LETTER
        elif word and words.begins(word + text):
            yield word + text, 0.0
        elif word:  # what has been spelt so far was no word
            yield _UNKNOWN, _unknown(len(word) + 1)
        ended = _end(word, words)
        if ended is not None and (not word or text in _FIRST):
            if words.begins(text):
                yield text, ended
            elif word != _UNKNOWN:
                yield _UNKNOWN, ended + _unknown(1)


def _end(word: str, words: WordModel) -> float | None:
    """Return what it costs to end a word here; None where it is none."""
    return 0.0 if word in {"", _UNKNOWN} else words.cost(word)


def _ending(word: str, words: WordModel) -> float:
    """Return what it costs that no letter follows: what is no word was an unknown one."""
    ended = _end(word, words)
    return _unknown(len(word)) if ended is None else ended


def _unknown(letters: int) -> float:
    return UNKNOWN_WORD + UNKNOWN_LETTER * letters
