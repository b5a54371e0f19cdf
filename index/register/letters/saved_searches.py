"""Saved searches: a question kept under a name by the person who asked it, shown to her group if she says so.

Only the question is kept, never what it found: whoever opens it finds what she herself may see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from index.errors import NoSuchRecordError, SavedSearchRefusedError
from index.message import message
from index.register.letters.saved_search_tables import SavedSearchRow
from index.register.store.database import Database
from index.visibility import Viewer

LONGEST_NAME = 80  # characters
MOST_KEPT = 100  # by one person


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search under its name. `wanted` is what the search page's address says, by name."""

    id: int
    name: str
    owner: str
    wanted: Mapping[str, str]
    shared_with: str
    saved_at: datetime


class SavedSearches:
    """The searches that people keep."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self,
        viewer: Viewer,
        name: str,
        wanted: Mapping[str, str],
        *,
        now: datetime,
        shared_with: str = "",
    ) -> SavedSearch:
        """Keep a search; one of the same person under the same name is replaced.

        `shared_with` is one of the viewer's own groups, or empty. Raises SavedSearchRefusedError.
        """
        title = " ".join(name.split())
        if not 0 < len(title) <= LONGEST_NAME:
            raise SavedSearchRefusedError(
                message("โปรดตั้งชื่อการค้นหา ไม่เกิน %(most)s ตัวอักษร", most=LONGEST_NAME)
            )
        if shared_with and shared_with not in viewer.groups:
            raise SavedSearchRefusedError(message("แบ่งให้ใช้ร่วมกันได้เฉพาะกลุ่มของท่าน"))
        with self._database.writing() as session:
            own = self._own(viewer)
            row = session.scalar(
                select(SavedSearchRow).where(own, SavedSearchRow.name == title)
            ) or SavedSearchRow(office_id=self._database.office_id, owner=viewer.name, name=title)
            if row.id is None:
                kept = session.scalar(select(func.count()).where(own)) or 0
                if kept >= MOST_KEPT:
                    raise SavedSearchRefusedError(
                        message(
                            "เก็บการค้นหาไว้ครบ %(most)s รายการแล้ว โปรดลบรายการที่ไม่ใช้", most=MOST_KEPT
                        )
                    )
                session.add(row)
            row.wanted = {key: value for key, value in wanted.items() if value}
            row.shared_with, row.saved_at = shared_with, now
            session.flush()
            return _saved(row)

    def seen_by(self, viewer: Viewer) -> tuple[SavedSearch, ...]:
        """Return the viewer's own searches and those shared with a group of hers, by name."""
        with self._database.reading() as session:
            rows = session.scalars(
                select(SavedSearchRow)
                .where(self._seen(viewer))
                .order_by(SavedSearchRow.owner != viewer.name, SavedSearchRow.name)
            )
            return tuple(map(_saved, rows))

    def delete(self, viewer: Viewer, search_id: int) -> None:
        """Forget a search of one's own; raise NoSuchRecordError for every other."""
        with self._database.writing() as session:
            row = session.scalar(
                select(SavedSearchRow).where(self._own(viewer), SavedSearchRow.id == search_id)
            )
            if row is None:
                raise NoSuchRecordError(f"saved search {search_id}")
            session.delete(row)

    def _own(self, viewer: Viewer) -> ColumnElement[bool]:
        return (SavedSearchRow.office_id == self._database.office_id) & (
            SavedSearchRow.owner == viewer.name
        )

    def _seen(self, viewer: Viewer) -> ColumnElement[bool]:
        shared = (SavedSearchRow.office_id == self._database.office_id) & (
            SavedSearchRow.shared_with.in_(viewer.groups)
        )
        return or_(self._own(viewer), shared)


def _saved(row: SavedSearchRow) -> SavedSearch:
    return SavedSearch(row.id, row.name, row.owner, dict(row.wanted), row.shared_with, row.saved_at)
