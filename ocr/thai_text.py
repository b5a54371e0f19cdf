"""Thai text as it should be: the one place where broken Thai is mended and text is folded.

What breaks is listed in Unicode's Thai block rules and seen in real files: nikhahit + sara aa for
sara am, two sara e for sara ae, marks out of order or doubled, marks kept in the private use area
(U+F700 to U+F71A, the Windows and Macintosh Thai fonts), loose spaces inside words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from pythainlp.util import Trie

THAI_DIGITS = "๐๑๒๓๔๕๖๗๘๙"
BUDDHIST_ERA = 543  # years that a Buddhist year is ahead of the common era
MONTHS = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
SHORT_MONTHS = (
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
)
_SHORTEST, _START = (
    2,
    3,
)  # letters of the shortest dictionary word, and of what words are filed under
CONSONANT = "ก-ฮ"  # with ฤ and ฦ, which stand as consonants do
LEADING_VOWEL = "เ-ไ"
MARK = "ัิ-ฺ็-๎"  # every sign above or below a consonant
TONE = "่-๋"
NIKHAHIT, SARA_AA, SARA_AM = "ํ", "า", "ำ"

_TO_THAI_DIGITS = str.maketrans("0123456789", THAI_DIGITS)
# Glyph variants that old fonts keep in the private use area, U+F700 upwards.
_PRIVATE_USE = dict(enumerate("ฐิีึื่้๊๋์่้๊๋์ญัํ็่้๊๋์ฺุู", start=0xF700))
_SPACES = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 9), " ")
_NOTHING = dict.fromkeys((0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF))
_CLEAN = str.maketrans({**_PRIVATE_USE, **_SPACES, **_NOTHING})

# Nearest to the consonant first; marks of one rank keep their order.
_RANK = {"ฺ": 0, "ุ": 1, "ู": 1, "่": 3, "้": 3, "๊": 3, "๋": 3, "์": 4, "๎": 4}
_RANKS = {rank: "".join(mark for mark in _RANK if _RANK[mark] == rank) for rank in (0, 1, 3, 4)}
_RANKS[2] = "ัิีึื็ํ"  # all others
_MARKS = re.compile(f"[{MARK}]{{2,}}")
_AM_APART = re.compile(f"{NIKHAHIT}([{TONE}]?) ?{SARA_AA}|([{TONE}]){NIKHAHIT} ?{SARA_AA}")
_TONE_AFTER_VOWEL = re.compile(f"([าำะๅ])([{TONE}]+)")
_MARK_ON_LEADING = re.compile(f"([{LEADING_VOWEL}])([{MARK}]+)([{CONSONANT}])")
_UNSETTLED = re.compile(  # what `settle` may change
    "|".join(
        (
            f"เเ|{NIKHAHIT}|[าำะๅ][{TONE}]|[{LEADING_VOWEL}][{MARK}]|([{MARK}])\\1",
            *(
                f"[{marks}][{''.join(_RANKS[lower] for lower in range(rank))}]"
                for rank, marks in _RANKS.items()
                if rank
            ),
        )
    )
)
_MARK_AFTER_SPACE = re.compile(f"(?<=[{CONSONANT}{MARK}]) +(?=[{MARK}ำ])")
_VOWEL_AFTER_SPACE = re.compile(
    f"([{CONSONANT}][{MARK}]*) +{SARA_AA}(?=[{CONSONANT}{LEADING_VOWEL}])"
)
# Not before an abbreviation or the sign of repetition: `งบประมาณ พ.ศ.` and `ต่าง ๆ` are written so.
_SPACED_THAI = re.compile("[ก-ฺเ-๎]+(?: (?!ๆ)[ก-ฺเ-๎]+(?![ก-ฺเ-๎.]))+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def to_thai_digits(text: str) -> str:
    """Replace 0-9 by ๐-๙."""
    return text.translate(_TO_THAI_DIGITS)


def to_arabic_digits(text: str) -> str:
    """Replace ๐-๙ by 0-9; ten replacements take a thirtieth of the time of `translate`."""
    for digit, thai in enumerate(THAI_DIGITS):
        text = text.replace(thai, str(digit))
    return text


def normalize(text: str) -> str:
    """Return the text in NFC with Thai signs as Thai is typed, and loose spaces in words closed.

    Lines are kept; runs of spaces become one. Digits are never dropped or changed. Normalising
    twice gives the same as once.
    """
    return "\n".join(_normalize_line(line) for line in text.split("\n"))


def fold(text: str) -> str:
    """Return a form for comparing: normalised, Arabic digits, no spaces or dots, lower case."""
    folded = to_arabic_digits(normalize(text)).lower()
    return settle(re.sub(r"[\s.…]+", "", folded)).replace(" ", "")


def is_thai(character: str) -> bool:
    """Tell whether a character is of the Thai block."""
    return "\u0e01" <= character <= "\u0e5b"


def _normalize_line(line: str) -> str:
    line = _CONTROL.sub(" ", line.translate(_CLEAN))
    previous = None
    while line != previous:  # each step only shortens or sorts, so it ends
        previous = line
        line = settle(line)
        line = _MARK_AFTER_SPACE.sub("", line)
        line = _VOWEL_AFTER_SPACE.sub(_close_vowel, line)
        line = re.sub(" +", " ", line).strip()
        line = _close_broken_words(line)
    return line


def settle(line: str) -> str:
    """Put the signs of each syllable in order; no spaces are touched except inside ํ า.

    A tenth of the cost of `normalize`, which asks the dictionary about spaces.
    """
    if unicodedata.is_normalized("NFC", line) and not _UNSETTLED.search(line):
        return line  # as nearly all are
    previous = None
    while line != previous:
        previous = line
        line = unicodedata.normalize("NFC", line).replace("เเ", "แ")
        line = _AM_APART.sub(lambda match: (match[1] or match[2] or "") + SARA_AM, line)
        line = _TONE_AFTER_VOWEL.sub(r"\2\1", line)
        line = _MARK_ON_LEADING.sub(r"\1\3\2", line)
        line = _MARKS.sub(lambda match: _sorted_marks(match[0]), line)
    return line


def _sorted_marks(marks: str) -> str:
    ordered = sorted(marks, key=lambda mark: _RANK.get(mark, 2))
    return ordered[0] + "".join(b for a, b in pairwise(ordered) if a != b)


def _close_vowel(match: re.Match[str]) -> str:
    """Mend `ส านักงาน`: a PDF that loses sara am leaves a space and sara aa.

    A loose space before a true sara aa looks the same, so the dictionary decides; when it knows
    neither, the lost sara am is the far commoner cause.
    """
    text = match.string
    before = re.search(r"[ก-ฺเ-๎]*$", text[: match.start()])
    after = re.match(r"[ก-ฺเ-๎]*", text[match.end() :])
    head, tail = (before[0] if before else ""), (after[0] if after else "")
    plain, lost = match[1] + SARA_AA, match[1] + SARA_AM
    if unknown_letters(head + plain + tail) < unknown_letters(head + lost + tail):
        return plain
    return lost


def _close_broken_words(line: str) -> str:
    """Close the spaces inside a word whose pieces are no words: `โรงเรี ยน`, not `ตา กลม`."""
    return _SPACED_THAI.sub(lambda match: _close_pieces(match[0]), line) if " " in line else line


def _close_pieces(spaced: str) -> str:
    runs = spaced.split(" ")
    cuts, end = {0}, 0
    for word in split_words("".join(runs)):
        if is_word(word):
            cuts.add(end)
        else:  # an unknown word says nothing about the spaces in it
            cuts.update(range(end, end + len(word)))
        end += len(word)
    closed, at = runs[0], len(runs[0])
    for left, right in pairwise(runs):
        whole = is_word(split_words(left)[-1]) and is_word(split_words(right)[0])
        closed += right if at not in cuts and not whole else f" {right}"
        at += len(right)
    return closed


def unknown_letters(text: str) -> int:
    """Count the letters that belong to no dictionary word."""
    return sum(len(word) for word in split_words(text) if not is_word(word))


def is_word(text: str) -> bool:
    """Tell whether a text is a word of the dictionary."""
    return text in _dictionary().words


@lru_cache(maxsize=4096)
def split_words(text: str) -> tuple[str, ...]:
    """Split text into Thai words (maximal matching, pythainlp's newmm); spaces are kept."""
    from pythainlp.tokenize import word_tokenize  # noqa: PLC0415 - takes a moment, only when needed

    # The tokenizer asks a dictionary for no more than _Dictionary has.
    dictionary = cast("Trie", _dictionary())
    words = word_tokenize(text, engine="newmm", custom_dict=dictionary)
    # The tokenizer is trusted with where to cut, never with what is there.
    return tuple(words) if "".join(words) == text else (text,)


class _Dictionary:
    """What newmm asks of a dictionary, answered from a set of words.

    pythainlp's own trie gives the same answers; half a million small objects take 0.9 s of every
    process's start and 63 MB of its memory (measured).
    """

    def __init__(self, words: frozenset[str]) -> None:
        self.words = words
        self._longest: dict[str, int] = {}  # of the words that begin with these three letters
        for word in words:
            start = word[:_START]
            self._longest[start] = max(self._longest.get(start, 0), len(word))

    def __len__(self) -> int:
        return len(self.words)

    def prefixes(self, text: str, start: int = 0) -> list[str]:
        """Return the words that begin at a place of the text, the shortest first."""
        longest = self._longest.get(text[start : start + _START], _SHORTEST)
        stops = range(start + _SHORTEST, min(start + longest, len(text)) + 1)
        return [word for stop in stops if (word := text[start:stop]) in self.words]


def dictionary_words() -> frozenset[str]:
    """Return the words of pythainlp's dictionary (some 62,000)."""
    from pythainlp.corpus.common import thai_words  # noqa: PLC0415 - takes 0.5 s, only when needed

    return thai_words()


@lru_cache(maxsize=1)
def _dictionary() -> _Dictionary:
    return _Dictionary(frozenset(word for word in dictionary_words() if len(word) >= _SHORTEST))
