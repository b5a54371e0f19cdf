"""What lies where in the folder, as one person may see it: her desk, what she put in, what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from index.choices import FolderState
from index.register.folder.folder import find_paper
from index.register.folder.folder_rows import most_urgent_first, read_papers, shown, waiting_at
from index.register.folder.folder_tables import FolderPaperRow
from index.register.folder.papers import Paper
from index.register.folder.seats import Seat, seats_of, sitters
from index.register.people.people import Person
from index.register.store.database import Database
from index.register.store.tables import BANGKOK, LetterRow
from index.visibility import Role, Viewer


class FolderLists:
    """Find, list and count papers for a viewer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, viewer: Viewer, paper_id: int, now: datetime) -> Paper:
        """Return a paper with all its steps; NoSuchRecordError unless the viewer may see it."""
        with self._database.reading() as session:
            row = find_paper(session, self._database.office_id, viewer, paper_id, now)
            return read_papers(session, [row], with_steps=True)[0]

    def may_sign(self, viewer: Viewer, paper_id: int, now: datetime) -> bool:
        """Tell whether a paper lies on the viewer's desk."""
        with self._database.reading() as session:
            here = waiting_at(viewer, self.seats(viewer, now))
            found = select(FolderPaperRow.id).where(self._of_office(), here)
            return session.scalar(found.where(FolderPaperRow.id == paper_id)) is not None

    def waiting(self, viewer: Viewer, now: datetime, *, limit: int = 100) -> tuple[Paper, ...]:
        """Return what waits for the viewer's signature, the most urgent first, then the oldest."""
        with self._database.reading() as session:
            here = waiting_at(viewer, self.seats(viewer, now))
            rows = session.scalars(
                select(FolderPaperRow)
                .where(self._of_office(), here)
                .order_by(most_urgent_first(), FolderPaperRow.id)
                .limit(limit)
            ).all()
            return read_papers(session, rows)

    def count_waiting(self, viewer: Viewer, now: datetime) -> int:
        """Count what waits for the viewer's signature."""
        day = now.astimezone(BANGKOK).date()

        def count() -> int:
            seats = self.seats(viewer, now)
            if not seats:
                return 0
            with self._database.reading() as session:
                here = waiting_at(viewer, seats)
                found = select(func.count(FolderPaperRow.id)).where(self._of_office(), here)
                return session.scalar(found) or 0

        return self._database.remembered.of(("folder", viewer, day), count)

    def seen(
        self, viewer: Viewer, states: Sequence[FolderState], now: datetime, *, limit: int = 100
    ) -> tuple[Paper, ...]:
        """Return the papers in these states that the viewer may see, newest first."""
        with self._database.reading() as session:
            seats = self.seats(viewer, now)
            rows = session.scalars(
                select(FolderPaperRow)
                .where(self._of_office(), FolderPaperRow.state.in_(states), shown(viewer, seats))
                .order_by(FolderPaperRow.id.desc())
                .limit(limit)
            ).all()
            return read_papers(session, rows)

    def of_letter(self, viewer: Viewer, letter_id: int, now: datetime) -> tuple[Paper, ...]:
        """Return the papers about a letter that the viewer may see, with their steps, oldest first."""
        with self._database.reading() as session:
            seats = self.seats(viewer, now)
            rows = session.scalars(
                select(FolderPaperRow)
                .where(
                    self._of_office(),
                    FolderPaperRow.letter_id == letter_id,
                    shown(viewer, seats),
                )
                .order_by(FolderPaperRow.id)
            ).all()
            return read_papers(session, rows, with_steps=True)

    def entrusted_to(self, viewer: Viewer, now: datetime) -> frozenset[int]:
        """Return the letters that the folder puts before this person, for `Viewer.granted`.

        Those that wait on her desk, and for the secretary all under way. Never one that is or may be
        secret: the registrar alone gives the right to those.
        """
        day = now.astimezone(BANGKOK).date()

        def find() -> frozenset[int]:
            seats, carries = self.seats(viewer, now), Role.SECRETARY in viewer.roles
            if not seats and not carries:
                return frozenset()
            here = waiting_at(viewer, seats)
            if carries:
                here = FolderPaperRow.state == FolderState.UNDER_WAY
            with self._database.reading() as session:
                plain = select(LetterRow.id).where(
                    LetterRow.is_secret.is_(False), LetterRow.suspected_secret.is_(False)
                )
                ids = select(FolderPaperRow.letter_id).where(
                    self._of_office(), here, FolderPaperRow.letter_id.in_(plain)
                )
                return frozenset(one for one in session.scalars(ids) if one is not None)

        return self._database.remembered.of(("in folder", viewer, day), find)

    def seats(self, viewer: Viewer, now: datetime) -> tuple[Seat, ...]:
        """Return the seats that somebody has today, her own ones first."""
        day = now.astimezone(BANGKOK).date()
        key = ("seats", viewer.name, viewer.roles, viewer.groups, day)

        def find() -> tuple[Seat, ...]:
            with self._database.reading() as session:
                return seats_of(session, self._database.office_id, viewer, day)

        return self._database.remembered.of(key, find)

    def signers(self, now: datetime) -> tuple[Person, ...]:
        """Return everybody who signs at some desk today."""
        day = now.astimezone(BANGKOK).date()

        def find() -> tuple[Person, ...]:
            with self._database.reading() as session:
                found = sitters(session, self._database.office_id, day)
                return tuple(dict.fromkeys(one.person for one in found))

        return self._database.remembered.of(("signers", day), find)

    def _of_office(self) -> ColumnElement[bool]:
        return FolderPaperRow.office_id == self._database.office_id
