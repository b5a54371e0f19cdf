"""Arrivals: every file that came through any door, and the letter it became or is a copy of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.choices import JobState
from index.register.letters.shared_pages import letters_of_scan
from index.register.store.audit import append_entry
from index.register.store.change import note_change
from index.register.store.database import kept_place
from index.register.store.desk_tables import PartRow
from index.register.store.states import state_of
from index.register.store.tables import ArrivalRow, LetterRow


class Scan(Protocol):
    """A claimed file, as receiving hands it on (`watch_folder.ScannedFile`).

    The name of `path` inside `work/` must be another one for each claim: by it and the SHA-256 an
    arrival is recognised when it is reported again after a crash.
    """

    @property
    def path(self) -> Path: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def sha256(self) -> str: ...  # noqa: D102
    @property
    def size_bytes(self) -> int: ...  # noqa: D102
    @property
    def media_type(self) -> str: ...  # noqa: D102
    @property
    def received_at(self) -> datetime: ...  # noqa: D102
    @property
    def door(self) -> str: ...  # noqa: D102
    @property
    def secret_door(self) -> bool: ...  # noqa: D102
    @property
    def group(self) -> str: ...  # noqa: D102
    @property
    def batch(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of a file at the door: a new letter, or another copy of a known one.

    `hidden_now` is true when a known letter turned secret because this copy came through the secret
    door, with all letters of its scan: their files must then move to the archive's secret part
    (`Archive.hide`). An arrival that is reported again after a crash says so again.
    """

    letter_id: int
    is_duplicate: bool
    state: JobState
    hidden_now: bool = False


def record_arrival(session: Session, office_id: int, scan: Scan) -> Arrival:
    """Note a file that came in, inside the caller's transaction; see `Jobs.record_arrival`."""
    claim = hashlib.sha256(f"{scan.sha256}/{scan.path.name}".encode()).hexdigest()
    letter = session.scalar(
        select(LetterRow).where(LetterRow.office_id == office_id, LetterRow.sha256 == scan.sha256)
    )
    known = session.scalar(
        select(ArrivalRow).where(ArrivalRow.office_id == office_id, ArrivalRow.claim == claim)
    )
    if known is not None and letter is not None:
        # After a crash its files may still have to be moved.
        hidden = known.outcome == "duplicate" and known.secret_door and letter.erased_on is None
        return Arrival(letter.id, known.outcome == "duplicate", state_of(letter), hidden)
    is_duplicate = letter is not None
    if letter is None:
        letter = _make_letter(session, office_id, scan)
    hidden_now = scan.secret_door and is_duplicate and _hide(session, letter, scan)
    session.add(
        ArrivalRow(
            office_id=office_id,
            claim=claim,
            letter_id=letter.id,
            outcome="duplicate" if is_duplicate else "new",
            name=scan.name,
            door=scan.door,
            secret_door=scan.secret_door,
            received_at=scan.received_at,
            sha256=scan.sha256,
        )
    )
    append_entry(
        session,
        office_id,
        at=scan.received_at,
        who=f"door:{scan.door}",
        action="duplicate" if is_duplicate else "arrived",
        letter_id=letter.id,
        details={"sha256": scan.sha256, "hidden": hidden_now},
    )
    return Arrival(letter.id, is_duplicate, state_of(letter), hidden_now)


def hide_scan(session: Session, letter: LetterRow, *, who: str, now: datetime) -> None:
    """Hide the letters of a scan that came through the secret door, in the caller's transaction."""
    for one in letters_of_scan(session, letter):
        one.secret_door = True
        if not one.is_secret:
            one.is_secret = True
            if one.state == JobState.FILED:
                note_change(session, one, "hidden", who=who, now=now)


def _make_letter(session: Session, office_id: int, scan: Scan) -> LetterRow:
    part = session.get(PartRow, (office_id, scan.sha256))
    source = None if part is None else session.get_one(LetterRow, part.source_id)
    # A scan that came through the secret door as well hides what was cut out of it.
    secret_door = scan.secret_door or (source is not None and source.secret_door)
    letter = LetterRow(
        office_id=office_id,
        sha256=scan.sha256,
        state=JobState.WAITING,
        name=scan.name,
        door=scan.door,
        secret_door=secret_door,
        is_secret=secret_door,
        proposed_group=scan.group,
        batch=scan.batch,
        received_at=scan.received_at,
        media_type=scan.media_type,
        size_bytes=scan.size_bytes,
        work_path=kept_place(session, scan.path),
        attempts=0,
    )
    session.add(letter)
    session.flush()
    return letter


def _hide(session: Session, letter: LetterRow, scan: Scan) -> bool:
    """Make the letters of a known scan secret because a copy came through the secret door."""
    was_secret = letter.is_secret
    hide_scan(session, letter, who=f"door:{scan.door}", now=scan.received_at)
    return not was_secret and letter.erased_on is None  # a destroyed letter has no files to hide
