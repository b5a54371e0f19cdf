"""Taking an import in: what would happen, and then that and nothing else. Twice is the same as once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from classify.letter import Secrecy
from index.book import Book
from pipeline.errors import FileUnfitError
from pipeline.handed_in import IMPORT, hand_in, inner_folder
from pipeline.importing.bundle import Bundle, BundledFile, hash_of
from pipeline.importing.letter_list import LetterList
from pipeline.importing.listed_letter import ListedLetter, read_rows
from pipeline.importing.matching import match_files
from pipeline.importing.profiles import Profile
from pipeline.office import Office


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file of the bundle, what the list says of it (None: nothing) and what will become of it.

    `known` files are in the book already, by their bytes; `enclosure` files belong to a row whose
    letter is another file, and are not taken in; `problem` files cannot be read.
    """

    file: BundledFile
    sha256: str = ""
    row: ListedLetter | None = None
    known: bool = False
    enclosure: bool = False
    problem: str = ""

    @property
    def is_new(self) -> bool:
        """Tell whether the file goes through the door."""
        return not (self.known or self.enclosure or self.problem)

    @property
    def is_secret(self) -> bool:
        """Tell whether the list gives the letter a class of secrecy."""
        return self.row is not None and self.row.secrecy is not Secrecy.NONE


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import will do; `rows_without_file` are lines of the list that no file belongs to."""

    profile: Profile | None
    files: tuple[PlannedFile, ...]
    rows: tuple[ListedLetter, ...]
    rows_without_file: tuple[ListedLetter, ...]

    @property
    def new(self) -> tuple[PlannedFile, ...]:
        """The files that will go through the door."""
        return tuple(one for one in self.files if one.is_new)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `refused` are names with what is wrong, found only while taking in."""

    import_id: int | None
    taken: int
    refused: tuple[tuple[str, str], ...]


def plan_import(
    bundle: Bundle,
    letters: LetterList | None,
    profile: Profile | None,
    known: Collection[str],
) -> ImportPlan:
    """Read the bundle once and say what would become of every file; changes nothing.

    `known` are the SHA-256 that the book has. Raises BundleRefusedError.
    """
    rows = read_rows(letters, profile) if letters and profile else ()
    files = bundle.files()
    matched, enclosures = match_files(files, rows)
    planned, seen = [], set(known)
    for file in files:
        row = matched.get(file.place) or enclosures.get(file.place)
        enclosure = file.place in enclosures
        try:
            sha256 = hash_of(bundle, file)
        except FileUnfitError as error:
            planned.append(PlannedFile(file, row=row, problem=str(error)))
            continue
        planned.append(PlannedFile(file, sha256, row, sha256 in seen, enclosure))
        if not enclosure:
            seen.add(sha256)
    with_file = {row.line for row in matched.values()}
    without = tuple(row for row in rows if row.line not in with_file)
    return ImportPlan(profile, tuple(planned), rows, without)


def take_in(
    plan: ImportPlan, bundle: Bundle, office: Office, book: Book, *, who: str, now: datetime
) -> Imported:
    """Note what the list says, then put the new files at the door, secret ones at the secret door.

    Broken off in between it may be run again: files that came in are known then.
    """
    new = plan.new
    if not new:
        return Imported(None, 0, ())
    claims = {one.sha256: one.row.claims if one.row else None for one in new}
    source = plan.profile.name if plan.profile else bundle.name
    import_id = book.imports.record(source, claims, who=who, now=now)
    refused = []
    for one in new:
        folder = inner_folder(office, IMPORT, secret=one.is_secret)
        try:
            hand_in(folder, one.file.name, bundle.chunks(one.file))
        except FileUnfitError as error:
            refused.append((one.file.name, str(error)))
    return Imported(import_id, len(new) - len(refused), tuple(refused))


def plan_as_json(plan: ImportPlan) -> dict[str, object]:
    """Return the plan as the command line prints it; of secret letters no subject."""
    return {
        "profile": plan.profile.name if plan.profile else None,
        "columns": dict(plan.profile.columns) if plan.profile else {},
        "rows": len(plan.rows),
        "rows_without_file": [row.line for row in plan.rows_without_file],
        "files": [
            {
                "name": one.file.name if not one.is_secret else "(หนังสือลับ)",
                "row": one.row.line if one.row else None,
                "becomes": _becomes(one),
            }
            for one in plan.files
        ],
    }


def _becomes(one: PlannedFile) -> str:
    if one.problem:
        return "refused"
    if one.enclosure:
        return "enclosure"
    return "known" if one.known else "new"
