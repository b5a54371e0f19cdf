"""One Thai analysis for every engine: words, skeletons and number keys.

Engines are handed whitespace tokens only, because every default analyzer takes Thai apart at its
marks (measured for Whoosh, tantivy, FTS5 and PostgreSQL). Four views of a text are kept:

- *words*: the dictionary segmentation (maximal matching, `word_cutter`) of the folded text;
- *pairs*: each two neighbouring words as one token, three where การ or ความ stands between. Words in
  a row are looked for by their pairs, which are far rarer than words: การ stands in every letter,
  twenty times;
- *skeleton*: the letters on the line only, without marks, spaces and punctuation, each run of
  digits fenced by `#`, as bytes of one letter each (TIS-620), so that approximate comparison is
  fast. It is indexed as 3-grams;
- *number keys*: a letter number in the one form all its spellings share (`ศธ04001/ว123`).

A skeleton survives lost tone marks, loose spaces and wrong segmentation; words keep short words
(วัด, ลา, รถ) apart from the letters of longer ones (จังหวัด, เวลา, สามารถ).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from classify.dates import find_dates
from classify.numbers import find_number, parse_number
from index.search.word_cutter import cut_words, cutter_version
from ocr.thai_text import is_word, normalize, to_arabic_digits

GRAM = 3
SHORTEST_SKELETON = 4  # shorter words are searched as words only: วัด is not จังหวัด
FENCE = ord("#")
ENCODING = "cp874"  # of texts in one byte a character: TIS-620 and signs of typists
JOINT = "_"  # between the words of a pair; no word contains it
PREFIXES = ("การ", "ความ")  # make nouns of verbs; in nearly every line
SAMPLES = 16
FORMAT = 7  # of the tokens, records and numbers; 6 numbered sent letters below zero

_MARKS = "".join(map(chr, [0x0E31, *range(0x0E34, 0x0E3B), *range(0x0E47, 0x0E4F)]))
_PLAIN_WORD = re.compile(r"[ก-ฮะ-ฺเ-ๅ็-๎]+|[a-z]+|\d+")
_DIGITS = re.compile(rb"\d+")
_KEY_NOISE = re.compile(r"[\s.]+")
_SIGNER = re.compile(r"\s*\(\s*([^()0-9๐-๙]{5,60}?)\s*\)\s*")
_PART_NUMBER = re.compile(
    r"^(?:ที่)?(?P<letters>[ก-ฮ]{1,6})?(?P<owner>\d{2,6}[\d.]*)?(?P<slash>/)?(?P<circular>ว)?(?P<running>\d*)$"
)


def _table() -> tuple[bytes, bytes]:
    """Return the translation of TIS-620 bytes into skeleton letters, and the bytes to delete."""
    target = bytearray(range(256))
    for digit in range(10):
        target[0xF0 + digit] = ord("0") + digit
    for upper in range(ord("A"), ord("Z") + 1):
        target[upper] = upper + 32
    # Sara am is often read as its parts; ฎ and ฏ differ by a hair, for people and readers alike.
    for letter, other in (("ำ", "า"), ("ฎ", "ฏ")):
        target[letter.encode("tis-620")[0]] = other.encode("tis-620")[0]
    kept = set(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    kept |= set(range(0xA1, 0xFA))
    kept -= set((_MARKS + "ฯๆ๏฿").encode("tis-620"))
    return bytes(target), bytes(code for code in range(256) if code not in kept)


_FOLDED, DROPPED = _table()
_KEPT = np.array([code not in DROPPED for code in range(256)])


def analysis_version() -> str:
    """Return what is kept with an index, so that one of another analysis is built anew."""
    return f"{FORMAT} {cutter_version()} grams {GRAM}"


def may_be_searched(version: str) -> bool:
    """Tell whether an index of this analysis can be searched until the new one stands.

    Words may be cut otherwise here and there; skeletons, which are not, find those letters.
    """
    return version.split(" ", 1)[0] == str(FORMAT)


def skeleton(text: str) -> bytes:
    """Return the skeleton of a text, one byte a letter; runs of digits stand between `#`."""
    letters = text.encode("tis-620", "ignore").translate(_FOLDED, DROPPED)
    return _DIGITS.sub(rb"#\g<0>#", letters)


def one_byte_each(text: str) -> bytes:
    """Return a text in one byte a character, so that places in it are places in the text."""
    return text.encode(ENCODING, "replace")


def places_of_letters(letters: bytes) -> NDArray[np.intp]:
    """Return the places in a text, one byte a character, of those that its skeleton keeps, in order."""
    return _KEPT[np.frombuffer(letters, np.uint8)].nonzero()[0]


def base_letters(bones: bytes) -> int:
    """Count the letters of a skeleton, its fences not counted."""
    return len(bones) - bones.count(FENCE)


def grams(bones: bytes) -> list[str]:
    """Return the overlapping 3-grams of a skeleton, as tokens."""
    return gram_row(bones).split()


def gram_row(bones: bytes) -> str:
    """Return the 3-grams of a skeleton with spaces between; bytes are laid out, which takes no loop."""
    count = max(0, len(bones) - GRAM + 1)
    row = bytearray(b" ") * (count * (GRAM + 1))
    for place in range(GRAM):
        row[place :: GRAM + 1] = bones[place : place + count]
    return row.decode("tis-620").rstrip()


def words(text: str, *, normalized: bool = False) -> list[str]:
    """Return the words of a text in order: folded, Arabic digits, no punctuation.

    Texts that the reader wrote are `normalized` already.
    """
    folded = to_arabic_digits(text if normalized else normalize(text)).lower()
    tokens = chain.from_iterable(map(cut_words, folded.split("\n")))
    return list(chain.from_iterable(map(_plain_words, tokens)))


@lru_cache(maxsize=50_000)
def _plain_words(token: str) -> tuple[str, ...]:
    """Return the words in what the dictionary cut off: without punctuation, noun prefixes parted."""
    return tuple(part for word in _PLAIN_WORD.findall(token) for part in _without_prefix(word))


def one_word(text: str) -> str:
    """Return a typed text as the one word that may be meant, mistyped; empty where it is not one."""
    folded = to_arabic_digits(normalize(text)).lower()
    return folded if _PLAIN_WORD.fullmatch(folded) and not folded.isdigit() else ""


def _without_prefix(word: str) -> tuple[str, ...]:
    """Part the noun prefixes off, so that ลา finds การลา; the dictionary has both as one word."""
    for prefix in PREFIXES:
        stem = word.removeprefix(prefix)
        if stem != word and is_word(stem):
            return prefix, stem
    return (word,)


def pairs(tokens: Sequence[str]) -> list[str]:
    """Return each two neighbouring words as one token, one for each word but the last.

    A pair that ends in การ or ความ, which tells little, has the word after it too.
    """
    joined = list(map(JOINT.join, pairwise(tokens)))
    for place, word in enumerate(tokens[1:-1]):
        if word in PREFIXES:
            joined[place] += JOINT + tokens[place + 2]
    return joined


def sample_of(letter_id: int) -> str:
    """Return which of SAMPLES equal parts of all letters a letter is in, as a token."""
    return str(letter_id % SAMPLES)


def number_key(number: str) -> str:
    """Return the key of a printed number, all spellings alike: `ศธ04001/ว123`; empty for none."""
    parsed = parse_number(number)
    return _KEY_NOISE.sub("", parsed.canonical) if parsed else ""


def number_parts(number: str) -> list[str]:
    """Return the pieces of a number people remember, the whole key first.

    `ศธ 04001/ว 123` gives its key, `04001/ว123`, `ศธ04001`, `04001`, `ว123` and `123`.
    """
    parsed = parse_number(number)
    if parsed is None:
        return list(dict.fromkeys(re.findall(r"\d+", to_arabic_digits(number))))
    key = number_key(number)
    owner = parsed.owner.replace(".", "")
    parts = [key, key.removeprefix(parsed.letters), parsed.letters + owner, owner, parsed.running]
    if parsed.circular:
        parts.append(f"ว{parsed.running}")
    return [part for part in dict.fromkeys(parts) if part and not part.startswith("/")]


def part_of_number(typed: str) -> str | None:
    """Return the key piece a clerk typed (`ว 123`, `04001/ว123`, `ศธ04001`, `123`), or None."""
    key = number_key(typed)
    if key:
        return key
    plain = _KEY_NOISE.sub("", to_arabic_digits(normalize(typed)))
    match = _PART_NUMBER.match(plain)
    if match is None or not (match["owner"] or match["running"]):
        return None
    return plain.removeprefix("ที่").strip("/")


def mentions(text: str) -> list[str]:
    """Return the dates and letter numbers a text speaks of, as keys: `2026-01-15`, `ศธ04001/ว123`."""
    keys = [reading.value.isoformat() for reading in find_dates(text)]
    for line in text.split("\n"):
        place = 0
        while "/" in line and (number := find_number(line[place:])):
            place += number.end
            if number.is_complete:
                keys.append(_KEY_NOISE.sub("", number.canonical))
    return list(dict.fromkeys(keys))


def signers(text: str) -> list[str]:
    """Return who signed, as printed below a signature: names in brackets on a line of their own."""
    return [match[1].strip() for line in text.split("\n") if (match := _SIGNER.fullmatch(line))]


def pieces(bones: bytes, count: int) -> list[bytes]:
    """Cut a skeleton into `count` pieces of nearly equal length: with fewer errors one is whole."""
    bounds = [round(place * len(bones) / count) for place in range(count + 1)]
    return [bones[start:end] for start, end in pairwise(bounds)]
