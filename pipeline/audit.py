"""`check`: prove that archive, book and index agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.archive import Archive, hash_file
from index.book import Book
from index.check import check_archive
from index.choices import JobState
from index.register.received.jobs import Place
from index.search import compare
from index.search.errors import SearchError
from pipeline.finder import Finder
from pipeline.office import Office, is_at_its_place
from pipeline.viewers import AT_THIS_MACHINE
from watch_folder.claim import claimed_names

REBUILD = "run: saraban index rebuild"
TAKE_UP = "run: saraban serve"
PLACE = "run: saraban place moved, or for a copy: saraban place separate"
LOST = "has lost its file"
RESTORE = "bring it back from the backup; docs/errors.md says how"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One thing that is wrong, and what to do about it; nothing in it gives a secret away."""

    where: str
    what: str
    remedy: str


def find_disagreements(
    office: Office,
    book: Book,
    finder: Finder,
    tell: Callable[[str], None],
    hash_of: Callable[[Path], str] = hash_file,
) -> Iterator[Disagreement]:
    """Look everywhere; `tell` is called before each part. Reads every archived file with `hash_of`."""
    if not is_at_its_place(office, book):
        stood = book.place.read().place
        yield Disagreement("place", f"the office last stood in {stood}, not here", PLACE)
    tell("ทะเบียน / the book")
    for problem in book.verify():
        yield Disagreement("book", problem, RESTORE)
    tell("แฟ้มงาน / the folders")
    yield from _check_folders(office, book, hash_of)
    tell("คลังไฟล์ / the archive")
    for problem in check_archive(book, Archive(office.archive), hash_of):
        yield Disagreement("archive", problem, RESTORE)
    tell("ดัชนีค้นหา / the index")
    yield from _check_index(book, finder)


def _check_folders(
    office: Office, book: Book, hash_of: Callable[[Path], str]
) -> Iterator[Disagreement]:
    """Compare `work/` and `quarantine/` with the letters that are not filed, and count them all."""
    # First the folder: what arrives meanwhile is then in the book only, and its file is looked for below.
    in_work = claimed_names(office.work)
    counts = book.letters.count_states(AT_THIS_MACHINE)
    if not counts.add_up:
        yield Disagreement("book", f"the files do not add up: {counts.sentence}", RESTORE)
    known = set()
    for place in book.jobs.places():
        known.add(place.path.name)
        wrong = _wrong_file(place, hash_of)
        if wrong == LOST and _is_being_set_aside(place, office.quarantine):
            continue
        # A letter under way may just have been filed or set aside, and its file moved.
        if wrong and place in book.jobs.places():
            what = f"letter {place.letter_id} ({place.state}) {wrong}"
            yield Disagreement("folders", what, RESTORE)
    for name in sorted(in_work - known):
        if (office.work / name).is_file():
            yield Disagreement("folders", f"work/{name} belongs to no letter of the book", TAKE_UP)


def _is_being_set_aside(place: Place, quarantine: Path) -> bool:
    """Tell whether its file was moved to quarantine and that is not noted yet: the next try finds it there."""
    if place.state not in (JobState.WAITING, JobState.WORKING):
        return False
    return any(hash_file(path) == place.sha256 for path in quarantine.iterdir() if path.is_file())


def _wrong_file(place: Place, hash_of: Callable[[Path], str]) -> str:
    """Say what is wrong with the file of a letter that is not filed; nothing when it is as it came."""
    try:
        whole = hash_of(place.path) == place.sha256
    except OSError:
        return LOST
    return "" if whole else "has a file that was changed"


def _check_index(book: Book, finder: Finder) -> Iterator[Disagreement]:
    try:
        indexed = finder.revisions()  # opening reads every file of it back
    except SearchError as error:
        yield Disagreement("index", str(error), REBUILD)
        return
    behind = book.outbox.count()
    if behind:
        yield Disagreement("index", f"{behind} change(s) behind", "let `saraban serve` run")
        return
    wrong = compare(dict(book.searchable.revisions()), indexed)
    for kind, keys in (
        ("not in it", wrong.missing),
        ("older in it than in the book", wrong.stale),
        ("in it and not in the book", wrong.extra),
    ):
        for key in keys:
            yield Disagreement("index", f"{key} is {kind}", REBUILD)
