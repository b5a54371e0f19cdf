"""The people an office begins with: one administrator with a one-time password, or a demonstration's."""

from __future__ import annotations

import os
from datetime import datetime

from index.book import Book
from index.register.people.people import Person
from index.visibility import Role
from pipeline.demo.people import DEMO_CLERK, DEMO_PEOPLE
from pipeline.office import Office

ADMINISTRATOR = Person("admin", "ผู้ดูแลระบบ", frozenset({Role.ADMINISTRATOR}))


def make_first_administrator(office: Office, book: Book, now: datetime) -> str | None:
    """Make `admin` when the book knows nobody; return what to tell, which is told this one time.

    Where the password lies, not the password: what a service says goes to logs that others read.

    The password is in the file before anybody has it: after a crash in between, the next start
    makes another.
    """
    if book.people.all():
        return None
    password = book.people.draw_password()
    _write_private(office, f"{ADMINISTRATOR.name} {password}\n")
    if not book.people.add_first(ADMINISTRATOR, password, now=now):
        return None
    return (
        f"เข้าใช้ครั้งแรก / first log-in:   ชื่อผู้ใช้ / name {ADMINISTRATOR.name}   "
        f"รหัสผ่าน / password: {office.first_password}   (ใช้ได้ครั้งเดียว / to be changed at once)"
    )


def forget_first_password(office: Office, name: str) -> None:
    """Remove the file with the first password once this person has another."""
    path = office.first_password
    if path.is_file() and path.read_text(encoding="utf-8").split(" ")[0] == name:
        path.unlink(missing_ok=True)


def make_demo_people(office: Office, book: Book, now: datetime) -> str | None:
    """Give a demonstration its people, all with one new password; return what to tell.

    An office that has people of its own gets none of these.
    """
    known = {person.name for person in book.people.all()}
    if known and known != {person.name for person in DEMO_PEOPLE}:
        return None
    password = book.people.draw_password()
    book.people.put_alike(DEMO_PEOPLE, password, who="saraban", now=now)
    _write_private(office, f"{DEMO_CLERK} {password}\n")
    others = ", ".join(person.name for person in DEMO_PEOPLE if person.name != DEMO_CLERK)
    return (
        f"เข้าใช้เป็นธุรการ / log in as the clerk:   ชื่อผู้ใช้ / name {DEMO_CLERK}   "
        f"รหัสผ่าน / password {password}\n"
        f"รหัสเดียวกัน / the same password:        {others}"
    )


def _write_private(office: Office, text: str) -> None:
    """Write the file of the first password, readable by its owner only from the first byte on."""
    office.first_password.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(office.first_password, flags, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
