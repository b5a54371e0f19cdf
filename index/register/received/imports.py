"""Imports from other systems: what their lists say of each file, kept by the file's bytes.

The files themselves come through a watched folder as all do. A list is one more witness: what it
says is compared with what was read when the letter is decided (`classify.claims`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from classify.claims import Claims
from index.errors import NoSuchRecordError
from index.register.store.audit import append_entry
from index.register.store.database import Database
from index.register.store.import_tables import ImportRow, ListedRow
from index.register.store.tables import LetterRow

LOOKED_UP_AT_ONCE = 500  # SQLite takes a limited number of parameters


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import has come: its files by the state of their letters.

    `states` has the keys of `JobState`; files that did not reach the book yet count as `waiting`.
    """

    import_id: int
    profile: str
    who: str
    at: datetime
    states: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many files the import brought."""
        return sum(self.states.values())

    @property
    def is_done(self) -> bool:
        """Tell whether every file is filed or set aside."""
        return not self.states.get("waiting") and not self.states.get("working")


class Imports:
    """The imports of one office."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self, profile: str, claims: Mapping[str, Claims | None], *, who: str, now: datetime
    ) -> int:
        """Note an import before its files go through the door; return its number.

        `claims` maps the SHA-256 of each file to what the list says of it (None: the file was not
        in the list). A file that an earlier import brought keeps what was said of it then.
        """
        with self._database.writing() as session:
            office_id = self._database.office_id
            row = ImportRow(office_id=office_id, profile=profile, who=who, at=now)
            session.add(row)
            session.flush()
            known = self._known(session, claims)
            for sha256, claim in claims.items():
                if sha256 not in known:
                    session.add(_listed(office_id, row.id, sha256, claim or Claims()))
            append_entry(
                session,
                office_id,
                at=now,
                who=who,
                action="imported",
                details={"import": row.id, "files": len(claims)},
            )
            return row.id

    def claims_for(self, sha256: str) -> tuple[str, Claims] | None:
        """Return the profile's name and what its list says of the file with these bytes."""
        with self._database.reading() as session:
            found = session.execute(
                select(ListedRow, ImportRow.profile)
                .join(ImportRow, ImportRow.id == ListedRow.import_id)
                .where(ListedRow.office_id == self._database.office_id, ListedRow.sha256 == sha256)
            ).first()
            return None if found is None else (found[1], _claims(found[0]))

    def progress(self, import_id: int) -> ImportProgress:
        """Return how far an import has come; raise NoSuchRecordError when there is none."""
        with self._database.reading() as session:
            row = session.get(ImportRow, import_id)
            if row is None or row.office_id != self._database.office_id:
                raise NoSuchRecordError(f"import {import_id}")
            states = session.scalars(
                select(LetterRow.state)
                .select_from(ListedRow)
                .join(
                    LetterRow,
                    (LetterRow.office_id == ListedRow.office_id)
                    & (LetterRow.sha256 == ListedRow.sha256),
                    isouter=True,
                )
                .where(ListedRow.import_id == import_id)
            )
            counted = Counter(state or "waiting" for state in states)
            return ImportProgress(row.id, row.profile, row.who, row.at, dict(counted))

    def recent(self, limit: int = 10) -> tuple[ImportProgress, ...]:
        """Return the newest imports, newest first."""
        with self._database.reading() as session:
            ids = session.scalars(
                select(ImportRow.id)
                .where(ImportRow.office_id == self._database.office_id)
                .order_by(ImportRow.id.desc())
                .limit(limit)
            ).all()
        return tuple(self.progress(one) for one in ids)

    def _known(self, session: Session, wanted: Iterable[str]) -> set[str]:
        names = list(wanted)
        known: set[str] = set()
        for start in range(0, len(names), LOOKED_UP_AT_ONCE):
            part = names[start : start + LOOKED_UP_AT_ONCE]
            known |= set(
                session.scalars(
                    select(ListedRow.sha256).where(
                        ListedRow.office_id == self._database.office_id,
                        ListedRow.sha256.in_(part),
                    )
                )
            )
        return known


def _listed(office_id: int, import_id: int, sha256: str, claim: Claims) -> ListedRow:
    return ListedRow(
        office_id=office_id,
        import_id=import_id,
        sha256=sha256,
        number=claim.number,
        date=claim.date,
        sender=claim.sender,
        recipient=claim.recipient,
        subject=claim.subject,
        urgency=claim.urgency,
    )


def _claims(row: ListedRow) -> Claims:
    return Claims(
        number=row.number,
        date=row.date,
        sender=row.sender,
        recipient=row.recipient,
        subject=row.subject,
        urgency=row.urgency,
    )
