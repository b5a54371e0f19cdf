"""The agency table: which letters and owner codes exist, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

from classify.fuzzy import allowed_edits, find_near, skeleton, skeleton_positions
from classify.numbers import LetterNumber

# Schools write under their area office's code: of the letters ศธ only the commission's codes, ๐๔, are theirs.
_SCHOOLS = ("ศธ", "04")
# Letters that readers mix up in this field (measured on Sarabun at 300 dpi and below).
_LOOK_ALIKES = (
    "ศคดต",
    "ธรฮฐ",
    "มนฆ",
    "กถภ",
    "ทฑห",
    "ปบษ",
    "พฟฬผฝ",
    "สล",
    "ชซ",
    "อฮ",
    "ขช",
    "งว",
    "ยญ",
)

# Of these the nearest, told apart by a notch alone: where a unit's letters may be any.
_NEAREST = {"ซ": "ช", "ช": "ซ", "ข": "ช", "ด": "ต", "ต": "ด", "ค": "ศ", "ศ": "ค"}

_PROVINCE = len(skeleton("จังหวัด"))
_TELLING_LETTERS = 6
# Offices of many ministries and of local government go by these.
_SHARED_WORDS = frozenset(
    map(skeleton, ("โรงเรียน", "จังหวัด", "อำเภอ", "กลุ่ม", "ศูนย์", "หน่วยตรวจสอบ", "สำนักงานปลัดกระทรวง"))
)
_PLACE_LETTERS = 2  # of a province's letters
_SAFE_LETTERS = 7  # of a name on the line, shorter ones are too alike
_ODD_DIGITS = (1, 3)  # owner codes have two, four or five digits: one was lost


@dataclass(frozen=True, slots=True)
class Agency:
    """One row of the table: letters, the first digits of the owner code, and names it goes by.

    `owners` are prefixes of the owner code without dots (empty: all of the letters); a prefix
    written `04023-04299` is a range. `dotted` limits the row to codes with (True) or without
    (False) a dot, as schools stand under their area office's code. `province` rows are the
    provinces' own letters. `digits` is how many digits the owner code has before its dot.
    """

    letters: str
    name: str
    owners: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    dotted: bool | None = None
    digits: int | None = None
    province: bool = False

    def owns(self, number: LetterNumber) -> int:
        """Return how closely this row fits a number: 0 not at all, more is closer."""
        if number.letters != self.letters:
            return 0
        if self.dotted is not None and self.dotted != ("." in number.owner):
            return 0
        if not self.owners:
            return 1
        fits = [_fit(owner, number.owner.replace(".", "")) for owner in self.owners]
        best = max(fits)
        return best + (1 if best and self.dotted is not None else 0)

    def is_named_in(self, bones: str) -> bool:
        """Tell whether a sender's skeleton names this agency by a word that no other kind of office has."""
        if skeleton(self.name) in bones:
            return True
        return any(
            len(word) >= _TELLING_LETTERS and word in bones
            for word in map(skeleton, self.words)
            if word not in _SHARED_WORDS
        )


