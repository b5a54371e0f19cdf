"""The book: the one thing that the rest of the program opens to keep letters."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import func, select

from index.choices import BookName
from index.copying import copy_at_one_moment
from index.office_place import OfficePlace
from index.register.desk.desk import Desk
from index.register.desk.grants import Grants
from index.register.desk.group_lists import GroupLists
from index.register.desk.handovers import Handovers
from index.register.desk.review_queue import ReviewQueue
from index.register.desk.routed_by_hand import routed_by_hand
from index.register.folder.folder import Folder
from index.register.folder.folder_lists import FolderLists
from index.register.folder.tasks import Tasks
from index.register.letters.counts import Counts
from index.register.letters.letters import Letters
from index.register.letters.saved_searches import SavedSearches
from index.register.letters.searchable import Searchable
from index.register.numbers.numbers import Numbers
from index.register.numbers.reservations import Reservations
from index.register.people.logins import Logins
from index.register.people.mandates import Mandates
from index.register.people.people import People
from index.register.received.imports import Imports
from index.register.received.jobs import Jobs
from index.register.received.pace import Pace, find_pace
from index.register.received.parts import Parts
from index.register.received.quarantine import Quarantine
from index.register.received.same_letters import SameLetters
from index.register.sent.sent import Sent
from index.register.sent.sent_copies import SentCopies
from index.register.store.audit import AuditTrail
from index.register.store.database import Database
from index.register.store.deliveries import Deliveries
from index.register.store.number_tables import CounterRow
from index.register.store.outbox import Outbox
from index.register.store.seal import find_broken_seals, find_changed_rows
from index.register.store.tables import BANGKOK, ContentRow, LetterRow, ReviewRow
from index.registered_letter import RegisteredLetter
from index.retention.entrusted import entrusted_to
from index.retention.law import Law
from index.retention.proof import find_unproven
from index.retention.retention import Retention
from index.retention.step_log import find_changed_steps
from index.visibility import Viewer


class Book:
    """One office's book, opened.

    `jobs` takes letters from the door to the book, `quarantine` has those set aside, `letters` reads
    them for a viewer, `desk` changes them, `grants` says who may open a secret one and `handovers` who
    has it, `groups` lists them for each group, `review` says which of them are in doubt, `parts` which
    share a scan, `numbers` runs the counters, `reservations` keeps numbers back for scans, `sent` keeps
    what goes out, `sent_copies` has its copies read, `counts` says how many came and went, `searchable`
    and `outbox` feed the search index, `audit` is the trail, `place` says where the office stands,
    `people` may log in, `logins` lets them, `mandates` says who acts for whom. `folder` goes up to the
    director and back, `folder_lists` says what lies where in it, `tasks` what its orders ask of whom.
    Threads may share a book; after a fork or in a new process open another.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.remembered = database.remembered
        self.jobs = Jobs(database)
        self.quarantine = Quarantine(database)
        self.letters = Letters(database)
        self.desk = Desk(database)
        self.grants = Grants(database)
        self.handovers = Handovers(database)
        self.groups = GroupLists(database)
        self.review = ReviewQueue(database)
        self.parts = Parts(database)
        self.numbers = Numbers(database)
        self.reservations = Reservations(database)
        self.sent = Sent(database)
        self.sent_copies = SentCopies(database)
        self.searchable = Searchable(database, self.letters)
        self.counts = Counts(database)
        self.deliveries = Deliveries(database)
        self.imports = Imports(database)
        self.same_letters = SameLetters(database)
        self.outbox = Outbox(database)
        self.saved_searches = SavedSearches(database)
        self.audit = AuditTrail(database)
        self.place = OfficePlace(database)
        self.people = People(database)
        self.logins = Logins(database, self.people)
        self.mandates = Mandates(database)
        self.folder = Folder(database)
        self.folder_lists = FolderLists(database)
        self.tasks = Tasks(database)

    @classmethod
    def open(
        cls, url: str, *, office: str = "office", office_name: str = "", root: Path | None = None
    ) -> Self:
        """Open the office's book and bring its tables up to date; see `Database` for URL and `root`.

        Raises BookUnavailableError, BookTooNewError or DiskFullError.
        """
        book = cls(Database(url, office, office_name, root))
        try:
            book.upgrade()
        except BaseException:
            book.close()
            raise
        return book

    def retention(self, law: Law) -> Retention:
        """Return what keeps, lends and retires the letters under a table of the law."""
        return Retention(self._database, law)

    def routed_by_hand(self, viewer: Viewer) -> tuple[RegisteredLetter, ...]:
        """Return the letters whose group a person set, newest first, with their text."""
        return routed_by_hand(self._database, viewer)

    def entrusted_to(self, viewer: Viewer, now: datetime) -> frozenset[int]:
        """Return the letters that work puts before this person, for `Viewer.granted`: never a secret one.

        Those of a destruction batch that she judges or decides, and those in the folder on her desk.
        """
        day = now.astimezone(BANGKOK).date()
        key = ("entrusted", viewer, day)  # with the name: a committee is appointed by name
        of_batches = self.remembered.of(key, lambda: entrusted_to(self._database, viewer, day))
        return of_batches | self.folder_lists.entrusted_to(viewer, now)

    def upgrade(self) -> bool:
        """Bring the tables to this program's revision; return whether anything had to be done."""
        return self._database.upgrade()

    def one_look(self) -> AbstractContextManager[None]:
        """Let all that this thread reads inside see one state of the book, in one transaction."""
        return self._database.one_look()

    def tune(self) -> None:
        """Refresh what the database knows of its tables; once at the start of a server, cheap."""
        self._database.tune()

    def pace(self, now: datetime) -> Pace:
        """Tell how the work goes, as of the minute of `now`; see `Pace`."""
        minute = now.replace(second=0, microsecond=0)
        return self.remembered.of(("pace", minute), lambda: find_pace(self._database, now))

    def copy_to(self, target: Path, while_still: Callable[[], None] = lambda: None) -> None:
        """Copy the book to a new file as it is at one moment; see `copy_at_one_moment`."""
        copy_at_one_moment(self._database, target, while_still)

    def damage(self) -> tuple[str, ...]:
        """Read every page of the database; return what is damaged in English, nothing when all is well."""
        return self._database.damage()

    def last_numbers(self) -> dict[str, int]:
        """Return the last number given out, by book and Buddhist year: `{"receive/2569": 123}`."""
        with self._database.reading() as session:
            rows = session.execute(
                select(CounterRow.book, CounterRow.buddhist_year, CounterRow.last)
                .where(CounterRow.office_id == self._database.office_id)
                .order_by(CounterRow.book, CounterRow.buddhist_year)
            )
            return {f"{name}/{year}": last for name, year, last in rows}

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def verify(self) -> tuple[str, ...]:
        """Prove the book: pages, numbers, audit chain, seals, texts, counts; return what is wrong.

        Of a damaged database only the damage is told: nothing that is read from it can be trusted.
        """
        damage = self.damage()
        if damage:
            return damage
        problems = [one.english for one in self.audit.verify()]
        for name, year in self._years():
            audit = self.numbers.audit(name, year)
            problems += [f"number {n}/{year} of the {name} book is missing" for n in audit.gaps]
            problems += [f"number {n}/{year} of the {name} book is doubled" for n in audit.doubles]
        problems += self._verify_letters()
        return tuple(problems)

    def _years(self) -> list[tuple[BookName, int]]:
        with self._database.reading() as session:
            rows = session.execute(
                select(CounterRow.book, CounterRow.buddhist_year)
                .where(CounterRow.office_id == self._database.office_id)
                .order_by(CounterRow.book, CounterRow.buddhist_year)
            )
            return [(BookName(name), year) for name, year in rows]

    def _verify_letters(self) -> list[str]:
        open_reasons = (
            select(func.count())
            .where(ReviewRow.letter_id == LetterRow.id, ReviewRow.closed_at.is_(None))
            .scalar_subquery()
        )
        filed = (LetterRow.office_id == self._database.office_id, LetterRow.state == "filed")
        with self._database.reading() as session:
            without_text = session.scalars(
                select(LetterRow.id)
                .outerjoin(ContentRow, ContentRow.letter_id == LetterRow.id)
                .where(*filed, ContentRow.letter_id.is_(None))
            ).all()
            miscounted = session.scalars(
                select(LetterRow.id).where(*filed, LetterRow.review_count != open_reasons)
            ).all()
            problems = [f"letter {one} has lost its text" for one in without_text]
            problems += [f"letter {one} miscounts its open doubts" for one in miscounted]
            problems += find_broken_seals(session, self._database.office_id)
            problems += find_changed_rows(session, self._database.office_id)
            problems += find_changed_steps(session, self._database.office_id)
            return problems + find_unproven(session, self._database.office_id)
