"""Logging in: sessions, and a wait that grows with every log-in that failed.

A session's token is in the browser; the book keeps its SHA-256 only. Failures are counted in the
book, so that several processes agree: for each user name, whether anybody has it or not, and for
each address. The count is raised *before* the password is compared and taken back when it was right:
many guesses at the same moment cannot slip through together.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from index.errors import LogInRefusedError, LogInThrottledError, PersonRefusedError
from index.message import message
from index.register.people.passwords import Draw, check_password, new_token, token_hash
from index.register.people.people import People, Person, find_row, read_person
from index.register.people.people_tables import AttemptRow, PersonRow, SessionRow
from index.register.store.audit import append_entry
from index.register.store.database import Database
from index.register.store.seal import seal_rows

UNKNOWN = "(unknown)"
"""Who failed, in the audit trail: what was typed may be a password in the wrong field."""
FREE_FAILURES = {"name": 5, "address": 30}  # a whole office may come from one address
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 5, 900
FORGOTTEN_AFTER = timedelta(hours=24)
CLOCK_MAY_DIFFER = timedelta(minutes=5)
NOTED_EVERY = timedelta(minutes=1)  # how exactly "last seen" is kept


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """When a session ends: so long after log-in, and so long after the person last did something."""

    life: timedelta = timedelta(hours=12)
    idle: timedelta = timedelta(minutes=60)


class Logins:
    """Who is logged in."""

    def __init__(
        self, database: Database, people: People, *, draw: Draw = secrets.token_bytes
    ) -> None:
        self._database = database
        self._people = people
        self._draw = draw

    def log_in(
        self,
        name: str,
        password: str,
        *,
        address: str,
        now: datetime,
        limits: SessionLimits,
        previous: str = "",
    ) -> str:
        """Return the token of a new session; the `previous` one of this browser ends.

        Raises LogInRefusedError, alike for unknown, wrong and left, or LogInThrottledError.
        """
        row = self._prove(name, password, address, now)
        rehashed = (
            self._people.passwords.hash(password)
            if self._people.passwords.is_outdated(row.password_hash)
            else None
        )
        token = new_token(self._draw)
        with self._database.writing() as session:
            current = session.get_one(PersonRow, row.id)
            if not current.active or current.password_hash != row.password_hash:
                raise LogInRefusedError  # changed in this moment
            details: dict[str, object] = {"address": address}
            if rehashed is not None:
                current.password_hash = rehashed
                details |= seal_rows(session, [current])
            session.execute(
                delete(SessionRow).where(
                    (SessionRow.token_hash == token_hash(previous)) | (SessionRow.expires_at < now)
                )
            )
            session.add(
                SessionRow(
                    token_hash=token_hash(token),
                    person_id=row.id,
                    created_at=now,
                    last_seen_at=now,
                    expires_at=now + limits.life,
                )
            )
            self._note(session, "login", row.name, now, details)
        return token

    def who(
        self, token: str, now: datetime, limits: SessionLimits, *, active: bool = True
    ) -> Person | None:
        """Return whose session it is; None when it is unknown or has ended.

        One that was used while the clock was ahead has ended too: it would outlive its limits.

        `active` says that the person did something: what a page fetches by itself keeps no
        session alive.
        """
        query = (
            select(SessionRow, PersonRow)
            .join(PersonRow, PersonRow.id == SessionRow.person_id)
            .where(
                SessionRow.token_hash == token_hash(token),
                SessionRow.expires_at > now,
                SessionRow.last_seen_at > now - limits.idle,
                SessionRow.last_seen_at <= now + CLOCK_MAY_DIFFER,
                PersonRow.office_id == self._database.office_id,
                PersonRow.active,
            )
        )
        with self._database.reading() as session:
            found = session.execute(query).one_or_none()
            if found is None:
                return None
            person = read_person(found[1])
            seen = found[0].last_seen_at
        if active and now - seen >= NOTED_EVERY:
            with self._database.writing() as session:
                again = session.get(SessionRow, token_hash(token))
                if again is not None:
                    again.last_seen_at = max(again.last_seen_at, now)
        return person

    def log_out(self, token: str, *, address: str, now: datetime) -> None:
        """End a session; one that has ended already is no failure."""
        with self._database.writing() as session:
            found = session.get(SessionRow, token_hash(token))
            if found is None:
                return
            owner = session.get_one(PersonRow, found.person_id)
            session.delete(found)
            self._note(session, "logout", owner.name, now, {"address": address})

    def change_password(
        self, name: str, old: str, new: str, *, address: str, now: datetime
    ) -> None:
        """Set one's own password, proven with the old one; all sessions of this person end.

        Raises LogInRefusedError, LogInThrottledError, PersonRefusedError.
        """
        check_password(new, name)
        if old == new:
            raise PersonRefusedError(message("รหัสผ่านใหม่ต้องไม่ซ้ำกับรหัสเดิม"))
        self._prove(name, old, address, now)
        self._people.set_password(name, new, who=name, now=now)

    def _prove(self, name: str, password: str, address: str, now: datetime) -> PersonRow:
        """Return the row of whom this is the password of; count the failure otherwise."""
        keys = {"name": self._key("name", name), "address": self._key("address", address)}
        with self._database.writing() as session:
            waits = [_wait_for(session, key, now) for key in keys.values()]
            if any(waits):
                raise LogInThrottledError(max(waits))
            session.execute(delete(AttemptRow).where(AttemptRow.last_at < now - FORGOTTEN_AFTER))
            failures = {kind: _count_failure(session, kind, key, now) for kind, key in keys.items()}
            row = find_row(session, self._database.office_id, name)
        fits = self._people.passwords.fits(row.password_hash if row else None, password)
        with self._database.writing() as session:
            if row is not None and fits and row.active:
                _forget(session, keys, now)
                return row
            details = {"address": address, "failures": failures["name"]}
            who = UNKNOWN if row is None else row.name
            self._note(session, "login_refused", who, now, details)
        raise LogInRefusedError

    def _key(self, kind: str, value: str) -> str:
        text = f"{self._database.office_id}\0{kind}\0{value.strip().lower()}"
        return hashlib.sha256(text.encode(errors="replace")).hexdigest()

    def _note(
        self, session: Session, action: str, who: str, now: datetime, details: dict[str, object]
    ) -> None:
        office_id = self._database.office_id
        append_entry(session, office_id, at=now, who=who, action=action, details=details)


def wait_seconds(kind: str, failures: int) -> int:
    """Return how long to wait after so many failures: 5 s, doubled each time, 15 minutes at most."""
    beyond = failures - FREE_FAILURES[kind]
    if beyond < 0:
        return 0
    return int(min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** min(beyond, 20)))


def _wait_for(session: Session, key: str, now: datetime) -> int:
    row = session.get(AttemptRow, key)
    left = timedelta(0) if row is None else row.blocked_until - now
    if left > timedelta(seconds=LONGEST_WAIT_SECONDS):
        return 0  # noted while the clock was ahead; nobody is ever made to wait so long
    return max(0, -(-left // timedelta(seconds=1)))


def _count_failure(session: Session, kind: str, key: str, now: datetime) -> int:
    row = session.get(AttemptRow, key)
    if row is None or row.last_at < now - FORGOTTEN_AFTER:
        if row is None:
            row = AttemptRow(key=key)
            session.add(row)
        row.failures = 0
    row.failures += 1
    row.last_at = now
    row.blocked_until = now + timedelta(seconds=wait_seconds(kind, row.failures))
    return row.failures


def _forget(session: Session, keys: dict[str, str], now: datetime) -> None:
    """Start the name anew; of the address only this try: somebody's own log-in opens no door."""
    session.execute(delete(AttemptRow).where(AttemptRow.key == keys["name"]))
    row = session.get(AttemptRow, keys["address"])
    if row is not None:
        row.failures = max(0, row.failures - 1)
        if row.last_at == now:  # nobody else failed from there meanwhile
            row.blocked_until = now