@dataclass(frozen=True, slots=True)
class AgencyTable:
    """All agencies the office knows; `find` gives the closest row.

    `phrases` are stock words of senders, recipients and subjects whose spelling is certain,
    `abbreviations` (`ก.อบต.`) those written with dots.
    """

    agencies: tuple[Agency, ...]
    phrases: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """The stock phrases and the agencies' names."""
        return (*self.phrases, *(agency.name for agency in self.agencies))

    def find(self, number: LetterNumber) -> Agency | None:
        """Return the row that fits a number best, or None when the letters are unknown."""
        ranked = [(agency.owns(number), agency) for agency in self.agencies]
        best = max(ranked, key=lambda pair: pair[0], default=(0, None))
        return best[1] if best[0] else None

    def knows(self, letters: str) -> bool:
        """Tell whether these agency letters are in the table."""
        return any(agency.letters == letters for agency in self.agencies)

    def is_province(self, letters: str) -> bool:
        """Tell whether these letters are a province's."""
        return any(agency.province and agency.letters == letters for agency in self.agencies)

    def repair(self, number: LetterNumber) -> LetterNumber | None:
        """Return the number with letters that are in the table, or None when that is not certain.

        Tries dropping a leading ท (a `ที่` that lost its marks), adding a lost letter and swapping
        letters that look alike; the owner code decides between several known letters.
        """
        letters = number.letters
        if self.knows(letters):
            return number
        if len(letters) > 2 and letters[0] in "ทฑ" and self.knows(letters[1:]):
            return replace(number, letters=letters[1:])
        if len(letters) == 1:
            return self._with_lost_letter(number)
        if len(letters) > 4:
            return None
        ranked: list[tuple[float, str]] = []
        for tried in map("".join, product(*map(_alike, letters))):
            agency = self.find(replace(number, letters=tried)) if self.knows(tried) else None
            if agency is not None:
                changed = sum(a != b for a, b in zip(tried, letters, strict=True))
                ranked.append((agency.owns(replace(number, letters=tried)) - changed, tried))
        ranked.sort(reverse=True)
        if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
            return None
        return replace(number, letters=ranked[0][1])

    def repair_place(self, number: LetterNumber) -> LetterNumber:
        """Return the number with the province it names beside its code (`๐๐๑๖.(ซร)`) as provinces are written.

        Other units stand there too: what resembles no province, or two, stays.
        """
        for part in ("place", "unit"):
            letters = getattr(number, part)
            if len(letters) != _PLACE_LETTERS or self.is_province(letters):
                continue
            tried = {
                letters[:at] + near + letters[at + 1 :]
                for at, letter in enumerate(letters)
                for near in _NEAREST.get(letter, "")
            }
            fits = [one for one in tried if self.is_province(one)]
            if len(fits) == 1 and not self.knows(letters):
                return replace(number, **{part: fits[0]})
        return number

    def _with_lost_letter(self, number: LetterNumber) -> LetterNumber | None:
        """Return the number with the two letters its owner code belongs to, one of which was read."""
        closeness: dict[str, int] = {}
        for agency in self.agencies:
            if len(agency.letters) != 2 or number.letters not in agency.letters:
                continue
            tried = replace(number, letters=agency.letters)
            if agency.owners and self.is_plausible(tried):
                best = max(closeness.get(agency.letters, 0), agency.owns(tried))
                closeness[agency.letters] = best
        ranked = sorted(((fit, letters) for letters, fit in closeness.items() if fit), reverse=True)
        if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
            return None
        return replace(number, letters=ranked[0][1])

    def is_plausible(self, number: LetterNumber) -> bool:
        """Tell whether the owner code has as many digits as its agency's codes have."""
        fits = [
            a.digits
            for a in self.agencies
            if a.letters == number.letters and a.owns(number) and a.digits
        ]
        digits = len(number.owner.partition(".")[0])
        return digits in fits if fits else digits not in _ODD_DIGITS

    def with_dot(self, number: LetterNumber) -> LetterNumber:
        """Return the number with the dot its owner code lost: `08092` where codes have four digits."""
        for agency in self.agencies:
            if not agency.digits or not agency.owns(number) or "." in number.owner:
                continue
            code, division = number.owner[: agency.digits], number.owner[agency.digits :]
            if len(code) == agency.digits and len(division) == 1:
                return replace(number, owner=f"{code}.{division}")
        return number

    def letters_of(self, sender: str) -> str | None:
        """Return the letters of the agency a sender's name names, None when that is not certain."""
        bones = skeleton(sender)
        fits = {agency.letters for agency in self.agencies if skeleton(agency.name) in bones}
        fits |= {
            agency.letters
            for agency in self.agencies
            if agency.owners
            and any(len(word) > 5 and word in bones for word in map(skeleton, agency.words))
        }
        return fits.pop() if len(fits) == 1 else None

    def spell_sender(self, number: LetterNumber, sender: str) -> str:
        """Return the sender with the agency's name as the table spells it, if the code names it.

        A name one letter off (`โรงเยน` under a school's code) is that name: two signs agree on it.
        """
        agency = self.find(number)
        if agency is None or self.agrees(number, sender) is not True:
            return sender
        bones, places = skeleton_positions(sender)
        for name in agency.words:
            word = skeleton(name)
            if word in bones or len(word) < _SAFE_LETTERS:
                continue
            hit = find_near(word, bones, 1)
            if hit is not None and hit[0] == len(bones) and abs(len(bones) - len(word)) <= 1:
                return sender[: places[0]] + name
        return sender

    def agrees(self, number: LetterNumber, sender: str) -> bool | None:
        """Tell whether a sender's name fits the number's code; None when the table cannot say."""
        agency = self.find(number)
        if agency is None or not agency.words:
            return None
        bones = skeleton(sender)
        return any(
            find_near(word, bones, allowed_edits(len(word))) is not None
            for word in map(skeleton, agency.words)
        )

    def contradicts(self, number: LetterNumber, sender: str) -> bool:
        """Tell whether a sender is named in the table under other codes than the number's.

        `ศธ 05002` from an agency of `ศธ 04…`, `นค 0405` from one of กค; a province's letters from another
        province. False where the table knows neither.
        """
        bones = skeleton(sender)
        if not number.letters:
            return False
        if number.letters == _SCHOOLS[0] and sender.startswith("โรงเรียน"):
            return not number.owner.startswith(_SCHOOLS[1])
        if self.is_province(number.letters):
            provinces = [agency for agency in self.agencies if agency.province]
            named = [one for one in provinces if skeleton(one.name)[_PROVINCE:] in bones]
            if named:  # a ministry's office in a province goes by the province's letters
                return all(agency.letters != number.letters for agency in named)
        rows = [agency for agency in self.agencies if agency.owners and agency.is_named_in(bones)]
        return bool(rows) and not any(agency.owns(number) for agency in rows)


def _alike(letter: str) -> str:
    return "".join(dict.fromkeys(letter + "".join(row for row in _LOOK_ALIKES if letter in row)))


def _fit(prefix: str, owner: str) -> int:
    low, dash, high = prefix.partition("-")
    if dash:
        inside = owner[: len(low)].isdigit() and int(low) <= int(owner[: len(low)]) <= int(high)
        return len(low) + 1 if inside and len(owner) >= len(low) else 0
    return len(prefix) + 1 if owner.startswith(prefix) else 0
