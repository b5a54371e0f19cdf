"""People: who may log in, what each does in the office, and the keys of their programs.

Nobody is ever deleted: the audit trail names them. Every change is one transaction with its audit
line, which never holds a password or a token.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from classify.letter import Secrecy
from index.errors import NoSuchRecordError, PersonRefusedError
from index.message import message
from index.register.people.passwords import (
    Draw,
    Passwords,
    check_password,
    new_token,
    one_time_password,
    token_hash,
)
from index.register.people.people_tables import PersonRow, SessionRow, TokenRow
from index.register.store.audit import append_entry
from index.register.store.database import Database
from index.register.store.seal import seal_rows
from index.visibility import Role, Viewer

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")
RESERVED = frozenset({"saraban"})  # the program's own name in the audit trail
TOKEN_PREFIX = "saraban_"  # noqa: S105 - so that a token found in a file is known for what it is


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may log in. `name` is typed at log-in and stands in the audit trail."""

    name: str
    shown_name: str
    roles: frozenset[Role] = frozenset()
    groups: frozenset[str] = frozenset()
    clearance: Secrecy = Secrecy.NONE
    active: bool = True
    must_change_password: bool = True

    def looking(
        self, granted: frozenset[int] = frozenset(), denied: frozenset[int] = frozenset()
    ) -> Viewer:
        """Return the person as one who looks; what is granted and denied as `Grants` gives it."""
        return Viewer(self.name, self.roles, self.groups, self.clearance, granted, denied)


@dataclass(frozen=True, slots=True)
class Token:
    """A program's key; the key itself is shown once, when it is made."""

    token_id: int
    person: str
    name: str
    roles: frozenset[Role]
    made_at: datetime
    revoked_at: datetime | None


