"""What the book knows of where its office stands: whose it is, and where that was when it was last served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from index.register.store.audit import append_entry
from index.register.store.database import Database
from index.register.store.tables import OfficeRow


@dataclass(frozen=True, slots=True)
class Stood:
    """The office's identity, and the folder in which it was last served; both empty before the first time."""

    identity: str
    place: str


class OfficePlace:
    """What the book knows of where its office stands."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self) -> Stood:
        """Return the identity and the last place."""
        with self._database.reading() as session:
            row = session.get_one(OfficeRow, self._database.office_id)
            return Stood(row.identity, row.place)

    def note(
        self, stands: Stood, *, action: str = "", who: str = "", now: datetime | None = None
    ) -> None:
        """Note where the office stands from now on; an `action` is written to the audit trail."""
        with self._database.writing() as session:
            row = session.get_one(OfficeRow, self._database.office_id)
            row.identity, row.place = stands.identity, stands.place
            if action and now is not None:
                append_entry(session, row.id, at=now, who=who, action=action)
