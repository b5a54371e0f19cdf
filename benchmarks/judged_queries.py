"""A judged set of queries over made-up letters: what was typed, and which letters are wanted.

Six classes: word, phrase, number, date, name, short (an ambiguous short word). A letter is wanted
when its *clean* page says it: words, phrases and names as a substring at cluster boundaries (spaces
do not count, Thai does not part words with them), short words as words of the segmentation, numbers
and dates when they are the letter's own or it speaks of them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from benchmarks.synthetic_letters import (
    MadeLetter,
    long_date,
    phrases,
    short_date,
    thai_digits,
)
from index.search.analysis import mentions, number_key
from ocr.thai_text import normalize, split_words, to_arabic_digits

CLASSES = ("word", "phrase", "number", "date", "name", "short")
SIZES = {"word": 55, "phrase": 50, "number": 40, "date": 35, "name": 35, "short": 14}
SHORT_WORDS = (
    "วัด",
    "รถ",
    "ลา",
    "ป่า",
    "น้ำ",
    "ยา",
    "เงิน",
    "ครู",
    "กีฬา",
    "ถนน",
    "ไฟ",
    "นม",
    "ดิน",
    "คน",
)
_MARK = re.compile("[ัิ-ฺ็-๎ะาำๅ]")
_BASE = re.compile("[ก-ฮ]")


@dataclass(frozen=True, slots=True)
class Judged:
    """One query: its class, what is typed, and the ids of the letters wanted."""

    kind: str
    typed: str
    wanted: frozenset[int]


def judged_queries(letters: Sequence[MadeLetter], seed: int = 6) -> list[Judged]:
    """Make the judged set for these letters; queries that nothing answers are left out."""
    rng = random.Random(seed)  # noqa: S311 - repeatable data
    corpus = _Corpus(letters)
    makers: dict[str, Callable[[], Judged]] = {
        "word": lambda: corpus.saying("word", rng.choice(_words()), rng),
        "phrase": lambda: corpus.saying("phrase", _phrase(rng), rng),
        "number": lambda: corpus.number(rng),
        "date": lambda: corpus.date(rng),
        "name": lambda: corpus.saying("name", _name(rng, letters), rng),
    }
    queries: dict[str, Judged] = {}
    for kind, make in makers.items():
        made = 0
        for _ in range(SIZES[kind] * 20):
            query = make()
            if made < SIZES[kind] and query.wanted and query.typed not in queries:
                queries[query.typed] = query
                made += 1
    short = (corpus.short(word) for word in SHORT_WORDS)
    return [*queries.values(), *(query for query in short if query.wanted)]


@cache
def _words() -> list[str]:
    seen = {
        word
        for part in phrases()["P"] + phrases()["W"]
        for word in split_words(normalize(part))
        if len(_BASE.findall(word)) >= 4
    }
    return sorted(seen)


def _phrase(rng: random.Random) -> str:
    parts = split_words(normalize(rng.choice(phrases()["P"] + phrases()["S"])))
    start = rng.randrange(len(parts))
    return "".join(parts[start : start + rng.randint(2, 5)]).strip(' "“”(),./:-')


def _name(rng: random.Random, letters: Sequence[MadeLetter]) -> str:
    person = rng.choice(rng.choice(letters).persons)
    return person if rng.random() < 0.6 else person.split()[1]


class _Corpus:
    def __init__(self, letters: Sequence[MadeLetter]) -> None:
        self._letters = letters
        self._clean = [
            "\n".join(map(_spaceless, (one.subject, one.sender, one.recipient, *one.lines)))
            for one in letters
        ]
        self._keys = [
            {number_key(one.number), one.date.isoformat(), *mentions(one.text)} for one in letters
        ]
        self._words = [
            {word for line in (*one.lines, one.subject) for word in split_words(normalize(line))}
            for one in letters
        ]

    def saying(self, kind: str, text: str, rng: random.Random) -> Judged:
        parts = [_spaceless(part) for part in text.split()]
        wanted = frozenset(
            one.letter_id
            for one, clean in zip(self._letters, self._clean, strict=True)
            if parts and all(_says(clean, part) for part in parts)
        )
        if len(_BASE.findall(text)) < 4:
            wanted = frozenset()
        return Judged(kind, _as_typed(text, rng), wanted)

    def short(self, word: str) -> Judged:
        forms = {word, f"การ{word}", f"ความ{word}"}
        pairs = zip(self._letters, self._words, strict=True)
        wanted = frozenset(one.letter_id for one, words in pairs if not forms.isdisjoint(words))
        return Judged("short", word, wanted)

    def number(self, rng: random.Random) -> Judged:
        place = rng.randrange(len(self._letters))
        number = self._letters[place].number
        if rng.random() < 0.3:
            spoken = [line for line in self._letters[place].lines if line.startswith("อ้างถึง")]
            for line in spoken:
                number = to_arabic_digits(line.partition(" ที่ ")[2].partition(" ลงวันที่")[0])
        return Judged("number", _spelled(number, rng), self._holding(number_key(number)))

    def date(self, rng: random.Random) -> Judged:
        place = rng.randrange(len(self._letters))
        day = self._letters[place].date
        spellings = [long_date(day), short_date(day), f"{day.day}/{day.month}/{day.year + 543}"]
        typed = rng.choice(spellings)
        return Judged(
            "date",
            thai_digits(typed) if rng.random() < 0.4 else typed,
            self._holding(day.isoformat()),
        )

    def _holding(self, key: str) -> frozenset[int]:
        pairs = zip(self._letters, self._keys, strict=True)
        return frozenset(one.letter_id for one, keys in pairs if key and key in keys)


def _spaceless(text: str) -> str:
    return re.sub(r"[ \t]", "", to_arabic_digits(normalize(text)).lower())


def _says(clean: str, text: str) -> bool:
    """Tell whether `text` stands in `clean`, not followed by a mark that belongs to its last letter."""
    place = clean.find(text)
    while place >= 0:
        end = place + len(text)
        cut_digits = text[-1:].isdigit() and clean[end : end + 1].isdigit()
        cut_digits |= text[:1].isdigit() and clean[max(0, place - 1) : place].isdigit()
        if not cut_digits and not _MARK.match(clean[end : end + 1]):
            return True
        place = clean.find(text, place + 1)
    return False


def _as_typed(text: str, rng: random.Random) -> str:
    """Type as people do: now and then a tone mark is forgotten or sara am put together by hand."""
    if rng.random() < 0.1:
        text = re.sub("[่้]", "", text, count=1)
    if rng.random() < 0.1:
        text = text.replace("ำ", "ํา")
    return text


def _spelled(number: str, rng: random.Random) -> str:
    spellings = (
        number,
        number.replace(" ", ""),
        thai_digits(number),
        f"ที่ {number}",
        number.replace("/ว ", "/ว."),
    )
    return rng.choice(spellings)
