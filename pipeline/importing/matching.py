"""Which file belongs to which row: by the name the row gives, by the number in the file's name, by the subject,
by the last part of the number alone (`2421.pdf` for ศธ 04049/2421).

A match must be the only one of its kind; what could belong to two rows belongs to none, and a person
sees it unlisted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from classify.numbers import parse_number
from ocr.thai_text import fold
from pipeline.importing.bundle import BundledFile
from pipeline.importing.listed_letter import ListedLetter

_AGAIN = re.compile(r"\s*\(\d{1,3}\)$")  # what browsers put to a second download of one name
SHORTEST_NUMBER, SHORTEST_SUBJECT, SHORTEST_RUNNING = (
    5,
    12,
    3,
)  # letters that a name must share to tell anything


def match_files(
    files: Sequence[BundledFile], rows: Sequence[ListedLetter]
) -> tuple[dict[str, ListedLetter], dict[str, ListedLetter]]:
    """Return place → row for the files that are letters, and for the further files of the same rows.

    Of several files of one row the first that it names is the letter, the others are its enclosures.
    """
    left = {file.place: file for file in files}
    letters: dict[str, ListedLetter] = {}
    enclosures: dict[str, ListedLetter] = {}
    for row, named in _by_name(left.values(), rows):
        place, *further = named
        letters[place] = row
        enclosures |= dict.fromkeys(further, row)
    rows_left = [row for row in rows if row not in letters.values()]
    for tell, fits in ((_number_key, _holds), (_subject_key, _holds), (_running_key, str.__eq__)):
        taken = letters.keys() | enclosures.keys()
        free = [file for place, file in left.items() if place not in taken]
        found = _by_key(free, rows_left, tell, fits)
        letters |= found
        rows_left = [row for row in rows_left if row not in found.values()]
    return letters, enclosures


def _by_name(
    files: Iterable[BundledFile], rows: Sequence[ListedLetter]
) -> list[tuple[ListedLetter, list[str]]]:
    places: dict[str, list[str]] = defaultdict(list)
    for file in files:
        for key in _name_keys(file.name):
            places[key].append(file.place)
    wanted_by: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        for place in _named_places(row, places):
            wanted_by[place].append(row.line)
    found = []
    for row in rows:
        own = [one for one in _named_places(row, places) if wanted_by[one] == [row.line]]
        if own:
            found.append((row, own))
    return found


def _named_places(row: ListedLetter, places: Mapping[str, list[str]]) -> list[str]:
    named = (
        next((places[key] for key in _name_keys(name) if key in places), []) for name in row.files
    )
    return list(dict.fromkeys(one[0] for one in named if len(one) == 1))


def _name_keys(name: str) -> tuple[str, ...]:
    """Return a name's forms with and without extension; systems drop it, Windows hides it."""
    return tuple(dict.fromkeys((fold(name), fold(PurePosixPath(name).stem))))


def _by_key(
    files: Sequence[BundledFile],
    rows: Sequence[ListedLetter],
    key_of: Callable[[ListedLetter], str],
    fits: Callable[[str, str], bool],
) -> dict[str, ListedLetter]:
    """Return the files whose name fits the key of one row, which no other row's or file's does."""
    stems = {file.place: _plain(_AGAIN.sub("", PurePosixPath(file.name).stem)) for file in files}
    all_stems = "\n".join(stems.values())  # most keys are in none: one look instead of thousands
    holders: dict[str, list[ListedLetter]] = defaultdict(list)
    for row in rows:
        key = key_of(row)
        if key and key in all_stems:
            places = [place for place, stem in stems.items() if fits(stem, key)]
            if len(places) == 1:
                holders[places[0]].append(row)
    return {place: several[0] for place, several in holders.items() if len(several) == 1}


def _holds(stem: str, key: str) -> bool:
    """Tell whether the key stands in the name, not in the middle of a longer figure."""
    return re.search(rf"(?<!\d){re.escape(key)}(?!\d)", stem) is not None


def _number_key(row: ListedLetter) -> str:
    key = _plain(row.claims.number)
    return key if len(key) >= SHORTEST_NUMBER else ""


def _running_key(row: ListedLetter) -> str:
    """Return the number's last part, where it is long enough to be no place in a row of files."""
    number = parse_number(row.claims.number)
    running = number.running if number else ""
    return running if len(running) >= SHORTEST_RUNNING else ""


def _subject_key(row: ListedLetter) -> str:
    key = _plain(row.claims.subject)[:60]
    return key if len(key) >= SHORTEST_SUBJECT else ""


def _plain(text: str) -> str:
    """Return a form that survives in a file's name, which can hold no slash."""
    return re.sub(r"[\W_]+", "", re.sub(r"[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]", "", fold(text)))