class People:
    """The people of one office and the tokens of their programs."""

    def __init__(
        self,
        database: Database,
        *,
        hasher: PasswordHasher | None = None,
        draw: Draw = secrets.token_bytes,
    ) -> None:
        self._database = database
        self._draw = draw
        self.passwords = Passwords(hasher or PasswordHasher())

    def all(self) -> tuple[Person, ...]:
        """Return everybody, by name."""
        with self._database.reading() as session:
            rows = session.scalars(
                select(PersonRow)
                .where(PersonRow.office_id == self._database.office_id)
                .order_by(PersonRow.name)
            )
            return tuple(read_person(row) for row in rows)

    def names(self) -> dict[str, str]:
        """Return what everybody who ever logged in is called, by user name."""
        return {one.name: one.shown_name or one.name for one in self.all()}

    def find(self, name: str) -> Person | None:
        """Return the person of a user name."""
        with self._database.reading() as session:
            row = find_row(session, self._database.office_id, name)
            return None if row is None else read_person(row)

    def add(self, person: Person, *, who: str, now: datetime, password: str | None = None) -> str:
        """Take in a person and return the one-time password, or the one that was given.

        Raises PersonRefusedError for a name that is taken or cannot be typed.
        """
        if not _NAME.fullmatch(person.name) or person.name in RESERVED:
            raise PersonRefusedError(
                message("ชื่อผู้ใช้ต้องเป็น a-z ตัวเล็ก ตัวเลข . _ - ยาว ๒ ถึง ๓๒ ตัว และขึ้นต้นด้วยตัวอักษร")
            )
        password = password or one_time_password(self._draw)
        kept = self.passwords.hash(password)
        with self._database.writing() as session:
            if find_row(session, self._database.office_id, person.name) is not None:
                raise PersonRefusedError(message("มีชื่อผู้ใช้ %(name)s อยู่แล้ว", name=person.name))
            row = PersonRow(
                office_id=self._database.office_id,
                name=person.name,
                password_hash=kept,
                must_change_password=person.must_change_password,
                made_at=now,
            )
            _write(row, person)
            session.add(row)
            self._note(session, "person_added", who, now, row)
        return password

    def add_first(self, person: Person, password: str, *, now: datetime) -> bool:
        """Take in the first administrator; False, and nothing done, when there is anybody."""
        with self._database.reading() as session:
            if _count(session, self._database.office_id):
                return False
        self.add(person, who="saraban", now=now, password=password)
        return True

    def put_alike(
        self, people: Collection[Person], password: str, *, who: str, now: datetime
    ) -> None:
        """Take in people who all have one password, or give it to them: those of a demonstration.

        It is hashed once, for a dozen hashes would keep a newcomer waiting.
        """
        kept, office_id = self.passwords.hash(password), self._database.office_id
        with self._database.writing() as session:
            for person in people:
                row = find_row(session, office_id, person.name)
                if row is None:
                    row = PersonRow(office_id=office_id, name=person.name, made_at=now)
                    session.add(row)
                _write(row, person)
                row.password_hash = kept
                row.must_change_password = person.must_change_password
                session.flush()
                session.execute(delete(SessionRow).where(SessionRow.person_id == row.id))
                self._note(session, "person_added", who, now, row)

    def draw_password(self) -> str:
        """Return a new one-time password that nobody has yet."""
        return one_time_password(self._draw)

    def change(self, person: Person, *, who: str, now: datetime) -> Person:
        """Give the person of this name the shown name, roles, groups, clearance, and whether active.

        Whoever is no longer active is logged out everywhere. Raises NoSuchRecordError, or
        PersonRefusedError when no administrator would be left.
        """
        with self._database.writing() as session:
            row = self._row(session, person.name)
            _write(row, person)
            session.flush()
            if not any(_is_administrator(one) for one in self._rows(session)):
                raise PersonRefusedError(message("ต้องมีผู้ดูแลระบบที่ใช้งานได้อย่างน้อยหนึ่งคน"))
            if not person.active:
                session.execute(delete(SessionRow).where(SessionRow.person_id == row.id))
            self._note(session, "person_changed", who, now, row)
            return read_person(row)

    def disable(self, name: str, *, who: str, now: datetime) -> None:
        """Let a person no longer log in. Raises as `change`."""
        person = self.find(name)
        if person is None:
            raise NoSuchRecordError(f"a person {name!r}")
        left = Person(
            person.name, person.shown_name, person.roles, person.groups, person.clearance, False
        )
        self.change(left, who=who, now=now)

    def reset_password(self, name: str, *, who: str, now: datetime) -> str:
        """Give a person a one-time password, which ends all their sessions; raises NoSuchRecordError."""
        password = one_time_password(self._draw)
        self._set(name, password, who=who, now=now, action="password_reset", must_change=True)
        return password

    def set_password(
        self, name: str, password: str, *, who: str, now: datetime, must_change: bool = False
    ) -> None:
        """Give a person this password, which ends all their sessions.

        Raises PersonRefusedError for one that is easy to guess, NoSuchRecordError.
        """
        check_password(password, name)
        self._set(
            name, password, who=who, now=now, action="password_changed", must_change=must_change
        )

    def _set(
        self, name: str, password: str, *, who: str, now: datetime, action: str, must_change: bool
    ) -> None:
        kept = self.passwords.hash(password)
        with self._database.writing() as session:
            row = self._row(session, name)
            row.password_hash = kept
            row.must_change_password = must_change
            session.execute(delete(SessionRow).where(SessionRow.person_id == row.id))
            details = {"person": name, **seal_rows(session, [row])}
            append_entry(session, row.office_id, at=now, who=who, action=action, details=details)

    def create_token(
        self, viewer: Viewer, name: str, roles: Collection[Role], *, now: datetime
    ) -> str:
        """Make a key for a program of this person and return it, for this one time.

        It has the named roles, of those its owner has at the time it is used. No key opens secret
        letters: it is neither a registrar nor cleared. Raises PersonRefusedError, NoSuchRecordError.
        """
        beyond = set(roles) - (viewer.roles - {Role.SECRET_REGISTRAR})
        if beyond or not roles or not name.strip():
            raise PersonRefusedError(message("ต้องมีชื่อและบทบาทที่ท่านมี (ยกเว้นนายทะเบียนข้อมูลข่าวสารลับ)"))
        token = TOKEN_PREFIX + new_token(self._draw)
        with self._database.writing() as session:
            owner = self._row(session, viewer.name)
            made = TokenRow(
                person_id=owner.id,
                name=name.strip()[:80],
                token_hash=token_hash(token),
                roles=sorted(roles),
                made_at=now,
            )
            session.add(made)
            details = {"roles": sorted(roles), **seal_rows(session, [made])}
            append_entry(
                session,
                owner.office_id,
                at=now,
                who=viewer.name,
                action="token_made",
                details=details,
            )
        return token

    def revoke_token(self, viewer: Viewer, token_id: int, *, now: datetime) -> None:
        """End a key of one's own, or anybody's for an administrator. Raises NoSuchRecordError."""
        with self._database.writing() as session:
            found = session.get(TokenRow, token_id)
            owner = None if found is None else session.get(PersonRow, found.person_id)
            allowed = owner is not None and (
                owner.name == viewer.name or Role.ADMINISTRATOR in viewer.roles
            )
            if (
                found is None
                or owner is None
                or owner.office_id != self._database.office_id
                or not allowed
            ):
                raise NoSuchRecordError(f"token {token_id}")
            if found.revoked_at is None:
                found.revoked_at = now
                append_entry(
                    session,
                    owner.office_id,
                    at=now,
                    who=viewer.name,
                    action="token_revoked",
                    details={
                        "person": owner.name,
                        "token": token_id,
                        **seal_rows(session, [found]),
                    },
                )

    def tokens(self, viewer: Viewer) -> tuple[Token, ...]:
        """Return one's own keys, or everybody's for an administrator; newest first."""
        query = (
            select(TokenRow, PersonRow.name)
            .join(PersonRow, PersonRow.id == TokenRow.person_id)
            .where(PersonRow.office_id == self._database.office_id)
            .order_by(TokenRow.id.desc())
        )
        if Role.ADMINISTRATOR not in viewer.roles:
            query = query.where(PersonRow.name == viewer.name)
        with self._database.reading() as session:
            return tuple(
                Token(row.id, owner, row.name, _roles(row.roles), row.made_at, row.revoked_at)
                for row, owner in session.execute(query)
            )

    def viewer_of_token(self, token: str, now: datetime) -> Viewer | None:
        """Return who looks through a key; None when it is unknown or revoked or its owner left."""
        query = (
            select(TokenRow, PersonRow)
            .join(PersonRow, PersonRow.id == TokenRow.person_id)
            .where(
                PersonRow.office_id == self._database.office_id,
                PersonRow.active,
                TokenRow.token_hash == token_hash(token),
                TokenRow.revoked_at.is_(None),
            )
        )
        with self._database.reading() as session:
            found = session.execute(query).one_or_none()
            if found is None:
                return None
            key, owner = found
            person = read_person(owner)
            return Viewer(person.name, person.roles & _roles(key.roles), person.groups)

    def _row(self, session: Session, name: str) -> PersonRow:
        row = find_row(session, self._database.office_id, name)
        if row is None:
            raise NoSuchRecordError(f"a person {name!r}")
        return row

    def _rows(self, session: Session) -> list[PersonRow]:
        return list(
            session.scalars(
                select(PersonRow).where(PersonRow.office_id == self._database.office_id)
            )
        )

    def _note(self, session: Session, action: str, who: str, now: datetime, row: PersonRow) -> None:
        person = read_person(row)
        append_entry(
            session,
            self._database.office_id,
            at=now,
            who=who,
            action=action,
            details={
                "person": person.name,
                "roles": sorted(person.roles),
                "groups": sorted(person.groups),
                "clearance": person.clearance.value,
                "active": person.active,
                **seal_rows(session, [row]),
            },
        )


def find_row(session: Session, office_id: int, name: str) -> PersonRow | None:
    """Return the row of a user name, whose capitals do not matter."""
    return session.scalar(
        select(PersonRow).where(
            PersonRow.office_id == office_id, PersonRow.name == name.strip().lower()[:64]
        )
    )


def read_person(row: PersonRow) -> Person:
    """Return a row as a person."""
    return Person(
        row.name,
        row.shown_name,
        _roles(row.roles),
        frozenset(row.groups),
        row.clearance,
        row.active,
        row.must_change_password,
    )


def _write(row: PersonRow, person: Person) -> None:
    row.shown_name = person.shown_name.strip()[:120] or person.name
    row.roles = sorted(person.roles)
    row.groups = sorted(person.groups)
    row.clearance = person.clearance
    row.active = person.active


def _is_administrator(row: PersonRow) -> bool:
    return row.active and Role.ADMINISTRATOR in row.roles


def _roles(names: Collection[str]) -> frozenset[Role]:
    return frozenset(Role(name) for name in names)


def _count(session: Session, office_id: int) -> int:
    count = session.scalar(
        select(func.count()).select_from(PersonRow).where(PersonRow.office_id == office_id)
    )
    return count or 0
